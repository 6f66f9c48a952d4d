import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDiskSource } from './disk-source.ts';
import { git, makePipe, tempTree, writeTree } from './testing/temp-tree.ts';

/** Paths the walk delivers, one a line, sorted; checks that `includes` says the same of each of `asked`. */
async function list(root: string, asked: readonly string[] = []): Promise<string> {
  const source = openDiskSource(root);
  const { files } = await source.walk();
  const paths = files.map((file) => file.path).sort();
  const delivered = new Set(paths);
  for (const path of [...paths, ...asked])
    expect([path, source.includes(path)]).toEqual([path, delivered.has(path)]);
  return paths.join('\n');
}

test('lists files with their stamps and leaves out .git', async () => {
  const root = tempTree({ 'a.ts': 'abc', 'src/b.ts': '', '.github/ci.yml': 'x', 'src/.git/config': 'x' });
  git(root, 'init', '-q');
  const source = openDiskSource(root);
  const { files, ignoredCount, skipped } = await source.walk();
  expect(files.map((file) => file.path).sort()).toEqual(['.github/ci.yml', 'a.ts', 'src/b.ts']);
  for (const file of files) expect(source.stamp(file.path)).toEqual(file.stamp);
  expect(source.stamp('a.ts')?.size).toBe(3);
  expect([ignoredCount, skipped]).toEqual([0, []]);
  expect(source.stamp('.git/HEAD')).toBeUndefined();
  expect(source.read('.git/HEAD')).toBeUndefined();
});

test('rules at any level: nearer files win, a folder left out is never entered', async () => {
  const root = tempTree({
    '.gitignore': '*.log\n/out/\ndeep/\n',
    'a.log': '',
    'out/keep.ts': '',
    'out/.gitignore': '!keep.ts\n',
    'sub/.gitignore': '!b.log\n!deep/\n/local\n',
    'sub/b.log': '',
    'sub/c.log': '',
    'sub/local': '',
    'sub/x/local': '',
    'sub/deep/file.ts': '',
    'other/deep/file.ts': '',
    'other/out/file.ts': '',
  });
  const asked = ['a.log', 'out/keep.ts', 'sub/c.log', 'sub/local', 'other/deep/file.ts', 'sub', 'none', ''];
  expect(await list(root, asked)).toBe(
    [
      '.gitignore',
      'other/out/file.ts',
      'sub/.gitignore',
      'sub/b.log',
      'sub/deep/file.ts',
      'sub/x/local',
    ].join('\n'),
  );
});

test('.conexusignore leaves out more, at any level, and never brings back what git ignores', async () => {
  const root = tempTree({
    '.gitignore': 'secret/\n*.gen\n',
    '.conexusignore': '!secret/\n!*.gen\n*.sql\n',
    'secret/key': '',
    'a.gen': '',
    'a.sql': '',
    'db/.conexusignore': '!keep.sql\n',
    'db/keep.sql': '',
    'db/b.sql': '',
  });
  expect(await list(root, ['secret/key', 'a.gen', 'a.sql', 'db/b.sql'])).toBe(
    ['.conexusignore', '.gitignore', 'db/.conexusignore', 'db/keep.sql'].join('\n'),
  );
});

test('node_modules is left out unless a rule keeps it', async () => {
  const root = tempTree({
    'node_modules/a/index.js': '',
    'action/node_modules/b/index.js': '',
    'action/.gitignore': '!node_modules/\n',
  });
  expect(await list(root, ['node_modules/a/index.js'])).toBe(
    'action/.gitignore\naction/node_modules/b/index.js',
  );
});

test('a subfolder of a repository obeys the files above it and info/exclude', async () => {
  const top = tempTree({
    '.gitignore': '*.log\n/packages/a/gen/\n/gen/\n',
    'packages/.gitignore': 'tmp/\n',
    'packages/a/gen/x.ts': '',
    'packages/a/b/gen/x.ts': '',
    'packages/a/tmp/x.ts': '',
    'packages/a/x.log': '',
    'packages/a/x.bak': '',
    'packages/a/x.ts': '',
  });
  git(top, 'init', '-q');
  writeTree(top, { '.git/info/exclude': '*.bak\n' });
  expect(await list(join(top, 'packages/a'), ['gen/x.ts', 'tmp/x.ts', 'x.log', 'x.bak'])).toBe(
    'b/gen/x.ts\nx.ts',
  );
  // Without a repository around it, a folder above has no say.
  rmSync(join(top, '.git'), { recursive: true });
  expect(await list(join(top, 'packages/a'))).toContain('x.log');
});

test('whoever opens an ignored folder wants what is in it', async () => {
  const top = tempTree({
    '.gitignore': 'build/\n*.log\n',
    'build/a.js': '',
    'build/b.log': '',
    'build/in/c.tmp': '',
    'build/in/.gitignore': '*.tmp\n',
    'node_modules/pkg/index.js': '',
    'node_modules/pkg/node_modules/x.js': '',
    'home/project/main.py': '',
    'home/.gitignore': '*\n',
  });
  git(top, 'init', '-q');
  git(join(top, 'home'), 'init', '-q');
  expect(await list(join(top, 'build'))).toBe('a.js\nb.log\nin/.gitignore');
  expect(await list(join(top, 'build/in'))).toBe('.gitignore');
  expect(await list(join(top, 'node_modules/pkg'))).toBe('index.js');
  expect(await list(join(top, 'home/project'))).toBe('main.py');
  expect(await list(join(top, 'home'))).toBe('');
});

test('a linked worktree obeys info/exclude of its repository; a nested repository starts anew', async () => {
  const base = tempTree({ 'repo/a.ts': '', 'repo/.gitignore': '*.tmp\n' });
  const repo = join(base, 'repo');
  git(repo, 'init', '-q');
  git(repo, 'add', '.');
  git(repo, 'commit', '-q', '-m', 'first');
  git(repo, 'worktree', 'add', '-q', '../tree', '-b', 'other');
  writeTree(base, { 'repo/.git/info/exclude': '*.bak\n', 'tree/x.bak': '', 'tree/y.tmp': '' });
  expect(await list(join(base, 'tree'))).toBe('.gitignore\na.ts');
  writeTree(repo, { 'lib/x.tmp': '', 'lib/y.bak': '' });
  git(join(repo, 'lib'), 'init', '-q');
  writeTree(repo, { 'lib/.git/info/exclude': 'y.*\n' });
  expect(await list(repo, ['lib/y.bak'])).toBe('.gitignore\na.ts\nlib/x.tmp');
});

test('reports links, special files and names nobody could read, and follows nothing', async () => {
  const base = tempTree({
    'repo/src/a.ts': '',
    'repo/.gitignore': 'dist/\n*.skip\n',
    'repo/dist/b.js': '',
    'repo-evil/secret': 's',
  });
  const root = join(base, 'repo');
  symlinkSync('src', join(root, 'again'));
  symlinkSync('..', join(root, 'src/up'));
  symlinkSync('.', join(root, 'src/self'));
  symlinkSync('circle', join(root, 'circle'));
  symlinkSync('a.ts', join(root, 'src/copy.ts'));
  symlinkSync('dist/b.js', join(root, 'built.js'));
  symlinkSync('../repo-evil', join(root, 'evil'));
  symlinkSync('/etc/passwd', join(root, 'passwd'));
  symlinkSync('../nowhere', join(root, 'dangling'));
  symlinkSync('/etc', join(root, 'etc.skip'));
  writeFileSync(join(root, 'a\\b.ts'), '');
  writeFileSync(Buffer.concat([Buffer.from(`${root}/bad`), Buffer.from([0xff, 0xfe])]), '');
  makePipe(join(root, 'pipe'));
  makePipe(join(root, 'src/.gitignore'));
  const server = createServer().listen(join(root, 'socket'));
  const source = openDiskSource(root);
  const { files, skipped } = await source.walk();
  server.close();
  expect(files.map((file) => file.path).sort()).toEqual(['.gitignore', 'src/a.ts']);
  expect(skipped.map(({ path, reason }) => `${reason} ${path}`).sort()).toEqual([
    'special pipe',
    'special socket',
    'special src/.gitignore',
    'symlink_loop again',
    'symlink_loop built.js',
    'symlink_loop circle',
    'symlink_loop src/copy.ts',
    'symlink_loop src/self',
    'symlink_loop src/up',
    'symlink_outside dangling',
    'symlink_outside evil',
    'symlink_outside passwd',
    'unreadable a\\b.ts',
    'unreadable bad\uFFFD\uFFFD',
  ]);
  for (const path of [
    'again/a.ts',
    'src/copy.ts',
    'evil',
    'evil/secret',
    'pipe',
    'src/self/a.ts',
    'src',
    'src/',
    './src/a.ts',
    'src//a.ts',
  ]) {
    expect([path, source.includes(path), source.stamp(path)]).toEqual([path, false, undefined]);
  }
  for (const path of ['again/a.ts', 'src/copy.ts', 'pipe', 'src', 'gone.ts', 'src/./a.ts']) {
    expect([path, source.read(path)]).toEqual([path, undefined]);
  }
  expect(() => source.read('evil/secret')).toThrow(/refused/);
  expect(() => source.read('../repo-evil/secret')).toThrow(/refused/);
});

test('reads bytes with the stamp they had, and nothing too large', () => {
  const root = tempTree({ 'a.ts': 'héllo', empty: '', big: 'x'.repeat(2000) });
  const source = openDiskSource(root, { maxReadBytes: 1000 });
  const read = source.read('a.ts');
  expect(Buffer.from(read?.bytes ?? []).toString()).toBe('héllo');
  expect(read?.stamp).toEqual(source.stamp('a.ts'));
  expect(source.read('empty')?.bytes.length).toBe(0);
  expect(source.read('big')).toBeUndefined();
  expect(source.read('none')).toBeUndefined();
});

test('rules that change count at once', async () => {
  const root = tempTree({ 'a/b/x.log': '', 'a/b/y.ts': '' });
  const source = openDiskSource(root);
  expect(source.includes('a/b/x.log')).toBe(true);
  writeTree(root, { 'a/.gitignore': '*.log\n' });
  expect(source.includes('a/b/x.log')).toBe(false);
  writeTree(root, { 'a/b/.gitignore': '!x.log\n' });
  expect(source.includes('a/b/x.log')).toBe(true);
  writeTree(root, { '.gitignore': 'a/\n' });
  expect(source.includes('a/b/y.ts')).toBe(false);
  rmSync(join(root, '.gitignore'));
  expect(source.includes('a/b/y.ts')).toBe(true);
});

test('a walk can be cancelled, and a root that went away is an error', async () => {
  const root = tempTree({ 'a.ts': '' });
  const source = openDiskSource(root);
  await expect(source.walk(AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
  rmSync(root, { recursive: true });
  await expect(source.walk()).rejects.toMatchObject({ code: 'root_missing' });
  expect(source.stamp('a.ts')).toBeUndefined();
});

/** A small repeatable generator: the test must fail the same way twice. */
function random(seed: number): (count: number) => number {
  let state = seed;
  return (count) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % count;
  };
}

test('delivers what git would, under 80 random sets of rules over 400 files', {
  timeout: 60_000,
}, async () => {
  const pick = random(7);
  const pieces = [
    'a',
    'b',
    'ab',
    '*',
    '**',
    '?',
    '/',
    '/',
    '[ab]',
    '[!a]',
    '[a-b]',
    '\\a',
    '\\*',
    'a*',
    '*b',
    '!',
    ' ',
    '[]a]',
    '***',
    '[[:alpha:]]',
    '.',
  ];
  const names = ['a', 'b', 'ab', 'ba', 'aab', '*', 'a b', '.a', 'a.b', '!a', ']'];
  const root = tempTree();
  git(root, 'init', '-q');
  const some = (from: readonly string[], count: number, by: string): string =>
    Array.from({ length: count }, () => from[pick(from.length)]).join(by);
  for (let i = 0; i < 400; i++) {
    const path = join(root, some(names, 1 + pick(4), '/'));
    try {
      mkdirSync(join(path, '..'), { recursive: true });
      if (!existsSync(path)) writeFileSync(path, '');
    } catch {
      // A part of the path is already a file.
    }
  }
  const rules = (): string =>
    Array.from({ length: 1 + pick(4) }, () => some(pieces, 1 + pick(6), '')).join('\n');
  const differing: string[] = [];
  const sizes = new Set<number>();
  for (let round = 0; round < 80; round++) {
    const files: Record<string, string> = { '.gitignore': rules(), '.git/info/exclude': rules() };
    for (const folder of ['a', 'b/a', 'ab'])
      if (existsSync(join(root, folder, '..'))) files[`${folder}/.gitignore`] = rules();
    try {
      writeTree(root, files);
    } catch {
      // One of the folders is a file in this tree.
    }
    const theirs = git(root, 'ls-files', '--others', '--exclude-standard', '-z')
      .split('\0')
      .filter(Boolean)
      .sort();
    const ours = (await openDiskSource(root).walk()).files.map((file) => file.path).sort();
    sizes.add(ours.length);
    if (theirs.join('\n') !== ours.join('\n')) {
      const extra = ours.filter((path) => !theirs.includes(path));
      const missing = theirs.filter((path) => !ours.includes(path));
      differing.push(JSON.stringify({ files, extra: extra.slice(0, 3), missing: missing.slice(0, 3) }));
    }
  }
  expect(differing.slice(0, 3)).toEqual([]);
  // The rules do differ in what they leave.
  expect(sizes.size).toBeGreaterThan(20);
});
