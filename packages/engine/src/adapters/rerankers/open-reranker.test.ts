import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RerankingOptions } from '../../model/embedding.ts';
import type { Reranker } from '../../ports/embedder.ts';
import { type ProviderServer, sendJson, startProviderServer } from '../network/testing/provider-server.ts';
import { openReranker } from './open-reranker.ts';

const KEY = 'rerank-secret-key';
let server: ProviderServer;
const opened: Reranker[] = [];
beforeEach(async () => {
  server = await startProviderServer();
});
afterEach(async () => {
  for (const reranker of opened.splice(0)) await reranker.close();
  await server.close();
});

function open(options: Partial<RerankingOptions> = {}): Reranker {
  const key = { from: 'CONEXUS_RERANKER_API_KEY', reveal: () => KEY };
  const reranker = openReranker({ provider: 'cohere', url: server.url, key, retryMs: 1, ...options });
  opened.push(reranker);
  return reranker;
}

describe('rerankers', () => {
  it.each([
    ['cohere', '', '/v2/rerank'],
    ['voyage', '/v1', '/v1/rerank'],
    ['tei', '', '/rerank'],
  ] as const)('%s: a score a text, in the order of the texts', async (provider, base, path) => {
    const scores = await open({ provider, url: server.url + base }).rerank('q', ['aa', 'aaaa', 'a']);
    expect(scores).toEqual([0.5, 1, 0.25]);
    expect(server.requests[0]).toMatchObject({ path, headers: { authorization: `Bearer ${KEY}` } });
    expect(server.requests[0]?.body).toMatchSnapshot();
  });

  it('sends nothing for nothing, and no endless text', async () => {
    expect(await open().rerank('q', [])).toEqual([]);
    await open().rerank('q'.repeat(1e6), ['', 'x'.repeat(1e6)]);
    expect(server.requests).toHaveLength(1);
    expect(JSON.stringify(server.requests[0]?.body).length).toBeLessThan(40_000);
  });

  it.each([
    ['too few', { results: [{ index: 0, relevance_score: 1 }] }],
    ['NaN', { results: [0, 1].map((index) => ({ index, relevance_score: null })) }],
    ['a text twice', { results: [0, 0].map((index) => ({ index, relevance_score: 1 })) }],
    ['no list', { results: 'none' }],
    ['null', null],
    ['an item that is null', { results: [null, null] }],
  ])('%s is a bad reply', async (_what, reply) => {
    server.next.push(() => reply);
    await expect(open().rerank('q', ['a', 'b'])).rejects.toMatchObject({ code: 'embedder_bad_reply' });
  });

  it('a refused key is named, not shown', async () => {
    server.always = (_request, response) => sendJson(response, 401, { message: `no ${KEY}` });
    const error: unknown = await open()
      .rerank('q', ['a'])
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'embedder_auth' });
    expect(inspect(error)).toContain('CONEXUS_RERANKER_API_KEY');
    expect(inspect(error)).not.toContain(KEY);
  });

  it('needs a key where the provider does', () => {
    expect(() => open({ key: undefined })).toThrow(/needs a key/);
    expect(open({ provider: 'tei', key: undefined }).remote).toBe(false);
  });
});
