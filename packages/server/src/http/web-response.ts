/** Between node:http and the web-standard Request and Response of the SDK. Knows no protocol. */
import type { Exchange } from './exchange.ts';
import { startStream } from './reply.ts';

/** Without body: the SDK is given the parsed message. */
export function toWebRequest({ request, path, signal }: Exchange): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    // The SDK needs no secret, and what it does not have it cannot tell.
    if (name === 'authorization' || name === 'cookie' || value === undefined) continue;
    headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return new Request(new URL(path, 'http://localhost'), { method: 'POST', headers, signal });
}

/** Bytes of the body. Waits for a client that reads slowly; ends with the exchange's signal. */
export async function sendWebResponse(
  web: Response,
  { response, signal, streaming }: Exchange,
): Promise<number> {
  if (response.headersSent || response.destroyed) return 0;
  const isStream = web.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (isStream) {
    startStream(response);
    streaming();
  } else {
    const allow = web.headers.get('allow');
    response.writeHead(web.status, {
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-type': web.headers.get('content-type') ?? 'application/json',
      ...(allow !== null && { allow }),
    });
  }
  let bytes = 0;
  if (web.body !== null) {
    const reader = web.body.getReader();
    const stop = (): void => void reader.cancel().catch(() => undefined);
    signal.addEventListener('abort', stop, { once: true });
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      bytes += part.value.length;
      if (!response.write(part.value) && !signal.aborted) await drained(response, signal);
    }
    signal.removeEventListener('abort', stop);
  }
  response.end();
  return bytes;
}

function drained(response: Exchange['response'], signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    response.once('drain', done);
    signal.addEventListener('abort', done, { once: true });
  });
}
