/** Requests and reports of `analyze`: statements about code, each with the lines that prove it. */
import type { Resolution } from './call-graph.ts';
import type { GraphSymbolKind } from './code-graph.ts';
import type { ContentHash, FilePath, LanguageId } from './file.ts';
import type { SymbolKind } from './parsed-file.ts';
import type { Freshness } from './search.ts';

export const ANALYSIS_SECTIONS = [
  'overview',
  'entry_points',
  'call_graph',
  'data_flow',
  'state',
  'side_effects',
  'error_handling',
  'configuration',
  'concurrency',
  'patterns',
  'dependencies',
  'tests',
  'limitations',
  'open_questions',
] as const;
export type AnalysisSectionName = (typeof ANALYSIS_SECTIONS)[number];

export interface AnalysisRequest {
  /** A definition, a file, a folder, or a question in words. */
  readonly target?: string;
  /** Instead of a target: files seen as one thing. */
  readonly files?: readonly FilePath[];
  /** Default: all. */
  readonly include?: readonly AnalysisSectionName[];
  /** Calls followed from what is analyzed, both ways; default 2, at most 5. */
  readonly depth?: number;
}

/** These lines, of a file that had these bytes. `unresolved`: what stands there is not known to lead anywhere. */
export interface Evidence {
  readonly path: FilePath;
  readonly start: number;
  readonly end: number;
  readonly hash: ContentHash;
  readonly resolution: Resolution | 'unresolved';
}

export interface Claim {
  /** A sentence. Names and code stand in back quotes. */
  readonly text: string;
  /** Never empty. */
  readonly evidence: readonly Evidence[];
}

export interface AnalysisSection {
  readonly name: AnalysisSectionName;
  readonly claims: readonly Claim[];
  /** Claims beyond the bound of a section. */
  readonly omitted: number;
}

/** What is analyzed; of a question also what else was found for it. */
export interface AnalysisSubject {
  /** Id of the graph of code, where it is in there. */
  readonly id?: string;
  readonly name: string;
  /** `module`: lines outside all definitions. */
  readonly kind: 'file' | GraphSymbolKind | SymbolKind;
  readonly path: FilePath;
  readonly start: number;
  readonly end: number;
  readonly hash: ContentHash;
  readonly language: LanguageId;
  /** Lines of its header, as on disk. */
  readonly head: string;
}

/** A check of the report before it leaves. `repaired`: it holds after something was made again or left out. */
export interface AnalysisGate {
  readonly name: 'evidence' | 'citations' | 'unresolved';
  readonly state: 'passed' | 'repaired' | 'failed';
  readonly checked: number;
  readonly dropped: number;
  readonly detail: string;
}

export interface AnalysisStep {
  readonly name: string;
  readonly ms: number;
  readonly outcome: string;
  readonly failed: boolean;
}

export type AnalysisRoute = 'symbol' | 'file' | 'files' | 'folder' | 'question';

export interface AnalysisReport {
  readonly route: AnalysisRoute;
  /** Of a question the first is analyzed; the others are places that fit it less, each once. */
  readonly subjects: readonly AnalysisSubject[];
  /** Other definitions that the target may mean. */
  readonly candidates: readonly { readonly id: string; readonly path: FilePath; readonly start: number }[];
  readonly sections: readonly AnalysisSection[];
  readonly gates: readonly AnalysisGate[];
  readonly steps: readonly AnalysisStep[];
  /** What holds for the whole report and has no line: languages that are not followed, bounds that were reached. */
  readonly notes: readonly string[];
}

export interface AnalysisAnswer extends AnalysisReport {
  readonly freshness: Freshness;
  readonly ms: number;
}
