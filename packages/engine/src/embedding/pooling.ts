/**
 * How a document and a query are made of terms. A chunk is the sum over its terms of
 * `sum over fields of FIELD_WEIGHTS[field] * (1 + DAMPING * ln tf)` times the term's vector. Knows no text and no postings.
 */
import { BITS, FIELDS, type Field, MAX_TF } from '../model/packed-frequencies.ts';
import type { StaticModel } from './static-model.ts';

/** Part of every model's id: raise it when anything here changes what a vector is. */
export const POOLING_VERSION = 2;

/** A name says more of a chunk than a word of its body (the study: 3; ADR 0009). */
export const FIELD_WEIGHTS: Readonly<Record<Field, number>> = {
  body: 1,
  signature: 1,
  doc: 0.3,
  scope: 1,
  name: 3,
};

/** How much repetition in a field counts: 1 is the usual `1 + ln tf`, 0 would only ask whether the term occurs (ADR 0009). */
const DAMPING = 0.5;
/** Of one field, 0 for 0. */
const DAMPED = Float64Array.from({ length: MAX_TF + 1 }, (_, tf) =>
  tf === 0 ? 0 : 1 + DAMPING * Math.log(tf),
);
/** Weights by field and frequency, one after the other. */
const WEIGHTS = Float64Array.from({ length: FIELDS.length << BITS }, (_, i) => {
  return FIELD_WEIGHTS[FIELDS[i >> BITS] as Field] * (DAMPED[i & MAX_TF] as number);
});

/** Weight of a term of a document, from its packed frequencies. */
export function termWeight(tf: number): number {
  // Nearly all terms stand in the body only.
  if (tf <= MAX_TF) return WEIGHTS[tf] as number;
  let weight = 0;
  for (let at = 0, rest = tf; rest !== 0; rest >>>= BITS, at += MAX_TF + 1) {
    weight += WEIGHTS[at + (rest & MAX_TF)] as number;
  }
  return weight;
}

export interface WeightedTerm {
  readonly term: string;
  readonly weight: number;
}

/** Unit vector of a query or a path; zeros when nothing is known of its terms. */
export function embedQuery(model: StaticModel, terms: readonly WeightedTerm[]): Float32Array {
  const vector = new Float32Array(model.dims);
  for (const { term, weight } of terms) model.addTerm(term, weight, vector);
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (squares > 0 && Number.isFinite(squares)) {
    const share = 1 / Math.sqrt(squares);
    for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] as number) * share;
  } else vector.fill(0);
  return vector;
}
