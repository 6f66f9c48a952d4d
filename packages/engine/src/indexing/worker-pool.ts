/**
 * Threads that run batches and merges. A task that ends its thread fails alone, with `WorkerLostError`: the thread is
 * replaced, as is one that is at a single file for too long: no parser may keep an index from being built. Threads that have had nothing to do for a while end, because what parsers have taken is given back only then.
 */
import { type ResourceLimits, Worker } from 'node:worker_threads';
import type { ModelFile } from '../embedding/model-file.ts';
import type { GraphInput } from '../graph/resolve-packed.ts';
import type { GraphData } from '../graph/result/graph-data.ts';
import type { MergeInput, MergeOutput } from '../lexical/merge-segments.ts';
import type { FilePath } from '../model/file.ts';
import type { Source } from '../ports/source.ts';
import type { Adaptation } from './adapt-to-repository.ts';
import type { BatchResult, BatchTask } from './batch.ts';
import type { EmbeddableSegment } from './embed-segment.ts';

/** `bytes` only the first time a thread is told of the model. */
export type ModelMessage = Pick<ModelFile, 'id'> & Partial<Pick<ModelFile, 'bytes'>>;

export type WorkerRequest =
  | {
      readonly id: number;
      readonly root: string;
      readonly task: BatchTask;
      readonly asksMore: boolean;
      readonly model?: ModelMessage | undefined;
    }
  | { readonly id: number; readonly merge: readonly MergeInput[] }
  | { readonly id: number; readonly graph: GraphInput }
  | { readonly id: number; readonly embed: EmbeddableSegment; readonly model: ModelMessage }
  | { readonly id: number; readonly pairs: Adaptation }
  | { readonly id: number; readonly learn: Uint8Array; readonly model: ModelMessage }
  /** Answer to `wants`. */
  | { readonly id: number; readonly paths: readonly FilePath[] };

export interface WorkerReply {
  readonly id: number;
  readonly result?: BatchResult;
  readonly merged?: MergeOutput;
  readonly vectors?: Uint8Array;
  readonly pairs?: Uint8Array;
  readonly learned?: Uint8Array | undefined;
  readonly graph?: GraphData;
  readonly error?: string;
  /** The task goes on: it asks for more paths. */
  readonly wants?: boolean;
}

/** The thread ended while it worked on the task: out of memory, a crash in a parser, or one that did not come to an end. */
export class WorkerLostError extends Error {
  override readonly name = 'WorkerLostError';
  /** Of a thread that was ended because it was stuck: in which of the task's files, counted from 1. */
  readonly stuckIn: number | undefined;
  constructor(why: string, stuckIn?: number) {
    super(`an indexing thread ended: ${why}`);
    this.stuckIn = stuckIn;
  }
}

/** What a thread is started with: it counts the files it begins, which tells whether it gets on. */
export interface WorkerStart {
  readonly begun: Int32Array;
}

/** For the thread: counts each file that is read. */
export function countReads(source: Pick<Source, 'read'>, { begun }: WorkerStart): Pick<Source, 'read'> {
  return {
    read(path) {
      Atomics.add(begun, 0, 1);
      return source.read(path);
    },
  };
}

export interface WorkerPool {
  readonly size: number;
  /** `more` hands out further paths of the same batch; an empty list ends it. With a model, its vectors come along. */
  run(
    root: string,
    task: BatchTask,
    more?: () => readonly FilePath[],
    model?: ModelFile,
  ): Promise<BatchResult>;
  /** Vectors of a segment: see `embedSegment`. */
  embed(segment: EmbeddableSegment, model: ModelFile): Promise<Uint8Array>;
  /** See `encodeOwnPairs`. Ends with the signal, as does `learn`. */
  pairs(adaptation: Adaptation, signal?: AbortSignal): Promise<Uint8Array>;
  /** Bytes of a model that knows these pairs; undefined when there are too few. */
  learn(pairs: Uint8Array, model: ModelFile, signal?: AbortSignal): Promise<Uint8Array | undefined>;
  merge(inputs: readonly MergeInput[]): Promise<MergeOutput>;
  /** See `resolvePacked`. Ends with the signal. */
  resolve(input: GraphInput, signal?: AbortSignal): Promise<GraphData>;
  /** Ends idle and busy threads; waiting tasks are rejected. */
  close(): Promise<void>;
}

interface Job {
  readonly request: WorkerRequest;
  readonly model: ModelFile | undefined;
  readonly more: (() => readonly FilePath[]) | undefined;
  readonly resolve: (reply: WorkerReply) => void;
  readonly reject: (error: Error) => void;
}

interface Seat {
  readonly worker: Worker;
  /** Id of the model the thread has. */
  model: string | undefined;
  readonly begun: Int32Array;
  job: Job | undefined;
  idle: NodeJS.Timeout | undefined;
  /** Files begun before the job, and at the last look at it. */
  before: number;
  seen: number;
  /** When the count was last seen to move, on the clock of `performance.now()`. */
  movedAt: number;
  stuckIn: number | undefined;
}

const IDLE_MS = 10_000;
/** Parsers stop by themselves after seconds of work; on a machine that is very busy those may take a minute to pass. */
const FILE_LIMIT_MS = 60_000;
/**
 * Left alone, each thread's heap grows to gigabytes before it is tidied, and is not given back. These bounds cost no time
 * (measured: 1.0 GB -> 0.6 GB at the peak of 88 MB of source, two threads). A batch needs about 150 MB.
 */
const LIMITS: ResourceLimits = { maxYoungGenerationSizeMb: 12, maxOldGenerationSizeMb: 512 };

/** `entry` is the worker's script; threads start when first needed. */
export function createWorkerPool(
  entry: URL,
  size: number,
  idleMs = IDLE_MS,
  fileLimitMs = FILE_LIMIT_MS,
  resourceLimits = LIMITS,
): WorkerPool {
  const seats = new Set<Seat>();
  const waiting: Job[] = [];
  let nextId = 1;
  let closed = false;
  let watchdog: NodeJS.Timeout | undefined;

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
    seat.job?.reject(new WorkerLostError(why, seat.stuckIn));
    seat.job = undefined;
    if (!closed) dispatch();
  };

  const hire = (): Seat => {
    const begun = new Int32Array(new SharedArrayBuffer(4));
    const workerData: WorkerStart = { begun };
    const worker = new Worker(entry, { name: 'conexus-indexer', resourceLimits, workerData });
    const counts = { before: 0, seen: 0, movedAt: 0, stuckIn: undefined };
    const seat: Seat = { worker, begun, model: undefined, job: undefined, idle: undefined, ...counts };
    watchdog ??= setInterval(endStuck, fileLimitMs / 4, seats, fileLimitMs).unref();
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
      seat.before = seat.seen = Atomics.load(seat.begun, 0);
      seat.movedAt = performance.now();
      seat.worker.ref();
      seat.worker.postMessage(withModel(seat, seat.job), buffersOf(seat.job.request));
    }
  }

  const submit = (
    request: (id: number) => WorkerRequest,
    more?: () => readonly FilePath[],
    model?: ModelFile,
    signal?: AbortSignal,
  ): Promise<WorkerReply> => {
    if (closed) return Promise.reject(new Error('the worker pool is closed'));
    const { promise, resolve, reject } = Promise.withResolvers<WorkerReply>();
    const job: Job = { request: request(nextId++), model, more, resolve, reject };
    const end = () => cancel(job);
    waiting.push(job);
    dispatch();
    if (signal?.aborted) end();
    else signal?.addEventListener('abort', end, { once: true });
    return promise.finally(() => signal?.removeEventListener('abort', end));
  };

  /** A thread that computes hears nothing: it is ended. */
  const cancel = (job: Job) => {
    const at = waiting.indexOf(job);
    if (at >= 0) waiting.splice(at, 1);
    for (const seat of seats) if (seat.job === job) void seat.worker.terminate();
    job.reject(new Error('the task was cancelled'));
  };

  return {
    size,
    run: async (root, task, more, model) =>
      (await submit((id) => ({ id, root, task, asksMore: more !== undefined }), more, model))
        .result as BatchResult,
    embed: async (embed, model) =>
      (await submit((id) => ({ id, embed, model: { id: model.id } }), undefined, model))
        .vectors as Uint8Array,
    pairs: async (pairs, signal) =>
      (await submit((id) => ({ id, pairs }), undefined, undefined, signal)).pairs as Uint8Array,
    learn: async (learn, model, signal) =>
      (await submit((id) => ({ id, learn, model: { id: model.id } }), undefined, model, signal)).learned,
    merge: async (inputs) => (await submit((id) => ({ id, merge: inputs }))).merged as MergeOutput,
    resolve: async (graph, signal) =>
      (await submit((id) => ({ id, graph }), undefined, undefined, signal)).graph as GraphData,
    async close() {
      closed = true;
      clearInterval(watchdog);
      for (const job of waiting.splice(0)) job.reject(new Error('the worker pool is closed'));
      for (const seat of seats) clearTimeout(seat.idle);
      await Promise.all([...seats].map((seat) => seat.worker.terminate()));
    },
  };
}

/** A thread keeps the model it was told of last. */
function withModel(seat: Seat, { request, model }: Job): WorkerRequest {
  if (!model) return request;
  const { id, bytes } = model;
  const isKnown = seat.model === id;
  seat.model = id;
  return { ...request, model: isKnown ? { id } : { id, bytes } } as WorkerRequest;
}

/** Ends threads that have been at one file for longer than the limit. Other tasks read no files and are left alone. */
function endStuck(seats: ReadonlySet<Seat>, limitMs: number): void {
  const now = performance.now();
  for (const seat of seats) {
    if (!seat.job || !('task' in seat.job.request)) continue;
    const begun = Atomics.load(seat.begun, 0);
    if (begun !== seat.seen) {
      seat.seen = begun;
      seat.movedAt = now;
    } else if (now - seat.movedAt > limitMs) {
      seat.stuckIn = begun - seat.before;
      void seat.worker.terminate();
    }
  }
}

/** What a merge reads is moved to the thread, not copied. */
function buffersOf(request: WorkerRequest): ArrayBuffer[] {
  if ('embed' in request) return movable(request.embed.pages);
  if ('pairs' in request) return movable(request.pairs.code.flatMap(({ pages }) => pages));
  if ('graph' in request) return movable(request.graph.files.map(({ facts }) => facts));
  if (!('merge' in request)) return [];
  return movable(request.merge.flatMap(({ segment }) => [segment.header, ...segment.pages]));
}

/** Buffers that hold nothing but the array: a view into a larger one would take its neighbours along. */
export function movable(arrays: readonly Uint8Array[]): ArrayBuffer[] {
  const whole = arrays.filter(({ buffer, byteLength }) => buffer.byteLength === byteLength);
  return [...new Set(whole.map(({ buffer }) => buffer as ArrayBuffer))];
}
