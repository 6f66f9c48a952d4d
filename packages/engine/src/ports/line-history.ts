/** Which commits made the lines of a file as it is now. Object-level git only, ancestors of HEAD only. */
import type { FilePath } from '../model/file.ts';

/** Counted from 1, both ends included. */
export interface LineSpan {
  readonly start: number;
  readonly end: number;
}

export interface LineOrigin extends LineSpan {
  readonly commit: string;
  /** Of the file when the commit was made, relative to the root. */
  readonly path: FilePath;
  /** Line of `start` in the file of that commit. */
  readonly line: number;
  /** The clone has no older commits here: the lines may be older than this one. */
  readonly isBoundary: boolean;
}

/**
 * `too_large`: a version of the file is beyond what is compared. `limit`: the bound on work was reached. `submodule`: the file
 * is of another repository, of which HEAD names a commit alone.
 */
export type UnknownOrigin = 'limit' | 'too_large' | 'unreadable' | 'submodule';

/** Each line asked for is in one of the three lists; each list is in order of lines. */
export interface LineOrigins {
  readonly head: string;
  readonly origins: readonly LineOrigin[];
  /** Not in HEAD's version of the file. */
  readonly uncommitted: readonly LineSpan[];
  readonly unknown: readonly (LineSpan & { readonly reason: UnknownOrigin })[];
  /** Versions of the file that were compared. */
  readonly versions: number;
}

export interface LineQuestion {
  /** Relative to the root. */
  readonly path: FilePath;
  /** The file as it is now. */
  readonly bytes: Uint8Array;
  readonly spans: readonly LineSpan[];
  readonly signal?: AbortSignal | undefined;
}

export interface LineHistory {
  /** undefined outside a repository, without git, and before the first commit. @throws ConexusError cancelled */
  origins(question: LineQuestion): Promise<LineOrigins | undefined>;
}
