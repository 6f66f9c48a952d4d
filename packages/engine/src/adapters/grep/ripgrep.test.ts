import { existsSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { GrepQuery } from '../../ports/grep.ts';
import { openDiskSource } from '../sources/disk-source.ts';
import { git, makePipe, tempTree, writeTree } from '../sources/testing/temp-tree.ts';
import { openRipgrep, ripgrepArguments } from './ripgrep.ts';

/** Matches as `path:line:text`, one a line. */
async function grep(root: string, pattern: string, more: Partial<GrepQuery> = {}): Promise<string> {
  const { includes } = openDiskSource(root);
  const query = { pattern, regex: true, maxMatches: 100, timeoutMs: 10_000, ...more };
  const { matches, truncated } = await openRipgrep(root, { includes }).search(query);
  return (
    matches.map(({ path, line, text }) => `${path}:${line}:${text}`).join('\n') + (truncated ? '\n…' : '')
  );
}

const FILES = {
  'src/a.ts': 'const foo = 1;\nconst Foo = 2;\nfoobar(a+b);\n',
  'src/b.py': 'foo = "(x"\r\nend\r\n',
  '.hidden/c.ts': 'foo\n',
};

test('literals, expressions, case, words, globs', async () => {
  const root = tempTree(FILES);
  expect(await grep(root, 'foo')).toBe(
    '.hidden/c.ts:1:foo\nsrc/a.ts:1:const foo = 1;\nsrc/a.ts:3:foobar(a+b);\nsrc/b.py:1:foo = "(x"',
  );
  expect(await grep(root, 'a+b', { regex: false })).toBe('src/a.ts:3:foobar(a+b);');
  expect(await grep(root, '(x', { regex: false })).toBe('src/b.py:1:foo = "(x"');
  expect(await grep(root, 'FOO', { ignoreCase: true, word: true, globs: ['*.ts', '!.hidden/**'] })).toBe(
    'src/a.ts:1:const foo = 1;\nsrc/a.ts:2:const Foo = 2;',
  );
  expect(await grep(root, '^end$')).toBe('src/b.py:2:end');
  expect(await grep(root, 'nowhere to be found')).toBe('');
  expect(await grep(root, 'const foo = 1;\nconst Foo', { regex: false })).toBe('src/a.ts:1:const foo = 1;');
});

test('finds in exactly the files the walk delivers', async () => {
  const top = tempTree({
    '.gitignore': '*.log\ndist/\n/app/gen/\n',
    '.ignore': '*.ts\n',
    'app/.conexusignore': '*.sql\n',
    'app/.rgignore': '*.py\n',
    'app/gen/a.ts': 'needle',
    'app/x/gen/a.ts': 'needle',
    'app/x.log': 'needle',
    'app/keep/.gitignore': '!x.log\n',
    'app/keep/x.log': 'needle',
    'app/dist/a.js': 'needle',
    'app/a.sql': 'needle',
    'app/a.py': 'needle',
    'app/x.bak': 'needle',
    'app/node_modules/a.js': 'needle',
    'app/.github/ci.yml': 'needle',
  });
  git(top, 'init', '-q');
  writeTree(top, { '.git/info/exclude': '*.bak\n', '.git/needle': 'needle' });
  symlinkSync('a.py', join(top, 'app/link.py'));
  const expected = async (root: string): Promise<string> => {
    const { files } = await openDiskSource(root).walk();
    return files
      .map(({ path }) => path)
      .filter((path) => !path.endsWith('ignore'))
      .sort()
      .map((path) => `${path}:1:needle`)
      .join('\n');
  };
  expect(await grep(join(top, 'app'), 'needle')).toBe(await expected(join(top, 'app')));
  expect(await grep(top, 'needle')).toBe(await expected(top));
  // A glob that names what the rules leave out does not bring it back.
  expect(await grep(top, 'needle', { globs: ['**/*.log', '.git/**', '*.bak'] })).toBe(
    'app/keep/x.log:1:needle',
  );
  // An ignored folder that is opened itself.
  expect(await grep(join(top, 'app/dist'), 'needle')).toBe(await expected(join(top, 'app/dist')));
  writeTree(top, { '.gitignore': '*\n' });
  expect(await grep(join(top, 'app/x'), 'needle')).toBe('gen/a.ts:1:needle');
  rmSync(join(top, '.git'), { recursive: true });
  expect(await grep(join(top, 'app'), 'needle')).toBe(await expected(join(top, 'app')));
  expect(await grep(join(top, 'app'), 'needle')).toContain('x.log:1');
});

test.each([
  ['(', 'unclosed group'],
  ['[a', 'unclosed character class'],
  ['a{2,1}', 'invalid repetition'],
  ['(?=x)', 'look-around'],
  ['(a)\\1', 'backreferences'],
  ['\\p{Nope}', 'Unicode property not found'],
  ['((a{500}){500}){500}', 'size limit'],
  ['a\\nb', 'not allowed'],
  ['', 'empty'],
  ['a\0b', 'NUL'],
  ['a\nb', 'line break'],
  ['x'.repeat(9000), 'longer'],
])('refuses %j in one line: %s', async (pattern, reason) => {
  const error = await grep(tempTree(FILES), pattern).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: 'invalid_pattern',
    message: expect.stringMatching(new RegExp(`^[^\\n]*${reason}[^\\n]*$`)),
  });
});

test('patterns and globs are never taken for flags, and nothing is run', async () => {
  const root = tempTree({ 'a.txt': '--pre=touch canary\n-e x\n--hostname-bin ./evil.sh\n' });
  const evil = join(root, 'evil.sh');
  writeFileSync(evil, `#!/bin/sh\ntouch ${root}/canary\ncat\n`, { mode: 0o755 });
  for (const pattern of [
    `--pre=${evil}`,
    '--hostname-bin ./evil.sh',
    '-e x',
    '--',
    '-z',
    '-f/etc/passwd',
    '--files',
  ]) {
    await grep(root, pattern, { regex: false });
    await grep(root, 'a', { regex: false, globs: [pattern] }).catch(() => '');
  }
  expect(await grep(root, '-e x', { regex: false, globs: ['*.txt'] })).toBe('a.txt:2:-e x');
  expect(existsSync(join(root, 'canary'))).toBe(false);
  const given = ripgrepArguments(
    root,
    { pattern: '--pre=x', regex: true, maxMatches: 1, timeoutMs: 1 },
    1000,
  );
  expect(given.filter((flag) => /^(--pre|-z|--search-zip|-P|--pcre2|--hostname-bin|-f)/.test(flag))).toEqual(
    [],
  );
  await expect(grep(root, 'a', { globs: ['{a'] })).rejects.toMatchObject({ code: 'invalid_argument' });
});

test('a settings file of the user changes nothing', async () => {
  const root = tempTree({ 'a.txt': 'foo\n', rc: '--files\n' });
  process.env.RIPGREP_CONFIG_PATH = join(root, 'rc');
  try {
    expect(await grep(root, 'foo')).toBe('a.txt:1:foo');
  } finally {
    delete process.env.RIPGREP_CONFIG_PATH;
  }
});

test('evil expressions stay linear', async () => {
  const root = tempTree({ 'a.txt': `${'a'.repeat(100_000)}!\n` });
  const started = performance.now();
  for (const pattern of [
    '(a+)+$',
    '(a|aa)+$',
    '(.*a){12}b',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    '(a?){50}a{50}b',
  ]) {
    expect(await grep(root, pattern)).toBe('');
  }
  expect(performance.now() - started).toBeLessThan(4000);
});

test('cuts long lines and counts their hits by the right line', async () => {
  const long = `${'x'.repeat(300)}é"\\\t${'ab'.repeat(800_000)}`;
  const root = tempTree({ 'min.js': `first\n${long}\nab\n`, 'emoji.txt': `${'y'.repeat(499)}😀ab\n` });
  const found = await grep(root, 'ab');
  expect(found.split('\n')).toEqual([
    `emoji.txt:1:${'y'.repeat(499)}`,
    `min.js:2:${long.slice(0, 500)}`,
    'min.js:3:ab',
  ]);
  // Bytes that are no UTF-8 come encoded.
  writeFileSync(
    join(root, 'latin.txt'),
    Buffer.concat([Buffer.from('caf'), Buffer.from([0xe9]), Buffer.from(` zz${'z'.repeat(90_000)}\n`)]),
  );
  expect(await grep(root, 'zz')).toBe(`latin.txt:1:caf\uFFFD ${'z'.repeat(495)}`);
});

test('skips binary and too large files, reads UTF-16', async () => {
  const root = tempTree({
    'bin.dat': 'foo\0foo\n',
    'large.txt': 'foo\n'.repeat(2_000_000),
    'a.txt': 'foo\n',
  });
  writeFileSync(join(root, 'wide.txt'), Buffer.from('\uFEFFfoo\n', 'utf16le'));
  expect(await grep(root, 'foo')).toBe('a.txt:1:foo\nwide.txt:1:foo');
});

test('the limit cuts the sorted list and says so', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 60 }, (_, i) => [`f${String(i).padStart(2, '0')}.txt`, 'foo\nfoo\n']),
  );
  const root = tempTree(files);
  for (let round = 0; round < 5; round++) {
    expect(await grep(root, 'foo', { maxMatches: 3 })).toBe('f00.txt:1:foo\nf00.txt:2:foo\nf01.txt:1:foo\n…');
  }
  expect((await grep(root, 'foo', { maxMatches: 120 })).endsWith('…')).toBe(false);
  writeFileSync(join(root, 'many.txt'), 'foo\n'.repeat(50_000));
  const { matches, truncated } = await openRipgrep(root).search({
    pattern: 'foo',
    regex: true,
    maxMatches: 7,
    timeoutMs: 9000,
  });
  expect([matches.length, truncated]).toEqual([7, true]);
});

test('ends at the deadline and when cancelled', async () => {
  const root = tempTree({ 'a.txt': 'foo\n' });
  // ripgrep waits for somebody to write into a pipe that poses as an ignore file.
  makePipe(join(root, '.gitignore'));
  const started = performance.now();
  expect(await grep(root, 'foo', { timeoutMs: 100 })).toBe('\n…');
  const soon = AbortSignal.timeout(100);
  await expect(grep(root, 'foo', { signal: soon })).rejects.toMatchObject({ code: 'cancelled' });
  await expect(grep(root, 'foo', { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'cancelled',
  });
  expect(performance.now() - started).toBeLessThan(3000);
});

test('says when the binary or the root is missing', async () => {
  const root = tempTree(FILES);
  const query = { pattern: 'a', regex: false, maxMatches: 1, timeoutMs: 1000 };
  await expect(openRipgrep(root, { binary: join(root, 'no-rg') }).search(query)).rejects.toMatchObject({
    code: 'ripgrep_missing',
  });
  await expect(openRipgrep(join(root, 'gone')).search(query)).rejects.toMatchObject({ code: 'root_missing' });
});
