import { describe, expect, it } from 'vitest';
import { PROVIDERS } from './providers.ts';
import { embedderBench, expectVector, failureOf, KEY, numbered } from './testing/embedder-bench.ts';

const bench = embedderBench();

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
      const embedder = bench.open({ provider, documentPrefix: '', queryPrefix: '', ...more });
      const vectors = await embedder.embed(numbered(3), 'document');
      numbered(3).forEach((text, i) => void expectVector(vectors[i], text));
      await embedder.embed(['a question'], 'query');
      expect(bench.server.requests.map((request) => request.path)).toEqual([path, path]);
      expect(bench.server.requests[0]?.headers[auth[0]]).toBe(auth[1]);
      expect(bench.server.requests.map(({ body }) => body)).toMatchSnapshot();
    },
  );

  it('sends no header for a key where there is none', async () => {
    await bench.open({ provider: 'ollama', key: undefined }).embed(['x'], 'document');
    expect(Object.keys(bench.server.requests[0]?.headers ?? {})).not.toContain('authorization');
  });

  it('asks for dimensions, and refuses others', async () => {
    for (const provider of ['openai', 'voyage', 'cohere', 'tei'] as const) {
      const [vector] = await bench.open({ provider, dimensions: 16 }).embed(['x'], 'document');
      expect(vector).toHaveLength(16);
    }
    bench.server.next.push(() => [[1, 2, 3]]);
    const error = await failureOf(bench.open({ provider: 'tei', dimensions: 16 }).embed(['x'], 'document'));
    expect(error.message).toContain('3 dimensions, not 16');
  });

  it('says what is missing before anything is sent', () => {
    expect(() => bench.open({ provider: 'azure', url: undefined })).toThrow(/azure needs the address/);
    expect(() => bench.open({ provider: 'vllm' })).toThrow(/vllm needs the name of the model/);
    expect(() => bench.open({ provider: 'voyage', key: undefined })).toThrow(/voyage needs a key/);
  });
});

describe('identity', () => {
  it('tells model, dimensions, address and prefixes apart, and holds no secret', () => {
    const ids = [
      bench.open().id,
      bench.open({ model: 'other' }).id,
      bench.open({ dimensions: 4 }).id,
      bench.open({ url: `${bench.server.url}/elsewhere` }).id,
      bench.open({ documentPrefix: 'passage: ' }).id,
      bench.open({ provider: 'voyage' }).id,
    ];
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.join()).not.toContain(KEY);
    expect(bench.open({ url: undefined }).id).toBe('openai/text-embedding-3-small@native');
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
    bench.server.next.push(() => reply);
    const error = await failureOf(bench.open({ provider: 'ollama' }).embed(['a', 'b'], 'document'));
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
    bench.server.next.push(() => vector(value));
    expect(await failureOf(bench.open().embed(['a'], 'document'))).toMatchObject({
      code: 'embedder_bad_reply',
    });
  });

  it('sorts vectors by their index', async () => {
    bench.server.next.push((_request, _response, proper) => ({
      data: (proper as { data: unknown[] }).data.toReversed(),
    }));
    const vectors = await bench.open().embed(numbered(4), 'document');
    numbered(4).forEach((text, i) => void expectVector(vectors[i], text));
  });

  it('refuses dimensions that change between replies', async () => {
    const embedder = bench.open();
    await embedder.embed(['a'], 'document');
    bench.server.dimensions = 9;
    const error = await failureOf(embedder.embed(['b'], 'document'));
    expect(error.message).toMatch(/9 dimensions, and gave 8 before/);
  });

  it('a page instead of JSON is one request, and said', async () => {
    bench.server.always = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html>Please log in</html>');
    };
    const error = await failureOf(bench.open().embed(['a'], 'document'));
    expect(error.message).toMatch(/not JSON/);
    expect(error.message).not.toContain('log in');
    expect(bench.server.requests).toHaveLength(1);
  });

  it('a mixed batch is never given out: one bad request fails the call', async () => {
    bench.server.next.push(
      (_q, _r, proper) => proper,
      () => vector([1]),
    );
    const embedder = bench.open({ provider: 'tei', concurrency: 1 });
    await failureOf(embedder.embed(numbered(64), 'document'));
  });
});

it('every provider has limits that hold together', () => {
  for (const [name, provider] of Object.entries(PROVIDERS)) {
    expect(provider.limits.texts, name).toBeGreaterThan(0);
    expect(provider.limits.tokens, name).toBeGreaterThanOrEqual(provider.textTokens);
  }
});
