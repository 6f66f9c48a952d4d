import { expect, test } from 'vitest';
import { EdgeList, NumberSet } from './columns.ts';
import { ValueSets } from './value-sets.ts';

test('edges stand in the order in which they came, each once, however many there are', () => {
  const edges = new EdgeList();
  const expected = new Map<number, number[]>();
  for (let i = 0; i < 20_000; i++) {
    const from = (i * i) % 97;
    const to = (i * 31) % 5_003;
    const known = expected.get(from) ?? [];
    expect(edges.has(from, to)).toBe(known.includes(to));
    if (!known.includes(to)) {
      edges.add(from, to);
      expected.set(from, [...known, to]);
    }
  }
  for (const [from, list] of expected) {
    const found: number[] = [];
    for (let edge = edges.first(from); edge > 0; edge = edges.after(edge)) found.push(edges.to(edge));
    expect(found).toEqual(list);
  }
});

test('a set of numbers has what was added, 0 too, and nothing else', () => {
  const set = new NumberSet([0, 64]);
  for (let i = 0; i < 1_000; i++) set.add(i * 64);
  for (let i = 0; i < 64_000; i++) expect(set.has(i)).toBe(i % 64 === 0);
});

test('values of a place keep their order from the first to the thousandth', () => {
  const sets = new ValueSets((value) => value % 2);
  const values = Array.from({ length: 1_000 }, (_, i) => (i * 7_919) % 10_007);
  for (const [i, value] of values.entries()) {
    expect(sets.has(3, value)).toBe(false);
    sets.add(3, value);
    expect(sets.size(3)).toBe(i + 1);
    expect(sets.has(3, value)).toBe(true);
  }
  expect(sets.values(3)).toEqual(values);
  expect(sets.at(3, 999)).toBe(values[999]);
  expect(sets.count(3, 1)).toBe(values.filter((value) => value % 2 === 1).length);
  expect(sets.values(4)).toEqual([]);
});
