/** Which terms get a vector, and which vectors make up each term of a pair set. Knows no weights. */
import type { PairSet } from '../pair-set.ts';
import { segmentUnknown } from '../segment-unknown.ts';

/**
 * The `size` most useful terms, best first. A term counts by the pairs that hold it, damped within each group: a word that one
 * repository repeats is worth less than one that many use. Terms of fewer than `minGroups` groups are left out.
 */
export function chooseVocabulary(pairs: PairSet, size: number, minGroups: number): string[] {
  const { terms, groups, groupOf } = pairs;
  const usefulness = new Float64Array(terms.length);
  const groupCounts = new Uint32Array(terms.length);
  const counts = new Uint32Array(terms.length);
  for (const members of pairsByGroup(groupOf, groups.length)) {
    const met: number[] = [];
    const count = (list: Uint32Array, from: Uint32Array, pair: number) => {
      for (let i = from[pair] as number; i < (from[pair + 1] as number); i++) {
        const term = list[i] as number;
        if (counts[term] === 0) met.push(term);
        counts[term] = (counts[term] as number) + 1;
      }
    };
    for (const pair of members) {
      count(pairs.queryTerms, pairs.queryFrom, pair);
      count(pairs.docTerms, pairs.docFrom, pair);
    }
    for (const term of met) {
      usefulness[term] = (usefulness[term] as number) + Math.sqrt(counts[term] as number);
      groupCounts[term] = (groupCounts[term] as number) + 1;
      counts[term] = 0;
    }
  }
  const candidates: number[] = [];
  for (let term = 0; term < terms.length; term++) {
    if ((groupCounts[term] as number) >= minGroups) candidates.push(term);
  }
  // Ties go to the term met first, so that the order is the same everywhere.
  candidates.sort((a, b) => (usefulness[b] as number) - (usefulness[a] as number) || a - b);
  return candidates.slice(0, size).map((term) => terms[term] as string);
}

export function pairsByGroup(groupOf: Uint16Array, groupCount: number): number[][] {
  const members: number[][] = Array.from({ length: groupCount }, () => []);
  for (let pair = 0; pair < groupOf.length; pair++) members[groupOf[pair] as number]?.push(pair);
  return members;
}

/** Rows of term `t`: `rows[from[t] .. from[t + 1]]`, each weighing `shares[t]`; none for a term of which nothing is known. */
export interface TermRows {
  readonly from: Uint32Array;
  readonly rows: Uint32Array;
  readonly shares: Float32Array;
}

/** As `createStaticModel` does it: a word is its own row, another term the sum of its words over the root of their number. */
export function termRowsOf(terms: readonly string[], words: readonly string[]): TermRows {
  const numbers = new Map(words.map((word, i) => [word, i]));
  const from = new Uint32Array(terms.length + 1);
  const shares = new Float32Array(terms.length);
  const rows: number[] = [];
  terms.forEach((term, i) => {
    const number = numbers.get(term);
    if (number === undefined) {
      const pieces = segmentUnknown(term, numbers);
      for (const piece of pieces) rows.push(piece);
      shares[i] = pieces.length > 0 ? 1 / Math.sqrt(pieces.length) : 0;
    } else {
      rows.push(number);
      shares[i] = 1;
    }
    from[i + 1] = rows.length;
  });
  return { from, rows: Uint32Array.from(rows), shares };
}
