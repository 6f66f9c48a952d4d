/** One answer about relations, for models, programs and people. Says what may be missing before anybody can miss it. */
import type { RelationItem, RelationsAnswer } from '@conexus/engine';
import type { RelationsOutput } from '@conexus/sdk/contract';
import { clipTokens, fitItems } from '../render/budget.ts';
import { freshnessLine } from '../render/freshness.ts';
import type { Style } from '../render/style.ts';
import { seeMore, terminalPage } from '../render/terminal-page.ts';
import {
  estimateTokens,
  fence,
  formatCount,
  formatDuration,
  inline,
  plural,
  printable,
} from '../render/text.ts';
import {
  askedName,
  FRAME_TOKENS,
  frameAnswer,
  leftOut,
  nameNotClear,
  nextOfName,
} from './graph-answer-text.ts';
import type { Outcome } from './operation.ts';
import {
  coverageNote,
  coverageOutput,
  emptyReason,
  freshnessWithin,
  itemOutput,
  lineText,
  mentionLines,
  nameWithin,
  nextName,
  symbolLine,
  symbolOutput,
} from './relation-outputs.ts';
import type { RelationsResult } from './relations.ts';
import { isComplete, restAfter } from './relations.ts';
import { tokenRoom } from './take-within.ts';

export function relationsOutcome(result: RelationsResult): Outcome {
  return {
    empty: result.answer.items.length === 0,
    markdown: () => markdown(result),
    structured: () => structured(result),
    terminal: (style, maxTokens) => terminal(result, style, maxTokens),
  };
}

// --- what is said ------------------------------------------------------------------------------------------------

const ONE = {
  callers: 'caller',
  callees: 'callee',
  references: 'reference',
  definition: 'definition',
} as const;

/** Of callers and the like never "0": what was not resolved is no proof. */
function title(result: RelationsResult): string {
  const { answer, args } = result;
  const asked = askedName(args.name);
  const notClear = nameNotClear(answer, asked);
  if (notClear !== undefined) return notClear;
  const [target] = answer.targets;
  const what =
    answer.targets.length === 1 && target !== undefined
      ? clipTokens(symbolLine(target), 60)
      : `${plural(answer.targets.length, 'definition')} named ${asked}`;
  const one = ONE[answer.relation];
  if (answer.relation === 'definition')
    return answer.targets.length === 1 ? `${plural(answer.resolvedCount, one)}: ${what}.` : `${what}.`;
  const open =
    answer.unresolvedCount === 0
      ? ''
      : answer.relation === 'callees'
        ? `; ${plural(answer.unresolvedCount, 'call')} inside could not be resolved`
        : `; ${plural(answer.unresolvedCount, 'unresolved call')} named like it may be more`;
  if (answer.resolvedCount > 0)
    return `${plural(answer.resolvedCount, one)} of ${what}, in ${plural(answer.fileCount, 'file')}${open}.`;
  return isComplete(result)
    ? `No ${one} of ${what}: every call in the repository was resolved, and none is one.`
    : `No ${one} of ${what} was resolved, which does not prove that there is none${open}.`;
}

function noteLines(result: RelationsResult): readonly string[] {
  const { answer } = result;
  const notes = [...result.notes, ...answer.notes];
  if (answer.isCut) notes.push('there is more to follow than one answer follows: ask with a smaller depth');
  if (answer.droppedCount > 0)
    notes.push(
      `${plural(answer.droppedCount, 'line')} left out, because files changed while they were read: repeat the call`,
    );
  if (answer.state === 'found' && answer.candidateCount > 0)
    notes.push(
      `${plural(answer.candidateCount, 'other definition')} of this name, e.g. ${answer.candidates
        .slice(0, 2)
        .map(symbolLine)
        .join('; ')}: ${result.again(nextName(answer.candidates, 0))}`,
    );
  return notes.map((note) => `Note: ${inline(note, 400)}`);
}

function candidateLines(result: RelationsResult): readonly string[] {
  const { answer, args } = result;
  if (answer.state === 'found' || answer.candidates.length === 0) return [];
  const more = answer.candidateCount - answer.candidates.length;
  return [
    answer.state === 'none' ? 'Names like it:' : 'Definitions:',
    ...answer.candidates.map((candidate) => `- ${symbolLine(candidate)} (id ${inline(candidate.id, 200)})`),
    ...(more > 0 ? [`- and ${formatCount(more)} more: narrow with path`] : []),
    ...nextOfName(answer, args.name, result.again),
  ];
}

// --- markdown ----------------------------------------------------------------------------------------------------

function markdown(result: RelationsResult): string {
  const { answer, args } = result;
  const room = tokenRoom(args.max_tokens - FRAME_TOKENS);
  const take = (lines: readonly string[], share: number) =>
    room.take(lines, share, (line) => line).join('\n');
  const notes = take(noteLines(result), 0.4);
  const candidates = take(candidateLines(result), 0.8);
  const groups = groupsOf(answer.items);
  const { texts, tokens } = fitItems(groups, room.left, (group) => groupVariants(answer, group));
  room.spend(tokens);
  const shown = texts.reduce((sum, text) => sum + text.split('\n').length - 3, 0);
  const mentions = take(mentionTextLines(answer), 1);
  const rest = leftOut(restAfter(result, shown), 'line');
  return frameAnswer(answer, title(result), notes, [candidates, ...texts, mentions, rest]);
}

interface Group {
  readonly path: string;
  readonly depth: number;
  readonly isOpen: boolean;
  readonly items: readonly RelationItem[];
}

/** Neighbours of one file; the order of lines is kept, so that a page can end anywhere. */
function groupsOf(items: readonly RelationItem[]): readonly Group[] {
  const groups: { path: string; depth: number; isOpen: boolean; items: RelationItem[] }[] = [];
  for (const item of items) {
    const isOpen = item.resolution === 'unresolved';
    const last = groups.at(-1);
    if (last?.path === item.path && last.depth === item.depth && last.isOpen === isOpen)
      last.items.push(item);
    else groups.push({ path: item.path, depth: item.depth, isOpen, items: [item] });
  }
  return groups;
}

function* groupVariants(answer: RelationsAnswer, group: Group): Generator<string> {
  const depth = group.depth > 1 ? ` (depth ${group.depth})` : '';
  const open = group.isOpen ? ' — unresolved' : '';
  for (let count = group.items.length; count >= 1; count >>= 1)
    yield `## ${inline(group.path)}${depth}${open}\n${fence(
      group.items
        .slice(0, count)
        .map((item) => itemLine(answer, item))
        .join('\n'),
      'text',
    )}`;
}

/** `12 in save: open().publish(item)`; a callee is told by its id, because it stands elsewhere. */
function itemLine({ relation }: RelationsAnswer, item: RelationItem): string {
  const { symbol, path, kind, resolution, isGiven, via, line } = item;
  const end =
    relation === 'callees' && resolution !== 'unresolved'
      ? `-> ${inline(symbol, 160)}`
      : `in ${inline(nameWithin(symbol, path), 120)}`;
  const through =
    via === undefined ? '' : relation === 'callees' ? ` from ${inline(via, 120)}` : ` -> ${inline(via, 120)}`;
  const words = [
    ...(relation === 'references' && resolution !== 'unresolved' ? [kind] : []),
    ...(resolution === 'inferred' || resolution === 'named' ? [resolution] : []),
    ...(isGiven === true ? ['runs it as an argument'] : []),
  ];
  const text = printable(lineText(item.text)).trim();
  if (kind === 'definition') return `${line} ${text}`;
  return `${line} ${end}${through}${words.length > 0 ? ` (${words.join(', ')})` : ''}: ${text}`;
}

function mentionTextLines({ mentions, state }: RelationsAnswer): readonly string[] {
  if (mentions === undefined) return [];
  const where = state === 'none' ? '' : ' in files that the graph does not cover';
  return [
    `Mentions of the word “${inline(mentions.word, 60)}”${where}, not resolved${mentions.truncated ? ', some of them' : ''}:`,
    ...mentions.hits.map(
      ({ path, line, lineText: text }) =>
        `- ${inline(path)}:${line} \`${inline(lineText(text).trim(), 120).replaceAll('`', "'")}\``,
    ),
  ];
}

// --- structure ---------------------------------------------------------------------------------------------------

function structured(result: RelationsResult): Record<string, unknown> {
  const { answer, args } = result;
  const tight = args.max_tokens < 1_500;
  const core: RelationsOutput = {
    relation: answer.relation,
    state: answer.state,
    targets: [],
    candidates: [],
    candidate_count: answer.candidateCount,
    results: [],
    resolved: answer.resolvedCount,
    unresolved: answer.unresolvedCount,
    files: answer.fileCount,
    ...(answer.resolvedCount === 0 && {
      empty_because: emptyReason({ ...answer, unresolved: answer.unresolvedCount }),
    }),
    complete: isComplete(result),
    coverage_note: clipTokens(coverageNote(answer.coverage), 80),
    coverage: coverageOutput(answer.coverage, 0),
    dropped: answer.droppedCount,
    cut: answer.isCut,
    omitted: { results: answer.resolvedCount + answer.unresolvedCount, reason: 'max_tokens' },
    notes: [],
    freshness: freshnessWithin(answer.freshness, tight),
    ms: Math.round(answer.ms * 1000) / 1000,
  };
  // The cursor and a note of the words that stand for it.
  const room = tokenRoom(args.max_tokens - estimateTokens(JSON.stringify(core)) - 40);
  const take = <Item>(items: readonly Item[], share = 1): Item[] =>
    room.take(items, share, (item) => JSON.stringify(item));
  const targets = take(answer.targets.slice(0, 5).map(symbolOutput), 0.5);
  const notes = take(
    [...result.notes, ...answer.notes].map((note) => inline(note, 400)),
    0.3,
  );
  const candidates = take(answer.candidates.map(symbolOutput), answer.state === 'found' ? 0.2 : 0.8);
  const results = take(answer.items.map(itemOutput));
  const rest = restAfter(result, results.length);
  const mentions = answer.mentions && {
    word: inline(answer.mentions.word, 60),
    truncated: answer.mentions.truncated,
    lines: take(mentionLines(answer.mentions), 0.9),
  };
  const unread = take(coverageOutput(answer.coverage, args.explain ? 20 : 5).unread, 0.8);
  return {
    ...core,
    targets,
    candidates,
    results,
    coverage: { ...core.coverage, unread },
    ...(mentions !== undefined && {
      mentions: {
        ...mentions,
        truncated: mentions.truncated || mentions.lines.length < (answer.mentions?.hits.length ?? 0),
      },
    }),
    omitted: { results: rest.count, reason: rest.reason },
    ...(rest.cursor !== undefined && { next_cursor: rest.cursor }),
    notes,
  };
}

// --- terminal ----------------------------------------------------------------------------------------------------

function terminal(result: RelationsResult, style: Style, maxTokens: number): string {
  const { answer, args } = result;
  const items = groupsOf(answer.items).flatMap((group, i) => {
    const depth = group.depth > 1 ? style.dim(` (depth ${group.depth})`) : '';
    const open = group.isOpen ? style.dim(' — unresolved') : '';
    const head = `${i === 0 ? '' : '\n'}${style.path(inline(group.path))}${depth}${open}\n`;
    return group.items.map((item, at) => `${at === 0 ? head : ''}  ${itemLine(answer, item)}`);
  });
  const [candidates = '', ...others] = candidateLines(result);
  const [mentions = '', ...lines] = mentionTextLines(answer);
  return terminalPage(
    {
      top: [style.bold(title(result))],
      lists: [
        { head: '', items },
        { head: candidates, items: others },
        { head: mentions, items: lines },
      ],
      notes: [
        ...noteLines(result),
        ...(args.explain
          ? answer.coverage.unread.map(({ path, reason }) => `unread: ${inline(path)} (${reason})`)
          : []),
      ].map((line) => style.dim(line)),
      foot({ shown: [own = 0, named = 0, said = 0] }) {
        const rest = restAfter(result, own);
        const hidden = others.length - named + (lines.length - said);
        const left = [
          ...(rest.count > 0 ? [plural(rest.count, 'more line')] : []),
          ...(hidden > 0 ? [plural(hidden, 'further name or mention', 'further names or mentions')] : []),
        ];
        return [
          ...(left.length > 0 ? [seeMore(left.join(' and '), rest.cursor, '--limit')] : []),
          `Covers ${coverageNote(answer.coverage)}.`,
          [formatDuration(answer.ms), freshnessLine(answer.freshness)].join(' · '),
        ].map((line) => style.dim(line));
      },
    },
    maxTokens,
  );
}
