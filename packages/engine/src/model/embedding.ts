/** Which embedder and reranker a user chose. Plain settings: who reads them from where is not known here. */

export type EmbeddingProviderName =
  | 'openai'
  | 'azure'
  | 'ollama'
  | 'lmstudio'
  | 'vllm'
  | 'tei'
  | 'voyage'
  | 'cohere'
  | 'gemini'
  | 'onnx';

export type RerankingProviderName = 'cohere' | 'voyage' | 'tei';

/** Proxies by the names the environment has for them. */
export interface ProxySettings {
  readonly http?: string | undefined;
  readonly https?: string | undefined;
  /** Hosts that are asked directly, separated by commas. */
  readonly none?: string | undefined;
}

/** Where a secret comes from. A function, so that printing or serialising settings never shows it. */
export interface SecretSource {
  /** What the user would correct, e.g. the name of a variable. */
  readonly from: string;
  readonly reveal: () => string;
}

/** What any service over HTTP needs. */
export interface ServiceOptions {
  /** Base URL; the provider's own when left out. */
  readonly url?: string | undefined;
  readonly model?: string | undefined;
  readonly key?: SecretSource | undefined;
  /** For one try of one request; default 60 s. */
  readonly timeoutMs?: number | undefined;
  readonly proxy?: ProxySettings | undefined;
  /** First pause before a request is tried again; it doubles. Default 500 ms. */
  readonly retryMs?: number | undefined;
}

export interface EmbeddingOptions extends ServiceOptions {
  readonly provider: EmbeddingProviderName;
  /** For `onnx`: the folder of the model. */
  readonly folder?: string | undefined;
  /** Asked of the provider; its own when left out. */
  readonly dimensions?: number | undefined;
  /** For `azure`. */
  readonly apiVersion?: string | undefined;
  /** Put before each text, for models that were trained so. */
  readonly queryPrefix?: string | undefined;
  readonly documentPrefix?: string | undefined;
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
  /** Requests at a time. */
  readonly concurrency?: number | undefined;
  /** A run of more tokens must be confirmed; default 5 million. */
  readonly confirmTokens?: number | undefined;
  /** Vectors kept by content, in bytes; default 2 GiB. 0: none. */
  readonly cacheBytes?: number | undefined;
}

export interface RerankingOptions extends ServiceOptions {
  readonly provider: RerankingProviderName;
}
