/** Definitions and lines of the graph -> wire types and one-line names. Decides nothing. */
import type { Freshness, GraphCoverage, GraphSymbol, Mentions, RelationItem } from '@conexus/engine';
import type { FreshnessOutput, RelationsOutput } from '@conexus/sdk/contract';
import { formatCount, inline, plural } from '../render/text.ts';
import { freshnessOutput } from './outputs.ts';

/** A minified line would fill the answer. */
const LINE_CHARS = 300;

export function lineText(text: string): string {
  const line = text.replace(/[\r\n]+$/, '').replace(/[\r\n\u2028\u2029]+/g, ' ');
  return line.length <= LINE_CHARS ? line : `${line.slice(0, LINE_CHARS)}…`;
}

export function symbolOutput(symbol: GraphSymbol): RelationsOutput['targets'][number] {
  const { id, name, kind, path, start, end, hash, language, fileKind, isExported } = symbol;
  return { id, name, kind, path, start, end, hash, language, file_kind: fileKind, exported: isExported };
}

export function itemOutput(item: RelationItem): RelationsOutput['results'][number] {
  const { symbol, callee, via, depth, kind, resolution, isGiven, path, line, hash, text } = item;
  return {
    symbol,
    ...(callee !== undefined && { callee: inline(callee, 200) }),
    ...(via !== undefined && { via }),
    depth,
    kind,
    resolution,
    ...(isGiven === true && { given: true as const }),
    path,
    line,
    hash,
    text: lineText(text),
  };
}

export function coverageOutput(coverage: GraphCoverage, named: number): RelationsOutput['coverage'] {
  return {
    symbols: coverage.symbols,
    partial: coverage.isPartial,
    languages: [...coverage.languages],
    uncovered: coverage.uncovered.slice(0, 10).map(({ language, files }) => ({ language, files })),
    unread_count: coverage.unreadCount,
    unread: coverage.unread.slice(0, named).map(({ path, reason }) => ({ path, reason })),
  };
}

export function mentionLines({ hits }: Mentions): NonNullable<RelationsOutput['mentions']>['lines'] {
  return hits.map(({ path, line, hash, lineText: text }) => ({ path, line, hash, text: lineText(text) }));
}

/** What the graph saw, in one line; what it did not see comes first. */
export function coverageNote(coverage: GraphCoverage): string {
  const blind = [
    ...(coverage.isPartial ? ['there was too much to follow, edges may be missing'] : []),
    ...(coverage.uncovered.length > 0
      ? [
          `no graph for ${coverage.uncovered
            .slice(0, 6)
            .map(({ language, files }) => `${inline(language, 30)} (${plural(files, 'file')})`)
            .join(', ')}`,
        ]
      : []),
    ...(coverage.unreadCount > 0 ? [unreadClause(coverage)] : []),
  ];
  const languages = coverage.languages.map((language) => inline(language, 30)).join(', ');
  const seen = `${plural(coverage.symbols, 'definition')}${languages === '' ? '' : ` of ${languages}`}`;
  return blind.length === 0 ? `all code: ${seen}` : `${seen}; ${blind.join('; ')}`;
}

function unreadClause({ unread, unreadCount }: GraphCoverage): string {
  const named = unread
    .slice(0, 3)
    .map(({ path, reason }) => `${inline(path, 80)} (${reason})`)
    .join(', ');
  return `not, or not wholly read: ${named}${unreadCount > 3 ? ` and ${formatCount(unreadCount - 3)} more` : ''}`;
}

/** Whether every file with code was read, in languages that the graph follows. */
export function seesAll(coverage: GraphCoverage): boolean {
  return !coverage.isPartial && coverage.unreadCount === 0 && coverage.uncovered.length === 0;
}

export type EmptyReason = NonNullable<RelationsOutput['empty_because']>;

/** Why nothing was resolved: the first that applies. */
export function emptyReason(answer: {
  readonly state: 'found' | 'several' | 'none';
  readonly unresolved: number;
  readonly droppedCount: number;
  readonly isCut: boolean;
  readonly coverage: GraphCoverage;
  readonly freshness: Freshness;
  readonly mentions?: Mentions | undefined;
  readonly notes: readonly string[];
}): EmptyReason {
  if (answer.state === 'several') return 'name_ambiguous';
  if (answer.state === 'none')
    return answer.freshness.state === 'building' ? 'not_up_to_date' : 'name_unknown';
  if (answer.freshness.state !== 'fresh' || answer.droppedCount > 0) return 'not_up_to_date';
  if (answer.unresolved > 0) return 'unresolved_calls';
  if (answer.isCut || answer.mentions !== undefined || !seesAll(answer.coverage)) return 'not_all_followed';
  return answer.notes.length > 0 ? 'notes' : 'none';
}

/** Without the paths that wait, and with what every client reads first. */
export function freshnessWithin(freshness: Freshness, tight: boolean): FreshnessOutput {
  const full = freshnessOutput(freshness);
  if (!tight) return { ...full, pending: full.pending.slice(0, 10).map((path) => inline(path, 100)) };
  const { branch: _branch, progress: _progress, ...rest } = full;
  return { ...rest, pending: [] };
}

/** What to ask for the one that is meant: its id, or its place where several definitions share that. */
export function nextName(candidates: readonly GraphSymbol[], index: number): string {
  const chosen = candidates[index];
  if (chosen === undefined) return '';
  const isUnique = candidates.every(({ id }, i) => i === index || id !== chosen.id);
  return isUnique ? chosen.id : `${chosen.path}:${chosen.start}`;
}

/** `src.store.Store.publish` in `src/store.ts` -> `Store.publish`. Ids name a file, or its folder where that is what a language imports. */
export function nameWithin(symbol: string, path: string): string {
  // A function without a name is told by the one it is written in; the line says where.
  const id = symbol.replace(/(\.<anonymous:[\d:]+>)+$/, '');
  const whole = path.replace(/\.[^./]+$/, '').replaceAll('/', '.');
  if (id === whole) return 'top level';
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')).replaceAll('/', '.') : undefined;
  for (const prefix of [whole, folder])
    if (prefix !== undefined && id.startsWith(`${prefix}.`)) return id.slice(prefix.length + 1);
  return id === folder ? 'top level' : id;
}

/** `Store.publish — method, src/store.ts:2-4` */
export function symbolLine(symbol: GraphSymbol): string {
  const { id, path, start, end, kind } = symbol;
  return `${inline(nameWithin(id, path), 160)} — ${kind}, ${inline(path)}:${start}-${end}`;
}
