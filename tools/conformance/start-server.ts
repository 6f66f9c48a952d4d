/** Starts a server that prints where it is, and waits until it is ready. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface RunningServer {
  /** Of MCP. */
  readonly url: string;
  stop(): Promise<void>;
}

const START_MS = 30_000;

/** `args`: of Node. The server's index goes below `work`. @throws when it ends, or is not ready within 30 s */
export async function startServer(args: readonly string[], work: string): Promise<RunningServer> {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'] ?? '', CONEXUS_HOME: join(work, 'home') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  const url = await new Promise<string>((resolve, reject) => {
    const failed = () => reject(new Error(`the server did not start: ${log}`));
    const timer = setTimeout(failed, START_MS);
    const read = (text: string): void => {
      log += text;
      const [, address] = /MCP at (http\S+)\/mcp\b/.exec(log) ?? [];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.once('exit', failed);
  });
  for (let tries = 0; (await fetch(`${url}/readyz`)).status !== 200; tries++) {
    if (tries > 300) throw new Error('the server is never ready');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url: `${url}/mcp`,
    async stop() {
      const ended = once(child, 'exit');
      if (child.kill('SIGTERM')) await ended;
    },
  };
}
