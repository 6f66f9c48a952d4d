/**
 * Manifests in blocks: most rows of a workspace lie packed in `block` (stamps) and `listing` (the rest, shared by content
 * between workspaces); rows changed since lie in `manifest`, which masks them. Must not know what a publication is.
 *
 * Whatever a block names counts as wanted, also a row that `manifest` masks: what it frees is freed when it is packed.
 */
import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { FilePath } from '../../../model/file.ts';
import type { BlobId, WorkspaceId } from '../../../ports/store.ts';
import { all, type Connection, get, run } from './connection.ts';
import { checked, corrupt } from './errors.ts';
import {
  blobsOfListing,
  cutRows,
  decodeFiles,
  encodeListing,
  encodeStamps,
  type PackedFile,
  pathsOfListing,
} from './packed-files.ts';

/** A row to put into blocks, or a path to take out, with the sequence of its change. */
export interface Change {
  readonly row: PackedFile | undefined;
  readonly seq: number;
}

interface Block {
  readonly id: number;
  /** Path of its first row, or one before it. */
  readonly first: FilePath;
  readonly listing: number;
  /** Sequence of the last change of any of its rows. */
  readonly seq: number;
}

function blocksOf(c: Connection, workspace: WorkspaceId): Block[] {
  const sql = 'SELECT id, first, listing, seq FROM block WHERE workspace = ?';
  return all<[number, string, number, number]>(c, sql, workspace)
    .map(([id, first, listing, seq]) => ({ id, first, listing, seq }))
    .sort((a, b) => (a.first < b.first ? -1 : 1));
}

/** Rows of the blocks with a change after `since`, in path order. */
export function packedRows(c: Connection, workspace: WorkspaceId, since: number): PackedFile[] {
  return blocksOf(c, workspace)
    .filter((block) => block.seq > since)
    .flatMap((block) => rowsOf(c, block));
}

function rowsOf(c: Connection, block: Block): PackedFile[] {
  const row = get<[number, Uint8Array]>(c, 'SELECT crc, stamps FROM block WHERE id = ?', block.id);
  if (row === undefined) throw corrupt(c.file, 'a part of a manifest is missing');
  const stamps = checked(c, 'a part of a manifest', row[1], row[0]);
  return decoded(c, () => decodeFiles(listingBytes(c, block.listing), stamps));
}

function listingBytes(c: Connection, listing: number): Uint8Array {
  const row = get<[number, Uint8Array]>(c, 'SELECT crc, bytes FROM listing WHERE id = ?', listing);
  if (row === undefined) throw corrupt(c.file, 'a list of files is missing');
  return checked(c, 'a list of files', row[1], row[0]);
}

/** Bytes with the right checksum that do not decode were written by something else. */
function decoded<T>(c: Connection, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    throw error instanceof RangeError ? corrupt(c.file, 'a list of files is damaged', error) : error;
  }
}

/** Which of these paths some block has, masked or not. */
export function packedPaths(
  c: Connection,
  workspace: WorkspaceId,
  paths: Iterable<FilePath>,
): ReadonlySet<FilePath> {
  const blocks = blocksOf(c, workspace);
  const found = new Set<FilePath>();
  for (const [at, wanted] of byBlock(blocks, paths)) {
    const block = blocks[at];
    if (!block) continue;
    const known = new Set(decoded(c, () => pathsOfListing(listingBytes(c, block.listing))));
    for (const path of wanted) if (known.has(path)) found.add(path);
  }
  return found;
}

/** Within a write transaction. Cost follows the number of blocks that the changes fall into. */
export function pack(c: Connection, workspace: WorkspaceId, changes: ReadonlyMap<FilePath, Change>): void {
  const blocks = blocksOf(c, workspace);
  for (const [at, paths] of byBlock(blocks, changes.keys())) {
    const block = blocks[at];
    const rows = new Map((block ? rowsOf(c, block) : []).map((row) => [row.path, row]));
    let seq = block?.seq ?? 0;
    for (const path of paths) {
      const change = changes.get(path) as Change;
      seq = Math.max(seq, change.seq);
      if (change.row) rows.set(path, change.row);
      else rows.delete(path);
    }
    const sorted = [...rows.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    for (const piece of cutRows(sorted)) insertBlock(c, workspace, piece, seq);
    if (block) removeBlock(c, block);
  }
}

/** Position of the block that a path belongs to (0 where there is none yet) -> its paths. */
function byBlock(blocks: readonly Block[], paths: Iterable<FilePath>): Map<number, FilePath[]> {
  const groups = new Map<number, FilePath[]>();
  for (const path of paths) {
    let low = 0;
    let high = blocks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((blocks[middle] as Block).first <= path) low = middle + 1;
      else high = middle;
    }
    const at = Math.max(0, low - 1);
    const group = groups.get(at);
    if (group) group.push(path);
    else groups.set(at, [path]);
  }
  return groups;
}

function insertBlock(c: Connection, workspace: WorkspaceId, rows: readonly PackedFile[], seq: number): void {
  const stamps = encodeStamps(rows);
  const values = [
    workspace,
    rows[0]?.path ?? '',
    listingId(c, encodeListing(rows)),
    seq,
    crc32(stamps),
  ] as const;
  const sql = 'INSERT INTO block (workspace, first, listing, seq, crc, stamps) VALUES (?, ?, ?, ?, ?, ?)';
  run(c, sql, ...values, stamps);
}

/** The listing with these bytes; a new one when no workspace has it. */
function listingId(c: Connection, bytes: Uint8Array): number {
  const name = hash('sha256', bytes, 'buffer').subarray(0, 16);
  const known = get<[number]>(c, 'SELECT id FROM listing WHERE hash = ?', name)?.[0];
  if (known !== undefined) return known;
  return run(c, 'INSERT INTO listing (hash, crc, bytes) VALUES (?, ?, ?)', name, crc32(bytes), bytes);
}

function removeBlock(c: Connection, { id, listing }: Block): void {
  run(c, 'DELETE FROM block WHERE id = ?', id);
  const isUsed = get(c, 'SELECT 1 FROM block WHERE listing = ? LIMIT 1', listing) !== undefined;
  if (!isUsed) run(c, 'DELETE FROM listing WHERE id = ?', listing);
}

/** Within a write transaction. */
export function removeBlocks(c: Connection, workspace: WorkspaceId): void {
  for (const block of blocksOf(c, workspace)) removeBlock(c, block);
}

interface NamedBlobs {
  readonly byListing: ReadonlyMap<number, readonly BlobId[]>;
  readonly all: ReadonlySet<BlobId>;
}

/** Kept by connection: a listing never changes, and its id is not given to another. */
const named = new WeakMap<Connection, NamedBlobs>();

function namedBlobs(c: Connection): NamedBlobs {
  const before = named.get(c);
  const ids = all<[number]>(c, 'SELECT id FROM listing').map(([id]) => id);
  if (before && ids.length === before.byListing.size && ids.every((id) => before.byListing.has(id)))
    return before;
  const read = (id: number) => decoded(c, () => blobsOfListing(listingBytes(c, id)));
  const byListing = new Map(ids.map((id) => [id, before?.byListing.get(id) ?? read(id)]));
  const now = { byListing, all: new Set([...byListing.values()].flat()) };
  named.set(c, now);
  return now;
}

/** Blobs that blocks name: of this workspace, or of any. Never within a publication, whose listings may not come to be. */
export function packedBlobs(c: Connection, workspace?: WorkspaceId): ReadonlySet<BlobId> {
  const { byListing, all: everywhere } = namedBlobs(c);
  if (workspace === undefined) return everywhere;
  return new Set(blocksOf(c, workspace).flatMap(({ listing }) => byListing.get(listing) ?? []));
}
