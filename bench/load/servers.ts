/** Starts the servers that are loaded, each a process of its own, and asks them what they use. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

export interface ChildOptions {
  /** Name -> folder; the first is the main one. */
  readonly roots: Readonly<Record<string, string>>;
  readonly home: string;
  /** Bytes of kept answers; undefined: as it is configured by default. */
  readonly cacheBytes?: number;
  /** Threads that answer searches; undefined: by the machine. */
  readonly queryThreads?: number;
  /** With the limits of a server as it starts; otherwise none that a measurement meets. */
  readonly limited?: boolean;
  /** The SDK's own server over the main repository, without anything of ours before it. */
  readonly bare?: boolean;
  /** No server: the same operations, called one after the other. */
  readonly inProcess?: boolean;
}

export interface Call {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

export type ChildRequest =
  | { readonly do: 'usage' }
  | { readonly do: 'calls'; readonly calls: readonly Call[]; readonly ms: number; readonly callers: number };

export interface Usage {
  readonly cpuMs: number;
  readonly mb: number;
  readonly delayP99Ms: number;
  readonly delayMaxMs: number;
}

export type ChildReply = { readonly url: string } | { readonly perSecond: number } | Usage;

export interface ServerProcess {
  /** Without a path. */
  readonly url: string;
  usage(): Promise<Usage>;
  /** Calls a second without a server; of `inProcess` only. */
  calls(calls: readonly Call[], ms: number, callers: number): Promise<number>;
  close(): Promise<void>;
}

export async function startServer(options: ChildOptions): Promise<ServerProcess> {
  const child: ChildProcess = fork(new URL('./server-child.ts', import.meta.url), [JSON.stringify(options)], {
    execArgv: process.execArgv.filter((flag) => flag !== '--expose-gc'),
  });
  const ended = once(child, 'exit').then((): never => {
    throw new Error('the server ended');
  });
  ended.catch(() => undefined);
  const reply = async (): Promise<ChildReply> =>
    ((await Promise.race([once(child, 'message'), ended])) as [ChildReply])[0];
  let last: Promise<unknown> = Promise.resolve();
  // Replies say not to what: one is asked for at a time.
  const ask = (request: ChildRequest): Promise<ChildReply> => {
    const asked = last.then(() => {
      child.send(request);
      return reply();
    });
    last = asked.catch(() => undefined);
    return asked;
  };
  const started = await reply();
  if (!('url' in started)) throw new Error('the server did not say where it is');
  return {
    url: started.url,
    async usage() {
      return (await ask({ do: 'usage' })) as Usage;
    },
    async calls(calls, ms, callers) {
      const done = await ask({ do: 'calls', calls, ms, callers });
      return 'perSecond' in done ? done.perSecond : Number.NaN;
    },
    async close() {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}
