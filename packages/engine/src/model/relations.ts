/** Questions about the graph of code: who calls a definition, what it calls, where it is named, where it stands. */
import type { UnreadFile } from './call-graph.ts';
import type { GraphEdgeKind, GraphSymbol } from './code-graph.ts';
import type { ContentHash, FilePath, LanguageId } from './file.ts';
import type { Freshness, GrepHit } from './search.ts';

export const RELATIONS = ['callers', 'callees', 'references', 'definition'] as const;
export type Relation = (typeof RELATIONS)[number];

export interface RelationsRequest {
  readonly relation: Relation;
  /** An id, the end of one (`Store.publish`), a bare name, a file, or `path:line`. */
  readonly name: string;
  /** File or folder that holds the definition. */
  readonly path?: FilePath;
  /** All definitions of the name together; otherwise several are a question back. */
  readonly all?: boolean;
  /** Steps to follow for callers and callees; default 1, at most 10. */
  readonly depth?: number;
  /** Entries wanted; default 50. */
  readonly limit?: number;
  readonly offset?: number;
}

/**
 * One line that proves something. `unresolved`: a call whose callee could not be told and is named like the target, or, of callees, one
 * inside the target.
 */
export interface RelationItem {
  /** The id of the other end: who calls, what is called, what is defined. Of an unresolved call: the definition that holds it. */
  readonly symbol: string;
  /** The callee as written, of an unresolved call. */
  readonly callee?: string;
  /** The nearer end of the step, where that is not simply the target: at depths beyond 1, and of several definitions. */
  readonly via?: string;
  readonly depth: number;
  readonly kind: GraphEdgeKind | 'definition';
  /** `named`: the line holds the name of something that the graph does not follow. */
  readonly resolution: 'exact' | 'inferred' | 'named' | 'unresolved';
  /** What runs there came in as an argument: the line does not name it. */
  readonly isGiven?: boolean;
  readonly path: FilePath;
  readonly line: number;
  /** Of the file, when the line was read. */
  readonly hash: ContentHash;
  /** The line as it is on disk. */
  readonly text: string;
}

/** What the graph could see. */
export interface GraphCoverage {
  readonly symbols: number;
  /** A bound on work was reached: edges may be missing that nothing lists. */
  readonly isPartial: boolean;
  readonly languages: readonly LanguageId[];
  /** Code in languages that the graph does not read. */
  readonly uncovered: readonly { readonly language: LanguageId; readonly files: number }[];
  readonly unreadCount: number;
  /** Some of them. */
  readonly unread: readonly UnreadFile[];
}

/** Lines that hold the word in files the graph does not cover: mentions, not resolved. */
export interface Mentions {
  readonly word: string;
  readonly hits: readonly GrepHit[];
  readonly truncated: boolean;
}

export interface RelationsAnswer {
  readonly relation: Relation;
  /** `none`: no definition has the name. `several`: more than one has, and `all` was not asked. */
  readonly state: 'found' | 'several' | 'none';
  /** The definitions that the answer is about. */
  readonly targets: readonly GraphSymbol[];
  /** What else the name may mean: with `several` what to choose from, with `none` names that resemble it. At most 20. */
  readonly candidates: readonly GraphSymbol[];
  readonly candidateCount: number;
  /** Resolved ones in order of depth, path and line, then unresolved ones. */
  readonly items: readonly RelationItem[];
  /** Of the whole list. */
  readonly resolvedCount: number;
  readonly unresolvedCount: number;
  /** Files of the whole list, unresolved ones left out. */
  readonly fileCount: number;
  /** Lines of this page that no longer match, whose files could not be resolved anew in time. */
  readonly droppedCount: number;
  readonly nextOffset?: number;
  /** More was there to follow than is followed for one answer. */
  readonly isCut: boolean;
  readonly coverage: GraphCoverage;
  readonly mentions?: Mentions;
  /** What bears on trusting the answer. */
  readonly notes: readonly string[];
  readonly freshness: Freshness;
  readonly ms: number;
}
