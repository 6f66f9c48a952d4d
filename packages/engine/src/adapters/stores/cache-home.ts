/**
 * The folder that holds all of Conexus's data on a machine, given by the caller (nothing here reads the environment):
 *
 *   cache/<family id>/index.sqlite   one store per repository family; may be evicted at any time
 *   cache/<family id>/family.json    which family this is, for people
 *   cache/<family id>/in-use         locked by every process that has the store open; never removed
 *   cache/.gitignore                 keeps it out of every index, and of git, where the home lies inside a root
 *   cache/embeddings.sqlite          vectors of other embedders by content: see `embedders/vector-cache.ts`
 *   state/                           keys, audit, connectors: never evicted
 *
 * Must not know what a store holds. Eviction: see `eviction.ts`.
 */
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockFile } from './file-lock.ts';
import { busy, storeError } from './sqlite/errors.ts';
import { SCHEMA_VERSION } from './sqlite/schema.ts';

/** A family's folder, kept from eviction until released or until the process dies. */
export interface OpenCache {
  readonly id: string;
  readonly folder: string;
  /** Where the store is, or will be. */
  readonly file: string;
  release(): void;
}

export const INDEX_FILE = 'index.sqlite';
export const FAMILY_FILE = 'family.json';
export const LOCK_FILE = 'in-use';

/** An eviction in progress holds the lock while it removes files: milliseconds. */
const WAIT_MS = 5_000;

/**
 * Names a family's folder. `familyKey`: real path of the common git directory, or of the root outside git. The format
 * is part of the name, so that two versions of Conexus never fight over one file; the older one's falls to eviction.
 */
export function familyId(familyKey: string): string {
  return createHash('sha256').update(`${SCHEMA_VERSION}\0${familyKey}`).digest('hex').slice(0, 32);
}

export function cacheFolder(home: string): string {
  return join(home, 'cache');
}

/** Creates and returns the folder for what must survive. @throws ConexusError store_unwritable */
export function stateFolder(home: string): string {
  return privateFolder(join(home, 'state'));
}

/** Makes the family's folder and marks it as in use. @throws ConexusError store_unwritable, store_full, store_busy */
export function openCache(home: string, familyKey: string): OpenCache {
  const id = familyId(familyKey);
  ignoreAll(privateFolder(cacheFolder(home)));
  const folder = privateFolder(join(cacheFolder(home), id));
  const lockPath = join(folder, LOCK_FILE);
  const lock = lockFile(lockPath, 'shared', WAIT_MS);
  if (lock === undefined) throw busy(join(folder, INDEX_FILE), WAIT_MS);
  try {
    writeFileSync(join(folder, FAMILY_FILE), `${JSON.stringify({ family: familyKey })}\n`, { mode: 0o600 });
    touch(lockPath);
  } catch (error) {
    lock.release();
    throw storeError(error, folder);
  }
  return { id, folder, file: join(folder, INDEX_FILE), release: () => lock.release() };
}

/** An index of a home folder would hold itself, and each publication would be an edit. */
function ignoreAll(folder: string): void {
  try {
    writeFileSync(join(folder, '.gitignore'), '*\n', { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw storeError(error, folder);
  }
}

/** The lock file's time is the family's last use. */
function touch(path: string): void {
  const now = new Date();
  utimesSync(path, now, now);
}

/** What is indexed may be private: no one else may read it, also where the folder existed with a wider mode. */
function privateFolder(path: string): string {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    chmodSync(path, 0o700);
    return path;
  } catch (error) {
    throw storeError(error, path);
  }
}
