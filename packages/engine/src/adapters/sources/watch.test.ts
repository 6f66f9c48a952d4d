import { spawn } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import type { Source, Watcher } from '../../ports/source.ts';
import { openDiskSource } from './disk-source.ts';
import { openFolderRuleCache } from './folder-rules.ts';
import { openIgnoreTree } from './ignore-tree.ts';
import { git, tempTree, writeTree } from './testing/temp-tree.ts';
import { openRecursiveWatcher } from './watch-recursive.ts';

/** Only Linux's way promises what these tests ask; see docs/adr/0003-watching.md. */
const linux = test.skipIf(process.platform !== 'linux');

async function watched(
  files: Readonly<Record<string, string>>,
): Promise<{ root: string; source: Source; watcher: Watcher }> {
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
  return all
    ? '*'
    : [...paths]
        .filter((path) => path.includes('.'))
        .sort()
        .join(' ');
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
  const { root, watcher } = await watched({
    '.gitignore': 'dist/\n*.log\n',
    'dist/a.js': '',
    'node_modules/b.js': '',
    'c.ts': '',
  });
  git(root, 'init', '-q');
  expect(await drained(watcher)).toBe('*'); // `.git` came: rules may differ.
  writeTree(root, { 'dist/a.js': '2', 'node_modules/b.js': '2', 'x.log': '', 'dist/new/d.js': '' });
  git(root, 'add', '.');
  git(root, 'commit', '-q', '-m', 'first');
  expect(await drained(watcher)).toBe('');
  expect(watcher.complete).toBe(true);
});

linux('rules that change: everything may have changed, and the folders they let in are watched', async () => {
  const { root, source, watcher } = await watched({
    '.gitignore': 'dist/\n',
    'dist/sub/a.js': '',
    'src/b.ts': '',
  });
  expect(source.includes('dist/sub/a.js')).toBe(false);
  writeFileSync(join(root, '.gitignore'), 'src/\n');
  expect(await drained(watcher)).toBe('*');
  expect([source.includes('dist/sub/a.js'), source.includes('src/b.ts')]).toEqual([true, false]);
  writeFileSync(join(root, 'dist/sub/a.js'), 'x');
  writeFileSync(join(root, 'src/b.ts'), 'x');
  expect(await drained(watcher)).toBe('dist/sub/a.js');
  // Also while everything is already suspected.
  for (let i = 0; i < 9000; i++) linkSync(join(root, 'src/b.ts'), join(root, `dist/n${i}`));
  await new Promise((done) => setTimeout(done, 5));
  writeTree(root, { 'dist/.conexusignore': '' });
  await new Promise((done) => setTimeout(done, 5));
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

linux(
  '0 misses in 1,000 rounds of write, drain, check in one process, from any phase of the loop',
  async () => {
    const { root, watcher } = await watched({ 'a/b.ts': '' });
    let missed = 0;
    for (let round = 0; round < 1000; round++) {
      const path = round % 5 === 0 ? `d${round}/e/n.ts` : round % 5 === 1 ? `n${round}.ts` : 'a/b.ts';
      // The call comes from a promise, a timer, an immediate or a poll callback.
      if (round % 4 === 1) await new Promise((done) => setImmediate(done));
      if (round % 97 === 2) await new Promise((done) => setTimeout(done, 1));
      writeTree(root, { [path]: String(round) });
      const { paths, all } = await watcher.drain();
      if (!all && !paths.has(path)) missed++;
    }
    expect(missed).toBe(0);
  },
);

/** Writes the files it is told, one a line, and answers when the bytes are written. */
const WRITER = `
const { mkdirSync, writeFileSync, writeSync } = require('node:fs');
const { dirname } = require('node:path');
require('node:readline').createInterface({ input: process.stdin }).on('line', (path) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, String(process.hrtime.bigint()));
  writeSync(1, 'done\\n');
});`;

linux('0 misses in 700 rounds when another process writes', async () => {
  const { root, watcher } = await watched({ 'a/b.ts': '' });
  const child = spawn(process.execPath, ['-e', WRITER], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill());
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let missed = 0;
  for (let round = 0; round < 700; round++) {
    const path = round % 5 === 0 ? `d${round}/e/n.ts` : round % 5 === 1 ? `n${round}.ts` : 'a/b.ts';
    child.stdin.write(`${join(root, path)}\n`);
    await answers.next();
    const { paths, all } = await watcher.drain();
    if (!all && !paths.has(path)) missed++;
  }
  expect(missed).toBe(0);
});

linux(
  'too many changes, or more than the kernel may have kept: everything may have changed, and nothing is lost later',
  async () => {
    const { root, watcher } = await watched({ 'a.ts': '', 'b.ts': '' });
    // Two files in turn: the kernel joins events that are equal and follow each other.
    for (let i = 0; i < 20_000; i++) chmodSync(join(root, i % 2 === 0 ? 'a.ts' : 'b.ts'), 0o600);
    for (let i = 0; i < 30; i++) mkdirSync(join(root, `late${i}`));
    expect(await drained(watcher)).toBe('*');
    expect(watcher.complete).toBe(true);
    writeFileSync(join(root, 'late29/x.ts'), '');
    expect(await drained(watcher)).toBe('late29/x.ts');
  },
);

linux('calls back once for many changes, and again after a drain', async () => {
  const { root, watcher } = await watched({ 'a.ts': '' });
  let calls = 0;
  watcher.onChange(() => calls++);
  for (let i = 0; i < 50; i++) writeFileSync(join(root, `n${i}.ts`), '');
  await expect.poll(() => calls).toBe(1);
  writeFileSync(join(root, 'one-more.ts'), '');
  await new Promise((done) => setTimeout(done, 30));
  expect(calls).toBe(1);
  expect((await drained(watcher)).split(' ').length).toBe(51);
  writeFileSync(join(root, 'a.ts'), 'x');
  await expect.poll(() => calls).toBe(2);
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

test.skipIf(process.platform !== 'linux' || process.getuid?.() === 0)(
  'a folder that becomes unreadable takes its files along (root may read everything: skipped there)',
  async () => {
    const { root, watcher } = await watched({ 'a/b/c.ts': '' });
    chmodSync(join(root, 'a'), 0);
    expect(await drained(watcher)).toBe('a/b/c.ts');
    chmodSync(join(root, 'a'), 0o700);
    expect(await drained(watcher)).toBe('a/b/c.ts');
  },
);

/** Does something to the tree, chosen by chance. Fails where a path is in the way, which is fine. */
function disturb(root: string, pick: (count: number) => number): void {
  const names = ['a', 'b', 'c.ts', 'd.log', '.gitignore', 'e'];
  const path = (): string =>
    join(root, ...Array.from({ length: 1 + pick(3) }, () => names[pick(names.length)] as string));
  const target = path();
  const text = basename(target) === '.gitignore' ? ['*.log', 'b/', '/a/e', ''][pick(4)] : 'x'.repeat(pick(9));
  const remove = () => rmSync(target, { recursive: true, force: true });
  const move = () => renameSync(target, path());
  const write = () => {
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text ?? '');
  };
  const make = () => void mkdirSync(target, { recursive: true });
  const link = () => symlinkSync('a', target);
  const actions = [make, link, remove, remove, move, move, write, write, write];
  try {
    actions[pick(actions.length)]?.();
  } catch {
    // For instance a folder is moved into itself.
  }
}

linux(
  'whoever follows the changes knows what a walk finds, whatever happens to the tree',
  { timeout: 60_000 },
  async () => {
    const rounds = Number(process.env.CONEXUS_TEST_ROUNDS ?? 300);
    const { root, source, watcher } = await watched({ 'a/c.ts': '' });
    let state = rounds;
    const pick = (count: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return (state >>> 8) % count;
    };
    const walked = async () => new Map((await source.walk()).files.map(({ path, stamp }) => [path, stamp]));
    let known = await walked();
    let scans = 0;
    for (let round = 0; round < rounds; round++) {
      for (let i = pick(6); i >= 0; i--) {
        disturb(root, pick);
        // Sometimes the events are read in between.
        if (pick(4) === 0) await new Promise((done) => setImmediate(done));
      }
      const { paths, all } = await watcher.drain();
      if (all) {
        known = await walked();
        scans++;
      }
      for (const path of paths) {
        const stamp = source.stamp(path);
        if (stamp === undefined) known.delete(path);
        else known.set(path, stamp);
      }
      expect([round, new Map([...known].sort())]).toEqual([round, new Map([...(await walked())].sort())]);
    }
    expect(watcher.complete).toBe(true);
    expect(scans).toBeLessThan(rounds * 0.7);
  },
);

test('where events come late the watcher is never complete, and tells what it hears', async () => {
  const root = tempTree({ 'a/b.ts': '', '.gitignore': '*.log\n' });
  const tree = openIgnoreTree(root);
  const watcher = await openRecursiveWatcher(root, tree, openFolderRuleCache(root, tree));
  onTestFinished(() => watcher.close());
  expect(watcher.complete).toBe(false);
  // Node takes the tree up in the background.
  const heard = async (path: string): Promise<string> => {
    for (let attempt = 0; attempt < 200; attempt++) {
      writeTree(root, { [path]: String(attempt) });
      await new Promise((done) => setTimeout(done, 5));
      const found = await drained(watcher);
      if (found !== '') return found;
    }
    return 'nothing';
  };
  expect(await heard('a/b.ts')).toBe('a/b.ts');
  writeTree(root, { 'x.log': '' });
  expect(await heard('a/c.ts')).toBe('a/c.ts');
  expect(await heard('.gitignore')).toBe('*');
  rmSync(join(root, 'a'), { recursive: true });
  expect(await heard('d.ts')).toBe('*');
});
