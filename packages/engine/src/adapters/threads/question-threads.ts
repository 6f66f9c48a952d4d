/**
 * Threads that answer questions: which there are, which has opened a root, which is asked. One that ends is replaced, ever later while it
 * goes on ending; what it was asked fails, because a question that ended one thread may end the next, or the caller's.
 */
import { Worker } from 'node:worker_threads';
import { ConexusError, cancelledBy, type ErrorCode } from '../../model/errors.ts';
import type { FilePath } from '../../model/file.ts';
import type { Observer, Stage } from '../../ports/observer.ts';
import type { QuestionThreads, ThreadQuestion } from '../../ports/question-threads.ts';

/** To the thread. */
export type ThreadRequest =
  | { readonly open: string }
  | { readonly forget: string }
  | { readonly suspect: string; readonly paths: readonly FilePath[] }
  | { readonly id: number; readonly question: ThreadQuestion }
  | { readonly cancel: number };

/** From the thread. */
export type ThreadReply =
  /** Open and watched: it may be asked. */
  | { readonly ready: string }
  /** Cannot be opened now, or has to be opened anew. */
  | { readonly gone: string }
  /** `answer` undefined: it rests on something else. */
  | {
      readonly id: number;
      readonly answer: object | undefined;
      readonly stages: readonly ThreadStage[];
    }
  | { readonly id: number; readonly error: ThreadError; readonly stages: readonly ThreadStage[] };

/** A stage that ended. */
export interface ThreadStage {
  readonly stage: Stage;
  readonly ms: number;
  /** In ms since 1970. Undefined: it was of no question, and ended since the last reply. */
  readonly startedAt?: number | undefined;
}

/** Errors lose their class on the way. Without `code`: a defect. */
export interface ThreadError {
  readonly message: string;
  readonly code?: ErrorCode;
  readonly advice?: string;
  readonly stack?: string | undefined;
}

/** What a thread is started with: options of its engine that can be copied. */
export interface ThreadStart {
  readonly home: string;
  readonly embedder?: 'builtin' | 'none' | undefined;
  readonly maxFileBytes?: number;
  readonly maxCacheBytes?: number;
  readonly adapts?: boolean;
}

interface Pending {
  settle(reply: Settled): void;
  reject(error: Error): void;
}

type Settled = Extract<ThreadReply, { readonly id: number }>;

interface Seat {
  readonly worker: Worker;
  /** Roots -> whether they may be asked yet. */
  readonly roots: Map<string, boolean>;
  readonly pending: Map<number, Pending>;
}

/** A workspace of a million chunks fits; postings and vectors lie outside the heap. */
const LIMITS = { maxOldGenerationSizeMb: 2048 };
/**
 * Questions that one thread has at a time where the caller has a processor, too: one in work, one that waits for the reply of the first to be read.
 * Beyond, the caller answers itself: a thread that gets little of a processor must not hold back what the caller could do.
 */
const MAX_PENDING = 2;
const FIRST_RESTART_MS = 1_000;
const LAST_RESTART_MS = 60_000;
/** A root that could not be opened is tried again after this. */
const REOPEN_MS = 2_000;

/** `entry`: script that gets `ThreadRequest`s. Threads start when they are first asked. */
export function createQuestionThreads(
  entry: URL,
  count: number,
  start: ThreadStart,
  { staged, callerHelps = true }: Pick<Observer, 'staged'> & { readonly callerHelps?: boolean } = {},
): QuestionThreads {
  const mostPending = callerHelps ? MAX_PENDING : Number.POSITIVE_INFINITY;
  const seats = openSeats(entry, count, start);
  let nextId = 1;
  return {
    async ask(question, signal) {
      const [seat] = seats.readyFor(question.root).sort((a, b) => a.pending.size - b.pending.size);
      if (seat === undefined || seat.pending.size >= mostPending) return undefined;
      if (signal?.aborted) throw cancelledBy(signal);
      const id = nextId++;
      const { promise, resolve, reject } = Promise.withResolvers<Settled>();
      const giveUp = (): void => {
        seat.pending.delete(id);
        send(seat, { cancel: id });
        reject(cancelledBy(signal));
      };
      // First: what cannot be sent must leave nobody waiting, whose end nobody would hear of.
      send(seat, { id, question });
      seat.pending.set(id, { settle: resolve, reject });
      signal?.addEventListener('abort', giveUp, { once: true });
      const reply = await promise.finally(() => signal?.removeEventListener('abort', giveUp));
      // Here, where whoever asked is known to those that watch.
      for (const { stage, ms, startedAt } of reply.stages) staged?.(stage, ms, startedAt);
      if ('error' in reply) throw errorOf(reply.error);
      return reply.answer;
    },
    suspect(root, paths) {
      for (const seat of seats.all()) if (seat.roots.has(root)) send(seat, { suspect: root, paths });
    },
    forget(root) {
      for (const seat of seats.all()) if (seat.roots.delete(root)) send(seat, { forget: root });
    },
    close: seats.close,
  };
}

interface Seats {
  all(): readonly Seat[];
  /** Those that may be asked about this root; the others are told to open it. */
  readyFor(root: string): Seat[];
  close(): Promise<void>;
}

function openSeats(entry: URL, count: number, start: ThreadStart): Seats {
  let seats: readonly Seat[] = [];
  let closed = false;
  let restartMs = FIRST_RESTART_MS;
  let hireAfter = 0;

  const lose = (seat: Seat): void => {
    if (!seats.includes(seat)) return;
    seats = seats.filter((other) => other !== seat);
    hireAfter = performance.now() + restartMs;
    restartMs = Math.min(LAST_RESTART_MS, restartMs * 2);
    for (const { reject } of seat.pending.values()) reject(lost());
  };

  const hire = (): void => {
    try {
      const worker = new Worker(entry, {
        name: 'conexus-questions',
        resourceLimits: LIMITS,
        workerData: start,
      });
      const seat: Seat = { worker, roots: new Map(), pending: new Map() };
      worker.on('message', (reply: ThreadReply) => {
        if (hear(seat, reply)) restartMs = FIRST_RESTART_MS;
      });
      worker.on('error', () => lose(seat));
      worker.on('exit', () => lose(seat));
      worker.unref();
      seats = [...seats, seat];
    } catch {
      // The system gives no more threads: the caller answers.
      hireAfter = performance.now() + LAST_RESTART_MS;
    }
  };

  return {
    all: () => seats,
    readyFor(root) {
      while (!closed && seats.length < count && performance.now() >= hireAfter) hire();
      return seats.filter((seat) => {
        if (!seat.roots.has(root)) {
          seat.roots.set(root, false);
          send(seat, { open: root });
        }
        return seat.roots.get(root);
      });
    },
    async close() {
      closed = true;
      const ending = seats;
      seats = [];
      for (const { pending } of ending) for (const { reject } of pending.values()) reject(lost());
      await Promise.all(ending.map(({ worker }) => worker.terminate()));
    },
  };
}

/** True: it was an answer. */
function hear({ roots, pending }: Seat, reply: ThreadReply): boolean {
  if ('ready' in reply) {
    if (roots.has(reply.ready)) roots.set(reply.ready, true);
    return false;
  }
  if ('gone' in reply) {
    roots.set(reply.gone, false);
    setTimeout(() => roots.delete(reply.gone), REOPEN_MS).unref();
    return false;
  }
  const asked = pending.get(reply.id);
  pending.delete(reply.id);
  asked?.settle(reply);
  return true;
}

const send = ({ worker }: Seat, request: ThreadRequest): void => worker.postMessage(request);

function errorOf({ code, message, advice = '', stack }: ThreadError): Error {
  if (code !== undefined) return new ConexusError(code, message, advice);
  return Object.assign(new Error(message), { stack });
}

const lost = (): ConexusError =>
  new ConexusError(
    'thread_lost',
    'The thread that worked on the question ended before it had an answer.',
    'Ask again, with a shorter or narrower question if this repeats.',
  );
