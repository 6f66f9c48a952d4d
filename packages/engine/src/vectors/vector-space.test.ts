import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskBytes, NO_ROWS, type RowMask } from './row-mask.ts';
import { cosine, randomRows, randomVector } from './testing/reference.ts';
import { createVectorSpace } from './vector-space.ts';

const int8 = fc.oneof(fc.integer({ min: -128, max: 127 }), fc.constantFrom(-128, -127, 0, 0, 127));

/** Blocks by id with their rows and which of them are allowed, a query, and how many to find. */
const cases = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(64, 256)).chain((dims) =>
  fc.record({
    dims: fc.constant(dims),
    blocks: fc.uniqueArray(
      fc.record({
        id: fc.integer({ min: -5, max: 1_000 }),
        rows: fc.array(
          fc.record({
            values: fc.array(int8, { minLength: dims, maxLength: dims }),
            allowed: fc.boolean(),
          }),
          { maxLength: 21 },
        ),
        masked: fc.constantFrom('mask', 'all', 'none'),
        dropped: fc.boolean(),
      }),
      { maxLength: 5, selector: ({ id }) => id },
    ),
    query: fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: dims, maxLength: dims }),
    k: fc.nat(60),
  }),
);

/** The query's rounding, at worst; see `VectorHit`. */
const toleranceOf = (dims: number) => Math.sqrt(dims) / 65_534 + 1e-6;

test('finds what a plain loop over floats finds, whatever is masked, dropped, zero or extreme', () => {
  fc.assert(
    fc.property(cases, ({ dims, blocks, query, k }) => {
      const space = createVectorSpace({ dims });
      for (const { id, rows } of blocks)
        space.addBlock(id, Int8Array.from(rows.flatMap(({ values }) => values)));
      for (const { id } of blocks.filter(({ dropped }) => dropped)) space.dropBlock(id);
      const kept = blocks.filter(({ dropped }) => !dropped);
      expect(space.blocks()).toEqual(kept.map(({ id }) => id).sort((a, b) => a - b));

      const masks = new Map(kept.map(({ id, masked, rows }) => [id, maskOf(masked, rows)]));
      const asked = space.query(Float32Array.from(query));
      const hits = asked.search(k, (id) => masks.get(id));

      const expected = kept
        .filter(({ masked }) => masked !== 'none')
        .flatMap(({ id, rows, masked }) =>
          rows.flatMap(({ values, allowed }, row) =>
            masked === 'all' || allowed ? [{ block: id, row, score: cosine(query, values) }] : [],
          ),
        );
      const byPlace = new Map(expected.map((each) => [`${each.block}:${each.row}`, each.score]));
      const best = expected.map(({ score }) => score).sort((a, b) => b - a);
      expect(hits.length).toBe(Math.min(k, expected.length));
      hits.forEach(({ block, row, score }, i) => {
        const exact = byPlace.get(`${block}:${row}`) ?? Number.NaN;
        expect(Math.abs(score - exact)).toBeLessThan(toleranceOf(dims));
        expect(exact).toBeGreaterThan((best[i] as number) - 2 * toleranceOf(dims));
        expect(asked.score(block, row)).toBe(score);
      });
      expect(new Set(hits.map(({ block, row }) => `${block}:${row}`)).size).toBe(hits.length);
      expect(hits).toEqual([...hits].sort((a, b) => b.score - a.score || a.block - b.block || a.row - b.row));
    }),
    { numRuns: 300 },
  );
});

function maskOf(masked: string, rows: readonly { readonly allowed: boolean }[]): RowMask | undefined {
  if (masked === 'all') return undefined;
  if (masked === 'none') return NO_ROWS;
  const mask = new Uint8Array(maskBytes(rows.length));
  for (const [row, { allowed }] of rows.entries())
    if (allowed) mask[row >> 3] = (mask[row >> 3] as number) | (1 << (row & 7));
  return mask;
}

test('keeps the k best of many rows, equal ones by block and row', () => {
  const dims = 64;
  const space = createVectorSpace({ dims });
  const rows = randomRows(20_000, dims, 1);
  rows.set(rows.subarray(0, dims * 100), dims * 19_000); // a hundred rows twice
  space.addBlock(9, rows);
  space.addBlock(-3, rows.slice(0, dims * 50));
  for (const k of [1, 7, 50, 1_000, 20_050]) {
    const query = Float32Array.from(rows.subarray(0, dims));
    const hits = space.query(query).search(k);
    const all = [-3, 9].flatMap((block) =>
      Array.from({ length: block === 9 ? 20_000 : 50 }, (_, row) => ({ block, row })),
    );
    const expected = all
      .map((place) => ({ ...place, score: space.query(query).score(place.block, place.row) }))
      .sort((a, b) => b.score - a.score || a.block - b.block || a.row - b.row)
      .slice(0, k);
    expect(hits).toEqual(expected);
    expect(hits[0]).toEqual({ block: -3, row: 0, score: expect.closeTo(1, 5) });
  }
});

test('no sum overflows: the largest values in the most dimensions', () => {
  for (const dims of [16, 256, 4_096, 8_192]) {
    const space = createVectorSpace({ dims });
    space.addBlock(1, new Int8Array(3 * dims).fill(-128, 0, dims).fill(127, dims, 2 * dims));
    const hits = space.query(new Float32Array(dims).fill(-3e38)).search(5);
    expect(hits.map(({ row }) => row)).toEqual([0, 2, 1]);
    expect(hits.map(({ score }) => score)).toEqual([expect.closeTo(1, 5), 0, expect.closeTo(-1, 5)]);
  }
});

test('a query of zeros and an index of zeros score 0, in order', () => {
  const space = createVectorSpace({ dims: 16 });
  space.addBlock(2, new Int8Array(16 * 6));
  space.addBlock(1, new Int8Array(16 * 2).fill(5));
  const places = (query: Float32Array) =>
    space
      .query(query)
      .search(4)
      .map(({ block, row, score }) => [block, row, score]);
  expect(places(new Float32Array(16))).toEqual([
    [1, 0, 0],
    [1, 1, 0],
    [2, 0, 0],
    [2, 1, 0],
  ]);
  expect(places(new Float32Array(16).fill(-1)).map(([block]) => block)).toEqual([2, 2, 2, 2]);
  expect(space.query(new Float32Array(16).fill(1e-45)).search(1)[0]?.score).toBeCloseTo(1, 5);
});

test('an empty space, an empty block and nothing wanted give nothing', () => {
  const space = createVectorSpace({ dims: 32 });
  const query = randomVector(32, 5);
  expect(space.query(query).search(10)).toEqual([]);
  space.addBlock(1, new Int8Array(0));
  expect(space.query(query).search(10)).toEqual([]);
  space.addBlock(2, randomRows(3, 32, 2));
  expect(space.query(query).search(0)).toEqual([]);
  expect(space.query(query).search(10, () => NO_ROWS)).toEqual([]);
});

test('a query stays valid while blocks come, go and move', () => {
  const dims = 256;
  const space = createVectorSpace({ dims });
  const rows = randomRows(1_000, dims, 3);
  space.addBlock(1, rows);
  const first = space.query(randomVector(dims, 1));
  const second = space.query(randomVector(dims, 2));
  const [a, b] = [first.search(5), second.search(5)];
  for (let id = 2; id < 90; id++) space.addBlock(id, randomRows(1_000, dims, id));
  for (let id = 2; id < 90; id++) space.dropBlock(id);
  expect(first.search(5)).toEqual(a);
  expect(second.search(5)).toEqual(b);
  expect(first.score(1, a[0]?.row ?? -1)).toBe(a[0]?.score);
});

test('memory of dropped blocks serves others, and goes back when little is left', () => {
  const dims = 256;
  const space = createVectorSpace({ dims });
  const rows = randomRows(20_000, dims, 4);
  space.addBlock(0, rows);
  const one = space.bytes;
  expect(one).toBeLessThan(rows.length * 1.2);
  // As merges do: the new block comes before the old one goes.
  for (let id = 1; id < 30; id++) {
    space.addBlock(id, rows);
    space.dropBlock(id - 1);
  }
  expect(space.bytes).toBeLessThan(2.3 * one);
  for (let id = 100; id < 110; id++) space.addBlock(id, rows);
  expect(space.bytes).toBeGreaterThan(10 * one);
  for (let id = 100; id < 110; id++) space.dropBlock(id);
  expect(space.bytes).toBeLessThan(4 * one);
  const query = randomVector(dims, 9);
  const fresh = createVectorSpace({ dims });
  fresh.addBlock(29, rows);
  expect(space.query(query).search(50)).toEqual(fresh.query(query).search(50));
});

test('what cannot be compared is refused with advice', () => {
  const space = createVectorSpace({ dims: 16 });
  const refused = expect.objectContaining({ code: 'invalid_argument', advice: expect.any(String) });
  expect(() => space.query(new Float32Array(15))).toThrow(refused);
  expect(() => space.query(new Float32Array(16).fill(Number.NaN, 7, 8))).toThrow(refused);
  expect(() => space.query(new Float32Array(16).fill(Number.POSITIVE_INFINITY))).toThrow(refused);
});

test('misuse is refused', () => {
  for (const dims of [0, -1, 1.5, 8_193, Number.NaN])
    expect(() => createVectorSpace({ dims })).toThrow(RangeError);
  const space = createVectorSpace({ dims: 16 });
  space.addBlock(1, new Int8Array(32));
  expect(() => space.addBlock(1, new Int8Array(32))).toThrow(RangeError);
  expect(() => space.addBlock(2, new Int8Array(33))).toThrow(RangeError);
  const query = space.query(new Float32Array(16));
  expect(() => query.score(1, 2)).toThrow(RangeError);
  expect(() => query.score(7, 0)).toThrow(RangeError);
  expect(() => query.search(-1)).toThrow(RangeError);
  expect(() => query.search(3, () => new Uint8Array(2))).toThrow(RangeError);
  space.dropBlock(7);
  expect(space.blocks()).toEqual([1]);
});
