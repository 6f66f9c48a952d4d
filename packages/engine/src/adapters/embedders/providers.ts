/** The providers, each as data. Shapes and limits as their documentation had them in 2026. Decides nothing. */
import type { EmbeddingProviderName } from '../../model/embedding.ts';
import { type EmbeddingProvider, type Endpoint, field, list, type RawVector } from './provider.ts';

export type HttpProviderName = Exclude<EmbeddingProviderName, 'onnx'>;

const bearer = (key: string): Record<string, string> =>
  key === '' ? {} : { authorization: `Bearer ${key}` };

/** `{ data: [{ index, embedding }] }` */
const readOpenAi = (reply: unknown): readonly RawVector[] | undefined =>
  list(field(reply, 'data'))?.map((item) => ({
    index: field(item, 'index'),
    values: field(item, 'embedding'),
  }));

/** `[[...], ...]` */
const readLists = (vectors: unknown): readonly RawVector[] | undefined =>
  list(vectors)?.map((values) => ({ values }));

const openAiBody = ({ model, dimensions }: Endpoint, input: readonly string[]) => ({
  ...(model === '' ? {} : { model }),
  input,
  ...(dimensions === undefined ? {} : { dimensions }),
});

/** Numbers in base64 are a quarter of the same in decimal; not every service with this protocol has them. */
const encoded = (format: 'base64' | 'float') => ({ encoding_format: format });

const OPENAI_URL = 'https://api.openai.com/v1';

const openAi: EmbeddingProvider = {
  url: OPENAI_URL,
  model: 'text-embedding-3-small',
  needsKey: true,
  limits: { texts: 256, tokens: 200_000 },
  textTokens: 8_000,
  concurrency: 4,
  tokensPerMinute: 1_000_000,
  path: () => '/embeddings',
  headers: bearer,
  body: (endpoint, texts) => ({
    ...openAiBody(endpoint, texts),
    ...encoded(endpoint.url === OPENAI_URL ? 'base64' : 'float'),
  }),
  read: readOpenAi,
};

/** Servers on a machine of one's own that speak OpenAI's protocol; small batches, because they work one after the other. */
const compatible: EmbeddingProvider = {
  ...openAi,
  url: undefined,
  model: undefined,
  needsKey: false,
  limits: { texts: 32, tokens: 32_000 },
  textTokens: 8_000,
  concurrency: 2,
  tokensPerMinute: 60_000,
};

export const PROVIDERS: Readonly<Record<HttpProviderName, EmbeddingProvider>> = {
  openai: openAi,
  azure: {
    ...openAi,
    url: undefined,
    model: undefined,
    path: ({ model, apiVersion }) =>
      `/openai/deployments/${encodeURIComponent(model)}/embeddings?api-version=${encodeURIComponent(apiVersion)}`,
    headers: (key) => ({ 'api-key': key }),
    // The deployment names the model.
    body: (endpoint, texts) => ({ ...openAiBody({ ...endpoint, model: '' }, texts), ...encoded('base64') }),
  },
  ollama: { ...compatible, url: 'http://localhost:11434/v1', model: 'nomic-embed-text', textTokens: 2_000 },
  lmstudio: { ...compatible, url: 'http://localhost:1234/v1', textTokens: 2_000, concurrency: 1 },
  vllm: {
    ...compatible,
    url: 'http://localhost:8000/v1',
    limits: { texts: 64, tokens: 64_000 },
    tokensPerMinute: 600_000,
    // -1: at what the model can take, instead of an error.
    body: (endpoint, texts) => ({
      ...openAiBody(endpoint, texts),
      ...encoded('float'),
      truncate_prompt_tokens: -1,
    }),
  },
  tei: {
    ...compatible,
    url: 'http://localhost:8080',
    model: '',
    limits: { texts: 32, tokens: 16_000 },
    tokensPerMinute: 600_000,
    path: () => '/embed',
    body: ({ dimensions }, inputs) => ({
      inputs,
      normalize: true,
      truncate: true,
      ...(dimensions === undefined ? {} : { dimensions }),
    }),
    read: readLists,
  },
  voyage: {
    ...openAi,
    url: 'https://api.voyageai.com/v1',
    model: 'voyage-code-3',
    limits: { texts: 256, tokens: 100_000 },
    textTokens: 32_000,
    tokensPerMinute: 3_000_000,
    body: ({ model, dimensions }, input, role) => ({
      model,
      input,
      input_type: role,
      truncation: true,
      ...(dimensions === undefined ? {} : { output_dimension: dimensions }),
    }),
  },
  cohere: {
    ...openAi,
    url: 'https://api.cohere.com',
    model: 'embed-v4.0',
    limits: { texts: 96, tokens: 100_000 },
    textTokens: 32_000,
    tokensPerMinute: 1_000_000,
    path: () => '/v2/embed',
    body: ({ model, dimensions }, texts, role) => ({
      model,
      texts,
      input_type: role === 'query' ? 'search_query' : 'search_document',
      embedding_types: ['float'],
      truncate: 'END',
      ...(dimensions === undefined ? {} : { output_dimension: dimensions }),
    }),
    read: (reply) => readLists(field(field(reply, 'embeddings'), 'float')),
  },
  gemini: {
    ...openAi,
    url: 'https://generativelanguage.googleapis.com/v1beta',
    model: 'gemini-embedding-001',
    limits: { texts: 100, tokens: 20_000 },
    textTokens: 2_000,
    tokensPerMinute: 1_000_000,
    path: ({ model }) => `/models/${encodeURIComponent(model)}:batchEmbedContents`,
    headers: (key) => ({ 'x-goog-api-key': key }),
    body: ({ model, dimensions }, texts, role) => ({
      requests: texts.map((text) => ({
        model: `models/${model}`,
        content: { parts: [{ text }] },
        taskType: role === 'query' ? 'CODE_RETRIEVAL_QUERY' : 'RETRIEVAL_DOCUMENT',
        ...(dimensions === undefined ? {} : { outputDimensionality: dimensions }),
      })),
    }),
    read: (reply) => list(field(reply, 'embeddings'))?.map((item) => ({ values: field(item, 'values') })),
  },
};

/** Of Azure, when the user names none. */
export const AZURE_API_VERSION = '2024-10-21';
