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
  const addresses = { vectors: 0, inverseNorms: 0, mask: 0 };
  const address = arena.take(bytesOf(padded, stride));
  addresses.vectors = address;
  addresses.inverseNorms = address + padded * stride;
  addresses.mask = addresses.inverseNorms + padded * 4;
  const target = new Int8Array(arena.memory.buffer, address, padded * stride);
  if (stride === dims) target.set(rows);
  else
    for (let row = 0; row < count; row++) {
      target.set(rows.subarray(row * dims, (row + 1) * dims), row * stride);
      target.fill(0, row * stride + dims, (row + 1) * stride);
    }
  target.fill(0, count * stride);
  kernel.invertNorms(address, stride, count, addresses.inverseNorms);
  new Float32Array(arena.memory.buffer, addresses.inverseNorms, padded).fill(Number.NaN, count);
  return { id, rows: count, padded, ...addresses };
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
