/** Requests and answers of search and locate, as the public door of the engine speaks them. */
import type { ContentHash, FileKind, FilePath, FileTrait, LanguageId, SkipReason } from './file.ts';
import type { SymbolKind } from './parsed-file.ts';

/** Narrows what may be returned. Applied inside retrieval, never after it. */
export interface SearchFilter {
  /** Globs relative to the root (`src/**`, `*.ts`); a leading `!` excludes. */
  readonly paths?: readonly string[];
  readonly languages?: readonly LanguageId[];
  readonly kinds?: readonly FileKind[];
  readonly symbolKinds?: readonly SymbolKind[];
}

/** What the asker is working on: a boost, never a filter. */
export interface WorkContext {
  readonly activeFile?: FilePath;
  readonly openFiles?: readonly FilePath[];
  /** Name of the branch being worked on: files whose paths have its words rank higher. */
  readonly branch?: string;
}

/** How much of each hit is returned: its place only, its signature, or its text. */
export type Detail = 'locations' | 'signatures' | 'full';

export interface SearchRequest {
  readonly query: string;
  readonly filter?: SearchFilter;
  readonly context?: WorkContext;
  /** Hits wanted; default 10, at most 200. */
  readonly limit?: number;
  /** Position in the ranked list where this page starts. */
  readonly offset?: number;
  /** Bound on the estimated tokens of the rendered answer; default 4,000. */
  readonly maxTokens?: number;
  readonly detail?: Detail;
  readonly explain?: boolean;
  /** Name near-duplicates with the hit they resemble instead of showing them; default true. */
  readonly fold?: boolean;
  /** Find code like these lines of an indexed file, e.g. `src/a.ts:10-40`. `query` is then not looked at. */
  readonly like?: string | { readonly path: FilePath; readonly start?: number; readonly end?: number };
}

export interface LocateRequest extends Omit<SearchRequest, 'query' | 'fold' | 'like'> {
  /** A task, an issue text, an error message or a stack trace. */
  readonly task: string;
}

export interface ScoreTerm {
  readonly name: string;
  readonly value: number;
}

/** Proof: these lines of this file, when it had these bytes. */
export interface Citation {
  readonly path: FilePath;
  readonly start: number;
  readonly end: number;
  readonly hash: ContentHash;
}

export interface SearchHit extends Citation {
  readonly score: number;
  readonly language: LanguageId;
  readonly kind: FileKind;
  /** Qualified name of the enclosing definition, e.g. `Store.publish`. */
  readonly symbol?: string;
  readonly symbolKind?: SymbolKind;
  /** Lines of the span, as on disk now; shortened to fit the budget (then `textStart > start` or `textEnd < end`). */
  readonly text?: string;
  readonly textStart?: number;
  readonly textEnd?: number;
  /** Of a long passage the lines that say most of what was asked, best first, and the line of its name. */
  readonly focus?: readonly number[];
  readonly nameLine?: number;
  /** Other files with the same bytes. */
  readonly copies?: readonly FilePath[];
  /** Passages that are the same but for a few lines, not shown themselves; at most five are named. */
  readonly similar?: readonly Citation[];
  readonly similarCount?: number;
  readonly terms?: readonly ScoreTerm[];
}

export interface LocatedFile extends SearchHit {
  /** Why this file: short clauses, each naming its evidence. */
  readonly reasons: readonly string[];
}

/** What the answer was computed from. */
export interface Freshness {
  /** `fresh`: every change made before the request is reflected. `pending`: the files named are not yet. */
  readonly state: 'fresh' | 'pending' | 'building';
  readonly commit?: string;
  readonly branch?: string;
  readonly generation: number;
  /** Changed files that are not in the answer yet; at most 20 are named. */
  readonly pending: readonly FilePath[];
  readonly pendingCount: number;
  /** Set while the first index is being built. */
  readonly progress?: IndexProgress;
  /** How changes were found. */
  readonly checkedBy: 'watcher' | 'scan';
  readonly checkMs: number;
}

export interface Omitted {
  /** Hits ranked after the last one returned, as far as they were ranked. */
  readonly hits: number;
  readonly reason: 'limit' | 'max_tokens' | 'none';
  /** `offset` that continues the list. */
  readonly nextOffset?: number;
}

export interface SearchAnswer {
  readonly hits: readonly SearchHit[];
  readonly freshness: Freshness;
  readonly omitted: Omitted;
  /** Things the asker should know: terms not found, filters that excluded everything, files skipped. */
  readonly notes: readonly string[];
  readonly plan?: QueryPlanView;
  readonly ms: number;
}

export interface LocateAnswer extends Omit<SearchAnswer, 'hits'> {
  readonly hits: readonly LocatedFile[];
}

/** Printable form of the plan, for `explain` and `dump plan`. */
export interface QueryPlanView {
  readonly kind: string;
  readonly terms: readonly { readonly term: string; readonly weight: number; readonly documents: number }[];
  readonly names: readonly string[];
  readonly paths: readonly string[];
  readonly retrievers: readonly string[];
}

export interface IndexProgress {
  readonly phase:
    | 'walking'
    | 'indexing'
    | 'merging'
    | 'history'
    | 'embedding'
    | 'facts'
    | 'resolving'
    | 'learning'
    | 'done';
  readonly filesDone: number;
  readonly filesTotal: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
  /** In the phase `embedding`: passages that have vectors, of those that had none. */
  readonly passagesDone?: number;
  readonly passagesTotal?: number;
  readonly elapsedMs: number;
  /** Estimated; undefined until it can be estimated. */
  readonly remainingMs?: number;
}

/** What embedding would cost before it is begun. Nothing is counted for what the embedder's cache has. */
export interface EmbeddingEstimate {
  readonly passages: number;
  /** On the high side. */
  readonly tokens: number;
  readonly minutes: number;
  /** undefined: free, or the price is not known. */
  readonly usd?: number;
  /** Month of the price, `2026-05`. */
  readonly priceAsOf?: string;
}

/** What came of embedding the passages that had no vectors, by an embedder that is not built in. */
export interface EmbeddingReport {
  readonly embedder: string;
  /** `waiting`: larger than what may be done unasked. `elsewhere`: another process is at it. */
  readonly state: 'done' | 'waiting' | 'cancelled' | 'failed' | 'elsewhere';
  /** Of the published index. */
  readonly passages: number;
  readonly embedded: number;
  /** Without vectors after the run. */
  readonly missing: number;
  /** Of files that have changed since they were indexed. */
  readonly changed: number;
  readonly estimate: EmbeddingEstimate;
  /** What failed and what to do, when `failed`. */
  readonly error?: string;
}

/** What compares by meaning in a workspace. */
export interface EmbedderStatus {
  readonly name: string;
  /** Names the vectors of this model; holds no secret. */
  readonly model: string;
  /** Text leaves this machine. */
  readonly remote: boolean;
  /** About as many passages have no vectors. */
  readonly missing: number;
  readonly running: boolean;
  /** Of the last run of this process. */
  readonly last?: EmbeddingReport;
}

export interface IndexReport {
  readonly files: number;
  readonly indexed: number;
  readonly reused: number;
  readonly removed: number;
  readonly chunks: number;
  readonly bytes: number;
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  readonly parseErrors: number;
  readonly byLanguage: Readonly<
    Record<LanguageId, { readonly files: number; readonly bytes: number; readonly parseMs: number }>
  >;
  readonly generation: number;
  readonly ms: number;
  /** False when cancelled; what was done is kept. */
  readonly complete: boolean;
  /** Where an embedder is configured that is not built in. */
  readonly embedding?: EmbeddingReport;
}

export interface IndexStatus {
  readonly root: string;
  readonly state: 'empty' | 'building' | 'ready';
  readonly generation: number;
  readonly files: number;
  readonly chunks: number;
  readonly sourceBytes: number;
  readonly storeBytes: number;
  readonly storeFile: string;
  readonly languages: Readonly<Record<LanguageId, number>>;
  readonly kinds: Readonly<Partial<Record<FileKind, number>>>;
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  /** Skipped files by name, at most 100 (ignored files are only counted). */
  readonly skippedFiles: readonly { readonly path: FilePath; readonly reason: SkipReason }[];
  readonly freshness: Freshness;
  readonly history: { readonly state: 'none' | 'building' | 'ready'; readonly commits: number };
  readonly graph: GraphStatus;
  readonly job?: JobStatus;
  /** undefined: switched off. */
  readonly embedder?: EmbedderStatus;
  /** What is wrong with the index, or was and has been repaired: sentences that say why. */
  readonly notices: readonly string[];
}

/** Calls and imports of a workspace, which are read after its index. */
export interface GraphStatus {
  /** `waiting`: the first question that needs them, or a server that has time, reads what is missing. */
  readonly state: 'none' | 'waiting' | 'building' | 'ready';
  /** Of languages whose calls are followed. */
  readonly files: number;
  /** Contents that were not read yet. */
  readonly missing: number;
  readonly progress?: IndexProgress;
}

export interface JobStatus {
  /** Opaque handle, valid in this process and, for finished jobs, for an hour. */
  readonly id: string;
  readonly state: 'running' | 'done' | 'cancelled' | 'failed';
  readonly progress: IndexProgress;
  readonly report?: IndexReport;
  readonly error?: string;
}

export interface GrepRequest {
  readonly pattern: string;
  /** Default false: literal. */
  readonly regex?: boolean;
  readonly ignoreCase?: boolean;
  readonly word?: boolean;
  readonly filter?: SearchFilter;
  readonly limit?: number;
  readonly maxTokens?: number;
}

export interface GrepHit extends Citation {
  readonly line: number;
  readonly lineText: string;
  readonly symbol?: string;
}

export interface GrepAnswer {
  readonly hits: readonly GrepHit[];
  readonly truncated: boolean;
  readonly files: number;
  /** Filters that excluded everything. */
  readonly notes: readonly string[];
  readonly ms: number;
}

export interface FileListing {
  readonly path: FilePath;
  readonly language: LanguageId;
  readonly kind: FileKind;
  readonly traits: readonly FileTrait[];
  readonly bytes: number;
}

export interface OutlineItem {
  readonly name: string;
  readonly kind: SymbolKind;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
}

export interface ChunkView {
  readonly start: number;
  readonly end: number;
  readonly symbol?: string;
  readonly fields: Readonly<Record<'name' | 'scope' | 'signature' | 'doc' | 'body', string>>;
}
