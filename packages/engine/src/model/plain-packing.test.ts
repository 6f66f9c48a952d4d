import fc from 'fast-check';
import { expect, test } from 'vitest';
import { known } from './plain-columns.ts';
import { packPlain, plainPacker } from './plain-packing.ts';
import { unpackPlain } from './plain-unpacking.ts';

const KNOWN = known('op to copy x', 'op$ to# a$\nop$\na* b=\nto! a?');

const packKnown = plainPacker(KNOWN);

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
    expect(unpackPlain(packKnown(value), KNOWN)).toEqual(value);
  }
  expect(unpackPlain(packPlain({ a: undefined, b: 1 }))).toEqual({ b: 1 });
});

test('lists of numbered things take a few bytes each', () => {
  const list = Array.from({ length: 1000 }, (_, i) => ({ op: 'copy', to: i, from: i + 500, line: i >> 2 }));
  expect(packPlain(list).length).toBeLessThan(6 * list.length);
});

test('anything plain comes out again', () => {
  const texts = fc.oneof(
    fc.string({ unit: fc.constantFrom('\0', '\x01', '\x02', 'a') }),
    fc.constantFrom('op', 'x', 'toString'),
  );
  const numbers = fc.oneof(
    fc.integer(),
    fc.nat(9),
    fc.double({ noNaN: true }).filter((n) => !Object.is(n, -0)),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      texts,
      numbers,
      fc.boolean(),
      fc.constant(null),
      tie('list'),
      tie('object'),
    ),
    list: fc.array(tie('value'), { maxLength: 6 }),
    object: fc.dictionary(fc.constantFrom('op', 'to', 'a', 'b', 'toString'), tie('value'), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
  }));
  fc.assert(
    fc.property(fc.array(value, { maxLength: 8 }), (list) => {
      expect(unpackPlain(packPlain(list))).toEqual(list);
      expect(unpackPlain(packKnown(list), KNOWN)).toEqual(list);
    }),
  );
});

test('what was packed before leaves nothing behind', () => {
  const value = { op: 'copy', to: 1, extra: [{ a: [1] }] };
  const alone = plainPacker(KNOWN)(value);
  for (const other of values) packKnown(other);
  expect(packKnown(value)).toEqual(alone);
});

test('what both sides know takes no space', () => {
  const list = Array.from({ length: 3 }, (_, i) => ({ op: 'copy', to: i, a: 'x' }));
  expect(packKnown(list).length).toBeLessThan(packPlain(list).length - 8);
});
