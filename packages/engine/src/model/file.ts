/** Files of a workspace as the index sees them: identity, kind, and why some are left out. */

/** Workspace-relative path with `/` separators, never starting with `/` or containing `..`. */
export type FilePath = string;

/** Lower-case hex of the first 16 bytes of SHA-256 over a file's raw bytes. */
export type ContentHash = string;

/** Identifier of a language folder under `syntax/languages/`, e.g. `typescript`; `text` is the fallback by lines. */
export type LanguageId = string;

/** What a file is for. Derived from its path alone, so a moved file can change kind. */
export type FileKind = 'code' | 'test' | 'doc' | 'config' | 'data';

/** Properties that lower a file's rank unless the request asks for them. */
export type FileTrait = 'vendored' | 'generated' | 'declaration' | 'legacy' | 'changelog' | 'example';

/** Why a file under the root is not in the index. */
export type SkipReason =
  | 'ignored'
  | 'binary'
  | 'too_large'
  | 'minified'
  | 'generated'
  | 'secret'
  | 'symlink_outside'
  | 'symlink_loop'
  | 'special'
  | 'unreadable';

export interface SkippedFile {
  readonly path: FilePath;
  readonly reason: SkipReason;
  /** Of a file left out for its content: while its stamp reads like this it need not be read again. */
  readonly stamp?: string;
}

/**
 * What the file system says of a file without reading it. Two equal stamps mean equal bytes, except within
 * the clock's granularity: a file whose `mtimeNs` is not older than the moment it was read must be read again.
 */
export interface FileStamp {
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly inode: bigint;
}

export function sameStamp(a: FileStamp, b: FileStamp): boolean {
  return a.mtimeNs === b.mtimeNs && a.size === b.size && a.ctimeNs === b.ctimeNs && a.inode === b.inode;
}

/** A file found by the walk. */
export interface FileEntry {
  readonly path: FilePath;
  readonly stamp: FileStamp;
}
