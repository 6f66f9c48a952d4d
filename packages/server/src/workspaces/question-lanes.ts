/**
 * How many questions are worked on at once. Queries take the main thread's time: of many at once none ends early, each holds its memory,
 * and the caches of one push out those of the next. So few run, the others wait in order; those that take far longer run one at a time, so that
 * any number of them delays the rest by one of them. See docs/adr/0023-lanes.md.
 */
import type { CallOptions, Workspace } from '@conexus/engine';
import { UserError } from '../errors.ts';
import type { WorkspaceProvider } from '../operations/operation.ts';

export interface Lane {
  /** @throws UserError cancelled when the asker gives up while waiting */
  run<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T>;
}

export interface Lanes {
  readonly light: Lane;
  readonly heavy: Lane;
}

/** While one waits for the disk or for ripgrep, another has the thread. */
const LIGHT_AT_ONCE = 4;
const HEAVY_AT_ONCE = 1;

/** `threads`: that answer light questions beside the calling one; two each, so that none waits for the next. */
export function openLanes(threads: number): Lanes {
  return { light: openLane(LIGHT_AT_ONCE + 2 * threads), heavy: openLane(HEAVY_AT_ONCE) };
}

/** Shared by all repositories: the thread is the same. */
export function openLane(width: number): Lane {
  const waiting = new Set<() => void>();
  let running = 0;
  const next = (): void => {
    const [first] = waiting;
    if (first === undefined || running >= width) return;
    waiting.delete(first);
    running++;
    first();
  };
  const enter = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      const start = (): void => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = (): void => {
        if (waiting.delete(start)) reject(gaveUp(signal));
      };
      if (signal?.aborted === true) return reject(gaveUp(signal));
      signal?.addEventListener('abort', giveUp, { once: true });
      waiting.add(start);
      next();
    });
  return {
    async run(work, signal) {
      await enter(signal);
      try {
        return await work();
      } finally {
        running--;
        // Not in this turn of the event loop: requests that have come meanwhile are read first.
        setImmediate(next);
      }
    },
  };
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
