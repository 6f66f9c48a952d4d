import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EmbeddingOptions } from '../../model/embedding.ts';
import { ConexusError } from '../../model/errors.ts';
import type { Embedder } from '../../ports/embedder.ts';
import {
  type Misbehaviour,
  type ProviderServer,
  sendJson,
  startProviderServer,
  vectorOf,
} from '../network/testing/provider-server.ts';
import { openEmbedder } from './open-embedder.ts';
import { PROVIDERS } from './providers.ts';

const KEY = 'sk-very-secret-0123456789';
let server: ProviderServer;
let home: string;
const opened: Embedder[] = [];

beforeEach(async () => {
  server = await startProviderServer();
  home = mkdtempSync(join(tmpdir(), 'conexus-embedder-'));
});
afterEach(async () => {
  for (const embedder of opened.splice(0)) await embedder.close();
  await server.close();
  rmSync(home, { recursive: true });
});

function open(options: Partial<EmbeddingOptions> = {}): Embedder {
  const embedder = openEmbedder(
    {
      provider: 'openai',
      url: server.url,
      key: { from: 'CONEXUS_EMBEDDING_API_KEY', reveal: () => KEY },
      retryMs: 1,
      cacheBytes: 0,
      ...options,
    },
    home,
  );
  opened.push(embedder);
  return embedder;
}

const texts = (count: number) => Array.from({ length: count }, (_, i) => `text ${i}`);
const close = (vector: Float32Array | undefined, text: string, dimensions = 8) => {
  const wanted = vectorOf(text, dimensions);
  expect(vector).toHaveLength(dimensions);
  for (const [i, value] of wanted.entries()) expect(vector?.[i]).toBeCloseTo(value, 5);
};
const failure = async (work: Promise<unknown>): Promise<ConexusError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConexusError);
  return error as ConexusError;
};

describe('each provider', () => {
  const shapes = [
    { provider: 'openai', path: '/embeddings', auth: ['authorization', `Bearer ${KEY}`] },
    {
      provider: 'azure',
      model: 'my deployment',
      path: '/openai/deployments/my%20deployment/embeddings?api-version=2024-10-21',
      auth: ['api-key', KEY],
    },
    { provider: 'ollama', path: '/embeddings', auth: ['authorization', `Bearer ${KEY}`] },
    { provider: 'lmstudio', model: 'm', path: '/embeddings', auth: ['authorization', `Bearer ${KEY}`] },
    { provider: 'vllm', model: 'm', path: '/embeddings', auth: ['authorization', `Bearer ${KEY}`] },
    { provider: 'tei', path: '/embed', auth: ['authorization', `Bearer ${KEY}`] },
    { provider: 'voyage', path: '/embeddings', auth: ['authorization', `Bearer ${KEY}`] },
    { provider: 'cohere', path: '/v2/embed', auth: ['authorization', `Bearer ${KEY}`] },
    {
      provider: 'gemini',
      path: '/models/gemini-embedding-001:batchEmbedContents',
      auth: ['x-goog-api-key', KEY],
    },
  ] as const;

  it.each(shapes)(
    '$provider: sends its shape and reads its reply',
    async ({ provider, path, auth, ...more }) => {
      const embedder = open({ provider, documentPrefix: '', queryPrefix: '', ...more });
      const vectors = await embedder.embed(texts(3), 'document');
      texts(3).forEach((text, i) => void close(vectors[i], text));
      await embedder.embed(['a question'], 'query');
      expect(server.requests.map((request) => request.path)).toEqual([path, path]);
      expect(server.requests[0]?.headers[auth[0]]).toBe(auth[1]);
      expect(server.requests.map(({ body }) => body)).toMatchSnapshot();
    },
  );

  it('sends no header for a key where there is none', async () => {
    await open({ provider: 'ollama', key: undefined }).embed(['x'], 'document');
    expect(Object.keys(server.requests[0]?.headers ?? {})).not.toContain('authorization');
  });

  it('asks for dimensions, and refuses others', async () => {
    for (const provider of ['openai', 'voyage', 'cohere', 'tei'] as const) {
      const [vector] = await open({ provider, dimensions: 16 }).embed(['x'], 'document');
      expect(vector).toHaveLength(16);
    }
    server.next.push(() => [[1, 2, 3]]);
    const error = await failure(open({ provider: 'tei', dimensions: 16 }).embed(['x'], 'document'));
    expect(error.message).toContain('3 dimensions, not 16');
  });

  it('says what is missing before anything is sent', () => {
    expect(() => open({ provider: 'azure', url: undefined })).toThrow(/azure needs the address/);
    expect(() => open({ provider: 'vllm' })).toThrow(/vllm needs the name of the model/);
    expect(() => open({ provider: 'voyage', key: undefined })).toThrow(/voyage needs a key/);
  });
});

describe('identity', () => {
  it('tells model, dimensions, address and prefixes apart, and holds no secret', () => {
    const ids = [
      open().id,
      open({ model: 'other' }).id,
      open({ dimensions: 4 }).id,
      open({ url: `${server.url}/elsewhere` }).id,
      open({ documentPrefix: 'passage: ' }).id,
      open({ provider: 'voyage' }).id,
    ];
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.join()).not.toContain(KEY);
    expect(open({ url: undefined }).id).toBe('openai/text-embedding-3-small@native');
  });
});

describe('batches', () => {
  it('keep the order of many texts over several requests at a time', async () => {
    const all = texts(100);
    const vectors = await open({ provider: 'tei', concurrency: 3 }).embed(all, 'document');
    all.forEach((text, i) => void close(vectors[i], text));
    expect(server.requests.map((request) => request.texts.length).sort()).toEqual([32, 32, 32, 4].sort());
  });

  it('hold the limit of tokens, and send equal texts once', async () => {
    const long = 'word '.repeat(5_000);
    const all = [`${long}a`, `${long}b`, `${long}a`, `${long}c`];
    const vectors = await open({ provider: 'tei', concurrency: 1 }).embed(all, 'document');
    expect(vectors[0]).toEqual(vectors[2]);
    expect(server.requests.map((request) => request.texts.length)).toEqual([2, 1]);
  });

  it('send nothing for no texts', async () => {
    expect(await open().embed([], 'document')).toEqual([]);
    expect(server.requests).toEqual([]);
  });

  it('make empty, enormous and broken texts fit to be sent', async () => {
    const bad = ['', ' \n ', 'x'.repeat(5_000_000), 'lone \uD800 surrogate', 'nul\0', '漢字'.repeat(50_000)];
    const vectors = await open().embed(bad, 'document');
    expect(vectors.every((vector) => vector.length === 8)).toBe(true);
    const sent = server.requests.flatMap((request) => request.texts);
    expect(sent.every((text) => text.trim() !== '' && text.isWellFormed() && !text.includes('\0'))).toBe(
      true,
    );
    expect(Math.max(...sent.map((text) => Buffer.byteLength(text)))).toBeLessThanOrEqual(24_000);
  });

  it('are halved when the provider finds them too large, and then the text itself', async () => {
    server.always = ({ texts: asked }, response, proper) =>
      asked.length > 2 || (asked[0]?.length ?? 0) > 40
        ? sendJson(response, 400, { error: { message: 'maximum context length is 10 tokens' } })
        : proper;
    const all = [...texts(5), 'x'.repeat(100)];
    const vectors = await open().embed(all, 'document');
    close(vectors[4], 'text 4');
    expect(vectors[5]).toHaveLength(8);
    server.always = (_, response) => sendJson(response, 413, {});
    const error = await failure(open().embed(['small'], 'document'));
    expect(error).toMatchObject({ code: 'embedder_rejected' });
    expect(server.requests.length).toBeLessThan(40);
  });

  it('put before texts what the model wants', async () => {
    const embedder = open({ provider: 'ollama' });
    await embedder.embed(['a'], 'document');
    await embedder.embed(['b'], 'query');
    expect(server.requests.map((request) => request.texts)).toEqual([
      ['search_document: a'],
      ['search_query: b'],
    ]);
  });
});

describe('bad replies', () => {
  const vector = (value: unknown) => ({ data: [{ index: 0, embedding: value }] });
  const cases: readonly (readonly [what: string, reply: unknown, says: RegExp])[] = [
    ['half a batch', { data: [{ index: 0, embedding: [1, 2] }] }, /1 vectors for 2 texts/],
    ['too many', { data: [0, 1, 2].map((index) => ({ index, embedding: [1, 2] })) }, /3 vectors for 2 texts/],
    ['an index twice', { data: [1, 1].map((index) => ({ index, embedding: [1, 2] })) }, /two vectors/],
    ['an index beyond', { data: [0, 7].map((index) => ({ index, embedding: [1, 2] })) }, /belongs to text 7/],
    [
      'two dimensions',
      { data: [[1], [1, 2]].map((embedding, index) => ({ index, embedding })) },
      /2 dimensions, not 1/,
    ],
    ['an object', { data: {} }, /no list of vectors/],
    ['null', null, /no list of vectors/],
  ];
  it.each(cases)('%s: nothing is accepted', async (_what, reply, says) => {
    server.next.push(() => reply);
    const error = await failure(open({ provider: 'ollama' }).embed(['a', 'b'], 'document'));
    expect(error.code).toBe('embedder_bad_reply');
    expect(error.message).toMatch(says);
  });

  it.each([
    ['NaN as null', [1, null]],
    ['text', ['1', '2']],
    ['nothing', []],
    ['zeros', [0, 0]],
    ['huge', [1e308, 1e308]],
    ['base64 that is cut', 'AAAAAAA='],
    ['no base64', '!!!!'],
    ['base64 of NaN', Buffer.from(Float32Array.of(Number.NaN, 1).buffer).toString('base64')],
    ['missing', undefined],
  ])('a vector of %s is refused', async (_what, value) => {
    server.next.push(() => vector(value));
    expect(await failure(open().embed(['a'], 'document'))).toMatchObject({ code: 'embedder_bad_reply' });
  });

  it('sorts vectors by their index', async () => {
    server.next.push((_request, _response, proper) => ({
      data: (proper as { data: unknown[] }).data.toReversed(),
    }));
    const vectors = await open().embed(texts(4), 'document');
    texts(4).forEach((text, i) => void close(vectors[i], text));
  });

  it('refuses dimensions that change between replies', async () => {
    const embedder = open();
    await embedder.embed(['a'], 'document');
    server.dimensions = 9;
    const error = await failure(embedder.embed(['b'], 'document'));
    expect(error.message).toMatch(/9 dimensions, and gave 8 before/);
  });

  it('a page instead of JSON is one request, and said', async () => {
    server.always = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html>Please log in</html>');
    };
    const error = await failure(open().embed(['a'], 'document'));
    expect(error.message).toMatch(/not JSON/);
    expect(error.message).not.toContain('log in');
    expect(server.requests).toHaveLength(1);
  });

  it('a mixed batch is never given out: one bad request fails the call', async () => {
    server.next.push(
      (_q, _r, proper) => proper,
      () => vector([1]),
    );
    const embedder = open({ provider: 'tei', concurrency: 1 });
    await failure(embedder.embed(texts(64), 'document'));
  });
});

describe('failures', () => {
  const status =
    (code: number, body: unknown = {}, headers: Record<string, string> = {}): Misbehaviour =>
    (_request, response) =>
      sendJson(response, code, body, headers);

  it.each([401, 403])('%i names where the key came from, once, and never the key', async (code) => {
    server.always = status(code, { error: { code: 'invalid_api_key', message: `bad key ${KEY}` } });
    const error = await failure(open().embed(['a'], 'document'));
    expect(error.code).toBe('embedder_auth');
    expect(`${error.message} ${error.advice}`).toContain('CONEXUS_EMBEDDING_API_KEY');
    expect(inspect(error, { depth: 9 }) + error.stack).not.toContain(KEY);
    expect(server.requests).toHaveLength(1);
  });

  it('401 without a key says which setting takes one', async () => {
    server.always = status(401);
    const error = await failure(
      open({ provider: 'vllm', model: 'm', key: undefined }).embed(['a'], 'document'),
    );
    expect(error.advice).toContain('CONEXUS_EMBEDDING_API_KEY_FILE');
  });

  it('a service that repeats the key as its error code is not believed', async () => {
    server.always = status(400, { error: { code: 'plainsecretkey' } });
    const key = { from: 'here', reveal: () => 'plainsecretkey' };
    const error = await failure(open({ key }).embed(['a'], 'document'));
    expect(inspect(error)).not.toContain('plainsecretkey');
  });

  it.each([408, 429, 500, 502, 503, 529])('%i is tried again', async (code) => {
    server.next.push(status(code), status(code));
    const [vector] = await open().embed(['a'], 'document');
    close(vector, 'a');
    expect(server.requests).toHaveLength(3);
  });

  it.each([
    ['retry-after', '0.15'],
    ['retry-after-ms', '150'],
    ['retry-after', () => new Date(Date.now() + 1_100).toUTCString()],
  ] as const)('%s is waited for', async (header, value) => {
    const text = typeof value === 'string' ? value : value();
    server.next.push(status(429, {}, { [header]: text }));
    await open().embed(['a'], 'document');
    const [first, second] = server.requests;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(100);
  });

  it('a quota that is used up is not tried again', async () => {
    server.always = status(429, { error: { code: 'insufficient_quota' } });
    const error = await failure(open().embed(['a'], 'document'));
    expect(error).toMatchObject({ code: 'embedder_limited' });
    expect(server.requests).toHaveLength(1);
  });

  it('hours to wait are an error now', async () => {
    server.always = status(429, {}, { 'retry-after': '7200' });
    const error = await failure(open().embed(['a'], 'document'));
    expect(error.code).toBe('embedder_limited');
    expect(server.requests).toHaveLength(1);
  });

  it('gives up in the end', async () => {
    server.always = status(503);
    const error = await failure(open().embed(['a'], 'document'));
    expect(error.code).toBe('embedder_unavailable');
    expect(server.requests).toHaveLength(8);
  });

  it('404 names the settings to check', async () => {
    server.always = status(404, { error: { code: 'model_not_found' } });
    const error = await failure(open().embed(['a'], 'document'));
    expect(error).toMatchObject({ code: 'embedder_rejected' });
    expect(error.message).toContain('model_not_found');
    expect(error.advice).toContain('CONEXUS_EMBEDDING_MODEL');
  });

  it('a server that hangs is a timeout; one that is not there is said to be', async () => {
    server.always = () => new Promise(() => {});
    const slow = await failure(open({ timeoutMs: 30 }).embed(['a'], 'query'));
    expect(slow.message).toMatch(/did not answer within 30 ms/);
    const gone = await failure(open({ url: 'http://127.0.0.1:1' }).embed(['a'], 'query'));
    expect(gone.message).toMatch(/cannot be reached \(ECONNREFUSED\)/);
  });

  it('a reply that is cut off is tried again', async () => {
    server.next.push((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"data": [');
      setTimeout(() => response.destroy(), 5);
    });
    close((await open().embed(['a'], 'document'))[0], 'a');
  });

  it('cancelling ends requests, pauses and waits for limits', async () => {
    const reasons: Misbehaviour[] = [() => new Promise(() => {}), status(503, {}, { 'retry-after': '60' })];
    for (const always of reasons) {
      server.always = always;
      const error = await failure(
        open().embed(['a'], 'document', { signal: AbortSignal.any([AbortSignal.timeout(40)]) }),
      );
      expect(error.code).toBe('embedder_unavailable');
    }
    server.always = undefined;
    const stop = new AbortController();
    const limited = open({ requestsPerMinute: 1, provider: 'tei' });
    const running = failure(limited.embed(texts(200), 'document', { signal: stop.signal }));
    setTimeout(() => stop.abort(), 30);
    expect((await running).code).toBe('cancelled');
  });

  it('a question does not wait behind the limits of indexing', async () => {
    const embedder = open({ tokensPerMinute: 1 });
    await embedder.embed(['one text that takes the whole minute'], 'document');
    const started = performance.now();
    await embedder.embed(['a question'], 'query');
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('rates', () => {
  it('are kept: two requests of a hundred a minute come after the burst', async () => {
    const embedder = open({ provider: 'tei', requestsPerMinute: 600, concurrency: 4 });
    const started = performance.now();
    // 600 a minute allow a burst of 100 requests and then one every 100 ms; 103 * 32 texts need three more.
    await embedder.embed(texts(103 * 32), 'document');
    expect(server.requests).toHaveLength(103);
    expect(performance.now() - started).toBeGreaterThan(200);
  });
});

describe('the cache', () => {
  it('pays for a text once, over a restart and for each embedder alone', async () => {
    const first = open({ cacheBytes: 1 << 24 });
    const fresh = await first.embed(['a', 'b'], 'document');
    expect(first.known(['a', 'c'])).toEqual([true, false]);
    await first.close();
    const second = open({ cacheBytes: 1 << 24 });
    const again = await second.embed(['b', 'c', 'a'], 'document');
    expect(server.requests.map((request) => request.texts)).toEqual([['a', 'b'], ['c']]);
    again[2]?.forEach((value, i) => void expect(value).toBeCloseTo(fresh[0]?.[i] as number, 2));
    expect(open({ cacheBytes: 1 << 24, model: 'other' }).known(['a'])).toEqual([false]);
  });

  it('keeps what came before a failure', async () => {
    const options = { provider: 'tei', cacheBytes: 1 << 24, concurrency: 1 } as const;
    server.next.push(
      (_q, _r, proper) => proper,
      (_q, response) => sendJson(response, 401, {}),
    );
    await failure(open(options).embed(texts(64), 'document'));
    server.requests.length = 0;
    await open(options).embed(texts(64), 'document');
    expect(server.requests.map((request) => request.texts.length)).toEqual([32]);
  });
});

it('every provider has limits that hold together', () => {
  for (const [name, provider] of Object.entries(PROVIDERS)) {
    expect(provider.limits.texts, name).toBeGreaterThan(0);
    expect(provider.limits.tokens, name).toBeGreaterThanOrEqual(provider.textTokens);
  }
});
