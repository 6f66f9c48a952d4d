/**
 * Where a question is answered: definitions in the order of `search`, each once, with the lines of it that say most of what was
 * asked. What has the identifiers that the question writes out comes before what has not. Reads one snapshot; knows no graph.
 */
import { qualifiedName } from '../model/outline.ts';
import type { SymbolDef, SymbolKind } from '../model/parsed-file.ts';
import type { SearchHit, SearchRequest } from '../model/search.ts';
import { definitionsNamed, type OutlinedDefinition } from './find-definitions.ts';
import { findWord } from './find-word.ts';
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
  const nearest = ({ path, start, end }: Pick<Place, 'path' | 'start' | 'end'>) =>
    focus(path, index.read(path)?.lines ?? [], start, end).slice(0, MAX_LINES);
  const ranked = await placed(index, hits, nearest);
  const isNaming = plan.kind === 'words' && !plan.asksForTests;
  const ordered = isNaming ? await namedFirst(index, plan, ranked) : ranked;
  return ordered.slice(0, limit).map((place) => ({ ...place, lines: nearest(place) }));
}

type Place = Omit<QuestionPlace, 'lines'>;

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

/** Several passages of one definition are one place. */
function eachOnce(places: readonly Place[]): readonly Place[] {
  const seen = new Set<string>();
  return places.filter(({ path, start, end }) => {
    const key = `${path}:${start}-${end}`;
    return !seen.has(key) && seen.add(key);
  });
}

// --- identifiers of the question ---------------------------------------------------------------------------------

/** Option names as programs in C and command lines write them. */
const HYPHENED = /(?<![\w.-])[A-Za-z]\w{0,60}(?:-\w{1,60}){2,8}(?![\w-])/g;
const VALUES: ReadonlySet<SymbolKind> = new Set(['property', 'field', 'constant', 'variable', 'key']);
const CALLABLE: ReadonlySet<SymbolKind> = new Set(['function', 'method', 'constructor', 'macro']);

/**
 * First the functions that the question names, then what has most of its names, each group in the order it came. Types are mostly not what
 * is asked for where they are named (docs/adr/0043): with them counts what belongs to them or names them.
 */
async function namedFirst(
  index: QueryIndex,
  plan: QueryPlan,
  ranked: readonly Place[],
): Promise<readonly Place[]> {
  const names = [
    ...new Set([...plan.names.map(({ name }) => lastName(name)), ...(plan.text.match(HYPHENED) ?? [])]),
  ].slice(0, MAX_NAMES);
  if (names.length === 0) return ranked;
  const all = [...ranked, ...(await missing(index, names, ranked))];
  const places = eachOnce(await Promise.all(all.map((place) => narrowed(index, place, names))));
  const sorted = places
    .map((place) => ({
      place,
      isNamed: isOne(place, CALLABLE, names),
      count: names.filter((name) => has(index, place, name)).length,
    }))
    .sort((a, b) => Number(b.isNamed) - Number(a.isNamed) || b.count - a.count);
  const values = sorted.filter(({ place }) => isOne(place, VALUES, names));
  const others = sorted.filter((one) => !values.includes(one));
  // Where a field or a constant is defined says less than what is done with it, and belongs beside that.
  const users = others.filter(({ count }) => count > 0).slice(0, 1);
  const ordered = [...users, ...values, ...others.filter((one) => !users.includes(one))];
  return ordered.map(({ place }) => place);
}

const isOne = ({ definition }: Place, kinds: ReadonlySet<SymbolKind>, names: readonly string[]): boolean =>
  definition !== undefined && kinds.has(definition.symbol.kind) && names.includes(definition.symbol.name);

/** By its own name, that of what it belongs to, or in its lines. */
function has(index: QueryIndex, { path, start, end, definition }: Place, name: string): boolean {
  if (definition?.qualified.split('.').includes(name)) return true;
  const isWord = wordTest(name);
  return (index.read(path)?.lines ?? [])
    .slice(start - 1, end)
    .some((line) => line.includes(name) && isWord(line));
}

function wordTest(name: string): (line: string) => boolean {
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_$])${name.replaceAll('$', '\\$')}(?![\\p{L}\\p{N}_$])`, 'u');
  return (line) => pattern.test(line);
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
async function narrowed(index: QueryIndex, place: Place, names: readonly string[]): Promise<Place> {
  const { path, start, end, definition } = place;
  if (definition === undefined || !TYPES.has(definition.symbol.kind)) return place;
  const parts = definition.qualified.split('.');
  const wanted = names.filter((name) => !parts.includes(name));
  const lines = (index.read(path)?.lines ?? []).slice(start - 1, end);
  const name = wanted.find((one) => lines.some((line) => line.includes(one)));
  if (name === undefined) return place;
  const isWord = wordTest(name);
  const [bytes] = await index.outlines([path]);
  const { symbols } = bytes === undefined ? { symbols: [] } : decodedOutline(bytes);
  const held = lines.map((line, at) => (line.includes(name) && isWord(line) ? start + at : 0));
  for (const line of held.filter((at) => at > 0)) {
    const at = innermost(symbols, line);
    const symbol = symbols[at];
    if (symbol && CALLABLE.has(symbol.kind))
      return placeOf({ file: definition.file, symbol, qualified: qualifiedName(symbols, at) });
  }
  return place;
}

/** What defines or has a name that none of the hits has. */
async function missing(
  index: QueryIndex,
  names: readonly string[],
  ranked: readonly Place[],
): Promise<readonly Place[]> {
  const found: Place[] = [];
  for (const name of names) {
    if (ranked.some((place) => has(index, place, name))) continue;
    const defined = (await definitionsNamed(index, name)).filter(({ file }) => file.kind === 'code');
    // Of a field or a constant those that read it say more than its line.
    if (/^[\w$]+$/.test(name)) found.push(...(await holding(index, name)));
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
