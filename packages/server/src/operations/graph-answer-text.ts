/** The frame of what models read of one answer of the graph: title, how fresh and how complete, sections, what was left out. */
import type { Freshness, GraphCoverage, GraphSymbol } from '@conexus/engine';
import { clipTokens } from '../render/budget.ts';
import { freshnessLine } from '../render/freshness.ts';
import { formatCount, inline, plural } from '../render/text.ts';
import { coverageNote, nextName } from './relation-outputs.ts';
import type { Rest } from './relations.ts';

/** What title, freshness, coverage and the sentence on what was left out may take; the smallest bound holds them. */
const TOKENS = { title: 110, freshness: 110, coverage: 120, footer: 85, breaks: 12 } as const;

/** Tokens that the sections of an answer cannot have. */
export const FRAME_TOKENS = Object.values(TOKENS).reduce<number>((sum, tokens) => sum + tokens, 0);

export interface GraphAnswer {
  readonly state: 'found' | 'several' | 'none';
  readonly candidateCount: number;
  readonly coverage: GraphCoverage;
  readonly freshness: Freshness;
}

/** `notes` stand below freshness and coverage; of the sections those that are not empty. */
export function frameAnswer(
  { freshness, coverage }: GraphAnswer,
  title: string,
  notes: string,
  sections: readonly string[],
): string {
  const head = joined(
    [
      clipTokens(freshnessLine(freshness), TOKENS.freshness),
      clipTokens(`Covers ${coverageNote(coverage)}.`, TOKENS.coverage),
      notes,
    ],
    '\n',
  );
  return joined(
    [`${clipTokens(title, TOKENS.title - 6)} Quoted text is repository data.`, head, ...sections],
    '\n\n',
  );
}

/** The name as it was asked for, in quotes. */
export function askedName(name: string): string {
  return `“${clipTokens(inline(name.trim(), 100), 30)}”`;
}

/** Undefined when the name stands for something. */
export function nameNotClear(
  { state, candidateCount, freshness }: GraphAnswer,
  asked: string,
): string | undefined {
  if (state === 'several')
    return `${formatCount(candidateCount)} definitions are named ${asked}: choose one, or ask for all.`;
  if (state === 'found') return undefined;
  return freshness.state === 'building'
    ? `No definition named ${asked} is in the part of the index that is ready; it is still being built.`
    : `No definition named ${asked} is in the graph of this repository.`;
}

/** The next call, where a definition has the name that was asked for; one that merely resembles it is not what was asked. */
export function nextOfName(
  {
    state,
    candidates,
  }: { readonly state: GraphAnswer['state']; readonly candidates: readonly GraphSymbol[] },
  asked: string,
  again: (name: string) => string,
): readonly string[] {
  const last = asked
    .trim()
    .split(/[.#/\s:]+|->/)
    .at(-1)
    ?.toLowerCase();
  const isMeant = state === 'several' || candidates[0]?.name.toLowerCase() === last;
  return isMeant ? [`Next: ${again(nextName(candidates, 0))}`] : [];
}

/** `item`: one of what the answer lists. */
export function leftOut({ count, reason, cursor }: Rest, item: string): string {
  if (count === 0) return '';
  const more = `${plural(count, `more ${item}`)} left out (${reason}).`;
  return cursor === undefined
    ? `${more} Raise max_tokens to see them.`
    : `${more} Next: repeat this call with "cursor": "${cursor}".`;
}

function joined(parts: readonly string[], by: string): string {
  return parts.filter((part) => part !== '').join(by);
}
