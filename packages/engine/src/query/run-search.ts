/** Search: request -> plan -> candidates -> ranked hits -> verified passages -> answer. */

import type { FileRecord, IndexView } from '../lexical/index-view.ts';
import { normalizeName } from '../lexical/tokenize.ts';
import type { FilePath } from '../model/file.ts';
import type { Outline } from '../model/outline.ts';
import { decodeOutline } from '../model/outline.ts';
import type { QueryPlanView, SearchAnswer, SearchHit, SearchRequest } from '../model/search.ts';
import type { Reranker } from '../ports/embedder.ts';
import { type AskedLines, askedLines, exactNotes, type LineIndex } from './asked-lines.ts';
import { allowedSymbolKinds, fileTest, filterNotes } from './filter.ts';
import { focusOn } from './focus-lines.ts';
import { lastName } from './mentions.ts';
import { type PlacedHit, type Selection, type Span, selectPassages, spanOf } from './passages.ts';
import { isItself, planLike, readLike } from './plan-like.ts';
import { planQuery, type QueryPlan } from './plan-query.ts';
import { chunkLines, demotionOf, explainHit, type RankedHit, rank, wishesOf } from './rank.ts';
import { rerankHits } from './rerank-hits.ts';
import { type RetrievalIndex, type Retrieved, retrieve, TIER } from './retrieve.ts';
import { type RankWeights, WEIGHTS, type WeightTable } from './weights.ts';

export interface QueryIndex extends RetrievalIndex, LineIndex {
  /** Encoded outlines, in the order asked; undefined where the file changed meanwhile. */
  outlines(paths: readonly FilePath[]): Promise<readonly (Uint8Array | undefined)[]>;
  /** Paths that do not match the index: the next refresh looks at them. */
  suspect(paths: readonly FilePath[]): void;
  /** Terms that fit nearly every file; see ubiquitous-terms.ts. */
  ubiquitous(): ReadonlySet<string>;
  /** Off unless a user asks for one. */
  readonly reranker?: Reranker | undefined;
}

export const DEFAULT_LIMIT = 10;
export const MAX_LIMIT = 200;
export const DEFAULT_MAX_TOKENS = 4000;

const limitOf = ({ limit = DEFAULT_LIMIT }: SearchRequest) =>
  Math.min(Math.max(1, Math.trunc(limit)), MAX_LIMIT);
const offsetOf = ({ offset = 0 }: SearchRequest) => Math.max(0, Math.trunc(offset));

export interface RankedQuery {
  readonly plan: QueryPlan;
  /** Lines that hold what the query writes out. */
  readonly lines?: AskedLines | undefined;
  readonly retrieved: Retrieved;
  readonly ranked: readonly RankedHit[];
}

/** Everything before text is read. `oneEach`: for lists of files. Used by evaluation, too. */
export async function rankQuery(
  index: QueryIndex,
  request: SearchRequest,
  plan: QueryPlan,
  weights: RankWeights,
  oneEach = false,
  signal?: AbortSignal,
): Promise<RankedQuery> {
  const accepts = fileTest(request.filter);
  const isAsked = (path: FilePath): boolean => {
    const file = index.view.file(path);
    return file !== undefined && (accepts?.(file) ?? true);
  };
  const wishes = wishesOf(plan, request.filter?.kinds);
  const lines = await askedLines(index, plan, isAsked, signal);
  const retrieved = await retrieve(index, plan, {
    weights,
    exact: lines,
    depth: TIER * Math.ceil((offsetOf(request) + 2 * limitOf(request)) / TIER),
    accepts,
    symbolKinds: allowedSymbolKinds(request.filter),
    context: request.context,
    oneEach,
    standing: (file) => demotionOf(file, weights, wishes),
    signal,
  });
  const tiers = Map.groupBy(retrieved.candidates, ({ tier }) => tier);
  const ranked = [...tiers]
    .sort(([a], [b]) => a - b)
    .flatMap(([, candidates]) => rank(candidates, weights, wishes));
  return { plan, lines, retrieved, ranked };
}

export type SearchResult = Omit<SearchAnswer, 'freshness' | 'ms'> & {
  readonly stale: readonly FilePath[];
  /** What no indexed file has: notes, unless the index is not whole yet. */
  readonly absences: readonly string[];
};

export async function runSearch(
  index: QueryIndex,
  request: SearchRequest,
  table: WeightTable = WEIGHTS,
  signal?: AbortSignal,
): Promise<SearchResult> {
  const like = request.like === undefined ? undefined : readLike(request.like);
  const plan = like ? planLike(index, like) : planQuery(request.query, 'search', index.ubiquitous());
  const weights = searchWeights(plan, table);
  const found = await rankQuery(index, request, plan, weights, false, signal);
  const others = like ? { ...found, ranked: found.ranked.filter((hit) => !isItself(hit, like)) } : found;
  const { query, note } =
    index.reranker && !like
      ? await rerankHits(index.reranker, index, others, request.query, signal)
      : { query: others };
  const selection = await select(index, query, request);
  const hits = request.explain ? withTerms(selection.hits, query.ranked, weights) : selection.hits;
  return {
    hits,
    omitted: selection.omitted,
    stale: selection.stale,
    notes: [...notesOf(query), ...noteOf(note)],
    absences: absencesOf(index, query, request.filter),
    ...(request.explain ? { plan: planView(plan, query.retrieved) } : {}),
  };
}

export function searchWeights(plan: QueryPlan, table: WeightTable = WEIGHTS): RankWeights {
  if (plan.kind === 'code') return table.code;
  if (plan.asksForTests) return table.tests;
  return plan.kind === 'words' || plan.kind === 'report' ? table.search : table.symbol;
}

/** Outlines are fetched for as many hits as the page may need, not for all that were ranked. */
export async function select(
  index: QueryIndex,
  query: RankedQuery,
  request: SearchRequest,
): Promise<Selection> {
  const limit = limitOf(request);
  const offset = offsetOf(request);
  const names = new Set(query.plan.names.map(({ name }) => normalizeName(lastName(name))));
  const options = {
    limit,
    offset,
    maxTokens: request.maxTokens ?? DEFAULT_MAX_TOKENS,
    detail: request.detail ?? 'full',
    fold: request.fold ?? true,
    focus: focusOn(query.plan, query.retrieved.frequencies, passagesIn(index.view), query.lines),
  } as const;
  for (let ahead = limit + 10; ; ahead *= 4) {
    const page = query.ranked.slice(0, offset + ahead);
    const encoded = await index.outlines(page.map((hit) => hit.file.path));
    const outlines = encoded.map((bytes) => (bytes ? decodedOutline(bytes) : undefined));
    const whole = page.length === query.ranked.length;
    const placed = {
      length: page.length,
      place: (at: number) => placeHit(index, page[at] as RankedHit, outlines[at], names),
    };
    const selection = selectPassages(placed, index, options);
    const ranOut = selection.omitted.hits === 0 && selection.hits.length < limit;
    if (ranOut && !whole) continue;
    const left = query.ranked.length - page.length;
    const omitted = selection.omitted;
    if (left === 0) return selection;
    const nextOffset = omitted.nextOffset ?? page.length;
    return {
      ...selection,
      omitted: {
        hits: omitted.hits + left,
        reason: omitted.reason === 'none' ? 'limit' : omitted.reason,
        nextOffset,
      },
    };
  }
}

export const passagesIn = ({ segments }: IndexView): number =>
  segments.reduce((sum, { docs }) => sum + docs.count, 0);

const NO_OUTLINE: Outline = { lineCount: 0, errorCount: 0, symbols: [], chunks: [] };

/** The readable span of a hit. */
export function placeHit(
  index: QueryIndex,
  hit: RankedHit,
  outline: Outline = NO_OUTLINE,
  names: ReadonlySet<string>,
): PlacedHit & Span {
  const { segment } = hit;
  const symbol = segment.docs.symbol[hit.doc - segment.docBase] as number;
  const chunk = { ...chunkLines(hit), symbol };
  const named =
    names.size > 0 ? (symbol: { name: string }) => names.has(normalizeName(symbol.name)) : undefined;
  const own = outline.symbols[chunk.symbol];
  // A chunk whose own symbol is the one asked for is shown whole, not one of its parts.
  const span = spanOf(outline, chunk, own && named?.(own) ? undefined : named);
  // The view may have moved on since: what has other bytes by now is no copy.
  const copies = index.view
    .filesOfSlot(hit.file.slot)
    .map((id) => index.view.fileById(id))
    .filter((file) => file !== undefined && file.hash === hit.file.hash && file.path !== hit.file.path)
    .map((file) => (file as FileRecord).path);
  return { file: hit.file, score: hit.score, chunk, outline, copies, ...span };
}

/** Decoding costs more than finding: outlines of files that come up again are kept, with their bytes as the key. */
const decoded = new WeakMap<Uint8Array, Outline>();

export function decodedOutline(bytes: Uint8Array): Outline {
  let outline = decoded.get(bytes);
  if (!outline) decoded.set(bytes, (outline = decodeOutline(bytes)));
  return outline;
}

function withTerms(
  hits: readonly SearchHit[],
  ranked: readonly RankedHit[],
  weights: RankWeights,
): SearchHit[] {
  return hits.map((hit) => {
    const source = ranked.find((other) => other.file.path === hit.path && other.score === hit.score);
    return source ? { ...hit, terms: explainHit(source, weights) } : hit;
  });
}

export function planView(
  plan: QueryPlan,
  { frequencies, byMeaning }: Pick<Retrieved, 'frequencies' | 'byMeaning'>,
): QueryPlanView {
  return {
    kind: plan.kind,
    terms: plan.terms.map(({ term, weight }, i) => ({ term, weight, documents: frequencies[i] ?? 0 })),
    names: plan.names.map(({ name }) => name),
    paths: plan.paths.map(({ path }) => path),
    retrievers: [
      'lexical',
      'path',
      ...(plan.names.length > 0 ? ['definition'] : []),
      ...(plan.paths.length > 0 ? ['mention'] : []),
      ...(plan.patterns.length === 0 ? [] : ['ripgrep']),
      ...(byMeaning ? ['meaning'] : []),
    ],
  };
}

export const noteOf = (note: string | undefined): string[] => (note === undefined ? [] : [note]);

function notesOf({ plan, lines, retrieved }: RankedQuery): string[] {
  if (plan.kind === 'code') return [];
  const notes = lines?.isAll ? exactNotes(plan, lines, retrieved.isExact) : [];
  return [...noteOf(retrieved.meaningNote), ...notes];
}

/** Of an answer without hits what the filter has to do with it; else the words that are nowhere. */
export function absencesOf(
  { view }: Pick<QueryIndex, 'view'>,
  { plan, retrieved }: RankedQuery,
  filter: SearchRequest['filter'],
): string[] {
  const isNothing = retrieved.candidates.length === 0;
  const excluded = isNothing ? filterNotes(view, filter) : [];
  if (excluded.length > 0 || plan.kind === 'code') return excluded;
  const own = plan.terms.flatMap(({ term, extra }, i) =>
    extra ? [] : [{ term, found: retrieved.frequencies[i] !== 0 }],
  );
  const unknown = own.filter(({ found }) => !found).map(({ term }) => term);
  if (own.length > 0 && unknown.length === own.length && isNothing)
    return [`No indexed file has any of these words.${adviceOn(plan.text)}`];
  if (unknown.length === 0 || plan.kind === 'report') return [];
  return [`Not in any indexed file: ${unknown.slice(0, 8).join(', ')}.`];
}

/** Code is mostly English, whatever its authors speak. */
const adviceOn = (text: string): string =>
  /[^\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]/u.test(text)
    ? ' Ask in the language of the code, or with names that may stand in it.'
    : '';
