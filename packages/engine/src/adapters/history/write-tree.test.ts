import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { git, writeTree as put, tempTree } from '../sources/testing/temp-tree.ts';
import { openGitObjects, type TreeFile } from './git-objects.ts';
import { writeTree } from './write-tree.ts';

const MAX = { maxFileBytes: 2 ** 20, maxBytes: 2 ** 30 };

function commitAll(root: string, message = 'Change'): string {
  git(root, 'add', '-A', '.');
  git(root, 'commit', '-q', '--allow-empty', '-m', message);
  return git(root, 'rev-parse', 'HEAD').trim();
}

function listed(folder: string): string {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return files
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
    .join(' ');
}

async function copy(root: string, commit: string, options: Partial<typeof MAX> = {}) {
  const objects = openGitObjects(root);
  const tree = await objects.tree(commit, 1_000);
  const folder = tempTree();
  const written = await writeTree(objects, tree ?? [], folder, { ...MAX, ...options });
  return { folder, written };
}

test('copies the files of an earlier commit, byte for byte', async () => {
  const root = tempTree({ 'a.ts': 'one\r\n', 'src/ü b.ts': 'ü', 'src/copy.ts': 'ü', 'empty.ts': '' });
  git(root, 'init', '-q');
  const first = commitAll(root);
  put(root, { 'a.ts': 'two', 'later.ts': 'later' });
  commitAll(root);
  const { folder, written } = await copy(root, first);
  expect(listed(folder)).toBe('a.ts empty.ts src/copy.ts src/ü b.ts');
  expect(readFileSync(join(folder, 'a.ts'), 'utf8')).toBe('one\r\n');
  expect(written).toEqual({ files: 4, bytes: 9, missing: 0 });
});

test('of a subfolder only what lies in it', async () => {
  const root = tempTree({ 'a.ts': '1', 'app/b.ts': '2', 'app/lib/c.ts': '3' });
  git(root, 'init', '-q');
  const { folder } = await copy(join(root, 'app'), commitAll(root));
  expect(listed(folder)).toBe('b.ts lib/c.ts');
});

test('leaves out what is never indexed, and counts what is too much', async () => {
  const files = {
    'a.ts': 'x'.repeat(100),
    'big.ts': 'x'.repeat(2_000),
    'logo.png': 'x',
    '.env': 'KEY=1',
    'yarn.lock': 'x',
  };
  const root = tempTree(files);
  git(root, 'init', '-q');
  const commit = commitAll(root);
  expect(listed((await copy(root, commit, { maxFileBytes: 1_000 })).folder)).toBe('a.ts');
  await expect(copy(root, commit, { maxBytes: 2_000 })).rejects.toMatchObject({ code: 'invalid_argument' });
  expect(await openGitObjects(root).tree(commit, 3)).toBeUndefined();
});

test('many blobs in pieces of any size arrive whole and in order', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 300 }, (_, i) => [`f${i}.txt`, `${i}\n`.repeat((i * 37) % 4_000)]),
  );
  const root = tempTree(files);
  git(root, 'init', '-q');
  const { folder, written } = await copy(root, commitAll(root));
  expect(written.files).toBe(300);
  for (const [path, text] of Object.entries(files))
    expect(readFileSync(join(folder, path), 'utf8')).toBe(text);
});

test('runs no filter, makes no link, writes no attribute', async () => {
  const root = tempTree({
    '.gitattributes': '* filter=evil text eol=crlf working-tree-encoding=UTF-16\n',
    'a.ts': 'one\n',
  });
  git(root, 'init', '-q');
  symlinkSync('/etc/passwd', join(root, 'link.ts'));
  symlinkSync('..', join(root, 'up'));
  git(root, '-c', 'core.attributesFile=/dev/null', 'add', 'link.ts', 'up');
  const blob = git(root, 'hash-object', '-w', '--no-filters', 'a.ts').trim();
  git(root, 'update-index', '--add', '--cacheinfo', `100755,${blob},run.ts`);
  git(root, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},module`);
  git(root, 'commit', '-q', '-m', 'Trap');
  const trap = join(root, 'trapped');
  git(root, 'config', 'filter.evil.smudge', `touch ${trap}`);
  git(root, 'config', 'filter.evil.process', `touch ${trap}`);
  git(root, 'config', 'core.fsmonitor', `touch ${trap}`);
  const { folder } = await copy(root, git(root, 'rev-parse', 'HEAD').trim());
  expect(listed(folder)).toBe('run.ts');
  expect(readFileSync(join(folder, 'run.ts'), 'utf8')).toBe('one\n');
  expect(lstatSync(join(folder, 'run.ts')).mode & 0o111).toBe(0);
  expect(existsSync(trap)).toBe(false);
});

/** A tree made by hand, as no git would check it out. */
function craftedTree(
  root: string,
  entries: readonly (readonly [mode: string, hash: string, name: string])[],
): string {
  const bytes = entries.map(([mode, hash, name]) =>
    Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(hash, 'hex')]),
  );
  const args = ['hash-object', '-w', '-t', 'tree', '--literally', '--stdin'];
  return execFileSync('git', args, { cwd: root, input: Buffer.concat(bytes), encoding: 'utf8' }).trim();
}

test('a tree with hostile names writes nothing outside the folder', async () => {
  const root = tempTree({ 'a.ts': 'evil' });
  git(root, 'init', '-q');
  const blob = git(root, 'hash-object', '-w', 'a.ts').trim();
  const inner = craftedTree(root, [
    ['100644', blob, '..'],
    ['100644', blob, 'escape.ts'],
  ]);
  const top = craftedTree(root, [
    ['100644', blob, '/abs.ts'],
    ['40000', inner, '..'],
    ['40000', inner, '.git'],
    ['40000', inner, '.GIT'],
    ['100644', blob, 'back\\slash.ts'],
    ['100644', blob, 'good.ts'],
    ['40000', inner, 'good.ts'],
    ['100644', blob, 'x'.repeat(300)],
  ]);
  const commit = git(root, 'commit-tree', '-m', 'Trap', top).trim();
  const { folder, written } = await copy(root, commit);
  expect(listed(folder)).toBe('good.ts');
  expect(written).toMatchObject({ files: 1 });
  expect(written.missing).toBeGreaterThan(0);
  expect(readdirSync(join(folder, '..')).filter((name) => name === 'escape.ts')).toEqual([]);
});

test('a link that lies in the folder already is not written through', async () => {
  const outside = tempTree();
  const folder = realpathSync(tempTree());
  symlinkSync(outside, join(folder, 'src'));
  mkdirSync(join(folder, 'a.ts'));
  const blob = '1'.repeat(40);
  const files: TreeFile[] = ['src/x.ts', 'a.ts', 'a.ts/b.ts', 'ok.ts'].map((path) => ({ path, blob }));
  const objects = {
    sizes: async () => new Map([[blob, 1]]),
    async *blobs() {
      yield { blob, bytes: Buffer.from('x') };
    },
  };
  const written = await writeTree(objects, files, folder, MAX);
  expect(readdirSync(outside)).toEqual([]);
  expect(written).toEqual({ files: 2, bytes: 2, missing: 2 });
});

test('what a clone lacks is counted, and a commit that is not there is said', async () => {
  const root = tempTree({ 'a.ts': 'one', 'b.ts': 'two' });
  git(root, 'init', '-q');
  const commit = commitAll(root);
  const objects = openGitObjects(root);
  const tree = (await objects.tree(commit, 10)) ?? [];
  const lacking = [...tree, { path: 'c.ts', blob: '2'.repeat(40) }];
  expect(await writeTree(objects, lacking, tempTree(), MAX)).toEqual({ files: 2, bytes: 6, missing: 1 });
  expect(await objects.tree('3'.repeat(40), 10)).toBeUndefined();
  expect(await objects.tree('--help', 10)).toBeUndefined();
  expect(await objects.parentsSince('HEAD', 10)).toBeUndefined();
});

test('knows HEAD, first parents, and what lies between', async () => {
  const root = tempTree({ 'a.ts': '1' });
  const objects = openGitObjects(root);
  expect(await objects.repository()).toBeUndefined();
  git(root, 'init', '-q');
  expect(await objects.repository()).toBeUndefined();
  const first = commitAll(root, 'First');
  git(root, 'checkout', '-q', '-b', 'side');
  const side = commitAll(root, 'Side');
  git(root, 'checkout', '-q', 'main');
  const second = commitAll(root, 'Second');
  git(root, 'merge', '-q', '--no-ff', '-m', 'Merge', 'side');
  const head = git(root, 'rev-parse', 'HEAD').trim();
  expect(await objects.repository()).toEqual({ head, shallow: false });
  expect(await objects.firstParents(10)).toEqual([head, second, first]);
  expect(await objects.describe(head)).toMatchObject({ subject: 'Merge', time: expect.any(Number) });
  expect(await objects.describe('--all')).toEqual({ subject: '', time: 0 });
  expect(await objects.firstParents(2)).toEqual([head, second]);
  const since = await objects.parentsSince(first, 10);
  const rows = [...(since ?? [])].map(([commit, parents]) => [commit, ...parents].join(' ')).sort();
  expect(rows).toEqual([`${head} ${second} ${side}`, `${second} ${first}`, `${side} ${first}`].sort());
});

test('stops when it is cancelled', async () => {
  const root = tempTree({ 'a.ts': '1' });
  git(root, 'init', '-q');
  const commit = commitAll(root);
  const objects = openGitObjects(root, AbortSignal.abort());
  await expect(objects.tree(commit, 10)).rejects.toMatchObject({ code: 'cancelled' });
});
