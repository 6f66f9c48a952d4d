/**
 * The stdio server as a process: answers `initialize` before anything heavy is loaded, and ends when stdin closes, with
 * no worker or watcher left. Knows the process; the server itself is made in `build-server.ts`.
 */
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Settings } from '../config/settings.ts';
import { UNLISTED_TOOLS } from '../operations/registry.ts';
import { loadEngine } from '../workspaces/load-engine.ts';
import { serverWorkspaces } from '../workspaces/server-workspaces.ts';
import { buildMcpServer } from './build-server.ts';
import { stderrLog } from './log.ts';

/** What is being written when the client leaves gets this long; then the process ends, and resumes from what is published. */
const CLOSE_MS = 1_500;

/** Resolves when the client has gone and everything is closed; the caller ends the process. */
export async function serveMcpOverStdio(settings: Settings): Promise<void> {
  const workspaces = serverWorkspaces(settings, loadEngine, stderrLog);
  let warming = false;
  const onConnected = (): void => {
    if (warming) return;
    warming = true;
    // After the answer to `initialize` has left.
    setTimeout(() => void workspaces.warmUp(), 20).unref();
  };
  const gone = clientGone();
  const handle = serveStdio(
    () => buildMcpServer({ workspaces, log: stderrLog, unlisted: UNLISTED_TOOLS, onConnected }),
    {
      onerror: (error) => stderrLog(`protocol: ${error.message.slice(0, 200)}`),
    },
  );
  await gone;
  const closing = Promise.allSettled([handle.close(), workspaces.close()]);
  await Promise.race([closing, new Promise((resolve) => setTimeout(resolve, CLOSE_MS))]);
}

/** stdin ended, stdout broke, or the system asks the process to end. */
function clientGone(): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => resolve();
    process.stdin.once('end', done);
    process.stdin.once('close', done);
    process.stdout.once('error', done);
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, done);
  });
}
