/** Where files come from. The only door to the working tree: every path goes through `resolveInside`. */
import type { FileEntry, FilePath, FileStamp, SkippedFile } from '../model/file.ts';

export interface WalkResult {
  readonly files: readonly FileEntry[];
  /** Files left out by the walk itself: ignored are counted, not listed (they may be millions). */
  readonly skipped: readonly SkippedFile[];
  readonly ignoredCount: number;
}

/** A set of paths that may have changed. `all`: events were lost or too many; scan everything. */
export interface ChangeSet {
  readonly paths: ReadonlySet<FilePath>;
  readonly all: boolean;
}

export interface Watcher {
  /**
   * Takes what changed since the last call. Changes made before the call are in it, also ones whose events
   * the kernel has queued but the process has not read yet.
   */
  drain(): Promise<ChangeSet>;
  /** Calls back (coalesced, on the event loop) when there is something to drain. */
  onChange(listener: () => void): void;
  /** False until every folder is watched, or after the system refused (limit reached): scan instead. */
  readonly complete: boolean;
  close(): Promise<void>;
}

export interface Source {
  /** Absolute real path. */
  readonly root: string;
  walk(signal?: AbortSignal): Promise<WalkResult>;
  /** undefined: no such file, ignored, or not a regular file inside the root. */
  stamp(path: FilePath): FileStamp | undefined;
  /** Whether the walk would deliver this path now. */
  includes(path: FilePath): boolean;
  /** Bytes and the stamp they had; undefined when gone or unreadable. @throws PathError outside the root */
  read(path: FilePath): { readonly bytes: Uint8Array; readonly stamp: FileStamp } | undefined;
  watch(): Promise<Watcher>;
}
