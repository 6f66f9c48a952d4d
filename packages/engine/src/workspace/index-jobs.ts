/** Indexing runs of one workspace as jobs with a handle: one at a time, the newest kept for an hour. */
import { randomUUID } from 'node:crypto';
import type { IndexOptions } from '../engine.ts';
import { ConexusError } from '../model/errors.ts';
import type { IndexProgress, IndexReport, JobStatus } from '../model/search.ts';

export interface IndexJobs {
  /** The running job's status, or of a new one. */
  start(options?: WorkOptions): JobStatus;
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
  readonly options: WorkOptions;
  /** Callers that wait for it; a job that was started to run on its own does not end with them. */
  waiting: number;
  readonly isOwn: boolean;
}

export type WorkOptions = Pick<IndexOptions, 'rebuild' | 'paths' | 'embed'>;

/** Whether waiting for a running job gives what a new one would. */
function covers(running: WorkOptions, wanted: WorkOptions): boolean {
  if (wanted.embed === 'confirmed' && running.embed !== 'confirmed') return false;
  if (wanted.embed !== false && running.embed === false) return false;
  if (wanted.rebuild) return running.rebuild === true;
  return running.paths === undefined;
}

const KEEP_MS = 3_600_000;
const NO_PROGRESS: IndexProgress = {
  phase: 'walking',
  filesDone: 0,
  filesTotal: 0,
  bytesDone: 0,
  bytesTotal: 0,
  elapsedMs: 0,
};

export type JobEnded = (status: JobStatus, options: WorkOptions, ms: number) => void;

export function createIndexJobs(
  work: (options: IndexOptions) => Promise<IndexReport>,
  onEnded?: JobEnded,
): IndexJobs {
  let current: Job | undefined;

  const launch = (options: WorkOptions, isOwn: boolean): Job => {
    const controller = new AbortController();
    const listeners = new Set<(progress: IndexProgress) => void>();
    const ended = { at: 0 };
    const started = performance.now();
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
          const message =
            error instanceof ConexusError ? `${error.message} ${error.advice}` : 'internal error';
          const wasCancelled = controller.signal.aborted;
          job.status = wasCancelled
            ? { ...job.status, state: 'cancelled' }
            : { ...job.status, state: 'failed', error: message };
          throw error;
        },
      )
      .finally(() => {
        ended.at = Date.now();
        onEnded?.(job.status, options, performance.now() - started);
      });
    // A job nobody waits for must not bring the process down; its status tells.
    done.catch(() => {});
    const status: JobStatus = { id, state: 'running', progress: NO_PROGRESS };
    const job: Job = { status, controller, listeners, done, ended, options, waiting: 0, isOwn };
    return job;
  };

  const isRunning = () => current?.status.state === 'running';
  const find = (id?: string) => {
    const job = current && (id === undefined || current.status.id === id) ? current : undefined;
    return job && (job.ended.at === 0 || Date.now() - job.ended.at < KEEP_MS) ? job : undefined;
  };

  return {
    start(options = {}) {
      if (!isRunning()) current = launch(options, true);
      return (current as Job).status;
    },
    async run({ signal, onProgress, ...options }) {
      while (isRunning() && !covers((current as Job).options, options))
        await (current as Job).done.catch(() => {});
      if (!isRunning()) current = launch(options, false);
      const job = current as Job;
      if (onProgress) job.listeners.add(onProgress);
      try {
        return await waitFor(job, signal);
      } finally {
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

/** Ends the job when the last of those who asked for it gives up; others are only let go. */
function waitFor(job: Job, signal: AbortSignal | undefined): Promise<IndexReport> {
  job.waiting++;
  if (!signal) return job.done;
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      job.waiting--;
      if (job.waiting === 0 && !job.isOwn) job.controller.abort();
      else
        reject(
          new ConexusError(
            'cancelled',
            'Waiting for the index was cancelled.',
            'Indexing goes on; ask for its status.',
          ),
        );
    };
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
    job.done.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}
