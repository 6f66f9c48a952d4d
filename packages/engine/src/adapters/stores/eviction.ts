/**
 * Keeps the cache below a limit: the families used longest ago go first, whole, and never one that a live process has
 * open. Only files inside `cache/<family id>/` are ever removed. Must not know what a store holds.
 */
import { type Dirent, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, FAMILY_FILE, INDEX_FILE, LOCK_FILE } from './cache-home.ts';
import { lockFile } from './file-lock.ts';
import { listSetAside } from './recovery.ts';
import { storeError } from './sqlite/errors.ts';

export interface CacheInfo {
  readonly id: string;
  /** The family's key, undefined when its note is unreadable. */
  readonly family: string | undefined;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly lastUsed: number;
  readonly inUse: boolean;
}

export interface Eviction {
  readonly evicted: readonly CacheInfo[];
  /** What the cache still occupies: above the limit when the rest is in use or to be kept. */
  readonly bytes: number;
}

const FAMILY_FOLDER = /^[0-9a-f]{32}$/;

/** Least recently used first; families already evicted are not listed. */
export function listCaches(home: string): readonly CacheInfo[] {
  const entries = readFolder(cacheFolder(home));
  const folders = entries.filter((entry) => entry.isDirectory() && FAMILY_FOLDER.test(entry.name));
  const infos = folders.flatMap(
    (entry) => describeCache(join(cacheFolder(home), entry.name), entry.name) ?? [],
  );
  return infos.sort((a, b) => a.lastUsed - b.lastUsed || a.id.localeCompare(b.id));
}

/** `keep`: ids that stay whatever the size. Broken files that were set aside go before any family does. */
export function evict(home: string, maxBytes: number, keep: readonly string[] = []): Eviction {
  if (totalBytes(listCaches(home)) > maxBytes) dropSetAside(home);
  const caches = listCaches(home);
  let bytes = totalBytes(caches);
  const evicted: CacheInfo[] = [];
  for (const cache of caches) {
    if (bytes <= maxBytes) break;
    if (keep.includes(cache.id) || !removeCache(home, cache.id)) continue;
    evicted.push(cache);
    bytes -= cache.bytes;
  }
  return { evicted, bytes };
}

/** Removes one family's data; false, and nothing is removed, when a process has it open. */
export function removeCache(home: string, id: string): boolean {
  if (!FAMILY_FOLDER.test(id)) throw new RangeError(`not the id of a cache: ${id}`);
  const folder = join(cacheFolder(home), id);
  const lock = lockFile(join(folder, LOCK_FILE), 'exclusive', 0);
  if (lock === undefined) return false;
  try {
    // The lock file stays: a process that opens the family now waits for it, and then starts empty.
    const names = readdirSync(folder).filter((name) => !name.startsWith(LOCK_FILE));
    for (const name of names) rmSync(join(folder, name), { force: true, recursive: true });
    return true;
  } catch (error) {
    throw storeError(error, folder);
  } finally {
    lock.release();
  }
}

function describeCache(folder: string, id: string): CacheInfo | undefined {
  const files = readFolder(folder).filter((entry) => entry.isFile());
  if (!files.some((entry) => entry.name !== LOCK_FILE)) return undefined;
  const stats = files.flatMap((entry) => {
    const stat = lstatSync(join(folder, entry.name), { throwIfNoEntry: false });
    return stat === undefined ? [] : [{ name: entry.name, size: stat.size, time: stat.mtimeMs }];
  });
  // Publishing is use, too: a server may run for weeks after it took the lock.
  const used = stats.filter(({ name }) => name === LOCK_FILE || name.startsWith(INDEX_FILE));
  return {
    id,
    family: readFamily(folder),
    bytes: stats.reduce((sum, file) => sum + file.size, 0),
    lastUsed: Math.max(0, ...used.map((file) => file.time)),
    inUse: isInUse(folder),
  };
}

function isInUse(folder: string): boolean {
  const lock = lockFile(join(folder, LOCK_FILE), 'exclusive', 0);
  lock?.release();
  return lock === undefined;
}

function readFamily(folder: string): string | undefined {
  try {
    const note: unknown = JSON.parse(readFileSync(join(folder, FAMILY_FILE), 'utf8'));
    return note instanceof Object && 'family' in note && typeof note.family === 'string'
      ? note.family
      : undefined;
  } catch {
    return undefined;
  }
}

function dropSetAside(home: string): void {
  for (const { id } of listCaches(home)) {
    for (const path of listSetAside(join(cacheFolder(home), id)))
      rmSync(path, { force: true, recursive: true });
  }
}

function totalBytes(caches: readonly CacheInfo[]): number {
  return caches.reduce((sum, cache) => sum + cache.bytes, 0);
}

function readFolder(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw storeError(error, folder);
  }
}
