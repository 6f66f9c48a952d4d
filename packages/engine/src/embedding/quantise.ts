/** Rows of floats as small integers with one scale a row. Knows no words and no file. */

export type Bits = 4 | 8;

/**
 * A row as integers: `value = (level - half) * scale`, where `half` is 7.5 for 4 bits (all sixteen levels, none of them zero)
 * and 128 for 8 bits.
 */
export interface QuantisedRow {
  readonly scale: number;
  readonly levels: Uint8Array;
}

export const halfOf = (bits: Bits): number => (bits === 4 ? 7.5 : 128);
const topOf = (bits: Bits): number => (bits === 4 ? 15 : 255);

/** Shares of the largest value at which a row is clipped; the one with the least squared error is taken. */
const CLIPS: Readonly<Record<Bits, readonly number[]>> = {
  4: [1, 0.93, 0.86, 0.8, 0.74, 0.68, 0.62, 0.56],
  8: [1],
};

export function quantiseRow(row: Float32Array, bits: Bits): QuantisedRow {
  const largest = row.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const reach = bits === 4 ? 7.5 : 127;
  let best: QuantisedRow = { scale: 0, levels: levelsOf(row, 0, bits) };
  if (largest === 0) return best;
  let least = Number.POSITIVE_INFINITY;
  for (const clip of CLIPS[bits]) {
    const scale = (largest * clip) / reach;
    const levels = levelsOf(row, scale, bits);
    const error = squaredError(row, levels, scale, halfOf(bits));
    if (error >= least) continue;
    least = error;
    best = { scale, levels };
  }
  return best;
}

function levelsOf(row: Float32Array, scale: number, bits: Bits): Uint8Array {
  const half = halfOf(bits);
  const top = topOf(bits);
  return Uint8Array.from(row, (value) =>
    scale === 0 ? Math.round(half) : Math.min(top, Math.max(0, Math.round(value / scale + half))),
  );
}

function squaredError(row: Float32Array, levels: Uint8Array, scale: number, half: number): number {
  let sum = 0;
  for (let i = 0; i < row.length; i++) {
    const difference = (row[i] as number) - ((levels[i] as number) - half) * scale;
    sum += difference * difference;
  }
  return sum;
}

/**
 * Appends a vector as one row of signed bytes: the largest value becomes +-127, so the row keeps the direction only. Its reader
 * divides by the row's own norm. A vector of zeros stays zeros: nothing is known of the text. Error of a cosine: below .005.
 */
export function writeInt8Row(vector: Float32Array, into: Int8Array, at: number): void {
  let largest = 0;
  for (let i = 0; i < vector.length; i++) {
    const size = Math.abs(vector[i] as number);
    if (size > largest) largest = size;
  }
  const factor = largest > 0 ? 127 / largest : 0;
  for (let i = 0; i < vector.length; i++) into[at + i] = Math.round((vector[i] as number) * factor);
}
