/** "Find code like this": lines of a file -> a plan of their words. What is found there itself is left out by the caller. */
import type { WeightedTerm } from '../lexical/bm25f.ts';
import type { IndexView } from '../lexical/index-view.ts';
import { termsOf } from '../lexical/tokenize.ts';
import { ConexusError } from '../model/errors.ts';
import { readPlace } from '../model/place.ts';
import type { SearchRequest } from '../model/search.ts';
import type { PassageReader } from './passages.ts';
import type { QueryPlan } from './plan-query.ts';
import { chunkLines, type RankedHit } from './rank.ts';

/** Words beyond the most frequent only add time; the vector is made of these, too. */
const MAX_TERMS = 120;
/** A longer passage has more than one thing to say. */
const MAX_LINES = 200;
const MAX_CHARACTERS = 20_000;

export type Like = Exclude<NonNullable<SearchRequest['like']>, string>;

export function readLike(like: NonNullable<SearchRequest['like']>): Like {
  if (typeof like !== 'string') return like;
  const { path, lines } = readPlace(like);
  return { path, ...lines };
}

/** @throws ConexusError path_not_found, invalid_argument for lines that the file does not have */
export function planLike(
  index: PassageReader & { readonly view: IndexView },
  { path, start = 1, end }: Like,
): QueryPlan {
  // Of a file that is not indexed nothing is told, not even what resembles it.
  const lines = index.view.file(path) && index.read(path)?.lines;
  if (!lines) {
    throw new ConexusError(
      'path_not_found',
      `${path} is not an indexed file.`,
      'Check the path; it is relative to the root.',
    );
  }
  const last = Math.min(end ?? lines.length, lines.length, start + MAX_LINES - 1);
  if (start < 1 || start > last) {
    throw new ConexusError(
      'invalid_argument',
      `${path} has no lines ${start}-${end ?? start}: it has ${lines.length}.`,
      'Give lines that the file has.',
    );
  }
  const text = lines
    .slice(start - 1, last)
    .join('\n')
    .slice(0, MAX_CHARACTERS);
  return {
    kind: 'code',
    text: `${path}:${start}-${last}`,
    terms: weighTerms(text),
    names: [],
    paths: [],
    places: [],
    patterns: [],
    quoted: [],
    asksForTests: false,
  };
}

function weighTerms(text: string): WeightedTerm[] {
  const counts = new Map<string, number>();
  const { words, wholes } = termsOf(text);
  for (const term of [...words, ...wholes]) counts.set(term, (counts.get(term) ?? 0) + 1);
  return [...counts]
    .map(([term, count]) => ({ term, weight: 1 + Math.log(count) }))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MAX_TERMS);
}

/** Whether the hit's chunk lies in the lines that were given: they are like themselves. */
export function isItself(hit: RankedHit, { path, start = 1, end }: Like): boolean {
  const chunk = chunkLines(hit);
  return hit.file.path === path && chunk.end >= start && chunk.start <= (end ?? Number.MAX_SAFE_INTEGER);
}
