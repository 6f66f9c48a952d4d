/**
 * A scan that several threads share. The job lies in the memory itself: a header in its first bytes, a table of parts, a
 * heap for each participant. Who takes part claims one part after the other until none is left, so that a slow or late
 * thread delays nobody. Knows no threads.
 */
import type { ScanKernel } from './scan-kernel.ts';

/** Reserved for the header, from address 0. */
export const HEADER_BYTES = 64;
/** Words of a part in the table; their meaning is at the kernel's source. */
export const PART_WORDS = 6;

/** Words of the header. */
const TICKET = 0;
const DONE = 1;
const QUERY = 2;
const K = 3;
const PARTS = 4;
const HEAPS = 5;
const HEAP_BYTES = 6;

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
  /** Heaps of all participants, one after the other; empty ones. */
  readonly heaps: number;
  readonly heapBytes: number;
}

export const partAddress = (parts: number, index: number): number => parts + index * PART_WORDS * 4;

export const heapBytes = (k: number): number => Math.ceil((4 + 8 * k) / 16) * 16;

/** The header outlives every growth of the memory, so a view of it stays valid. */
export const headerOf = (memory: WebAssembly.Memory): Int32Array =>
  new Int32Array(memory.buffer, 0, HEADER_BYTES / 4);

/** Nobody may be at work on another job. From here on everybody may claim. */
export function publishJob(header: Int32Array, job: ScanJob): void {
  header[QUERY] = job.query;
  header[K] = job.k;
  header[PARTS] = job.parts;
  header[HEAPS] = job.heaps;
  header[HEAP_BYTES] = job.heapBytes;
  Atomics.store(header, DONE, 0);
  const number = (Atomics.load(header, TICKET) >>> LEFT_BITS) + 1;
  Atomics.store(header, TICKET, (number << LEFT_BITS) | job.partCount);
}

/** Works until no part is left to claim; others may still be at theirs. */
export function takeParts(kernel: ScanKernel, header: Int32Array, participant: number): void {
  for (;;) {
    const ticket = Atomics.load(header, TICKET);
    const left = ticket & LEFT;
    if (left === 0) return;
    if (Atomics.compareExchange(header, TICKET, ticket, ticket - 1) !== ticket) continue;
    const word = (index: number) => (header[index] as number) >>> 0;
    const heap = word(HEAPS) + participant * word(HEAP_BYTES);
    kernel.scan(partAddress(word(PARTS), left - 1), word(QUERY), heap, word(K));
    Atomics.add(header, DONE, 1);
    Atomics.notify(header, DONE);
  }
}

/** false: after `ms` a part that was claimed is still not done, so its thread hangs or is gone. */
export function waitUntilDone(header: Int32Array, partCount: number, ms: number): boolean {
  const end = performance.now() + ms;
  for (;;) {
    const done = Atomics.load(header, DONE);
    if (done === partCount) return true;
    const left = end - performance.now();
    if (left <= 0) return false;
    Atomics.wait(header, DONE, done, left);
  }
}
