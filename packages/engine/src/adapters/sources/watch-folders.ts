/**
 * Watches each folder by itself: one inotify watch a folder, none in what the rules leave out. For Linux.
 *
 * Remembers the names of the files in each folder (some 100 bytes a file), because a folder that is moved away takes its
 * files along with a single event, and a change set must name files.
 */
import type { FSWatcher, Stats } from 'node:fs';
import { accessSync, constants, lstatSync, watch } from 'node:fs';
import { basename, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FilePath } from '../../model/file.ts';
import type { Watcher } from '../../ports/source.ts';
import { createChangeLog } from './change-log.ts';
import { countEvent, onSuspectedLoss } from './event-burst.ts';
import type { FolderRuleCache } from './folder-rules.ts';
import { nameOf, parentOf } from './folder-rules.ts';
import type { FolderRules, IgnoreTree } from './ignore-tree.ts';
import { isIgnoreFileName, outerStamps } from './ignore-tree.ts';
import { listFolder } from './walk.ts';

const SLICE_MS = 12;

interface WatchedFolder {
  readonly handle: FSWatcher;
  readonly rules: FolderRules;
  readonly files: Set<string>;
  readonly folders: Set<string>;
}

export interface FolderWatcherOptions {
  readonly root: string;
  readonly tree: IgnoreTree;
  readonly cache: FolderRuleCache;
  /** False where files can change without an event: `complete` then stays false. */
  readonly reliable: boolean;
}

export async function openFolderWatcher(options: FolderWatcherOptions): Promise<Watcher> {
  const { root, tree, cache } = options;
  const log = createChangeLog();
  const watched = new Map<FilePath, WatchedFolder>();
  let outer = outerStamps(tree);
  let started = false;
  let failed = false;
  let closed = false;
  /** Rules changed or events were lost: the set of watched folders must be made anew before the next answer. */
  let mustResync = false;

  const trust = (): void => {
    cache.trusted = started && options.reliable && !failed && !closed;
  };
  const fail = (): void => {
    failed = true;
    trust();
    log.addAll();
  };
  const suspectLoss = (): void => {
    mustResync = true;
    cache.forget();
    log.addAll();
  };

  /** Watches, then lists: what is made in between is in the listing or comes as an event. Returns subfolders. */
  const watchFolder = (path: FilePath, parentRules: FolderRules | undefined): WatchedFolder | undefined => {
    let handle: FSWatcher;
    try {
      handle = watch(join(root, path), { persistent: false }, (type, name) => onEvent(path, type, name));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Gone meanwhile or not ours to read: the walk leaves it out as well. Anything else is a limit of the system.
      if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'EACCES' && code !== 'EPERM') fail();
      return undefined;
    }
    handle.on('error', fail);
    const listing = listFolder(root, tree, path, parentRules);
    if (listing === undefined) {
      handle.close();
      return undefined;
    }
    const folder: WatchedFolder = {
      handle,
      rules: listing.rules,
      files: new Set(listing.files.map(nameOf)),
      folders: new Set(listing.folders.map(nameOf)),
    };
    watched.set(path, folder);
    return folder;
  };

  /** A folder that appeared: all its files may be new. */
  const addTree = (path: FilePath, parentRules: FolderRules): void => {
    const pending: { path: FilePath; rules: FolderRules }[] = [{ path, rules: parentRules }];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const folder = watchFolder(next.path, next.rules);
      if (folder === undefined) continue;
      for (const name of folder.files) log.add(`${next.path}/${name}`);
      for (const name of folder.folders) pending.push({ path: `${next.path}/${name}`, rules: folder.rules });
    }
  };

  /** A folder that went away or is left out now: so do all its files. */
  const dropTree = (path: FilePath): void => {
    const pending = [path];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const folder = watched.get(next);
      if (folder === undefined) continue;
      folder.handle.close();
      watched.delete(next);
      for (const name of folder.files) log.add(`${next}/${name}`);
      for (const name of folder.folders) pending.push(`${next}/${name}`);
    }
  };

  const onEvent = (folderPath: FilePath, type: string, name: string | null): void => {
    if (closed) return;
    countEvent();
    if (name === null) return suspectLoss();
    const path = folderPath === '' ? name : `${folderPath}/${name}`;
    if (type === 'change' && log.has(path)) return;
    if (isIgnoreFileName(name) || (name === '.git' && type === 'rename')) return suspectLoss();
    const folder = watched.get(folderPath);
    if (folder === undefined || name === '.git') return;
    const stats = lstatOrUndefined(join(root, path));
    if (stats?.isDirectory()) onFolder(folder, path, type);
    else onFile(folder, path, stats?.isFile() ?? false);
    // A folder tells of its own end under its own name; nobody above the root would tell of the root's.
    if (folderPath === '' && stats === undefined && name === basename(root) && !isFolder(root)) fail();
  };

  const onFolder = (parent: WatchedFolder, path: FilePath, type: string): void => {
    const name = nameOf(path);
    if (parent.files.delete(name)) log.add(path);
    if (type === 'change' && watched.has(path) && isReadable(join(root, path))) return;
    // Also a folder known by this name: it may be another one now, whose watch died with the old.
    dropTree(path);
    if (tree.ignores(parent.rules, path, name, true)) parent.folders.delete(name);
    else {
      parent.folders.add(name);
      addTree(path, parent.rules);
    }
  };

  const onFile = (parent: WatchedFolder, path: FilePath, exists: boolean): void => {
    const name = nameOf(path);
    if (parent.folders.delete(name)) dropTree(path);
    const known = parent.files.has(name);
    if (!known && tree.ignores(parent.rules, path, name, false)) return;
    if (exists) parent.files.add(name);
    else parent.files.delete(name);
    log.add(path);
  };

  /** Makes the watched folders those that the walk would enter now. */
  const resync = (): void => {
    mustResync = false;
    cache.forget();
    outer = outerStamps(tree);
    const before = new Map(watched);
    watched.clear();
    const pending: FilePath[] = [''];
    for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
      const folder = watchFolder(path, path === '' ? undefined : watched.get(parentOf(path))?.rules);
      for (const name of folder?.folders ?? []) pending.push(path === '' ? name : `${path}/${name}`);
    }
    for (const folder of before.values()) folder.handle.close();
    log.addAll();
  };

  const start = async (): Promise<void> => {
    const pending: FilePath[] = [''];
    let sliceEnd = performance.now() + SLICE_MS;
    for (let path = pending.pop(); path !== undefined && !failed; path = pending.pop()) {
      const folder = watched.get(path) ?? watchFolder(path, watched.get(parentOf(path))?.rules);
      for (const name of folder?.folders ?? []) pending.push(path === '' ? name : `${path}/${name}`);
      if (performance.now() < sliceEnd) continue;
      await nextTurn();
      sliceEnd = performance.now() + SLICE_MS;
    }
    started = true;
    if (!watched.has('')) fail();
    trust();
  };

  const endSuspicion = onSuspectedLoss(suspectLoss);
  await start();

  return {
    async drain() {
      // The poll that hands over queued events may be running or past when the call comes: the second turn begins with a
      // poll of its own. What an event leads to (watching and listing a new folder) happens while it is delivered.
      await nextTurn();
      await nextTurn();
      if (closed) return { paths: new Set(), all: true };
      if (mustResync || outer !== outerStamps(tree)) resync();
      return log.take();
    },
    onChange: (listener) => log.onChange(listener),
    get complete() {
      return started && options.reliable && !failed && !closed;
    },
    async close() {
      if (closed) return;
      closed = true;
      trust();
      cache.forget();
      endSuspicion();
      for (const folder of watched.values()) folder.handle.close();
      watched.clear();
      log.close();
    },
  };
}

function isFolder(path: string): boolean {
  return lstatOrUndefined(path)?.isDirectory() ?? false;
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function lstatOrUndefined(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
