/** Rerankers behind HTTP: one query and some texts -> a score a text. Off unless a user asks for one. */
import type { RerankingOptions, RerankingProviderName } from '../../model/embedding.ts';
import { ConexusError } from '../../model/errors.ts';
import type { Reranker } from '../../ports/embedder.ts';
import { openHttpDoor } from '../network/http-door.ts';
import { badReply, callService, type Service, TooLargeError } from '../network/service.ts';

interface RerankingProvider {
  readonly url: string;
  readonly model: string;
  readonly needsKey: boolean;
  readonly path: string;
  body(model: string, query: string, texts: readonly string[]): unknown;
  /** Where the list of `{ index, score }` is, and what the score is called. */
  readonly list: string | undefined;
  readonly score: string;
}

const PROVIDERS: Readonly<Record<RerankingProviderName, RerankingProvider>> = {
  cohere: {
    url: 'https://api.cohere.com',
    model: 'rerank-v3.5',
    needsKey: true,
    path: '/v2/rerank',
    body: (model, query, documents) => ({ model, query, documents, top_n: documents.length }),
    list: 'results',
    score: 'relevance_score',
  },
  voyage: {
    url: 'https://api.voyageai.com/v1',
    model: 'rerank-2.5',
    needsKey: true,
    path: '/rerank',
    body: (model, query, documents) => ({ model, query, documents, truncation: true }),
    list: 'data',
    score: 'relevance_score',
  },
  tei: {
    url: 'http://localhost:8080',
    model: '',
    needsKey: false,
    path: '/rerank',
    body: (_model, query, texts) => ({ query, texts, truncate: true, raw_scores: false }),
    list: undefined,
    score: 'score',
  },
};

/** Of a text and of the query; what is longer is cut. */
const MAX_CHARS = 12_000;
/** A person waits for the answer. */
const TRIES = 2;
const FIRST_RETRY_MS = 200;

/** Connects to nothing. @throws ConexusError invalid_argument */
export function openReranker(options: RerankingOptions): Reranker {
  const provider = PROVIDERS[options.provider];
  const model = options.model ?? provider.model;
  if (provider.needsKey && !options.key)
    throw new ConexusError(
      'invalid_argument',
      `The reranker ${options.provider} needs a key.`,
      'Set CONEXUS_RERANKER_API_KEY.',
    );
  const door = openHttpDoor({ proxy: options.proxy, timeoutMs: options.timeoutMs });
  const name = `${options.provider}${model === '' ? '' : ` ${model}`}`;
  const service: Service = {
    door,
    name: `The reranker ${name}`,
    url: (options.url ?? provider.url).replace(/\/+$/, ''),
    key: options.key,
    keySetting: 'CONEXUS_RERANKER_API_KEY',
    urlSetting: 'CONEXUS_RERANKER_URL',
    modelSetting: 'CONEXUS_RERANKER_MODEL',
    retryMs: options.retryMs ?? FIRST_RETRY_MS,
  };
  return {
    name,
    remote: !/^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:|\/|$)/.test(service.url),
    async rerank(query, texts, signal) {
      if (texts.length === 0) return [];
      const cut = texts.map((text) => sendable(text));
      const key = options.key?.reveal() ?? '';
      const call = {
        path: provider.path,
        headers: key === '' ? {} : { authorization: `Bearer ${key}` },
        body: provider.body(model, sendable(query), cut),
        signal,
        tries: TRIES,
      };
      const json = await callService(service, call).catch((error: unknown) => {
        throw error instanceof TooLargeError ? tooLarge(service, error) : error;
      });
      const scores = scoresOf(provider, json, texts.length);
      if (typeof scores === 'string') throw badReply(service, `${service.name} sent a bad reply: ${scores}`);
      return scores;
    },
    close: async () => door.close(),
  };
}

const sendable = (text: string): string => text.slice(0, MAX_CHARS).toWellFormed().trim() || '-';

/** A score for every text, or a sentence on what is wrong. */
function scoresOf(provider: RerankingProvider, json: unknown, count: number): readonly number[] | string {
  const items =
    provider.list === undefined ? json : (json as Record<string, unknown> | null)?.[provider.list];
  if (!Array.isArray(items)) return 'the reply has no list of scores';
  if (items.length !== count) return `it sent ${items.length} scores for ${count} texts`;
  const scores: (number | undefined)[] = Array.from({ length: count });
  for (const item of items as Record<string, unknown>[]) {
    const index = item?.['index'];
    const score = item?.[provider.score];
    if (!Number.isInteger(index) || (index as number) < 0 || (index as number) >= count)
      return 'a score belongs to no text';
    if (scores[index as number] !== undefined) return `two scores belong to text ${index}`;
    if (typeof score !== 'number' || !Number.isFinite(score)) return 'a score is not a finite number';
    scores[index as number] = score;
  }
  return scores as readonly number[];
}

const tooLarge = (service: Service, cause: Error) =>
  new ConexusError(
    'embedder_rejected',
    `${service.name} refuses the request as too large.`,
    `Check ${service.modelSetting}.`,
    { cause },
  );
