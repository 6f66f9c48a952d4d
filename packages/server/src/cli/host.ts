/** What a command sees of the process: streams, environment, interruption, the engine. Replaced whole in tests. */
import { writeSync } from 'node:fs';
import type { Settings } from '../config/settings.ts';
import { processEnvironment } from '../config/settings.ts';
import type { Style } from '../render/style.ts';
import { makeStyle } from '../render/style.ts';
import type { EngineLoader } from '../workspaces/load-engine.ts';
import { loadEngine } from '../workspaces/load-engine.ts';

export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly platform: string;
  /** Writes as it is; resolves when more may be written. */
  out(text: string): Promise<void>;
  err(text: string): void;
  /** Some of the bytes to standard output or error, at once; how many. What fails ends nothing. @throws what the system says */
  putOut(data: Uint8Array): number;
  putErr(data: Uint8Array): number;
  readInput(maxBytes: number): Promise<string>;
  /** A person reads standard output. */
  readonly outIsTerminal: boolean;
  /** A person watches standard error: progress may be drawn. */
  readonly errIsTerminal: boolean;
  readonly columns: number;
  /** Aborts on the first Ctrl-C; the second ends the process at once. */
  interruption(): AbortSignal;
  readonly loadEngine: EngineLoader;
}

export function processHost(): Host {
  const { stdin, stdout, stderr } = process;
  return {
    ...processEnvironment(),
    out: (text) =>
      new Promise((resolve) => {
        if (stdout.write(text)) resolve();
        else stdout.once('drain', resolve);
      }),
    err: (text) => void stderr.write(text),
    putOut: (data) => writeSync(1, data),
    putErr: (data) => writeSync(2, data),
    readInput: (maxBytes) => readStream(stdin, maxBytes),
    outIsTerminal: stdout.isTTY === true,
    errIsTerminal: stderr.isTTY === true,
    // A terminal that does not know its width says 0.
    columns: stderr.columns || 80,
    interruption: onInterrupt,
    loadEngine,
  };
}

function onInterrupt(): AbortSignal {
  const controller = new AbortController();
  process.on('SIGINT', () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  });
  process.once('SIGTERM', () => controller.abort());
  return controller.signal;
}

/** At most about `maxBytes`: what lies beyond is refused by the operation's own bound, without reading it all. */
export async function readStream(stream: AsyncIterable<Buffer | string>, maxBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of stream) {
    const buffer = Buffer.from(part as Buffer);
    parts.push(buffer);
    bytes += buffer.length;
    if (bytes > maxBytes) break;
  }
  return Buffer.concat(parts).toString('utf8');
}

export function hostStyle(host: Host, settings: Settings): Style {
  return makeStyle(settings.color ?? host.outIsTerminal);
}

export function withLineEnd(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
