/** One root, composed: the live index, jobs, history and the query stages. Chooses no adapter. */
import type { Workspace } from './engine.ts';
import { createIndexJobs } from './index-jobs.ts';
import { countReasons } from './indexing/index-workspace.ts';
import { openLiveIndex } from './indexing/live-index.ts';
import type { FilePath } from './model/file.ts';
import type { LocateAnswer, LocateRequest, SearchAnswer, SearchRequest } from './model/search.ts';
import type { Grep } from './ports/grep.ts';
import type { History } from './ports/history.ts';
import { planQuery } from './query/plan-query.ts';
import { retrieve } from './query/retrieve.ts';
import { runGrep } from './query/run-grep.ts';
import { type LocateIndex, runLocate } from './query/run-locate.ts';
import { planView, runSearch } from './query/run-search.ts';
import { WEIGHTS } from './query/weights.ts';
import { openWorkspaceHistory } from './workspace-history.ts';
import { type IndexingParts, openWorkspaceIndexing } from './workspace-indexing.ts';
import { createMeaning, NO_MEANING } from './workspace-meaning.ts';
import { createQueryIndex } from './workspace-query-index.ts';
import { createReading, type ReadingParts, type WorkspaceReading } from './workspace-reading.ts';
import { failureOf, noticesOf } from './workspace-reports.ts';
import { openWorkspaceVectors, type VectorParts } from './workspace-vectors.ts';
import { chunkViews, listFiles, outlineItems, readLines, statusOf } from './workspace-views.ts';

export interface WorkspaceParts extends IndexingParts, VectorParts {
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

/** What evaluation reaches beside the public door: the stages before text is read. */
export interface ComposedWorkspace extends Workspace {
  readonly query: LocateIndex;
}

export async function createWorkspace(parts: WorkspaceParts): Promise<ComposedWorkspace> {
  const live = await openLiveIndex({
    ...parts,
    onFlushed: () => void indexing.mergeSegments().catch(() => {}),
  });
  const history = openWorkspaceHistory(parts.history, parts.store, parts.prefix);
  const vectors = parts.model && openWorkspaceVectors(parts, parts.model, live);
  const meaning = parts.model && vectors ? createMeaning(parts.model, vectors, live.view) : NO_MEANING;
  const index = createQueryIndex(parts, live, () => history.commits, meaning);
  const indexing = openWorkspaceIndexing(parts, live);
  await indexing.follow();
  const jobs = createIndexJobs((options) => {
    // Git lists commits beside the threads that parse.
    history.poll();
    return indexing.run(options);
  });

  const reading = createReading({ live, indexing, jobs, history });
  const composed: Composed = { parts, live, index, indexing, jobs, history, reading };
  return {
    query: index,
    root: parts.source.root,
    ...questions(composed),
    ...upkeep(composed),
    async close() {
      await jobs.close();
      await history.close();
      await vectors?.close();
      await live.close();
      await indexing.close();
      await parts.release();
    },
  };
}

interface Composed extends ReadingParts {
  readonly parts: WorkspaceParts;
  readonly index: LocateIndex;
  readonly reading: WorkspaceReading;
}

type Questions = 'search' | 'locate' | 'grep' | 'files' | 'readLines' | 'outline' | 'chunks' | 'plan';

function questions({ parts, live, index, indexing, reading }: Composed): Pick<Workspace, Questions> {
  const { source } = parts;
  const { read, answer } = reading;
  const outlineOf = (path: FilePath) =>
    read(async () => (live.view.file(path) ? (await index.outlines([path]))[0] : undefined));
  return {
    search: (request: SearchRequest, options) =>
      answer(() => runSearch(index, request), options) as Promise<SearchAnswer>,
    locate: (request: LocateRequest, options) =>
      answer(() => runLocate(index, request), options) as Promise<LocateAnswer>,
    grep: (request, options) =>
      read(async () => {
        const answer = await runGrep({ grep: parts.grep, index, view: live.view }, request, options?.signal);
        // Files that the first build has not come to are left out.
        return indexing.complete ? answer : { ...answer, truncated: true };
      }, options?.signal),
    files: (options) => read(async () => listFiles(live.view, options)),
    readLines: async (path, start, end) => readLines(source, parts.maxFileBytes, path, start, end),
    outline: async (path) => outlineItems(path, await outlineOf(path)),
    chunks: async (path) => chunkViews(source, path, await outlineOf(path)),
    plan: (query, mode) =>
      read(async () => {
        const plan = planQuery(query, mode === 'locate' ? 'task' : 'search', index.ubiquitous());
        return planView(plan, await retrieve(index, plan, { weights: WEIGHTS[mode], depth: 1 }));
      }),
  };
}

type Upkeep = 'index' | 'startIndexing' | 'job' | 'cancelJob' | 'status' | 'notices' | 'clear' | 'watch';

function upkeep({ parts, live, indexing, jobs, history, reading }: Composed): Pick<Workspace, Upkeep> {
  const { source, store, workspace } = parts;
  const notices = () => [...parts.notices, ...noticesOf(live.unsaved, indexing)];
  return {
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
      const report = indexing.complete
        ? await reading.read(async (found) => found)
        : await live.refresh({ followOnly: true });
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
        state: indexing.complete
          ? 'ready'
          : jobs.running
            ? 'building'
            : live.view.fileCount > 0
              ? 'building'
              : 'empty',
        freshness: reading.freshnessOf(report),
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
  };
}
