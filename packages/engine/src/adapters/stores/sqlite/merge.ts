/**
 * What rewrites places: merging segments, and forgetting a workspace. Both raise `state.places`, which raises the
 * generation of every workspace, so that readers learn the new places before they miss a segment.
 */
import {
  type BlobId,
  type MergedSegment,
  SegmentGoneError,
  type SegmentId,
  type WorkspaceId,
} from '../../../ports/store.ts';
import { all, type Connection, get, readTransaction, run } from './connection.ts';
import { removeManifest } from './manifest.ts';
import { packedBlobs } from './packed-manifest.ts';
import { FACTS, OUTLINES, removeValues } from './packs.ts';
import { nextSequence } from './publish.ts';
import { hasSegment, insertSegment, removeSegment, segmentSize } from './segments.ts';
import { insertVectors } from './vectors.ts';

/** Within a write transaction; false when the caller's view of the store is old. */
export function merge(c: Connection, merged: MergedSegment): boolean {
  const from = [...new Set(merged.from)];
  if (from.length === 0 || !from.every((segment) => hasSegment(c, segment))) return false;
  const kept = new Set(merged.blobs);
  const present = new Set(from.flatMap((segment) => blobsOf(c, segment)));
  if (kept.size !== merged.blobs.length || merged.blobs.some((blob) => !present.has(blob))) return false;
  const leftOut = [...present].filter((blob) => !kept.has(blob));
  const packed = leftOut.length > 0 ? packedBlobs(c) : new Set();
  if (leftOut.some((blob) => packed.has(blob) || isLoose(c, blob))) return false;

  const sequence = nextSequence(c);
  removeBlobs(c, leftOut);
  if (merged.blobs.length > 0) {
    const segment = insertSegment(c, merged.blobs.length, merged.header, merged.pages);
    for (const vectors of merged.vectors ?? []) insertVectors(c, segment, vectors);
    const sql = 'UPDATE blob SET segment = ?, ordinal = ?, moved = ? WHERE id = ?';
    for (const [ordinal, blob] of merged.blobs.entries()) run(c, sql, segment, ordinal, sequence, blob);
  }
  for (const segment of from) removeSegment(c, segment);
  run(c, 'UPDATE state SET places = ? WHERE id = 1', sequence);
  return true;
}

function blobsOf(c: Connection, segment: SegmentId): readonly BlobId[] {
  return all<[number]>(c, 'SELECT id FROM blob WHERE segment = ?', segment).map(([id]) => id);
}

function isLoose(c: Connection, blob: BlobId): boolean {
  return get(c, 'SELECT 1 FROM manifest WHERE blob = ? LIMIT 1', blob) !== undefined;
}

function removeBlobs(c: Connection, blobs: readonly BlobId[]): void {
  removeValues(c, OUTLINES, blobs);
  removeValues(c, FACTS, blobs);
  for (const blob of blobs) run(c, 'DELETE FROM blob WHERE id = ?', blob);
}

/**
 * Within a write transaction. Looks at every blob of the store: rare, and asked for by a person. A segment goes when
 * its last blob goes; one that still has some keeps the dead documents until a merge.
 */
export function clear(c: Connection, workspace: WorkspaceId): void {
  const sequence = nextSequence(c);
  removeManifest(c, workspace, sequence);
  const packed = packedBlobs(c);
  const loose = 'SELECT 1 FROM manifest m WHERE m.blob = b.id';
  const unnamed = all<[number]>(c, `SELECT id FROM blob b WHERE NOT EXISTS (${loose})`).map(([blob]) => blob);
  removeBlobs(
    c,
    unnamed.filter((blob) => !packed.has(blob)),
  );
  const empty = all<[number]>(
    c,
    'SELECT id FROM segment s WHERE NOT EXISTS (SELECT 1 FROM blob b WHERE b.segment = s.id)',
  );
  for (const [segment] of empty) removeSegment(c, segment);
  if (empty.length > 0) run(c, 'UPDATE state SET places = ? WHERE id = 1', sequence);
}

/** Ordinals whose document nobody wants; also those that never got a place because the store had the blob already. */
export function orphans(c: Connection, segment: SegmentId): readonly number[] {
  return readTransaction(c, () => {
    const size = segmentSize(c, segment);
    if (size === undefined) throw new SegmentGoneError(segment);
    const packed = packedBlobs(c);
    const sql = `SELECT id, ordinal, EXISTS (SELECT 1 FROM manifest m WHERE m.blob = b.id)
      FROM blob b WHERE segment = ?`;
    const placed = all<[number, number, number]>(c, sql, segment);
    const wanted = new Set(
      placed.filter(([id, , isLoose]) => isLoose === 1 || packed.has(id)).map(([, ordinal]) => ordinal),
    );
    return Array.from({ length: size.documents }, (_, ordinal) => ordinal).filter(
      (ordinal) => !wanted.has(ordinal),
    );
  });
}
