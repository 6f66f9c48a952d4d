import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { git, tempTree, writeTree } from '../sources/testing/temp-tree.ts';
import { openLineHistory } from './line-origins.ts';
import { commit, hostileRepository, ran } from './testing/repositories.ts';

interface Asked {
  readonly start?: number;
  readonly end?: number;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

async function ask(root: string, path: string, { start = 1, end = 1e9, timeoutMs, signal }: Asked = {}) {
  const bytes = readFileSync(join(root, path));
  return openLineHistory(root, timeoutMs).origins({ path, bytes, spans: [{ start, end }], signal });
}

/** Each line as `subject path:line`, with what else is known of it. */
async function blame(root: string, path: string, asked: Asked = {}): Promise<string> {
  const found = await ask(root, path, asked);
  if (!found) return 'no history';
  const rows: string[] = [];
  for (const { start, end, commit: hash, path: then, line, isBoundary } of found.origins) {
    const subject = git(root, 'show', '-s', '--format=%s', hash).trim();
    for (let at = start; at <= end; at++)
      rows[at] = `${at} ${subject} ${then}:${line + at - start}${isBoundary ? ' or before' : ''}`;
  }
  for (const { start, end } of found.uncommitted)
    for (let at = start; at <= end; at++) rows[at] = `${at} not committed`;
  for (const { start, end, reason } of found.unknown)
    for (let at = start; at <= end; at++) rows[at] = `${at} ? ${reason}`;
  return rows.filter((row) => row !== undefined).join('\n');
}

function begin(files: Readonly<Record<string, string>>, message = 'Begin'): string {
  const root = tempTree();
  git(root, 'init', '-q');
  commit(root, files, message);
  return root;
}

test('each line has the commit that brought it', async () => {
  const root = begin({ 'a.ts': 'one\ntwo\nthree\n' });
  commit(root, { 'a.ts': 'zero\none\ntwo\nthree\n' }, 'Zero');
  commit(root, { 'a.ts': 'zero\none\nTWO\nthree\n', 'b.ts': '' }, 'Shout');
  expect(await blame(root, 'a.ts')).toBe('1 Zero a.ts:1\n2 Begin a.ts:1\n3 Shout a.ts:3\n4 Begin a.ts:3');
  expect(await blame(root, 'a.ts', { start: 3, end: 4 })).toBe('3 Shout a.ts:3\n4 Begin a.ts:3');
  expect((await ask(root, 'a.ts', { start: 3, end: 3 }))?.versions).toBe(1);
  expect(await blame(root, 'a.ts', { start: 9, end: 12 })).toBe('');
  await expect(ask(root, 'a.ts', { start: 0, end: 3 })).rejects.toMatchObject({ code: 'invalid_argument' });
});

test('lines of the working tree that no commit has are said to be so', async () => {
  const root = begin({ 'a.ts': 'one\ntwo\n' });
  writeTree(root, { 'a.ts': 'one\nnew\ntwo\n', 'fresh.ts': 'x\n' });
  expect(await blame(root, 'a.ts')).toBe('1 Begin a.ts:1\n2 not committed\n3 Begin a.ts:2');
  expect(await blame(root, 'fresh.ts')).toBe('1 not committed');
  // A checkout with other line ends has changed nothing.
  writeTree(root, { 'a.ts': 'one\r\ntwo\r\n' });
  expect(await blame(root, 'a.ts')).toBe('1 Begin a.ts:1\n2 Begin a.ts:2');
});

test('lines of a submodule are not said to be uncommitted', async () => {
  const inner = begin({ 'lib/b.ts': 'one\n' });
  const root = begin({ 'a.ts': 'one\n' });
  git(root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner, 'deps/sub');
  commit(root, {}, 'Add a submodule');
  writeTree(root, { 'deps/fresh.ts': 'x\n' });
  expect(await blame(root, 'deps/sub/lib/b.ts')).toBe('1 ? submodule');
  expect(await blame(root, 'deps/fresh.ts')).toBe('1 not committed');
  expect(await blame(join(root, 'deps'), 'sub/lib/b.ts')).toBe('1 ? submodule');
  expect(await blame(join(root, 'deps/sub'), 'lib/b.ts')).toBe('1 Begin lib/b.ts:1');
});

test('follows former names, copied whole or half alike, and into folders', async () => {
  const body = Array.from({ length: 20 }, (_, i) => `line ${i}\n`).join('');
  const root = begin({ 'old.ts': body });
  mkdirSync(join(root, 'src'));
  renameSync(join(root, 'old.ts'), join(root, 'src/new.ts'));
  commit(root, {}, 'Move');
  renameSync(join(root, 'src/new.ts'), join(root, 'src/newest.ts'));
  commit(root, { 'src/newest.ts': body.replace('line 3\n', 'LINE 3\n') }, 'Move and edit');
  expect(await blame(root, 'src/newest.ts', { start: 3, end: 5 })).toBe(
    '3 Begin old.ts:3\n4 Move and edit src/newest.ts:4\n5 Begin old.ts:5',
  );
  // What lies outside the root is not told, also not its name.
  expect(await blame(join(root, 'src'), 'newest.ts', { start: 3, end: 4 })).toBe(
    '3 Move new.ts:3\n4 Move and edit newest.ts:4',
  );
});

test('a merge has the lines of both sides, also where one side had another name', async () => {
  const body = Array.from({ length: 12 }, (_, i) => `line ${i}\n`).join('');
  const root = begin({ 'a.ts': body });
  git(root, 'checkout', '-q', '-b', 'side');
  git(root, 'mv', 'a.ts', 'b.ts');
  commit(root, {}, 'Rename');
  git(root, 'checkout', '-q', 'main');
  commit(root, { 'a.ts': body.replace('line 2\n', 'two by main\n') }, 'Main');
  git(root, 'merge', '-q', '--no-edit', 'side');
  commit(root, { 'b.ts': `${readFileSync(join(root, 'b.ts'), 'utf8')}end\n` }, 'End');
  expect(await blame(root, 'b.ts', { start: 2, end: 4 })).toBe(
    '2 Begin a.ts:2\n3 Main a.ts:3\n4 Begin a.ts:4',
  );
  expect(await blame(root, 'b.ts', { start: 13 })).toBe('13 End b.ts:13');
});

test('a file that went and came again begins anew', async () => {
  const root = begin({ 'a.ts': 'one\ntwo\n' });
  rmSync(join(root, 'a.ts'));
  commit(root, {}, 'Remove');
  commit(root, { 'a.ts': 'one\ntwo\n' }, 'Again');
  expect(await blame(root, 'a.ts')).toBe('1 Again a.ts:1\n2 Again a.ts:2');
});

test('a shallow clone says where its history ends', async () => {
  const root = begin({ 'a.ts': 'one\n' });
  commit(root, { 'a.ts': 'one\ntwo\n' }, 'Two');
  commit(root, { 'a.ts': 'one\ntwo\nthree\n' }, 'Three');
  const clone = join(tempTree(), 'clone');
  git(root, 'clone', '-q', '--depth', '2', `file://${root}`, clone);
  expect(await blame(clone, 'a.ts')).toBe('1 Two a.ts:1 or before\n2 Two a.ts:2 or before\n3 Three a.ts:3');
});

test('nothing to tell: no repository, no commit, no git; and too much', async () => {
  const root = tempTree({ 'a.ts': 'one\n' });
  expect(await blame(root, 'a.ts')).toBe('no history');
  git(root, 'init', '-q');
  expect(await blame(root, 'a.ts')).toBe('no history');
  commit(root, {}, 'Begin');
  const path = process.env.PATH;
  process.env.PATH = root;
  try {
    expect(await ask(root, 'a.ts')).toBeUndefined();
  } finally {
    process.env.PATH = path;
  }
  commit(root, { 'big.txt': 'x\n'.repeat(2_500_000) }, 'Big');
  expect((await ask(root, 'big.txt', { start: 5, end: 6 }))?.unknown).toEqual([
    { start: 5, end: 6, reason: 'too_large' },
  ]);
  const late = await openLineHistory(root, 1).origins({
    path: 'a.ts',
    bytes: Buffer.from('one\n'),
    spans: [{ start: 1, end: 1 }],
  });
  // Nothing at all, or the line as not found in time: never a wrong commit.
  expect(late?.origins ?? []).toEqual([]);
});

test('is cancelled', async () => {
  const root = begin({ 'a.ts': 'one\n' });
  await expect(ask(root, 'a.ts', { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'cancelled',
  });
});

test('odd names are names, and those that would be two questions are none', async () => {
  const files = { 'a b:c.ts': '1\n', '--all': '2\n', ':(top)x': '3\n', 'ü*.ts': '4\n' };
  const root = begin(files);
  for (const name of Object.keys(files)) expect(await blame(root, name)).toBe(`1 Begin ${name}:1`);
  const bytes = Buffer.from('1\n');
  const spans = [{ start: 1, end: 1 }];
  const forged = await openLineHistory(root).origins({ path: 'x\nHEAD:--all', bytes, spans });
  expect(forged?.uncommitted).toEqual(spans);
});

test('a hostile repository runs nothing', async () => {
  const { root, canaries } = hostileRepository();
  writeTree(root, { 'lib/c.ts': '3\nnew\n' });
  const found = await ask(root, 'lib/c.ts');
  expect(found?.uncommitted.length).toBeGreaterThan(0);
  // A move makes git search for the former name, which reads contents.
  const [blob, tree] = ['lib/c.ts', 'app/b.ts'].map((path) => git(root, 'rev-parse', `HEAD:${path}`).trim());
  const made = execFileSync('git', ['mktree'], {
    cwd: root,
    input: `100644 blob ${blob}\tmoved.ts\n100644 blob ${tree}\tb.ts\n`,
    encoding: 'utf8',
  }).trim();
  const moved = git(root, 'commit-tree', made, '-p', 'HEAD', '-m', 'Move').trim();
  git(root, '-c', 'core.hooksPath=/dev/null', 'update-ref', 'HEAD', moved);
  writeTree(root, { 'moved.ts': '3' });
  expect((await ask(root, 'moved.ts'))?.origins[0]?.path).toBe('lib/c.ts');
  expect(ran(canaries)).toEqual([]);
  // The traps do work: what git itself offers for this walks into them.
  spawnSync('git', ['blame', 'moved.ts'], { cwd: root, stdio: 'ignore' });
  expect(ran(canaries).length).toBeGreaterThan(0);
});

/** A history of edits, moves and merges made by chance, always the same for a seed. */
function wildRepository(seed: number): { root: string; path: string } {
  let state = seed;
  const random = (below: number) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
  let count = 0;
  // No two lines are alike: where lines repeat, several answers are right.
  const line = () => `line ${count++} ${random(1e6)}\n`;
  let path = 'a.ts';
  const root = begin({ [path]: Array.from({ length: 30 }, line).join(''), 'other.ts': 'x\n' });
  const edit = () => {
    const lines = readFileSync(join(root, path), 'utf8').split(/(?<=\n)/);
    for (let n = random(4) + 1; n > 0; n--) {
      const at = random(lines.length);
      const kind = random(3);
      if (kind === 0) lines.splice(at, 0, ...Array.from({ length: random(3) + 1 }, line));
      else if (kind === 1 && lines.length > 8) lines.splice(at, random(2) + 1);
      else lines[at] = line();
    }
    writeFileSync(join(root, path), lines.join(''));
  };
  for (let step = 0; step < 12; step++) {
    const kind = random(6);
    if (kind === 0) {
      const next = `dir${step}/f${step}.ts`;
      mkdirSync(join(root, `dir${step}`));
      renameSync(join(root, path), join(root, next));
      path = next;
      commit(root, {}, `Move ${step}`);
    } else if (kind === 1) {
      git(root, 'checkout', '-q', '-b', `side${step}`);
      edit();
      commit(root, {}, `Side ${step}`);
      git(root, 'checkout', '-q', 'main');
      commit(root, { 'other.ts': `${step}\n` }, `Other ${step}`);
      git(root, 'merge', '-q', '--no-edit', `side${step}`);
    } else {
      edit();
      commit(root, {}, `Edit ${step}`);
    }
  }
  return { root, path };
}

test.each([1, 2, 3, 4, 5, 6])('says what git blame says (history %i)', async (seed) => {
  const { root, path } = wildRepository(seed);
  const expected = git(root, 'blame', '-s', '-l', '--root', 'HEAD', '--', path)
    .trimEnd()
    .split('\n')
    .map((row) => row.slice(0, 40));
  const found = await ask(root, path);
  const hashes = (found?.origins ?? []).flatMap(({ start, end, commit: hash }) =>
    Array(end - start + 1).fill(hash),
  );
  expect(hashes).toEqual(expected);
});
