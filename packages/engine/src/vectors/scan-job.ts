/**
 * A scan that several threads share. The job lies in the memory itself: a header in its first bytes; a table of parts, and a
 * heap for each part that a helper takes. Who takes part claims one part after the other until none is left. Nobody waits:
 * the caller scans a part that a helper has not finished once more. So a helper that is late, or hangs, may write to its
 * heap after the job; that room must not be used again before the part is done. Knows no threads.
 */
import type { ScanKernel } from './scan-kernel.ts';

/** Reserved for the header, from address 0. */
export const HEADER_BYTES = 64;
/** Words of a part in the table; their meaning is at the kernel's source. */
export const PART_WORDS = 7;
const DONE_WORD = 6;

/** Words of the header. */
const TICKET = 0;
const QUERY = 1;
const K = 2;
const PARTS = 3;
const HEAPS = 4;
/** f32: k rows are known that score as much. */
const FLOOR = 5;

/** The ticket: the low bits count the parts left, the others the jobs, so that a claim of an old job fails. */
const LEFT_BITS = 12;
const LEFT = (1 << LEFT_BITS) - 1;
export const MAX_PARTS = LEFT;

/** Addresses in the memory. */
export interface ScanJob {
  readonly parts: number;
  readonly partCount: number;
  readonly query: number;
  readonly k: number;
  /** The caller's, empty. */
  readonly heap: number;
  /** A heap for each part, empty; 0 when there are no helpers. */
  readonly heaps: number;
}

export const heapBytes = (k: number): number => Math.ceil((4 + 8 * k) / 16) * 16;

const partAddress = (parts: number, index: number): number => parts + index * PART_WORDS * 4;

/** The first bytes of the memory: a view of them outlives every growth. */
interface Header {
  readonly words: Int32Array;
  readonly floats: Float32Array;
}

export function headerOf(memory: WebAssembly.Memory): Header {
  const words = new Int32Array(memory.buffer, 0, HEADER_BYTES / 4);
  return { words, floats: new Float32Array(words.buffer, 0, HEADER_BYTES / 4) };
}

/** Without helpers. */
export function scanAlone(kernel: ScanKernel, job: ScanJob): void {
  let floor = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < job.partCount; index++)
    floor = kernel.scan(partAddress(job.parts, index), job.query, job.heap, job.k, floor);
}

/** From here on helpers may claim. */
export function publishJob({ words, floats }: Header, job: ScanJob): void {
  words[QUERY] = job.query;
  words[K] = job.k;
  words[PARTS] = job.parts;
  words[HEAPS] = job.heaps;
  floats[FLOOR] = Number.NEGATIVE_INFINITY;
  const number = (Atomics.load(words, TICKET) >>> LEFT_BITS) + 1;
  Atomics.store(words, TICKET, (number << LEFT_BITS) | job.partCount);
}

/** What a helper does when it is woken: parts, until none is left to claim. */
export function helpScan(kernel: ScanKernel, { words, floats }: Header): void {
  for (;;) {
    const ticket = Atomics.load(words, TICKET);
    const index = (ticket & LEFT) - 1;
    if (index < 0) return;
    // Read before the claim: if that succeeds, the job was still this one.
    const [query, k, parts, heaps] = [QUERY, K, PARTS, HEAPS].map(
      (word) => (words[word] as number) >>> 0,
    ) as [number, number, number, number];
    const floor = floats[FLOOR] as number;
    if (Atomics.compareExchange(words, TICKET, ticket, ticket - 1) !== ticket) continue;
    kernel.scan(partAddress(parts, index), query, heaps + index * heapBytes(k), k, floor);
  }
}

/**
 * The caller's share of a published job, and once more what helpers have left undone. Returns the heaps that hold what was
 * found: the caller's, and those of the parts that helpers did.
 */
export function scanShared(memory: WebAssembly.Memory, kernel: ScanKernel, job: ScanJob): readonly number[] {
  const { words, floats } = headerOf(memory);
  const own = new Set<number>();
  let floor = Number.NEGATIVE_INFINITY;
  const scan = (index: number) => {
    floor = kernel.scan(partAddress(job.parts, index), job.query, job.heap, job.k, floor);
    floats[FLOOR] = floor;
  };
  for (;;) {
    const ticket = Atomics.load(words, TICKET);
    const index = (ticket & LEFT) - 1;
    if (index < 0) break;
    if (Atomics.compareExchange(words, TICKET, ticket, ticket - 1) !== ticket) continue;
    own.add(index);
    scan(index);
  }
  const heaps = [job.heap];
  const table = tableOf(memory, job.parts, job.partCount + 1);
  for (let index = 0; index < job.partCount; index++) {
    if (own.has(index)) continue;
    if (isDone(table, index)) heaps.push(job.heaps + index * heapBytes(job.k));
    else {
      // A copy, because the helper has yet to say that it is done with its own.
      table.copyWithin(job.partCount * PART_WORDS, index * PART_WORDS, (index + 1) * PART_WORDS);
      scan(job.partCount);
    }
  }
  return heaps;
}

/** No helper will write to the heaps any more. */
export function isSettled(memory: WebAssembly.Memory, { parts, partCount }: ScanJob): boolean {
  const table = tableOf(memory, parts, partCount);
  for (let index = 0; index < partCount; index++) if (!isDone(table, index)) return false;
  return true;
}

/** Bytes of the table: one part more, for copies. */
export const tableBytes = (partCount: number): number => (partCount + 1) * PART_WORDS * 4;

const tableOf = (memory: WebAssembly.Memory, parts: number, count: number) =>
  new Int32Array(memory.buffer, parts, count * PART_WORDS);

const isDone = (table: Int32Array, index: number) =>
  Atomics.load(table, index * PART_WORDS + DONE_WORD) === 1;
