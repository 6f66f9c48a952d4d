/** The graph of a workspace's code at one generation: definitions, and edges between them that a line proves. */
import type { Resolution, UnreadFile, UnresolvedCall } from './call-graph.ts';
import type { ContentHash, FileKind, FilePath, LanguageId } from './file.ts';
import type { SymbolKind } from './parsed-file.ts';

export type GraphSymbolKind = 'module' | 'class' | 'interface' | 'function' | 'method';

/**
 * Ids are those of `CallNode`. What the outline of a file knows and the graph does not (a variable, a constant, a field, a macro, or
 * anything in a language that the graph does not read) has the kind that the outline says, and is never one of a graph's own.
 */
export interface GraphSymbol {
  readonly id: string;
  readonly name: string;
  readonly kind: GraphSymbolKind | SymbolKind;
  readonly path: FilePath;
  readonly start: number;
  readonly end: number;
  /** Of the file these lines were read from. */
  readonly hash: ContentHash;
  readonly language: LanguageId;
  readonly fileKind: FileKind;
  /** Code outside the repository can name it, as far as its own modifiers, its name and its file say. */
  readonly isExported: boolean;
}

/**
 * `calls`: at this line the target may run. `imports`: a module names another, or a definition of it. `inherits`: a class extends or
 * implements another. `overrides`: a method takes the place of one of a base. `uses`: the target is named at this line without being
 * called: passed on, stored, used as a type.
 */
export const GRAPH_EDGE_KINDS = ['calls', 'imports', 'inherits', 'overrides', 'uses'] as const;
export type GraphEdgeKind = (typeof GRAPH_EDGE_KINDS)[number];

export interface GraphEdge {
  readonly kind: GraphEdgeKind;
  /** The definition that holds the line. */
  readonly from: string;
  /** A symbol, or `<builtin>.name`, or `<external>.package.name`. */
  readonly to: string;
  readonly path: FilePath;
  readonly line: number;
  /** Of the file that holds the line. */
  readonly hash: ContentHash;
  readonly resolution: Resolution;
  /** Of a call: it runs what came in as an argument, and is not named there. */
  readonly given?: GivenBy;
  /** The line holds the name, and nothing more is known; never of a graph's own edge. */
  readonly isNamed?: boolean;
  /** With `isNamed`, or of a line found by name: `to` is the first of several that it may mean. */
  readonly isAmbiguous?: boolean;
}

/**
 * Where a function came in that is called: in a parameter of the one that calls it (`own`); in one of a function around that, which then has made
 * the caller to stand for it (`around`): `wrap = (f) => () => f()`; in one of another function of the file, which put it into a field (`kept`).
 */
export type GivenBy = 'own' | 'around' | 'kept';

/** A call whose callee is not known. */
export interface UnresolvedSite extends UnresolvedCall {
  readonly hash: ContentHash;
}

/** Read-only; one generation. Lists are in order of path and line; each lookup costs what it returns. */
export interface CodeGraph {
  /** Of the index when it was first shown; later ones of the same code have the same graph. */
  readonly generation: number;
  /** The bound on work was reached: edges may be missing that are not listed as unresolved. */
  readonly isPartial: boolean;
  /** Files whose code is not in the graph, or not all of it, and why. */
  readonly unread: readonly UnreadFile[];
  readonly symbolCount: number;
  symbol(id: string): GraphSymbol | undefined;
  /**
   * Definitions that a person may mean: an id, the end of one (`Store.publish`, `Store#publish`, `Store::publish`), or a bare name, best first: exact id,
   * then whole-suffix, then letter case aside; sources before tests. `path` (a file or folder) narrows.
   */
  find(name: string, path?: FilePath): readonly GraphSymbol[];
  /** Definitions of a file in order of lines, the module first. */
  inFile(path: FilePath): readonly GraphSymbol[];
  /** The first of `inFile`, without making the others. */
  firstIn(path: FilePath): GraphSymbol | undefined;
  /** The innermost definition that holds the line; the module where no other does. */
  at(path: FilePath, line: number): GraphSymbol | undefined;
  incoming(id: string, kind?: GraphEdgeKind): readonly GraphEdge[];
  outgoing(id: string, kind?: GraphEdgeKind): readonly GraphEdge[];
  /** Sites inside the definition, its nested functions left out. */
  unresolvedIn(id: string): readonly UnresolvedSite[];
  /** Sites whose callee ends in this bare name: callers that may have been missed. */
  unresolvedNamed(name: string): readonly UnresolvedSite[];
}
