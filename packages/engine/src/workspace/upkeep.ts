/** What keeps a workspace's index as its files are, and says how it is. Knows no question. */
import type { Workspace } from '../engine.ts';
import { countReasons } from '../indexing/index-workspace.ts';
import type { IndexProgress } from '../model/search.ts';
import type { WorkspaceEmbedding } from './embedding.ts';
import { everySoOften } from './every-so-often.ts';
import type { WorkspaceGraph } from './graph.ts';
import type { WorkspaceModels } from './models.ts';
import type { ReadingParts, WorkspaceReading } from './reading.ts';
import { failureOf, noticesOf } from './reports.ts';
import { statusOf } from './views.ts';
import type { WorkspaceParts } from './workspace.ts';

export interface UpkeepParts extends ReadingParts {
  readonly parts: Pick<
    WorkspaceParts,
    'source' | 'store' | 'workspace' | 'storeFile' | 'embedding' | 'notices'
  >;
  readonly embedding: WorkspaceEmbedding | undefined;
  readonly models: WorkspaceModels;
  readonly reading: WorkspaceReading;
  readonly graph: WorkspaceGraph;
}

/** Changed files that a question reads itself: more are work for all threads, with progress to show. */
const MAX_LEFT_FILES = 64;

type Upkeep = 'index' | 'catchUp' | 'adapt' | 'startIndexing' | 'job' | 'cancelJob' | 'clear' | 'watch';

export function upkeep({
  parts,
  live,
  indexing,
  jobs,
  history,
  models,
  graph,
}: UpkeepParts): Pick<Workspace, Upkeep> {
  return {
    async index(options = {}) {
      const report = await jobs.run(options);
      await history.ready(options.signal);
      return report;
    },
    async catchUp(options = {}) {
      const { signal } = options;
      await indexing.follow();
      const known = history.ready(signal);
      const isReady = indexing.complete && !jobs.running;
      if (!isReady || (await live.refresh({ ahead: true })).pending.length > MAX_LEFT_FILES)
        await jobs.run({ ...options, embed: false });
      await known;
    },
    async adapt({ signal, onProgress } = {}) {
      await history.ready(signal);
      await models.fill(signal);
      if (!indexing.complete || signal?.aborted) return false;
      const started = performance.now();
      const stop = onProgress && everySoOften(() => onProgress(learningSince(started)));
      try {
        return await models.adapt(history.commits, signal);
      } finally {
        stop?.();
      }
    },
    startIndexing: (options) => jobs.start(options),
    job: (id) => jobs.get(id),
    cancelJob(id) {
      // What follows an index job belongs to it, for whoever wants peace.
      if (id === undefined) void graph.stop();
      return jobs.cancel(id);
    },
    async clear() {
      jobs.cancel();
      await jobs.close();
      // The overlay goes with the rest: published first, so that nothing of it is left to publish later.
      // A full disk must not keep anybody from clearing.
      await live.flush().catch(() => {});
      await live.refresh({ followOnly: true });
      await parts.store.clear(parts.workspace);
      await graph.clear();
      indexing.cleared();
      await live.refresh({ followOnly: true });
    },
    async watch() {
      await live.startWatching();
    },
  };
}

/** How the index is, and what it is made with. */
export function condition({
  parts,
  live,
  indexing,
  embedding,
  jobs,
  history,
  models,
  reading,
  graph,
}: UpkeepParts): Pick<Workspace, 'status' | 'hasIndex' | 'probeEmbedder' | 'notices'> {
  const { source, store, workspace } = parts;
  const notices = () => [
    ...parts.notices,
    ...noticesOf(live.unsaved, indexing),
    ...(embedding?.notices() ?? []),
  ];
  return {
    async status() {
      await indexing.follow();
      const report = indexing.complete
        ? await reading.read(async (found) => found)
        : await live.refresh({ followOnly: true });
      const job = jobs.get();
      const [stats, skipped, ignored, embedder, calls] = await Promise.all([
        store.stats(),
        store.readSkipped(workspace),
        store.readMeta(workspace, 'ignored'),
        embedding?.status(),
        graph.status(),
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
        graph: calls,
        job,
        embedder: embedder ?? models.status(),
        notices: [...notices(), ...failureOf(job, indexing.complete)],
      });
    },
    async hasIndex() {
      await indexing.follow();
      return indexing.complete || jobs.running || live.view.fileCount > 0;
    },
    async probeEmbedder(signal) {
      const embedder = parts.embedding?.embedder;
      if (!embedder) return undefined;
      const [vector] = await embedder.embed(['does it answer'], 'query', { signal });
      return { name: embedder.name, dimensions: vector?.length ?? 0 };
    },
    notices,
  };
}

/** Nothing tells how far it is; that it goes on, and for how long. */
const learningSince = (started: number): IndexProgress => ({
  phase: 'learning',
  filesDone: 0,
  filesTotal: 0,
  bytesDone: 0,
  bytesTotal: 0,
  elapsedMs: performance.now() - started,
});
