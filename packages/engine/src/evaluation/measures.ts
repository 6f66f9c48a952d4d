/**
 * How good a ranked list of files is, and how sure that is: recall at a cut, reciprocal rank, nDCG, and bootstrap intervals with
 * a fixed seed, so that the same lists always give the same figures. Knows numbers and paths only.
 */
import type { FilePath } from '../model/file.ts';

export const MEASURES = ['R@1', 'R@5', 'R@10', 'MRR', 'nDCG@10'] as const;
export type Measure = (typeof MEASURES)[number];
export type Scores = Readonly<Record<Measure, number>>;

/** A mean with its 95 % interval. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 2_000;
const SEED = 1;

/** `files`: best first, each once. Every expected file counts alike. */
export function scoreFiles(files: readonly FilePath[], expected: readonly FilePath[]): Scores {
  const gold = new Set(expected);
  const isGold = files.map((file) => gold.has(file));
  const recallAt = (cut: number) => isGold.slice(0, cut).filter(Boolean).length / Math.max(1, gold.size);
  const first = isGold.indexOf(true) + 1;
  return {
    'R@1': recallAt(1),
    'R@5': recallAt(5),
    'R@10': recallAt(10),
    MRR: first === 0 ? 0 : 1 / first,
    'nDCG@10': ndcg(isGold.slice(0, 10), gold.size),
  };
}

function ndcg(isGold: readonly boolean[], golds: number): number {
  const gain = (rank: number) => 1 / Math.log2(rank + 2);
  let found = 0;
  let ideal = 0;
  for (let rank = 0; rank < Math.max(isGold.length, golds); rank++) {
    if (isGold[rank] === true) found += gain(rank);
    if (rank < golds) ideal += gain(rank);
  }
  return ideal === 0 ? 0 : found / ideal;
}

export function estimate(values: readonly number[]): Estimate {
  if (values.length === 0) return { mean: 0, low: 0, high: 0 };
  const random = seededRandom(SEED);
  const means = new Float64Array(RESAMPLES);
  for (let i = 0; i < RESAMPLES; i++) {
    let sum = 0;
    for (let j = 0; j < values.length; j++) sum += values[Math.floor(random() * values.length)] ?? 0;
    means[i] = sum / values.length;
  }
  means.sort();
  const at = (share: number) => means[Math.floor(share * (RESAMPLES - 1))] ?? 0;
  return { mean: mean(values), low: at(0.025), high: at(0.975) };
}

/** Of the differences, query by query: the spread that is common to both lists falls away. */
export function estimateDifference(ours: readonly number[], theirs: readonly number[]): Estimate {
  return estimate(ours.map((value, i) => value - (theirs[i] ?? 0)));
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** mulberry32: small, seeded, and good enough to draw indices. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
