/**
 * A real server on loopback that speaks the protocols of embedding and reranking services as their documentation has them,
 * with vectors that depend on the text alone. A test may have it answer anything else first.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
  readonly texts: readonly string[];
  readonly at: number;
}

/** Answers one request in another way than the protocol; undefined: as the protocol does. */
export type Misbehaviour = (
  request: SeenRequest,
  response: ServerResponse,
  proper: unknown,
) => unknown | Promise<unknown>;

export interface ProviderServer {
  readonly url: string;
  readonly requests: SeenRequest[];
  /** One for each of the next requests. */
  readonly next: Misbehaviour[];
  /** For every request, after `next` is used up. */
  always: Misbehaviour | undefined;
  dimensions: number;
  /** The vector of a text; by default one that depends on every letter. */
  vectorOf: (text: string, dimensions: number) => readonly number[];
  close(): Promise<void>;
}

export async function startProviderServer(): Promise<ProviderServer> {
  const requests: SeenRequest[] = [];
  const next: Misbehaviour[] = [];
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = JSON.parse(Buffer.concat(parts).toString('utf8')) as Record<string, unknown>;
    const path = request.url ?? '';
    const seen = { path, headers: request.headers, body, texts: textsOf(path, body), at: performance.now() };
    requests.push(seen);
    const proper = properReply(seen, provider);
    const misbehave = next.shift() ?? provider.always;
    if (misbehave) {
      const other = await misbehave(seen, response, proper);
      if (other === undefined) return;
      sendJson(response, 200, other);
    } else sendJson(response, 200, proper);
  };
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const provider: ProviderServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    next,
    always: undefined,
    dimensions: 8,
    vectorOf,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return provider;
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): undefined {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** Of length 1, different for different texts. */
export function vectorOf(text: string, dimensions: number): number[] {
  const bytes = createHash('sha256').update(text).digest();
  const values = Array.from(
    { length: dimensions },
    (_, i) => ((bytes[i % 32] as number) - 127.5) / 128 + i / 1e4,
  );
  const length = Math.hypot(...values);
  return values.map((value) => Math.fround(value / length));
}

function textsOf(path: string, body: Record<string, unknown>): string[] {
  if (path.includes(':batchEmbedContents'))
    return (body['requests'] as { content: { parts: { text: string }[] } }[]).map(
      ({ content }) => content.parts[0]?.text ?? '',
    );
  const texts = body['input'] ?? body['inputs'] ?? body['texts'] ?? body['documents'] ?? [];
  return texts as string[];
}

function properReply(
  { path, body, texts }: SeenRequest,
  { dimensions, vectorOf: vector }: ProviderServer,
): unknown {
  if (path.includes('rerank')) return scores(path, texts);
  const asked = body['dimensions'] ?? body['output_dimension'] ?? dimensions;
  const vectors = texts.map((text) => vector(text, asked as number));
  if (path === '/embed') return vectors;
  if (path === '/v2/embed') return { embeddings: { float: vectors } };
  if (path.includes(':batchEmbedContents')) return { embeddings: vectors.map((values) => ({ values })) };
  const data = vectors.map((values, index) => ({
    index,
    embedding:
      body['encoding_format'] === 'base64'
        ? Buffer.from(Float32Array.from(values).buffer).toString('base64')
        : values,
  }));
  return { object: 'list', data, usage: { total_tokens: texts.length } };
}

/** The longer text is the better one; listed best first, as the services do. */
function scores(path: string, texts: readonly string[]): unknown {
  const longest = Math.max(...texts.map((text) => text.length));
  const items = texts
    .map((text, index) => ({ index, score: text.length / longest }))
    .sort((a, b) => b.score - a.score);
  if (path === '/rerank') return items;
  const named = items.map(({ index, score }) => ({ index, relevance_score: score }));
  return path === '/v2/rerank' ? { results: named } : { data: named };
}
