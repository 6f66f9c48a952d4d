/** What turns text into vectors, and what orders texts for a query. Knows no provider and no store. */

/** Many models embed a question and the text that answers it differently. */
export type EmbeddingRole = 'query' | 'document';

/** What a model costs, as its provider said on a day. */
export interface EmbeddingPrice {
  readonly usdPerMillionTokens: number;
  /** Month in which the price was looked up, `2026-05`. */
  readonly asOf: string;
}

export interface EmbedCall {
  readonly signal?: AbortSignal | undefined;
  /** Texts done since the last call; not in order. */
  readonly onDone?: ((texts: number, tokens: number) => void) | undefined;
}

export interface Embedder {
  /** Provider, model, dimensions and how text is handed over: vectors with different ids never mix. Holds no secret. */
  readonly id: string;
  /** For people: `voyage voyage-code-3`. */
  readonly name: string;
  /** True when text leaves this machine. */
  readonly remote: boolean;
  /** undefined: free, or not known. */
  readonly price: EmbeddingPrice | undefined;
  /** A guess before anything was measured, from the limits of the provider. */
  readonly tokensPerMinute: number;
  /** An estimate on the high side; exact only where the provider counts. */
  estimateTokens(text: string): number;
  /** Which of these documents are known already and cost nothing. */
  known(texts: readonly string[]): readonly boolean[];
  /**
   * One vector a text, in the order of the texts, all of one dimension and of length 1. All or nothing; what was paid for
   * before a failure is kept by the embedder's cache, if it has one.
   * @throws ConexusError embedder_auth, embedder_limited, embedder_unavailable, embedder_rejected, embedder_bad_reply,
   * embedder_missing, cancelled
   */
  embed(texts: readonly string[], role: EmbeddingRole, call?: EmbedCall): Promise<readonly Float32Array[]>;
  close(): Promise<void>;
}

export interface Reranker {
  readonly name: string;
  /** True when text leaves this machine. */
  readonly remote: boolean;
  /** One score a text, in the order of the texts; higher is better. Throws as `Embedder.embed`. */
  rerank(query: string, texts: readonly string[], signal?: AbortSignal): Promise<readonly number[]>;
  close(): Promise<void>;
}
