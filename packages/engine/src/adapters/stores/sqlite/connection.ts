/**
 * One SQLite connection: opening, the cheap health check, prepared statements, transactions and the write lease.
 * Must not know what a publication or a manifest is.
 *
 * Everything between BEGIN and COMMIT is synchronous, so calls of one process never interleave inside a transaction;
 * only the wait for the lease yields to the event loop.
 */
import { chmodSync, statSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConexusError } from '../../../model/errors.ts';
import { busy, corrupt, isBusy, storeError } from './errors.ts';
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION, TABLES } from './schema.ts';

export type SqlValue = null | number | bigint | string | Uint8Array;

export interface SqliteStoreOptions {
  /** How long a write waits for other writers before it gives up with store_busy. */
  readonly leaseTimeoutMs?: number;
  /** The file may not grow beyond this: a write that would fails with store_full. */
  readonly maxBytes?: number;
  /** Deletions are remembered for this many writes of the store; readers further behind start anew. */
  readonly tombstoneWrites?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export interface Connection {
  readonly db: DatabaseSync;
  readonly file: string;
  readonly options: Required<Omit<SqliteStoreOptions, 'maxBytes'>>;
  /** Which file this connection has open, to notice that the path now leads to another one. */
  readonly identity: string;
  readonly statements: Map<string, StatementSync>;
}

/** Reads wait only for another process's crash recovery or last close: milliseconds. */
const READ_TIMEOUT_MS = 5_000;
const MAX_BACKOFF_MS = 25;
const PAGE_SIZE = 4096;
const CACHE_KIB = 16 * 1024;
const WAL_KEPT_BYTES = 64 * 1024 * 1024;

/** The folder must exist. @throws ConexusError store_corrupt, store_unwritable, store_full, store_busy */
export function openConnection(file: string, options: SqliteStoreOptions = {}): Connection {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file, { timeout: READ_TIMEOUT_MS, enableForeignKeyConstraints: false });
    // SQLite creates it readable for everyone; -wal and -shm copy the mode of this file. By path, never by a
    // descriptor: see `file-lock.ts`.
    chmodSync(file, 0o600);
    const opened = db;
    retryWhileBusy(() => configure(opened, options));
    retryWhileBusy(() => ensureSchema(opened, file));
    checkTables(opened, file);
    return {
      db,
      file,
      options: {
        leaseTimeoutMs: options.leaseTimeoutMs ?? 10_000,
        tombstoneWrites: options.tombstoneWrites ?? 1_000,
        now: options.now ?? Date.now,
      },
      identity: fileIdentity(file),
      statements: new Map(),
    };
  } catch (error) {
    db?.close();
    throw storeError(error, file, READ_TIMEOUT_MS);
  }
}

export function closeConnection(connection: Connection): void {
  connection.statements.clear();
  if (connection.db.isOpen) connection.db.close();
}

function configure(db: DatabaseSync, options: SqliteStoreOptions): void {
  // They must come before WAL, and only matter for a file that is still empty; in any other, auto_vacuum is a write.
  if (pragma(db, 'page_count') === 0) {
    db.exec(`PRAGMA page_size = ${PAGE_SIZE}; PRAGMA auto_vacuum = INCREMENTAL`);
  }
  db.exec('PRAGMA journal_mode = WAL');
  db.exec(
    `PRAGMA synchronous = NORMAL; PRAGMA cache_size = -${CACHE_KIB}; PRAGMA temp_store = MEMORY;` +
      `PRAGMA journal_size_limit = ${WAL_KEPT_BYTES}; PRAGMA trusted_schema = OFF`,
  );
  if (options.maxBytes !== undefined) {
    db.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(options.maxBytes / PAGE_SIZE))}`);
  }
}

function pragma(db: DatabaseSync, name: string): number {
  const value = Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
  return typeof value === 'number' ? value : -1;
}

function ensureSchema(db: DatabaseSync, file: string): void {
  if (pragma(db, 'user_version') === 0 && tableNames(db).length === 0) {
    db.exec('BEGIN IMMEDIATE');
    try {
      // Another process may have created the tables between the look and the lease.
      if (tableNames(db).length === 0) {
        db.exec(
          `${SCHEMA} PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}`,
        );
      }
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }
  if (pragma(db, 'application_id') !== APPLICATION_ID) throw corrupt(file, 'it is not an index of Conexus');
  const version = pragma(db, 'user_version');
  if (version !== SCHEMA_VERSION) {
    throw corrupt(file, `it has format ${version}, this version of Conexus reads ${SCHEMA_VERSION}`);
  }
}

function tableNames(db: DatabaseSync): readonly string[] {
  const rows = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    .all();
  return rows.map((row) => String(row.name)).sort();
}

/**
 * Cheap whatever the size: the file must be as long as it says (SQLite checks that on the first read), have our
 * tables, and each must open at both ends. Damage elsewhere is found by the checksums when a page is read.
 */
function checkTables(db: DatabaseSync, file: string): void {
  const found = tableNames(db);
  if (TABLES.some((name) => !found.includes(name))) throw corrupt(file, 'tables are missing');
  for (const name of TABLES) {
    const key = name === 'manifest' || name === 'meta' ? 'workspace' : 'rowid';
    // Two queries: asked together, SQLite would read the whole table.
    db.prepare(`SELECT min(${key}) FROM ${name}`).get();
    db.prepare(`SELECT max(${key}) FROM ${name}`).get();
  }
  const state = db.prepare('SELECT sequence FROM state WHERE id = 1').get();
  if (typeof state?.sequence !== 'number') throw corrupt(file, 'its state is missing');
}

/** For the few statements of opening that do not honour the busy timeout (the switch to WAL). */
function retryWhileBusy(body: () => void): void {
  const end = performance.now() + READ_TIMEOUT_MS;
  for (;;) {
    try {
      body();
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > end) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function fileIdentity(file: string): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? 'none' : `${stat.dev}:${stat.ino}`;
}

function statement(connection: Connection, sql: string, bigInts: boolean): StatementSync {
  const key = bigInts ? `big ${sql}` : sql;
  let prepared = connection.statements.get(key);
  if (prepared === undefined) {
    prepared = connection.db.prepare(sql);
    prepared.setReturnArrays(true);
    if (bigInts) prepared.setReadBigInts(true);
    connection.statements.set(key, prepared);
  }
  return prepared;
}

/** Rows as arrays; `T` states the columns the statement selects. */
export function all<T extends readonly SqlValue[]>(c: Connection, sql: string, ...values: SqlValue[]): T[] {
  return statement(c, sql, false).all(...values) as unknown as T[];
}

/** Like `all`, with every integer a bigint: for columns beyond 2^53. */
export function allBigInts<T extends readonly SqlValue[]>(
  c: Connection,
  sql: string,
  ...values: SqlValue[]
): T[] {
  return statement(c, sql, true).all(...values) as unknown as T[];
}

export function get<T extends readonly SqlValue[]>(
  c: Connection,
  sql: string,
  ...values: SqlValue[]
): T | undefined {
  return statement(c, sql, false).get(...values) as unknown as T | undefined;
}

/** Returns the rowid of the last insert. */
export function run(c: Connection, sql: string, ...values: SqlValue[]): number {
  return Number(statement(c, sql, false).run(...values).lastInsertRowid);
}

/** One snapshot for all reads of `body`. */
export function readTransaction<T>(c: Connection, body: () => T): T {
  try {
    c.db.exec('BEGIN');
    const result = body();
    c.db.exec('COMMIT');
    return result;
  } catch (error) {
    throw rolledBack(c, error);
  }
}

/** Runs `body` under the write lease. @throws ConexusError store_busy when the lease is not free in time */
export async function writeTransaction<T>(c: Connection, body: () => T): Promise<T> {
  const { leaseTimeoutMs } = c.options;
  const end = performance.now() + leaseTimeoutMs;
  for (let pause = 1; !tryBeginWrite(c); pause = Math.min(pause * 2, MAX_BACKOFF_MS)) {
    if (performance.now() >= end) throw busy(c.file, leaseTimeoutMs);
    await sleep(pause * (0.5 + Math.random()));
    if (!c.db.isOpen) throw new ConexusError('cancelled', 'The index was closed.', 'Open it again.');
  }
  // No await from here on: BEGIN, body and COMMIT are one turn of the event loop.
  try {
    if (fileIdentity(c.file) !== c.identity) throw corrupt(c.file, 'it was moved or removed while in use');
    const result = body();
    c.db.exec('COMMIT');
    return result;
  } catch (error) {
    throw rolledBack(c, error);
  }
}

/** Without waiting: a blocking wait would stop this process's queries. */
function tryBeginWrite(c: Connection): boolean {
  try {
    c.db.exec('PRAGMA busy_timeout = 0');
    c.db.exec('BEGIN IMMEDIATE');
    return true;
  } catch (error) {
    if (isBusy(error)) return false;
    throw storeError(error, c.file);
  } finally {
    c.db.exec(`PRAGMA busy_timeout = ${READ_TIMEOUT_MS}`);
  }
}

function rolledBack(c: Connection, error: unknown): unknown {
  // SQLite may have rolled back by itself (a full disk): a second ROLLBACK would hide the first error.
  if (c.db.isOpen && c.db.isTransaction) c.db.exec('ROLLBACK');
  return storeError(error, c.file, READ_TIMEOUT_MS);
}

/** A single statement outside a transaction, with typed errors. */
export function guarded<T>(c: Connection, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw storeError(error, c.file, READ_TIMEOUT_MS);
  }
}
