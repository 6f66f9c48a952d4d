/** What the sections of "what belongs to this" read. All of it is given to them; they open nothing. */
import type { CommitIndex } from '../lexical/commit-index.ts';
import type { CodeGraph } from '../model/code-graph.ts';
import type { FilePath } from '../model/file.ts';
import type { RelatedEntry, RelatedSectionName } from '../model/related.ts';
import type { Grep } from '../ports/grep.ts';
import type { LineHistory, LineOrigins, LineSpan } from '../ports/line-history.ts';
import type { RelatedSource, SourceItem } from '../ports/related-source.ts';
import type { Source } from '../ports/source.ts';
import type { LocateIndex } from '../query/run-locate.ts';
import type { AskedTicket } from './ticket-references.ts';

export interface RelatedParts {
  readonly index: LocateIndex;
  readonly source: Source;
  readonly grep: Grep;
  readonly lines: LineHistory;
  readonly items: RelatedSource;
  /** Newest commits with their paths; undefined until they are read, and outside git. */
  commits(): CommitIndex | undefined;
  graph(signal?: AbortSignal): Promise<KnownGraph | NoGraph>;
}

export interface KnownGraph {
  readonly graph: CodeGraph;
  /** Files whose latest bytes are not in it. */
  readonly pendingCount: number;
}

/** It cannot be made, or not in time. */
export interface NoGraph {
  readonly graph: undefined;
  /** Why, and what to do, for whoever asks who calls something. */
  readonly why: string;
}

/** A file of the index, some of its lines, or a definition in it. */
export interface CodeTarget {
  readonly kind: 'file' | 'lines' | 'symbol';
  /** As it is shown: path, path and lines, or qualified name. */
  readonly name: string;
  readonly path: FilePath;
  readonly hash: string;
  readonly lines: readonly string[];
  readonly span: LineSpan;
  /** Names of the definition, qualified first; empty for a file. */
  readonly names: readonly string[];
}

export type Target =
  | CodeTarget
  | { readonly kind: 'ticket'; readonly name: string; readonly ticket: AskedTicket }
  | CommitTarget
  | { readonly kind: 'deleted_file'; readonly name: string; readonly path: FilePath; readonly note: string };

export interface CommitTarget {
  readonly kind: 'commit';
  /** The first digits of its hash. */
  readonly name: string;
  readonly item: SourceItem;
}

export const isCode = (target: Target): target is CodeTarget =>
  target.kind === 'file' || target.kind === 'lines' || target.kind === 'symbol';

/** What one question has found out so far, shared by its sections. */
export interface Question {
  readonly parts: RelatedParts;
  readonly target: Target;
  readonly since: number | undefined;
  readonly signal: AbortSignal | undefined;
  /** Where there is none, what does not need it answers all the same. */
  graph(): Promise<KnownGraph | NoGraph>;
  /** Origins of the target's lines; undefined outside git, and for what is no code. */
  origins(): Promise<LineOrigins | undefined>;
  /** Items that are about the target, with how many of its lines they made. */
  items(): Promise<readonly FoundItem[]>;
  /** Lines of documents that name the target. */
  mentions(): Promise<readonly Mention[]>;
}

export interface FoundItem {
  readonly item: SourceItem;
  /** Lines of the target that it made, in order; empty where it was found otherwise. */
  readonly made: readonly (LineSpan & { readonly path: FilePath; readonly isBoundary: boolean })[];
}

export interface Mention {
  readonly path: FilePath;
  readonly line: number;
  readonly text: string;
  readonly hash: string;
  /** What stands there, strongest first: the whole path, a qualified name, a name. */
  readonly strength: 3 | 2 | 1;
}

export type SectionMaker = (question: Question) => Promise<SectionDraft>;

export interface SectionDraft {
  readonly entries: readonly RelatedEntry[];
  readonly notes: readonly string[];
}

export type SectionMakers = Readonly<Record<RelatedSectionName, SectionMaker>>;
