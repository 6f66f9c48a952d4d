/** Compares the walk with the manifest: which files to read, which to forget. Reads nothing. */
import { type FileEntry, type FilePath, type FileStamp, type SkippedFile, sameStamp } from '../model/file.ts';
import { skipByPath } from '../model/skip-rules.ts';
import { stampText } from './batch.ts';

export interface WorkPlan {
  /** Files whose stamp differs from the manifest's, in walk order. */
  readonly changed: readonly FileEntry[];
  readonly removed: readonly FilePath[];
  readonly skipped: readonly SkippedFile[];
  readonly unchanged: number;
}

export interface Known {
  /** Of the files in the manifest. */
  readonly stamps: ReadonlyMap<FilePath, FileStamp>;
  /** What an earlier run left out for its content. */
  readonly skipped: readonly SkippedFile[];
}

/** `all`: read every file again. */
export function planWork(
  entries: readonly FileEntry[],
  known: Known,
  maxFileBytes: number,
  all = false,
): WorkPlan {
  const changed: FileEntry[] = [];
  const skipped: SkippedFile[] = [];
  const kept = new Set<FilePath>();
  const leftOut = new Map(
    known.skipped.filter(({ stamp }) => stamp !== undefined).map((file) => [file.path, file]),
  );
  let unchanged = 0;
  for (const entry of entries) {
    const reason = skipByPath(entry.path, entry.stamp.size, maxFileBytes);
    if (reason) {
      skipped.push({ path: entry.path, reason });
      continue;
    }
    const seen = all ? undefined : leftOut.get(entry.path);
    if (seen && seen.stamp === stampText(entry.stamp)) {
      skipped.push(seen);
      continue;
    }
    kept.add(entry.path);
    const before = known.stamps.get(entry.path);
    if (!all && before && sameStamp(before, entry.stamp)) unchanged++;
    else changed.push(entry);
  }
  const removed = [...known.stamps.keys()].filter((path) => !kept.has(path));
  return { changed, removed, skipped, unchanged };
}

/** Cuts files into batches of about `bytes` bytes and at most `files` files. */
export function batchesOf(entries: readonly FileEntry[], bytes: number, files: number): FileEntry[][] {
  const batches: FileEntry[][] = [];
  let batch: FileEntry[] = [];
  let size = 0;
  for (const entry of entries) {
    batch.push(entry);
    size += entry.stamp.size;
    if (size >= bytes || batch.length >= files) {
      batches.push(batch);
      batch = [];
      size = 0;
    }
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
