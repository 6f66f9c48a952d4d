/** The process as a command sees it: streams, colours, interruption. Knows no command. */
import type { Settings } from '../config/settings.ts';
import type { Style } from '../render/style.ts';
import { makeStyle } from '../render/style.ts';

export interface Terminal {
  readonly style: Style;
  /** A person watches stderr: progress may be drawn. */
  readonly interactive: boolean;
  /** Aborts on the first Ctrl-C; the second ends the process at once. */
  readonly signal: AbortSignal;
  out(text: string): void;
  err(text: string): void;
}

export function processTerminal(settings: Settings): Terminal {
  const { stdout, stderr } = process;
  const controller = new AbortController();
  process.on('SIGINT', () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  });
  process.once('SIGTERM', () => controller.abort());
  // `conexus search x | head -1` closes the pipe early; that is not an error.
  stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 3));
  return {
    style: makeStyle(settings.color ?? stdout.isTTY === true, stdout.columns),
    interactive: stderr.isTTY === true,
    signal: controller.signal,
    out: (text) => void stdout.write(text.endsWith('\n') ? text : `${text}\n`),
    err: (text) => void stderr.write(text.endsWith('\n') ? text : `${text}\n`),
  };
}

/** All of standard input, at most `maxBytes` (then the rest is not read and the operation's own bound refuses it). */
export async function readStandardInput(maxBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of process.stdin) {
    const buffer = Buffer.from(part as Buffer);
    parts.push(buffer);
    bytes += buffer.length;
    if (bytes > maxBytes) break;
  }
  return Buffer.concat(parts).toString('utf8');
}
