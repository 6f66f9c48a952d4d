import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTopK } from './top-k.ts';

describe('the k largest', () => {
  it('are what sorting and cutting gives, ties by the lower item', () => {
    const pairs = fc.uniqueArray(fc.tuple(fc.nat(1000), fc.constantFrom(-1, 0, 0.5, 1, 1, 2, 1e9)), {
      selector: ([item]) => item,
    });
    fc.assert(
      fc.property(pairs, fc.nat(20), (list, k) => {
        const top = createTopK(k);
        for (const [item, score] of list) top.push(item, score);
        const sorted = list
          .map(([item, score]) => ({ item, score }))
          .sort((a, b) => b.score - a.score || a.item - b.item);
        expect(top.take()).toEqual(sorted.slice(0, k));
      }),
    );
  });

  it('of none are none', () => {
    expect(createTopK(5).take()).toEqual([]);
  });
});
