/** What profiles share: their context, a server that is warm, and the load that all of them vary. */
import type { Figure } from '../support/context.ts';
import { randomFrom } from '../support/numbers.ts';
import { applyLoad, type LoadPlan, type Measured } from './clients.ts';
import { type Call, type ChildOptions, type ServerProcess, startServer } from './servers.ts';

export interface LoadContext {
  readonly roots: Readonly<Record<string, string>>;
  readonly home: string;
  readonly mix: readonly Call[];
  readonly hybrid: readonly Call[];
  readonly heavy: readonly Call[];
  /** Of one step of a profile. */
  readonly seconds: number;
  /** Threads of each server; undefined: by the machine. */
  readonly queryThreads: number | undefined;
  /** Of the soak; all others have numbers of their own. */
  readonly clients: number;
  log(line: string): void;
}

export interface ProfileResult {
  readonly about: string;
  readonly figures: readonly (Figure & { readonly atLeast?: number })[];
  readonly runs: Readonly<Record<string, Measured>>;
  readonly points?: readonly SaturationPoint[];
}

export interface SaturationPoint {
  readonly connections: number;
  readonly perSecond: number;
  readonly p95Ms: number;
  readonly errors: number;
}

export type Profile = (context: LoadContext) => Promise<ProfileResult>;

/** Mean pause of a client: 500 of them ask 150 times a second. */
const THINK_MS = 3_333;

export async function withServer<T>(
  context: LoadContext,
  options: Omit<ChildOptions, 'roots' | 'home'>,
  work: (server: ServerProcess) => Promise<T>,
): Promise<T> {
  const { roots, home, queryThreads } = context;
  const server = await startServer({
    roots,
    home,
    ...(queryThreads !== undefined && { queryThreads }),
    ...options,
  });
  try {
    if (options.inProcess !== true && options.bare !== true) await warmUp(server, context);
    return await work(server);
  } finally {
    await server.close();
  }
}

/** Until indexes are checked and watched, and caches are filled as after some minutes of use. */
async function warmUp(server: ServerProcess, { roots, mix, hybrid, log }: LoadContext): Promise<void> {
  for (const repo of Object.keys(roots)) {
    const started = performance.now();
    while (!(await isWatched(server, repo))) {
      if (performance.now() - started > WATCHED_WITHIN_MS) throw new Error(`${repo} is not watched`);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    log(`${repo} watched after ${Math.round(performance.now() - started)} ms`);
  }
  const calls = [...hybrid.slice(0, 100), ...mix.slice(0, 100)];
  await applyLoad(server, { ...plan(calls, 2, 8), thinkMs: 5 });
}

const WATCHED_WITHIN_MS = 120_000;

async function isWatched(server: ServerProcess, repo: string): Promise<boolean> {
  const response = await fetch(`${server.url}/v1/status`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ repo }),
  });
  const { freshness } = (await response.json()) as { freshness?: { state: string; checked_by: string } };
  return freshness?.state === 'fresh' && freshness.checked_by === 'watcher';
}

export function plan(calls: readonly Call[], clients: number, seconds: number): LoadPlan {
  return { calls, clients: () => clients, seconds, thinkMs: THINK_MS, random: randomFrom(11) };
}

export const errorsFigure = ({ errorCount, requests }: Measured): Figure => ({
  name: 'errors',
  value: errorCount,
  unit: '',
  target: 0,
  note: `of ${requests} requests`,
});

/** Bound on asking each question once. */
export const MOST_WARMING_S = 120;
/** Connections without pauses. */
export const CALLERS = 16;
