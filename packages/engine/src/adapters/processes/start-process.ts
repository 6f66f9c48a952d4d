/**
 * Starts programs that others know to be safe: here, or by a small process of our own. A process is started by copying the tables of the memory
 * of the one that starts it: a server of 700 MB is held up for 10 to 20 ms of processor time by each start, one of 50 MB for less than one.
 */
import { spawn } from 'node:child_process';
import { type Readable, Writable } from 'node:stream';
import { startElsewhere } from './starter.ts';

export interface Command {
  readonly binary: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** All that it gets of one. */
  readonly env: Readonly<Record<string, string>>;
  /** Without it there is no standard input. */
  readonly hasInput: boolean;
  /** With all that it starts it is a group, and is killed with it. Not on Windows. */
  readonly isGroup: boolean;
}

export interface Started {
  /** Never fails: who ended before he had read everything says by his end what that means. */
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Once its output is read or destroyed. Rejects where it cannot be started. */
  readonly ended: Promise<Ended>;
  kill(): void;
}

export interface Ended {
  /** `null`: by a signal. */
  readonly code: number | null;
  /** The beginning of what it wrote to standard error. */
  readonly errorText: string;
}

export const MAX_ERROR_TEXT = 8192;

export function startProcess(command: Command): Started {
  return startElsewhere(command) ?? startHere(command);
}

export function startHere({ binary, args, cwd, env, hasInput, isGroup }: Command): Started {
  const ownGroup = isGroup && process.platform !== 'win32';
  const child = spawn(binary, args, {
    cwd,
    env,
    stdio: [hasInput ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    detached: ownGroup,
    windowsHide: true,
  });
  const { promise: ended, resolve, reject } = Promise.withResolvers<Ended>();
  let errorText = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errorText = (errorText + text).slice(0, MAX_ERROR_TEXT);
  });
  child.stdin?.on('error', () => {});
  child.once('error', reject);
  child.once('close', (code) => resolve({ code, errorText }));
  ended.catch(() => {});
  return {
    stdin: child.stdin ?? nowhere(),
    stdout: child.stdout as Readable,
    ended,
    kill() {
      // Once it has ended, its number may be another's.
      if (child.exitCode !== null || child.signalCode !== null) return;
      try {
        if (ownGroup && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // It has ended already.
      }
    },
  };
}

const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() });
