/**
 * The baseline to beat: BM25 (k1 1.2, b .75) over chunks of 40 lines of source code, identifiers split, no stemming. What a
 * careful person would build in an afternoon. Shares nothing with the engine's ranking, and is given source files only.
 */
import type { FilePath } from '../model/file.ts';
import { splitTerms } from './line-terms.ts';

export interface LinesBaseline {
  add(path: FilePath, lines: readonly string[]): void;
  /** Files, best first, each once. */
  rank(text: string, limit: number): readonly FilePath[];
}

const K1 = 1.2;
const B = 0.75;
const CHUNK_LINES = 40;

/** `queries`: every text that will be asked. Only their terms are kept, so that memory follows them and not the code. */
export function createLinesBaseline(queries: readonly string[]): LinesBaseline {
  const wanted = new Set(queries.flatMap(splitTerms));
  const paths: FilePath[] = [];
  const lengths: number[] = [];
  /** Term -> pairs of (chunk, count), one after the other. */
  const postings = new Map<string, number[]>();
  let totalLength = 0;

  const addChunk = (path: FilePath, terms: readonly string[]) => {
    const chunk = paths.push(path) - 1;
    lengths.push(terms.length);
    totalLength += terms.length;
    const counts = new Map<string, number>();
    for (const term of terms) if (wanted.has(term)) counts.set(term, (counts.get(term) ?? 0) + 1);
    for (const [term, count] of counts) {
      const list = postings.get(term);
      if (list === undefined) postings.set(term, [chunk, count]);
      else list.push(chunk, count);
    }
  };

  return {
    add(path, lines) {
      // The path's words belong to every chunk of the file.
      const pathTerms = splitTerms(path);
      for (let from = 0; from < lines.length; from += CHUNK_LINES) {
        addChunk(path, [...pathTerms, ...splitTerms(lines.slice(from, from + CHUNK_LINES).join('\n'))]);
      }
    },
    rank(text, limit) {
      const average = totalLength / Math.max(1, lengths.length);
      const scores = new Map<number, number>();
      for (const term of new Set(splitTerms(text))) {
        const list = postings.get(term) ?? [];
        const idf = Math.log(1 + (lengths.length - list.length / 2 + 0.5) / (list.length / 2 + 0.5));
        for (let i = 0; i < list.length; i += 2) {
          const chunk = list[i] ?? 0;
          const count = list[i + 1] ?? 0;
          const norm = K1 * (1 - B + (B * (lengths[chunk] ?? 0)) / average);
          scores.set(chunk, (scores.get(chunk) ?? 0) + (idf * count * (K1 + 1)) / (count + norm));
        }
      }
      const ranked = [...scores].sort(([a, x], [b, y]) => y - x || a - b);
      return [...new Set(ranked.map(([chunk]) => paths[chunk] as FilePath))].slice(0, limit);
    },
  };
}
