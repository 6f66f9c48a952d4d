/**
 * What is known of models by name: price, length of a text, the words some want before a text. A model that is not here
 * works the same. Prices are list prices that public pages of that month agree on; where they did not, or none was found, the
 * cost is not known, which is told instead of a guess.
 */
import type { EmbeddingPrice } from '../../ports/embedder.ts';
import type { HttpProviderName } from './providers.ts';

const PRICES_AS_OF = '2026-05';

export interface KnownModel {
  readonly usdPerMillionTokens?: number;
  readonly textTokens?: number;
  readonly queryPrefix?: string;
  readonly documentPrefix?: string;
}

/** Begins of names, the longest that fits counts; a path or a tag around the name does not matter. */
const MODELS: readonly (readonly [begin: string, model: KnownModel])[] = [
  ['text-embedding-3-small', { usdPerMillionTokens: 0.02, textTokens: 8_000 }],
  ['text-embedding-3-large', { usdPerMillionTokens: 0.13, textTokens: 8_000 }],
  ['text-embedding-ada-002', { usdPerMillionTokens: 0.1, textTokens: 8_000 }],
  ['voyage-code-3', { usdPerMillionTokens: 0.18, textTokens: 32_000 }],
  ['voyage-3', { textTokens: 32_000 }],
  ['voyage-4', { usdPerMillionTokens: 0.06, textTokens: 32_000 }],
  ['voyage-4-lite', { usdPerMillionTokens: 0.02, textTokens: 32_000 }],
  ['voyage-4-large', { usdPerMillionTokens: 0.12, textTokens: 32_000 }],
  ['embed-v4.0', { textTokens: 100_000 }],
  ['embed-english-v3.0', { usdPerMillionTokens: 0.1, textTokens: 500 }],
  ['embed-multilingual-v3.0', { usdPerMillionTokens: 0.1, textTokens: 500 }],
  ['gemini-embedding-001', { usdPerMillionTokens: 0.15, textTokens: 2_000 }],
  [
    'nomic-embed-text',
    { textTokens: 2_000, queryPrefix: 'search_query: ', documentPrefix: 'search_document: ' },
  ],
  [
    'nomic-embed-code',
    { textTokens: 8_000, queryPrefix: 'Represent this query for searching relevant code: ' },
  ],
  [
    'mxbai-embed-large',
    { textTokens: 500, queryPrefix: 'Represent this sentence for searching relevant passages: ' },
  ],
  ['all-minilm', { textTokens: 250 }],
  ['bge-m3', { textTokens: 8_000 }],
  ['e5-', { textTokens: 500, queryPrefix: 'query: ', documentPrefix: 'passage: ' }],
  ['multilingual-e5-', { textTokens: 500, queryPrefix: 'query: ', documentPrefix: 'passage: ' }],
];

export function knownModel(name: string): KnownModel {
  const base = name.toLowerCase().split('/').at(-1) ?? '';
  const fitting = MODELS.filter(([begin]) => base.startsWith(begin));
  return fitting.toSorted(([a], [b]) => b.length - a.length)[0]?.[1] ?? {};
}

/** Only where the provider is the one that sells it at that price. */
export function priceOf(provider: HttpProviderName, name: string): EmbeddingPrice | undefined {
  const sells = ['openai', 'azure', 'voyage', 'cohere', 'gemini'].includes(provider);
  const usdPerMillionTokens = sells ? knownModel(name).usdPerMillionTokens : undefined;
  return usdPerMillionTokens === undefined ? undefined : { usdPerMillionTokens, asOf: PRICES_AS_OF };
}
