/**
 * Watches each folder by itself: one inotify watch a folder, none in what the rules leave out. For Linux.
 * Turns events into paths of files; the bookkeeping of folders is in `watched-folders.ts`.
 */
import type { Stats } from 'node:fs';
import { accessSync, constants, lstatSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FilePath } from '../../model/file.ts';
import type { ChangeSet, Watcher } from '../../ports/source.ts';
import type { ChangeLog } from './change-log.ts';
import { createChangeLog } from './change-log.ts';
import { countEvent, onSuspectedLoss } from './event-burst.ts';
import type { FolderRuleCache } from './folder-rules.ts';
import { nameOf } from './folder-rules.ts';
import type { IgnoreTree } from './ignore-tree.ts';
import { isIgnoreFileName, outerStamps } from './ignore-tree.ts';
import type { WatchedFolder, WatchedFolders } from './watched-folders.ts';
import { addTree, dropTree, rewatchAll, watchAll } from './watched-folders.ts';

export interface FolderWatcherOptions {
  readonly root: string;
  readonly tree: IgnoreTree;
  readonly cache: FolderRuleCache;
  /** False where files can change without an event: `complete` then stays false. */
  readonly reliable: boolean;
}

interface State {
  readonly options: FolderWatcherOptions;
  readonly log: ChangeLog;
  readonly folders: WatchedFolders;
  /** Stamps of the ignore files outside the watched folders, when the rules were last read. */
  outer: string;
  phase: 'starting' | 'watching' | 'failed' | 'closed';
  /** Rules changed or events were lost: the set of watched folders must be made anew before the next answer. */
  mustRewatch: boolean;
}

/** Resolves when every folder is watched, or the system has refused. */
export async function openFolderWatcher(options: FolderWatcherOptions): Promise<Watcher> {
  const { root, tree, cache } = options;
  const log = createChangeLog();
  const folders: WatchedFolders = {
    root,
    tree,
    byPath: new Map(),
    report: log.add,
    onEvent: (folder, type, name) => onEvent(state, folder, type, name),
    onFailure: () => setPhase(state, 'failed'),
  };
  const state: State = {
    options,
    log,
    folders,
    outer: outerStamps(tree),
    phase: 'starting',
    mustRewatch: false,
  };
  const stopSuspecting = onSuspectedLoss(() => expectAnything(state));
  await watchAll(folders, () => state.phase !== 'starting');
  if (state.phase === 'starting') setPhase(state, folders.byPath.has('') ? 'watching' : 'failed');

  return {
    drain: () => drain(state),
    onChange: log.onChange,
    get complete() {
      return isComplete(state);
    },
    async close() {
      if (state.phase === 'closed') return;
      setPhase(state, 'closed');
      stopSuspecting();
      cache.forget();
      for (const folder of folders.byPath.values()) folder.handle.close();
      folders.byPath.clear();
      log.close();
    },
  };
}

async function drain(state: State): Promise<ChangeSet> {
  // The poll that hands over queued events may be running or past when the call comes: the second turn begins with a
  // poll of its own. What an event leads to (watching and listing a new folder) happens while it is delivered.
  await nextTurn();
  await nextTurn();
  if (state.phase === 'closed') return { paths: new Set(), all: true };
  const outer = outerStamps(state.folders.tree);
  if (outer !== state.outer) expectAnything(state);
  if (state.mustRewatch) {
    state.mustRewatch = false;
    state.outer = outer;
    rewatchAll(state.folders);
  }
  return state.log.take();
}

function onEvent(state: State, folderPath: FilePath, type: string, name: string | null): void {
  if (state.phase === 'closed') return;
  countEvent();
  // Rules changed, or the system does not say what did.
  if (name === null || isIgnoreFileName(name) || (name === '.git' && type === 'rename')) {
    expectAnything(state);
    return;
  }
  const path = folderPath === '' ? name : `${folderPath}/${name}`;
  // Many events of one file cost one look at it: a later writing changes nothing about what is known.
  if (type === 'change' && state.log.has(path)) return;
  const folder = state.folders.byPath.get(folderPath);
  if (folder === undefined || name === '.git') return;
  const { root } = state.folders;
  const stats = lstatOrUndefined(join(root, path));
  if (stats?.isDirectory()) onFolder(state, folder, path, type);
  else onFile(state, folder, path, stats?.isFile() ?? false);
  // A folder tells of its own end under its own name; of the root's nobody above tells.
  if (folderPath === '' && stats === undefined && name === basename(root) && !isFolder(root))
    setPhase(state, 'failed');
}

function onFolder(state: State, parent: WatchedFolder, path: FilePath, type: string): void {
  const { folders, log } = state;
  const name = nameOf(path);
  if (parent.files.delete(name)) log.add(path);
  if (type === 'change' && folders.byPath.has(path) && isReadable(join(folders.root, path))) return;
  // Also a folder known by this name: it may be another one now, whose watch died with the old.
  dropTree(folders, path);
  if (folders.tree.ignores(parent.rules, path, name, true)) parent.folders.delete(name);
  else {
    parent.folders.add(name);
    addTree(folders, path, parent.rules);
  }
}

/**
 * A file, or anything that is not a folder, or nothing any more. What is gone is reported also when it was never seen here:
 * a walk may have seen it between its two events.
 */
function onFile(state: State, parent: WatchedFolder, path: FilePath, exists: boolean): void {
  const { folders, log } = state;
  const name = nameOf(path);
  if (parent.folders.delete(name)) dropTree(folders, path);
  if (!parent.files.has(name) && folders.tree.ignores(parent.rules, path, name, false)) return;
  if (exists) parent.files.add(name);
  else parent.files.delete(name);
  log.add(path);
}

function expectAnything(state: State): void {
  state.mustRewatch = true;
  state.options.cache.forget();
  state.log.addAll();
}

function setPhase(state: State, phase: State['phase']): void {
  if (state.phase !== 'closed') state.phase = phase;
  state.options.cache.trusted = isComplete(state);
  if (phase === 'failed') state.log.addAll();
}

function isComplete(state: State): boolean {
  return state.phase === 'watching' && state.options.reliable;
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
