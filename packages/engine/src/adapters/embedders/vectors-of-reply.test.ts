import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROVIDERS } from './providers.ts';
import { vectorsOfReply } from './vectors-of-reply.ts';

/** Replies that look right in most places: what a broken service, or a hostile one, may send. */
const almost = fc.oneof(
  fc.jsonValue(),
  fc.record({
    data: fc.array(
      fc.record({
        index: fc.oneof(fc.integer({ min: -1, max: 4 }), fc.jsonValue()),
        embedding: fc.jsonValue(),
      }),
    ),
  }),
  fc.record({ embeddings: fc.oneof(fc.record({ float: fc.jsonValue() }), fc.array(fc.jsonValue())) }),
  fc.array(fc.array(fc.oneof(fc.double(), fc.jsonValue()))),
);

describe('any reply', () => {
  it.each(Object.entries(PROVIDERS))('%s: gives vectors of length 1, or a sentence', (_name, provider) => {
    fc.assert(
      fc.property(almost, fc.integer({ min: 1, max: 4 }), (reply, count) => {
        const found = vectorsOfReply(provider.read(reply), count, undefined);
        if (typeof found === 'string') {
          expect(found).toMatch(/\w+ \w+/);
          return;
        }
        expect(found).toHaveLength(count);
        expect(new Set(found.map((vector) => vector.length)).size).toBe(1);
        for (const vector of found) expect(Math.hypot(...vector)).toBeCloseTo(1, 4);
      }),
    );
  });

  it('base64 and decimal numbers are the same vectors', () => {
    const finite = fc.float({ noNaN: true, noDefaultInfinity: true, min: -10, max: 10 });
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1, maxLength: 40 }), (values) => {
        const base64 = Buffer.from(Float32Array.from(values).buffer).toString('base64');
        expect(vectorsOfReply([{ values: base64 }], 1, undefined)).toEqual(
          vectorsOfReply([{ values }], 1, undefined),
        );
      }),
    );
  });

  it('an absurd number of dimensions is refused', () => {
    expect(vectorsOfReply([{ values: Array(20_000).fill(1) }], 1, undefined)).toMatch(/20000 dimensions/);
  });
});
