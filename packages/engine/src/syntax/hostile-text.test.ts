import { expect, test } from 'vitest';
import { isHostile } from './hostile-text.ts';

test.each([
  ['', false],
  [`/* ${'='.repeat(900)} */`, false],
  ['a'.repeat(100_000), false],
  [' '.repeat(100_000), false],
  ['\n'.repeat(100_000), false],
  ['f(g(h([{}])))'.repeat(10_000), false],

  ['#'.repeat(1_001), true],
  ['('.repeat(1_001), true],
  ['a('.repeat(1_001), true],
  ['{[('.repeat(400), true],
  ['😀 变 é'.repeat(10_000), false],
  ['\u0000 '.repeat(501), true],
  ['\uD800 '.repeat(501), true],
  ['\uDC00 '.repeat(501), true],
  ['\u202E '.repeat(501), true],
])('case %#', (text, hostile) => {
  expect(isHostile(text)).toBe(hostile);
});
