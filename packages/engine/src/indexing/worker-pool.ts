/**
 * Threads that run batches and merges. A task that ends its thread fails alone, with `WorkerLostError`: the thread is
 * replaced. Threads that have had nothing to do for a while end, because what parsers have taken is given back only then.
 */
import { Worker } from 'node:worker_threads';
import type { MergeInput, MergeOutput } from '../lexical/merge-segments.ts';
import type { FilePath } from '../model/file.ts';
import type { BatchResult, BatchTask } from './batch.ts';

export type WorkerRequest =
  | { readonly id: number; readonly root: string; readonly task: BatchTask; readonly asksMore: boolean }
  | { readonly id: number; readonly merge: readonly MergeInput[] }
  /** Answer to `wants`. */
  | { readonly id: number; readonly paths: readonly FilePath[] };

export interface WorkerReply {
  readonly id: number;
  readonly result?: BatchResult;
  readonly merged?: MergeOutput;
  readonly error?: string;
  /** The task goes on: it asks for more paths. */
  readonly wants?: boolean;
}

/** The thread ended while it worked on the task: out of memory, or a crash in a parser. */
export class WorkerLostError extends Error {
  override readonly name = 'WorkerLostError';
}

export interface WorkerPool {
  readonly size: number;
  /** `more` hands out further paths of the same batch; an empty list ends it. */
  run(root: string, task: BatchTask, more?: () => readonly FilePath[]): Promise<BatchResult>;
  merge(inputs: readonly MergeInput[]): Promise<MergeOutput>;
  /** Ends idle and busy threads; waiting tasks are rejected. */
  close(): Promise<void>;
}

interface Job {
  readonly request: WorkerRequest;
  readonly more: (() => readonly FilePath[]) | undefined;
  readonly resolve: (reply: WorkerReply) => void;
  readonly reject: (error: Error) => void;
}

interface Seat {
  readonly worker: Worker;
  job: Job | undefined;
  idle: NodeJS.Timeout | undefined;
}

const IDLE_MS = 10_000;
/**
 * Left alone, each thread's heap grows to gigabytes before it is tidied, and is not given back. These bounds cost no time
 * (measured: 1.0 GB -> 0.6 GB at the peak of 88 MB of source, two threads). A batch needs about 150 MB.
 */
const LIMITS = { maxYoungGenerationSizeMb: 12, maxOldGenerationSizeMb: 512 };

/** `entry` is the worker's script; threads start when first needed. */
export function createWorkerPool(entry: URL, size: number, idleMs = IDLE_MS): WorkerPool {
  const seats = new Set<Seat>();
  const waiting: Job[] = [];
  let nextId = 1;
  let closed = false;

  const hear = (seat: Seat, reply: WorkerReply) => {
    const { job } = seat;
    if (job?.request.id !== reply.id) return;
    if (reply.wants) {
      seat.worker.postMessage({ id: reply.id, paths: job.more?.() ?? [] } satisfies WorkerRequest);
      return;
    }
    seat.job = undefined;
    if (reply.error === undefined) job.resolve(reply);
    else job.reject(new Error(reply.error));
    dispatch();
    if (!seat.job) rest(seat);
  };

  const rest = (seat: Seat) => {
    seat.worker.unref();
    seat.idle = setTimeout(() => {
      seats.delete(seat);
      void seat.worker.terminate();
    }, idleMs);
    seat.idle.unref();
  };

  const lose = (seat: Seat, why: string) => {
    seats.delete(seat);
    clearTimeout(seat.idle);
    seat.job?.reject(new WorkerLostError(`an indexing thread ended: ${why}`));
    seat.job = undefined;
    if (!closed) dispatch();
  };

  const hire = (): Seat => {
    const worker = new Worker(entry, { name: 'conexus-indexer', resourceLimits: LIMITS });
    const seat: Seat = { worker, job: undefined, idle: undefined };
    worker.on('message', (reply: WorkerReply) => hear(seat, reply));
    worker.on('error', (error) => lose(seat, error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => lose(seat, `exit ${code}`));
    seats.add(seat);
    return seat;
  };

  function dispatch(): void {
    while (waiting.length > 0) {
      const seat = [...seats].find((candidate) => !candidate.job) ?? (seats.size < size ? hire() : undefined);
      if (!seat) return;
      clearTimeout(seat.idle);
      seat.job = waiting.shift() as Job;
      seat.worker.ref();
      seat.worker.postMessage(seat.job.request, buffersOf(seat.job.request));
    }
  }

  const submit = (
    request: (id: number) => WorkerRequest,
    more?: () => readonly FilePath[],
  ): Promise<WorkerReply> => {
    if (closed) return Promise.reject(new Error('the worker pool is closed'));
    return new Promise((resolve, reject) => {
      waiting.push({ request: request(nextId++), more, resolve, reject });
      dispatch();
    });
  };

  return {
    size,
    run: async (root, task, more) =>
      (await submit((id) => ({ id, root, task, asksMore: more !== undefined }), more)).result as BatchResult,
    merge: async (inputs) => (await submit((id) => ({ id, merge: inputs }))).merged as MergeOutput,
    async close() {
      closed = true;
      for (const job of waiting.splice(0)) job.reject(new Error('the worker pool is closed'));
      for (const seat of seats) clearTimeout(seat.idle);
      await Promise.all([...seats].map((seat) => seat.worker.terminate()));
    },
  };
}

/** What a merge reads is moved to the thread, not copied. */
function buffersOf(request: WorkerRequest): ArrayBuffer[] {
  if (!('merge' in request)) return [];
  const arrays = request.merge.flatMap(({ segment }) => [segment.header, ...segment.pages]);
  return movable(arrays);
}

/** Buffers that hold nothing but the array: a view into a larger one would take its neighbours along. */
export function movable(arrays: readonly Uint8Array[]): ArrayBuffer[] {
  const whole = arrays.filter(({ buffer, byteLength }) => buffer.byteLength === byteLength);
  return [...new Set(whole.map(({ buffer }) => buffer as ArrayBuffer))];
}
