/**
 * What to do with a store that cannot be read: set it aside, start empty, say so. The index is a cache: everything in
 * it can be derived again from the working tree. Must not know why it broke.
 */
import { readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ConexusError } from '../../model/errors.ts';
import type { Store } from '../../ports/store.ts';
import { storeError } from './sqlite/errors.ts';
import { lockOpening, openLockedStore, openSqliteStore, type SqliteStoreOptions } from './sqlite-store.ts';

export interface OpenedStore {
  readonly store: Store;
  /** Given when the store was broken: why, and where the broken file is kept. */
  readonly rebuilt: { readonly reason: string; readonly movedTo: string } | undefined;
}

const ASIDE = /\.corrupt-(\d+)(-wal|-shm)?$/;

/**
 * Opens the store; one that is damaged, of another format or not ours is moved to `<file>.corrupt-<n>` (only the last
 * is kept) and an empty one is made. Processes that still have the old file open notice on their next write, with
 * store_corrupt, and come here too. @throws ConexusError store_unwritable, store_full, store_busy
 */
export function openOrRebuild(file: string, options?: SqliteStoreOptions): OpenedStore {
  try {
    return { store: openSqliteStore(file, options), rebuilt: undefined };
  } catch (error) {
    if (!isCorrupt(error)) throw error;
  }
  // One process at a time, and only if it is still broken: another may have put a good store in place meanwhile.
  const lock = lockOpening(file, 'exclusive');
  try {
    return { store: openLockedStore(file, options), rebuilt: undefined };
  } catch (error) {
    if (!isCorrupt(error)) throw error;
    const movedTo = setAside(file);
    return { store: openLockedStore(file, options), rebuilt: { reason: error.message, movedTo } };
  } finally {
    lock.release();
  }
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
