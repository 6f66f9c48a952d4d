/** `conexus impact` over small repositories: text in, text out; and what git may not be made to do. */
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { ImpactOutput } from '@conexus/sdk/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { estimateTokens } from '../render/text.ts';
import { makeRepository, temporaryFolder, writeFiles } from '../testing/run-command.ts';
import { runInProcess } from '../testing/run-in-process.ts';

const SHOP = {
  'package.json':
    '{"name": "shop", "exports": {".": {"types": "./dist/index.d.ts", "default": "./dist/index.js"}}}\n',
  'src/index.ts': "export { save } from './save.ts'\n",
  'src/store.ts': [
    'export class Store {',
    '  publish(item: string) { return this.write(item) }',
    '  private write(item: string) { return item }',
    '}',
    'export function open() { return new Store() }',
    'export function drop() { return 1 }',
    '',
  ].join('\n'),
  'src/save.ts': [
    "import { open } from './store.ts'",
    '',
    'export function save(item: string) {',
    '  open().publish(item)',
    '}',
    '',
  ].join('\n'),
  'src/use.ts': "import { drop } from './store.ts'\nexport function use() { drop() }\n",
  'src/save.test.ts': "import { save } from './save.ts'\nit('saves', () => save('b'))\n",
  'test/store.test.ts': "it('is empty', () => undefined)\n",
};

const homes: string[] = [];
let home = '';
let root = '';
beforeAll(() => {
  home = temporaryFolder('home');
  root = makeRepository(SHOP);
});
afterAll(() => {
  for (const folder of [root, home, ...homes]) rmSync(folder, { recursive: true, force: true });
});

function repository(files: Readonly<Record<string, string>> = SHOP): string {
  const made = makeRepository(files);
  homes.push(made);
  return made;
}

function git(folder: string, ...args: string[]): string {
  const who = ['-c', 'user.name=T', '-c', 'user.email=t@example.org', '-c', 'protocol.file.allow=always'];
  return execFileSync('git', ['-C', folder, ...who, ...args], { encoding: 'utf8', stdio: 'pipe' });
}

const env = (more: Record<string, string> = {}) => ({
  CONEXUS_HOME: home,
  CONEXUS_EMBEDDER: 'none',
  ...more,
});
const run = (folder: string, ...args: string[]) =>
  runInProcess(['impact', ...args, '--root', folder], { env: env() });
async function json(folder: string, ...args: string[]): Promise<ImpactOutput> {
  const { out, err } = await run(folder, ...args, '--json');
  return ImpactOutput.parse(JSON.parse(out || err));
}
const steady = (text: string) => text.replace(/^.*Index: .*$/m, 'Index: …');

describe('impact of a definition', () => {
  it('lists dependents with the way, tests to run, public names, and how far it is known', async () => {
    const { out, code } = await run(root, 'Store.write');
    expect(code).toBe(0);
    expect(steady(out)).toMatchInlineSnapshot(`
      "3 definitions depend on Store.write — method, src/store.ts:3-3: 1 directly, in 3 files.

      Tests to run (2):
      - src/save.test.ts — reaches it in 3 steps (src.store.Store.write)
      - test/store.test.ts — by name, not by the graph: named after src/store.ts

      Dependents, nearest first:
      1 src/store.ts:2 Store.publish calls src.store.Store.write: publish(item: string) { return this.write(item) }
      2 src/save.ts:4 save calls src.store.Store.publish <- write: open().publish(item)
      3 src/save.test.ts:2 top level calls src.save.save <- publish <- write: it('saves', () => save('b'))

      Public names touched (1):
      - src.save.save, over others — handed on by src/index.ts:1

      Confidence: 100 % of the dependents are reached by exact steps alone.
      Covers all code: 15 definitions of typescript.
      Index: …
      "
    `);
  });

  it('takes a file, with tests named after it said to be so', async () => {
    const { tests, dependents, files } = await json(root, 'src/store.ts');
    expect(tests.map(({ path, found }) => `${path} ${found}`)).toEqual([
      'src/save.test.ts graph',
      'test/store.test.ts name',
    ]);
    expect(dependents.every(({ path }) => path !== 'src/store.ts')).toBe(true);
    expect(files.map(({ path }) => path)).toEqual(['src/save.ts', 'src/use.ts', 'src/save.test.ts']);
  });

  it('asks back for several definitions of a name, and says when there is none', async () => {
    const folder = repository({ 'a.py': 'def run(): pass\n', 'b.py': 'def run(): pass\n' });
    expect(await json(folder, 'run')).toMatchObject({ state: 'several', candidate_count: 2, dependents: [] });
    const none = await run(folder, 'nothing');
    expect(none.code).toBe(1);
    expect(none.out).toMatch(/^No definition named “nothing”/);
  });

  it.each([
    ['neither a target nor a diff', [], /Neither a target nor a diff/],
    ['both', ['save', '--diff', 'HEAD'], /Both a target and a diff/],
    ['a path outside', ['/etc/passwd'], /leaves the repository/],
    ['a cursor of another question', ['save', '--cursor', '1.2.aaaaaaaaaaaaaaaa'], /cursor does not belong/],
  ])('refuses %s', async (_what, args, message) => {
    const { err, code } = await run(root, ...args);
    expect(err).toMatch(message);
    expect(code).toBe(2);
  });

  it('keeps a token bound and says what was left out', async () => {
    const files: Record<string, string> = { 'log.py': 'def log(x): return x\n' };
    for (let i = 0; i < 300; i++) files[`m${i}.py`] = `from log import log\ndef f${i}():\n    log(${i})\n`;
    const folder = repository(files);
    for (const bound of ['600', '1000', '3000']) {
      const { out } = await run(folder, 'log.log', '--max-tokens', bound, '--json', '--limit', '1000');
      expect(estimateTokens(out)).toBeLessThanOrEqual(Number(bound));
      const answer = ImpactOutput.parse(JSON.parse(out));
      expect(answer.dependent_count).toBe(300);
      expect(answer.omitted).toEqual({ dependents: 300 - answer.dependents.length, reason: 'max_tokens' });
    }
  });
});

describe('impact of changes', () => {
  it('names changed and deleted definitions, what depends on them, and calls that are left without a callee', async () => {
    const folder = repository();
    writeFiles(folder, {
      'src/store.ts': SHOP['src/store.ts']
        .replace('return item }', 'return item + 1 }')
        .replace('export function drop() { return 1 }\n', ''),
      'src/fresh.ts': 'export function fresh() {}\n',
    });
    const { out, code } = await run(folder, '--diff');
    expect(code).toBe(0);
    expect(steady(out).replace(/since [0-9a-f]{8}/, 'since …')).toMatchInlineSnapshot(`
      "3 definitions depend on 2 changed files (2 definitions) since …: 1 directly, in 3 files.

      Changed:
      - src/fresh.ts: added, 1 line: fresh
      - src/store.ts: changed, 2 lines: Store.write; gone: drop

      Tests to run (2):
      - src/save.test.ts — reaches it in 3 steps (src.store.Store.write)
      - test/store.test.ts — by name, not by the graph: named after src/store.ts

      Dependents, nearest first:
      1 src/store.ts:2 Store.publish calls src.store.Store.write: publish(item: string) { return this.write(item) }
      2 src/save.ts:4 save calls src.store.Store.publish <- write: open().publish(item)
      3 src/save.test.ts:2 top level calls src.save.save <- publish <- write: it('saves', () => save('b'))

      Unresolved calls of these names:
      - src/use.ts:2 \`export function use() { drop() }\`

      Public names touched (1):
      - src.save.save, over others — handed on by src/index.ts:1

      Confidence: 100 % of the dependents are reached by exact steps alone.
      May hide more: 1 unresolved call named like what changes, 0 like a dependent.
      Covers all code: 16 definitions of typescript.
      Index: …
      "
    `);
    const answer = await json(folder, '--diff', 'HEAD');
    expect(answer.changed.find(({ path }) => path === 'src/store.ts')).toMatchObject({
      change: 'changed',
      symbols: ['src.store.Store.write'],
      deleted: ['drop'],
    });
    expect(answer.unresolved.map(({ path, line }) => `${path}:${line}`)).toContain('src/use.ts:2');
    expect((await json(folder, '--diff', 'HEAD', '--path', 'src/fresh.ts')).changed).toHaveLength(1);
  });

  it('compares with where the branch began, and sees moved and deleted files', async () => {
    const folder = repository();
    git(folder, 'checkout', '-q', '-b', 'work');
    git(folder, 'mv', 'src/use.ts', 'src/used.ts');
    git(folder, 'rm', '-q', 'src/save.test.ts');
    git(folder, 'commit', '-q', '-m', 'Work');
    git(folder, 'checkout', '-q', 'main');
    writeFiles(folder, { 'src/later.ts': 'export const later = 1\n' });
    git(folder, 'add', '.');
    git(folder, 'commit', '-q', '-m', 'Meanwhile');
    git(folder, 'checkout', '-q', 'work');
    const { changed } = await json(folder, '--diff', 'main');
    expect(changed.map(({ path, change, from }) => `${change} ${path} ${from ?? ''}`.trim())).toEqual([
      'deleted src/save.test.ts',
      'moved src/used.ts src/use.ts',
    ]);
  });

  it('finds nothing where nothing changed, also with other line ends', async () => {
    const folder = repository();
    const { out, code } = await run(folder, '--diff');
    expect(out).toMatch(/^The working tree does not differ from commit [0-9a-f]{8}\.\n\nCovers/);
    expect(code).toBe(1);
    writeFiles(folder, { '.gitignore': 'kept.ts\n', 'kept.ts': 'export const kept = 1\n' });
    git(folder, 'add', '-f', '.');
    git(folder, 'commit', '-q', '-m', 'Tracked, though ignored');
    writeFiles(folder, { 'src/use.ts': SHOP['src/use.ts'].replaceAll('\n', '\r\n') });
    expect((await json(folder, '--diff')).changed_count).toBe(0);
  });

  it.each([
    ['a name that does not exist', 'nowhere'],
    ['an option', '--output=/tmp/x'],
    ['a path', 'HEAD:src/store.ts'],
    ['a range', 'HEAD~1..HEAD'],
    ['a search', 'HEAD^{/x}'],
    ['shell text', '$(touch /tmp/x)'],
  ])('refuses %s as a revision', async (_what, revision) => {
    const { err, code } = await run(root, `--diff=${revision}`);
    expect(err).toContain('names no commit of this repository');
    expect(code).toBe(2);
  });

  it('says so without git, without a commit, and in a clone that is too shallow', async () => {
    const plain = temporaryFolder('plain');
    homes.push(plain);
    writeFiles(plain, { 'a.py': 'def a(): pass\n' });
    expect((await run(plain, '--diff')).err).toContain('There is no git commit here to compare with');
    expect((await json(plain, 'a.a')).state).toBe('found');

    const folder = repository();
    git(folder, 'checkout', '-q', '--orphan', 'other');
    git(folder, 'commit', '-q', '-m', 'Another root');
    const apart = await run(folder, '--diff', 'main');
    expect(apart.err).toMatch(/HEAD and main have no commit in common here/);

    writeFiles(folder, { 'src/one.ts': 'export const one = 1\n' });
    git(folder, 'add', '.');
    git(folder, 'commit', '-q', '-m', 'One');
    const shallow = temporaryFolder('shallow');
    homes.push(shallow);
    execFileSync('git', ['clone', '-q', '--depth', '1', `file://${folder}`, `${shallow}/clone`], {
      stdio: 'pipe',
    });
    const { err } = await run(`${shallow}/clone`, '--diff', 'HEAD~1');
    expect(err).toMatch(/names no commit.*shallow.*git fetch --unshallow/s);
    expect((await json(`${shallow}/clone`, '--diff')).changed_count).toBe(0);
  });

  it('runs nothing that a repository configures', async () => {
    const folder = repository();
    const canary = `${folder}-ran`;
    const program = `${folder}/.git/evil.sh`;
    writeFiles(folder, {
      '.git/evil.sh': `#!/bin/sh\ntouch ${canary}\ncat "$1" 2>/dev/null\n`,
      '.gitattributes': '*.ts diff=evil filter=evil\n',
      'src/use.ts': `${SHOP['src/use.ts']}export const more = 1\n`,
    });
    execFileSync('chmod', ['+x', program]);
    for (const name of [
      'diff.external',
      'diff.evil.textconv',
      'diff.evil.command',
      'filter.evil.clean',
      'filter.evil.smudge',
      'core.fsmonitor',
    ])
      git(folder, 'config', name, program);
    expect((await json(folder, '--diff')).changed.map(({ path }) => path)).toContain('src/use.ts');
    expect(existsSync(canary)).toBe(false);
  });

  it('reads what does not parse as far as it can', async () => {
    const folder = repository();
    writeFiles(folder, { 'src/use.ts': 'export function use( { drop( }\n' });
    const answer = await json(folder, '--diff');
    expect(answer.changed.map(({ path }) => path)).toEqual(['src/use.ts']);
    expect(answer.coverage.unread_count).toBe(1);
    expect(answer.complete).toBe(false);
  });
});
