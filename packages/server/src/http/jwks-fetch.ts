/**
 * How the issuer's keys are fetched: from the configured address and no other, within a bound of bytes, and not again and again while
 * the issuer fails. What a token says has no part in it.
 */
import { makeBucket } from './limits.ts';

/** A set of keys has a few kilobytes. */
const MAX_BYTES = 256 * 1024;
/** Anybody can send a token: where the fetch fails, each would ask the issuer again. */
const BURST = 5;
const PER_SECOND = 0.2;

export type Fetch = (url: string, options: RequestInit) => Promise<Response>;

/** @throws Error when the issuer was asked too often, redirects, or sends too much */
export function jwksFetch(now: () => number = () => performance.now()): Fetch {
  const bucket = makeBucket(PER_SECOND, BURST, now);
  return async (url, options) => {
    if (bucket.take() > 0) throw new Error('they were asked for too often in a short time');
    const response = await fetch(url, { ...options, redirect: 'error' });
    const body = await readWithin(response, MAX_BYTES);
    return new Response(body, { status: response.status, headers: { 'content-type': 'application/json' } });
  };
}

async function readWithin({ body }: Response, maxBytes: number): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const part of body ?? []) {
    bytes += part.length;
    if (bytes > maxBytes) throw new Error(`they are more than ${maxBytes} bytes`);
    parts.push(part as Uint8Array<ArrayBuffer>);
  }
  return new Blob(parts);
}
