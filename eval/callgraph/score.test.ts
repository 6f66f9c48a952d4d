import { expect, test } from 'vitest';
import { add, noScore, scoreOf, share } from './score.ts';

test('edges are right, missing or wrong; a case is sound without missing and complete without wrong ones', () => {
  const exact = scoreOf({ expected: new Set(['a', 'b']), found: new Set(['a', 'b']) });
  const missing = scoreOf({ expected: new Set(['a', 'b']), found: new Set(['a']) });
  const wrong = scoreOf({ expected: new Set(), found: new Set(['c']) });
  expect([exact, missing, wrong].map(({ sound, complete }) => [sound, complete])).toEqual([
    [1, 1],
    [0, 1],
    [1, 0],
  ]);
  const all = [exact, missing, wrong].reduce(add, noScore);
  expect(all).toEqual({ expected: 4, found: 4, right: 3, sound: 2, complete: 2, cases: 3 });
  expect(share(all.right, all.found)).toBe('0.750');
  expect(share(0, 0)).toBe('–');
});
