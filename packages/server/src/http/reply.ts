/** A whole answer, and how it goes out. Every answer carries the same headers of caution. */
import type { ServerResponse } from 'node:http';

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Answers hold source code: nothing between here and the asker may keep them, and no browser may guess their type. */
const CAUTION = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const;

export const JSON_TYPE = { 'content-type': 'application/json' } as const;

export function jsonReply(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return { status, headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(value) };
}

/** Bytes of the body. */
export function sendReply(response: ServerResponse, { status, headers, body }: Reply): number {
  if (response.headersSent || response.destroyed) return 0;
  const data = body === undefined ? undefined : typeof body === 'string' ? Buffer.from(body) : body;
  response.writeHead(status, {
    ...CAUTION,
    ...headers,
    ...(status !== 202 && status !== 204 && { 'content-length': String(data?.length ?? 0) }),
  });
  response.end(data);
  return data?.length ?? 0;
}

export function startStream(response: ServerResponse): void {
  response.writeHead(200, {
    ...CAUTION,
    'cache-control': 'no-store, no-transform',
    'content-type': 'text/event-stream',
    // nginx would hold the stream back.
    'x-accel-buffering': 'no',
  });
}
