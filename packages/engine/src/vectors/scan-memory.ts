/** A memory with the kernel on it: blocks, one query, and what a scan needs. Knows what lies where; no threads. */
import { type Arena, createArena } from './arena.ts';
import { type Block, rowAddress } from './blocks.ts';
import type { QueryVector } from './query-vector.ts';
import { maskBytes, NO_ROWS, type RowMask } from './row-mask.ts';
import { HEADER_BYTES, heapBytes, isSettled, PART_WORDS, type ScanJob, tableBytes } from './scan-job.ts';
import { instantiateScan, type ScanKernel } from './scan-kernel.ts';

export interface ScanMemory {
  readonly arena: Arena;
  readonly kernel: ScanKernel;
  /** Bytes from one row to the next. */
  readonly stride: number;
  cosine(query: QueryVector, block: Block, row: number): number;
  /** Writes down what is to be scanned, in parts of at most `partRows` rows, a multiple of 8. */
  prepare(
    query: QueryVector,
    k: number,
    blocks: readonly MaskedBlock[],
    partRows: number,
    helped: boolean,
  ): ScanJob;
  /** What heaps hold: numbers count the rows of all blocks, with those that only fill groups. */
  kept(heaps: readonly number[], k: number): { readonly number: number; readonly score: number }[];
}

export interface MaskedBlock {
  readonly block: Block;
  /** undefined: every row may be found. */
  readonly mask: RowMask | undefined;
}

export function openScanMemory(stride: number): ScanMemory {
  const arena = createArena(HEADER_BYTES);
  const { memory } = arena;
  const kernel = instantiateScan(memory);
  const queryAddress = arena.take(stride * 2);
  const place = createJobRoom(arena);
  let loaded: QueryVector | undefined;
  /** A view for each cosine would take longer than the cosine. */
  let floats = new Float32Array(memory.buffer);

  const load = (query: QueryVector) => {
    if (loaded !== query) new Int16Array(memory.buffer, queryAddress, stride).set(query.values);
    loaded = query;
  };

  return {
    arena,
    kernel,
    stride,
    cosine(query, block, row) {
      load(query);
      const dot = kernel.dot(rowAddress(block, row, stride), stride, queryAddress);
      // Memory that has grown is another buffer.
      if (floats.buffer !== memory.buffer) floats = new Float32Array(memory.buffer);
      const norm = floats[block.inverseNorms / 4 + row] as number;
      return cosineOf(Math.fround(Math.fround(dot) * norm), query);
    },
    prepare(query, k, blocks, partRows, helped) {
      load(query);
      for (const each of blocks) writeMask(memory, each);
      const table = blocks.flatMap((each, i) => partsOf(each, numbersBefore(blocks, i), partRows, stride));
      const job = place(table.length, queryAddress, k, helped);
      new Uint32Array(memory.buffer, job.parts, table.length * PART_WORDS).set(table.flat());
      return job;
    },
    kept: (heaps, k) => heaps.flatMap((heap) => readHeap(memory, heap, k)),
  };
}

/** Of what the kernel gives for a row; keeps the order, so unequal scores stay unequal. 0, never -0. */
export const cosineOf = (score: number, { unit }: QueryVector): number => score * unit + 0;

/** Room for one job after the other: the same, unless a helper may still write to it. */
function createJobRoom(arena: Arena) {
  const { memory } = arena;
  const late: ScanJob[] = [];
  let last: ScanJob | undefined;
  let size = 0;

  return (partCount: number, query: number, k: number, helped: boolean): ScanJob => {
    for (const job of late.filter((each) => isSettled(memory, each))) {
      late.splice(late.indexOf(job), 1);
      arena.give(job.parts);
    }
    if (last && last.heaps > 0 && !isSettled(memory, last)) {
      late.push(last);
      last = undefined;
    }
    const table = Math.ceil(tableBytes(partCount) / 16) * 16;
    const heaps = helped ? partCount : 0;
    const bytes = table + heapBytes(k) * (1 + heaps);
    if (last && bytes > size) arena.give(last.parts);
    if (!last || bytes > size) {
      last = undefined;
      size = bytes * 2;
    }
    const parts = last ? last.parts : arena.take(size);
    const heap = parts + table;
    last = { parts, partCount, query, k, heap, heaps: helped ? heap + heapBytes(k) : 0 };
    for (let i = 0; i <= heaps; i++) new Uint32Array(memory.buffer, heap + i * heapBytes(k), 1)[0] = 0;
    return last;
  };
}

function writeMask(memory: WebAssembly.Memory, { block, mask }: MaskedBlock): void {
  if (!mask || mask === NO_ROWS) return;
  if (mask.length !== maskBytes(block.rows))
    throw new RangeError(`the mask of block ${block.id} has ${mask.length} bytes, not one bit a row`);
  new Uint8Array(memory.buffer, block.mask, mask.length).set(mask);
}

const numbersBefore = (blocks: readonly MaskedBlock[], end: number): number =>
  blocks.slice(0, end).reduce((sum, { block }) => sum + block.padded, 0);

/** Words as the kernel's `Part` has them. */
function partsOf(
  { block, mask }: MaskedBlock,
  firstNumber: number,
  partRows: number,
  stride: number,
): number[][] {
  const parts: number[][] = [];
  if (mask === NO_ROWS) return parts;
  for (let row = 0; row < block.padded; row += partRows) {
    parts.push([
      block.vectors + row * stride,
      block.inverseNorms + row * 4,
      mask ? block.mask + row / 8 : 0,
      Math.min(partRows, block.padded - row) / 4,
      firstNumber + row,
      stride,
      0,
    ]);
  }
  return parts;
}

function readHeap(memory: WebAssembly.Memory, address: number, k: number) {
  const size = new Uint32Array(memory.buffer, address, 1)[0] as number;
  const scores = new Float32Array(memory.buffer, address + 4, size);
  const numbers = new Uint32Array(memory.buffer, address + 4 + k * 4, size);
  return Array.from(scores, (score, i) => ({ score, number: numbers[i] as number }));
}
