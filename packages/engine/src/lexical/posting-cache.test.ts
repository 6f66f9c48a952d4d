import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Postings } from './posting-bits.ts';
import { createPostingCache } from './posting-cache.ts';

const list = (length: number): Postings => ({ docs: new Int32Array(length), tfs: new Int32Array(length) });

describe('the cache of postings', () => {
  it('tells a term known to be missing from one not known', () => {
    const cache = createPostingCache(10_000);
    expect(cache.get(1, 'a')).toBeUndefined();
    cache.set(1, 'a', null);
    expect(cache.get(1, 'a')).toBeNull();
    expect(cache.get(11, 'a')).toBeUndefined();
    expect(cache.get(-1, 'a')).toBeUndefined();
  });

  it('forgets what was not used for longest', () => {
    const cache = createPostingCache(3000);
    for (const term of ['a', 'b', 'c']) cache.set(1, term, list(50));
    cache.get(1, 'a');
    cache.set(1, 'd', list(50));
    expect(['a', 'b', 'c', 'd'].filter((term) => cache.get(1, term) !== undefined)).toEqual(['a', 'c', 'd']);
  });

  it('does not keep what is larger than itself, nor an older value in its place', () => {
    const cache = createPostingCache(3000);
    cache.set(1, 'a', list(1));
    cache.set(1, 'b', list(1));
    cache.set(1, 'a', list(10_000));
    expect(cache.get(1, 'a')).toBeUndefined();
    expect(cache.get(1, 'b')).toBeDefined();
    createPostingCache(0).set(1, 'a', null);
  });

  it('stays within its bound and delivers the last value set, whatever comes', () => {
    const step = fc.tuple(fc.nat(3), fc.constantFrom('a', 'b', 'c', 'dd', 'é'), fc.option(fc.nat(200)));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.nat(8000), (steps, bound) => {
        const cache = createPostingCache(bound);
        const last = new Map<string, number | null>();
        for (const [segment, term, length] of steps) {
          cache.set(segment, term, length === null ? null : list(length));
          last.set(`${segment} ${term}`, length);
          expect(cache.bytes).toBeLessThanOrEqual(bound);
        }
        for (const [key, length] of last) {
          const [segment = '', term = ''] = key.split(' ');
          const kept = cache.get(Number(segment), term);
          if (kept !== undefined) expect(kept === null ? null : kept.docs.length).toBe(length);
        }
      }),
    );
  });
});
