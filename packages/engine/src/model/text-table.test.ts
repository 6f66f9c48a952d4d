import { expect, it } from 'vitest';
import { textTable } from './text-table.ts';

it('has what it was given, and nothing that every object has', () => {
  const table = textTable({ int: 1 });
  expect(table['int']).toBe(1);
  for (const word of ['constructor', 'toString', '__proto__', 'hasOwnProperty'])
    expect(table[word]).toBeUndefined();
});
