import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SourceItem } from '../../ports/related-source.ts';
import { git, tempTree } from '../sources/testing/temp-tree.ts';
import { openCommitSource } from './commit-source.ts';
import { commit, hostileRepository, ran } from './testing/repositories.ts';

const row = ({ kind, title, paths }: SourceItem) => `${kind} ${title}: ${paths.join(' ')}`;
const all = { limit: 100 };

/** main: Begin, Other, merge of pull request 7, which has one commit; then a removal. */
function merged() {
  const root = tempTree();
  git(root, 'init', '-q');
  commit(root, { 'a.ts': '1\n'.repeat(20), 'b.ts': '1\n' }, 'Begin (#1)');
  git(root, 'checkout', '-q', '-b', 'feature');
  const inside = commit(root, { 'a.ts': `2\n${'1\n'.repeat(19)}` }, 'Work on it');
  git(root, 'checkout', '-q', 'main');
  commit(root, { 'b.ts': '2\n' }, 'Other', 'Refs #12');
  git(root, 'merge', '-q', '--no-ff', '-m', 'Merge pull request #7 from me/feature', 'feature');
  const merge = git(root, 'rev-parse', 'HEAD').trim();
  mkdirSync(join(root, 'src'));
  git(root, 'mv', 'a.ts', 'src/a.ts');
  commit(root, {}, 'Move [x]');
  rmSync(join(root, 'b.ts'));
  commit(root, {}, 'Remove');
  return { root, inside, merge };
}

test('commits by hash, with the merge that brought them', async () => {
  const { root, inside, merge } = merged();
  const items = await openCommitSource(root).items([merge, inside, 'f'.repeat(40), '--all', 'HEAD']);
  expect([...items.values()].map(row)).toEqual([
    'merge Merge pull request #7 from me/feature: a.ts',
    'commit Work on it: a.ts',
  ]);
  expect(items.get(inside)?.links).toEqual([{ kind: 'carried_by', id: merge }]);
  expect(items.get(merge)?.links).toEqual([]);
  expect(items.get(inside)?.provenance).toEqual({ source: 'git', reference: inside });
});

test('a commit by the first digits of its hash, and nothing that git would read otherwise', async () => {
  const { root, inside } = merged();
  git(root, 'branch', 'feedface', 'HEAD');
  const source = openCommitSource(root);
  for (const start of [inside, inside.slice(0, 7)])
    expect((await source.abbreviated(start))?.title).toBe('Work on it');
  const others = [
    'feedface',
    inside.slice(0, 6),
    `${inside.slice(0, 7)}^`,
    'HEAD',
    '--all',
    '',
    'f'.repeat(40),
  ];
  for (const start of others) expect(await source.abbreviated(start)).toBeUndefined();
});

test('commits that name a text, as a text and not as an expression; since a day', async () => {
  const { root } = merged();
  const source = openCommitSource(root);
  const named = async (...texts: string[]) => (await source.naming(texts, all)).map(row);
  expect(await named('#1')).toEqual(['commit Other: b.ts', 'commit Begin (#1): a.ts b.ts']);
  expect(await named('[x]')).toEqual(['commit Move [x]: a.ts src/a.ts']);
  expect(await named('pull request #7')).toEqual(['merge Merge pull request #7 from me/feature: a.ts']);
  expect(await named('.*', '', '--all', '#9\n#1')).toEqual([]);
  expect(await source.naming(['#1'], { limit: 100, since: 4e9 })).toEqual([]);
  expect((await source.naming(['#1'], { limit: 1 })).length).toBe(1);
  // Of a folder only what happened in it.
  expect((await openCommitSource(join(root, 'src')).naming(['[x]', '#12'], all)).map(row)).toEqual([
    'commit Move [x]: a.ts',
  ]);
});

test('a file that is gone: what changed it, what removed it, what it is called since', async () => {
  const { root } = merged();
  const source = openCommitSource(root);
  expect((await source.touching('a.ts', all)).map(({ title }) => title)).toEqual([
    'Move [x]',
    'Work on it',
    'Begin (#1)',
  ]);
  const moved = await source.removal('a.ts');
  expect([moved?.item.title, moved?.renamedTo]).toEqual(['Move [x]', 'src/a.ts']);
  const removed = await source.removal('b.ts');
  expect([removed?.item.title, removed?.renamedTo]).toEqual(['Remove', undefined]);
  for (const path of ['never.ts', '../a.ts', '', '/etc/passwd'])
    expect(await source.removal(path)).toBeUndefined();
});

test('outside a repository there is nothing', async () => {
  const source = openCommitSource(tempTree());
  expect(await source.naming(['x'], all)).toEqual([]);
  expect(await source.touching('a.ts', all)).toEqual([]);
  expect(await source.items(['f'.repeat(40)])).toEqual(new Map());
  expect(await source.removal('a.ts')).toBeUndefined();
  expect(await source.abbreviated('f'.repeat(40))).toBeUndefined();
});

test('a hostile repository runs nothing; a message of a megabyte is cut', async () => {
  const { root, canaries } = hostileRepository();
  const source = openCommitSource(root);
  await source.naming(['Change'], all);
  await source.touching('app/b.ts', all);
  await source.removal('a.ts');
  await source.items([git(root, '-c', 'core.fsmonitor=false', 'rev-parse', 'HEAD').trim()]);
  expect(ran(canaries)).toEqual([]);

  const plain = tempTree({ 'a.ts': '' });
  git(plain, 'init', '-q');
  git(plain, 'add', '.');
  writeFileSync(join(plain, 'message'), `Long #77\n\n${'x'.repeat(1_000_000)} #77\n`);
  git(plain, 'commit', '-q', '-F', 'message');
  const [item] = await openCommitSource(plain).naming(['#77'], all);
  expect([item?.title, item?.body.length]).toEqual(['Long #77', 32 * 1024]);
});

test('is cancelled', async () => {
  const { root, inside } = merged();
  const signal = AbortSignal.abort();
  const source = openCommitSource(root);
  for (const asked of [
    source.items([inside], signal),
    source.naming(['#1'], { limit: 1, signal }),
    source.touching('a.ts', { limit: 1, signal }),
    source.removal('a.ts', signal),
  ])
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
});
