/**
 * The set of folders that are watched, one watch each: how a folder enters and leaves it, with all that is below.
 * Does not interpret events.
 *
 * Remembers the names of the files in each folder (some 100 bytes a file), because a folder that is moved away takes its
 * files along with a single event, and a change set must name files.
 */
import type { FSWatcher } from 'node:fs';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FilePath } from '../../model/file.ts';
import { nameOf, parentOf } from './folder-rules.ts';
import type { FolderRules, IgnoreTree } from './ignore-tree.ts';
import { listFolder } from './walk.ts';

/** Requests get a turn after this long while a large tree is taken up. */
const SLICE_MS = 12;

export interface WatchedFolder {
  readonly handle: FSWatcher;
  readonly rules: FolderRules;
  /** Names of what the rules let through. */
  readonly files: Set<string>;
  readonly folders: Set<string>;
}

export interface WatchedFolders {
  readonly root: string;
  readonly tree: IgnoreTree;
  readonly byPath: Map<FilePath, WatchedFolder>;
  /** A file may have changed, come or gone. */
  readonly report: (path: FilePath) => void;
  readonly onEvent: (folder: FilePath, type: string, name: string | null) => void;
  /** The system refuses more watches, or one broke. */
  readonly onFailure: () => void;
}

/** Watches first, then lists: what is made in between is in the listing or comes as an event. */
function watchFolder(
  set: WatchedFolders,
  path: FilePath,
  parentRules: FolderRules | undefined,
): WatchedFolder | undefined {
  let handle: FSWatcher;
  try {
    handle = watch(join(set.root, path), { persistent: false }, (type, name) =>
      set.onEvent(path, type, name),
    );
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Gone meanwhile or not ours to read: the walk leaves it out as well. Anything else is a limit of the system.
    if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'EACCES' && code !== 'EPERM') set.onFailure();
    return undefined;
  }
  handle.on('error', set.onFailure);
  const listing = listFolder(set.root, set.tree, path, parentRules);
  if (listing === undefined) {
    handle.close();
    return undefined;
  }
  const files = new Set(listing.files.map(nameOf));
  const folder: WatchedFolder = {
    handle,
    rules: listing.rules,
    files,
    folders: new Set(listing.folders.map(nameOf)),
  };
  set.byPath.set(path, folder);
  return folder;
}

/** A folder that appeared: all its files may be new. */
export function addTree(set: WatchedFolders, path: FilePath, parentRules: FolderRules): void {
  const pending = [{ path, rules: parentRules }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const folder = watchFolder(set, next.path, next.rules);
    if (folder === undefined) continue;
    for (const name of folder.files) set.report(`${next.path}/${name}`);
    for (const name of folder.folders) pending.push({ path: `${next.path}/${name}`, rules: folder.rules });
  }
}

/** A folder that went away or is left out now: so do all its files. */
export function dropTree(set: WatchedFolders, path: FilePath): void {
  const pending = [path];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const folder = set.byPath.get(next);
    if (folder === undefined) continue;
    folder.handle.close();
    set.byPath.delete(next);
    for (const name of folder.files) set.report(`${next}/${name}`);
    for (const name of folder.folders) pending.push(`${next}/${name}`);
  }
}

/** Watches every folder the walk would enter. Ends early when `stopped` says so. */
export async function watchAll(set: WatchedFolders, stopped: () => boolean): Promise<void> {
  const pending: FilePath[] = [''];
  let sliceEnd = performance.now() + SLICE_MS;
  for (let path = pending.pop(); path !== undefined && !stopped(); path = pending.pop()) {
    // An event may have been faster.
    const folder = set.byPath.get(path) ?? enter(set, path);
    for (const name of folder?.folders ?? []) pending.push(below(path, name));
    if (performance.now() < sliceEnd) continue;
    await nextTurn();
    sliceEnd = performance.now() + SLICE_MS;
  }
}

/** The same anew and in one go, without a moment in which a folder is not watched. */
export function rewatchAll(set: WatchedFolders): void {
  const old = [...set.byPath.values()];
  set.byPath.clear();
  const pending: FilePath[] = [''];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const folder = enter(set, path);
    for (const name of folder?.folders ?? []) pending.push(below(path, name));
  }
  for (const folder of old) folder.handle.close();
}

function enter(set: WatchedFolders, path: FilePath): WatchedFolder | undefined {
  if (path === '') return watchFolder(set, path, undefined);
  // undefined: an event dropped the parent meanwhile.
  const parent = set.byPath.get(parentOf(path));
  return parent === undefined ? undefined : watchFolder(set, path, parent.rules);
}

function below(folder: FilePath, name: string): FilePath {
  return folder === '' ? name : `${folder}/${name}`;
}
