/** Questions about relations in one workspace: graph, lines as on disk, coverage, mentions where the graph cannot see. */
import { proveLines } from '../analysis/line-evidence.ts';
import { bareName, findTarget, type NamedTarget, type NameQuery } from '../analysis/name-target.ts';
import { relationNotes } from '../analysis/relation-notes.ts';
import { relationsOf } from '../analysis/relations.ts';
import type { CallOptions } from '../engine.ts';
import type { FileRecord } from '../lexical/index-view.ts';
import type { CodeGraph, GraphSymbol } from '../model/code-graph.ts';
import type { FileKind, FilePath, LanguageId } from '../model/file.ts';
import type {
  GraphCoverage,
  Mentions,
  RelationItem,
  RelationsAnswer,
  RelationsRequest,
} from '../model/relations.ts';
import type { Freshness } from '../model/search.ts';
import { findWord } from '../query/find-word.ts';
import type { LocateIndex } from '../query/run-locate.ts';
import { runSearch } from '../query/run-search.ts';
import { WEIGHTS } from '../query/weights.ts';
import { referenceLanguages } from '../syntax/references/read-references.ts';
import { missingFile, refuseMissingLines } from './asked-place.ts';
import type { WorkspaceReading } from './reading.ts';

export interface RelationsParts {
  readonly index: LocateIndex;
  /** Reads the index again where a merge took away what was being read. */
  readonly reading: Pick<WorkspaceReading, 'read'>;
  /** Brought up to date with the disk at each call. */
  codeGraph(options?: CallOptions): Promise<{ readonly graph: CodeGraph; readonly freshness: Freshness }>;
}

export const DEFAULT_RELATION_LIMIT = 50;
export const MAX_RELATION_DEPTH = 10;
const MAX_RELATION_LIMIT = 1_000;
const MAX_CANDIDATES = 20;
const MAX_UNREAD = 20;
/** A graph that falls behind the disk is asked for again; after this many rounds lines that do not hold are dropped. */
const MAX_ROUNDS = 4;
/** Shorter words are everywhere. */
const MIN_WORD = 3;

export async function answerRelations(
  parts: RelationsParts,
  request: RelationsRequest,
  options: CallOptions = {},
): Promise<RelationsAnswer> {
  const started = performance.now();
  for (let round = 1; ; round++) {
    const { graph, freshness } = await parts.codeGraph(options);
    refuseMissingLines(parts.index, request.name);
    const target = findTarget(graph, request);
    const found = pageOf(parts.index, graph, target, request);
    if (found.stale.length > 0) {
      parts.index.suspect(found.stale);
      if (round < MAX_ROUNDS) continue;
    }
    const coverage = coverageOf(parts.index, graph);
    const missing = target.state === 'none' ? missingFile(parts.index, request.name) : undefined;
    const candidates =
      target.state === 'none' && !missing ? await namesLike(parts, graph, request) : target.candidates;
    const mentions = await mentionsOf(parts, graph, request, target, options.signal);
    const { stale: _, ...page } = found;
    return {
      relation: request.relation,
      state: target.state,
      targets: target.targets,
      candidates: candidates.slice(0, MAX_CANDIDATES),
      candidateCount: candidates.length,
      ...page,
      coverage,
      ...(mentions !== undefined && { mentions }),
      notes: [
        ...(missing ? [`${missing.message} ${missing.advice}`] : []),
        ...relationNotes(graph, request.relation, target.targets),
      ],
      freshness,
      ms: performance.now() - started,
    };
  }
}

type Page = Pick<
  RelationsAnswer,
  'items' | 'resolvedCount' | 'unresolvedCount' | 'fileCount' | 'droppedCount' | 'nextOffset' | 'isCut'
> & { readonly stale: readonly FilePath[] };

function pageOf(
  index: LocateIndex,
  graph: CodeGraph,
  target: NamedTarget,
  { relation, depth = 1, limit = DEFAULT_RELATION_LIMIT, offset = 0 }: RelationsRequest,
): Page {
  const steps = Math.min(Math.max(1, Math.trunc(depth)), MAX_RELATION_DEPTH);
  const { resolved, unresolved, isCut } = relationsOf(graph, relation, target.targets, steps);
  const from = Math.max(0, Math.trunc(offset));
  const count = Math.min(Math.max(1, Math.trunc(limit)), MAX_RELATION_LIMIT);
  const total = resolved.length + unresolved.length;
  const claims = [
    ...resolved.slice(from, from + count),
    ...unresolved.slice(Math.max(0, from - resolved.length), Math.max(0, from + count - resolved.length)),
  ];
  const { proven, stale } = proveLines(claims, (path) => index.read(path));
  return {
    items: proven satisfies readonly RelationItem[],
    resolvedCount: resolved.length,
    unresolvedCount: unresolved.length,
    fileCount: new Set(resolved.map(({ path }) => path)).size,
    droppedCount: claims.length - proven.length,
    ...(from + count < total && { nextOffset: from + count }),
    isCut,
    stale,
  };
}

/** Kept while the files of the index are the same. */
const coverages = new WeakMap<
  LocateIndex,
  { readonly version: number; readonly languages: ReadonlyMap<LanguageId, number> }
>();

export function coverageOf(index: LocateIndex, graph: CodeGraph): GraphCoverage {
  const languages = [...codeLanguages(index)];
  return {
    symbols: graph.symbolCount,
    isPartial: graph.isPartial,
    languages: languages.map(([language]) => language).filter((language) => isCovered(language)),
    uncovered: languages
      .filter(([language]) => !isCovered(language))
      .map(([language, files]) => ({ language, files })),
    unreadCount: graph.unread.length,
    unread: graph.unread.slice(0, MAX_UNREAD),
  };
}

const isCovered = (language: LanguageId): boolean => referenceLanguages.includes(language);

/** Prose and data have no calls, also where they are material of tests. */
const WITHOUT_CALLS: ReadonlySet<LanguageId> = new Set(
  'text markdown restructuredtext asciidoc org latex roff html xml css scss json yaml toml ini notebook csv'.split(
    ' ',
  ),
);

const isCode = (kind: FileKind, language: LanguageId): boolean =>
  (kind === 'code' || kind === 'test') && !WITHOUT_CALLS.has(language);

/** Languages of files that are code or tests, most files first. */
function codeLanguages(index: LocateIndex): ReadonlyMap<LanguageId, number> {
  const known = coverages.get(index);
  if (known?.version === index.version) return known.languages;
  const counts = new Map<LanguageId, number>();
  for (const { kind, language } of index.view.files())
    if (isCode(kind, language)) counts.set(language, (counts.get(language) ?? 0) + 1);
  const languages = new Map([...counts].sort((a, b) => b[1] - a[1]));
  coverages.set(index, { version: index.version, languages });
  return languages;
}

/** Definitions whose name or text resembles one that does not exist. */
export async function namesLike(
  { index, reading }: Pick<RelationsParts, 'index' | 'reading'>,
  graph: CodeGraph,
  { name, path }: NameQuery,
): Promise<readonly GraphSymbol[]> {
  const bare = graph.find(bareName(name), path);
  if (bare.length > 0) return bare;
  const query = name.replace(/\W+/g, ' ').trim();
  if (query === '') return [];
  const { hits } = await reading.read(() =>
    runSearch(index, { query, limit: 10, detail: 'locations' }, WEIGHTS),
  );
  const near = hits
    .map((hit) => graph.at(hit.path, hit.start))
    .filter((symbol) => symbol !== undefined && symbol.kind !== 'module');
  return [...new Set(near)] as GraphSymbol[];
}

/** Exact words in files that the graph does not cover; in all files where it does not know the name at all. */
async function mentionsOf(
  { index, reading }: RelationsParts,
  graph: CodeGraph,
  { relation, name }: RelationsRequest,
  { state, targets, isFile }: NamedTarget,
  signal: AbortSignal | undefined,
): Promise<Mentions | undefined> {
  const word = targets[0]?.name ?? bareName(name);
  if (state === 'several' || isFile || word.length < MIN_WORD || !/^[\p{L}\p{N}_$]+$/u.test(word))
    return undefined;
  if (state === 'found' && (relation === 'definition' || relation === 'callees')) return undefined;
  const unread = new Set(graph.unread.map(({ path }) => path));
  const isBlind = ({ path, kind, language }: FileRecord) =>
    unread.has(path) || (isCode(kind, language) && !isCovered(language));
  const { hits, truncated } = await reading.read(
    () => findWord(index, word, state === 'none' ? () => true : isBlind),
    signal,
  );
  return hits.length === 0 ? undefined : { word, hits, truncated };
}
