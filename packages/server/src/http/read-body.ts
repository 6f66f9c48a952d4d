/** The body of a request -> JSON, within bounds of size, nesting and time. Refuses arrays: batches left the protocol, and one of them hangs the SDK. */
import type { IncomingMessage } from 'node:http';
import { badRequest, RPC } from './refusal.ts';

export interface BodyLimits {
  readonly body_bytes: number;
  readonly json_depth: number;
}

export interface Body {
  readonly value: Record<string, unknown>;
  readonly bytes: number;
}

/** @throws Refusal 400, 413, 415 */
export async function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Body> {
  if (!isJson(request.headers['content-type']))
    throw badRequest(415, 'The body is not declared as JSON', 'Send Content-Type: application/json.');
  if (request.headers['content-encoding'] !== undefined)
    throw badRequest(415, 'The body is compressed', 'Send it as it is, without Content-Encoding.');
  const buffer = await readBytes(request, limits.body_bytes);
  if (exceedsDepth(buffer, limits.json_depth))
    throw badRequest(
      400,
      `The JSON is nested deeper than ${limits.json_depth} levels`,
      'Send plain arguments.',
      RPC.invalidRequest,
    );
  return { value: parseObject(buffer), bytes: buffer.length };
}

/** A form or a text needs no preflight of a browser: taking it would let any web page ask. */
function isJson(contentType: string | undefined): boolean {
  return contentType !== undefined && /^application\/json\s*(;|$)/i.test(contentType);
}

function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return Promise.reject(tooLarge(maxBytes));
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    request.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes > maxBytes) {
        request.removeAllListeners('data');
        reject(tooLarge(maxBytes));
      } else parts.push(part);
    });
    const broken = (): void => reject(badRequest(400, 'The request broke off', 'Send it again.', RPC.parse));
    request.once('end', () => {
      // Every request closes: without this, each would make an error for nobody.
      request.off('close', broken);
      resolve(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts));
    });
    request.once('error', broken);
    request.once('close', broken);
  });
}

function tooLarge(maxBytes: number): Error {
  return badRequest(413, `The body is larger than ${maxBytes} bytes`, 'Shorten the query or task.');
}

function parseObject(buffer: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(buffer.toString('utf8'));
  } catch {
    throw badRequest(400, 'The body is not JSON', 'Send one JSON object.', RPC.parse);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw badRequest(
      400,
      Array.isArray(value)
        ? 'The body is an array; batches are not part of the protocol'
        : 'The body is no object',
      'Send one JSON object for each request.',
      RPC.invalidRequest,
    );
  return value as Record<string, unknown>;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Counts brackets outside strings. Before parsing, because what is built of deep nesting overflows stacks later. */
export function exceedsDepth(json: Uint8Array, maxDepth: number): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i];
    if (inString) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > maxDepth) return true;
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return false;
}
