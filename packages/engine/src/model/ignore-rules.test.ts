import { expect, test } from 'vitest';
import { matchIgnoreRules, parseIgnoreRules } from './ignore-rules.ts';

/** What the rules say of a path: `-` ignored, `+` re-included, `.` nothing. A trailing slash marks a folder. */
function verdict(text: string, path: string, ignoreCase = false): string {
  const rules = parseIgnoreRules(text, ignoreCase);
  if (rules === undefined) return '.';
  const plain = path.replace(/\/$/, '');
  const said = matchIgnoreRules(
    rules,
    plain.slice(plain.lastIndexOf('/') + 1),
    path.endsWith('/'),
    () => plain,
  );
  return said === undefined ? '.' : said ? '-' : '+';
}

test.each([
  ['*.log', 'a/b.log', '-'],
  ['*.log', 'a/b.logs', '.'],
  ['build/', 'build/', '-'],
  ['build/', 'build', '.'],
  ['build/', 'a/build/', '-'],
  ['/build', 'a/build', '.'],
  ['/build', 'build', '-'],
  ['a/b', 'a/b', '-'],
  ['a/b', 'x/a/b', '.'],
  ['**/b', 'x/a/b', '-'],
  ['**/b', 'b', '-'],
  ['a/**/b', 'a/b', '-'],
  ['a/**/b', 'a/x/y/b', '-'],
  ['a/**', 'a/', '.'],
  ['a/**', 'a/x/y', '-'],
  ['a**/b', 'axx/b', '-'],
  ['a**/b', 'ax/x/b', '.'],
  ['*\n!keep', 'keep', '+'],
  ['*\n!keep', 'other', '-'],
  ['# no', '# no', '.'],
  ['\\# yes', '# yes', '-'],
  ['\\!yes', '!yes', '-'],
  ['trail   ', 'trail', '-'],
  ['trail\\ ', 'trail ', '-'],
  ['cr\r', 'cr', '-'],
  ['\uFEFFbom', 'bom', '-'],
  ['[a-c]x', 'bx', '-'],
  ['[!a-c]x', 'bx', '.'],
  ['[]a]x', ']x', '-'],
  ['[[:digit:]]x', '7x', '-'],
  ['[[:nope:]]x', 'nx', '.'],
  ['[a', '[a', '.'],
  ['tail\\', 'tail', '.'],
  ['a\\*b', 'a*b', '-'],
  ['a\\*b', 'axb', '.'],
  ['?', 'x', '-'],
  ['?', 'xy', '.'],
  ['/', 'x', '.'],
  ['', 'x', '.'],
  ['!', 'x', '.'],
])('%j says of %s: %s', (text, path, expected) => {
  expect(verdict(text, path)).toBe(expected);
});

test('folds case when asked', () => {
  expect(verdict('Build/\n*.LOG', 'x/bUILD/', true)).toBe('-');
  expect(verdict('*.[[:upper:]]', 'x.b', true)).toBe('-');
  expect(verdict('*.LOG', 'x.log', false)).toBe('.');
});

test('hostile patterns stay fast', () => {
  const started = performance.now();
  const name = 'a'.repeat(255);
  verdict(`${'*a'.repeat(120)}b`, name);
  verdict(`/${'**/a*a*a*/'.repeat(60)}b`, `${`${name}/`.repeat(15)}c`);
  verdict('[['.repeat(5000), name);
  verdict(`${'\\'.repeat(99_999)}`, name);
  expect(performance.now() - started).toBeLessThan(200);
});
