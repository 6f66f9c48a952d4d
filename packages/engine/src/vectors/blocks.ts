/**
 * Blocks of int8 rows in an arena: rows filled up to whole groups of four and to 16 bytes, their inverse norms, room for one
 * mask. Kept in order of their ids, because equal scores are ordered by block and row.
 */
import type { Arena } from './arena.ts';
import { maskBytes } from './row-mask.ts';
import type { ScanKernel } from './scan-kernel.ts';

export interface Block {
  readonly id: number;
  readonly rows: number;
  /** Rows with those that only fill the last group. */
  readonly padded: number;
  /** Addresses in the arena. */
  readonly vectors: number;
  readonly inverseNorms: number;
  readonly mask: number;
}

/** Four rows share a load of the query. */
const GROUP = 4;

/** Rows brought into groups at a time, a multiple of four: what this takes besides the block stays small. */
const STAGED_ROWS = 256;

/** Bytes from one row to the next. */
export const strideOf = (dims: number): number => Math.ceil(dims / 16) * 16;

/** Copies `rows` (row after row, `dims` each) into the arena. */
export function placeBlock(
  arena: Arena,
  kernel: ScanKernel,
  id: number,
  rows: Int8Array,
  dims: number,
): Block {
  const stride = strideOf(dims);
  const count = rows.length / dims;
  const padded = Math.ceil(count / GROUP) * GROUP;
  const vectors = arena.take(bytesOf(padded, stride));
  const inverseNorms = vectors + padded * stride;
  const staging = takeOrGive(arena, STAGED_ROWS * stride, vectors);
  for (let row = 0; row < count; row += STAGED_ROWS) {
    const staged = Math.min(STAGED_ROWS, count - row);
    const values = rows.subarray(row * dims, (row + staged) * dims);
    stage(new Int8Array(arena.memory.buffer, staging, STAGED_ROWS * stride), values, dims, stride);
    const groups = Math.ceil(staged / GROUP);
    kernel.place(staging, groups, stride, vectors + row * stride, inverseNorms + row * 4);
  }
  arena.give(staging);
  new Float32Array(arena.memory.buffer, inverseNorms, padded).fill(Number.NaN, count);
  return { id, rows: count, padded, vectors, inverseNorms, mask: inverseNorms + padded * 4 };
}

/** A piece; where there is no room, the other is given back. */
function takeOrGive(arena: Arena, bytes: number, other: number): number {
  try {
    return arena.take(bytes);
  } catch (error) {
    arena.give(other);
    throw error;
  }
}

/** Row after row, each filled up with zeros, and zeros behind them. */
function stage(target: Int8Array, values: Int8Array, dims: number, stride: number): void {
  if (stride === dims) target.set(values);
  else
    for (let row = 0; row * dims < values.length; row++) {
      target.set(values.subarray(row * dims, (row + 1) * dims), row * stride);
      target.fill(0, row * stride + dims, (row + 1) * stride);
    }
  target.fill(0, (values.length / dims) * stride);
}

/** Address of a row's first values; the kernel says where the others are. */
export function rowAddress({ vectors }: Block, row: number, stride: number): number {
  return vectors + (row - (row % GROUP)) * stride + (row % GROUP) * 8;
}

/** The block as it is, in another arena. */
export function moveBlock(block: Block, from: Arena, to: Arena, stride: number): Block {
  const bytes = bytesOf(block.padded, stride);
  const address = to.take(bytes);
  new Uint8Array(to.memory.buffer, address, bytes).set(
    new Uint8Array(from.memory.buffer, block.vectors, bytes),
  );
  const by = address - block.vectors;
  return {
    ...block,
    vectors: address,
    inverseNorms: block.inverseNorms + by,
    mask: block.mask + by,
  };
}

const bytesOf = (padded: number, stride: number) => padded * (stride + 4) + maskBytes(padded);
