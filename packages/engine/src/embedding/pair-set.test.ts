import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createPairSetBuilder, PAIR_KINDS, type Pair } from './pair-set.ts';
import { decodePairSet, encodePairSet } from './pair-set-format.ts';

const retry: Pair = {
  group: 'o/r',
  kind: 'docstring',
  query: ['retri', 'with', 'backoff', 'retri'],
  doc: new Map([
    ['resili', 1 << 24],
    ['backoff', 3],
  ]),
  path: ['net', 'resili'],
};

const setOf = (...pairs: Pair[]) => {
  const builder = createPairSetBuilder();
  for (const pair of pairs) builder.add(pair);
  return builder.finish();
};

describe('createPairSetBuilder', () => {
  it('numbers terms and groups, counts repeats, and keeps lists ascending', () => {
    const set = setOf(retry, { ...retry, group: 'o/other', kind: 'path', path: [] });
    expect(set.terms).toEqual(['retri', 'with', 'backoff', 'resili', 'net']);
    expect(set.groups).toEqual(['o/r', 'o/other']);
    expect([...set.groupOf]).toEqual([0, 1]);
    expect([...set.kindOf].map((kind) => PAIR_KINDS[kind])).toEqual(['docstring', 'path']);
    expect([...set.queryFrom]).toEqual([0, 3, 6]);
    expect([...set.queryTerms.subarray(0, 3)]).toEqual([0, 1, 2]);
    expect([...set.queryCounts.subarray(0, 3)]).toEqual([2, 1, 1]);
    expect([...set.docTerms.subarray(0, 2)]).toEqual([2, 3]);
    expect([...set.docTfs.subarray(0, 2)]).toEqual([3, 1 << 24]);
    expect([...set.pathFrom]).toEqual([0, 2, 2]);
  });

  it('leaves out pairs that teach nothing', () => {
    const builder = createPairSetBuilder();
    expect(builder.add({ ...retry, query: [] })).toBe(false);
    expect(builder.add({ ...retry, doc: new Map() })).toBe(false);
    expect(builder.add(retry)).toBe(true);
    expect(builder.count).toBe(1);
  });

  it('counts a term of the query to 255 and no further', () => {
    expect([...setOf({ ...retry, query: Array<string>(300).fill('a') }).queryCounts]).toEqual([255]);
  });
});

const pairs = fc.array(
  fc.record({
    group: fc.constantFrom('a/a', 'b/b', 'ü/漢'),
    kind: fc.constantFrom(...PAIR_KINDS),
    query: fc.array(fc.constantFrom('a', 'b', '漢字', 'naïve'), { maxLength: 6 }),
    doc: fc.dictionary(fc.constantFrom('x', 'y', 'z', '漢'), fc.integer({ min: 1, max: (1 << 30) - 1 })),
    path: fc.array(fc.constantFrom('src', 'x'), { maxLength: 3 }),
  }),
  { maxLength: 12 },
);

describe('the format', () => {
  it('gives back what was put in, wherever it lies in a buffer', () => {
    fc.assert(
      fc.property(pairs, fc.integer({ min: 0, max: 3 }), (list, shift) => {
        const set = setOf(...list.map((pair) => ({ ...pair, doc: new Map(Object.entries(pair.doc)) })));
        const bytes = encodePairSet(set);
        const moved = new Uint8Array(bytes.length + shift);
        moved.set(bytes, shift);
        expect(decodePairSet(moved.subarray(shift))).toEqual(set);
      }),
      { numRuns: 60 },
    );
  });

  it('refuses other bytes, another version, and a file that was cut off', () => {
    const bytes = encodePairSet(setOf(retry));
    expect(() => decodePairSet(new Uint8Array())).toThrow(/no pair set/);
    expect(() => decodePairSet(new TextEncoder().encode('{"terms": []}'.repeat(9)))).toThrow(/no pair set/);
    const newer = bytes.slice();
    newer[12] = 9;
    expect(() => decodePairSet(newer)).toThrow(/version 9/);
    for (let length = 44; length < bytes.length; length++)
      expect(() => decodePairSet(bytes.subarray(0, length))).toThrow(/cut off/);
  });

  it('refuses every single damaged byte', () => {
    const bytes = encodePairSet(setOf(retry, { ...retry, kind: 'commit' }));
    for (let at = 0; at < bytes.length; at++) {
      const damaged = bytes.slice();
      damaged[at] = (damaged[at] as number) ^ 0x55;
      expect(() => decodePairSet(damaged), `byte ${at}`).toThrow(RangeError);
    }
  });

  it('refuses to write a set that nobody could read', () => {
    const set = setOf(retry);
    expect(() => encodePairSet({ ...set, terms: [] })).toThrow(/lists of query terms/);
    expect(() => encodePairSet({ ...set, kindOf: Uint8Array.of(99) })).toThrow(/kind/);
    expect(() => encodePairSet({ ...set, groups: [] })).toThrow(/group/);
    expect(() => encodePairSet({ ...set, docTfs: new Int32Array(2) })).toThrow(/does not occur/);
    expect(() => encodePairSet({ ...set, docTerms: Uint32Array.of(3, 2) })).toThrow(/chunk terms/);
    expect(() => encodePairSet({ ...set, pathFrom: Uint32Array.of(0, 1) })).toThrow(/path terms/);
  });
});
