// Bootstrap intervals over queries, with a fixed seed: the same two runs always give the same answer.

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface PairedDifference extends Interval {
  readonly n: number;
  /** Mean of (ours - theirs). */
  readonly mean: number;
  /** Two-sided: how often the difference, moved to mean 0, would be at least as far from 0. */
  readonly p: number;
}

export const RESAMPLES = 10_000;

/** mulberry32: small, seeded, and good enough to draw indices. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function resampledMeans(values: readonly number[], resamples: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  const means = new Float64Array(resamples);
  for (let i = 0; i < resamples; i++) {
    let sum = 0;
    for (let j = 0; j < values.length; j++) sum += values[Math.floor(random() * values.length)] ?? 0;
    means[i] = sum / values.length;
  }
  return means.sort();
}

function percentiles(sorted: Float64Array): Interval {
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { low: at(0.025), high: at(0.975) };
}

/** 95 % percentile interval of the mean. */
export function interval(values: readonly number[], resamples = 1000, seed = 0): Interval {
  return values.length === 0 ? { low: 0, high: 0 } : percentiles(resampledMeans(values, resamples, seed));
}

/** Paired bootstrap: queries are resampled, each with both of its scores. */
export function pairedBootstrap(
  ours: readonly number[],
  theirs: readonly number[],
  resamples = RESAMPLES,
  seed = 0,
): PairedDifference {
  if (ours.length !== theirs.length) throw new RangeError('paired runs need the same queries');
  const differences = ours.map((value, i) => value - (theirs[i] ?? 0));
  const observed = mean(differences);
  if (differences.length === 0) return { n: 0, mean: 0, low: 0, high: 0, p: 1 };
  const means = resampledMeans(differences, resamples, seed);
  // Rounding must not decide a tie: a difference of 1e-12 is none.
  const far = Math.abs(observed) - 1e-12;
  const extreme = means.filter((value) => Math.abs(value - observed) >= far).length;
  return { n: differences.length, mean: observed, ...percentiles(means), p: (extreme + 1) / (resamples + 1) };
}
