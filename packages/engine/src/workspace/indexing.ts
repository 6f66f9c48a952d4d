/**
 * Runs that bring one root's index up to date: whose turn it is among processes, what is read again, what is kept when
 * the run is stopped, and when a failed run is tried again. Knows no query and chooses no adapter.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { IndexOptions } from '../engine.ts';
import { type BatchResult, type BatchTask, NOTHING_READ } from '../indexing/batch.ts';
import { FINGERPRINT } from '../indexing/fingerprint.ts';
import { indexWorkspace } from '../indexing/index-workspace.ts';
import type { LiveIndex } from '../indexing/live-index.ts';
import { mergeSmallSegments, type RunMerge } from '../indexing/merge-store.ts';
import { untilAborted } from '../indexing/until-aborted.ts';
import type { FilePath } from '../model/file.ts';
import type { IndexReport } from '../model/search.ts';
import type { Source } from '../ports/source.ts';
import type { Store, WorkspaceId } from '../ports/store.ts';
import { indexPaths, unfinishedReport } from './reports.ts';

export interface IndexingParts {
  readonly source: Source;
  readonly store: Store;
  readonly workspace: WorkspaceId;
  readonly maxFileBytes: number;
  readonly parallel: number;
  run(task: BatchTask, more?: () => readonly FilePath[]): Promise<BatchResult>;
  merge: RunMerge;
  /** Marks this process as the one that builds the index; undefined while another one does. Ends with the process. */
  takeTurn(): { release(): void } | undefined;
}

export interface WorkspaceIndexing {
  /** The whole working tree was indexed at least once, by this process or another. */
  readonly complete: boolean;
  /** False for a while after a run failed or was cancelled: queries must not start one after the other. */
  readonly mayStart: boolean;
  /** Another process builds the index, and this one waits for it. */
  readonly waiting: boolean;
  /** Looks whether another process completed or cleared the index. Costs microseconds when nothing was published. */
  follow(): Promise<void>;
  run(options: IndexOptions): Promise<IndexReport>;
  /** The index was cleared on purpose: it may be built again at once. */
  cleared(): void;
  mergeSegments(): Promise<void>;
  /** Waits a little for a merge that is running. */
  close(): Promise<void>;
}

const TURN_POLL_MS = 200;
/** Whoever has the turn and publishes nothing for this long is not waited for: working twice is wasteful, but correct. */
const TURN_PATIENCE_MS = 20_000;
const FIRST_RETRY_MS = 2_000;
const LAST_RETRY_MS = 300_000;
/** Who cancelled a run wants peace; a run that is asked for starts all the same. */
const AFTER_CANCEL_MS = 60_000;
/** What a batch gets to end by itself. */
const STOP_MS = 400;
/** A merge that takes longer is lost when the store is closed: the next one does its work. */
const LAST_MERGE_MS = 500;

/** What is known of the index of one root; changes while it is open. */
interface IndexingState {
  complete: boolean;
  /** Generation at which `complete` was looked up. */
  seen: number;
  waiting: boolean;
  failures: number;
  /** On the clock of `performance.now()`. */
  startAfter: number;
}

export function openWorkspaceIndexing(parts: IndexingParts, live: LiveIndex): WorkspaceIndexing {
  const state: IndexingState = { complete: false, seen: -1, waiting: false, failures: 0, startAfter: 0 };
  let merging: Promise<void> | undefined;

  const mergeSegments = (thorough = false) => {
    const options = { runMerge: parts.merge, thorough };
    merging ??= mergeSmallSegments(parts.store, parts.workspace, options).finally(() => {
      merging = undefined;
    });
    return merging;
  };

  const runWhole = async (options: IndexOptions): Promise<IndexReport> => {
    const { signal } = options;
    const turn = await waitForTurn(parts, live, state, signal);
    try {
      const report = await indexWhole(parts, live, options);
      await untilAborted(mergeSegments(true), signal, undefined);
      await live.refresh({ followOnly: true });
      if (report.complete) state.complete = true;
      return report;
    } finally {
      turn?.release();
    }
  };

  return {
    get complete() {
      return state.complete;
    },
    get mayStart() {
      return performance.now() >= state.startAfter;
    },
    get waiting() {
      return state.waiting;
    },
    follow: () => followStore(parts, state),
    async run(options) {
      const isWhole = options.paths === undefined || !state.complete || options.rebuild === true;
      try {
        const report = await (isWhole ? runWhole(options) : indexPaths(live, options.paths));
        state.failures = 0;
        state.startAfter = report.complete ? 0 : performance.now() + AFTER_CANCEL_MS;
        return report;
      } catch (error) {
        const retryMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** state.failures++);
        state.startAfter = performance.now() + (options.signal?.aborted ? AFTER_CANCEL_MS : retryMs);
        throw error;
      }
    },
    cleared() {
      Object.assign(state, { complete: false, failures: 0, startAfter: 0 });
    },
    mergeSegments: () => mergeSegments(),
    async close() {
      await Promise.race([merging?.catch(() => {}), sleep(LAST_MERGE_MS, undefined, { ref: false })]);
    },
  };
}

async function followStore({ store, workspace }: IndexingParts, state: IndexingState): Promise<void> {
  const now = await store.generation(workspace);
  if (now === state.seen) return;
  state.seen = now;
  const meta = await store.readMeta(workspace, 'complete');
  // Of another version's pipeline: two versions that run side by side must not undo each other's work for ever.
  if (meta === undefined || meta === FINGERPRINT) state.complete = meta !== undefined;
}

/** Of several processes that find no index, one builds it and the others follow. */
async function waitForTurn(
  parts: IndexingParts,
  live: LiveIndex,
  state: IndexingState,
  signal: AbortSignal | undefined,
): Promise<{ release(): void } | undefined> {
  const { store, workspace } = parts;
  let generation = await store.generation(workspace);
  let since = performance.now();
  try {
    for (;;) {
      const turn = parts.takeTurn();
      if (turn || state.complete || signal?.aborted) return turn;
      state.waiting = true;
      await sleep(TURN_POLL_MS);
      await live.refresh({ followOnly: true });
      await followStore(parts, state);
      const now = await store.generation(workspace);
      if (now !== generation) since = performance.now();
      generation = now;
      if (performance.now() - since > TURN_PATIENCE_MS) return undefined;
    }
  } finally {
    state.waiting = false;
  }
}

async function indexWhole(
  parts: IndexingParts,
  live: LiveIndex,
  options: IndexOptions,
): Promise<IndexReport> {
  const { signal } = options;
  const started = performance.now();
  const target = {
    ...parts,
    // A batch that is stopped gets no more files and soon delivers those it has. One that takes longer is not
    // waited for: what it would have brought is read the next time.
    run: (task: BatchTask, more?: () => readonly FilePath[]) =>
      untilAborted(parts.run(task, more), signal, NOTHING_READ, STOP_MS),
    published: () => live.refresh({ followOnly: true }).then(() => {}),
  };
  await live.flush();
  return indexWorkspace(target, options).catch((error: unknown) => {
    if (signal?.aborted) return unfinishedReport(live, started);
    throw error;
  });
}
