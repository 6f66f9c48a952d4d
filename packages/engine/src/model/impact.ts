/** What depends on definitions, and how far that is known. */
import type { GraphEdgeKind, GraphSymbol } from './code-graph.ts';
import type { FilePath } from './file.ts';
import type { GraphCoverage, RelationItem } from './relations.ts';
import type { Freshness } from './search.ts';

export interface ImpactRequest {
  /** An id, the end of one, a bare name, a file, or `path:line`. Exactly one of `target` and `since`. */
  readonly target?: string;
  /** File or folder that holds the definition; with `since`: whose changes count. */
  readonly path?: FilePath;
  /** All definitions of the name together. */
  readonly all?: boolean;
  /** What was changed in the working tree since the work on it left this revision, e.g. `HEAD` or `main`. */
  readonly since?: string;
  /** Steps to follow; default 5, at most 10. */
  readonly depth?: number;
  /** Dependents wanted; default 50. */
  readonly limit?: number;
  readonly offset?: number;
}

/** A definition that depends on what changes, with the line that says so. */
export interface Dependent {
  readonly symbol: string;
  /** Kind of the last step: how it depends on the first of `through`. */
  readonly kind: GraphEdgeKind;
  /** Of the whole way: `exact` only when each step is, `named` when one is known by name alone. */
  readonly resolution: 'exact' | 'inferred' | 'named';
  readonly depth: number;
  /** From the one it depends on directly to the definition that changes. */
  readonly through: readonly string[];
  /** It runs what changes because that is handed to it: who calls it need not depend on the change, and is not followed. */
  readonly isGiven?: boolean;
  readonly isTest: boolean;
  readonly path: FilePath;
  readonly line: number;
  readonly hash: string;
  readonly text: string;
}

/** `graph`: it reaches the change. `name`: it is named after a changed file. `history`: it was changed together with one. */
export interface TestFile {
  readonly path: FilePath;
  readonly found: 'graph' | 'name' | 'history';
  /** Steps away; 0 for the change itself, undefined where the graph does not say. */
  readonly depth?: number;
  /** What it reaches or is named after. */
  readonly because: string;
}

export interface DependentFile {
  readonly path: FilePath;
  readonly depth: number;
  readonly symbols: number;
  readonly isTest: boolean;
}

/** A definition that code outside can name, and where it says so. */
export interface PublicName {
  readonly symbol: string;
  readonly because: string;
  /** It changes itself, or depends on what changes. */
  readonly isChanged: boolean;
}

/** A file that differs from the revision. Lines are those of the working tree. */
export interface ChangedFile {
  readonly path: FilePath;
  readonly change: 'added' | 'changed' | 'deleted' | 'moved';
  /** Of what was moved. */
  readonly from?: FilePath;
  readonly lines: number;
  readonly symbols: readonly string[];
  /** Definitions that were there and are not any more. */
  readonly deleted: readonly string[];
}

export interface ImpactAnswer {
  readonly state: 'found' | 'several' | 'none';
  /** What changes. */
  readonly targets: readonly GraphSymbol[];
  readonly candidates: readonly GraphSymbol[];
  readonly candidateCount: number;
  /** The commit compared with and what differs; of `since` only. */
  readonly compared?: { readonly commit: string; readonly subject: string };
  readonly changed: readonly ChangedFile[];
  readonly dependents: readonly Dependent[];
  readonly dependentCount: number;
  readonly directCount: number;
  readonly files: readonly DependentFile[];
  readonly fileCount: number;
  readonly tests: readonly TestFile[];
  readonly testCount: number;
  readonly publicNames: readonly PublicName[];
  readonly publicCount: number;
  /** Share of the steps that are exact, 0 to 1; undefined where there is none. */
  readonly exactShare?: number;
  /** Calls named like what changes, or like what was deleted, whose callee is not known: dependents may hide there. */
  readonly unresolved: readonly RelationItem[];
  readonly unresolvedCount: number;
  /** Calls named like a dependent whose callee is not known. */
  readonly furtherUnresolvedCount: number;
  readonly droppedCount: number;
  readonly nextOffset?: number;
  readonly isCut: boolean;
  readonly coverage: GraphCoverage;
  readonly notes: readonly string[];
  readonly freshness: Freshness;
  readonly ms: number;
}
