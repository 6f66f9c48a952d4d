/**
 * The order a reranker gives to the best hits, or the order they had: a reranker that fails, or is late, changes nothing
 * but a note. Knows the port alone.
 */
import { ConexusError } from '../model/errors.ts';
import type { Reranker } from '../ports/embedder.ts';

export interface Reranked {
  /** Indexes of the texts, best first; each once. */
  readonly order: readonly number[];
  /** Why the order is the one it was. */
  readonly note?: string;
}

export interface TextReranking {
  /** `texts`: best first. */
  order(query: string, texts: readonly string[], signal?: AbortSignal): Promise<Reranked>;
}

const DEADLINE_MS = 3_000;

export function createTextReranking(reranker: Reranker, deadlineMs = DEADLINE_MS): TextReranking {
  return {
    async order(query, texts, signal) {
      const before = texts.map((_, i) => i);
      const deadline = AbortSignal.timeout(deadlineMs);
      try {
        const scores = await reranker.rerank(
          query,
          texts,
          signal ? AbortSignal.any([signal, deadline]) : deadline,
        );
        return { order: before.toSorted((a, b) => (scores[b] as number) - (scores[a] as number) || a - b) };
      } catch (error) {
        const why = error instanceof ConexusError ? error.message : 'It failed for an unknown reason.';
        return { order: before, note: `Not reranked by ${reranker.name}: ${why}` };
      }
    },
  };
}
