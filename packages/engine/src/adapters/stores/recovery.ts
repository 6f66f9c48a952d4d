/**
 * What to do with a store that cannot be read: set it aside, start empty, say so. The index is a cache: everything in
 * it can be derived again from the working tree. Must not know why it broke.
 */
import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ConexusError } from '../../model/errors.ts';
import type { Store } from '../../ports/store.ts';
import { storeError } from './sqlite/errors.ts';
import { lockOpening, openLockedStore, openSqliteStore, type SqliteStoreOptions } from './sqlite-store.ts';

export interface OpenedStore {
  readonly store: Store;
  /** Given when the store was broken: why, and where the broken file is kept. */
  readonly rebuilt: { readonly reason: string; readonly movedTo: string } | undefined;
  /** Which file was opened, for `Damage`. */
  readonly identity: string;
}

/** Damage that opening does not see, met while reading: `identity` of the file that has it. */
export interface Damage {
  readonly identity: string;
  readonly error: ConexusError;
}

const ASIDE = /\.corrupt-(\d+)(-wal|-shm)?$/;

/**
 * Opens the store; one that is damaged, of another format or not ours is moved to `<file>.corrupt-<n>` (only the last
 * is kept) and an empty one is made. Processes that still have the old file open notice on their next write, with
 * store_corrupt, and come here too. With `damage` that file is set aside although it opens; a file that took its place
 * is not. @throws ConexusError store_unwritable, store_full, store_busy
 */
export function openOrRebuild(file: string, options?: SqliteStoreOptions, damage?: Damage): OpenedStore {
  if (damage === undefined || identityOf(file) !== damage.identity) {
    try {
      return opened(file, openSqliteStore(file, options));
    } catch (error) {
      if (!isCorrupt(error)) throw error;
    }
  }
  // One process at a time, and only if it is still broken: another may have put a good store in place meanwhile.
  const lock = lockOpening(file, 'exclusive');
  try {
    if (damage !== undefined && identityOf(file) === damage.identity) throw damage.error;
    return opened(file, openLockedStore(file, options));
  } catch (error) {
    if (!isCorrupt(error)) throw error;
    const movedTo = setAside(file);
    return opened(file, openLockedStore(file, options), { reason: error.message, movedTo });
  } finally {
    lock.release();
  }
}

function opened(file: string, store: Store, rebuilt?: OpenedStore['rebuilt']): OpenedStore {
  return { store, rebuilt, identity: identityOf(file) };
}

function identityOf(file: string): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? 'none' : `${stat.dev}:${stat.ino}`;
}

/** Files that `openOrRebuild` has set aside in a folder. */
export function listSetAside(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => ASIDE.test(name))
    .map((name) => join(folder, name));
}

function isCorrupt(error: unknown): error is ConexusError {
  return error instanceof ConexusError && error.code === 'store_corrupt';
}

function setAside(file: string): string {
  try {
    const earlier = listSetAside(dirname(file)).filter((path) =>
      basename(path).startsWith(`${basename(file)}.`),
    );
    const numbers = earlier.map((path) => Number(ASIDE.exec(path)?.[1] ?? 0));
    const movedTo = `${file}.corrupt-${Math.max(0, ...numbers) + 1}`;
    renameSync(file, movedTo);
    // A log that stays behind would be replayed into the new file.
    for (const suffix of ['-wal', '-shm']) moveIfThere(file + suffix, movedTo + suffix);
    for (const path of earlier) rmSync(path, { force: true, recursive: true });
    return movedTo;
  } catch (error) {
    throw storeError(error, file);
  }
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
