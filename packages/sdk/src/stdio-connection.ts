/**
 * Calls over standard input and output: starts `conexus mcp` and speaks MCP 2026-07-28 with it, one JSON message a line,
 * without an SDK. The process starts at the first call, is started again by the next call if it ended, and ends with
 * `close`. What it writes is not trusted: other lines than answers are passed over, and a line is bounded.
 */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { ConexusClientError, cancelled, isObject, timedOut, wireError } from './client-error.ts';
import type { Connection } from './connection.ts';
import type { WireErrorCode } from './contract/index.ts';

export interface StdioOptions {
  /** The repository. Default: the working folder of this process. */
  readonly root?: string;
  /** Program and its first arguments; no shell reads them. Default: `conexus`, as found on the path. */
  readonly command?: readonly [string, ...string[]];
  /** The environment of the process. Default: that of this one. */
  readonly env?: Readonly<Record<string, string>>;
}

const PROTOCOL = '2026-07-28';
const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': PROTOCOL,
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'conexus-sdk', version: '0.1.0' },
  'conexus/output': 'structured',
};
/** Answers are bounded by `max_tokens`, some 400 KB at most; anything far beyond is no answer of ours. */
const MAX_LINE_CHARS = 1 << 26;
const STDERR_CHARS = 2_000;
/** The process ends by itself when its input ends; then it is asked, then it is ended. */
const END_MS = 3_000;
const CODE_OF_RPC: ReadonlyMap<unknown, WireErrorCode> = new Map([
  [-32_602, 'invalid_argument'],
  [-32_601, 'invalid_argument'],
  [-32_603, 'internal'],
]);

type Answer = Readonly<Record<string, unknown>>;

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: ConexusClientError): void;
}

interface Process {
  send(message: object): void;
  readonly waiting: Map<number, Waiting>;
  readonly hasEnded: () => boolean;
  end(): Promise<void>;
}

export function connectStdio(options: StdioOptions, timeoutMs: number): Connection {
  let running: Process | undefined;
  let isClosed = false;
  let lastId = 0;
  return {
    async call(operation, input, signal) {
      if (isClosed) throw unreachable('The client was closed', 'Make a new ConexusClient.');
      if (signal?.aborted) throw cancelled(signal.reason);
      if (running === undefined || running.hasEnded()) running = start(options);
      lastId += 1;
      const params = { name: operation, arguments: input, _meta: ENVELOPE };
      return outcomeOf(await ask(running, lastId, params, { signal, timeoutMs }));
    },
    async close() {
      isClosed = true;
      await running?.end();
    },
  };
}

function ask(
  process: Process,
  id: number,
  params: object,
  { signal, timeoutMs }: { readonly signal: AbortSignal | undefined; readonly timeoutMs: number },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const giveUp = (error: ConexusClientError): void => {
      if (!process.waiting.has(id)) return;
      process.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } });
      process.waiting.get(id)?.reject(error);
    };
    const onAbort = (): void => giveUp(cancelled(signal?.reason));
    const timer = setTimeout(() => giveUp(timedOut()), timeoutMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      process.waiting.delete(id);
    };
    process.waiting.set(id, {
      resolve(answer) {
        settle();
        resolve(answer);
      },
      reject(error) {
        settle();
        reject(error);
      },
    });
    process.send({ jsonrpc: '2.0', id, method: 'tools/call', params });
  });
}

/** An answer -> the operation's output. @throws ConexusClientError */
function outcomeOf({ result, error }: Answer): object {
  if (isObject(error)) {
    const code = CODE_OF_RPC.get(error['code']);
    if (code === undefined) throw notOurs();
    throw new ConexusClientError({
      code,
      message: typeof error['message'] === 'string' ? error['message'] : 'The server refused the call',
      advice: 'Use versions of the client and of conexus that belong together.',
    });
  }
  const structure = isObject(result) ? result['structuredContent'] : undefined;
  if (!isObject(structure)) throw notOurs();
  if ((result as Answer)['isError'] !== true) return structure;
  const failure = wireError(structure);
  throw failure === undefined ? notOurs() : new ConexusClientError(failure);
}

function start({ command = ['conexus'], root, env }: StdioOptions): Process {
  const [program, ...args] = command;
  const child = spawn(program, [...args, 'mcp', ...(root === undefined ? [] : ['--root', root])], {
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(env !== undefined && { env: { ...env } }),
  });
  const waiting = new Map<number, Waiting>();
  // Not its streams: what it started may hold them.
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let log = '';
  let ended = false;
  const fail = (what: string): void => {
    ended = true;
    const [last = ''] = log.trimEnd().split('\n').slice(-1);
    const error = unreachable(
      last === '' ? what : `${what}: ${last.slice(0, 300)}`,
      'Check the command, and that it starts "conexus mcp".',
    );
    for (const one of [...waiting.values()]) one.reject(error);
  };
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-STDERR_CHARS);
  });
  // Told when the process ends.
  child.stdin.on('error', () => undefined);
  child.once('error', (error) => fail(`The command "${program}" cannot be started (${error.message})`));
  child.once('close', () => fail(`The command "${program}" ended`));
  readLines(child, {
    onLine: (line) => answerTo(waiting, line),
    onOverlong() {
      child.kill('SIGKILL');
      fail(`The command "${program}" wrote a line without end`);
    },
  });
  return {
    send: (message) => void child.stdin.write(`${JSON.stringify(message)}\n`),
    waiting,
    hasEnded: () => ended,
    end: () => endProcess(child, exited),
  };
}

function readLines(
  { stdout }: ChildProcessWithoutNullStreams,
  { onLine, onOverlong }: { onLine(line: string): void; onOverlong(): void },
): void {
  let parts: string[] = [];
  let chars = 0;
  stdout.setEncoding('utf8').on('data', (text: string) => {
    const [first = '', ...more] = text.split('\n');
    parts.push(first);
    chars += first.length;
    for (const next of more) {
      onLine(parts.join(''));
      parts = [next];
      chars = next.length;
    }
    if (chars <= MAX_LINE_CHARS) return;
    parts = [];
    chars = 0;
    onOverlong();
  });
}

function answerTo(waiting: ReadonlyMap<number, Waiting>, line: string): void {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    return;
  }
  if (isObject(message) && typeof message['id'] === 'number' && !('method' in message))
    waiting.get(message['id'])?.resolve(message);
}

async function endProcess(child: ChildProcessWithoutNullStreams, exited: Promise<void>): Promise<void> {
  if (child.pid === undefined) return;
  child.stdin.end();
  const asked = setTimeout(() => child.kill('SIGTERM'), END_MS);
  const ended = setTimeout(() => child.kill('SIGKILL'), 2 * END_MS);
  await exited;
  clearTimeout(asked);
  clearTimeout(ended);
}

function unreachable(message: string, advice: string): ConexusClientError {
  return new ConexusClientError({ code: 'unreachable', message, advice });
}

function notOurs(): ConexusClientError {
  return unreachable(
    'What answered is no Conexus, or one of another version',
    'Check the command: it starts "conexus mcp".',
  );
}
