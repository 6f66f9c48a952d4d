/**
 * The graph of a workspace's code: resolved in a thread when files that matter have changed, kept in the store, and shown without
 * what is being resolved again. Chooses no adapter.
 */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallOptions } from '../engine.ts';
import { createCodeGraph } from '../graph/code-graph.ts';
import { withoutFiles } from '../graph/drop-files.ts';
import { emptyGraph, type GraphData } from '../graph/graph-data.ts';
import { packGraph, type ResolvedGraph, unpackGraph } from '../graph/packed-graph.ts';
import type { LiveIndex } from '../indexing/live-index.ts';
import { untilAborted } from '../indexing/until-aborted.ts';
import { WorkerLostError } from '../indexing/worker-pool.ts';
import type { FileRecord } from '../lexical/index-view.ts';
import type { CodeGraph } from '../model/code-graph.ts';
import type { FilePath } from '../model/file.ts';
import type { Freshness } from '../model/search.ts';
import type { Store, WorkspaceId } from '../ports/store.ts';
import { type Collected, collectFacts, type FactsParts, isPartOfGraph } from './facts.ts';
import type { WorkspaceIndexing } from './indexing.ts';
import type { WorkspaceReading } from './reading.ts';

export interface GraphParts extends FactsParts {
  readonly store: Store;
  readonly workspace: WorkspaceId;
  readonly live: LiveIndex;
  readonly reading: WorkspaceReading;
  readonly indexing: Pick<WorkspaceIndexing, 'complete'>;
}

export interface WorkspaceGraph {
  /** @throws ConexusError cancelled */
  codeGraph(options?: {
    readonly signal?: CallOptions['signal'] | undefined;
  }): Promise<{ readonly graph: CodeGraph; readonly freshness: Freshness }>;
  /** Files were published: once the graph was asked for, it follows. */
  wake(): void;
  /** The index was cleared: what was kept of the graph goes, too. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** The files that matter, as the view has them. */
interface Snapshot {
  readonly version: number;
  readonly files: readonly FileRecord[];
  readonly signature: string;
}

interface Shown {
  readonly graph: CodeGraph;
  /** Files whose edges are not in yet. */
  readonly pending: readonly FilePath[];
}

/** What a caller waits for a graph to be brought up to date; then the old one answers, without what has changed. */
const PATIENCE_MS = 2_000;
/** Raise when the same facts give other edges, or when the columns change. */
const GRAPH_VERSION = 4;

export function openWorkspaceGraph(parts: GraphParts): WorkspaceGraph {
  const { live, store, reading, indexing } = parts;
  const kept = keptGraph(store, parts.workspace);
  const closing = new AbortController();
  let newest: ResolvedGraph | undefined;
  let loading: Promise<void> | undefined;
  let running: Promise<void> | undefined;
  let snapshot: Snapshot | undefined;
  let shown: (Shown & { readonly key: string }) | undefined;

  const current = (): Snapshot => {
    if (snapshot?.version !== live.version) snapshot = snapshotOf(live);
    return snapshot;
  };
  const isCurrent = () => newest?.signature === current().signature;

  const load = async () => {
    newest ??= await kept.load();
  };

  const resolveOnce = async () => {
    const { files, signature } = current();
    const collected = await collectFacts(parts, live, files, closing.signal);
    if (!collected || closing.signal.aborted) return;
    const data = await untilAborted(resolved(collected, newest), closing.signal, undefined);
    if (!data || closing.signal.aborted) return;
    newest = data === tooLarge ? unresolved(collected, signature) : resolvedGraph(collected, signature, data);
    await kept.save(newest);
  };

  /** One run at a time; it ends when the graph is that of the view. */
  const update = (): Promise<void> => {
    running ??= (async () => {
      while (!isCurrent() && !closing.signal.aborted && indexing.complete) {
        const before = newest;
        await resolveOnce();
        if (newest === before) return;
      }
    })().finally(() => {
      running = undefined;
    });
    running.catch(() => {});
    return running;
  };

  const show = (): Shown => {
    const { signature, files } = current();
    const { generation } = live;
    const key = `${generation} ${signature} ${newest?.signature}`;
    if (shown?.key === key) return shown;
    shown = { key, ...shownOf(newest, { signature, files, version: live.version }, generation) };
    return shown;
  };

  return {
    async codeGraph({ signal } = {}) {
      const { report, ...answer } = await reading.read(async (report) => {
        await (loading ??= load());
        if (!isCurrent() && indexing.complete) {
          // A process that ends with its answer waits: it would begin anew each time.
          const isBounded = newest !== undefined && live.isWatching();
          const patience = isBounded
            ? sleep(PATIENCE_MS, undefined, { ref: false })
            : new Promise<void>(() => {});
          await untilAborted(Promise.race([update(), patience]), signal, undefined);
        }
        return { report, ...show() };
      }, signal);
      const pending = [...new Set([...report.pending, ...answer.pending])];
      return { graph: answer.graph, freshness: reading.freshnessOf({ ...report, pending }) };
    },
    wake() {
      if (newest) void update();
    },
    async clear() {
      newest = undefined;
      await kept.remove();
    },
    async close() {
      closing.abort();
      await running?.catch(() => {});
    },
  };
}

/** The graph as the store keeps it: the version of what follows in a byte, then the packed graph. */
function keptGraph(store: Store, workspace: WorkspaceId) {
  const asset = `graph:${workspace}`;
  return {
    async load(): Promise<ResolvedGraph | undefined> {
      const bytes = await store.readAsset(asset);
      return bytes?.[0] === GRAPH_VERSION ? unpackGraph(bytes.subarray(1)) : undefined;
    },
    async save(graph: ResolvedGraph): Promise<void> {
      const packed = packGraph(graph);
      const bytes = new Uint8Array(packed.length + 1);
      bytes[0] = GRAPH_VERSION;
      bytes.set(packed, 1);
      // A store that cannot be written now: the graph is resolved again the next time.
      await store.writeAsset(asset, bytes).catch(() => {});
    },
    remove: () => store.removeAsset(asset),
  };
}

function snapshotOf({ view, version }: LiveIndex): Snapshot {
  const files = [...view.files()].filter(isPartOfGraph).sort((a, b) => (a.path < b.path ? -1 : 1));
  const hash = createHash('sha256');
  for (const { path, hash: content, language } of files) hash.update(`${path}\0${content}\0${language}\n`);
  return { version, files, signature: hash.digest('hex') };
}

const tooLarge: GraphData = { ...emptyGraph, isPartial: true };

/** Of as many files as this part of those that were too much, resolution is tried again. */
const WORTH_ANOTHER_TRY = 0.9;

/** Files that were too much the last time; 0 when they were not. Such a graph has no files, and is kept like any other. */
function tooLargeBefore(newest: ResolvedGraph | undefined): number {
  if (!newest || newest.files.length > 0) return 0;
  return newest.unread.filter(({ reason }) => reason === 'too_large').length;
}

/**
 * The thread may run out of memory, after minutes and gigabytes: on nearly the same files the next attempt would end alike, so that neither
 * the next edit nor the next process makes it.
 */
async function resolved(collected: Collected, newest: ResolvedGraph | undefined): Promise<GraphData> {
  const failed = tooLargeBefore(newest);
  if (failed === 0 && newest?.factsSignature === collected.signature) return newest.data;
  if (failed > 0 && collected.records.length >= WORTH_ANOTHER_TRY * failed) return tooLarge;
  try {
    return await collected.resolve();
  } catch (error) {
    if (error instanceof WorkerLostError) return tooLarge;
    throw error;
  }
}

/** A graph of nothing, until there are fewer files or the index is cleared. */
function unresolved(
  { records, unread, signature: factsSignature }: Collected,
  signature: string,
): ResolvedGraph {
  const left = records.map(({ path }) => ({ path, reason: 'too_large' as const }));
  return { data: tooLarge, files: [], unread: [...unread, ...left], signature, factsSignature };
}

function resolvedGraph(
  { records, unread, signature: factsSignature }: Collected,
  signature: string,
  data: ResolvedGraph['data'],
): ResolvedGraph {
  const broken = data.withErrors.map((file) => ({
    path: data.paths[file] as FilePath,
    reason: 'syntax_errors' as const,
  }));
  const files = records.map(({ path, hash, kind, language }) => ({ path, hash, kind, language }));
  const all = [...unread, ...broken].sort((a, b) => (a.path < b.path ? -1 : 1));
  return { data, files, unread: all, signature, factsSignature };
}

function shownOf(newest: ResolvedGraph | undefined, now: Snapshot, generation: number): Shown {
  const all = now.files.map(({ path }) => path);
  if (!newest) return { graph: createCodeGraph(emptyGraph, [], { generation, unread: [] }), pending: all };
  const { data, files, unread } = newest;
  if (newest.signature === now.signature)
    return { graph: createCodeGraph(data, files, { generation, unread }), pending: [] };
  const before = new Map(files.map((file) => [file.path, file]));
  const unreadBefore = new Set(unread.map(({ path }) => path));
  const pending = now.files
    .filter(({ path, hash, language }) => {
      const known = before.get(path);
      return known ? known.hash !== hash || known.language !== language : !unreadBefore.has(path);
    })
    .map(({ path }) => path);
  const present = new Set(all);
  const gone = new Set([...pending, ...files.map(({ path }) => path).filter((path) => !present.has(path))]);
  const left = withoutFiles(data, gone);
  const still = unread.filter(({ path }) => present.has(path) && !gone.has(path));
  return { graph: createCodeGraph(left, files, { generation, unread: still }), pending };
}
