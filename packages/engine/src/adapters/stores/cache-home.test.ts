/** Layout, least-recently-used eviction, and the lock that keeps a family in use from being evicted. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cacheFolder, familyId, openCache, stateFolder } from './cache-home.ts';
import { evict, listCaches, removeCache } from './eviction.ts';
import { openOrRebuild } from './recovery.ts';

let home: string;
let children: ChildProcess[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'conexus-home-'));
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(home, { recursive: true });
});

/** A family of `kib` KiB last used `hours` ago, closed. */
function family(name: string, kib: number, hours: number): string {
  const cache = openCache(home, name);
  writeFileSync(cache.file, new Uint8Array(kib * 1024));
  cache.release();
  const time = new Date(Date.UTC(2026, 0, 1) - hours * 3_600_000);
  for (const file of readdirSync(cache.folder)) utimesSync(join(cache.folder, file), time, time);
  return cache.id;
}

const families = () => listCaches(home).map((cache) => cache.family);

describe('layout', () => {
  test('one folder per family, named by the hash of its key, private', () => {
    const cache = openCache(home, '/repo/.git');
    expect(cache.file).toBe(join(home, 'cache', familyId('/repo/.git'), 'index.sqlite'));
    expect(cache.id).toMatch(/^[0-9a-f]{32}$/);
    expect(familyId('/repo/.git')).not.toBe(familyId('/other/.git'));
    expect(stateFolder(home)).toBe(join(home, 'state'));
    if (process.platform !== 'win32') {
      for (const path of [cacheFolder(home), cache.folder, stateFolder(home)]) {
        expect(statSync(path).mode & 0o777).toBe(0o700);
      }
    }
    cache.release();
    cache.release();
  });

  test('a home that cannot be written is said to be', () => {
    writeFileSync(join(home, 'file'), '');
    expect(() => openCache(join(home, 'file'), '/r')).toThrowError(
      expect.objectContaining({ code: 'store_unwritable' }),
    );
    expect(() => stateFolder(join(home, 'file'))).toThrowError(
      expect.objectContaining({ code: 'store_unwritable' }),
    );
  });

  test('no home, no caches', () => {
    expect(listCaches(join(home, 'nowhere'))).toEqual([]);
    expect(evict(join(home, 'nowhere'), 0)).toEqual({ evicted: [], bytes: 0 });
  });
});

describe('eviction', () => {
  test('removes the families used longest ago until the rest fits', () => {
    family('new', 100, 1);
    family('oldest', 100, 9);
    family('old', 100, 5);
    expect(families()).toEqual(['oldest', 'old', 'new']);
    expect(evict(home, 1_000_000).evicted).toEqual([]);
    const { evicted, bytes } = evict(home, 210 * 1024);
    expect(evicted.map((cache) => cache.family)).toEqual(['oldest']);
    expect(bytes).toBeLessThanOrEqual(210 * 1024);
    expect(families()).toEqual(['old', 'new']);
  });

  test('keeps what it is told to keep, and everything outside cache/<id>/', () => {
    const old = family('old', 100, 9);
    family('new', 100, 1);
    writeFileSync(join(stateFolder(home), 'keys'), 'secret');
    mkdirSync(join(cacheFolder(home), 'not-ours'));
    writeFileSync(join(cacheFolder(home), 'not-ours', 'file'), 'x');
    evict(home, 0, [old]);
    expect(families()).toEqual(['old']);
    expect(existsSync(join(home, 'state', 'keys'))).toBe(true);
    expect(existsSync(join(cacheFolder(home), 'not-ours', 'file'))).toBe(true);
    expect(() => removeCache(home, '../state')).toThrow(RangeError);
  });

  test('broken files that were set aside go first', async () => {
    const old = family('old', 100, 9);
    const cache = openCache(home, 'broken');
    writeFileSync(cache.file, new Uint8Array(300 * 1024).fill(1));
    await openOrRebuild(cache.file).store.close();
    cache.release();
    expect(evict(home, 400 * 1024).evicted).toEqual([]);
    expect(listCaches(home).map((one) => one.id)).toContain(old);
    expect(readdirSync(cache.folder).filter((name) => name.includes('corrupt'))).toEqual([]);
  });

  test('an evicted family starts empty when it is opened again', async () => {
    family('r', 100, 9);
    evict(home, 0);
    const cache = openCache(home, 'r');
    const { store, rebuilt } = openOrRebuild(cache.file);
    expect(rebuilt).toBeUndefined();
    expect((await store.stats()).blobs).toBe(0);
    await store.close();
    cache.release();
  });

  test('leaves a family that this process has open, however often it is asked', () => {
    const cache = openCache(home, 'mine');
    writeFileSync(cache.file, 'x');
    for (let i = 0; i < 3; i += 1) {
      expect(listCaches(home).map((one) => one.inUse)).toEqual([true]);
      expect(evict(home, 0).evicted).toEqual([]);
    }
    cache.release();
    expect(listCaches(home).map((one) => one.inUse)).toEqual([false]);
    expect(evict(home, 0).evicted).toHaveLength(1);
  });

  test('leaves a family that another process has open, also after both have looked; kill -9 frees it', async () => {
    const id = family('theirs', 10, 9);
    const child = fork(new URL('./testing/store-child.ts', import.meta.url), ['hold', home, 'theirs'], {
      execArgv: [],
    });
    children.push(child);
    await once(child, 'message');
    expect(listCaches(home)).toMatchObject([{ id, inUse: true }]);
    // The other process lists (and so probes its own lock), which must not drop it.
    child.send('list');
    await once(child, 'message');
    expect(evict(home, 0).evicted).toEqual([]);
    expect(existsSync(join(cacheFolder(home), id, 'index.sqlite'))).toBe(true);
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
    expect(evict(home, 0).evicted.map((one) => one.id)).toEqual([id]);
  });
});
