/**
 * The work that brings a workspace's graph up to date: facts that are missing are made, then it is resolved in a thread and kept in the
 * store. One run at a time; it ends when the graph is that of the view. Knows no question.
 */
import { createHash } from 'node:crypto';
import { emptyGraph, type GraphData } from '../graph/result/graph-data.ts';
import { packGraph, type ResolvedGraph, unpackGraph } from '../graph/result/packed-graph.ts';
import { FACTS_VERSION } from '../indexing/fingerprint.ts';
import type { LiveIndex } from '../indexing/live-index.ts';
import { untilAborted } from '../indexing/until-aborted.ts';
import { WorkerLostError } from '../indexing/worker-pool.ts';
import type { FilePath } from '../model/file.ts';
import type { IndexProgress } from '../model/search.ts';
import type { Store, WorkspaceId } from '../ports/store.ts';
import {
  type Collected,
  collectFacts,
  type FactsParts,
  graphFileOf,
  isPartOfGraph,
  withinSource,
} from './facts.ts';
import type { WorkspaceIndexing } from './indexing.ts';
import { type KeptFacts, type KeptFactsParts, openKeptFacts } from './kept-facts.ts';
import { openLineEdits } from './line-edits.ts';
import { type FilesOfView, type NearGraph, openNearGraph } from './near-graph.ts';

export interface GraphUpdateParts extends FactsParts, KeptFactsParts {
  readonly workspace: WorkspaceId;
  readonly live: LiveIndex;
  readonly indexing: Pick<WorkspaceIndexing, 'complete'>;
}

export interface Snapshot extends FilesOfView {
  readonly version: number;
}

export interface GraphUpdates {
  readonly newest: ResolvedGraph | undefined;
  /** What files say that have changed since. */
  readonly near: NearGraph | undefined;
  readonly facts: KeptFacts;
  current(): Snapshot;
  /** Whether the newest graph is of the files as the view has them. */
  isCurrent(): boolean;
  /** Reads what the store has kept, once. */
  load(): Promise<void>;
  /** Joins the run there is. */
  run(): Promise<void>;
  /** undefined: nothing runs. */
  progress(): IndexProgress | undefined;
  /** Of the run there is; 0: nothing runs. */
  runningMs(): number;
  stop(): Promise<void>;
  forget(): Promise<void>;
}

/** Raise when the same facts give other edges, or when the columns change. */
const GRAPH_VERSION = 15;

interface Run {
  readonly controller: AbortController;
  /** On the clock of `performance.now()`. */
  readonly started: number;
  /** All files that there were at its beginning are being resolved: no facts are made. */
  isResolving: boolean;
  /** What reading the facts took; undefined: not all are there yet, or they were there before. */
  factsMs: number | undefined;
  done: Promise<void>;
}

const newRun = (): Run => ({
  controller: new AbortController(),
  started: performance.now(),
  isResolving: false,
  factsMs: undefined,
  done: Promise.resolve(),
});

export function openGraphUpdates(parts: GraphUpdateParts): GraphUpdates {
  const { live, store, indexing } = parts;
  const kept = keptGraph(store, parts.workspace);
  const facts = openKeptFacts(parts, live);
  const near = openNearGraph(parts, facts);
  const lineEdits = openLineEdits(facts, signatureOf);
  let newest: ResolvedGraph | undefined;
  let loading: Promise<void> | undefined;
  let running: Run | undefined;
  const current = snapshotsOf(live);
  const isCurrent = () => newest?.signature === current().signature;

  const accept = async (graph: ResolvedGraph) => {
    newest = graph;
    near.forget();
    await kept.save(graph);
  };

  /** False: the view is behind the disk, and another run would give the same. */
  const resolveOnce = async (signal: AbortSignal, run: Run): Promise<boolean> => {
    const { files, signature } = await withFacts(current, facts, run);
    const collected = signal.aborted ? undefined : await collectFacts(parts, facts, files, signal);
    if (!collected || signal.aborted) return false;
    const data = await resolvedIn(run, collected, newest);
    if (!data || signal.aborted) return false;
    // What was changed under us is read at the next refresh. Until then the graph is of no view: the files are pending.
    if (collected.pending.length > 0) live.suspect(collected.pending);
    await accept(graphOf(collected, signature, data));
    return collected.pending.length === 0;
  };

  const update = async (run: Run): Promise<void> => {
    const { signal } = run.controller;
    while (!isCurrent() && !signal.aborted && indexing.complete) {
      const before = newest;
      const edited = await untilAborted(lineEdits.follow(newest, current(), signal), signal, undefined);
      if (edited) await accept(edited);
      else {
        await untilAborted(near.follow(newest, current(), signal), signal, undefined);
        if (!(await resolveOnce(signal, run)) || newest === before) return;
      }
    }
  };

  const stop = async () => {
    running?.controller.abort();
    await running?.done.catch(() => {});
  };

  return {
    get newest() {
      return newest;
    },
    get near() {
      return near.newest;
    },
    facts,
    current,
    isCurrent,
    load() {
      loading ??= kept.load().then((found) => {
        newest ??= found;
      });
      return loading;
    },
    run() {
      running ??= begun(newRun(), update, (run) => {
        if (running === run) running = undefined;
      });
      // What changes while all is resolved is not left out until that ends and begins anew.
      if (running.isResolving) void near.follow(newest, current(), running.controller.signal);
      return running.done;
    },
    progress: () => running && (facts.progress ? withResolving(facts.progress) : resolvingSince(running)),
    runningMs: () => (running ? performance.now() - running.started : 0),
    stop,
    async forget() {
      await stop();
      newest = undefined;
      near.forget();
      await kept.remove();
    },
  };
}

async function resolvedIn(
  run: Run,
  collected: Collected,
  newest: ResolvedGraph | undefined,
): Promise<GraphData | undefined> {
  const { signal } = run.controller;
  run.isResolving = true;
  try {
    return await untilAborted(resolved(collected, newest, signal), signal, undefined);
  } finally {
    run.isResolving = false;
  }
}

function begun(run: Run, work: (run: Run) => Promise<void>, ended: (run: Run) => void): Run {
  run.done = work(run).finally(() => ended(run));
  run.done.catch(() => {});
  return run;
}

/** The view whose facts are there: it may have moved while they were made. */
async function withFacts(current: () => Snapshot, facts: KeptFacts, run: Run): Promise<Snapshot> {
  const { signal } = run.controller;
  const started = performance.now();
  for (;;) {
    const now = current();
    await facts.fill(withinSource(now.files), signal);
    const ms = performance.now() - started;
    run.factsMs = ms >= MIN_FACTS_MS ? ms : undefined;
    if (signal.aborted || current().signature === now.signature) return now;
  }
}

/**
 * Resolving took 1.2 to 3.2 times the time in which the facts were read, in three repositories of TypeScript and Python on two cores with much
 * else to do: enough to say about when to ask again.
 */
const RESOLVING_SHARE = 2;
/** Facts that are there in less tell nothing of the time that resolving takes. */
const MIN_FACTS_MS = 500;

/** What is left of all of it, not of the facts alone. */
function withResolving(facts: IndexProgress): IndexProgress {
  const { remainingMs, elapsedMs } = facts;
  if (remainingMs === undefined) return facts;
  return { ...facts, remainingMs: remainingMs + RESOLVING_SHARE * (elapsedMs + remainingMs) };
}

/** Nothing tells how far it is; that it goes on, for how long, and what reading the facts lets expect. */
function resolvingSince({ started, factsMs }: Run): IndexProgress {
  const elapsedMs = performance.now() - started;
  const remainingMs = factsMs === undefined ? 0 : (1 + RESOLVING_SHARE) * factsMs - elapsedMs;
  return {
    phase: 'resolving',
    filesDone: 0,
    filesTotal: 0,
    bytesDone: 0,
    bytesTotal: 0,
    elapsedMs,
    ...(remainingMs > 0 && { remainingMs }),
  };
}

/** The graph as the store keeps it: the versions of what follows and of the facts it is of, a byte each, then the packed graph. */
function keptGraph(store: Store, workspace: WorkspaceId) {
  const asset = `graph:${workspace}`;
  return {
    async load(): Promise<ResolvedGraph | undefined> {
      const bytes = await store.readAsset(asset);
      return bytes?.[0] === GRAPH_VERSION && bytes[1] === FACTS_VERSION
        ? unpackGraph(bytes.subarray(2))
        : undefined;
    },
    async save(graph: ResolvedGraph): Promise<void> {
      const packed = packGraph(graph);
      const bytes = new Uint8Array(packed.length + 2);
      bytes.set([GRAPH_VERSION, FACTS_VERSION]);
      bytes.set(packed, 2);
      // A store that cannot be written now: the graph is resolved again the next time.
      await store.writeAsset(asset, bytes).catch(() => {});
    },
    remove: () => store.removeAsset(asset),
  };
}

/** Gives the files as the view has them now. */
function snapshotsOf(live: LiveIndex): () => Snapshot {
  let snapshot: Snapshot | undefined;
  return () => {
    if (snapshot?.version !== live.version) snapshot = snapshotOf(live);
    return snapshot;
  };
}

function snapshotOf({ view, version }: LiveIndex): Snapshot {
  const files = [...view.files()].filter(isPartOfGraph).sort((a, b) => (a.path < b.path ? -1 : 1));
  return { version, files, signature: signatureOf(files) };
}

/** `files`: in order of path. */
function signatureOf(files: Snapshot['files']): string {
  const hash = createHash('sha256');
  for (const { path, hash: content, language } of files) hash.update(`${path}\0${content}\0${language}\n`);
  return hash.digest('hex');
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
async function resolved(
  collected: Collected,
  newest: ResolvedGraph | undefined,
  signal: AbortSignal,
): Promise<GraphData> {
  const failed = tooLargeBefore(newest);
  if (failed === 0 && newest?.factsSignature === collected.signature) return newest.data;
  if (failed > 0 && collected.records.length >= WORTH_ANOTHER_TRY * failed) return tooLarge;
  try {
    return await collected.resolve(signal);
  } catch (error) {
    if (error instanceof WorkerLostError) return tooLarge;
    throw error;
  }
}

/** Of a view, or of none where files are left out. */
function graphOf(collected: Collected, view: string, data: GraphData): ResolvedGraph {
  const left = collected.pending.length;
  const signature = left === 0 ? view : `${view} without ${left}`;
  return data === tooLarge ? unresolved(collected, signature) : resolvedGraph(collected, signature, data);
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
  const files = records.map(graphFileOf);
  const all = [...unread, ...broken].sort((a, b) => (a.path < b.path ? -1 : 1));
  return { data, files, unread: all, signature, factsSignature };
}
