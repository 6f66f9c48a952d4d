/** One root, composed: the live index, jobs, history and the query stages. Chooses no adapter. */
import { readCallGraph } from '../analysis/call-graph.ts';
import type { Workspace } from '../engine.ts';
import { type LiveIndex, type LiveIndexOptions, openLiveIndex } from '../indexing/live-index.ts';
import type { FilePath } from '../model/file.ts';
import type { LocateAnswer, LocateRequest, SearchAnswer, SearchRequest } from '../model/search.ts';
import type { Changes } from '../ports/changes.ts';
import type { Reranker } from '../ports/embedder.ts';
import type { Grep } from '../ports/grep.ts';
import type { History } from '../ports/history.ts';
import type { LineHistory } from '../ports/line-history.ts';
import type { IndexJobEnd, Observer } from '../ports/observer.ts';
import type { RelatedSource } from '../ports/related-source.ts';
import type { MeaningIndex } from '../query/meaning.ts';
import { planQuery } from '../query/plan-query.ts';
import { retrieve } from '../query/retrieve.ts';
import { runGrep } from '../query/run-grep.ts';
import { type LocateIndex, runLocate } from '../query/run-locate.ts';
import { planView, runSearch } from '../query/run-search.ts';
import { WEIGHTS } from '../query/weights.ts';
import { openWorkspaceAnalysis } from './analysis.ts';
import { type Elsewhere, type InStep, openElsewhere, type ThreadParts } from './asked-elsewhere.ts';
import { createAskedMeaning } from './asked-meaning.ts';
import { createBasis } from './basis.ts';
import { openWorkspaceRows } from './embedded-rows.ts';
import { type EmbeddingParts, openWorkspaceEmbedding, type WorkspaceEmbedding } from './embedding.ts';
import { everySoOften } from './every-so-often.ts';
import type { FactsParts } from './facts.ts';
import { openWorkspaceGraph, type WorkspaceGraph } from './graph.ts';
import { openWorkspaceHistory } from './history.ts';
import { answerImpact } from './impact.ts';
import { createIndexJobs, type WorkOptions } from './index-jobs.ts';
import { type IndexingParts, openWorkspaceIndexing } from './indexing.ts';
import type { KeptFactsParts } from './kept-facts.ts';
import { type ModelParts, openWorkspaceModels } from './models.ts';
import { observedGraph, observedIndex } from './observed-index.ts';
import { createQueryIndex } from './query-index.ts';
import { createReading } from './reading.ts';
import { relatedQuestion } from './related.ts';
import { answerRelations } from './relations.ts';
import { condition, type UpkeepParts, upkeep } from './upkeep.ts';
import { chunkViews, listFiles, outlineItems, readLines } from './views.ts';

export interface WorkspaceParts extends IndexingParts, ModelParts, FactsParts, KeptFactsParts, ThreadParts {
  /** An embedder that is not built in. */
  readonly embedding?: EmbeddingParts | undefined;
  readonly storeFile: string;
  readonly history: History;
  /** Which commits made which lines. */
  readonly lines: LineHistory;
  /** What people wrote about the code. */
  readonly items: RelatedSource;
  /** How the working tree differs from a commit. */
  readonly changes: Changes;
  /** Folder of the root within its repository; tells two roots of one repository apart. */
  readonly prefix: string;
  readonly grep: Grep;
  readonly postingCacheBytes: number;
  readonly reranker?: Reranker | undefined;
  readonly observer: Observer;
  /** Before each question; see `EngineOptions.turn`. */
  readonly turn?: (() => Promise<void>) | undefined;
  /** See `LiveIndexOptions`. */
  readonly walked?: LiveIndexOptions['walked'];
  /** What happened when the store was opened. */
  readonly notices: readonly string[];
  release(): Promise<void>;
}

/** What evaluation reaches beside the public door: the stages before text is read. */
export interface ComposedWorkspace extends Workspace, InStep {
  readonly query: LocateIndex;
}

export async function createWorkspace(parts: WorkspaceParts): Promise<ComposedWorkspace> {
  const live = await openLiveIndex({
    ...parts,
    onFlushed() {
      embedding?.wake();
      graph.wake();
      void indexing.mergeSegments().catch(() => {});
    },
  });
  const history = openWorkspaceHistory(parts.history, parts.store, parts.prefix, parts.follows);
  const models = openWorkspaceModels(parts, live);
  const embedding = parts.embedding && openWorkspaceEmbedding(parts.embedding, parts, live);
  const meaning = embedding ? askedMeaning(embedding, parts, live, models.meaning) : models.meaning;
  const query = createQueryIndex(parts, live, () => history.commits, meaning);
  const index = observedIndex(query, parts.observer);
  const indexing = openWorkspaceIndexing(parts, live);
  await indexing.follow();
  let hadIndex = false;
  const jobs = createIndexJobs(
    async (options) => {
      hadIndex = indexing.complete;
      // Git lists commits beside the threads that parse.
      history.poll();
      const report = await indexing.run(options);
      // Facts of contents that were derived again are gone, and so is the proof that the graph is of them.
      if (options.rebuild) await graph.clear();
      if (!embedding || options.embed === false || !report.complete) return report;
      const { signal, onProgress, embed } = options;
      const embedded = await embedding.run({ signal, onProgress, confirmed: embed === 'confirmed' });
      return { ...report, complete: embedded.state !== 'cancelled', embedding: embedded };
    },
    (status, options, ms) => {
      const end = { root: parts.source.root, kind: kindOf(options, hadIndex), status, ms };
      parts.observer.indexed?.(end);
    },
  );

  const reading = createReading({ ...parts, live, indexing, jobs, history });
  const graph = toldGraph(
    observedGraph(openWorkspaceGraph({ ...parts, live, reading, indexing }), parts.observer),
  );
  const elsewhere = openElsewhere({ ...parts, live, indexing, jobs, history, models, reading });
  const composed: Composed = {
    elsewhere,
    parts,
    live,
    index,
    indexing,
    embedding,
    jobs,
    history,
    observer: parts.observer,
    models,
    reading,
    graph,
  };
  return {
    query: index,
    root: parts.source.root,
    ...elsewhere.inStep,
    ...questions(composed),
    ...upkeep(composed),
    ...condition(composed),
    basis: createBasis({ ...composed, suspect: elsewhere.inStep.suspect }),
    async close() {
      elsewhere.close();
      await jobs.close();
      await history.close();
      await models.close();
      await graph.close();
      await embedding?.close();
      await live.close();
      await indexing.close();
      await parts.release();
    },
  };
}

function askedMeaning(
  embedding: WorkspaceEmbedding,
  parts: WorkspaceParts,
  live: LiveIndex,
  builtin: MeaningIndex,
): MeaningIndex {
  const rows = openWorkspaceRows(parts, live, embedding.model, embedding.takeWritten);
  return createAskedMeaning(embedding, rows, live.view, builtin);
}

interface Composed extends UpkeepParts {
  readonly parts: WorkspaceParts;
  readonly index: LocateIndex;
  readonly elsewhere: Elsewhere;
}

type Questions =
  | 'search'
  | 'locate'
  | 'grep'
  | 'related'
  | 'callGraph'
  | 'codeGraph'
  | 'analyze'
  | 'relations'
  | 'impact'
  | 'files'
  | 'readLines'
  | 'outline'
  | 'chunks'
  | 'plan';

function questions(composed: Composed): Pick<Workspace, Questions> {
  const { parts, live, index, indexing, history, reading, graph, elsewhere } = composed;
  const { source } = parts;
  const { read, answer } = reading;
  const outlineOf = (path: FilePath) =>
    read(async () => (live.view.file(path) ? (await index.outlines([path]))[0] : undefined));
  const graphQuestions = { ...parts, index, reading, codeGraph: graph.codeGraph };
  return {
    search: (request: SearchRequest, options) =>
      elsewhere.ask('search', request, options, () =>
        answer(() => runSearch(index, request, WEIGHTS, options?.signal), options),
      ) as Promise<SearchAnswer>,
    locate: (request: LocateRequest, options) =>
      elsewhere.ask('locate', request, options, () =>
        answer(() => runLocate(index, request, WEIGHTS.locate, options?.signal), options),
      ) as Promise<LocateAnswer>,
    grep: (request, options) =>
      read(async () => {
        const answer = await runGrep({ grep: parts.grep, index, view: live.view }, request, options?.signal);
        // Files that the first build has not come to are left out.
        return indexing.complete ? answer : { ...answer, truncated: true, notes: [] };
      }, options?.signal),
    related: relatedQuestion({ ...parts, index, live, history, reading, graph }),
    callGraph: (options) => readCallGraph(source, { maxFileBytes: parts.maxFileBytes, ...options }),
    codeGraph: graph.codeGraph,
    ...openWorkspaceAnalysis({ source, live, reading, graph, index, observer: parts.observer }),
    relations: (request, options) => answerRelations(graphQuestions, request, options),
    impact: (request, options) => answerImpact(graphQuestions, request, options),
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

function kindOf({ rebuild, paths }: WorkOptions, hadIndex: boolean): IndexJobEnd['kind'] {
  if (rebuild) return 'rebuild';
  if (paths !== undefined) return 'paths';
  return hadIndex ? 'incremental' : 'full';
}

/** Whoever asks for it is told how far it is. */
function toldGraph(graph: WorkspaceGraph): WorkspaceGraph {
  return {
    ...graph,
    async codeGraph({ onProgress, ...options } = {}) {
      const tell = () => {
        const progress = graph.progress();
        if (progress) onProgress?.(progress);
      };
      const stop = onProgress && everySoOften(tell);
      try {
        return await graph.codeGraph(options);
      } finally {
        stop?.();
      }
    },
  };
}
