/**
 * Runs that bring one root's index up to date: whose turn it is among processes, what is read again, what is kept when
 * the run is stopped, and when a failed run is tried again. Knows no query and chooses no adapter.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { IndexOptions } from './engine.ts';
import type { BatchResult, BatchTask } from './indexing/batch.ts';
import { FINGERPRINT } from './indexing/fingerprint.ts';
import { indexWorkspace } from './indexing/index-workspace.ts';
import type { LiveIndex } from './indexing/live-index.ts';
import { mergeSmallSegments, type RunMerge } from './indexing/merge-store.ts';
import { untilAborted } from './indexing/until-aborted.ts';
import type { FilePath } from './model/file.ts';
import type { IndexReport } from './model/search.ts';
import type { Source } from './ports/source.ts';
import type { Store, WorkspaceId } from './ports/store.ts';
import { indexPaths, unfinishedReport } from './workspace-reports.ts';

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

export function openWorkspaceIndexing(parts: IndexingParts, live: LiveIndex): WorkspaceIndexing {
  const { store, workspace } = parts;
  let complete = false;
  let seen = -1;
  let waiting = false;
  let failures = 0;
  let startAfter = 0;
  let merging: Promise<void> | undefined;

  const follow = async () => {
    const now = await store.generation(workspace);
    if (now === seen) return;
    seen = now;
    const meta = await store.readMeta(workspace, 'complete');
    // Of another version's pipeline: two versions that run side by side must not undo each other's work for ever.
    if (meta === undefined || meta === FINGERPRINT) complete = meta !== undefined;
  };

  const mergeSegments = (thorough = false) => {
    merging ??= mergeSmallSegments(store, workspace, { runMerge: parts.merge, thorough }).finally(() => {
      merging = undefined;
    });
    return merging;
  };

  /** Of several processes that find no index, one builds it and the others follow. */
  const waitForTurn = async (signal: AbortSignal | undefined) => {
    let generation = await store.generation(workspace);
    let since = performance.now();
    for (;;) {
      const turn = parts.takeTurn();
      if (turn || complete || signal?.aborted) return turn;
      waiting = true;
      await sleep(TURN_POLL_MS);
      await live.refresh({ followOnly: true });
      await follow();
      const now = await store.generation(workspace);
      if (now !== generation) since = performance.now();
      generation = now;
      if (performance.now() - since > TURN_PATIENCE_MS) return undefined;
    }
  };

  const runWhole = async (options: IndexOptions): Promise<IndexReport> => {
    const { signal } = options;
    const started = performance.now();
    const turn = await waitForTurn(signal).finally(() => {
      waiting = false;
    });
    try {
      await live.flush();
      const report = await indexWorkspace(
        {
          ...parts,
          // A batch that is stopped gets no more files and soon delivers those it has. One that takes longer is not
          // waited for: what it would have brought is read the next time.
          run: (task, more) => untilAborted(parts.run(task, more), signal, NOTHING_READ, STOP_MS),
          published: () => live.refresh({ followOnly: true }).then(() => {}),
        },
        options,
      ).catch((error: unknown) => {
        if (signal?.aborted) return unfinishedReport(live, started);
        throw error;
      });
      await untilAborted(mergeSegments(true), signal, undefined);
      await live.refresh({ followOnly: true });
      if (report.complete) complete = true;
      return report;
    } finally {
      turn?.release();
    }
  };

  return {
    get complete() {
      return complete;
    },
    get mayStart() {
      return performance.now() >= startAfter;
    },
    get waiting() {
      return waiting;
    },
    follow,
    async run(options) {
      try {
        const report =
          options.paths && complete && !options.rebuild
            ? await indexPaths(live, options.paths)
            : await runWhole(options);
        failures = 0;
        startAfter = report.complete ? 0 : performance.now() + AFTER_CANCEL_MS;
        return report;
      } catch (error) {
        const pause = options.signal?.aborted
          ? AFTER_CANCEL_MS
          : Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures);
        failures++;
        startAfter = performance.now() + pause;
        throw error;
      }
    },
    cleared() {
      complete = false;
      failures = 0;
      startAfter = 0;
    },
    mergeSegments: () => mergeSegments(),
    async close() {
      await Promise.race([merging?.catch(() => {}), sleep(LAST_MERGE_MS, undefined, { ref: false })]);
    },
  };
}

const NOTHING_READ: BatchResult = {
  files: [],
  skipped: [],
  gone: [],
  blobs: [],
  segment: undefined,
  chunks: 0,
  bytes: 0,
  parseErrors: 0,
  byLanguage: {},
};
