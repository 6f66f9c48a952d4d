/** Indexing runs of one workspace as jobs with a handle: one at a time, the newest kept for an hour. */
import { randomUUID } from 'node:crypto';
import type { IndexOptions } from './engine.ts';
import { ConexusError } from './model/errors.ts';
import type { IndexProgress, IndexReport, JobStatus } from './model/search.ts';

export interface IndexJobs {
  /** The running job's status, or of a new one. */
  start(options?: Pick<IndexOptions, 'rebuild' | 'paths'>): JobStatus;
  /** Waits for a run of its own, or joins the running one. */
  run(options: IndexOptions): Promise<IndexReport>;
  get(id?: string): JobStatus | undefined;
  cancel(id?: string): JobStatus | undefined;
  readonly running: boolean;
  close(): Promise<void>;
}

interface Job {
  status: JobStatus;
  readonly controller: AbortController;
  readonly listeners: Set<(progress: IndexProgress) => void>;
  readonly done: Promise<IndexReport>;
  readonly ended: { at: number };
}

const KEEP_MS = 3_600_000;
const NO_PROGRESS: IndexProgress = { phase: 'walking', filesDone: 0, filesTotal: 0, bytesDone: 0, bytesTotal: 0, elapsedMs: 0 };

export function createIndexJobs(work: (options: IndexOptions) => Promise<IndexReport>): IndexJobs {
  let current: Job | undefined;

  const launch = (options: IndexOptions): Job => {
    const controller = new AbortController();
    const listeners = new Set<(progress: IndexProgress) => void>();
    const ended = { at: 0 };
    const id = randomUUID();
    const onProgress = (progress: IndexProgress) => {
      job.status = { ...job.status, progress };
      for (const listener of listeners) listener(progress);
    };
    const done = Promise.resolve()
      .then(() => work({ ...options, signal: controller.signal, onProgress }))
      .then(
        (report) => {
          job.status = { ...job.status, state: report.complete ? 'done' : 'cancelled', report };
          return report;
        },
        (error: unknown) => {
          const message = error instanceof ConexusError ? `${error.message} ${error.advice}` : 'internal error';
          job.status = { ...job.status, state: 'failed', error: message };
          throw error;
        },
      )
      .finally(() => {
        ended.at = Date.now();
      });
    // A job nobody waits for must not bring the process down; its status tells.
    done.catch(() => {});
    const job: Job = { status: { id, state: 'running', progress: NO_PROGRESS }, controller, listeners, done, ended };
    return job;
  };

  const isRunning = () => current?.status.state === 'running';
  const find = (id?: string) => {
    const job = current && (id === undefined || current.status.id === id) ? current : undefined;
    return job && (job.ended.at === 0 || Date.now() - job.ended.at < KEEP_MS) ? job : undefined;
  };

  return {
    start(options = {}) {
      if (!isRunning()) current = launch(options);
      return (current as Job).status;
    },
    async run({ signal, onProgress, ...options }) {
      if (!isRunning()) current = launch(options);
      const job = current as Job;
      const stop = () => job.controller.abort();
      if (signal?.aborted) stop();
      signal?.addEventListener('abort', stop);
      if (onProgress) job.listeners.add(onProgress);
      try {
        return await job.done;
      } finally {
        signal?.removeEventListener('abort', stop);
        if (onProgress) job.listeners.delete(onProgress);
      }
    },
    get: (id) => find(id)?.status,
    cancel(id) {
      const job = find(id);
      job?.controller.abort();
      return job?.status;
    },
    get running() {
      return isRunning();
    },
    async close() {
      current?.controller.abort();
      await current?.done.catch(() => {});
    },
  };
}
