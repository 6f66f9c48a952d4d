/**
 * A static model: one vector a word, and nothing else. Terms are those of the lexical tokenizer (stemmed, lower case).
 * Knows no text, no file and no fields; `pooling.ts` makes documents of terms.
 */
import { segmentUnknown } from './segment-unknown.ts';

export interface StaticModel {
  /** Names weights, dimensions and pooling: vectors under different ids must never be compared. */
  readonly id: string;
  readonly dims: number;
  /** Words, most frequent first. */
  readonly words: readonly string[];
  /** Adds `weight` times the term's vector; false when nothing is known of the term. */
  addTerm(term: string, weight: number, into: Float32Array): boolean;
  /** Where the term's vector begins in `vectors()`, -1 when nothing is known of it. Valid until the next call. */
  offsetOf(term: string): number;
  /** The vectors of all words, one after the other, then those of unknown terms seen lately. */
  vectors(): Float32Array;
}

/** Vectors of unknown terms are kept until there are this many, then all are forgotten: 8 MB at 128 dimensions. */
const MAX_PLACED = 1 << 14;
/** Unknown terms remembered in all, with those of which nothing is known. */
const MAX_UNKNOWN = 1 << 16;

/**
 * `vectors`: words x dims, row by row; taken over. An unknown term is the sum of its words over the root of their number, so
 * that it weighs about as much as one word.
 */
export function createStaticModel(
  id: string,
  dims: number,
  words: readonly string[],
  vectors: Float32Array,
): StaticModel {
  const numbers = new Map<string, number>();
  for (let i = 0; i < words.length; i++) numbers.set(words[i] as string, i);
  /** Offsets of terms that are no words; -1 for those of which nothing is known. */
  const unknown = new Map<string, number>();
  const known = vectors.length;
  let all = vectors;
  let placed = 0;

  const place = (term: string): number => {
    const pieces = segmentUnknown(term, numbers);
    if (pieces.length === 0) return -1;
    const at = known + placed++ * dims;
    if (at + dims > all.length) {
      const larger = new Float32Array(known + Math.min(MAX_PLACED, placed * 2 + 64) * dims);
      larger.set(all);
      all = larger;
    }
    const share = 1 / Math.sqrt(pieces.length);
    all.fill(0, at, at + dims);
    for (const piece of pieces) addScaled(all, piece * dims, share, all, at, dims);
    return at;
  };

  const offsetOf = (term: string): number => {
    const number = numbers.get(term);
    if (number !== undefined) return number * dims;
    const seen = unknown.get(term);
    if (seen !== undefined) return seen;
    if (placed >= MAX_PLACED || unknown.size >= MAX_UNKNOWN) {
      unknown.clear();
      placed = 0;
    }
    const at = place(term);
    unknown.set(term, at);
    return at;
  };

  return {
    id,
    dims,
    words,
    offsetOf,
    vectors: () => all,
    addTerm(term, weight, into) {
      const at = offsetOf(term);
      if (at < 0) return false;
      addScaled(all, at, weight, into, 0, dims);
      return true;
    },
  };
}

/** `into[to + i] += weight * from[at + i]`, four at a time; `dims` is a multiple of four. */
export function addScaled(
  from: Float32Array,
  at: number,
  weight: number,
  into: Float32Array,
  to: number,
  dims: number,
): void {
  for (let i = 0; i < dims; i += 4) {
    const a = at + i;
    const b = to + i;
    into[b] = (into[b] as number) + weight * (from[a] as number);
    into[b + 1] = (into[b + 1] as number) + weight * (from[a + 1] as number);
    into[b + 2] = (into[b + 2] as number) + weight * (from[a + 2] as number);
    into[b + 3] = (into[b + 3] as number) + weight * (from[a + 3] as number);
  }
}
