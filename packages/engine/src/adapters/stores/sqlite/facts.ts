/**
 * Facts by blob, made after the blob was published. Those that are written together are compressed together, in packs: one by one
 * they take half as much again. A pack goes when its last blob has gone. Must not know what the bytes mean.
 */
import { promisify } from 'node:util';
import { constants, crc32, zstdCompress, zstdDecompressSync } from 'node:zlib';
import { type BlobFacts, BlobGoneError, type BlobId } from '../../../ports/store.ts';
import { type Connection, get, readTransaction, run } from './connection.ts';
import { corrupt } from './errors.ts';
import { checked } from './segments.ts';

/** A pack is read whole for any of its blobs, and those of a workspace are read together. */
const PACK_BYTES = 512 << 10;
const compress = promisify(zstdCompress);
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 9 } };

type Row = readonly [blob: number, pack: number | null, start: number | null, length: number | null];

export function readFacts(c: Connection, blobs: readonly BlobId[]): readonly (Uint8Array | undefined)[] {
  return readTransaction(c, () => {
    const sql = `SELECT b.id, f.pack, f.start, f.length FROM blob b LEFT JOIN facts f ON f.blob = b.id WHERE b.id = ?`;
    const rows = blobs.map((blob) => get<Row>(c, sql, blob));
    const gone = blobs.filter((_, i) => rows[i] === undefined);
    if (gone.length > 0) throw new BlobGoneError(gone);
    const packs = new Map<number, Uint8Array>();
    return rows.map((row) => factsOf(c, row as Row, packs));
  });
}

function factsOf(c: Connection, row: Row, packs: Map<number, Uint8Array>): Uint8Array | undefined {
  const [blob, pack, start, length] = row;
  if (start === null || length === null) return undefined;
  if (pack === null) return new Uint8Array();
  let bytes = packs.get(pack);
  if (!bytes) packs.set(pack, (bytes = readPack(c, pack)));
  if (start + length > bytes.length) throw corrupt(c.file, `facts ${blob} run past their pack`);
  // A copy: it may be moved to a thread.
  return Uint8Array.prototype.slice.call(bytes, start, start + length);
}

function readPack(c: Connection, pack: number): Uint8Array {
  const row = get<[number, number, Uint8Array]>(
    c,
    'SELECT length, crc, bytes FROM facts_pack WHERE id = ?',
    pack,
  );
  if (row === undefined) throw corrupt(c.file, `pack ${pack} of facts is missing`);
  const packed = checked(c, `pack ${pack} of facts`, row[2], row[1]);
  try {
    return zstdDecompressSync(packed, { maxOutputLength: row[0] });
  } catch (error) {
    throw corrupt(c.file, `pack ${pack} of facts is damaged`, error);
  }
}

/** The table's key says it: no facts are read. */
export function withoutFacts(c: Connection, blobs: readonly BlobId[]): readonly BlobId[] {
  return readTransaction(c, () =>
    blobs.filter((blob) => get(c, 'SELECT 1 FROM facts WHERE blob = ?', blob) === undefined),
  );
}

/** Facts of several blobs, ready to be written. */
export interface FactsPack {
  readonly facts: readonly BlobFacts[];
  readonly length: number;
  /** Compressed; undefined where all of them are empty. */
  readonly bytes: Uint8Array | undefined;
}

/** Before the transaction: it takes milliseconds. */
export async function packFacts(facts: readonly BlobFacts[]): Promise<readonly FactsPack[]> {
  const groups: BlobFacts[][] = [];
  let length = PACK_BYTES;
  for (const one of facts) {
    if (length >= PACK_BYTES) {
      groups.push([]);
      length = 0;
    }
    groups.at(-1)?.push(one);
    length += one.bytes.length;
  }
  return Promise.all(
    groups.map(async (group) => {
      const whole = Buffer.concat(group.map(({ bytes }) => bytes));
      const bytes = whole.length === 0 ? undefined : await compress(whole, LEVEL);
      return { facts: group, length: whole.length, bytes };
    }),
  );
}

/** Within a write transaction. Blobs that are gone are left out. */
export function writeFacts(c: Connection, packs: readonly FactsPack[]): void {
  for (const { facts, length, bytes } of packs) {
    const present = new Set(
      facts.map(({ blob }) => blob).filter((blob) => get(c, 'SELECT 1 FROM blob WHERE id = ?', blob)),
    );
    if (present.size === 0) continue;
    for (const blob of present) removeFacts(c, blob);
    const insert = 'INSERT INTO facts_pack (length, crc, bytes) VALUES (?, ?, ?)';
    const isWanted = facts.some(({ blob, bytes: own }) => present.has(blob) && own.length > 0);
    const pack = bytes && isWanted ? run(c, insert, length, crc32(bytes), bytes) : null;
    let start = 0;
    for (const { blob, bytes: own } of facts) {
      const sql = 'INSERT OR REPLACE INTO facts (blob, pack, start, length) VALUES (?, ?, ?, ?)';
      if (present.has(blob)) run(c, sql, blob, own.length === 0 ? null : pack, start, own.length);
      start += own.length;
    }
  }
}

/** Within a write transaction. */
export function removeFacts(c: Connection, blob: BlobId): void {
  const pack = get<[number | null]>(c, 'SELECT pack FROM facts WHERE blob = ?', blob)?.[0];
  run(c, 'DELETE FROM facts WHERE blob = ?', blob);
  if (pack === undefined || pack === null) return;
  if (get(c, 'SELECT 1 FROM facts WHERE pack = ? LIMIT 1', pack) === undefined)
    run(c, 'DELETE FROM facts_pack WHERE id = ?', pack);
}
