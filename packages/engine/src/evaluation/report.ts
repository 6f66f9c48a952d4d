/** What an evaluation says: figures, how they were obtained, and each question with its answer. Data only. */
import type { FilePath } from '../model/file.ts';
import type { IndexProgress } from '../model/search.ts';
import type { Estimate, Measure, Scores } from './measures.ts';

export interface EvaluationOptions {
  /** A folder in a git repository; only what lies in it is evaluated. */
  readonly root: string;
  /** The folder that holds `cache/`; the copy of the code and its index live there, and are removed afterwards. */
  readonly home: string;
  /** Commits to ask about; default 100. */
  readonly commits?: number;
  /** Measure also with each kind of evidence taken away. */
  readonly ablate?: boolean;
  readonly workers?: number;
  readonly maxFileBytes?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: EvaluationProgress) => void;
}

export type EvaluationProgress =
  | { readonly step: 'mining'; readonly done: number }
  | { readonly step: 'copying'; readonly done: number; readonly total: number }
  | { readonly step: 'indexing'; readonly index: IndexProgress }
  | { readonly step: 'asking'; readonly done: number; readonly total: number };

export interface BaseCommit {
  readonly hash: string;
  /** Seconds since 1970. */
  readonly time: number;
  readonly subject: string;
  /** How many first-parent steps it lies behind HEAD. */
  readonly behind: number;
}

export type Summary = Readonly<Record<Measure, Estimate>>;

export interface SystemResult {
  readonly name: 'conexus' | 'bm25-lines';
  readonly all: Summary;
  /** Only the tasks whose text names none of the expected files; undefined when there are none. */
  readonly unnamed?: Summary;
}

export interface AblationResult {
  readonly name: string;
  /** What was taken away. */
  readonly says: string;
  readonly all: Summary;
  /** nDCG@10 with it minus without it, task by task: above 0, it helps here. */
  readonly worth: Estimate;
}

export interface Ranking {
  /** The first ten files. */
  readonly files: readonly FilePath[];
  /** Rank of the first expected file among the first 50; undefined when none is there. */
  readonly rank?: number;
  readonly scores: Scores;
}

export interface TaskResult {
  readonly commit: string;
  readonly time: number;
  readonly subject: string;
  readonly task: string;
  readonly expected: readonly FilePath[];
  /** The text says the name of an expected file. */
  readonly namesFile: boolean;
  readonly conexus: Ranking;
  readonly baseline: Ranking;
}

export interface EvaluationReport {
  readonly format: 1;
  readonly root: string;
  readonly head: string;
  readonly base: BaseCommit;
  /** Whether the clone holds a part of the history only. */
  readonly shallow: boolean;
  readonly commitsWanted: number;
  readonly tasks: readonly TaskResult[];
  readonly namedTasks: number;
  readonly files: {
    readonly indexed: number;
    readonly source: number;
    readonly copied: number;
    readonly missing: number;
  };
  /** Expected files that are at the base commit but not in the index: too large, minified, ignored. */
  readonly notIndexed: readonly FilePath[];
  readonly pastCommits: number;
  readonly systems: readonly SystemResult[];
  /** nDCG@10 of Conexus minus that of the baseline, task by task. */
  readonly lead: Estimate;
  readonly ablations: readonly AblationResult[];
  /** What the reader should know before believing the figures. */
  readonly notes: readonly string[];
  /** Milliseconds; the only part that differs from run to run. */
  readonly ms: {
    readonly mining: number;
    readonly copying: number;
    readonly indexing: number;
    readonly asking: number;
    /** Of one task, the middle one and the slow end. */
    readonly taskP50: number;
    readonly taskP95: number;
  };
}
