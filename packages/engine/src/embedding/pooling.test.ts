import { expect, test } from 'vitest';
import { BITS, FIELDS, type Field } from '../model/packed-frequencies.ts';
import { createChunkEmbedder, embedQuery, FIELD_WEIGHTS, termWeight } from './pooling.ts';
import { createStaticModel } from './static-model.ts';

const words = ['alpha', 'beta', 'gamma'];
/** Each word points its own way. */
const model = () => createStaticModel('test', 4, words, Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0));
const packed = (counts: Partial<Record<Field, number>>) =>
  FIELDS.reduce((tf, field, i) => tf | ((counts[field] ?? 0) << (i * BITS)), 0);

test('a term weighs the sum over its fields of the field weight times 1 + ln tf', () => {
  expect(termWeight(packed({ body: 1 }))).toBe(FIELD_WEIGHTS.body);
  expect(termWeight(packed({ body: 5, name: 2 }))).toBeCloseTo(
    FIELD_WEIGHTS.body * (1 + Math.log(5)) + FIELD_WEIGHTS.name * (1 + Math.log(2)),
  );
  expect(termWeight(packed({ name: 63 }))).toBeCloseTo(FIELD_WEIGHTS.name * (1 + Math.log(63)));
  expect(termWeight(0)).toBe(0);
});

test('a chunk is one row of bytes in the direction of its terms', () => {
  const embedder = createChunkEmbedder(model());
  embedder.add('alpha', packed({ body: 1 }));
  embedder.add('beta', packed({ name: 1 }));
  embedder.add('=alpha', 2);
  embedder.add('unheardof', packed({ body: 9 }));
  embedder.endChunk();
  embedder.endChunk();
  embedder.add('gamma', packed({ doc: 1 }));
  embedder.endChunk();
  const share = Math.round((127 * FIELD_WEIGHTS.body) / FIELD_WEIGHTS.name);
  expect([...embedder.take()]).toEqual([share, 127, 0, 0, 0, 0, 0, 0, 0, 0, 127, 0]);
  expect(embedder.take()).toHaveLength(0);
});

test('many chunks keep their order', () => {
  const embedder = createChunkEmbedder(model());
  for (let i = 0; i < 1000; i++) {
    embedder.add(words[i % 3] as string, packed({ body: 1 + (i % 7) }));
    embedder.endChunk();
  }
  const rows = embedder.take();
  expect(rows).toHaveLength(4000);
  for (let i = 0; i < 1000; i++) expect(rows[i * 4 + (i % 3)]).toBe(127);
});

test('a query is a unit vector, or zeros when nothing is known', () => {
  const vector = embedQuery(model(), [
    { term: 'alpha', weight: 3 },
    { term: 'beta', weight: 4 },
    { term: 'unheardof', weight: 9 },
  ]);
  expect(vector[0]).toBeCloseTo(0.6);
  expect(vector[1]).toBeCloseTo(0.8);
  expect([...embedQuery(model(), [])]).toEqual([0, 0, 0, 0]);
  expect([...embedQuery(model(), [{ term: 'alpha', weight: Number.NaN }])]).toEqual([0, 0, 0, 0]);
  expect([...embedQuery(model(), [{ term: 'alpha', weight: Number.POSITIVE_INFINITY }])]).toEqual([
    0, 0, 0, 0,
  ]);
});
