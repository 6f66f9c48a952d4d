import { expect, test } from 'vitest';
import { BITS, FIELDS, type Field } from '../model/packed-frequencies.ts';
import { embedQuery, FIELD_WEIGHTS, termWeight } from './pooling.ts';
import { createStaticModel } from './static-model.ts';

const words = ['alpha', 'beta', 'gamma'];
/** Each word points its own way. */
const model = () => createStaticModel('test', 4, words, Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0));
const packed = (counts: Partial<Record<Field, number>>) =>
  FIELDS.reduce((tf, field, i) => tf | ((counts[field] ?? 0) << (i * BITS)), 0);

test('a term weighs the sum over its fields of the field weight times 1 + ln tf / 2', () => {
  expect(termWeight(packed({ body: 1 }))).toBe(FIELD_WEIGHTS.body);
  expect(termWeight(packed({ body: 5, name: 2 }))).toBeCloseTo(
    FIELD_WEIGHTS.body * (1 + Math.log(5) / 2) + FIELD_WEIGHTS.name * (1 + Math.log(2) / 2),
  );
  expect(termWeight(packed({ name: 63 }))).toBeCloseTo(FIELD_WEIGHTS.name * (1 + Math.log(63) / 2));
  expect(termWeight(0)).toBe(0);
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
