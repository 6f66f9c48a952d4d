/** Who calls whom in a workspace, with the line that proves it and what could not be resolved. */
import type { FilePath, SkipReason } from './file.ts';

/**
 * `exact`: one possible target. `inferred`: one of several, or found by the flow of values through calls, or by a declared
 * type. Sites without a target are listed apart.
 */
export type Resolution = 'exact' | 'inferred';

/**
 * `id`: the path without extension with `.` for `/` (a package is its folder, not its `__init__`), then the names of classes and
 * functions; top-level code is the module itself, a function without a name `<anonymous:LINE>`. Definitions that share an id are one node.
 */
export interface CallNode {
  readonly id: string;
  readonly name: string;
  readonly path: FilePath;
  readonly start: number;
  readonly end: number;
}

export interface CallEdge {
  readonly from: string;
  /** A node, or `<builtin>.name`, or `<external>.package.name`. */
  readonly to: string;
  readonly path: FilePath;
  readonly line: number;
  readonly resolution: Resolution;
}

export interface UnresolvedCall {
  readonly from: string;
  /** The callee as written. */
  readonly text: string;
  readonly path: FilePath;
  readonly line: number;
}

export interface CallGraph {
  readonly nodes: readonly CallNode[];
  readonly edges: readonly CallEdge[];
  readonly unresolved: readonly UnresolvedCall[];
  /** The bound on work was reached: edges may be missing that are not listed as unresolved. */
  readonly isPartial: boolean;
}

/** A file that could have calls and whose calls are not in the graph, or not all. */
export interface UnreadFile {
  readonly path: FilePath;
  readonly reason: SkipReason | 'not_parsed' | 'syntax_errors';
}

export interface CallGraphReport extends CallGraph {
  readonly files: number;
  readonly unread: readonly UnreadFile[];
}
