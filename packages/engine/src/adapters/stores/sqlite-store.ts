/** The store on SQLite: composes what `sqlite/` holds into the port. Must not know what the stored bytes mean. */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Store, StoreStats } from '../../ports/store.ts';
import { type FileLock, lockFile } from './file-lock.ts';
import {
  type Connection,
  closeConnection,
  get,
  guarded,
  openConnection,
  readTransaction,
  run,
  type SqliteStoreOptions,
  writeTransaction,
} from './sqlite/connection.ts';
import { busy, checked, storeError } from './sqlite/errors.ts';
import { hasNewerFacts, packFacts, readFacts, withoutFacts, writeFacts } from './sqlite/facts.ts';
import { generation, openWorkspace, readManifest, readMeta, readSkipped } from './sqlite/manifest.ts';
import { clear, merge, orphans } from './sqlite/merge.ts';
import { publish } from './sqlite/publish.ts';
import {
  findBlobs,
  readOutlines,
  readPages,
  readSegmentBlobs,
  readSegmentHeader,
} from './sqlite/segments.ts';
import { forgetVectors, readVectors, vectorModels, writeVectors } from './sqlite/vectors.ts';

export type { SqliteStoreOptions } from './sqlite/connection.ts';

/** An opening or a rebuild elsewhere takes milliseconds. */
const OPENING_WAIT_MS = 5_000;

/**
 * Opens, or creates, the store at `file`. Any number of processes and worker threads may have it open.
 * @throws ConexusError store_corrupt (see `openOrRebuild`), store_unwritable, store_full, store_busy
 */
export function openSqliteStore(file: string, options?: SqliteStoreOptions): Store {
  const lock = lockOpening(file, 'shared');
  try {
    return openLockedStore(file, options);
  } finally {
    lock.release();
  }
}

/**
 * Shared by those that open the file, exclusive for the one that replaces it: a process that opened it between the
 * renames of the database and of its log would share a log with nobody. @throws ConexusError store_busy
 */
export function lockOpening(file: string, mode: 'shared' | 'exclusive'): FileLock {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw storeError(error, file);
  }
  const lock = lockFile(`${file}-opening`, mode, OPENING_WAIT_MS);
  if (lock === undefined) throw busy(file, OPENING_WAIT_MS);
  return lock;
}

/** Like `openSqliteStore`, for a caller that holds `lockOpening`. */
export function openLockedStore(file: string, options?: SqliteStoreOptions): Store {
  const c = openConnection(file, options);
  return {
    openWorkspace: (root) => openWorkspace(c, root),
    generation: async (workspace) => guarded(c, () => generation(c, workspace)),
    readManifest: async (workspace, since) => readManifest(c, workspace, since),
    readSkipped: async (workspace) => guarded(c, () => readSkipped(c, workspace)),
    readMeta: async (workspace, key) => guarded(c, () => readMeta(c, workspace, key)),
    findBlobs: async (keys) => findBlobs(c, keys),
    readOutlines: async (blobs) => readOutlines(c, blobs),
    readFacts: async (blobs, version) => readFacts(c, blobs, version),
    withoutFacts: async (blobs, version) => withoutFacts(c, blobs, version),
    writeFacts: async (facts, version) => {
      if (guarded(c, () => hasNewerFacts(c, version))) return false;
      const packs = await packFacts(facts);
      return writeTransaction(c, () => writeFacts(c, packs, version));
    },
    readSegmentHeader: async (segment) => readSegmentHeader(c, segment),
    readPages: async (segment, pages) => readPages(c, segment, pages),
    readSegmentBlobs: async (segment) => readSegmentBlobs(c, segment),
    orphans: async (segment) => orphans(c, segment),
    publish: (publication) => writeTransaction(c, () => publish(c, publication)),
    merge: async (merged) => {
      const done = await writeTransaction(c, () => merge(c, merged));
      // The small merges between edits free little, and happen often.
      if (done && merged.pages.length > LARGE_MERGE_PAGES) giveBackSpace(c);
      return done;
    },
    readVectors: async (segment, model) => readVectors(c, segment, model),
    vectorModels: async (segment) => vectorModels(c, segment),
    writeVectors: (model, vectors) => writeTransaction(c, () => writeVectors(c, model, vectors)),
    forgetVectors: async (model) => {
      await writeTransaction(c, () => forgetVectors(c, model));
      giveBackSpace(c);
    },
    readAsset: async (name) => guarded(c, () => readAsset(c, name)),
    writeAsset: (name, bytes) => writeAsset(c, name, bytes),
    removeAsset: async (name) => {
      await writeTransaction(c, () => run(c, 'DELETE FROM asset WHERE name = ?', name));
    },
    clear: async (workspace) => {
      await writeTransaction(c, () => clear(c, workspace));
      giveBackSpace(c);
    },
    stats: async () => stats(c),
    close: async () => closeConnection(c),
  };
}

/** About a megabyte. */
const LARGE_MERGE_PAGES = 256;
/** Pages that are free may be one of so many: giving one back moves another, and they are soon used again. */
const FREE_SHARE = 20;

function readAsset(c: Connection, name: string): Uint8Array | undefined {
  const row = get<[number, Uint8Array]>(c, 'SELECT crc, bytes FROM asset WHERE name = ?', name);
  return row === undefined ? undefined : checked(c, `asset ${name}`, row[1], row[0]);
}

async function writeAsset(c: Connection, name: string, bytes: Uint8Array): Promise<void> {
  const sql = `INSERT INTO asset (name, crc, bytes) VALUES (?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET crc = excluded.crc, bytes = excluded.bytes`;
  await writeTransaction(c, () => run(c, sql, name, crc32(bytes), bytes));
}

function stats(c: Connection): StoreStats {
  const [segments, blobs, workspaces, pages, pageSize] = readTransaction(c, () => [
    count(c, 'SELECT count(*) FROM segment'),
    count(c, 'SELECT count(*) FROM blob'),
    count(c, 'SELECT count(*) FROM workspace WHERE cleared = 0'),
    count(c, 'PRAGMA page_count'),
    count(c, 'PRAGMA page_size'),
  ]) as [number, number, number, number, number];
  const wal = statSync(`${c.file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  return { bytes: pages * pageSize + wal, segments, blobs, workspaces };
}

function count(c: Connection, sql: string): number {
  return get<[number]>(c, sql)?.[0] ?? 0;
}

/** Best effort: a file that stays long is not an error, and another writer may hold the lease. */
function giveBackSpace(c: Connection): void {
  try {
    if (count(c, 'PRAGMA freelist_count') * FREE_SHARE > count(c, 'PRAGMA page_count'))
      c.db.exec('PRAGMA incremental_vacuum');
    c.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // The next merge or clear tries again.
  }
}
