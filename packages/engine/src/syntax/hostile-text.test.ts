import { expect, test } from 'vitest';
import { isHostile } from './hostile-text.ts';

test.each([
  ['', false],
  [`/* ${'='.repeat(900)} */`, false],
  ['a'.repeat(100_000), false],
  [' '.repeat(100_000), false],
  ['\n'.repeat(100_000), false],
  ['f(g(h([{}])))'.repeat(10_000), false],
  [')'.repeat(900).repeat(1), false],
  ['#'.repeat(1_001), true],
  ['('.repeat(1_001), true],
  ['a('.repeat(1_001), true],
  ['{[('.repeat(400), true],
])('case %#', (text, hostile) => {
  expect(isHostile(text)).toBe(hostile);
});
