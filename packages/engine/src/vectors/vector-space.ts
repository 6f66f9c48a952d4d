/**
 * The vectors of an index in memory, and exact search among them: every row that may be found is compared, none is skipped
 * by guess. Blocks (the vectors of one segment) come and go. Knows no model, no file and no store.
 */
import type { ScanThreads } from '../ports/scan-threads.ts';
import { type Block, moveBlock, placeBlock, strideOf } from './blocks.ts';
import { type QueryVector, quantiseQuery } from './query-vector.ts';
import type { RowMask } from './row-mask.ts';
import { headerOf, MAX_PARTS, publishJob, scanAlone, scanShared } from './scan-job.ts';
import { cosineOf, openScanMemory, type ScanMemory } from './scan-memory.ts';

export interface VectorHit {
  readonly block: number;
  readonly row: number;
  /**
   * Cosine of the query and the row's int8 values; 0 where either is all zeros. The query's rounding moves it by 1e-5 as a
   * rule, at worst (one large value, the others tiny) by sqrt(dims) / 65,534 up to 512 dimensions; f32 rounding may leave
   * 1.0000001.
   */
  readonly score: number;
}

/** undefined: every row of the block may be found. */
export type MaskOf = (block: number) => RowMask | undefined;

/** One query; valid while the space is, whatever blocks come and go. */
export interface VectorQuery {
  /** The k rows of the highest cosine, best first, equal ones by block and row. */
  search(k: number, mask?: MaskOf): VectorHit[];
  /** Cosine with one row. Throws `RangeError` when there is none. */
  score(block: number, row: number): number;
}

export interface VectorSpace {
  /** Ids, ascending. */
  blocks(): number[];
  has(id: number): boolean;
  /** Copies the rows: `dims` values each, one after the other. Throws `ConexusError` when memory (4 GiB) is full. */
  addBlock(id: number, rows: Int8Array): void;
  /** Its memory serves later blocks, and goes back to the system once little of what was taken is in use. */
  dropBlock(id: number): void;
  /** What the memory takes. */
  readonly bytes: number;
  /** Throws `ConexusError` when the vector has another number of dimensions, or is not finite. */
  query(vector: Float32Array): VectorQuery;
}

export interface VectorSpaceOptions {
  /** 1 to 8,192. */
  readonly dims: number;
  /** Help with large scans; without them the caller's thread does everything. */
  readonly threads?: ScanThreads | undefined;
  /** So many bytes of rows or more are scanned with the help of threads. */
  readonly threadedBytes?: number;
}

/** Below it, waking a thread costs more than its help saves (measured: 13 MB lose 0.1 ms, 26 MB gain a third of
 * 1.5 ms, which nobody notices). */
const THREADED_BYTES = 64 << 20;
/** What one claim scans: small, because the caller does once more what helpers leave undone. */
const PART_BYTES = 1 << 20;
/** Memory from here on is given back when less than a quarter of it is in use. */
const SHRINK_BYTES = 16 << 20;

export function createVectorSpace(options: VectorSpaceOptions): VectorSpace {
  const { dims } = options;
  if (!(Number.isInteger(dims) && dims >= 1 && dims <= 8_192))
    throw new RangeError(`a vector cannot have ${dims} dimensions`);
  const stride = strideOf(dims);
  const blocks = new Map<number, Block>();
  let memory = openScanMemory(stride);

  /** The same blocks in a new memory. */
  const move = () => {
    const next = openScanMemory(stride);
    for (const [id, block] of blocks) blocks.set(id, moveBlock(block, memory.arena, next.arena, stride));
    memory = next;
  };

  const search = (query: QueryVector, k: number, mask: MaskOf): VectorHit[] => {
    if (!(Number.isInteger(k) && k >= 0)) throw new RangeError(`k is ${k}`);
    const ordered = [...blocks.values()].sort((a, b) => a.id - b.id);
    const wanted = Math.min(
      k,
      ordered.reduce((sum, { rows }) => sum + rows, 0),
    );
    if (wanted === 0) return [];
    return scanBlocks(memory, query, wanted, ordered, mask, options);
  };

  return {
    blocks: () => [...blocks.keys()].sort((a, b) => a - b),
    has: (id) => blocks.has(id),
    get bytes() {
      return memory.arena.size;
    },
    addBlock(id, rows) {
      if (blocks.has(id)) throw new RangeError(`block ${id} is there already`);
      if (rows.length % dims !== 0)
        throw new RangeError(`block ${id} has ${rows.length} values, no multiple of ${dims}`);
      blocks.set(id, placeBlock(memory.arena, memory.kernel, id, rows, dims));
    },
    dropBlock(id) {
      const block = blocks.get(id);
      if (!block) return;
      memory.arena.give(block.vectors);
      blocks.delete(id);
      const { size, used } = memory.arena;
      if (size >= SHRINK_BYTES && used < size / 4) move();
    },
    query(vector) {
      const query = quantiseQuery(vector, dims, stride);
      return {
        search: (k, mask = () => undefined) => search(query, k, mask),
        score(id, row) {
          const block = blocks.get(id);
          if (!block || !(row >= 0 && row < block.rows)) throw new RangeError(`no row ${row} in block ${id}`);
          return memory.cosine(query, block, row);
        },
      };
    },
  };
}

function scanBlocks(
  memory: ScanMemory,
  query: QueryVector,
  k: number,
  blocks: readonly Block[],
  mask: MaskOf,
  { threads, threadedBytes = THREADED_BYTES }: VectorSpaceOptions,
): VectorHit[] {
  const { kernel, stride, arena } = memory;
  const bytes = blocks.reduce((sum, { padded }) => sum + padded * stride, 0);
  const helpers =
    bytes >= threadedBytes && bytes / PART_BYTES + blocks.length <= MAX_PARTS ? threads : undefined;
  const partRows = helpers ? Math.ceil(PART_BYTES / stride / 8) * 8 : Number.POSITIVE_INFINITY;
  const masked = blocks.map((block) => ({ block, mask: mask(block.id) }));
  const job = memory.prepare(query, k, masked, partRows, helpers !== undefined);
  if (!helpers) {
    scanAlone(kernel, job);
    return hitsOf(memory.kept([job.heap], k), k, blocks, query);
  }
  publishJob(headerOf(arena.memory), job);
  helpers.wake(arena.memory);
  const heaps = scanShared(arena.memory, kernel, job);
  return hitsOf(memory.kept(heaps, k), k, blocks, query);
}

/** The k best of what the participants kept; of each, the block that has its number. */
function hitsOf(
  kept: { readonly number: number; readonly score: number }[],
  k: number,
  blocks: readonly Block[],
  query: QueryVector,
): VectorHit[] {
  kept.sort((a, b) => b.score - a.score || a.number - b.number);
  const ends: number[] = [];
  for (const { padded } of blocks) ends.push((ends.at(-1) ?? 0) + padded);
  return kept.slice(0, k).map(({ number, score }) => {
    const index = ends.findIndex((end) => number < end);
    const { id, padded } = blocks[index] as Block;
    return {
      block: id,
      row: number - ((ends[index] as number) - padded),
      score: cosineOf(score, query),
    };
  });
}
