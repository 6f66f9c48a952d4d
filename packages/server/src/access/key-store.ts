/**
 * Keys as they are kept: the port, and its SQLite file in CONEXUS_HOME/state. Each look-up reads the store, so that a
 * key that another process revoked is refused at the next request. Knows digests only; no secret is ever stored.
 */
import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { UserError } from '../errors.ts';
import type { Scope } from '../operations/operation.ts';
import { SCOPES } from './principal.ts';

export interface StoredKey {
  /** Public part of the key: what it is called in lists, logs and `keys revoke`. */
  readonly id: string;
  /** SHA-256 of the secret part: 256 random bits need no slow hash. */
  readonly digest: Uint8Array;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** undefined: every repository. */
  readonly repositories: readonly string[] | undefined;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly expiresAt: number | undefined;
  readonly revokedAt: number | undefined;
}

/** Where keys are kept. Several servers may use one store. Every method throws UserError state_unusable when it cannot be reached. */
export interface KeyStore {
  find(id: string): StoredKey | undefined;
  list(): readonly StoredKey[];
  /** `recorded` runs in the same transaction: without its record nothing changes. */
  add(key: StoredKey, recorded: () => void): void;
  /** false: no such key, or revoked before. */
  revoke(id: string, at: number, recorded: () => void): boolean;
  close(): void;
}

export function keyStoreFile(home: string): string {
  return join(home, 'state', 'keys.db');
}

const SCHEMA = `CREATE TABLE IF NOT EXISTS keys (
  id TEXT PRIMARY KEY,
  digest BLOB NOT NULL,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  repositories TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER
) STRICT`;

const FORMAT = 1;

/** @throws UserError state_unusable */
export function openKeyStore(file: string): KeyStore {
  const current = followFile(file);
  const write = <Result>(work: (statements: Statements) => Result): Result =>
    attempt(file, () => {
      const { database, statements } = current.opened();
      database.exec('BEGIN IMMEDIATE');
      try {
        const result = work(statements);
        database.exec('COMMIT');
        return result;
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    });
  return {
    find: (id) =>
      attempt(file, () => {
        const row = current.opened().statements.find.get(id);
        return row === undefined ? undefined : readRow(row);
      }),
    list: () => attempt(file, () => current.opened().statements.list.all().map(readRow)),
    add: (key, recorded) =>
      write(({ add }) => {
        add.run(
          key.id,
          key.digest,
          key.name,
          key.scopes.join(','),
          key.repositories === undefined ? null : JSON.stringify(key.repositories),
          key.createdAt,
          key.expiresAt ?? null,
          key.revokedAt ?? null,
        );
        recorded();
      }),
    revoke: (id, at, recorded) =>
      write(({ revoke }) => {
        const revoked = revoke.run(at, id).changes === 1;
        if (revoked) recorded();
        return revoked;
      }),
    close: current.close,
  };
}

type Statements = ReturnType<typeof prepare>;

function prepare(database: DatabaseSync) {
  return {
    find: database.prepare('SELECT * FROM keys WHERE id = ?'),
    list: database.prepare('SELECT * FROM keys ORDER BY created_at, id'),
    add: database.prepare('INSERT INTO keys VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
    revoke: database.prepare('UPDATE keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL'),
  };
}

/**
 * The database that the file is now. Who removes the file, or puts another one in its place, means that the keys in it hold no more, and the
 * open one would go on for as long as the server runs.
 */
function followFile(file: string) {
  const openAt = (): {
    readonly id: string;
    readonly database: DatabaseSync;
    readonly statements: Statements;
  } => {
    const database = openDatabase(file);
    return { id: identityOf(file), database, statements: prepare(database) };
  };
  let open = attempt(file, openAt);
  return {
    /** @throws Error when it is gone or cannot be opened */
    opened() {
      if (identityOf(file) !== open.id) {
        const before = open;
        open = openAt();
        before.database.close();
      }
      return open;
    },
    close: () => open.database.close(),
  };
}

function identityOf(file: string): string {
  const { dev, ino } = statSync(file);
  return `${dev} ${ino}`;
}

function openDatabase(file: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(file, { timeout: 5_000 });
  chmodSync(file, 0o600);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version > FORMAT) throw new Error(`written by a newer Conexus (format ${version})`);
  database.exec(SCHEMA);
  if (version < FORMAT) database.exec(`PRAGMA user_version = ${FORMAT}`);
  return database;
}

function readRow(row: Record<string, unknown>): StoredKey {
  const scopes = String(row['scopes']).split(',');
  return {
    id: String(row['id']),
    digest: row['digest'] as Uint8Array,
    name: String(row['name']),
    scopes: SCOPES.filter((scope) => scopes.includes(scope)),
    repositories:
      row['repositories'] === null ? undefined : (JSON.parse(String(row['repositories'])) as string[]),
    createdAt: Number(row['created_at']),
    expiresAt: row['expires_at'] === null ? undefined : Number(row['expires_at']),
    revokedAt: row['revoked_at'] === null ? undefined : Number(row['revoked_at']),
  };
}

/** Whatever the store fails with, nobody is let in, and the operator learns which file it is. */
function attempt<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof UserError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(
      'state_unusable',
      `The keys in ${file} cannot be used (${reason.slice(0, 200)})`,
      'Check the folder, its rights and the free space; CONEXUS_HOME moves it.',
      { cause: error },
    );
  }
}
