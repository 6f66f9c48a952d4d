/**
 * Runs a script of this package in a process of its own: bytes in, bytes out. For long arithmetic, which then has its own
 * compiler flags, its own bounded heap and a low priority, and gives its memory back when it ends. Knows nothing of the work.
 *
 * The script is one of ours and gets no shell, no argument, no environment and no descriptor but its two pipes. It ends with
 * whoever started it: its input stays open until then, and a closed input ends it (see `readInput`).
 */
import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const HEAP_MB = 1024;
/** Nothing that we run so long is worth having: a process that hangs must not stay. */
const LIMIT_MS = 10 * 60_000;

/**
 * What the script wrote. Rejects when it cannot be started, or ends with anything but success; an abort ends it. Not for a
 * thread that may be ended: nobody would take note of the process's end.
 */
export function runScript(
  entry: URL,
  input: readonly Uint8Array[],
  signal?: AbortSignal,
): Promise<Uint8Array> {
  // Where the program that runs us is no Node, it would start itself.
  if (process.versions['electron'] !== undefined) return Promise.reject(new Error('this is not Node'));
  return new Promise((resolve, reject) => {
    const script = fileURLToPath(entry);
    const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MB}`, script], {
      cwd: dirname(script),
      env: {},
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
      signal,
      windowsHide: true,
    });
    const output: Buffer[] = [];
    child.stdout.on('data', (bytes: Buffer) => output.push(bytes));
    child.on('error', reject);
    // Ended before it had read everything: its exit says so.
    child.stdin.on('error', () => {});
    child.on('close', (code, signal) => {
      if (code === 0) resolve(Buffer.concat(output));
      else reject(new Error(`the process ended with ${signal ?? code}`));
    });
    const length = input.reduce((sum, part) => sum + part.length, 0);
    const head = new Uint8Array(8);
    new DataView(head.buffer).setBigUint64(0, BigInt(length));
    for (const part of [head, ...input]) child.stdin.write(part);
  });
}

/** For the script: all of its input. Ends the process when who started it is gone; gives way to everybody else. */
export async function readInput(): Promise<Uint8Array> {
  yieldToOthers();
  process.stdin.on('end', () => process.exit(1));
  process.stdin.on('error', () => process.exit(1));
  process.stdout.on('error', () => process.exit(1));
  return new Promise((resolve) => {
    let length = -1;
    let read = 0;
    let parts: Buffer[] = [];
    process.stdin.on('data', (bytes: Buffer) => {
      parts.push(bytes);
      read += bytes.length;
      if (length < 0 && read >= 8) {
        parts = [Buffer.concat(parts)];
        length = Number((parts[0] as Buffer).readBigUInt64BE(0));
      }
      if (length >= 0 && read === length + 8) resolve(Uint8Array.from(Buffer.concat(parts).subarray(8)));
    });
  });
}

/** For the script: the last thing it does. */
export function writeOutput(bytes: Uint8Array): void {
  process.stdout.write(bytes, () => process.exit(0));
}

function yieldToOthers(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Not allowed here: it works at the usual priority.
  }
}
