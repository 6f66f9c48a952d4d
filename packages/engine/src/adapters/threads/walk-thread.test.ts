import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openDiskSource } from '../sources/disk-source.ts';
import { tempTree, writeTree } from '../sources/testing/temp-tree.ts';
import { packWalk, unpackWalk, walkInThread } from './walk-thread.ts';

const ENTRY = new URL('../../walk-worker.ts', import.meta.url);

it('lists in a thread what the walk lists here: files with their stamps, what was left out, what was ignored', async () => {
  const root = tempTree();
  writeTree(root, { 'a.ts': 'a', 'deep/er/ü.md': '', '.gitignore': '*.log\n', 'x.log': '', 'y.log': '' });
  symlinkSync('/', join(root, 'out'));
  const { root: real, walk } = openDiskSource(root);
  const here = await walk();
  expect(here.files.length).toBe(3);
  expect(here.skipped).toEqual([{ path: 'out', reason: 'symlink_outside' }]);
  expect(await walkInThread(ENTRY, real)).toEqual(here);
});

it('keeps stamps at their bounds, and an empty tree empty', () => {
  const stamp = { size: 2 ** 40, mtimeNs: -5n, ctimeNs: 2n ** 62n, inode: 2n ** 64n - 1n };
  for (const files of [[], [{ path: 'a', stamp }]]) {
    const walk = { files, skipped: [], ignoredCount: 3 };
    expect(unpackWalk(packWalk(walk))).toEqual(walk);
  }
});

it('says that a thread ended before it had listed anything', async () => {
  await expect(walkInThread(ENTRY, join(tempTree(), 'none'))).rejects.toThrow();
});
