import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import type { Source, Watcher } from '../../ports/source.ts';
import { openDiskSource } from './disk-source.ts';
import { git, tempTree, writeTree } from './testing/temp-tree.ts';

/** Only Linux's way promises what these tests ask; see docs/adr/0003-watching.md. */
const linux = test.skipIf(process.platform !== 'linux');

async function watched(files: Readonly<Record<string, string>>): Promise<{ root: string; source: Source; watcher: Watcher }> {
  const root = tempTree(files);
  const source = openDiskSource(root);
  const watcher = await source.watch();
  onTestFinished(() => watcher.close());
  expect(watcher.complete).toBe(true);
  return { root, source, watcher };
}

/**
 * What the next drain brings, sorted; `*` when everything may have changed. A set may name what is no file, such as a folder
 * that went away; here only files have a dot in their name.
 */
async function drained(watcher: Watcher): Promise<string> {
  const { paths, all } = await watcher.drain();
  return all ? '*' : [...paths].filter((path) => path.includes('.')).sort().join(' ');
}

linux('names files that were written, created, removed, renamed or replaced', async () => {
  const { root, watcher } = await watched({ 'a.ts': '1', 'src/b.ts': '1', 'src/c.ts': '1', 'src/d.ts': '1' });
  expect(await drained(watcher)).toBe('');
  writeFileSync(join(root, 'a.ts'), '2');
  expect(await drained(watcher)).toBe('a.ts');
  expect(await drained(watcher)).toBe('');
  writeFileSync(join(root, 'src/new.ts'), '');
  unlinkSync(join(root, 'src/b.ts'));
  renameSync(join(root, 'src/c.ts'), join(root, 'src/moved.ts'));
  expect(await drained(watcher)).toBe('src/b.ts src/c.ts src/moved.ts src/new.ts');
  writeFileSync(join(root, 'src/.d.ts.swp'), 'new');
  renameSync(join(root, 'src/.d.ts.swp'), join(root, 'src/d.ts'));
  expect(await drained(watcher)).toContain('src/d.ts');
  unlinkSync(join(root, 'src/d.ts'));
  symlinkSync('../a.ts', join(root, 'src/d.ts'));
  expect(await drained(watcher)).toBe('src/d.ts');
});

linux('new folders, folders moved in, out and around, folders made anew under the same name', async () => {
  const { root, watcher } = await watched({ 'keep.ts': '', 'old/x/1.ts': '', 'old/2.ts': '' });
  const aside = tempTree({ 'deep/er/3.ts': '' });
  mkdirSync(join(root, 'n/e/w'), { recursive: true });
  writeFileSync(join(root, 'n/e/w/4.ts'), '');
  expect(await drained(watcher)).toBe('n/e/w/4.ts');
  writeFileSync(join(root, 'n/e/w/5.ts'), '');
  expect(await drained(watcher)).toBe('n/e/w/5.ts');
  renameSync(join(aside, 'deep'), join(root, 'deep'));
  expect(await drained(watcher)).toBe('deep/er/3.ts');
  renameSync(join(root, 'old'), join(root, 'n/older'));
  expect(await drained(watcher)).toBe('n/older/2.ts n/older/x/1.ts old/2.ts old/x/1.ts');
  writeFileSync(join(root, 'n/older/x/1.ts'), 'changed');
  expect(await drained(watcher)).toBe('n/older/x/1.ts');
  renameSync(join(root, 'n'), join(aside, 'n'));
  expect(await drained(watcher)).toBe('n/e/w/4.ts n/e/w/5.ts n/older/2.ts n/older/x/1.ts');
  writeFileSync(join(aside, 'n/e/w/4.ts'), 'outside now');
  expect(await drained(watcher)).toBe('');
  for (let round = 0; round < 5; round++) {
    rmSync(join(root, 'deep'), { recursive: true });
    mkdirSync(join(root, 'deep/er'), { recursive: true });
    writeFileSync(join(root, `deep/er/r${round}.ts`), '');
    expect(await drained(watcher)).toContain(`deep/er/r${round}.ts`);
    writeFileSync(join(root, `deep/er/r${round}.ts`), 'more');
    expect(await drained(watcher)).toBe(`deep/er/r${round}.ts`);
  }
});

linux('a file becomes a folder and a folder a file', async () => {
  const { root, watcher } = await watched({ 'x.d': '', 'y.d/z.ts': '' });
  unlinkSync(join(root, 'x.d'));
  writeTree(root, { 'x.d/in.ts': '' });
  expect(await drained(watcher)).toBe('x.d x.d/in.ts');
  rmSync(join(root, 'y.d'), { recursive: true });
  writeFileSync(join(root, 'y.d'), '');
  expect((await drained(watcher)).replace('y.d/y.d ', '')).toBe('y.d y.d/z.ts');
});

linux('says nothing of what the rules leave out or of git itself', async () => {
  const { root, watcher } = await watched({ '.gitignore': 'dist/\n*.log\n', 'dist/a.js': '', 'node_modules/b.js': '', 'c.ts': '' });
  git(root, 'init', '-q');
  expect(await drained(watcher)).toBe('*'); // `.git` came: rules may differ.
  writeTree(root, { 'dist/a.js': '2', 'node_modules/b.js': '2', 'x.log': '', 'dist/new/d.js': '' });
  git(root, 'add', '.');
  git(root, 'commit', '-q', '-m', 'first');
  expect(await drained(watcher)).toBe('');
  expect(watcher.complete).toBe(true);
});

linux('rules that change: everything may have changed, and the folders they let in are watched', async () => {
  const { root, source, watcher } = await watched({ '.gitignore': 'dist/\n', 'dist/sub/a.js': '', 'src/b.ts': '' });
  expect(source.includes('dist/sub/a.js')).toBe(false);
  writeFileSync(join(root, '.gitignore'), 'src/\n');
  expect(await drained(watcher)).toBe('*');
  expect([source.includes('dist/sub/a.js'), source.includes('src/b.ts')]).toEqual([true, false]);
  writeFileSync(join(root, 'dist/sub/a.js'), 'x');
  writeFileSync(join(root, 'src/b.ts'), 'x');
  expect(await drained(watcher)).toBe('dist/sub/a.js');
  writeTree(root, { 'dist/.conexusignore': '*.js\n' });
  expect(await drained(watcher)).toBe('*');
  writeFileSync(join(root, 'dist/sub/a.js'), 'y');
  expect(await drained(watcher)).toBe('');
});

linux('rules above the root and info/exclude count as well', async () => {
  const top = tempTree({ 'app/a.log': '' });
  git(top, 'init', '-q');
  const source = openDiskSource(join(top, 'app'));
  const watcher = await source.watch();
  onTestFinished(() => watcher.close());
  expect(source.includes('a.log')).toBe(true);
  writeTree(top, { '.gitignore': '*.log\n' });
  expect(await drained(watcher)).toBe('*');
  expect(source.includes('a.log')).toBe(false);
  writeTree(top, { '.gitignore': '', '.git/info/exclude': 'a.*\n' });
  expect(await drained(watcher)).toBe('*');
  expect(source.includes('a.log')).toBe(false);
});

linux('a branch switch is a set of paths', async () => {
  const { root, watcher } = await watched({ 'a.ts': '1', 'b/c.ts': '1' });
  git(root, 'init', '-q');
  git(root, 'add', '.');
  git(root, 'commit', '-q', '-m', 'one');
  git(root, 'checkout', '-q', '-b', 'other');
  rmSync(join(root, 'b'), { recursive: true });
  writeTree(root, { 'a.ts': '2', 'd/e/f.ts': '' });
  git(root, 'add', '.');
  git(root, 'commit', '-q', '-m', 'two');
  await watcher.drain();
  git(root, 'checkout', '-q', 'main');
  expect(await drained(watcher)).toBe('a.ts b/c.ts d/e/f.ts');
});

linux('0 misses in 2,000 rounds of write, drain, check in one process, from any phase of the loop', async () => {
  const { root, watcher } = await watched({ 'a/b.ts': '' });
  let missed = 0;
  for (let round = 0; round < 2000; round++) {
    const path = round % 5 === 0 ? `d${round}/e/n.ts` : round % 5 === 1 ? `n${round}.ts` : 'a/b.ts';
    // The call comes from a promise, a timer, an immediate or a poll callback.
    if (round % 4 === 1) await new Promise((done) => setImmediate(done));
    if (round % 97 === 2) await new Promise((done) => setTimeout(done, 1));
    writeTree(root, { [path]: String(round) });
    const { paths, all } = await watcher.drain();
    if (!all && !paths.has(path)) missed++;
  }
  expect(missed).toBe(0);
});

/** Writes the files it is told, one a line, and answers when the bytes are written. */
const WRITER = `
const { mkdirSync, writeFileSync, writeSync } = require('node:fs');
const { dirname } = require('node:path');
require('node:readline').createInterface({ input: process.stdin }).on('line', (path) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, String(process.hrtime.bigint()));
  writeSync(1, 'done\\n');
});`;

linux('0 misses in 1,500 rounds when another process writes', async () => {
  const { root, watcher } = await watched({ 'a/b.ts': '' });
  const child = spawn(process.execPath, ['-e', WRITER], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill());
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let missed = 0;
  for (let round = 0; round < 1500; round++) {
    const path = round % 5 === 0 ? `d${round}/e/n.ts` : round % 5 === 1 ? `n${round}.ts` : 'a/b.ts';
    child.stdin.write(`${join(root, path)}\n`);
    await answers.next();
    const { paths, all } = await watcher.drain();
    if (!all && !paths.has(path)) missed++;
  }
  expect(missed).toBe(0);
});

linux('too many changes, or more than the kernel may have kept: everything may have changed, and nothing is lost later', async () => {
  const { root, watcher } = await watched({ 'a.ts': '', 'b.ts': '' });
  // Two files in turn: the kernel joins events that are equal and follow each other.
  for (let i = 0; i < 20_000; i++) writeFileSync(join(root, i % 2 === 0 ? 'a.ts' : 'b.ts'), 'x');
  for (let i = 0; i < 30; i++) mkdirSync(join(root, `late${i}`));
  expect(await drained(watcher)).toBe('*');
  expect(watcher.complete).toBe(true);
  writeFileSync(join(root, 'late29/x.ts'), '');
  expect(await drained(watcher)).toBe('late29/x.ts');
});

linux('calls back once for many changes, and again after a drain', async () => {
  const { root, watcher } = await watched({ 'a.ts': '' });
  let calls = 0;
  watcher.onChange(() => calls++);
  for (let i = 0; i < 50; i++) writeFileSync(join(root, `n${i}.ts`), '');
  await new Promise((done) => setTimeout(done, 30));
  writeFileSync(join(root, 'one-more.ts'), '');
  await new Promise((done) => setTimeout(done, 30));
  expect(calls).toBe(1);
  await watcher.drain();
  writeFileSync(join(root, 'a.ts'), 'x');
  await new Promise((done) => setTimeout(done, 30));
  expect(calls).toBe(2);
});

linux('a root that goes away ends completeness; a closed watcher says so', async () => {
  const { root, watcher } = await watched({ 'a.ts': '' });
  renameSync(root, `${root}-moved`);
  onTestFinished(() => rmSync(`${root}-moved`, { recursive: true }));
  expect(await drained(watcher)).toBe('*');
  expect(watcher.complete).toBe(false);
  await watcher.close();
  await watcher.close();
  expect(await drained(watcher)).toBe('*');
});

test.skipIf(process.platform !== 'linux' || process.getuid?.() === 0)('a folder that becomes unreadable takes its files along (root may read everything: skipped there)', async () => {
  const { root, watcher } = await watched({ 'a/b/c.ts': '' });
  chmodSync(join(root, 'a'), 0);
  expect(await drained(watcher)).toBe('a/b/c.ts');
  chmodSync(join(root, 'a'), 0o700);
  expect(await drained(watcher)).toBe('a/b/c.ts');
});
