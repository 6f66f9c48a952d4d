/** Questions about relations in one workspace: graph, lines as on disk, coverage, mentions where the graph cannot see. */
import { proveLines, type ReadFile } from '../analysis/line-evidence.ts';
import { bareName, type NamedTarget, type NameQuery } from '../analysis/name-target.ts';
import { relationNotes } from '../analysis/relation-notes.ts';
import { type RelationClaim, relationsOf } from '../analysis/relations.ts';
import type { CallOptions } from '../engine.ts';
import type { FileRecord } from '../lexical/index-view.ts';
import type { CodeGraph, GraphSymbol } from '../model/code-graph.ts';
import type { FilePath } from '../model/file.ts';
import type { Mentions, RelationItem, RelationsAnswer, RelationsRequest } from '../model/relations.ts';
import type { Freshness } from '../model/search.ts';
import { findWord } from '../query/find-word.ts';
import type { LocateIndex } from '../query/run-locate.ts';
import { runSearch } from '../query/run-search.ts';
import { WEIGHTS } from '../query/weights.ts';
import { missingFile, refuseMissingLines } from './asked-place.ts';
import { coverageOf, hasCode, isUncovered } from './graph-coverage.ts';
import { type Meaning, meaningOf, type NameParts } from './named-target.ts';

export interface RelationsParts extends NameParts {
  /** Brought up to date with the disk at each call. */
  codeGraph(options?: CallOptions): Promise<{ readonly graph: CodeGraph; readonly freshness: Freshness }>;
}

export const DEFAULT_RELATION_LIMIT = 50;
export const MAX_RELATION_DEPTH = 10;
const MAX_RELATION_LIMIT = 1_000;
const MAX_CANDIDATES = 20;
/** A graph that falls behind the disk is asked for again; after this many rounds lines that do not hold are dropped. */
const MAX_ROUNDS = 4;
/** Decorators and annotations before the line with the name. */
const MAX_HEAD = 12;
/** Shorter words are everywhere. */
const MIN_WORD = 3;
const MAX_MENTIONS = 20;

export async function answerRelations(
  parts: RelationsParts,
  request: RelationsRequest,
  options: CallOptions = {},
): Promise<RelationsAnswer> {
  const started = performance.now();
  for (let round = 1; ; round++) {
    const { graph: resolved, freshness } = await parts.codeGraph(options);
    refuseMissingLines(parts.index, request.name);
    const wanted = {
      lines: request.relation === 'callers' || request.relation === 'references',
      everyKind: request.relation === 'definition',
    };
    const meaning = await meaningOf(parts, resolved, request, wanted, options.signal);
    const { graph, target } = meaning;
    const found = pageOf(parts.index, graph, target, request);
    if (found.stale.length > 0) {
      parts.index.suspect(found.stale);
      if (round < MAX_ROUNDS) continue;
    }
    const coverage = coverageOf(parts.index, graph);
    const missing = target.state === 'none' ? missingFile(parts.index, request.name) : undefined;
    const candidates =
      target.state === 'none' && !missing ? await namesLike(parts, graph, request) : target.candidates;
    const mentions = await mentionsOf(parts, request, meaning, found.told, options.signal);
    const { stale: _, told: _lines, ...page } = found;
    return {
      relation: request.relation,
      state: target.state,
      targets: target.targets,
      candidates: candidates.slice(0, MAX_CANDIDATES),
      candidateCount: candidates.length,
      ...page,
      isCut: page.isCut || meaning.isCut,
      coverage,
      ...(mentions !== undefined && { mentions }),
      notes: [
        ...(missing ? [`${missing.message} ${missing.advice}`] : []),
        ...meaning.notes,
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
> & {
  readonly stale: readonly FilePath[];
  /** `path:line` of the whole list. */
  readonly told: ReadonlySet<string>;
};

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
  const read = (path: FilePath) => index.read(path);
  const { proven, stale } = proveLines(relation === 'definition' ? onNameLines(claims, read) : claims, read);
  return {
    items: proven satisfies readonly RelationItem[],
    resolvedCount: resolved.length,
    unresolvedCount: unresolved.length,
    fileCount: new Set(resolved.map(({ path }) => path)).size,
    droppedCount: claims.length - proven.length,
    ...(from + count < total && { nextOffset: from + count }),
    isCut,
    stale,
    told: new Set([...resolved, ...unresolved].map(({ path, line }) => `${path}:${line}`)),
  };
}

/** A definition is shown by the line that has its name, below decorators and annotations. */
function onNameLines(claims: readonly RelationClaim[], read: ReadFile): readonly RelationClaim[] {
  return claims.map((claim) => {
    const lines = read(claim.path)?.lines.slice(claim.line - 1, claim.line - 1 + MAX_HEAD) ?? [];
    const name = bareName(claim.symbol);
    const at = lines.findIndex((line) => line.split(/[^\p{L}\p{N}_$]+/u).includes(name));
    return at <= 0 ? claim : { ...claim, line: claim.line + at };
  });
}

/** Definitions whose name or text resembles one that does not exist. */
export async function namesLike(
  { index, reading }: Pick<RelationsParts, 'index' | 'reading'>,
  graph: CodeGraph,
  { name, path }: NameQuery,
): Promise<readonly GraphSymbol[]> {
  const bare = graph.find(bareName(name), path).filter(({ kind }) => kind !== 'module');
  if (bare.length > 0) return bare;
  const query = name.replace(/\W+/g, ' ').trim();
  if (query === '') return [];
  const { hits } = await reading.read(() =>
    runSearch(index, { query, limit: 10, detail: 'locations' }, WEIGHTS),
  );
  const near = hits
    .map((hit) => graph.at(hit.path, hit.start))
    .filter((symbol) => symbol !== undefined && symbol.kind !== 'module');
  return [...new Map(near.map((symbol) => [symbol?.id, symbol as GraphSymbol])).values()];
}

/** Exact words in files that the graph does not cover; in all files where it does not know the name at all. */
async function mentionsOf(
  { index, reading }: RelationsParts,
  { relation, name }: RelationsRequest,
  { graph, isByName, target: { state, targets, isFile } }: Meaning,
  told: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<Mentions | undefined> {
  const word = targets[0]?.name ?? bareName(name);
  if (state === 'several' || isFile || word.length < MIN_WORD || !/^[\p{L}\p{N}_$]+$/u.test(word))
    return undefined;
  if (state === 'found' && (relation === 'definition' || relation === 'callees')) return undefined;
  const unread = new Set(graph.unread.map(({ path }) => path));
  const isBlind = (file: FileRecord) => unread.has(file.path) || isUncovered(file);
  // What the graph does not follow was looked for in all code.
  const accepts = state === 'none' ? () => true : isByName ? (file: FileRecord) => !hasCode(file) : isBlind;
  const limits = { files: 200, lines: MAX_MENTIONS + told.size };
  const found = await reading.read(() => findWord(index, word, accepts, limits), signal);
  const hits = found.hits.filter(({ path, line }) => !told.has(`${path}:${line}`));
  const truncated = found.truncated || hits.length > MAX_MENTIONS;
  return hits.length === 0 ? undefined : { word, hits: hits.slice(0, MAX_MENTIONS), truncated };
}
