/** One answer about impact as a program gets it, and how it is judged. Knows no text for people. */
import type { Dependent, ImpactAnswer } from '@conexus/engine';
import type { ImpactInput, ImpactOutput } from '@conexus/sdk/contract';
import { clipTokens } from '../render/budget.ts';
import { estimateTokens, inline } from '../render/text.ts';
import {
  coverageNote,
  coverageOutput,
  type EmptyReason,
  emptyReason,
  freshnessWithin,
  itemOutput,
  lineText,
  seesAll,
  symbolOutput,
} from './relation-outputs.ts';
import type { Rest } from './relations.ts';
import { restOf } from './relations.ts';
import { tokenRoom } from './take-within.ts';

export interface ImpactResult {
  readonly answer: ImpactAnswer;
  readonly args: ImpactInput;
  readonly offset: number;
  readonly scope: string;
  readonly notes: readonly string[];
  /** How the same is asked with another name. */
  readonly again: (name: string) => string;
}

/** Nothing inside the repository is known that could depend on the change and is not listed. */
export function isComplete({ answer }: ImpactResult): boolean {
  return (
    answer.state === 'found' &&
    answer.unresolvedCount === 0 &&
    answer.furtherUnresolvedCount === 0 &&
    answer.droppedCount === 0 &&
    answer.notes.length === 0 &&
    !answer.isCut &&
    answer.freshness.state === 'fresh' &&
    seesAll(answer.coverage)
  );
}

/** What comes after the first `shown` dependents of the page. */
export function restAfter(result: ImpactResult, shown: number): Rest {
  const { answer } = result;
  return restOf(result, answer, answer.dependents.length, answer.dependentCount, shown);
}

export function structured(result: ImpactResult): Record<string, unknown> {
  const core = coreOf(result);
  const tokens = result.args.max_tokens - estimateTokens(JSON.stringify(core)) - 40;
  const { dependents, ...lists } = listsWithin(result, tokens);
  const rest = restAfter(result, dependents.length);
  return {
    ...core,
    ...lists,
    dependents,
    omitted: { dependents: rest.count, reason: rest.reason },
    ...(rest.cursor !== undefined && { next_cursor: rest.cursor }),
  };
}

function whyNone(answer: ImpactAnswer): EmptyReason {
  if (answer.compared !== undefined && answer.targets.length === 0)
    return answer.changed.length === 0 ? 'nothing_changed' : 'no_definition_changed';
  return emptyReason({ ...answer, unresolved: answer.unresolvedCount + answer.furtherUnresolvedCount });
}

/** What every answer has, its lists empty. */
function coreOf(result: ImpactResult): ImpactOutput {
  const { answer, args } = result;
  return {
    state: answer.state,
    targets: [],
    target_count: answer.targets.length,
    candidates: [],
    candidate_count: answer.candidateCount,
    ...(answer.compared !== undefined && {
      compared: { commit: answer.compared.commit, subject: inline(answer.compared.subject, 100) },
    }),
    changed: [],
    changed_count: answer.changed.length,
    dependents: [],
    dependent_count: answer.dependentCount,
    ...(answer.dependentCount === 0 && { empty_because: whyNone(answer) }),
    direct_count: answer.directCount,
    files: [],
    file_count: answer.fileCount,
    tests: [],
    test_count: answer.testCount,
    public_api: [],
    public_count: answer.publicCount,
    ...(answer.exactShare !== undefined && { confidence: Math.round(answer.exactShare * 1000) / 1000 }),
    unresolved: [],
    unresolved_count: answer.unresolvedCount,
    further_unresolved: answer.furtherUnresolvedCount,
    complete: isComplete(result),
    coverage_note: clipTokens(coverageNote(answer.coverage), 80),
    coverage: coverageOutput(answer.coverage, 0),
    dropped: answer.droppedCount,
    cut: answer.isCut,
    omitted: { dependents: answer.dependentCount, reason: 'max_tokens' },
    notes: [],
    freshness: freshnessWithin(answer.freshness, args.max_tokens < 1_500),
    ms: Math.round(answer.ms * 1000) / 1000,
  };
}

/** Each list may take a share of what those before it left; dependents take the rest. */
function listsWithin({ answer, notes }: ImpactResult, tokens: number) {
  const room = tokenRoom(tokens);
  const take = <Item>(items: readonly Item[], share: number): Item[] =>
    room.take(items, share, (item) => JSON.stringify(item));
  const changed = answer.changed.map(({ path, change, from, lines, symbols, deleted }) => ({
    path,
    change,
    ...(from !== undefined && { from }),
    lines,
    symbols: [...symbols],
    deleted: [...deleted],
  }));
  const tests = answer.tests.map(({ path, found, depth, because }) => ({
    path,
    found,
    ...(depth !== undefined && { depth }),
    because,
  }));
  const names = answer.publicNames.map(({ symbol, because, isChanged }) => ({
    symbol,
    because,
    changed: isChanged,
  }));
  const files = answer.files.map(({ path, depth, symbols, isTest }) => ({
    path,
    depth,
    symbols,
    test: isTest,
  }));
  return {
    targets: take(answer.targets.map(symbolOutput), 0.3),
    notes: take(
      [...notes, ...answer.notes].map((note) => inline(note, 400)),
      0.2,
    ),
    candidates: take(answer.candidates.map(symbolOutput), answer.state === 'found' ? 0.1 : 0.8),
    changed: take(changed, 0.3),
    tests: take(tests, 0.3),
    unresolved: take(answer.unresolved.map(itemOutput), 0.2),
    public_api: take(names, 0.2),
    files: take(files, 0.3),
    dependents: take(answer.dependents.map(dependentOutput), 1),
  };
}

function dependentOutput(dependent: Dependent): ImpactOutput['dependents'][number] {
  const { symbol, kind, resolution, depth, through, isGiven, isTest, path, line, hash, text } = dependent;
  return {
    symbol,
    kind,
    resolution,
    depth,
    through: [...through],
    ...(isGiven === true && { given: true as const }),
    test: isTest,
    path,
    line,
    hash,
    text: lineText(text),
  };
}
