/**
 * A client that costs little beside the server it loads: keep-alive sockets and just enough of HTTP/1.1 to see where an
 * answer ends (Content-Length or chunks). Knows no protocol above.
 */
import { connect, type Socket } from 'node:net';

export interface Sent {
  /** Milliseconds of each answer, in the order of arrival. */
  readonly times: number[];
  readonly errors: string[];
  readonly seconds: number;
}

export interface PreparedRequest {
  readonly bytes: Buffer;
}

export function prepare(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): PreparedRequest {
  const { host, pathname } = new URL(url);
  const text = JSON.stringify(body);
  const lines = [
    `POST ${pathname} HTTP/1.1`,
    `Host: ${host}`,
    'Content-Type: application/json',
    'Accept: application/json, text/event-stream',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(text)}`,
  ];
  return { bytes: Buffer.from(`${lines.join('\r\n')}\r\n\r\n${text}`) };
}

export interface LoadOptions {
  readonly connections: number;
  readonly ms: number;
  /** Pause of each client between an answer and its next request; default none. */
  readonly thinkMs?: () => number;
  next(): PreparedRequest;
}

/** Each connection asks, waits for the whole answer, thinks, asks again. */
export async function load(url: string, options: LoadOptions): Promise<Sent> {
  const { hostname, port } = new URL(url);
  const sent: Sent & { seconds: number } = { times: [], errors: [], seconds: 0 };
  const started = performance.now();
  const end = started + options.ms;
  await Promise.all(
    Array.from({ length: options.connections }, async () => {
      const client = await openClient(hostname, Number(port));
      if (options.thinkMs !== undefined) await pause(options.thinkMs());
      while (performance.now() < end) {
        const at = performance.now();
        try {
          const status = await client.ask(options.next().bytes);
          if (status === 200) sent.times.push(performance.now() - at);
          else sent.errors.push(`status ${status}`);
        } catch (error) {
          sent.errors.push(String(error));
          break;
        }
        if (options.thinkMs !== undefined) await pause(options.thinkMs());
      }
      client.close();
    }),
  );
  sent.seconds = (performance.now() - started) / 1_000;
  return sent;
}

export interface OneClient {
  /** The status; 299 for an answer of MCP that says that the call failed. */
  ask(bytes: Buffer): Promise<number>;
  close(): void;
}

/** Not a status of HTTP: the call was answered, with an error of the tool. */
export const TOOL_ERROR = 299;

export async function openClient(host: string, port: number): Promise<OneClient> {
  const socket = await new Promise<Socket>((resolve, reject) => {
    const made = connect({ host, port, noDelay: true }, () => resolve(made));
    made.once('error', reject);
  });
  let arrived = '';
  let settle: { resolve(status: number): void; reject(error: Error): void } | undefined;
  socket.setEncoding('latin1');
  socket.on('data', (part: string) => {
    arrived += part;
    if (!isWhole(arrived)) return;
    const status = arrived.includes('"isError":true') ? TOOL_ERROR : Number(arrived.slice(9, 12));
    arrived = '';
    settle?.resolve(status);
  });
  socket.on('error', (error) => settle?.reject(error));
  socket.on('close', () => settle?.reject(new Error('closed')));
  return {
    ask: (bytes) =>
      new Promise((resolve, reject) => {
        settle = { resolve, reject };
        // Closed by the server between two questions: nothing would tell of it any more.
        if (!socket.writable) reject(new Error('closed'));
        else socket.write(bytes);
      }),
    close: () => void socket.destroy(),
  };
}

function isWhole(text: string): boolean {
  const head = text.indexOf('\r\n\r\n');
  if (head === -1) return false;
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, head)) ?? [];
  if (length !== undefined) return text.length >= head + 4 + Number(length);
  return text.endsWith('\r\n0\r\n\r\n') || !/\r\ntransfer-encoding: chunked/i.test(text.slice(0, head));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
