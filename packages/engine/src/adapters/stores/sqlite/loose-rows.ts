/**
 * Rows of a manifest that lie in its table because they changed since the others were packed: reading and writing them, and
 * when they are packed, too. Must not know blobs beyond their ids.
 */
import type { FileKind, FilePath, FileTrait } from '../../../model/file.ts';
import type { BlobId, ManifestEntry, WorkspaceId } from '../../../ports/store.ts';
import { all, allBigInts, type Connection, get, run } from './connection.ts';
import type { PackedFile } from './packed-files.ts';
import { type Change, pack, packedPaths } from './packed-manifest.ts';

/** A publication of so many changes goes into blocks at once: rows of their own would only be moved there later. */
export const PACK_AT_ONCE = 64;
/** Rows that may lie loose: they cost space, and time of whoever reads the whole manifest. */
const MAX_LOOSE = 512;

type RowColumns = readonly [
  path: string,
  blob: bigint | null,
  size: bigint,
  mtime: bigint,
  ctime: bigint,
  inode: bigint,
  kind: FileKind,
  traits: string,
  seq: bigint,
];
const ROWS = `SELECT path, blob, size, mtime, ctime, inode, kind, traits, seq FROM manifest
  WHERE workspace = ? AND seq > ?`;

/** Live rows changed after `since`. */
export function looseRows(c: Connection, workspace: WorkspaceId, since: number): PackedFile[] {
  return allBigInts<RowColumns>(c, `${ROWS} AND blob IS NOT NULL`, workspace, since).map(toRow);
}

function toRow([path, blob, size, mtimeNs, ctimeNs, inode, kind, traits]: RowColumns): PackedFile {
  return {
    path,
    blob: Number(blob),
    stamp: { size: Number(size), mtimeNs, ctimeNs, inode: BigInt.asUintN(64, inode) },
    kind,
    traits: traits === '' ? [] : (traits.split(',') as FileTrait[]),
  };
}

/** Paths whose rows in blocks no longer hold. */
export function loosePaths(c: Connection, workspace: WorkspaceId): FilePath[] {
  const sql = 'SELECT path FROM manifest WHERE workspace = ? AND packed = 0';
  return all<[string]>(c, sql, workspace).map(([path]) => path);
}

const UPSERT = `
INSERT INTO manifest (workspace, path, blob, size, mtime, ctime, inode, kind, traits, seq)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (workspace, path) DO UPDATE SET
  blob = excluded.blob, size = excluded.size, mtime = excluded.mtime, ctime = excluded.ctime,
  inode = excluded.inode, kind = excluded.kind, traits = excluded.traits, seq = excluded.seq, packed = 0`;

/** Within a write transaction. */
export function upsertLoose(
  c: Connection,
  workspace: WorkspaceId,
  entry: Omit<ManifestEntry, 'blob'>,
  blob: BlobId,
  sequence: number,
): void {
  const { size, mtimeNs, ctimeNs, inode } = entry.stamp;
  // Inodes may use all 64 bits; SQLite's integers are signed.
  const signedInode = BigInt.asIntN(64, inode);
  const traits = entry.traits.join(',');
  const stamp = [size, mtimeNs, ctimeNs, signedInode] as const;
  run(c, UPSERT, workspace, entry.path, blob, ...stamp, entry.kind, traits, sequence);
}

/** Within a write transaction: leaves a tombstone for each path that has a row. */
export function deletePaths(
  c: Connection,
  workspace: WorkspaceId,
  paths: readonly FilePath[],
  sequence: number,
): void {
  const unknown: FilePath[] = [];
  for (const path of paths) {
    const sql = 'SELECT blob IS NOT NULL FROM manifest WHERE workspace = ? AND path = ?';
    const isLive = get<[number]>(c, sql, workspace, path)?.[0];
    if (isLive === 1) bury(c, workspace, path, sequence);
    else if (isLive === undefined) unknown.push(path);
  }
  for (const path of packedPaths(c, workspace, unknown)) bury(c, workspace, path, sequence);
}

function bury(c: Connection, workspace: WorkspaceId, path: FilePath, sequence: number): void {
  const sql = `INSERT INTO manifest (workspace, path, blob, size, mtime, ctime, inode, kind, traits, seq)
    VALUES (?, ?, NULL, 0, 0, 0, 0, '', '', ?)
    ON CONFLICT (workspace, path) DO UPDATE SET blob = NULL, seq = excluded.seq, packed = 0`;
  run(c, sql, workspace, path, sequence);
}

/** Within a write transaction: puts loose rows into blocks, with these that were not written loose at all. */
export function packLoose(
  c: Connection,
  workspace: WorkspaceId,
  more: readonly PackedFile[] = [],
  sequence = 0,
): void {
  const changes = new Map<FilePath, Change>();
  for (const row of allBigInts<RowColumns>(c, `${ROWS} AND packed = 0`, workspace, 0)) {
    changes.set(row[0], { row: row[1] === null ? undefined : toRow(row), seq: Number(row[8]) });
  }
  for (const row of more) changes.set(row.path, { row, seq: sequence });
  pack(c, workspace, changes);
  run(c, 'DELETE FROM manifest WHERE workspace = ? AND blob IS NOT NULL', workspace);
  // Tombstones stay for readers, but those of paths that are back would hide them.
  const back = new Set(more.map(({ path }) => path));
  for (const [path] of all<[string]>(c, 'SELECT path FROM manifest WHERE workspace = ?', workspace)) {
    if (back.has(path)) run(c, 'DELETE FROM manifest WHERE workspace = ? AND path = ?', workspace, path);
  }
  run(c, 'UPDATE manifest SET packed = 1 WHERE workspace = ? AND packed = 0', workspace);
}

/** Within a write transaction. */
export function packIfMany(c: Connection, workspace: WorkspaceId): void {
  const sql = 'SELECT 1 FROM manifest WHERE workspace = ? AND packed = 0 LIMIT 1 OFFSET ?';
  if (get(c, sql, workspace, MAX_LOOSE) !== undefined) packLoose(c, workspace);
}

/** `floor` is the newest tombstone that is gone: a reader that has not seen it must start anew. */
export function pruneTombstones(c: Connection, workspace: WorkspaceId, sequence: number): void {
  const oldest = sequence - c.options.tombstoneWrites;
  const where = 'FROM manifest WHERE workspace = ? AND blob IS NULL AND seq <= ?';
  const floor = get<[number | null]>(c, `SELECT max(seq) ${where}`, workspace, oldest)?.[0];
  if (floor === null || floor === undefined) return;
  // What it masks must not come back.
  if (get(c, `SELECT 1 ${where} AND packed = 0`, workspace, oldest) !== undefined) packLoose(c, workspace);
  run(c, `DELETE ${where}`, workspace, oldest);
  run(c, 'UPDATE workspace SET floor = max(floor, ?) WHERE id = ?', floor, workspace);
}
