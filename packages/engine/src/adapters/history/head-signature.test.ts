import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { git, tempTree, writeTree } from '../sources/testing/temp-tree.ts';
import { openGitHistory } from './git-history.ts';
import { headSignature, NO_REPOSITORY } from './head-signature.ts';

function repository(): string {
  const root = tempTree();
  git(root, 'init', '-q');
  commit(root, 'first');
  return root;
}

function commit(root: string, text: string): void {
  writeTree(root, { 'a.ts': text });
  git(root, 'add', '-A', '.');
  git(root, '-c', 'commit.gpgSign=false', 'commit', '-q', '-m', text);
}

/** What moves HEAD, each after the one before. */
const MOVES: Readonly<Record<string, (root: string) => void>> = {
  'a commit': (root) => commit(root, 'second'),
  'a new branch at the same commit': (root) => git(root, 'checkout', '-q', '-b', 'topic/x'),
  'a commit on it': (root) => commit(root, 'third'),
  'packed refs': (root) => git(root, 'pack-refs', '--all'),
  'a commit over a packed ref': (root) => commit(root, 'fourth'),
  'a reset': (root) => git(root, 'reset', '-q', '--hard', 'HEAD~2'),
  'the other branch': (root) => git(root, 'checkout', '-q', 'main'),
  'no branch': (root) => git(root, 'checkout', '-q', '--detach', 'HEAD~1'),
  'an orphan branch': (root) => git(root, 'checkout', '-q', '--orphan', 'empty'),
};

test('one history follows HEAD wherever it goes, and git is not asked while it stays', async () => {
  const root = repository();
  const history = openGitHistory(root);
  let before = headSignature(root);
  for (const [name, move] of Object.entries(MOVES)) {
    await history.state();
    move(root);
    expect([name, await history.state()]).toEqual([name, await openGitHistory(root).state()]);
    const now = headSignature(root);
    expect([name, now]).not.toEqual([name, before]);
    expect([name, now]).toEqual([name, headSignature(root)]);
    before = now;
  }
});

test('a linked worktree has a HEAD of its own', async () => {
  const root = repository();
  const linked = join(tempTree(), 'linked');
  git(root, 'worktree', 'add', '-q', linked, '-b', 'other');
  const history = openGitHistory(linked);
  const first = await history.state();
  const before = headSignature(linked);
  commit(root, 'second');
  expect(headSignature(linked)).toBe(before);
  commit(linked, 'elsewhere');
  expect(headSignature(linked)).not.toBe(before);
  const state = await history.state();
  expect(state?.branch).toBe('other');
  expect(state?.head).not.toBe(first?.head);
});

test('a folder that becomes a repository is noticed', async () => {
  const root = tempTree({ 'a.ts': '1' });
  const history = openGitHistory(root);
  expect(await history.state()).toBeUndefined();
  expect(headSignature(root)).toBe(NO_REPOSITORY);
  git(root, 'init', '-q');
  commit(root, 'first');
  expect((await history.state())?.head).toMatch(/^[0-9a-f]{40}$/);
});

test('git is asked where files do not tell: tables of refs, refs beyond branches, links, refs that name others', () => {
  // The first is what a repository has whose refs are in tables.
  const heads = ['ref: refs/heads/.invalid', 'ref: refs/bisect/x', 'ref: refs/heads/../../x', 'nothing', ''];
  for (const head of heads) {
    const root = repository();
    writeFileSync(join(root, '.git/HEAD'), `${head}\n`);
    expect([head, headSignature(root)]).toEqual([head, undefined]);
  }
  const linked = repository();
  symlinkSync('/dev/zero', join(linked, '.git/refs/heads/zero'));
  writeFileSync(join(linked, '.git/HEAD'), 'ref: refs/heads/zero\n');
  expect(headSignature(linked)).toBeUndefined();
  const symbolic = repository();
  writeFileSync(join(symbolic, '.git/refs/heads/alias'), 'ref: refs/heads/main\n');
  writeFileSync(join(symbolic, '.git/HEAD'), 'ref: refs/heads/alias\n');
  expect(headSignature(symbolic)).toBeUndefined();
});
