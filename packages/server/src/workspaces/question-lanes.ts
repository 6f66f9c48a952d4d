/**
 * How many questions are worked on at once. Queries take the main thread's time: of many at once none ends early, each holds its memory,
 * and the caches of one push out those of the next. So few run, the others wait in order; those that take far longer run one at a time, so that
 * any number of them delays the rest by one of them. Who would wait too long is refused when he comes, while that still helps him.
 * See docs/adr/0023-lanes.md and 0033-not-in-time.md.
 */
import type { CallOptions, Workspace } from '@conexus/engine';
import { UserError } from '../errors.ts';
import type { WorkspaceProvider } from '../operations/operation.ts';

export interface Lane {
  /** @throws UserError cancelled when the asker gives up while waiting; overloaded when he would wait for too long */
  run<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T>;
}

export interface Lanes {
  readonly light: Lane;
  readonly heavy: Lane;
}

/** While one waits for the disk or for ripgrep, another has the thread. */
const LIGHT_AT_ONCE = 4;
const HEAVY_AT_ONCE = 1;

export interface LaneObserver {
  /** A question's turn has come. */
  waited?(lane: keyof Lanes, ms: number): void;
  refused?(lane: keyof Lanes): void;
}

export interface LaneOptions {
  /** That answer light questions beside the calling one. */
  readonly threads?: number;
  /** Who is expected to wait longer is refused. Undefined: nobody is. */
  readonly waitMs?: number | undefined;
  readonly observer?: LaneObserver;
}

/** Two more at once for each thread, so that none waits for the next. */
export function openLanes({ threads = 0, waitMs, observer = {} }: LaneOptions): Lanes {
  const open = (name: keyof Lanes, width: number) =>
    openLane(width, {
      waitMs,
      waited: (ms) => observer.waited?.(name, ms),
      refused: () => observer.refused?.(name),
    });
  return { light: open('light', LIGHT_AT_ONCE + 2 * threads), heavy: open('heavy', HEAVY_AT_ONCE) };
}

interface LaneBound {
  readonly waitMs?: number | undefined;
  waited?(ms: number): void;
  refused?(): void;
}

/** What a question is taken to last before one has ended. */
const FIRST_MEAN_MS = 50;
/** Weight of the newest in the mean; about the last twenty count. */
const NEWEST = 0.1;
/** One that lasts far longer than those before counts as so many of them: it says little of the next one. */
const MOST_TIMES = 4;
/** Whose turn has not come after so many times what he was expected to wait at most: the lane has become slower since he came. */
const LATE_TIMES = 2;

/** Shared by all repositories: the thread is the same. */
export function openLane(width: number, { waitMs, waited, refused }: LaneBound = {}): Lane {
  const waiting = new Set<() => void>();
  let running = 0;
  let meanMs = FIRST_MEAN_MS;
  const next = (): void => {
    const [first] = waiting;
    if (first === undefined || running >= width) return;
    waiting.delete(first);
    running++;
    first();
  };
  /** Of who comes now: those before him and himself, as many at a time as the lane is wide. */
  const expectedMs = () => (running < width ? 0 : ((waiting.size + 1) / width) * meanMs);
  const refuse = (): UserError => {
    refused?.();
    return tooManyWait(expectedMs());
  };
  const enter = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      let late: NodeJS.Timeout | undefined;
      const start = (): void => {
        clearTimeout(late);
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const leave = (reason: () => Error): void => {
        if (!waiting.delete(start)) return;
        clearTimeout(late);
        signal?.removeEventListener('abort', giveUp);
        reject(reason());
      };
      const giveUp = (): void => leave(() => gaveUp(signal));
      if (signal?.aborted === true) return reject(gaveUp(signal));
      if (waitMs !== undefined && expectedMs() > waitMs) return reject(refuse());
      if (waitMs !== undefined && running >= width)
        late = setTimeout(() => leave(refuse), LATE_TIMES * waitMs);
      signal?.addEventListener('abort', giveUp, { once: true });
      waiting.add(start);
      next();
    });
  return {
    async run(work, signal) {
      const came = performance.now();
      await enter(signal);
      const started = performance.now();
      waited?.(started - came);
      try {
        return await work();
      } finally {
        running--;
        meanMs += NEWEST * (Math.min(performance.now() - started, MOST_TIMES * meanMs) - meanMs);
        // Not in this turn of the event loop: requests that have come meanwhile are read first.
        setImmediate(next);
      }
    },
  };
}

const MAX_RETRY_S = 30;

function tooManyWait(expectedMs: number): UserError {
  const seconds = Math.min(MAX_RETRY_S, Math.max(1, Math.ceil(expectedMs / 1_000)));
  return new UserError(
    'overloaded',
    `Too many questions wait for their turn: it would come in about ${seconds} s`,
    `Try again in ${seconds} s, with fewer requests at once.`,
    { retryAfterMs: seconds * 1_000 },
  );
}

/** The asker's own reason when it is one for users, e.g. a deadline. */
function gaveUp(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof UserError
    ? reason
    : new UserError('cancelled', 'The request was cancelled.', 'Send it again.');
}

const LANE_OF: Readonly<Partial<Record<keyof Workspace, keyof Lanes>>> = {
  search: 'light',
  locate: 'light',
  relations: 'light',
  grep: 'light',
  analyze: 'heavy',
  related: 'heavy',
  impact: 'heavy',
};

/** Everything else, e.g. the state of the index, is answered at once. */
export function lanedProvider<Provider extends WorkspaceProvider>(
  provider: Provider,
  lanes: Lanes,
): Provider {
  return {
    ...provider,
    ready: async (ctx) => laned(await provider.ready(ctx), lanes),
    open: async () => laned(await provider.open(), lanes),
  };
}

function laned(workspace: Workspace, lanes: Lanes): Workspace {
  return new Proxy(workspace, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      const lane = LANE_OF[key as keyof Workspace];
      if (lane === undefined || typeof value !== 'function') return value;
      const ask = value.bind(target) as (request: object, options?: CallOptions) => Promise<unknown>;
      return (request: object, options?: CallOptions) =>
        lanes[lane].run(() => ask(request, options), options?.signal);
    },
  });
}
