/** The public door of the engine as types. `open-engine.ts` makes one. */
import type { AnalysisAnswer, AnalysisRequest } from './model/analysis.ts';
import type { CallGraphReport } from './model/call-graph.ts';
import type { CodeGraph } from './model/code-graph.ts';
import type { EmbeddingOptions, RerankingOptions } from './model/embedding.ts';
import type { FilePath } from './model/file.ts';
import type { ImpactAnswer, ImpactRequest } from './model/impact.ts';
import type { RelatedAnswer, RelatedRequest } from './model/related.ts';
import type { RelationsAnswer, RelationsRequest } from './model/relations.ts';
import type {
  ChunkView,
  FileListing,
  Freshness,
  GrepAnswer,
  GrepRequest,
  IndexProgress,
  IndexReport,
  IndexStatus,
  JobStatus,
  LocateAnswer,
  LocateRequest,
  OutlineItem,
  QueryPlanView,
  SearchAnswer,
  SearchRequest,
} from './model/search.ts';
import type { Observer } from './ports/observer.ts';

export interface EngineOptions {
  /** Folder for `cache/` and `state/`. The engine reads no environment variable. */
  readonly home: string;
  /** Parser threads; default: one per core, at most 8. */
  readonly workers?: number;
  /** Bytes of all indexes under `home` before the least recently used is removed; default 10 GiB. */
  readonly maxCacheBytes?: number;
  /** Largest file that is indexed, in bytes; default 2 MiB. */
  readonly maxFileBytes?: number;
  /** What compares by meaning; default: the static model that ships with the package. */
  readonly embedder?: 'builtin' | 'none' | EmbeddingOptions;
  /** Orders the first hits of queries in words; default: none. */
  readonly reranker?: RerankingOptions;
  /** Whether the model learns each repository's own words, in the background; default true. */
  readonly adapts?: boolean;
  /** Told how long stages take and how index jobs end. */
  readonly observer?: Observer;
  /** Waited for before a question takes the thread: what else needs it has its turn. Default: nothing is waited for. */
  readonly turn?: () => Promise<void>;
  /**
   * Threads that answer `search` and `locate` of workspaces that are watched, beside the calling one; default 0. Each holds postings, vectors
   * and outlines of its own. None where a service embeds or reranks.
   */
  readonly questionThreads?: number;
}

export interface IndexOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: IndexProgress) => void;
  /** Parse everything again, also what the store already has. */
  readonly rebuild?: boolean;
  /**
   * Whether passages get vectors of an embedder that is not built in. Default true: as many as may be embedded unasked;
   * `confirmed`: all of them.
   */
  readonly embed?: boolean | 'confirmed';
  /** Only these paths, e.g. after an edit the caller made. */
  readonly paths?: readonly FilePath[];
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Of the graph, while a question that needs it waits for it. */
  readonly onProgress?: (progress: IndexProgress) => void;
  /**
   * How long a question waits for the first graph of the code, counted from when work on it began. Then reports answer without it, and
   * questions that are of the graph alone fail as `not_ready`. Undefined: until there is one.
   */
  readonly graphPatienceMs?: number;
}

export interface AnswerBasis {
  /**
   * Undefined: no answer may be used twice. A build, unread changes, no reliable watcher, a file that differs from the index, or a
   * service elsewhere has a part in answers.
   */
  readonly id: string | undefined;
  readonly freshness: Freshness;
}

/** One root. Answers while an index is being built, from what is published. */
export interface Workspace {
  readonly root: string;
  search(request: SearchRequest, options?: CallOptions): Promise<SearchAnswer>;
  locate(request: LocateRequest, options?: CallOptions): Promise<LocateAnswer>;
  grep(request: GrepRequest, options?: CallOptions): Promise<GrepAnswer>;

  /**
   * What belongs to a place in the code: the commits that made its lines, what they name, tests, documents, decisions, callers.
   * @throws ConexusError path_not_found, invalid_argument (no such lines, several definitions of the name), cancelled
   */
  related(request: RelatedRequest, options?: CallOptions): Promise<RelatedAnswer>;

  /** Who calls whom, read from the files as they are now; needs no index and keeps nothing. @throws ConexusError cancelled */
  callGraph(options?: CallOptions): Promise<CallGraphReport>;

  /**
   * The graph of the code as the index has it, brought up to date first: resolved in a thread and kept, so that it is read the next
   * time. The same object as long as nothing changes. While changes are watched, an old graph is waited for at most 2 s, then
   * answers without the files that `freshness` says are pending.
   * @throws ConexusError cancelled, not_ready
   */
  codeGraph(options?: CallOptions): Promise<{ readonly graph: CodeGraph; readonly freshness: Freshness }>;
  /**
   * How a definition, files or what a question asks for works, as claims whose lines were read again before the answer left.
   * @throws ConexusError invalid_argument, path_not_found, cancelled
   */
  analyze(request: AnalysisRequest, options?: CallOptions): Promise<AnalysisAnswer>;
  /** Who calls a definition, what it calls, where it is named or stands; each line as on disk now. @throws ConexusError cancelled, not_ready */
  relations(request: RelationsRequest, options?: CallOptions): Promise<RelationsAnswer>;
  /**
   * What depends on a definition, a file, or what was changed since a revision.
   * @throws ConexusError cancelled, not_ready; with `since`: no_history, invalid_argument
   */
  impact(request: ImpactRequest, options?: CallOptions): Promise<ImpactAnswer>;

  /** Brings the index up to date and waits for it. */
  index(options?: IndexOptions): Promise<IndexReport>;
  /**
   * For a command, before its question: like `index`, but a few changed files are left to the question, and where nothing says otherwise
   * the question that follows does not compare all files with the disk once more. It was asked before this call.
   */
  catchUp(options?: Pick<IndexOptions, 'signal' | 'onProgress'>): Promise<void>;
  /**
   * Teaches the model this repository's own words, from its docs, names and past commits; the index answers meanwhile, and by
   * the new model afterwards. Seconds of one thread. False: little has changed since the last time, or it is switched off.
   */
  adapt(options?: Pick<IndexOptions, 'signal' | 'onProgress'>): Promise<boolean>;
  /** The same as a job that outlives the call; returns the running job if there is one. */
  startIndexing(options?: Omit<IndexOptions, 'signal' | 'onProgress'>): JobStatus;
  /** `id` undefined: the newest job. */
  job(id?: string): JobStatus | undefined;
  cancelJob(id?: string): JobStatus | undefined;
  status(): Promise<IndexStatus>;
  /** Whether there is anything to answer from, or it is being made. Compares nothing with the disk, as `status` does. */
  hasIndex(): Promise<boolean>;
  /**
   * What answers of now rest on, brought up to date as for a question. An answer made between two calls that gave the same id is the
   * answer that a question would get at the second; `related` and `impact` with `since` read git besides, and are not covered.
   * `paths`: files that an answer shows; their stamps are compared with the disk, too. @throws ConexusError cancelled
   */
  basis(options?: CallOptions & { readonly paths?: readonly FilePath[] }): Promise<AnswerBasis>;
  /**
   * Asks the embedder that is not built in for one vector, to see whether it answers; undefined where none is configured.
   * @throws ConexusError as the embedder does
   */
  probeEmbedder(
    signal?: AbortSignal,
  ): Promise<{ readonly name: string; readonly dimensions: number } | undefined>;
  /** What answers should say of the index beside their freshness; see `IndexStatus.notices`. Costs nothing. */
  notices(): readonly string[];
  /** Forgets this root's index. Other worktrees keep theirs. */
  clear(): Promise<void>;
  /** Follows changes from now on, so that queries need no scan. Idempotent. */
  watch(): Promise<void>;

  files(options?: {
    readonly prefix?: string;
    readonly after?: FilePath;
    readonly limit?: number;
  }): Promise<readonly FileListing[]>;
  /** Text as on disk now. @throws ConexusError path_not_found, path_outside_root */
  readLines(
    path: FilePath,
    start?: number,
    end?: number,
  ): Promise<{
    readonly text: string;
    readonly start: number;
    readonly end: number;
    readonly lineCount: number;
    readonly hash: string;
  }>;
  outline(path: FilePath): Promise<readonly OutlineItem[]>;
  chunks(path: FilePath): Promise<readonly ChunkView[]>;
  plan(query: string, mode: 'search' | 'locate'): Promise<QueryPlanView>;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** The first question was asked before this call, and `catchUp` comes before it: files may be looked at from now on. */
  readonly asked?: boolean;
}

export interface Engine {
  /** @throws ConexusError root_missing, root_not_directory, root_unreadable */
  openWorkspace(root: string, options?: OpenOptions): Promise<Workspace>;
  close(): Promise<void>;
}
