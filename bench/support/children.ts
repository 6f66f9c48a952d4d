/** Starts and drives the processes of `index-child.ts`. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { ChildReply, ChildRequest } from './index-child.ts';

export interface IndexChild {
  ask(request: ChildRequest): Promise<ChildReply>;
  /** Ends the process at once, as `kill -9` does. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

/** Resolves when the workspace is open. */
export async function startChild(root: string, home: string): Promise<IndexChild> {
  const child = fork(new URL('./index-child.ts', import.meta.url), [root, home], {
    execArgv: process.execArgv.filter((flag) => flag !== '--expose-gc'),
  });
  const gone = once(child, 'exit');
  const next = replies(child);
  const opened = await next();
  if (opened.error !== undefined) throw new Error(opened.error);
  return {
    ask(request) {
      child.send(request);
      return next();
    },
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
    async close() {
      child.send({ do: 'close' } satisfies ChildRequest);
      await gone;
    },
  };
}

/** Replies come in the order of requests; a child that dies answers what it still owes with an error. */
function replies(child: ChildProcess): () => Promise<ChildReply> {
  const waiting: ((reply: ChildReply) => void)[] = [];
  let dead = false;
  child.on('message', (reply: ChildReply) => waiting.shift()?.(reply));
  child.on('exit', (code, signal) => {
    dead = true;
    for (const tell of waiting.splice(0)) tell({ error: `the process ended (${signal ?? code})` });
  });
  return () =>
    new Promise((resolve) => {
      if (dead) resolve({ error: 'the process has ended' });
      else waiting.push(resolve);
    });
}
