/** How the working tree differs from a commit that HEAD has behind it. Object-level git only; files as they are, no filter. */
import type { FilePath } from '../model/file.ts';

/** Lines `oldStart` and following gave way to lines `newStart` and following; counted from 1. A count may be 0. */
export interface Hunk {
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
}

export interface FileChange {
  readonly path: FilePath;
  /** `moved`: the bytes of a file that is gone, under another path. */
  readonly change: 'added' | 'changed' | 'deleted' | 'moved';
  readonly from?: FilePath;
  /** Bytes at the commit; undefined for what was added, and where the clone lacks them. */
  readonly old?: Uint8Array;
  readonly hunks: readonly Hunk[];
}

export interface ChangesSince {
  readonly commit: string;
  readonly subject: string;
  readonly files: readonly FileChange[];
  /** Files whose bytes at the commit this clone lacks, or that are too large to compare. */
  readonly uncompared: readonly FilePath[];
}

export interface ChangesRequest {
  /** As a person names it: `HEAD`, `main`, `HEAD~3`, a hash. */
  readonly revision: string;
  /** Files of the working tree that count. */
  readonly paths: readonly FilePath[];
  read(path: FilePath): Uint8Array | undefined;
  /** Whether a file of the commit that is not among `paths` counts: others were never indexed. */
  counts(path: FilePath): boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface Changes {
  /**
   * Against the commit where HEAD and the revision parted, which is the revision itself when HEAD has it behind it.
   * @throws ConexusError no_history, invalid_argument, cancelled
   */
  since(request: ChangesRequest): Promise<ChangesSince>;
}
