/** Exact and regular-expression search over the working tree by a linear-time engine. */
import type { FilePath } from '../model/file.ts';

export interface GrepQuery {
  readonly pattern: string;
  /** false: `pattern` is a literal string. */
  readonly regex: boolean;
  readonly ignoreCase?: boolean;
  readonly word?: boolean;
  /** Globs relative to the root; a leading `!` excludes. */
  readonly globs?: readonly string[];
  /** Whether matches of a file count; asked once a file. Lines of other files take nothing of `maxMatches`. */
  readonly accepts?: (path: FilePath) => boolean;
  readonly maxMatches: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface GrepMatch {
  readonly path: FilePath;
  readonly line: number;
  readonly text: string;
}

export interface GrepResult {
  readonly matches: readonly GrepMatch[];
  /** True when `maxMatches` or the deadline cut the list. */
  readonly truncated: boolean;
}

export interface Grep {
  /** @throws InvalidPatternError when the engine refuses the pattern */
  search(query: GrepQuery): Promise<GrepResult>;
}
