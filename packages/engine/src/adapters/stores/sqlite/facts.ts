/** Facts by blob, each with its checksum: made after the blob was published. Must not know what the bytes mean. */
import { crc32 } from 'node:zlib';
import { type BlobFacts, BlobGoneError, type BlobId } from '../../../ports/store.ts';
import { type Connection, get, readTransaction, run } from './connection.ts';
import { checked } from './segments.ts';

export function readFacts(c: Connection, blobs: readonly BlobId[]): readonly (Uint8Array | undefined)[] {
  const found = readTransaction(c, () =>
    blobs.map((blob) =>
      get<[number | null, Uint8Array | null]>(
        c,
        'SELECT f.crc, f.bytes FROM blob b LEFT JOIN facts f ON f.blob = b.id WHERE b.id = ?',
        blob,
      ),
    ),
  );
  const gone = blobs.filter((_, i) => found[i] === undefined);
  if (gone.length > 0) throw new BlobGoneError(gone);
  return found.map((row, i) =>
    !row || row[0] === null || row[1] === null ? undefined : checked(c, `facts ${blobs[i]}`, row[1], row[0]),
  );
}

/** The table's key says it: no facts are read. */
export function withoutFacts(c: Connection, blobs: readonly BlobId[]): readonly BlobId[] {
  return readTransaction(c, () =>
    blobs.filter((blob) => get(c, 'SELECT 1 FROM facts WHERE blob = ?', blob) === undefined),
  );
}

/** Within a write transaction. */
export function writeFacts(c: Connection, facts: readonly BlobFacts[]): void {
  const sql = `INSERT INTO facts (blob, crc, bytes) SELECT id, ?, ? FROM blob WHERE id = ?
    ON CONFLICT (blob) DO UPDATE SET crc = excluded.crc, bytes = excluded.bytes`;
  for (const { blob, bytes } of facts) run(c, sql, crc32(bytes), bytes, blob);
}
