/**
 * Folders that live as long as one run: `cache/evaluations/<id>/` under Conexus's home, with a lock that the system releases
 * however the process dies. What nobody holds is removed at the next run. Must not know what is kept in them.
 */
import { randomBytes } from 'node:crypto';
import { type Dirent, mkdirSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, LOCK_FILE } from './cache-home.ts';
import { type FileLock, lockFile } from './file-lock.ts';
import { storeError } from './sqlite/errors.ts';

export interface ScratchFolder {
  /** Absolute real path; private to this user. */
  readonly path: string;
  /** Idempotent; also done when the process exits by itself. */
  remove(): void;
}

const SCRATCH = 'evaluations';
const NAME = /^[0-9a-f]{32}$/;
/** A folder may be seen before its maker has locked it: milliseconds. */
const GRACE_MS = 60_000;
/** Where locks do not work, a folder as old as this belongs to nobody any more: milliseconds. */
const STALE_MS = 24 * 3_600_000;

/** Makes a folder, after removing those left behind by processes that died. @throws ConexusError store_unwritable, store_full */
export function openScratch(home: string): ScratchFolder {
  const parent = join(cacheFolder(home), SCRATCH);
  const name = randomBytes(16).toString('hex');
  try {
    mkdirSync(parent, { recursive: true, mode: 0o700 });
    removeStale(parent, Date.now());
    mkdirSync(join(parent, name), { mode: 0o700 });
  } catch (error) {
    throw storeError(error, parent);
  }
  const path = realpathSync.native(join(parent, name));
  const lock = lockFile(join(path, LOCK_FILE), 'exclusive', 0);
  let isRemoved = false;
  const remove = () => {
    if (isRemoved) return;
    isRemoved = true;
    process.off('exit', remove);
    removeHeld(path, lock);
  };
  // Also on the second Ctrl-C, which ends the process at once.
  process.on('exit', remove);
  return { path, remove };
}

function removeStale(parent: string, now: number): void {
  for (const entry of readFolder(parent)) {
    if (!entry.isDirectory() || !NAME.test(entry.name)) continue;
    const path = join(parent, entry.name);
    const age = now - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now);
    if (age < GRACE_MS) continue;
    try {
      const lock = lockFile(join(path, LOCK_FILE), 'exclusive', 0);
      if (lock !== undefined) removeHeld(path, lock);
    } catch {
      if (age > STALE_MS) removeHeld(path, undefined);
    }
  }
}

/** What cannot be removed now is tried at the next run. */
function removeHeld(path: string, lock: FileLock | undefined): void {
  try {
    // The lock goes last: until then nobody takes the folder for abandoned.
    for (const { name } of readFolder(path)) {
      if (!name.startsWith(LOCK_FILE))
        rmSync(join(path, name), { recursive: true, force: true, maxRetries: 3 });
    }
    lock?.release();
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    lock?.release();
  }
}

function readFolder(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
