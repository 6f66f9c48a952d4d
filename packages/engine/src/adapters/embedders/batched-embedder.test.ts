import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Misbehaviour, sendJson } from '../network/testing/provider-server.ts';
import { embedderBench, expectVector, failureOf, KEY, numbered } from './testing/embedder-bench.ts';

const bench = embedderBench();

describe('batches', () => {
  it('keep the order of many texts over several requests at a time', async () => {
    const all = numbered(100);
    const vectors = await bench.open({ provider: 'tei', concurrency: 3 }).embed(all, 'document');
    all.forEach((text, i) => void expectVector(vectors[i], text));
    expect(bench.server.requests.map((request) => request.texts.length).sort()).toEqual(
      [32, 32, 32, 4].sort(),
    );
  });

  it('hold the limit of tokens, and send equal texts once', async () => {
    const long = 'word '.repeat(5_000);
    const all = [`${long}a`, `${long}b`, `${long}a`, `${long}c`];
    const vectors = await bench.open({ provider: 'tei', concurrency: 1 }).embed(all, 'document');
    expect(vectors[0]).toEqual(vectors[2]);
    expect(bench.server.requests.map((request) => request.texts.length)).toEqual([2, 1]);
  });

  it('send nothing for no texts', async () => {
    expect(await bench.open().embed([], 'document')).toEqual([]);
    expect(bench.server.requests).toEqual([]);
  });

  it('make empty, enormous and broken texts fit to be sent', async () => {
    const bad = ['', ' \n ', 'x'.repeat(5_000_000), 'lone \uD800 surrogate', 'nul\0', '漢字'.repeat(50_000)];
    const vectors = await bench.open().embed(bad, 'document');
    expect(vectors.every((vector) => vector.length === 8)).toBe(true);
    const sent = bench.server.requests.flatMap((request) => request.texts);
    expect(sent.every((text) => text.trim() !== '' && text.isWellFormed() && !text.includes('\0'))).toBe(
      true,
    );
    expect(Math.max(...sent.map((text) => Buffer.byteLength(text)))).toBeLessThanOrEqual(24_000);
  });

  it('are halved when the provider finds them too large, and then the text itself', async () => {
    bench.server.always = ({ texts: asked }, response, proper) =>
      asked.length > 2 || (asked[0]?.length ?? 0) > 40
        ? sendJson(response, 400, { error: { message: 'maximum context length is 10 tokens' } })
        : proper;
    const all = [...numbered(5), 'x'.repeat(100)];
    const vectors = await bench.open().embed(all, 'document');
    expectVector(vectors[4], 'text 4');
    expect(vectors[5]).toHaveLength(8);
    bench.server.always = (_, response) => sendJson(response, 413, {});
    const error = await failureOf(bench.open().embed(['small'], 'document'));
    expect(error).toMatchObject({ code: 'embedder_rejected' });
    expect(bench.server.requests.length).toBeLessThan(40);
  });

  it('put before texts what the model wants', async () => {
    const embedder = bench.open({ provider: 'ollama' });
    await embedder.embed(['a'], 'document');
    await embedder.embed(['b'], 'query');
    expect(bench.server.requests.map((request) => request.texts)).toEqual([
      ['search_document: a'],
      ['search_query: b'],
    ]);
  });
});

describe('failures', () => {
  const status =
    (code: number, body: unknown = {}, headers: Record<string, string> = {}): Misbehaviour =>
    (_request, response) =>
      sendJson(response, code, body, headers);

  it.each([401, 403])('%i names where the key came from, once, and never the key', async (code) => {
    bench.server.always = status(code, { error: { code: 'invalid_api_key', message: `bad key ${KEY}` } });
    const error = await failureOf(bench.open().embed(['a'], 'document'));
    expect(error.code).toBe('embedder_auth');
    expect(`${error.message} ${error.advice}`).toContain('CONEXUS_EMBEDDING_API_KEY');
    expect(inspect(error, { depth: 9 }) + error.stack).not.toContain(KEY);
    expect(bench.server.requests).toHaveLength(1);
  });

  it("Gemini's way of refusing a key is one", async () => {
    bench.server.always = status(400, {
      error: { code: 400, status: 'INVALID_ARGUMENT', details: [{ reason: 'API_KEY_INVALID' }] },
    });
    const error = await failureOf(bench.open({ provider: 'gemini' }).embed(['a'], 'document'));
    expect(error.code).toBe('embedder_auth');
  });

  it('401 without a key says which setting takes one', async () => {
    bench.server.always = status(401);
    const error = await failureOf(
      bench.open({ provider: 'vllm', model: 'm', key: undefined }).embed(['a'], 'document'),
    );
    expect(error.advice).toContain('CONEXUS_EMBEDDING_API_KEY_FILE');
  });

  it('a service that repeats the key as its error code is not believed', async () => {
    bench.server.always = status(400, { error: { code: 'plainsecretkey' } });
    const key = { from: 'here', reveal: () => 'plainsecretkey' };
    const error = await failureOf(bench.open({ key }).embed(['a'], 'document'));
    expect(inspect(error)).not.toContain('plainsecretkey');
  });

  it.each([408, 429, 500, 502, 503, 529])('%i is tried again', async (code) => {
    bench.server.next.push(status(code), status(code));
    const [vector] = await bench.open().embed(['a'], 'document');
    expectVector(vector, 'a');
    expect(bench.server.requests).toHaveLength(3);
  });

  it.each([
    ['retry-after', '0.15'],
    ['retry-after-ms', '150'],
    ['retry-after', () => new Date(Date.now() + 1_100).toUTCString()],
  ] as const)('%s is waited for', async (header, value) => {
    const text = typeof value === 'string' ? value : value();
    bench.server.next.push(status(429, {}, { [header]: text }));
    await bench.open().embed(['a'], 'document');
    const [first, second] = bench.server.requests;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(100);
  });

  it('a quota that is used up is not tried again', async () => {
    bench.server.always = status(429, { error: { code: 'insufficient_quota' } });
    const error = await failureOf(bench.open().embed(['a'], 'document'));
    expect(error).toMatchObject({ code: 'embedder_limited' });
    expect(bench.server.requests).toHaveLength(1);
  });

  it('hours to wait are an error now', async () => {
    bench.server.always = status(429, {}, { 'retry-after': '7200' });
    const error = await failureOf(bench.open().embed(['a'], 'document'));
    expect(error.code).toBe('embedder_limited');
    expect(bench.server.requests).toHaveLength(1);
  });

  it('gives up in the end', async () => {
    bench.server.always = status(503);
    const error = await failureOf(bench.open().embed(['a'], 'document'));
    expect(error.code).toBe('embedder_unavailable');
    expect(bench.server.requests).toHaveLength(8);
  });

  it('404 names the settings to check', async () => {
    bench.server.always = status(404, { error: { code: 'model_not_found' } });
    const error = await failureOf(bench.open().embed(['a'], 'document'));
    expect(error).toMatchObject({ code: 'embedder_rejected' });
    expect(error.message).toContain('model_not_found');
    expect(error.advice).toContain('CONEXUS_EMBEDDING_MODEL');
  });

  it('a server that hangs is a timeout; one that is not there is said to be', async () => {
    bench.server.always = () => new Promise(() => {});
    const slow = await failureOf(bench.open({ timeoutMs: 30 }).embed(['a'], 'query'));
    expect(slow.message).toMatch(/did not answer within 30 ms/);
    const gone = await failureOf(bench.open({ url: 'http://127.0.0.1:1' }).embed(['a'], 'query'));
    expect(gone.message).toMatch(/cannot be reached \(ECONNREFUSED\)/);
  });

  it('a reply that is cut off is tried again', async () => {
    bench.server.next.push((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"data": [');
      setTimeout(() => response.destroy(), 5);
    });
    expectVector((await bench.open().embed(['a'], 'document'))[0], 'a');
  });

  it('cancelling ends requests, pauses and waits for limits', async () => {
    const reasons: Misbehaviour[] = [() => new Promise(() => {}), status(503, {}, { 'retry-after': '60' })];
    for (const always of reasons) {
      bench.server.always = always;
      const error = await failureOf(
        bench.open().embed(['a'], 'document', { signal: AbortSignal.any([AbortSignal.timeout(40)]) }),
      );
      expect(error.code).toBe('embedder_unavailable');
    }
    bench.server.always = undefined;
    const stop = new AbortController();
    const limited = bench.open({ requestsPerMinute: 1, provider: 'tei' });
    const running = failureOf(limited.embed(numbered(200), 'document', { signal: stop.signal }));
    setTimeout(() => stop.abort(), 30);
    expect((await running).code).toBe('cancelled');
  });

  it('what was cancelled before it began sends nothing', async () => {
    const error = await failureOf(bench.open().embed(['a'], 'document', { signal: AbortSignal.abort() }));
    expect(error.code).toBe('cancelled');
    expect(bench.server.requests).toEqual([]);
  });

  it('a question does not wait behind the limits of indexing', async () => {
    const embedder = bench.open({ tokensPerMinute: 1 });
    await embedder.embed(['one text that takes the whole minute'], 'document');
    const started = performance.now();
    await embedder.embed(['a question'], 'query');
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('rates', () => {
  it('are kept: two requests of a hundred a minute come after the burst', async () => {
    const embedder = bench.open({ provider: 'tei', requestsPerMinute: 600, concurrency: 4 });
    const started = performance.now();
    // 600 a minute allow a burst of 100 requests and then one every 100 ms; 103 * 32 texts need three more.
    await embedder.embed(numbered(103 * 32), 'document');
    expect(bench.server.requests).toHaveLength(103);
    expect(performance.now() - started).toBeGreaterThan(200);
  });
});

describe('the cache', () => {
  it('pays for a text once, over a restart and for each embedder alone', async () => {
    const first = bench.open({ cacheBytes: 1 << 24 });
    const fresh = await first.embed(['a', 'b'], 'document');
    expect(first.known(['a', 'c'])).toEqual([true, false]);
    await first.close();
    const second = bench.open({ cacheBytes: 1 << 24 });
    const again = await second.embed(['b', 'c', 'a'], 'document');
    expect(bench.server.requests.map((request) => request.texts)).toEqual([['a', 'b'], ['c']]);
    again[2]?.forEach((value, i) => void expect(value).toBeCloseTo(fresh[0]?.[i] as number, 2));
    expect(bench.open({ cacheBytes: 1 << 24, model: 'other' }).known(['a'])).toEqual([false]);
  });

  it('keeps what came before a failure', async () => {
    const options = { provider: 'tei', cacheBytes: 1 << 24, concurrency: 1 } as const;
    bench.server.next.push(
      (_q, _r, proper) => proper,
      (_q, response) => sendJson(response, 401, {}),
    );
    await failureOf(bench.open(options).embed(numbered(64), 'document'));
    bench.server.requests.length = 0;
    await bench.open(options).embed(numbered(64), 'document');
    expect(bench.server.requests.map((request) => request.texts.length)).toEqual([32]);
  });
});
