import { chmodSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { ConexusError } from '../../model/errors.ts';
import { isWorkspacePath, openRoot, resolveInside } from './resolve-inside.ts';
import { tempTree } from './testing/temp-tree.ts';

function codeOf(run: () => unknown): string {
  try {
    return `accepted: ${String(run())}`;
  } catch (error) {
    return error instanceof ConexusError ? error.code : `other: ${String(error)}`;
  }
}

const REFUSED = [
  '',
  '..',
  '../',
  '../secret',
  '../../etc/passwd',
  'a/..',
  'a/../..',
  'a/../../secret',
  'a/b/../../../secret',
  './../secret',
  './a/./../../secret',
  '..//secret',
  'a//../../secret',
  'a/../a/file.txt',
  '/',
  '//',
  '/etc/passwd',
  '//etc/passwd',
  '///etc/passwd',
  '/../etc/passwd',
  '//server/share/file',
  '\\\\server\\share\\file',
  '\\\\?\\C:\\Windows\\win.ini',
  '\\\\.\\pipe\\name',
  '\\etc\\passwd',
  '..\\secret',
  '..\\..\\secret',
  'a\\..\\..\\secret',
  'a/..\\..\\secret',
  'a\\file.txt',
  'C:\\Windows\\win.ini',
  'C:/Windows/win.ini',
  'c:secret',
  'Z:',
  'C:..\\secret',
  'a/file.txt\0',
  '\0',
  'a\0/../../secret',
  'a/file.txt\0.png',
  `${'a/'.repeat(3000)}b`,
  `${'../'.repeat(40)}etc/passwd`,
];

test.each(REFUSED)('refuses %j', (path) => {
  const root = tempTree({ 'a/file.txt': 'x' });
  expect(codeOf(() => resolveInside(root, path))).toBe('path_outside_root');
  expect(isWorkspacePath(path)).toBe(false);
});

/** Encodings and look-alikes are names like any other: they stay inside the root and simply do not exist. */
const LITERAL = [
  '%2e%2e/secret',
  '%2e%2e%2fsecret',
  '..%2fsecret',
  '..%5csecret',
  '%252e%252e%252fsecret',
  '..%c0%afsecret',
  '%c0%ae%c0%ae/secret',
  '..%00/secret',
  '\uFF0E\uFF0E/secret',
  '\u2024\u2024/secret',
  '..\u2215secret',
  '..;/secret',
  '....//secret',
  '.../secret',
  '~/secret',
  '~root/.ssh/id_rsa',
  '$HOME/secret',
  '$(id)/secret',
  '`id`',
  'file:///etc/passwd',
  '-rf',
  '--upload-pack=x',
  'a\nb',
  '.. /secret',
];

test.each(LITERAL)('takes %j as a name inside the root', (path) => {
  const root = tempTree();
  expect(resolveInside(root, path).startsWith(`${root}/`)).toBe(true);
});

test('accepts ordinary paths, existing or not', () => {
  const root = tempTree({ 'a/b/file.txt': 'x' });
  for (const path of [
    'a/b/file.txt',
    'a/b',
    'a/new.txt',
    'x/y/z',
    '.env',
    'a/..b',
    'a/b..',
    '..a/b',
    '.',
    'a/file.txt/x',
  ]) {
    expect(resolveInside(root, path)).toBe(join(root, path));
  }
});

test('refuses links that leave the root, wherever they stand', () => {
  const base = tempTree({ 'repo/a/file.txt': 'x', 'repo-evil/secret': 's', 'out/deep/secret': 's' });
  const root = join(base, 'repo');
  symlinkSync('../repo-evil', join(root, 'evil'));
  symlinkSync(join(base, 'out/deep/secret'), join(root, 'a/link.txt'));
  symlinkSync('/etc', join(root, 'etc'));
  symlinkSync('evil', join(root, 'twice'));
  symlinkSync('../missing', join(root, 'dangling'));
  symlinkSync('loop', join(root, 'loop'));
  symlinkSync('..', join(root, 'up'));
  symlinkSync('a', join(root, 'fine'));
  const paths = [
    'evil',
    'evil/secret',
    'evil/new',
    'evil/new/deeper',
    'a/link.txt',
    'etc/passwd',
    'twice/secret',
    'dangling',
    'dangling/x',
    'loop',
    'loop/x',
    'up',
    'up/repo-evil/secret',
    'up/repo/a/file.txt/../../..',
  ];
  for (const path of paths)
    expect([path, codeOf(() => resolveInside(root, path))]).toEqual([path, 'path_outside_root']);
  expect(resolveInside(root, 'fine/file.txt')).toBe(join(root, 'fine/file.txt'));
  expect(resolveInside(root, 'up/repo/a')).toBe(join(root, 'up/repo/a'));
});

test('a message shows the path escaped and cut', () => {
  const root = tempTree();
  expect(() => resolveInside(root, '/x\u001b[31m')).toThrow(/"\/x\\u001b\[31m"/);
  expect(() => resolveInside(root, `/${'x'.repeat(500)}`)).toThrow(/^.{1,200}$/s);
});

test('opens folders by their real path and says what is wrong with others', () => {
  const base = tempTree({ 'repo/file.txt': 'x', 'closed/file.txt': 'x' });
  symlinkSync('repo', join(base, 'link'));
  symlinkSync('circle', join(base, 'circle'));
  symlinkSync('nowhere', join(base, 'dangling'));
  expect(openRoot(join(base, 'repo/'))).toBe(join(base, 'repo'));
  expect(openRoot(join(base, 'link'))).toBe(join(base, 'repo'));
  expect(openRoot(join(base, 'repo/../link'))).toBe(join(base, 'repo'));
  expect(codeOf(() => openRoot(join(base, 'none')))).toBe('root_missing');
  expect(codeOf(() => openRoot(''))).toBe('root_missing');
  expect(codeOf(() => openRoot('a\0b'))).toBe('root_missing');
  expect(codeOf(() => openRoot(join(base, 'circle')))).toBe('root_missing');
  expect(codeOf(() => openRoot(join(base, 'dangling')))).toBe('root_missing');
  expect(codeOf(() => openRoot(join(base, 'repo/file.txt')))).toBe('root_not_directory');
  expect(codeOf(() => openRoot(join(base, 'repo/file.txt/x')))).toBe('root_not_directory');
  expect(dirname(openRoot('.')).length).toBeGreaterThan(0);
});

test.skipIf(process.getuid?.() === 0)(
  'says when the root cannot be read (root may read everything: skipped there)',
  () => {
    const base = tempTree({ 'closed/file.txt': 'x' });
    chmodSync(join(base, 'closed'), 0);
    expect(codeOf(() => openRoot(join(base, 'closed')))).toBe('root_unreadable');
    chmodSync(join(base, 'closed'), 0o700);
  },
);
