import { expect, it } from 'vitest';
import { nearTheError } from './near-the-error.ts';

it.each([
  ['Python writes last', 'Traceback (most recent call last):\n  File "a.py", line 1, in main', 4, 0],
  ['others write first', 'Error: x\n    at inner (a.js:1:2)\n    at outer (b.js:3:4)', 0, 4],
])('the innermost frame, which %s, leads; the other end is above the middle', (_, text, innermost, other) => {
  const weight = nearTheError(text);
  expect(weight(innermost, 5)).toBe(1);
  expect(weight(other, 5)).toBeLessThan(1);
  expect(weight(other, 5)).toBeGreaterThan(weight(2, 5));
});
