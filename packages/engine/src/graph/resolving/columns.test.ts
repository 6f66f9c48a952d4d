import { expect, test } from 'vitest';
import { Blocks, EdgeList, RowSet } from './columns.ts';
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

test('a set of rows has what was added, 0 too, and nothing else', () => {
  const rows = new RowSet();
  const known = new Set<string>();
  for (let i = 0; i < 20_000; i++) {
    const row = [i % 7, (i * i) % 101, 64 * (i % 13), i % 2] as const;
    expect(rows.add(...row)).toBe(!known.has(row.join()));
    known.add(row.join());
  }
  expect(rows.add(7, 0, 0, 0)).toBe(true);
});

test('a block that was given back is taken again, empty, and blocks never share a number', () => {
  const blocks = new Blocks();
  const first = blocks.take(3);
  blocks.numbers.fill(9, first, first + 8);
  blocks.give(first, 3);
  const taken = Array.from({ length: 2_000 }, (_, i) => ({ at: blocks.take(3), mark: i + 1 }));
  expect(taken[0]?.at).toBe(first);
  for (const { at } of taken) expect([...blocks.numbers.subarray(at, at + 8)]).toEqual(Array(8).fill(0));
  for (const { at, mark } of taken) blocks.numbers.fill(mark, at, at + 8);
  for (const { at, mark } of taken)
    expect([...blocks.numbers.subarray(at, at + 8)]).toEqual(Array(8).fill(mark));
});

test('a place has what was added and nothing else, whatever others hold', () => {
  const sets = new ValueSets(() => 0);
  for (let i = 0; i < 1_000; i++) for (const place of [1, 2, 5]) sets.add(place, i * 64 * place);
  for (const place of [1, 2, 5])
    for (let i = 0; i < 64_000; i += 16) expect(sets.has(place, i * place)).toBe(i % 64 === 0);
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
