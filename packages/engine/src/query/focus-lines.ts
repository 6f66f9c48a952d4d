/** Which lines of a passage say most of what was asked: for when it is longer than what is shown of it. Reads only the text of the passage. */
import { termsOf } from '../lexical/tokenize.ts';
import type { FilePath } from '../model/file.ts';
import type { AskedLines } from './asked-lines.ts';
import type { QueryPlan } from './plan-query.ts';

/** Lines of a passage, from 1, best first; undefined where none stands out. */
export type Focus = (
  path: FilePath,
  lines: readonly string[],
  start: number,
  end: number,
) => readonly number[];

/** A passage that is not longer is shown whole. */
const SHORT = 12;
const MOST = 5;
/** What has less of the question's worth than this share of the best line says little. */
const SHARE = 0.5;

/** `frequencies`: passages with each term of the plan, of `total`. `short`: the longest passage that needs no focus, in lines less one. */
export function focusOn(
  { kind, terms }: QueryPlan,
  frequencies: readonly number[],
  total: number,
  asked: AskedLines | undefined,
  short = SHORT,
): Focus {
  if (kind === 'code') return () => [];
  const worth = new Map(
    terms.map(({ term, weight }, i) => [term, weight * Math.log(1 + total / (1 + (frequencies[i] ?? 0)))]),
  );
  const exact = linesByPath(asked);
  return (path, lines, start, end) => {
    if (end - start < short) return [];
    const known = exact.get(path);
    const scored: { readonly line: number; readonly score: number }[] = [];
    for (let line = start; line <= end; line++) {
      const score = wordsWorth(lines[line - 1] ?? '', worth) + (known?.has(line) ? EXACT : 0);
      if (score > 0) scored.push({ line, score });
    }
    scored.sort((a, b) => b.score - a.score || a.line - b.line);
    const least = (scored[0]?.score ?? 0) * SHARE;
    return scored
      .filter(({ score }) => score >= least)
      .slice(0, MOST)
      .map(({ line }) => line);
  };
}

/** Above all words together. */
const EXACT = 1e6;

function linesByPath(asked: AskedLines | undefined): ReadonlyMap<FilePath, ReadonlySet<number>> {
  const found = new Map<FilePath, Set<number>>();
  for (const { path, line } of asked?.groups.flat() ?? []) {
    const lines = found.get(path);
    if (lines) lines.add(line);
    else found.set(path, new Set([line]));
  }
  return found;
}

/** A line beyond this is minified. */
const MAX_LINE = 2_000;

function wordsWorth(line: string, worth: ReadonlyMap<string, number>): number {
  const { words, wholes } = termsOf(line.slice(0, MAX_LINE));
  let sum = 0;
  for (const term of new Set([...words, ...wholes])) sum += worth.get(term) ?? 0;
  return sum;
}
