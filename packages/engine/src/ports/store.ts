/**
 * Where derived data lives. One store per repository family (the worktrees that share a git directory).
 * The store is dumb: it keeps bytes by key and publishes atomically; meaning lives in `lexical/` and `indexing/`.
 * No method assumes local files or a transaction shared between calls, so that a distributed engine can follow.
 */
import type {
  ContentHash,
  FileKind,
  FilePath,
  FileStamp,
  FileTrait,
  LanguageId,
  SkippedFile,
} from '../model/file.ts';

export type SegmentId = number;
export type BlobId = number;
export type WorkspaceId = number;

/** Derived data hangs on this key: same bytes, same language, same pipeline give the same result. */
export interface BlobKey {
  readonly hash: ContentHash;
  readonly language: LanguageId;
  /** Names the version of parser, chunker, tokenizer and model that produced the data. */
  readonly fingerprint: string;
}

/** Where a blob's documents are: the `ordinal`-th blob of a segment. */
export interface BlobRecord {
  readonly id: BlobId;
  readonly hash: ContentHash;
  readonly language: LanguageId;
  readonly segment: SegmentId;
  readonly ordinal: number;
}

export interface NewBlob {
  readonly key: BlobKey;
  /** Encoded outline: symbols and chunks of the file. */
  readonly outline: Uint8Array;
}

/** Of what makes facts and of their bytes. Greater is newer; never 0. */
export type FactsVersion = number;

/** What a content says of the flow of values, made after it was published. No bytes: it was read, and says nothing. */
export interface BlobFacts {
  readonly blob: BlobId;
  readonly bytes: Uint8Array;
}

/** Vectors of a segment's documents, in document order, by the model that made them. The store does not read them. */
export interface SegmentVectors {
  readonly model: string;
  readonly bytes: Uint8Array;
}

/** An immutable segment of postings. */
export interface NewSegment {
  /** Header: document table and sparse term index; read whole when the segment is opened. */
  readonly header: Uint8Array;
  /** Posting pages, read one by one. */
  readonly pages: readonly Uint8Array[];
  /** Blobs in ordinal order. A blob that the store already has keeps its first place, unless `replace` is asked for. */
  readonly blobs: readonly NewBlob[];
  readonly vectors?: SegmentVectors | undefined;
}

/** A merge: one new segment holds the blobs `from` held (those still wanted), in ordinal order. */
export interface MergedSegment {
  readonly from: readonly SegmentId[];
  readonly header: Uint8Array;
  readonly pages: readonly Uint8Array[];
  /** Blobs of `from` left out are forgotten. Empty: `from` is removed and nothing takes its place. */
  readonly blobs: readonly BlobId[];
  /** One for each model that all of `from` have vectors of. */
  readonly vectors?: readonly SegmentVectors[];
}

export interface ManifestEntry {
  readonly path: FilePath;
  readonly blob: BlobKey;
  readonly stamp: FileStamp;
  readonly kind: FileKind;
  readonly traits: readonly FileTrait[];
}

export interface ManifestRow extends Omit<ManifestEntry, 'blob'> {
  readonly blob: BlobRecord;
}

/** Changes of a workspace since a generation; `full` when the reader must start anew. */
export interface ManifestDelta {
  readonly generation: number;
  readonly full: boolean;
  readonly upserts: readonly ManifestRow[];
  readonly deletes: readonly FilePath[];
  /** All live segments of the store, ascending. A merge changes places: see `moved`. */
  readonly segments: readonly SegmentId[];
  /**
   * New places of blobs whose segment was merged since, for rows the reader already has; also of blobs in `upserts`.
   * Empty when `full`.
   */
  readonly moved: readonly BlobRecord[];
}

/** Deletes are applied before upserts. */
export interface Publication {
  readonly workspace: WorkspaceId;
  readonly segments: readonly NewSegment[];
  readonly upserts: readonly ManifestEntry[];
  readonly deletes: readonly FilePath[];
  /** Replaces the workspace's list of skipped files when given. */
  readonly skipped?: readonly SkippedFile[];
  /** A rebuild: blobs brought along take the place of those the store has under their keys, in every workspace; their facts go. */
  readonly replace?: boolean;
  /** Small state saved in the same transaction (e.g. whether the build is complete). */
  readonly meta?: Readonly<Record<string, string>>;
}

export interface StoreStats {
  /** What the store occupies, with space freed but not yet given back. */
  readonly bytes: number;
  readonly segments: number;
  readonly blobs: number;
  readonly workspaces: number;
}

/** Thrown by reads of a segment that a merge has replaced: reload the manifest and ask again. */
export class SegmentGoneError extends Error {
  override readonly name = 'SegmentGoneError';
  readonly segment: SegmentId;
  constructor(segment: SegmentId) {
    super(`segment ${segment} was replaced by a merge`);
    this.segment = segment;
  }
}

/**
 * Derived data that the caller counted on is not, or no longer, in the store: a merge or `clear` left the blob out.
 * From a read: reload the manifest and ask again. From `publish`: index these files again and publish with their data.
 */
export class BlobGoneError extends Error {
  override readonly name = 'BlobGoneError';
  /** Hashes (from `publish`) or ids (from a read). */
  readonly blobs: readonly (ContentHash | BlobId)[];
  constructor(blobs: readonly (ContentHash | BlobId)[]) {
    super(`${blobs.length} blob(s) are not in the store`);
    this.blobs = blobs;
  }
}

/**
 * Any method may reject with a ConexusError: store_corrupt, store_full, store_busy or store_unwritable. After a
 * rejected write the previous generation still answers.
 */
export interface Store {
  /** Registers the root on first use. `root` is an absolute real path. */
  openWorkspace(root: string): Promise<WorkspaceId>;
  /**
   * Last published generation; cheap enough to ask before every query. Changes made by other processes count.
   * 0: never published. Grows, not by one: the numbers are shared by all workspaces of the store, and a merge or
   * a removal of segments raises it for all of them, because places change.
   */
  generation(workspace: WorkspaceId): Promise<number>;
  /** One consistent snapshot. `since` 0, or too old to tell what was deleted, gives the whole manifest (`full`). */
  readManifest(workspace: WorkspaceId, since: number): Promise<ManifestDelta>;
  readSkipped(workspace: WorkspaceId): Promise<readonly SkippedFile[]>;
  readMeta(workspace: WorkspaceId, key: string): Promise<string | undefined>;

  findBlobs(keys: readonly BlobKey[]): Promise<readonly (BlobRecord | undefined)[]>;
  /** In the order asked. @throws BlobGoneError */
  readOutlines(blobs: readonly BlobId[]): Promise<readonly Uint8Array[]>;
  /** In the order asked; undefined: this version's are not made yet. @throws BlobGoneError */
  readFacts(blobs: readonly BlobId[], version: FactsVersion): Promise<readonly (Uint8Array | undefined)[]>;
  /** Those of the blobs whose facts this version has not made yet, in the order asked. Reads no facts. */
  withoutFacts(blobs: readonly BlobId[], version: FactsVersion): Promise<readonly BlobId[]>;
  /**
   * All or nothing; blobs that are gone are left out. No generation is made. The first facts of a version take the place of all that older
   * ones made. False: nothing is written, because a newer one has made some.
   */
  writeFacts(facts: readonly BlobFacts[], version: FactsVersion): Promise<boolean>;
  /** @throws SegmentGoneError */
  readSegmentHeader(segment: SegmentId): Promise<Uint8Array>;
  /** @throws SegmentGoneError */
  readPages(segment: SegmentId, pages: readonly number[]): Promise<readonly Uint8Array[]>;

  /**
   * All or nothing; returns the new generation. Safe against other writers; waits for the write lease.
   * A segment none of whose blobs is new is not kept. @throws BlobGoneError
   */
  publish(publication: Publication): Promise<number>;
  /**
   * All or nothing; false when nothing was done because the caller's view is old: one of `from` is gone or lacks one of
   * `blobs` (another process merged first), or a manifest now names a blob that was to be left out.
   */
  merge(merged: MergedSegment): Promise<boolean>;
  /** The blobs whose place is in this segment, by ascending ordinal: what a merge chooses from. @throws SegmentGoneError */
  readSegmentBlobs(segment: SegmentId): Promise<readonly BlobRecord[]>;
  /** Ordinals whose document no manifest of any workspace names: what a merge may leave out. @throws SegmentGoneError */
  orphans(segment: SegmentId): Promise<readonly number[]>;

  /** undefined: this model has made none of this segment. @throws SegmentGoneError */
  readVectors(segment: SegmentId, model: string): Promise<Uint8Array | undefined>;
  /** Models that have vectors of the segment. */
  vectorModels(segment: SegmentId): Promise<readonly string[]>;
  /** All or nothing. Segments that a merge has replaced meanwhile are left out. No generation is made. */
  writeVectors(
    model: string,
    vectors: readonly { readonly segment: SegmentId; readonly bytes: Uint8Array }[],
  ): Promise<void>;
  /** Forgets what this model made, of all segments. */
  forgetVectors(model: string): Promise<void>;

  /** Bytes by name, for what is not a manifest: history index, adaptation. */
  readAsset(name: string): Promise<Uint8Array | undefined>;
  writeAsset(name: string, bytes: Uint8Array): Promise<void>;
  removeAsset(name: string): Promise<void>;

  /**
   * Forgets what was published for a workspace; data no workspace uses is removed. Its id stays valid: readers are
   * given an empty, full manifest, and it may be published to again.
   */
  clear(workspace: WorkspaceId): Promise<void>;
  stats(): Promise<StoreStats>;
  close(): Promise<void>;
}
