/**
 * Where a question is answered: definitions in the order of `search`, each once, with the lines of it that say most of what was
 * asked. What has the identifiers that the question writes out comes before what has not. Reads one snapshot; knows no graph.
 */

import { qualifiedName } from '../model/outline.ts';
import type { SymbolDef, SymbolKind } from '../model/parsed-file.ts';
import type { SearchHit, SearchRequest } from '../model/search.ts';
import { HYPHENED } from './asked-lines.ts';
import { definitionsNamed, type OutlinedDefinition } from './find-definitions.ts';
import { findWord, wordTest } from './find-word.ts';
import { focusOn } from './focus-lines.ts';
import { lastName } from './mentions.ts';
import { planQuery, type QueryPlan } from './plan-query.ts';
import { rerankHits } from './rerank-hits.ts';
import {
  decodedOutline,
  passagesIn,
  type QueryIndex,
  rankQuery,
  searchWeights,
  select,
} from './run-search.ts';

export interface QuestionPlace {
  readonly path: string;
  /** Of the definition, without its doc comment; of code outside all definitions, of the passage. */
  readonly start: number;
  readonly end: number;
  readonly definition?: OutlinedDefinition;
  /** Lines of it that say most of what was asked, best first. */
  readonly lines: readonly number[];
}

/** Hits that are looked at: what names the identifiers of a question may stand lower. */
const DEPTH = 40;
const MAX_NAMES = 8;
/** A name that more definitions have is told apart by the other words. */
const MAX_NAMED = 4;
/** Of a name that no hit has. */
const RARE = { files: 30, lines: 100 };
const MAX_LINES = 3;
/** Definitions of a setting that stand beside what uses it. */
const MAX_SETTINGS = 2;
const MAX_ACCESSOR_LINES = 6;

export async function questionPlaces(
  index: QueryIndex,
  question: string,
  limit: number,
  signal?: AbortSignal,
): Promise<readonly QuestionPlace[]> {
  const plan = planQuery(question, 'search', index.ubiquitous());
  const request: SearchRequest = {
    query: question,
    limit: DEPTH,
    maxTokens: 100 * DEPTH,
    detail: 'locations',
    filter: { kinds: plan.asksForTests ? ['code', 'test'] : ['code'] },
  };
  const found = await rankQuery(index, request, plan, searchWeights(plan), false, signal);
  const { query } = index.reranker
    ? await rerankHits(index.reranker, index, found, question, signal)
    : { query: found };
  const { hits } = await select(index, query, request);
  const focus = focusOn(plan, found.retrieved.frequencies, passagesIn(index.view), found.lines, 0);
  const linesOf = readOnce(index);
  const nearest = ({ path, start, end }: Pick<Place, 'path' | 'start' | 'end'>) =>
    focus(path, linesOf(path), start, end).slice(0, MAX_LINES);
  const ranked = await placed(index, hits, nearest);
  const isNaming = plan.kind === 'words' && !plan.asksForTests;
  const ordered = isNaming ? await namedFirst({ index, linesOf }, plan, ranked) : ranked;
  return ordered.slice(0, limit).map((place) => ({ ...place, lines: nearest(place) }));
}

type Place = Omit<QuestionPlace, 'lines'>;

interface Reading {
  readonly index: QueryIndex;
  readonly linesOf: (path: string) => readonly string[];
}

function readOnce(index: QueryIndex): Reading['linesOf'] {
  const known = new Map<string, readonly string[]>();
  return (path) => {
    const lines = known.get(path) ?? index.read(path)?.lines ?? [];
    known.set(path, lines);
    return lines;
  };
}

/** Of a passage without a definition of its own, such as several small ones: that which holds its nearest line. */
async function placed(
  index: QueryIndex,
  hits: readonly SearchHit[],
  nearest: (hit: SearchHit) => readonly number[],
): Promise<readonly Place[]> {
  const outlines = await index.outlines(hits.map(({ path }) => path));
  const places = hits.flatMap((hit, i): Place[] => {
    const file = index.view.file(hit.path);
    const bytes = outlines[i];
    if (file === undefined || bytes === undefined) return [];
    const { symbols } = decodedOutline(bytes);
    const [near = 0] = hit.symbol === undefined ? nearest(hit) : [];
    const at = symbols.findLastIndex(({ start, end }, own) =>
      hit.symbol === undefined
        ? start <= near && near <= end && start >= hit.start && end <= hit.end
        : start <= hit.end && end >= hit.start && qualifiedName(symbols, own) === hit.symbol,
    );
    const symbol = symbols[at];
    if (symbol === undefined) return [{ path: hit.path, start: hit.start, end: hit.end }];
    return [placeOf({ file, symbol, qualified: qualifiedName(symbols, at) })];
  });
  return eachOnce(places);
}

const placeOf = (definition: OutlinedDefinition): Place => ({
  path: definition.file.path,
  start: definition.symbol.start,
  end: definition.symbol.end,
  definition,
});

/** Here a name has one definition in its scope: others of it are signatures of overloads, or are overwritten. */
const ONE_PER_NAME: ReadonlySet<string> = new Set(['python', 'typescript', 'tsx', 'javascript']);

/** Several passages of one definition are one place, where the first of them stood; so are signatures and their body. */
function eachOnce(places: readonly Place[]): readonly Place[] {
  const found = new Map<string, Place>();
  for (const place of places) {
    const { path, start, end, definition } = place;
    const isOne = definition !== undefined && ONE_PER_NAME.has(definition.file.language);
    const key = `${path}:${isOne ? definition.qualified : `${start}-${end}`}`;
    const known = found.get(key);
    if (known === undefined || known.end - known.start < end - start) found.set(key, place);
  }
  return [...found.values()];
}

// --- identifiers of the question ---------------------------------------------------------------------------------

const VALUES: ReadonlySet<SymbolKind> = new Set(['property', 'field', 'constant', 'variable', 'key']);
const CALLABLE: ReadonlySet<SymbolKind> = new Set(['function', 'method', 'constructor', 'macro']);

/**
 * First the functions that the question names; then, of settings, the place that uses one and where they are defined; then what has most of the
 * names; each in the order it came. Types are mostly not what is asked for where they are named (docs/adr/0043): with them counts
 * what belongs to them or names them.
 */
async function namedFirst(
  reading: Reading,
  plan: QueryPlan,
  ranked: readonly Place[],
): Promise<readonly Place[]> {
  const names = [
    ...new Set([...plan.names.map(({ name }) => lastName(name)), ...(plan.text.match(HYPHENED) ?? [])]),
  ].slice(0, MAX_NAMES);
  if (names.length === 0) return ranked;
  const all = [...ranked, ...(await holders(reading, names, ranked))];
  const places = eachOnce(await Promise.all(all.map((place) => narrowed(reading, place, names))));
  const isSetting = (place: Place) =>
    names.some((name) => isValue(place, name) || isAccessor(reading, place, name));
  const settings = places.filter(isSetting);
  const others = places.filter((place) => !settings.includes(place));
  const named = others.filter((place) => names.some((name) => isNamed(place, name)));
  const counted = others
    .filter((place) => !named.includes(place))
    .map((place) => ({ place, count: names.filter((name) => has(reading, place, name)).length }))
    .sort((one, other) => other.count - one.count);
  const users = counted.filter(({ count }) => count > 0).map(({ place }) => place);
  const rest = counted.filter(({ count }) => count === 0).map(({ place }) => place);
  const first = [...named, ...users.slice(0, 1), ...settings.slice(0, MAX_SETTINGS)];
  return [...first, ...users.slice(1), ...rest, ...settings.slice(MAX_SETTINGS)];
}

const isNamed = ({ definition }: Place, name: string): boolean =>
  definition !== undefined && CALLABLE.has(definition.symbol.kind) && definition.symbol.name === name;

const isValue = ({ definition }: Place, name: string): boolean =>
  definition !== undefined && VALUES.has(definition.symbol.kind) && definition.symbol.name === name;

/**
 * What gives or takes a field of that name says no more than the field: a few lines that name it again (`return this._limit`), or a name
 * made of it (`with_limit`), or none but its head.
 */
function isAccessor({ linesOf }: Reading, { path, start, end, definition }: Place, name: string): boolean {
  if (definition === undefined || end - start >= MAX_ACCESSOR_LINES) return false;
  const { kind, name: own } = definition.symbol;
  if (!CALLABLE.has(kind) || (kind !== 'method' && definition.symbol.parent < 0)) return false;
  if (own !== name) return bare(own).includes(bare(name));
  const text = linesOf(path)
    .slice(start - 1, end)
    .join('\n');
  return bare(text).split(bare(name)).length > 2 || !/[{=]|:\s*$/m.test(text);
}

const bare = (text: string) => text.toLowerCase().replace(/[_$]+/g, '');

/** By its own name, that of what it belongs to, or in its lines. */
function has({ linesOf }: Reading, { path, start, end, definition }: Place, name: string): boolean {
  if (definition?.qualified.split('.').includes(name)) return true;
  const isHeld = holds(name);
  return linesOf(path)
    .slice(start - 1, end)
    .some(isHeld);
}

/** As a word, or as part of one (`h1_read_timeout`); what has hyphens as a whole string, because prose has them, too. */
function holds(name: string): (line: string) => boolean {
  if (name.includes('-')) return (line) => line.includes(`"${name}"`) || line.includes(`'${name}'`);
  return wordTest(name, { orPart: true });
}

const TYPES: ReadonlySet<SymbolKind> = new Set([
  'class',
  'interface',
  'struct',
  'enum',
  'trait',
  'implementation',
]);

/** Of a type that has a name of the question only within a method: that. */
async function narrowed({ index, linesOf }: Reading, place: Place, names: readonly string[]): Promise<Place> {
  const { path, start, end, definition } = place;
  if (definition === undefined || !TYPES.has(definition.symbol.kind)) return place;
  const parts = definition.qualified.split('.');
  const wanted = names.filter((name) => !parts.includes(name));
  const lines = linesOf(path).slice(start - 1, end);
  const name = wanted.find((one) => lines.some(holds(one)));
  if (name === undefined) return place;
  const isHeld = holds(name);
  const [bytes] = await index.outlines([path]);
  const { symbols } = bytes === undefined ? { symbols: [] } : decodedOutline(bytes);
  const held = lines.map((line, at) => (isHeld(line) ? start + at : 0));
  for (const line of held.filter((at) => at > 0)) {
    const at = innermost(symbols, line);
    const symbol = symbols[at];
    if (symbol && CALLABLE.has(symbol.kind))
      return placeOf({ file: definition.file, symbol, qualified: qualifiedName(symbols, at) });
  }
  return place;
}

/** What has or defines a name that is that of no function among the hits. */
async function holders(
  reading: Reading,
  names: readonly string[],
  ranked: readonly Place[],
): Promise<readonly Place[]> {
  const found: Place[] = [];
  for (const name of names) {
    const isAsked = (place: Place) => isNamed(place, name) && !isAccessor(reading, place, name);
    if (!/^[\w$]+$/.test(name) || ranked.some(isAsked)) continue;
    found.push(...(await holding(reading.index, name)));
    const defined = (await definitionsNamed(reading.index, name)).filter(({ file }) => file.kind === 'code');
    if (defined.length <= MAX_NAMED) found.push(...defined.map(placeOf));
  }
  return found;
}

/** The innermost definitions around the lines with the word. */
async function holding(index: QueryIndex, word: string): Promise<readonly Place[]> {
  const { hits, truncated } = await findWord(index, word, ({ kind }) => kind === 'code', RARE);
  if (truncated) return [];
  const outlines = await index.outlines(hits.map(({ path }) => path));
  return hits.flatMap(({ path, line }, i): Place[] => {
    const file = index.view.file(path);
    const bytes = outlines[i];
    if (file === undefined || bytes === undefined) return [];
    const { symbols } = decodedOutline(bytes);
    const at = innermost(symbols, line);
    const symbol = symbols[at];
    return symbol && CALLABLE.has(symbol.kind)
      ? [placeOf({ file, symbol, qualified: qualifiedName(symbols, at) })]
      : [];
  });
}

/** Parents come before their children. */
const innermost = (symbols: readonly SymbolDef[], line: number): number =>
  symbols.findLastIndex(({ start, end }) => start <= line && line <= end);
