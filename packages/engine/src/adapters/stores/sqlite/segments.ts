/** Reads and writes of segments, pages and blobs, each with its checksum. Must not know manifests or generations. */
import { crc32 } from 'node:zlib';
import {
  BlobGoneError,
  type BlobId,
  type BlobKey,
  type BlobRecord,
  SegmentGoneError,
  type SegmentId,
} from '../../../ports/store.ts';
import { all, type Connection, get, readTransaction, run } from './connection.ts';
import { checked, corrupt } from './errors.ts';
import { OUTLINES, packReader } from './packs.ts';
import { PAGES_PER_SEGMENT } from './schema.ts';

/** Columns of a BlobRecord, in the order `toBlobRecord` takes them. */
export const BLOB_COLUMNS = 'b.id, b.hash, p.language, b.segment, b.ordinal';
export const BLOB_TABLES = 'blob b JOIN pipeline p ON p.id = b.pipeline';
export type BlobColumns = readonly [
  id: number,
  hash: string,
  language: string,
  segment: number,
  ordinal: number,
];

/** Row number of the header within a segment; posting page k is row k + 1. */
const HEADER = 0;

export function toBlobRecord(row: BlobColumns): BlobRecord {
  return { id: row[0], hash: row[1], language: row[2], segment: row[3], ordinal: row[4] };
}

export function findBlobs(c: Connection, keys: readonly BlobKey[]): readonly (BlobRecord | undefined)[] {
  const sql = `SELECT ${BLOB_COLUMNS} FROM ${BLOB_TABLES} WHERE b.hash = ? AND p.language = ? AND p.fingerprint = ?`;
  return readTransaction(c, () =>
    keys.map((key) => {
      const row = get<BlobColumns>(c, sql, key.hash, key.language, key.fingerprint);
      return row === undefined ? undefined : toBlobRecord(row);
    }),
  );
}

export function readOutlines(c: Connection, blobs: readonly BlobId[]): readonly Uint8Array[] {
  const found = readTransaction(c, () => blobs.map(packReader(c, OUTLINES)));
  const gone = blobs.filter((_, i) => found[i] === undefined);
  if (gone.some((blob) => get(c, 'SELECT 1 FROM blob WHERE id = ?', blob) !== undefined)) {
    throw corrupt(c.file, 'an outline is missing');
  }
  if (gone.length > 0) throw new BlobGoneError(gone);
  return found.filter((bytes) => bytes !== undefined);
}

export function readSegmentHeader(c: Connection, segment: SegmentId): Uint8Array {
  const [header] = readRows(c, segment, [HEADER]);
  if (header === undefined) throw corrupt(c.file, `segment ${segment} has no header`);
  return header;
}

export function readPages(
  c: Connection,
  segment: SegmentId,
  pages: readonly number[],
): readonly Uint8Array[] {
  const bad = pages.find((page) => !Number.isInteger(page) || page < 0 || page >= PAGES_PER_SEGMENT - 1);
  if (bad !== undefined) throw new RangeError(`segment ${segment} has no page ${bad}`);
  const numbers = pages.map((page) => page + 1);
  return readRows(c, segment, numbers);
}

function readRows(c: Connection, segment: SegmentId, numbers: readonly number[]): readonly Uint8Array[] {
  const base = segment * PAGES_PER_SEGMENT;
  return readTransaction(c, () =>
    numbers.map((number) => {
      const row = get<[number, Uint8Array]>(c, 'SELECT crc, bytes FROM page WHERE id = ?', base + number);
      if (row !== undefined) return checked(c, `page ${number} of segment ${segment}`, row[1], row[0]);
      throw missingRow(c, segment, number);
    }),
  );
}

function missingRow(c: Connection, segment: SegmentId, number: number): Error {
  const size = segmentSize(c, segment);
  if (size === undefined) return new SegmentGoneError(segment);
  if (number <= size.pages) return corrupt(c.file, `page ${number} of segment ${segment} is missing`);
  return new RangeError(`segment ${segment} has no page ${number - 1}`);
}

export function hasSegment(c: Connection, segment: SegmentId): boolean {
  return segmentSize(c, segment) !== undefined;
}

interface SegmentSize {
  readonly documents: number;
  readonly pages: number;
}

export function segmentSize(c: Connection, segment: SegmentId): SegmentSize | undefined {
  const row = get<[number, number]>(c, 'SELECT documents, pages FROM segment WHERE id = ?', segment);
  return row === undefined ? undefined : { documents: row[0], pages: row[1] };
}

export function readSegmentBlobs(c: Connection, segment: SegmentId): readonly BlobRecord[] {
  return readTransaction(c, () => {
    if (!hasSegment(c, segment)) throw new SegmentGoneError(segment);
    const sql = `SELECT ${BLOB_COLUMNS} FROM ${BLOB_TABLES} WHERE b.segment = ? ORDER BY b.ordinal`;
    return all<BlobColumns>(c, sql, segment).map(toBlobRecord);
  });
}

/** Within a write transaction. */
export function insertSegment(
  c: Connection,
  documents: number,
  header: Uint8Array,
  pages: readonly Uint8Array[],
): SegmentId {
  if (pages.length >= PAGES_PER_SEGMENT - 1)
    throw new RangeError(`a segment cannot have ${pages.length} pages`);
  const segment = run(c, 'INSERT INTO segment (documents, pages) VALUES (?, ?)', documents, pages.length);
  const base = segment * PAGES_PER_SEGMENT;
  const sql = 'INSERT INTO page (id, crc, bytes) VALUES (?, ?, ?)';
  run(c, sql, base + HEADER, crc32(header), header);
  for (const [k, page] of pages.entries()) run(c, sql, base + k + 1, crc32(page), page);
  return segment;
}

/** Within a write transaction. Its blobs must have moved or been removed before. */
export function removeSegment(c: Connection, segment: SegmentId): void {
  const base = segment * PAGES_PER_SEGMENT;
  run(c, 'DELETE FROM page WHERE id BETWEEN ? AND ?', base, base + PAGES_PER_SEGMENT - 1);
  run(c, 'DELETE FROM vector WHERE segment = ?', segment);
  run(c, 'DELETE FROM segment WHERE id = ?', segment);
}
