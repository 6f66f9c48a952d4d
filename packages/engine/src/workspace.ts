/** One root, composed: the live index, jobs, history and the query stages. Chooses no adapter. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CallOptions, Workspace } from './engine.ts';
import { createIndexJobs } from './index-jobs.ts';
import { contentHash } from './indexing/batch.ts';
import { countReasons } from './indexing/index-workspace.ts';
import { type LiveIndex, openLiveIndex, type RefreshReport } from './indexing/live-index.ts';
import { createScorer } from './lexical/bm25f.ts';
import type { CommitIndex } from './lexical/commit-index.ts';
import { createPostingCache } from './lexical/posting-cache.ts';
import { ConexusError } from './model/errors.ts';
import type { FilePath } from './model/file.ts';
import type { Freshness, LocateAnswer, LocateRequest, SearchAnswer, SearchRequest } from './model/search.ts';
import { decodeText, splitLines } from './model/skip-rules.ts';
import type { Grep } from './ports/grep.ts';
import type { History } from './ports/history.ts';
import { BlobGoneError, SegmentGoneError } from './ports/store.ts';
import { planQuery, type QueryPlan } from './query/plan-query.ts';
import { retrieve } from './query/retrieve.ts';
import { runGrep } from './query/run-grep.ts';
import { type LocateIndex, runLocate } from './query/run-locate.ts';
import { planView, runSearch } from './query/run-search.ts';
import { ubiquitousTerms } from './query/ubiquitous-terms.ts';
import { WEIGHTS } from './query/weights.ts';
import { openWorkspaceHistory } from './workspace-history.ts';
import { type IndexingParts, openWorkspaceIndexing } from './workspace-indexing.ts';
import { emptyNote, failureOf, noticesOf } from './workspace-reports.ts';
import { chunkViews, listFiles, outlineItems, readLines, statusOf } from './workspace-views.ts';

export interface WorkspaceParts extends IndexingParts {
  readonly storeFile: string;
  readonly history: History;
  /** Folder of the root within its repository; tells two roots of one repository apart. */
  readonly prefix: string;
  readonly grep: Grep;
  readonly postingCacheBytes: number;
  /** What happened when the store was opened. */
  readonly notices: readonly string[];
  release(): Promise<void>;
}

/** A query that meets changed files refreshes and starts over; after this many rounds it returns what holds. */
const MAX_ROUNDS = 4;
/** Of a quoted string or pattern: lines beyond these change no first page. */
const MAX_PATTERN_LINES = 2_000;
const PATTERN_TIMEOUT_MS = 5_000;
/** Merges that may get in the way of one read. */
const MAX_GONE_ROUNDS = 10;
/** Encoded outlines kept; decoded, they take several times as much. */
const OUTLINE_CACHE_BYTES = 8 << 20;

/** What evaluation reaches beside the public door: the stages before text is read. */
export interface ComposedWorkspace extends Workspace {
  readonly query: LocateIndex;
}

export async function createWorkspace(parts: WorkspaceParts): Promise<ComposedWorkspace> {
  const { source, store, workspace } = parts;
  const live = await openLiveIndex({ ...parts, onFlushed: () => void indexing.mergeSegments().catch(() => {}) });
  const history = openWorkspaceHistory(parts.history, store, parts.prefix);
  const index = queryIndex(parts, live, () => history.commits);
  const indexing = openWorkspaceIndexing(parts, live);
  await indexing.follow();
  const jobs = createIndexJobs((options) => {
    // Git lists commits beside the threads that parse.
    history.poll();
    return indexing.run(options);
  });

  /** Freshness of an answer: what was found, and what is still to be read. */
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
    if (!indexing.complete && !jobs.running && indexing.mayStart) jobs.start();
    // Queries in a tight loop must not keep the build from its turns.
    if (jobs.running) await nextTurn();
    return live.refresh({ followOnly: !indexing.complete });
  };

  /** Brings the view up to date and reads from it; again when a merge took away what it was about to read. */
  const read = async <T>(work: (report: RefreshReport) => Promise<T>, signal?: AbortSignal): Promise<T> => {
    for (let round = 1; ; round++) {
      if (signal?.aborted) throw cancelled(signal);
      try {
        return await work(await refresh());
      } catch (error) {
        const isGone = error instanceof SegmentGoneError || error instanceof BlobGoneError;
        if (!isGone || round >= MAX_GONE_ROUNDS) throw error;
      }
    }
  };
  const outlineOf = (path: FilePath) =>
    read(async () => (live.view.file(path) ? (await index.outlines([path]))[0] : undefined));

  const notices = () => [...parts.notices, ...noticesOf(live.unsaved, indexing)];

  /** Runs a query until every hit holds against the disk. */
  const answer = async <T extends { readonly stale: readonly FilePath[]; readonly notes: readonly string[] }>(
    query: () => Promise<T>,
    options: CallOptions = {},
  ): Promise<Omit<T, 'stale'> & { freshness: Freshness; ms: number }> => {
    const started = performance.now();
    for (let round = 1; ; round++) {
      const [report, { stale, ...result }] = await read(async (found) => [found, await query()] as const, options.signal);
      if (stale.length > 0) live.suspect(stale);
      // While building, what changed since its batch was published is read when the build is done.
      if (stale.length > 0 && round < MAX_ROUNDS && indexing.complete) continue;
      const pending = [...new Set([...report.pending, ...stale])];
      const empty = emptyNote(live.view, indexing.complete);
      return {
        ...result,
        notes: empty.length > 0 ? empty : result.notes,
        freshness: freshnessOf({ ...report, pending }),
        ms: performance.now() - started,
      };
    }
  };

  return {
    query: index,
    root: source.root,
    search: (request: SearchRequest, options) => answer(() => runSearch(index, request), options) as Promise<SearchAnswer>,
    locate: (request: LocateRequest, options) => answer(() => runLocate(index, request), options) as Promise<LocateAnswer>,
    grep: (request, options) =>
      read(async () => {
        const answer = await runGrep({ grep: parts.grep, index, view: live.view }, request, options?.signal);
        // Files that the first build has not come to are left out.
        return indexing.complete ? answer : { ...answer, truncated: true };
      }, options?.signal),
    async index(options = {}) {
      const report = await jobs.run(options);
      await history.ready(options.signal);
      return report;
    },
    startIndexing: (options) => jobs.start(options),
    job: (id) => jobs.get(id),
    cancelJob: (id) => jobs.cancel(id),
    async status() {
      await indexing.follow();
      const report = indexing.complete ? await read(async (found) => found) : await live.refresh({ followOnly: true });
      const job = jobs.get();
      const [stats, skipped, ignored] = await Promise.all([
        store.stats(),
        store.readSkipped(workspace),
        store.readMeta(workspace, 'ignored'),
      ]);
      return statusOf({
        root: source.root,
        storeFile: parts.storeFile,
        view: live.view,
        stats,
        skipped,
        reasons: countReasons(skipped, Number(ignored ?? 0)),
        state: indexing.complete ? 'ready' : jobs.running ? 'building' : live.view.fileCount > 0 ? 'building' : 'empty',
        freshness: freshnessOf(report),
        history: { state: history.state, commits: history.commits?.count ?? 0 },
        job,
        notices: [...notices(), ...failureOf(job, indexing.complete)],
      });
    },
    notices,
    async clear() {
      jobs.cancel();
      await jobs.close();
      // The overlay goes with the rest: published first, so that nothing of it is left to publish later.
      // A full disk must not keep anybody from clearing.
      await live.flush().catch(() => {});
      await live.refresh({ followOnly: true });
      await store.clear(workspace);
      indexing.cleared();
      await live.refresh({ followOnly: true });
    },
    async watch() {
      await live.startWatching();
    },
    files: (options) => read(async () => listFiles(live.view, options)),
    readLines: async (path, start, end) => readLines(source, parts.maxFileBytes, path, start, end),
    outline: async (path) => outlineItems(path, await outlineOf(path)),
    chunks: async (path) => chunkViews(source, path, await outlineOf(path)),
    plan: (query, mode) =>
      read(async () => {
        const plan = planQuery(query, mode === 'locate' ? 'task' : 'search', index.ubiquitous());
        const { frequencies } = await retrieve(index, plan, { weights: WEIGHTS[mode], depth: 1 });
        return planView(plan, frequencies);
      }),
    async close() {
      await jobs.close();
      await history.close();
      await live.close();
      await indexing.close();
      await parts.release();
    },
  };
}

/** The caller's own reason when it is one for users, e.g. a deadline. */
const cancelled = ({ reason }: AbortSignal): ConexusError =>
  reason instanceof ConexusError ? reason : new ConexusError('cancelled', 'The request was cancelled.', 'Send it again.');

/** What the query stages read, over the live index, the store and the disk. */
function queryIndex(parts: WorkspaceParts, live: LiveIndex, history: () => CommitIndex | undefined): LocateIndex {
  const outlines = new Map<number, Uint8Array>();
  const cache = createPostingCache(parts.postingCacheBytes);
  const scorer = createScorer();
  let common: { readonly files: number; readonly terms: ReadonlySet<string> } | undefined;
  let lastVotes: { plan: QueryPlan; votes: ReturnType<CommitIndex['votes']> } | undefined;
  const commitVotes = (plan: QueryPlan) => {
    if (lastVotes?.plan !== plan) lastVotes = { plan, votes: history()?.votes(plan.terms) ?? new Map() };
    return lastVotes.votes;
  };
  let outlineBytes = 0;
  const remember = (id: number, bytes: Uint8Array) => {
    outlineBytes += bytes.length - (outlines.get(id)?.length ?? 0);
    outlines.set(id, bytes);
    for (const [oldest, { length }] of outlines) {
      if (outlineBytes <= OUTLINE_CACHE_BYTES) break;
      outlines.delete(oldest);
      outlineBytes -= length;
    }
  };
  return {
    view: live.view,
    get version() {
      return live.version;
    },
    cache,
    scorer,
    commitVotes,
    changedTogether: (path) => history()?.changedTogether(path) ?? [],
    historyVotes: (plan) => new Map([...commitVotes(plan)].map(([path, { vote }]) => [path, vote])),
    read(path) {
      const read = parts.source.read(path);
      if (!read) return undefined;
      const hash = contentHash(read.bytes);
      return { hash, get lines() {
        return splitLines(decodeText(read.bytes));
      } };
    },
    async outlines(paths) {
      const found = new Map<FilePath, Uint8Array>();
      const missing = new Map<number, FilePath[]>();
      for (const path of paths) {
        const overlay = live.overlayOutline(path);
        const id = live.blobRecord(path)?.id;
        const known = overlay ?? (id === undefined ? undefined : outlines.get(id));
        if (known) found.set(path, known);
        else if (id !== undefined) missing.set(id, [...(missing.get(id) ?? []), path]);
      }
      if (missing.size > 0) {
        const ids = [...missing.keys()];
        const bytes = await parts.store.readOutlines(ids);
        ids.forEach((id, i) => {
          remember(id, bytes[i] as Uint8Array);
          for (const path of missing.get(id) as FilePath[]) found.set(path, bytes[i] as Uint8Array);
        });
      }
      return paths.map((path) => found.get(path));
    },
    suspect: (paths) => live.suspect(paths),
    ubiquitous() {
      // Counting languages is work per file: done again only when the workspace has grown or shrunk by a tenth.
      const files = live.view.fileCount;
      if (!common || Math.abs(files - common.files) > common.files / 10) common = { files, terms: ubiquitousTerms(live.view) };
      return common.terms;
    },
    async findLines(pattern, regex) {
      const { matches } = await parts.grep.search({
        pattern,
        regex,
        maxMatches: MAX_PATTERN_LINES,
        timeoutMs: PATTERN_TIMEOUT_MS,
      });
      return matches;
    },
  };
}
