// Baseline: BM25 (k1 1.2, b .75) over chunks of 40 lines, identifiers split.
//   node eval/baselines/bm25-lines.ts --root DIR --in queries.jsonl --out run.jsonl [--limit 20]
import type { Hit } from '../scoring/measures.ts';
import { type BatchQuery, runBatch } from './batch.ts';
import { corpusFiles } from './corpus-files.ts';
import { splitTerms } from './terms.ts';

const K1 = 1.2;
const B = 0.75;
const CHUNK_LINES = 40;

interface Chunks {
  readonly hits: Hit[];
  readonly lengths: number[];
  /** Term -> pairs of (chunk, count), one after the other. Only the terms of the queries are kept. */
  readonly postings: Map<string, number[]>;
}

function addChunk(chunks: Chunks, hit: Hit, terms: readonly string[], wanted: ReadonlySet<string>): void {
  const chunk = chunks.hits.push(hit) - 1;
  chunks.lengths.push(terms.length);
  const counts = new Map<string, number>();
  for (const term of terms) {
    if (wanted.has(term)) counts.set(term, (counts.get(term) ?? 0) + 1);
  }
  for (const [term, count] of counts) {
    const list = chunks.postings.get(term);
    if (list === undefined) chunks.postings.set(term, [chunk, count]);
    else list.push(chunk, count);
  }
}

/** The path's words belong to every chunk of the file. */
function buildChunks(root: string, wanted: ReadonlySet<string>): Chunks {
  const chunks: Chunks = { hits: [], lengths: [], postings: new Map() };
  for (const { path, text } of corpusFiles(root)) {
    const lines = text.split('\n');
    const pathTerms = splitTerms(path);
    for (let from = 0; from < lines.length; from += CHUNK_LINES) {
      const end = Math.min(from + CHUNK_LINES, lines.length);
      const terms = [...pathTerms, ...splitTerms(lines.slice(from, end).join('\n'))];
      addChunk(chunks, { path, start: from + 1, end }, terms, wanted);
    }
  }
  return chunks;
}

function search(chunks: Chunks, averageLength: number, terms: readonly string[], limit: number): Hit[] {
  const scores = new Map<number, number>();
  const total = chunks.hits.length;
  for (const term of terms) {
    const list = chunks.postings.get(term) ?? [];
    const found = list.length / 2;
    const idf = Math.log(1 + (total - found + 0.5) / (found + 0.5));
    for (let i = 0; i < list.length; i += 2) {
      const chunk = list[i] ?? 0;
      const count = list[i + 1] ?? 0;
      const norm = K1 * (1 - B + (B * (chunks.lengths[chunk] ?? 0)) / averageLength);
      scores.set(chunk, (scores.get(chunk) ?? 0) + (idf * count * (K1 + 1)) / (count + norm));
    }
  }
  const ranked = [...scores].sort(([a, x], [b, y]) => y - x || a - b);
  return ranked.slice(0, limit).flatMap(([chunk]) => chunks.hits[chunk] ?? []);
}

function* answer(root: string, queries: readonly BatchQuery[], limit: number): Generator<[string, Hit[]]> {
  const split = queries.map(({ id, text }) => ({ id, terms: [...new Set(splitTerms(text))] }));
  const chunks = buildChunks(root, new Set(split.flatMap(({ terms }) => terms)));
  const averageLength =
    chunks.lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, chunks.lengths.length);
  for (const { id, terms } of split) yield [id, search(chunks, averageLength, terms, limit)];
}

if (import.meta.main) runBatch(answer);
