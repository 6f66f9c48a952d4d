/** Reads and writes of vectors, each with its checksum. Must not know what the bytes mean. */
import { crc32 } from 'node:zlib';
import { SegmentGoneError, type SegmentId, type SegmentVectors } from '../../../ports/store.ts';
import { all, type Connection, get, readTransaction, run } from './connection.ts';
import { checked } from './errors.ts';
import { hasSegment } from './segments.ts';

export function readVectors(c: Connection, segment: SegmentId, model: string): Uint8Array | undefined {
  return readTransaction(c, () => {
    const sql = 'SELECT crc, bytes FROM vector WHERE segment = ? AND model = ?';
    const row = get<[number, Uint8Array]>(c, sql, segment, model);
    if (row !== undefined) return checked(c, `vectors of segment ${segment}`, row[1], row[0]);
    if (!hasSegment(c, segment)) throw new SegmentGoneError(segment);
    return undefined;
  });
}

export function vectorModels(c: Connection, segment: SegmentId): readonly string[] {
  const sql = 'SELECT model FROM vector WHERE segment = ? ORDER BY model';
  return readTransaction(c, () => all<[string]>(c, sql, segment).map(([model]) => model));
}

/** Within a write transaction. */
export function insertVectors(c: Connection, segment: SegmentId, { model, bytes }: SegmentVectors): void {
  const sql = `INSERT INTO vector (segment, model, crc, bytes) VALUES (?, ?, ?, ?)
    ON CONFLICT (segment, model) DO UPDATE SET crc = excluded.crc, bytes = excluded.bytes`;
  run(c, sql, segment, model, crc32(bytes), bytes);
}

/** Within a write transaction. */
export function writeVectors(
  c: Connection,
  model: string,
  vectors: readonly { readonly segment: SegmentId; readonly bytes: Uint8Array }[],
): void {
  for (const { segment, bytes } of vectors)
    if (hasSegment(c, segment)) insertVectors(c, segment, { model, bytes });
}

/** Within a write transaction. */
export function forgetVectors(c: Connection, model: string): void {
  run(c, 'DELETE FROM vector WHERE model = ?', model);
}
