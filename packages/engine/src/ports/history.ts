/** Git history of a working tree: object-level plumbing only, ancestors of HEAD only, never file text. */
import type { FilePath } from '../model/file.ts';

export interface Commit {
  readonly hash: string;
  /** Seconds since 1970. */
  readonly time: number;
  readonly subject: string;
  readonly body: string;
  /** Paths relative to the workspace root; changes outside it are left out. */
  readonly paths: readonly FilePath[];
}

export interface RepositoryState {
  /** Absolute real path of the common git directory: the identity of the repository family. */
  readonly commonDir: string;
  readonly head: string | undefined;
  readonly branch: string | undefined;
}

export interface History {
  /** Hashes of commits that `commit` reaches and HEAD does not, at most `limit`; undefined where git cannot say. */
  unreached(commit: string, limit: number): Promise<readonly string[] | undefined>;
  /** undefined outside a git repository, or where git is not installed. */
  state(): Promise<RepositoryState | undefined>;
  /** Newest first, without merges; at most `limit`; stops at `until` (exclusive) when given. */
  commits(options: {
    readonly limit: number;
    readonly until?: string;
    readonly signal?: AbortSignal;
  }): AsyncIterable<Commit>;
}
