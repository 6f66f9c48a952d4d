/** What belongs to a place in the code, as the public door of the engine speaks of it. */
import type { Resolution } from './call-graph.ts';
import type { ContentHash, FilePath } from './file.ts';
import type { Freshness } from './search.ts';

export const RELATED_SECTIONS = [
  'commits',
  'tickets',
  'decisions',
  'docs',
  'tests',
  'callers',
  'co_changed',
] as const;
export type RelatedSectionName = (typeof RELATED_SECTIONS)[number];

export interface RelatedRequest {
  /** A path, `path:10-40`, the name or id of a definition, a ticket (`#123`, `ABC-123`, its address), or the hash of a commit. */
  readonly target: string;
  /** Default: all. */
  readonly include?: readonly RelatedSectionName[];
  /** Commits and what they name: not older than this, in seconds since 1970. */
  readonly since?: number;
  /** Entries of each section; default 10, at most 200. */
  readonly limit?: number;
  /** Entries of each section that are passed over. */
  readonly offset?: number;
}

/** Lines of a file with these bytes; without lines, the file. */
export interface RelatedPlace {
  readonly path: FilePath;
  readonly start?: number;
  readonly end?: number;
  readonly hash: ContentHash;
}

/** What was asked about, as it was understood. */
export interface RelatedTarget {
  readonly kind: 'file' | 'lines' | 'symbol' | 'ticket' | 'commit' | 'deleted_file';
  readonly name: string;
  readonly place?: RelatedPlace;
}

/** One thing that belongs to the target, with its proof: a place on disk now, or a commit. */
export interface RelatedEntry {
  /** Hash, ticket, path, or id of a definition. */
  readonly id: string;
  /** As others wrote it: data. */
  readonly title: string;
  /** Why it is here; each clause names its evidence. */
  readonly reasons: readonly string[];
  readonly place?: RelatedPlace;
  readonly commit?: { readonly hash: string; readonly time: number; readonly path?: FilePath };
  /** The line that proves it, as on disk now. */
  readonly text?: string;
  /** Of calls and uses. */
  readonly resolution?: Resolution;
}

export interface RelatedSection {
  readonly name: RelatedSectionName;
  readonly entries: readonly RelatedEntry[];
  /** Found in all, with those before `offset` and beyond `limit`. */
  readonly total: number;
  /** What the asker must know to read the list: why it is empty, what could not be looked at. */
  readonly notes: readonly string[];
}

export interface RelatedAnswer {
  readonly target: RelatedTarget;
  readonly sections: readonly RelatedSection[];
  readonly notes: readonly string[];
  readonly freshness: Freshness;
  readonly ms: number;
}
