/**
 * Locks between processes that the system releases when a process dies, however it dies. Node has no flock; SQLite's
 * locks on a small file beside the data serve, on every platform. Must not know what is protected.
 *
 * Never open such a file, or a store's, by other means: on POSIX, closing any descriptor of a file drops all locks
 * that the process has on it, also those of SQLite, which can then no longer tell that a store is in use.
 */
import { chmodSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { isBusy, storeError } from './sqlite/errors.ts';

export interface FileLock {
  release(): void;
}

/**
 * Takes a lock on `file` (created empty, never removed: a lock on a removed file protects nothing); undefined when
 * others hold it for longer than `waitMs`. Any number may share it; one alone has it exclusively.
 * Blocks the thread while it waits: keep `waitMs` small where queries are answered.
 */
export function lockFile(file: string, mode: 'shared' | 'exclusive', waitMs: number): FileLock | undefined {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file, { timeout: waitMs });
    chmodSync(file, 0o600);
    db.exec(mode === 'exclusive' ? 'BEGIN EXCLUSIVE' : 'BEGIN');
    // A deferred transaction locks at its first read, and keeps the lock until it ends.
    if (mode === 'shared') db.prepare('SELECT count(*) FROM sqlite_schema').get();
  } catch (error) {
    db?.close();
    if (isBusy(error)) return undefined;
    throw storeError(error, file);
  }
  const held = db;
  return {
    release: () => {
      if (held.isOpen) held.close();
    },
  };
}
