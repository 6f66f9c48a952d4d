/** Threads that run batches. A task that kills its thread fails alone: the thread is replaced. */
import { Worker } from 'node:worker_threads';
import type { BatchResult, BatchTask } from './batch.ts';

export interface WorkerRequest {
  readonly id: number;
  readonly root: string;
  readonly task: BatchTask;
}

export interface WorkerReply {
  readonly id: number;
  readonly result?: BatchResult;
  readonly error?: string;
}

export interface WorkerPool {
  readonly size: number;
  run(root: string, task: BatchTask): Promise<BatchResult>;
  /** Ends idle and busy threads; waiting tasks are rejected. */
  close(): Promise<void>;
}

interface Job {
  readonly request: WorkerRequest;
  readonly resolve: (result: BatchResult) => void;
  readonly reject: (error: Error) => void;
}

interface Seat {
  readonly worker: Worker;
  job: Job | undefined;
}

/** `entry` is the worker's script; threads start when first needed. */
export function createWorkerPool(entry: URL, size: number): WorkerPool {
  const seats = new Set<Seat>();
  const waiting: Job[] = [];
  let nextId = 1;
  let closed = false;

  const finish = (seat: Seat, reply: WorkerReply) => {
    const job = seat.job;
    seat.job = undefined;
    if (job?.request.id === reply.id) {
      if (reply.result) job.resolve(reply.result);
      else job.reject(new Error(reply.error ?? 'worker failed'));
    }
    if (waiting.length === 0) seat.worker.unref();
    dispatch();
  };

  const lose = (seat: Seat, error: Error) => {
    seats.delete(seat);
    seat.job?.reject(error);
    seat.job = undefined;
    if (!closed) dispatch();
  };

  const hire = (): Seat => {
    const worker = new Worker(entry, { name: 'conexus-indexer' });
    const seat: Seat = { worker, job: undefined };
    worker.on('message', (reply: WorkerReply) => finish(seat, reply));
    worker.on('error', (error) => lose(seat, error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', () => lose(seat, new Error('an indexing thread ended')));
    worker.unref();
    seats.add(seat);
    return seat;
  };

  function dispatch(): void {
    while (waiting.length > 0) {
      const seat = [...seats].find((candidate) => !candidate.job) ?? (seats.size < size ? hire() : undefined);
      if (!seat) return;
      seat.job = waiting.shift() as Job;
      seat.worker.ref();
      seat.worker.postMessage(seat.job.request);
    }
  }

  return {
    size,
    run(root, task) {
      if (closed) return Promise.reject(new Error('the worker pool is closed'));
      return new Promise((resolve, reject) => {
        waiting.push({ request: { id: nextId++, root, task }, resolve, reject });
        dispatch();
      });
    },
    async close() {
      closed = true;
      for (const job of waiting.splice(0)) job.reject(new Error('the worker pool is closed'));
      await Promise.all([...seats].map((seat) => seat.worker.terminate()));
    },
  };
}
