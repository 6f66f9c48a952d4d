import { expect, test } from 'vitest';
import { packPlain, unpackPlain } from './plain-packing.ts';

const values: unknown[] = [
  {},
  [],
  [1, 2, 3, -4, 2_000_000_000, 1.5, 2 ** 40, -0.25],
  [{ a: 1 }, { a: 'x' }, { a: 2, b: [] }, { b: [[], [1], ['x', 1]] }, { a: true }, { a: false }, { a: null }],
  { names: ['', 'a\u0000b', 'π😀', '__proto', 'toString'], deep: { deep: { deep: [{ deep: {} }] } } },
  Array.from({ length: 3000 }, (_, i) => ({
    op: i % 3 ? 'copy' : 'get',
    to: i,
    from: 2 * i,
    name: `n${i % 7}`,
  })),
];

test('what is packed comes out again', () => {
  for (const value of values) {
    expect(unpackPlain(packPlain(value))).toEqual(value);
    expect(unpackPlain(packPlain(value, ['op', 'to', 'copy']), ['op', 'to', 'copy'])).toEqual(value);
  }
  expect(unpackPlain(packPlain({ a: undefined, b: 1 }))).toEqual({ b: 1 });
});

test('lists of numbered things take a few bytes each', () => {
  const list = Array.from({ length: 1000 }, (_, i) => ({ op: 'copy', to: i, from: i + 500, line: i >> 2 }));
  expect(packPlain(list).length).toBeLessThan(6 * list.length);
});
