import { expect, test } from 'vitest';
import { BITS, FIELDS, type Field } from '../model/packed-frequencies.ts';
import { FIELD_WEIGHTS } from './pooling.ts';
import { createSegmentEmbedder } from './segment-embedder.ts';
import { createStaticModel } from './static-model.ts';

/** Each word points its own way. */
const model = () =>
  createStaticModel(
    'test',
    4,
    ['alpha', 'beta', 'gamma'],
    Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0),
  );
const packed = (counts: Partial<Record<Field, number>>) =>
  FIELDS.reduce((tf, field, i) => tf | ((counts[field] ?? 0) << (i * BITS)), 0);
const postings = (...pairs: readonly (readonly [doc: number, tf: number])[]) =>
  [Int32Array.from(pairs, ([doc]) => doc), Int32Array.from(pairs, ([, tf]) => tf)] as const;

const body = packed({ body: 1 });

test('a chunk is one row of bytes in the direction of its terms; what is unknown adds nothing', () => {
  const embedder = createSegmentEmbedder(model(), 3);
  embedder.add('=alpha', ...postings([0, 2]));
  embedder.add('alpha', ...postings([0, body]));
  embedder.add('beta', ...postings([0, packed({ name: 1 })]));
  embedder.add('gamma', ...postings([2, packed({ doc: 1 })]));
  embedder.add('unheardof', ...postings([0, body], [1, body]));
  const share = Math.round((127 * FIELD_WEIGHTS.body) / FIELD_WEIGHTS.name);
  expect([...embedder.finish()]).toEqual([share, 127, 0, 0, 0, 0, 0, 0, 0, 0, 127, 0]);
});

test('ranges of documents give the rows of the whole', () => {
  const lists = ['alpha', 'beta', 'gamma', 'alphabeta'].map(
    (term, t) =>
      [
        term,
        ...postings(...Array.from({ length: 20 }, (_, i) => [i * (t + 1), body + (i % 3)] as const)),
      ] as const,
  );
  const rows = (from: number, count: number) => {
    const embedder = createSegmentEmbedder(model(), count, from);
    for (const list of lists) embedder.add(...list);
    return [...embedder.finish()];
  };
  expect([...rows(0, 30), ...rows(30, 49), ...rows(79, 1)]).toEqual(rows(0, 80));
  expect(rows(0, 80).some((value) => value !== 0)).toBe(true);
});
