/** How questions read a workspace: brought up to date first, again where the ground moved. Knows no kind of question. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CallOptions } from '../engine.ts';
import type { LiveIndex } from '../indexing/live-index.ts';
import type { RefreshReport } from '../indexing/refresh-queue.ts';
import { cancelledBy } from '../model/errors.ts';
import type { FilePath } from '../model/file.ts';
import type { Freshness, IndexProgress } from '../model/search.ts';
import type { Observer } from '../ports/observer.ts';
import { BlobGoneError, SegmentGoneError } from '../ports/store.ts';
import type { WorkspaceHistory } from './history.ts';
import type { IndexJobs } from './index-jobs.ts';
import type { WorkspaceIndexing } from './indexing.ts';
import { emptyNote } from './reports.ts';

/** A query that meets changed files refreshes and starts over; after this many rounds it returns what holds. */
const MAX_ROUNDS = 4;
/** Merges that may get in the way of one read. */
const MAX_GONE_ROUNDS = 10;

export interface ReadingParts {
  readonly live: LiveIndex;
  readonly indexing: WorkspaceIndexing;
  readonly jobs: IndexJobs;
  readonly history: WorkspaceHistory;
  readonly observer: Observer;
  /** Before each question; see `EngineOptions.turn`. */
  readonly turn?: (() => Promise<void>) | undefined;
  /** Starts no build. */
  readonly follows?: boolean;
}

/** What a question gives before it is known to hold. */
export interface Found {
  /** Paths of hits whose files no longer have the indexed bytes. */
  readonly stale: readonly FilePath[];
  /** Changed files that what was asked knows only in part. */
  readonly pending?: readonly FilePath[];
  /** A part of it could not be told yet, because it is being built. */
  readonly building?: { readonly progress: IndexProgress | undefined };
  readonly notes: readonly string[];
  /** What no indexed file has: notes of a whole index, of no worth while the first is being built. */
  readonly absences?: readonly string[];
}

export type Answered<T extends Found> = Omit<T, 'stale' | 'pending' | 'building' | 'absences'> & {
  readonly freshness: Freshness;
  readonly ms: number;
};

export interface WorkspaceReading {
  freshnessOf(report: RefreshReport): Freshness;
  /** Brings the view up to date and reads from it; again when a merge took away what it was about to read. */
  read<T>(work: (report: RefreshReport) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Runs a query until every hit holds against the disk. */
  answer<T extends Found>(query: () => Promise<T>, options?: CallOptions): Promise<Answered<T>>;
}

export function createReading(parts: ReadingParts): WorkspaceReading {
  const { live, indexing, jobs, history, observer, turn, follows } = parts;
  const freshnessOf = (report: RefreshReport): Freshness => {
    const progress = jobs.running && !indexing.complete ? jobs.get()?.progress : undefined;
    const { head, branch } = history.repository ?? {};
    return {
      state: progress || !indexing.complete ? 'building' : report.pending.length > 0 ? 'pending' : 'fresh',
      ...(head === undefined ? {} : { commit: head }),
      ...(branch === undefined ? {} : { branch }),
      generation: live.generation,
      pending: report.pending.slice(0, 20),
      pendingCount: report.pending.length,
      ...(progress ? { progress } : {}),
      checkedBy: report.checkedBy,
      checkMs: report.checkMs,
    };
  };

  const refresh = async (): Promise<RefreshReport> => {
    history.poll();
    await indexing.follow();
    if (!follows && !indexing.complete && !jobs.running && indexing.mayStart) jobs.start();
    // A query may need nothing but memory and synchronous reads: in a tight loop, queries would keep builds, git and
    // timers from their turns.
    await nextTurn();
    return live.refresh({ followOnly: !indexing.complete });
  };

  const read = async <T>(work: (report: RefreshReport) => Promise<T>, signal?: AbortSignal): Promise<T> => {
    for (let round = 1; ; round++) {
      if (signal?.aborted) throw cancelledBy(signal);
      try {
        return await work(await observer.stage('refresh', refresh));
      } catch (error) {
        // In the caller's words, whatever was interrupted.
        if (signal?.aborted) throw cancelledBy(signal);
        const isGone = error instanceof SegmentGoneError || error instanceof BlobGoneError;
        if (!isGone || round >= MAX_GONE_ROUNDS) throw error;
      }
    }
  };
  const answer = async <T extends Found>(
    query: () => Promise<T>,
    options: CallOptions = {},
  ): Promise<Answered<T>> => {
    const started = performance.now();
    for (let round = 1; ; round++) {
      const [report, { stale, pending: unknown = [], building, absences = [], ...result }] = await read(
        async (found) => {
          // Here, not before the refresh: those that wait for the same one would all go on in the same turn.
          await turn?.();
          if (options.signal?.aborted) throw cancelledBy(options.signal);
          return [found, await query()] as const;
        },
        options.signal,
      );
      if (stale.length > 0) live.suspect(stale);
      // While building, what changed since its batch was published is read when the build is done.
      if (stale.length > 0 && round < MAX_ROUNDS && indexing.complete) continue;
      const pending = [...new Set([...report.pending, ...stale, ...unknown])];
      const empty = emptyNote(live.view, indexing.complete);
      return {
        ...result,
        notes: empty.length > 0 ? empty : [...result.notes, ...(indexing.complete ? absences : [])],
        freshness: building
          ? stillBuilding(freshnessOf({ ...report, pending }), building.progress)
          : freshnessOf({ ...report, pending }),
        ms: performance.now() - started,
      };
    }
  };

  return { freshnessOf, read, answer };
}

/** The first index says itself how far it is. */
function stillBuilding(freshness: Freshness, progress: IndexProgress | undefined): Freshness {
  if (freshness.state === 'building') return freshness;
  return { ...freshness, state: 'building', ...(progress && { progress }) };
}
