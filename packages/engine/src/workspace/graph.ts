/** The graph of a workspace's code, brought up to date for whoever asks, and shown meanwhile as far as it is known. Chooses no adapter. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallOptions } from '../engine.ts';
import { createCodeGraph } from '../graph/result/code-graph.ts';
import { emptyGraph } from '../graph/result/graph-data.ts';
import { untilAborted } from '../indexing/until-aborted.ts';
import type { CodeGraph } from '../model/code-graph.ts';
import { ConexusError } from '../model/errors.ts';
import type { FilePath } from '../model/file.ts';
import type { Freshness, GraphStatus, IndexProgress } from '../model/search.ts';
import { hasFacts, withinSource } from './facts.ts';
import {
  type GraphUpdateParts,
  type GraphUpdates,
  openGraphUpdates,
  type Snapshot,
} from './graph-updates.ts';
import { changedSince, graphMeanwhile } from './near-graph.ts';
import { graphNotReady } from './not-ready.ts';
import type { WorkspaceReading } from './reading.ts';

export interface GraphParts extends GraphUpdateParts {
  readonly reading: WorkspaceReading;
}

interface Shown {
  readonly graph: CodeGraph;
  /** Files whose edges are not in yet, or only as far as the files next to them say. */
  readonly pending: readonly FilePath[];
}

/** What it is shown for. A publication of stamps or by another process leaves it, and with it the tables that were made of it. */
interface Basis extends Pick<GraphUpdates, 'newest' | 'near'> {
  readonly signature: string;
}

export type GraphOptions = { readonly [Key in keyof CallOptions]?: CallOptions[Key] | undefined };

export interface WorkspaceGraph {
  /** @throws ConexusError cancelled, not_ready */
  codeGraph(options?: GraphOptions): Promise<Shown & { readonly freshness: Freshness }>;
  /** Of the work that brings it up to date, while there is any: facts that are missing, then the resolution. */
  progress(): IndexProgress | undefined;
  status(): Promise<GraphStatus>;
  /** Files were published: once the graph was asked for, it follows. */
  wake(): void;
  /** Ends the work; the next question goes on with it. */
  stop(): Promise<void>;
  /** The index was cleared: what was kept of the graph goes, too. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** What a caller waits for a graph to be brought up to date; then the old one answers, with what is known of what has changed. */
const PATIENCE_MS = 2_000;

export function openWorkspaceGraph(parts: GraphParts): WorkspaceGraph {
  const { live, reading, indexing } = parts;
  const updates = openGraphUpdates(parts);
  let shown: (Shown & Basis) | undefined;
  let counted: { readonly version: number; readonly files: number } | undefined;
  let closed = false;

  const show = (): Shown => {
    const now = updates.current();
    const { newest, near } = updates;
    const { signature } = now;
    if (shown?.signature === signature && shown.newest === newest && shown.near === near) return shown;
    shown = { signature, newest, near, ...shownOf({ newest, near }, now, live.generation) };
    return shown;
  };

  return {
    async codeGraph({ signal, graphPatienceMs } = {}) {
      const isPatient = graphPatienceMs === undefined;
      const patienceMs = () => {
        // A process that ends with its answer waits: it would begin anew each time.
        if (updates.newest !== undefined) return live.isWatching() || !isPatient ? PATIENCE_MS : undefined;
        // Once for all that ask: of questions one after the other, each would wait anew.
        if (isPatient) return undefined;
        const left = updates.progress()?.remainingMs ?? Number.POSITIVE_INFINITY;
        return Math.max(left < graphPatienceMs ? graphPatienceMs : 0, graphPatienceMs - updates.runningMs());
      };
      const { report, ...answer } = await reading.read(async (report) => {
        await updates.load();
        if (!updates.isCurrent() && indexing.complete && !closed) {
          const bound = patienceMs();
          const patience =
            bound === undefined ? new Promise<void>(() => {}) : sleep(bound, undefined, { ref: false });
          await untilAborted(Promise.race([updates.run(), patience]), signal, undefined);
        }
        // Else whoever is interrupted is told that there are no definitions.
        if (closed && updates.newest === undefined)
          throw new ConexusError(
            'cancelled',
            'The workspace was closed before its calls were followed.',
            'Ask again.',
          );
        if (!isPatient && updates.newest === undefined && !closed && !signal?.aborted)
          throw graphNotReady(indexing.complete, updates.progress() ?? reading.freshnessOf(report).progress);
        return { report, ...show() };
      }, signal);
      const pending = [...new Set([...report.pending, ...answer.pending])];
      return { ...answer, freshness: reading.freshnessOf({ ...report, pending }) };
    },
    progress: updates.progress,
    async status() {
      const now = updates.current();
      if (counted?.version !== now.version)
        counted = { version: now.version, files: now.files.filter(hasFacts).length };
      const { files } = counted;
      // A graph of the view has the facts of all that it is made of; to look each of them up takes some 5 ms in 10,000 files.
      const missing = updates.isCurrent() ? 0 : await updates.facts.missing(withinSource(now.files));
      const progress = updates.progress();
      const state = progress ? 'building' : missing > 0 ? 'waiting' : files > 0 ? 'ready' : 'none';
      return { state, files, missing, ...(progress && { progress }) };
    },
    wake() {
      if (updates.newest && !closed) void updates.run();
    },
    stop: updates.stop,
    clear: updates.forget,
    async close() {
      closed = true;
      await updates.stop();
    },
  };
}

function shownOf(
  { newest, near }: Pick<GraphUpdates, 'newest' | 'near'>,
  now: Snapshot,
  generation: number,
): Shown {
  const all = now.files.map(({ path }) => path);
  if (!newest) return { graph: createCodeGraph(emptyGraph, [], { generation, unread: [] }), pending: all };
  const { data, files, unread } = newest;
  if (newest.signature === now.signature)
    return { graph: createCodeGraph(data, files, { generation, unread }), pending: [] };
  const pending = changedSince(newest, now).map(({ path }) => path);
  const present = new Set(all);
  const gone = new Set([...pending, ...files.map(({ path }) => path).filter((path) => !present.has(path))]);
  const left = graphMeanwhile(newest, gone, near, now);
  const still = unread.filter(({ path }) => present.has(path) && !gone.has(path));
  return { graph: createCodeGraph(left.data, left.files, { generation, unread: still }), pending };
}
