/** Files that changed since the store's last publication, and how they become the next one. Must not know when. */
import type { EncodedSegment } from '../lexical/segment-format.ts';
import type { FilePath } from '../model/file.ts';
import {
  BlobGoneError,
  type NewSegment,
  type SegmentVectors,
  type Store,
  type WorkspaceId,
} from '../ports/store.ts';
import type { DerivedBlob, ReadFile } from './batch.ts';
import { manifestEntry, newBlob } from './index-workspace.ts';

export interface OverlayFile {
  readonly file: ReadFile;
  readonly blob: DerivedBlob;
  readonly segment: number;
}

export interface OverlaySegment {
  readonly encoded: EncodedSegment;
  readonly blobs: readonly DerivedBlob[];
  readonly vectors: SegmentVectors | undefined;
}

export interface Unpublished {
  readonly overlay: ReadonlyMap<FilePath, OverlayFile>;
  readonly segments: ReadonlyMap<number, OverlaySegment>;
  readonly deleted: ReadonlySet<FilePath>;
  /** Published bytes with a newer stamp; forgotten once they were tried. */
  readonly restamped: Map<FilePath, ReadFile>;
}

/** False: there was nothing to publish. What is published leaves the overlay when the reader follows the store. */
export async function publishOverlay(
  store: Store,
  workspace: WorkspaceId,
  { overlay, segments, deleted, restamped }: Unpublished,
): Promise<boolean> {
  if (overlay.size === 0 && deleted.size === 0 && restamped.size === 0) return false;
  const stamps = [...restamped.values()].map(manifestEntry);
  restamped.clear();
  const files = [...overlay.values()];
  const used = new Set(files.map((file) => file.segment));
  const upserts = files.map(({ file }) => manifestEntry(file));
  const change = {
    workspace,
    segments: [...used].map((id) => newSegment(segments.get(id) as OverlaySegment)),
    deletes: [...deleted],
  };
  try {
    await store.publish({ ...change, upserts: [...upserts, ...stamps] });
  } catch (error) {
    // Another process took the file's data away with its row; the stamp alone is worth nothing then.
    if (!(error instanceof BlobGoneError)) throw error;
    await store.publish({ ...change, upserts });
  }
  return true;
}

function newSegment({ encoded, blobs, vectors }: OverlaySegment): NewSegment {
  return { ...encoded, vectors, blobs: blobs.map(newBlob) };
}
