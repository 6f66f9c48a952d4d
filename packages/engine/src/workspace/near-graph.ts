/**
 * What changed files say of the graph, before all is resolved again: they are resolved with the files next to them, in a fraction of a second
 * where all would take many.
 */
import { withNear } from '../graph/result/add-near.ts';
import type { GraphFile } from '../graph/result/code-graph.ts';
import { withoutFiles } from '../graph/result/drop-files.ts';
import type { GraphData } from '../graph/result/graph-data.ts';
import { type ChangedFile, filesNear } from '../graph/result/near-files.ts';
import type { ResolvedGraph } from '../graph/result/packed-graph.ts';
import type { LiveIndex } from '../indexing/live-index.ts';
import type { FileRecord } from '../lexical/index-view.ts';
import type { FilePath } from '../model/file.ts';
import { unpackFacts } from '../model/packed-facts.ts';
import { configurationsOf, type FactsParts, graphFileOf, hasFacts, withinSource } from './facts.ts';
import type { KeptFacts } from './kept-facts.ts';

/** What the changed files of one view say. */
export interface NearGraph {
  /** Of the view, and of the graph since which they have changed. */
  readonly signature: string;
  readonly since: string;
  readonly data: GraphData;
  /** The changed files, as they were read. */
  readonly files: readonly GraphFile[];
}

/** The files that matter, as a view has them. */
export interface FilesOfView {
  readonly files: readonly FileRecord[];
  readonly signature: string;
}

/** More changed files at a time are a checkout: all is resolved. */
const MAX_CHANGED = 16;
/** Packed facts that are resolved together, about half a megabyte of source: 0.1 to 0.3 s. */
const NEAR_BYTES = 600 << 10;
/** Of the files around, so many are looked up. */
const MAX_NEAR = 200;

/** Fewer are resolved all together in the time. */
const WORTH_IT_FILES = 64;

export interface NearGraphs {
  readonly newest: NearGraph | undefined;
  /** Joins the one that runs. Only an addition: should it fail, changed files are left out until all is resolved. */
  follow(graph: ResolvedGraph | undefined, now: FilesOfView, signal: AbortSignal): Promise<void>;
  forget(): void;
}

export function openNearGraph(
  parts: FactsParts & { readonly live: Pick<LiveIndex, 'isWatching'> },
  kept: KeptFacts,
): NearGraphs {
  let newest: NearGraph | undefined;
  let running: Promise<void> | undefined;
  // Who does not watch waits for the whole.
  const isWorthIt = (graph: ResolvedGraph) => parts.live.isWatching() && graph.files.length >= WORTH_IT_FILES;
  return {
    get newest() {
      return newest;
    },
    follow(graph, now, signal) {
      if (!running && graph && isWorthIt(graph) && newest?.signature !== now.signature)
        running = resolveNear(parts, kept, graph, now, signal)
          .then((found) => {
            newest = found ?? newest;
          })
          .catch(() => {})
          .finally(() => {
            running = undefined;
          });
      return running ?? Promise.resolve();
    },
    forget() {
      newest = undefined;
    },
  };
}

/** Files that the graph does not say, or says as they were. */
export function changedSince({ files, unread }: ResolvedGraph, now: FilesOfView): readonly FileRecord[] {
  const before = new Map(files.map((file) => [file.path, file]));
  const unreadBefore = new Set(unread.map(({ path }) => path));
  return now.files.filter(({ path, hash, language }) => {
    const known = before.get(path);
    return known ? known.hash !== hash || known.language !== language : !unreadBefore.has(path);
  });
}

/** undefined: too much has changed, or the view moved. */
async function resolveNear(
  { source, resolveFew }: FactsParts,
  kept: KeptFacts,
  newest: ResolvedGraph,
  now: FilesOfView,
  signal: AbortSignal,
): Promise<NearGraph | undefined> {
  const changed = changedSince(newest, now).filter(hasFacts);
  if (changed.length === 0 || changed.length > MAX_CHANGED) return undefined;
  // Of all files: facts of contents that are not published are kept for those that are asked for.
  await kept.fill(withinSource(now.files), signal);
  const own = signal.aborted ? undefined : await kept.read(changed, signal);
  if (!own) return undefined;
  const input: { path: FilePath; facts: Uint8Array }[] = [];
  let bytes = 0;
  const take = (path: FilePath, facts: Uint8Array | undefined) => {
    if (!facts?.length || bytes + facts.length > NEAR_BYTES) return;
    bytes += facts.length;
    input.push({ path, facts });
  };
  for (const [i, { path }] of changed.entries()) take(path, own[i]);
  if (input.length < changed.length) return undefined;
  const told = input.map(({ path, facts }) => ({ path, facts: unpackFacts(facts) }));
  const around = neighbours(newest, told, now);
  for (const [i, facts] of ((await kept.read(around, signal)) ?? []).entries())
    take((around[i] as FileRecord).path, facts);
  if (signal.aborted) return undefined;
  input.sort((a, b) => (a.path < b.path ? -1 : 1));
  const data = await resolveFew(
    { files: input, configurations: configurationsOf(source, now.files) },
    signal,
  );
  return {
    signature: now.signature,
    since: newest.signature,
    data,
    files: changed.map(graphFileOf),
  };
}

function neighbours(
  { data }: ResolvedGraph,
  changed: readonly ChangedFile[],
  now: FilesOfView,
): readonly FileRecord[] {
  const code = new Map(now.files.filter(hasFacts).map((file) => [file.path, file]));
  return filesNear(data, changed, [...code.keys()])
    .slice(0, MAX_NEAR)
    .map((path) => code.get(path) as FileRecord);
}

/** The graph of before without what has changed, but for what is known of it by now. */
export function graphMeanwhile(
  { data, files, signature }: ResolvedGraph,
  gone: ReadonlySet<FilePath>,
  near: NearGraph | undefined,
  now: FilesOfView,
): { readonly data: GraphData; readonly files: readonly GraphFile[] } {
  if (near?.signature !== now.signature || near.since !== signature)
    return { data: withoutFiles(data, gone), files };
  const changed = new Map(near.files.map((file) => [file.path, file]));
  const joined = withNear(data, gone, near.data, new Set(changed.keys()));
  const before = new Map(files.map((file) => [file.path, file]));
  return {
    data: joined,
    files: joined.paths.map((path) => (changed.get(path) ?? before.get(path)) as GraphFile),
  };
}
