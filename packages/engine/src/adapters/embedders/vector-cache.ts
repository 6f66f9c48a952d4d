/**
 * Vectors of documents by content, so that what was paid for is not paid for again: after a kill, in another worktree, after
 * the index was cleared. One SQLite file for the machine, beside the indexes, bounded: what was used longest ago goes first.
 *
 * A vector is kept as int8 under one scale, the largest value being 127: a quarter of float32, and lossless for the
 * index, which keeps the same codes (quantising what was read gives the bytes that were written). What is read has a cosine
 * above .9999 with what was written.
 *
 * A cache never fails a run: one that is damaged is made anew, one that cannot be opened or written is done without.
 */
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';

export interface VectorCache {
  /** In the order of the texts; undefined: not known. Of length 1. */
  read(texts: readonly string[]): readonly (Float32Array | undefined)[];
  has(texts: readonly string[]): readonly boolean[];
  write(texts: readonly string[], vectors: readonly Float32Array[]): void;
  close(): void;
}

export interface VectorCacheOptions {
  readonly file: string;
  /** Whose vectors: ids of different embedders share the file, never a row. */
  readonly embedder: string;
  readonly maxBytes: number;
  /** Days since 1970. */
  readonly today?: () => number;
}

const APPLICATION_ID = 0x434e5856;
const VERSION = 1;
const DAY_MS = 86_400_000;
const BUSY_MS = 5_000;
/** Share of the rows that goes when the file is too large. */
const EVICTED_SHARE = 0.2;
/** The size is looked at after each such share of the limit that was written. */
const CHECKED_SHARE = 1 / 16;

const SCHEMA = `
CREATE TABLE IF NOT EXISTS embedder (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS vector (
  embedder INTEGER NOT NULL, hash BLOB NOT NULL, day INTEGER NOT NULL, crc INTEGER NOT NULL, codes BLOB NOT NULL,
  UNIQUE (embedder, hash)
);
CREATE INDEX IF NOT EXISTS vector_day ON vector (day);
PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${VERSION};
`;

/** undefined where the file can be neither opened nor made. */
export function openVectorCache(options: VectorCacheOptions): VectorCache | undefined {
  if (options.maxBytes <= 0) return undefined;
  try {
    return openOnce(options);
  } catch (error) {
    if (!isDamage(error)) return undefined;
    try {
      for (const suffix of ['', '-wal', '-shm']) rmSync(options.file + suffix, { force: true });
      return openOnce(options);
    } catch {
      return undefined;
    }
  }
}

function openOnce(options: VectorCacheOptions): VectorCache {
  mkdirSync(dirname(options.file), { recursive: true, mode: 0o700 });
  const db = new DatabaseSync(options.file, { timeout: BUSY_MS });
  try {
    chmodSync(options.file, 0o600);
    const version = db.prepare('PRAGMA user_version').get()?.['user_version'];
    if (version !== 0 && version !== VERSION) throw new DamageError();
    if (version === 0) db.exec('PRAGMA auto_vacuum = INCREMENTAL');
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA trusted_schema = OFF');
    if (version === 0) db.exec(SCHEMA);
    return cacheOn(db, options);
  } catch (error) {
    db.close();
    throw error;
  }
}

class DamageError extends Error {}

const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

function isDamage(error: unknown): boolean {
  if (error instanceof DamageError) return true;
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
}

function cacheOn(db: DatabaseSync, options: VectorCacheOptions): VectorCache {
  const today = options.today ?? (() => Math.floor(Date.now() / DAY_MS));
  db.prepare('INSERT OR IGNORE INTO embedder (name) VALUES (?)').run(options.embedder);
  const embedder = Number(db.prepare('SELECT id FROM embedder WHERE name = ?').get(options.embedder)?.['id']);
  const find = db.prepare('SELECT rowid, day, crc, codes FROM vector WHERE embedder = ? AND hash = ?');
  const touch = db.prepare('UPDATE vector SET day = ? WHERE rowid = ?');
  const insert = db.prepare(
    'INSERT OR REPLACE INTO vector (embedder, hash, day, crc, codes) VALUES (?, ?, ?, ?, ?)',
  );
  let unchecked = 0;

  const attempt = <T>(work: () => T, otherwise: T): T => {
    try {
      return db.isOpen ? work() : otherwise;
    } catch {
      // Full, busy, damaged, gone: the vectors are then made again.
      if (db.isOpen && db.isTransaction) db.exec('ROLLBACK');
      return otherwise;
    }
  };
  const together = (work: () => void) => {
    db.exec('BEGIN IMMEDIATE');
    work();
    db.exec('COMMIT');
  };
  const readOne = (text: string, stale: number[]): Float32Array | undefined => {
    const row = find.get(embedder, hashOf(text));
    const codes = row?.['codes'];
    if (!row || !(codes instanceof Uint8Array) || crc32(codes) !== row['crc']) return undefined;
    if (Number(row['day']) < today()) stale.push(Number(row['rowid']));
    return fromCodes(codes);
  };

  return {
    read(texts) {
      const stale: number[] = [];
      const found = texts.map((text) => attempt(() => readOne(text, stale), undefined));
      if (stale.length > 0)
        attempt(() => together(() => stale.forEach((row) => void touch.run(today(), row))), undefined);
      return found;
    },
    has: (texts) => texts.map((text) => attempt(() => find.get(embedder, hashOf(text)) !== undefined, false)),
    write(texts, vectors) {
      attempt(
        () =>
          together(() => {
            for (const [i, vector] of vectors.entries()) {
              const codes = toCodes(vector);
              insert.run(embedder, hashOf(texts[i] as string), today(), crc32(codes), codes);
              unchecked += codes.length;
            }
          }),
        undefined,
      );
      if (unchecked < options.maxBytes * CHECKED_SHARE) return;
      unchecked = 0;
      attempt(() => evict(db, options.maxBytes), undefined);
    },
    close() {
      attempt(() => evict(db, options.maxBytes), undefined);
      if (db.isOpen) db.close();
    },
  };
}

function evict(db: DatabaseSync, maxBytes: number): void {
  const number = (statement: StatementSync) => Number(Object.values(statement.get() ?? {})[0] ?? 0);
  const pages = number(db.prepare('PRAGMA page_count')) - number(db.prepare('PRAGMA freelist_count'));
  if (pages * number(db.prepare('PRAGMA page_size')) <= maxBytes) return;
  const rows = number(db.prepare('SELECT count(*) FROM vector'));
  const count = Math.max(1, Math.ceil(rows * EVICTED_SHARE));
  db.prepare('DELETE FROM vector WHERE rowid IN (SELECT rowid FROM vector ORDER BY day, rowid LIMIT ?)').run(
    count,
  );
  db.exec('PRAGMA incremental_vacuum');
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
}

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();

function toCodes(vector: Float32Array): Uint8Array {
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  const codes = new Int8Array(vector.length);
  for (let i = 0; i < codes.length; i++) codes[i] = Math.round(((vector[i] as number) / largest) * 127);
  return new Uint8Array(codes.buffer);
}

function fromCodes(bytes: Uint8Array): Float32Array {
  const codes = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  let squares = 0;
  for (const code of codes) squares += code * code;
  const length = Math.sqrt(squares);
  return Float32Array.from(codes, (code) => code / length);
}
