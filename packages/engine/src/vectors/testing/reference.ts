/** What the scan is compared with: plain loops over floats, and vectors that are the same in every run. */

/** In doubles; 0 where either is all zeros. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let dot = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    dot += (a[i] as number) * (b[i] as number);
    aa += (a[i] as number) ** 2;
    bb += (b[i] as number) ** 2;
  }
  return aa === 0 || bb === 0 ? 0 : dot / Math.sqrt(aa) / Math.sqrt(bb);
}

/** Numbers from 0 to below 1 (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function randomRows(count: number, dims: number, seed: number): Int8Array {
  const next = randomNumbers(seed);
  const rows = new Int8Array(count * dims);
  for (let i = 0; i < rows.length; i++) rows[i] = Math.floor(next() * 256) - 128;
  return rows;
}

export function randomVector(dims: number, seed: number): Float32Array {
  const next = randomNumbers(seed);
  return Float32Array.from({ length: dims }, () => next() - 0.5);
}
