/** One answer about impact, for models, programs and people: sections under one budget, what may hide more among the first. */
import type { Dependent, ImpactAnswer } from '@conexus/engine';
import { clipTokens } from '../render/budget.ts';
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
import type { ImpactResult } from './impact-result.ts';
import { isComplete, restAfter, structured } from './impact-result.ts';
import type { Outcome } from './operation.ts';
import { coverageNote, lineText, nameWithin, symbolLine } from './relation-outputs.ts';
import { tokenRoom } from './take-within.ts';

export function impactOutcome(result: ImpactResult): Outcome {
  const { answer } = result;
  return {
    empty: answer.state !== 'found' || (answer.dependentCount === 0 && answer.targets.length === 0),
    markdown: () => markdown(result),
    structured: () => structured(result),
    terminal: (style, maxTokens) => terminal(result, style, maxTokens),
  };
}

// --- what is said ------------------------------------------------------------------------------------------------

function title(result: ImpactResult): string {
  const { answer, args } = result;
  const notClear = nameNotClear(answer, askedName(args.target ?? ''));
  if (notClear !== undefined) return notClear;
  if (answer.compared !== undefined && answer.targets.length === 0) return nothingToFollow(answer);
  const what = changeClause(answer);
  if (answer.dependentCount > 0)
    return `${plural(answer.dependentCount, 'definition depends', 'definitions depend')} on ${what}: ${formatCount(answer.directCount)} directly, in ${plural(answer.fileCount, 'file')}.`;
  return isComplete(result)
    ? `Nothing in the repository depends on ${what}: every call in it was resolved.`
    : `No dependent of ${what} was resolved, which does not prove that there is none.`;
}

function nothingToFollow({ compared, changed }: ImpactAnswer): string {
  const commit = compared?.commit.slice(0, 8);
  return changed.length === 0
    ? `The working tree does not differ from commit ${commit}.`
    : `${plural(changed.length, 'file')} differ from commit ${commit}; no definition of the graph is changed in them.`;
}

function changeClause({ compared, changed, targets }: ImpactAnswer): string {
  if (compared !== undefined)
    return `${plural(changed.length, 'changed file')} (${plural(targets.length, 'definition')}) since ${compared.commit.slice(0, 8)}`;
  const [target] = targets;
  return targets.length === 1 && target !== undefined
    ? clipTokens(symbolLine(target), 60)
    : plural(targets.length, 'definition');
}

/** How far the list can be trusted. */
function trustLines(result: ImpactResult): readonly string[] {
  const { answer } = result;
  const lines: string[] = [];
  if (answer.exactShare !== undefined)
    lines.push(
      `Confidence: ${Math.round(answer.exactShare * 100)} % of the dependents are reached by exact steps alone.`,
    );
  if (answer.unresolvedCount + answer.furtherUnresolvedCount > 0)
    lines.push(
      `May hide more: ${plural(answer.unresolvedCount, 'unresolved call')} named like what changes, ${formatCount(answer.furtherUnresolvedCount)} like a dependent.`,
    );
  const notes = [...result.notes, ...answer.notes];
  if (answer.isCut) notes.push('there is more to follow than one answer follows: ask with a smaller depth');
  if (answer.droppedCount > 0)
    notes.push(
      `${plural(answer.droppedCount, 'line')} left out, because files changed while they were read: repeat the call`,
    );
  return [...lines, ...notes.map((note) => `Note: ${inline(note, 400)}`)];
}

function candidateLines({ answer, args, again }: ImpactResult): readonly string[] {
  if (answer.state === 'found' || answer.candidates.length === 0) return [];
  return [
    answer.state === 'none' ? 'Names like it:' : 'Definitions:',
    ...answer.candidates.map((candidate) => `- ${symbolLine(candidate)} (id ${inline(candidate.id, 200)})`),
    ...nextOfName(answer, args.target ?? '', again),
  ];
}

/** Programs get all of them. */
const MAX_CHANGED = 60;

function changedLines({ changed }: ImpactAnswer): readonly string[] {
  if (changed.length === 0) return [];
  return [
    'Changed:',
    ...changed.slice(0, MAX_CHANGED).map((file) => {
      const deleted = file.deleted.length === 0 ? '' : `; gone: ${some(file.deleted, 8)}`;
      const from = file.from === undefined ? '' : ` from ${inline(file.from)}`;
      const names = file.symbols.map((id) => nameWithin(id, file.path));
      return `- ${inline(file.path)}: ${file.change}${from}, ${plural(file.lines, 'line')}${names.length === 0 ? '' : `: ${some(names, 12)}`}${deleted}`;
    }),
    ...(changed.length > MAX_CHANGED ? [`- and ${formatCount(changed.length - MAX_CHANGED)} more`] : []),
  ];
}

function testLines({ answer, args: { limit } }: ImpactResult): readonly string[] {
  const { testCount, targets, changed } = answer;
  const tests = answer.tests.slice(0, limit);
  if (testCount === 0 && targets.length === 0 && changed.length === 0) return [];
  if (testCount === 0)
    return ['Tests to run: none was found, neither by the graph nor by name nor in past commits.'];
  const more = testCount - tests.length;
  return [
    `Tests to run (${formatCount(testCount)}):`,
    ...tests.map(({ path, found, depth, because }) =>
      found === 'graph'
        ? `- ${inline(path)} — reaches it in ${plural(depth ?? 0, 'step')} (${inline(because, 120)})`
        : `- ${inline(path)} — by ${found}, not by the graph: ${inline(because, 160)}`,
    ),
    ...(more > 0 ? [`- and ${formatCount(more)} more`] : []),
  ];
}

function publicLines({ answer, args: { limit } }: ImpactResult): readonly string[] {
  const { publicCount } = answer;
  const publicNames = answer.publicNames.slice(0, limit);
  if (publicCount === 0) return [];
  const more = publicCount - publicNames.length;
  return [
    `Public names touched (${formatCount(publicCount)}):`,
    ...publicNames.map(
      ({ symbol, because, isChanged }) =>
        `- ${inline(symbol, 160)}${isChanged ? '' : ', over others'} — ${inline(because, 160)}`,
    ),
    ...(more > 0 ? [`- and ${formatCount(more)} more`] : []),
  ];
}

/** `1 src/save.ts:3 save calls src.store.Store.publish <- write: open().publish(item)` */
function dependentLine(dependent: Dependent): string {
  const { symbol, path, line, depth, kind, resolution, through, isGiven, text } = dependent;
  const [next = '', ...beyond] = through;
  const way = [next, ...beyond.map((id) => id.slice(id.lastIndexOf('.') + 1))]
    .map((id) => inline(id, 120))
    .join(' <- ');
  const words = [
    ...(resolution === 'exact' ? [] : [resolution]),
    ...(isGiven === true ? ['runs it as an argument; its callers are not followed'] : []),
  ];
  const guess = words.length === 0 ? '' : ` (${words.join(', ')})`;
  return `${depth} ${inline(path)}:${line} ${inline(nameWithin(symbol, path), 120)} ${kind} ${way}${guess}: ${printable(lineText(text)).trim()}`;
}

function unresolvedLines({ answer, args: { limit } }: ImpactResult): readonly string[] {
  const { unresolvedCount } = answer;
  const unresolved = answer.unresolved.slice(0, limit);
  if (unresolvedCount === 0) return [];
  const more = unresolvedCount - unresolved.length;
  return [
    'Unresolved calls of these names:',
    ...unresolved.map(
      ({ path, line, text }) =>
        `- ${inline(path)}:${line} \`${inline(lineText(text).trim(), 120).replaceAll('`', "'")}\``,
    ),
    ...(more > 0 ? [`- and ${formatCount(more)} more`] : []),
  ];
}

function some(names: readonly string[], count: number): string {
  const shown = names
    .slice(0, count)
    .map((name) => inline(name, 100))
    .join(', ');
  return names.length > count ? `${shown} and ${formatCount(names.length - count)} more` : shown;
}

// --- markdown ----------------------------------------------------------------------------------------------------

function markdown(result: ImpactResult): string {
  const { answer, args } = result;
  const room = tokenRoom(args.max_tokens - FRAME_TOKENS);
  const section = (lines: readonly string[], share: number): string => {
    const kept = room.take(lines, share, (line) => line);
    // A heading alone says nothing.
    return kept.length < 2 && lines.length > 1 ? '' : kept.join('\n');
  };
  const trust = section([...trustLines(result), ''], 0.4).trimEnd();
  const candidates = section(candidateLines(result), 0.9);
  const isFound = answer.state === 'found';
  const changed = section(changedLines(answer), 0.3);
  const tests = isFound ? section(testLines(result), 0.4) : '';
  const open = section(unresolvedLines(result), 0.25);
  const names = section(publicLines(result), 0.3);
  room.spend(estimateTokens('Dependents, nearest first:\n```text\n\n```') + 4);
  const shown = room.take(answer.dependents.map(dependentLine), 1, (line) => line);
  const dependents =
    shown.length === 0 ? '' : `Dependents, nearest first:\n${fence(shown.join('\n'), 'text')}`;
  const rest = leftOut(restAfter(result, shown.length), 'dependent');
  return frameAnswer(answer, title(result), trust, [
    candidates,
    changed,
    tests,
    dependents,
    open,
    names,
    rest,
  ]);
}

// --- terminal ----------------------------------------------------------------------------------------------------

function terminal(result: ImpactResult, style: Style, maxTokens: number): string {
  const { answer } = result;
  const list = (lines: readonly string[]) => ({
    head: style.bold(lines[0] ?? ''),
    items: lines.slice(1),
  });
  const isFound = answer.state === 'found';
  const lists = [
    list(candidateLines(result)),
    list(changedLines(answer)),
    list(isFound ? testLines(result) : []),
    list(
      answer.dependents.length === 0
        ? []
        : ['Dependents, nearest first:', ...answer.dependents.map(dependentLine)],
    ),
    list(unresolvedLines(result)),
    list(publicLines(result)),
  ];
  return terminalPage(
    {
      top: [style.bold(title(result))],
      lists,
      notes: trustLines(result).map((line) => style.dim(line)),
      foot({ shown }) {
        const rest = restAfter(result, shown[DEPENDENTS] ?? 0);
        const others = lists.reduce(
          (sum, { items }, i) => sum + (i === DEPENDENTS ? 0 : items.length - (shown[i] ?? 0)),
          0,
        );
        const left = [
          ...(rest.count > 0 ? [plural(rest.count, 'more dependent')] : []),
          ...(others > 0
            ? [plural(others, 'more line of the other lists', 'more lines of the other lists')]
            : []),
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

/** Place of the dependents among the lists, which the cursor goes by. */
const DEPENDENTS = 3;
