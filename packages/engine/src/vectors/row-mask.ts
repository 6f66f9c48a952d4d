/** Which rows of a block may be found: one bit a row, lowest first, so that a million rows are 125 KB. */
export type RowMask = Uint8Array;

/** For a block of any length: none of its rows. */
export const NO_ROWS: RowMask = new Uint8Array(0);

/** Bytes of a mask. */
export const maskBytes = (rows: number): number => (rows + 7) >> 3;

/**
 * A mask by runs of rows: run `i` are the rows from `bounds[i]` to before `bounds[i + 1]`, so that a run costs one question
 * whatever its length. `bounds` rise and begin with 0.
 */
export function maskOfRuns(bounds: Int32Array, allowed: (run: number) => boolean): RowMask {
  const mask = new Uint8Array(maskBytes(bounds.at(-1) ?? 0));
  for (let run = 0; run + 1 < bounds.length; run++) {
    if (allowed(run)) setBits(mask, bounds[run] as number, bounds[run + 1] as number);
  }
  return mask;
}

function setBits(mask: RowMask, from: number, to: number): void {
  let row = from;
  for (; row < to && row % 8 !== 0; row++) mask[row >> 3] = (mask[row >> 3] as number) | (1 << (row & 7));
  if (to - row >= 8) {
    mask.fill(255, row >> 3, to >> 3);
    row = to - (to % 8);
  }
  for (; row < to; row++) mask[row >> 3] = (mask[row >> 3] as number) | (1 << (row & 7));
}
