import { expect, test } from 'vitest';
import { createNearDuplicates } from './near-duplicates.ts';

/** Letters as lines: equal letters are equal lines. */
const twins = (...passages: string[]) => {
  const found = createNearDuplicates();
  return passages
    .map((letters) => found.twinOf([...letters].map((letter) => `${letter}();`)) ?? 'new')
    .join(' ');
};

test('a passage that is the same but for a line of many is a twin of the first such', () => {
  expect(twins('abcdefghij', 'abcdefghij', 'ABCDEFGHIJ', 'abcdefghijklmnopqrst', 'abcdefghijX')).toBe(
    'new 0 new new 0',
  );
  expect(twins('abcdefghijklmnopqrst', 'Xbcdefghijklmnopqrst', 'XYcdefghijklmnopqrst')).toBe('new 0 new');
});

test('short passages and empty ones are never twins', () => {
  expect(twins('abcd', 'abcd', '', '')).toBe('new new new new');
  expect(twins('aaaaaaaaaa', 'aaaaaaaaaa')).toBe('new new');
});

test('indentation and blank lines do not count', () => {
  const found = createNearDuplicates();
  const lines = ['one', 'two', 'three', 'four', 'five'];
  expect(found.twinOf(lines)).toBeUndefined();
  expect(found.twinOf(['', ...lines.map((line) => `\t  ${line} `), '', ''])).toBe(0);
});
