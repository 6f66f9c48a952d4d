/**
 * Queries by meaning, put together for an embedder that is asked over a port: its vector for the query, its rows for the
 * chunks. What it has no rows for, and everything while it does not answer, is compared by the built-in model.
 */
import type { IndexView } from '../lexical/index-view.ts';
import type { MeaningIndex, QueryMeaning } from '../query/meaning.ts';
import type { EmbeddedRows, WorkspaceRows } from './embedded-rows.ts';
import type { WorkspaceEmbedding } from './embedding.ts';
import { nearChunks } from './near-chunks.ts';

export function createAskedMeaning(
  embedding: Pick<WorkspaceEmbedding, 'query'>,
  rows: WorkspaceRows,
  view: IndexView,
  builtin: MeaningIndex,
): MeaningIndex {
  return {
    enabled: true,
    async meaningOf(plan, signal) {
      // Lines of a file are found by lines: their plan holds the words, not the text.
      if (plan.kind === 'code') return builtin.meaningOf(plan);
      const embedded = await rows.current();
      if (!embedded) return builtin.meaningOf(plan);
      const { vector, note } = await embedding.query.embedQuery(plan.text, signal);
      const other = await builtin.meaningOf(plan);
      if (!vector) return note === undefined ? other : { ...(other ?? NOTHING), note };
      if (vector.length !== embedded.dims)
        return { ...(other ?? NOTHING), note: otherDims(vector, embedded) };
      return meaningOf(vector, embedded, view, other);
    },
  };
}

const NOTHING: QueryMeaning = {
  nearest: () => [],
  similarity: (docs) => new Float32Array(docs.length),
  wordSimilarity: (docs) => new Float32Array(docs.length),
  pathSimilarity: () => 0,
};

const otherDims = (vector: Float32Array, { dims }: EmbeddedRows) =>
  `Ranked without the embedder: it gives ${vector.length} dimensions now, and the index has ${dims}. Index again under another CONEXUS_EMBEDDING_MODEL or with CONEXUS_EMBEDDING_DIMENSIONS=${dims}.`;

function meaningOf(
  query: Float32Array,
  { space, sample }: EmbeddedRows,
  view: IndexView,
  other: QueryMeaning | undefined,
): QueryMeaning {
  const scaled = scaleOf(query, sample);
  // A row of zeros is of a chunk that no worktree could read yet.
  const { nearest, cosineOf } = nearChunks(query, view, space);
  return {
    nearest(count, allowed) {
      const near = nearest(count, allowed).map(({ doc, score }) => ({ doc, score: scaled(score) }));
      const rest = (other?.nearest(count, allowed) ?? []).filter(({ doc }) => cosineOf(doc) === 0);
      return [...near, ...rest].sort((a, b) => b.score - a.score || a.doc - b.doc).slice(0, count);
    },
    similarity(docs) {
      const rest = other?.similarity(docs);
      return Float32Array.from(docs, (doc, i) => {
        const cosine = cosineOf(doc);
        return cosine === 0 ? (rest?.[i] ?? 0) : scaled(cosine);
      });
    },
    // One word says too little for a request.
    wordSimilarity: (docs) => other?.wordSimilarity(docs) ?? new Float32Array(docs.length),
    pathSimilarity: (path) => other?.pathSimilarity(path) ?? 0,
  };
}

/**
 * Models differ in what is usual: between unrelated texts some have a cosine of .05, some of .75. Scaled so that the median of
 * a sample of rows is 0 and sameness is 1, which is what ranking weighs.
 */
function scaleOf(query: Float32Array, sample: readonly Int8Array[]): (cosine: number) => number {
  const cosines = sample.map((row) => cosine(query, row)).sort((a, b) => a - b);
  const usual = Math.min(0.95, Math.max(0, cosines[cosines.length >> 1] ?? 0));
  return (value) => (value - usual) / (1 - usual);
}

function cosine(query: Float32Array, row: Int8Array): number {
  let dot = 0;
  let squares = 0;
  for (let i = 0; i < row.length; i++) {
    const value = row[i] as number;
    dot += value * (query[i] as number);
    squares += value * value;
  }
  return squares === 0 ? 0 : dot / Math.sqrt(squares);
}
