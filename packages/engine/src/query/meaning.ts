/**
 * Retrieval by meaning, as the query stages see it: the query's vector, the chunks nearest to it, and how near given
 * chunks and paths are. Knows no model and no store; `workspace/vectors.ts` puts one together.
 */
import type { QueryPlan } from './plan-query.ts';

export interface NearChunk {
  /** Document number in the view. */
  readonly doc: number;
  /** Cosine. */
  readonly score: number;
}

/** One query against the chunks that have vectors. Valid while the view stands still. */
export interface QueryMeaning {
  /** The `count` nearest chunks of files that are live, and allowed (by slot), nearest first. Exact. */
  nearest(count: number, allowed: Uint8Array | undefined): readonly NearChunk[];
  /** Cosines, in the order asked; 0 for a chunk without a vector. */
  similarity(docs: readonly number[]): Float32Array;
  /**
   * How near chunks are to the query's words one by one: mean over the words of the root of the cosine, 0 for opposite or
   * unknown ones. Takes a dot product per word and chunk, so it is asked of few chunks.
   */
  wordSimilarity(docs: readonly number[]): Float32Array;
  /** Cosine with the words of a path. */
  pathSimilarity(path: string): number;
  /** What the asker should know, e.g. that the embedder does not answer. */
  readonly note?: string;
}

export interface MeaningIndex {
  /** Whether queries are compared by meaning at all. */
  readonly enabled: boolean;
  /** Brings vectors in step with the view; undefined when there are none, or nothing of the query is known. */
  meaningOf(plan: QueryPlan, signal?: AbortSignal): Promise<QueryMeaning | undefined>;
}
