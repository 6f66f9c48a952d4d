/** Calls over HTTP: REST of `conexus serve`, by `fetch`. Keeps nothing between calls. */
import { ConexusClientError, cancelled, isObject, timedOut, wireError } from './client-error.ts';
import type { Connection } from './connection.ts';

export interface HttpOptions {
  /** Address of the server, e.g. http://127.0.0.1:7979. */
  readonly url: string;
  /** Of `conexus keys create`, or an access token of the server's provider. */
  readonly key?: string;
}

export function connectHttp({ url: address, key }: HttpOptions, timeoutMs: number): Connection {
  const url = address.replace(/\/+$/, '');
  return {
    async call(operation, body, signal) {
      const timeout = AbortSignal.timeout(timeoutMs);
      let response: Response;
      let text: string;
      try {
        response = await fetch(`${url}/v1/${operation}`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            accept: 'application/json',
            ...(key !== undefined && { authorization: `Bearer ${key}` }),
          },
          body: JSON.stringify(body),
          signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
          // A key goes to the server it was made for, and not where that one points.
          redirect: 'error',
        });
        text = await response.text();
      } catch (cause) {
        throw noAnswer(url, cause, signal?.aborted === true);
      }
      if (response.ok) return parseObject(text, response.status);
      throw refusal(text, response);
    },
    close: async () => undefined,
  };
}

function noAnswer(url: string, cause: unknown, isCancelled: boolean): ConexusClientError {
  if (isCancelled) return cancelled(cause);
  if (cause instanceof Error && cause.name === 'TimeoutError') return timedOut(cause);
  return new ConexusClientError(
    {
      code: 'unreachable',
      message: `The server at ${url} cannot be reached`,
      advice: 'Check the address, and that "conexus serve" runs there.',
    },
    { cause },
  );
}

function refusal(text: string, { status, headers }: Response): ConexusClientError {
  const error = wireError(parseObject(text, status));
  if (error === undefined) throw notOurs(status);
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return new ConexusClientError(error, {
    status,
    ...(Number.isFinite(seconds) && { retryAfterSeconds: seconds }),
  });
}

function parseObject(text: string, status: number): object {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Told below, without the text: it may be anybody's page.
  }
  throw notOurs(status);
}

function notOurs(status: number): ConexusClientError {
  return new ConexusClientError(
    {
      code: 'unreachable',
      message: `What answered (status ${status}) is no Conexus`,
      advice: 'Check the address: it is that of "conexus serve", without a path.',
    },
    { status },
  );
}
