/** What a change would reach, and which tests to run for it, through the public door: text of files in, answers out. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Workspace } from '../engine.ts';
import type { ImpactRequest } from '../model/impact.ts';
import { indexed, repository, testEngine } from '../testing/open-workspace.ts';

async function fresh(workspace: Workspace, request: ImpactRequest) {
  for (;;) {
    const answer = await workspace.impact(request);
    if (answer.freshness.state === 'fresh') return answer;
  }
}

it('a diff of comments and empty lines changes no definition; one of code changes what holds it alone', async () => {
  const before = {
    'cop.rb':
      '# Says why.\n#\nclass Cop\n  # Runs.\n  def run\n    1 # one\n  end\n\n  def other\n    "# no comment"\n  end\nend\n',
    'use.rb': "require_relative 'cop'\ndef use\n  Cop.new.run\nend\n",
  };
  const root = repository(before);
  const workspace = await (await testEngine()).openWorkspace(root);
  await workspace.index();
  writeFileSync(join(root, 'cop.rb'), before['cop.rb'].replace(/# Says why\.\n#\n|# Runs\.|# one/g, '\n'));
  const none = await fresh(workspace, { since: 'HEAD' });
  expect([none.targets, none.dependents, none.changed.map(({ path }) => path)]).toEqual([[], [], ['cop.rb']]);
  expect(none.notes).toEqual([
    'in 1 of the changed files only comments or empty lines differ: no definition is changed there',
  ]);
  writeFileSync(
    join(root, 'cop.rb'),
    before['cop.rb'].replace('# no comment', '# no').replace('# Runs.', '# Goes.'),
  );
  const one = await fresh(workspace, { since: 'HEAD' });
  expect(one.targets.map(({ name }) => name)).toEqual(['other']);
});

it('tests of classes that inherit what changes are told by name, before those that a guess reaches; how much is beyond the steps is said', async () => {
  const chain = Array.from({ length: 8 }, (_, i) => `export function f${i + 1}() { return f${i}(); }`);
  const workspace = await indexed({
    'src/base.ts': 'export class Base {\n  read() { return 1; }\n}\n',
    'src/request.ts': "import { Base } from './base.ts';\nexport class Request extends Base {}\n",
    'src/request.test.ts': "it('reads', () => {});\n",
    'src/other/request.test.ts': "it('is another', () => {});\n",
    'src/chain.ts': `export function f0() { return 1; }\n${chain.join('\n')}\n`,
    'src/far.test.ts': "import { f8 } from './chain.ts';\nit('is far', () => f8());\n",
  });
  const heirs = await fresh(workspace, { target: 'Base.read' });
  expect(heirs.tests.map(({ path, because }) => `${path}: ${because}`)).toEqual([
    'src/request.test.ts: named after src/request.ts, where src.request.Request inherits it',
  ]);
  const near = await fresh(workspace, { target: 'f0' });
  expect([near.testCount, near.notes]).toEqual([
    0,
    ['stopped at 5 steps: 1 more test file and 4 more dependents within 10 steps (depth)'],
  ]);
  const far = await fresh(workspace, { target: 'f0', depth: 10 });
  expect([far.tests.map(({ path }) => path), far.notes]).toEqual([['src/far.test.ts'], []]);
});

it('a test that calls what may be the change is to be run, helpers of tests are not', async () => {
  const workspace = await indexed({
    'src/many.php': '<?php\nclass Many {\n  public function createOrFirst() { return 1; }\n}\n',
    'tests/ManyTest.php':
      '<?php\nclass ManyTest {\n  public function testIt($post) { $post->tags()->createOrFirst(); }\n}\n',
    'tests/Helper.php':
      '<?php\nclass Helper {\n  public function make($post) { $post->tags()->createOrFirst(); }\n}\n',
  });
  const { tests } = await fresh(workspace, { target: 'Many.createOrFirst' });
  expect(tests).toEqual([{ path: 'tests/ManyTest.php', found: 'name', because: 'named after src/many.php' }]);
  const other = await indexed({
    'src/many.php': '<?php\nclass Many {\n  public function createOrFirst() { return 1; }\n}\n',
    'tests/PostTest.php':
      '<?php\nclass PostTest {\n  public function testIt($post) { $post->tags()->createOrFirst(); }\n}\n',
  });
  expect((await fresh(other, { target: 'Many.createOrFirst' })).tests).toEqual([
    {
      path: 'tests/PostTest.php',
      found: 'name',
      because: 'it is not known what $post->tags()->createOrFirst calls in line 3',
    },
  ]);
});
