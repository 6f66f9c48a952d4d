/**
 * Lists the files of a workspace with their stamps, folder by folder, never entering what ignore rules leave out.
 * Does not read contents and does not judge them: binary, generated or secret files are the indexing's business.
 *
 * Links are never followed. One that leads to a place inside the root would deliver a file twice or one that the rules
 * leave out; one that leads outside is refused. Each is reported, so that nothing is missing without a reason.
 */
import type { Dirent } from 'node:fs';
import { lstatSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ConexusError } from '../../model/errors.ts';
import type { FileEntry, FilePath, SkippedFile, SkipReason } from '../../model/file.ts';
import type { WalkResult } from '../../ports/source.ts';
import type { FolderNames, FolderRules, IgnoreTree } from './ignore-tree.ts';
import { GIT_IGNORE_FILE, isIgnoreFileName, OWN_IGNORE_FILE } from './ignore-tree.ts';
import { toStamp } from './regular-file.ts';
import { isInside, isWorkspacePath, openRoot } from './resolve-inside.ts';

/** The event loop gets a turn after this long, so that requests are answered during a large walk. */
const SLICE_MS = 12;

const BIG_STATS = { bigint: true, throwIfNoEntry: false } as const;

type EntryKind = 'file' | 'folder' | 'link' | 'special';

interface Folder {
  readonly path: FilePath;
  readonly parentRules: FolderRules | undefined;
}

/** What one folder holds, after the rules. */
export interface FolderListing {
  readonly rules: FolderRules;
  readonly files: readonly FilePath[];
  readonly folders: readonly FilePath[];
  readonly skipped: readonly SkippedFile[];
  readonly ignoredCount: number;
}

/** @throws ConexusError cancelled */
export async function walkFiles(root: string, tree: IgnoreTree, signal?: AbortSignal): Promise<WalkResult> {
  const files: FileEntry[] = [];
  const skipped: SkippedFile[] = [];
  let ignoredCount = 0;
  const pending: Folder[] = [{ path: '', parentRules: undefined }];
  let sliceEnd = performance.now() + SLICE_MS;
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const listing = listFolder(root, tree, folder.path, folder.parentRules);
    if (listing === undefined) {
      if (folder.path === '') openRoot(root); // Says what is wrong with the root.
      skipped.push({ path: folder.path, reason: 'unreadable' });
      continue;
    }
    ignoredCount += listing.ignoredCount;
    for (const left of listing.skipped) skipped.push(left);
    for (const path of listing.files) addFile(root, path, files, skipped);
    for (const path of listing.folders.toReversed()) {
      pending.push({ path, parentRules: listing.rules });
    }
    if (performance.now() < sliceEnd) continue;
    await nextTurn();
    if (signal?.aborted) throw cancelled();
    sliceEnd = performance.now() + SLICE_MS;
  }
  if (signal?.aborted) throw cancelled();
  return { files, skipped, ignoredCount };
}

/** Lists one folder by the rules of its parent (none for the root); undefined when it cannot be read. */
export function listFolder(
  root: string,
  tree: IgnoreTree,
  folder: FilePath,
  parentRules: FolderRules | undefined,
): FolderListing | undefined {
  let entries: Dirent[];
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true });
  } catch {
    return undefined;
  }
  const rules =
    parentRules === undefined ? tree.rootRules() : tree.childRules(parentRules, folder, ruleNames(entries));
  const files: FilePath[] = [];
  const folders: FilePath[] = [];
  const skipped: SkippedFile[] = [];
  let ignoredCount = 0;
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    const kind = entryKind(entry, root, path);
    if (tree.ignores(rules, path, entry.name, kind === 'folder'))
      ignoredCount += entry.name === '.git' ? 0 : 1;
    else if (kind === 'special') skipped.push({ path, reason: 'special' });
    else if (kind === 'link') skipped.push({ path, reason: linkReason(root, path) });
    // A name that `resolveInside` would refuse, such as one with a backslash: nobody could read it.
    else if (!isWorkspacePath(path)) skipped.push({ path, reason: 'unreadable' });
    else if (kind === 'folder') folders.push(path);
    else files.push(path);
  }
  return { rules, files, folders, skipped, ignoredCount };
}

function addFile(root: string, path: FilePath, files: FileEntry[], skipped: SkippedFile[]): void {
  try {
    // Not `join`: for a path that is plain it takes a fifth of the call's time.
    const stats = lstatSync(`${root}/${path}`, BIG_STATS);
    if (stats?.isFile()) files.push({ path, stamp: toStamp(stats) });
    // A name that is no valid UTF-8 cannot be asked for again.
    else if (path.includes('\uFFFD')) skipped.push({ path, reason: 'unreadable' });
    // Otherwise it went away or became something else since it was listed: the next walk will say.
  } catch {
    skipped.push({ path, reason: 'unreadable' });
  }
}

function ruleNames(entries: readonly Dirent[]): FolderNames {
  const found = { gitIgnore: false, ownIgnore: false, git: false };
  for (const { name } of entries) {
    if (!name.startsWith('.')) continue;
    if (name === '.git') found.git = true;
    else if (isIgnoreFileName(name)) {
      found.gitIgnore ||= name === GIT_IGNORE_FILE;
      found.ownIgnore ||= name === OWN_IGNORE_FILE;
    }
  }
  return found;
}

/** Some file systems do not say the kind in the listing: then the file itself is asked. */
function entryKind(entry: Dirent, root: string, path: FilePath): EntryKind {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  if (entry.isSymbolicLink()) return 'link';
  if (entry.isFIFO() || entry.isSocket() || entry.isBlockDevice() || entry.isCharacterDevice())
    return 'special';
  try {
    const stats = lstatSync(join(root, path), { throwIfNoEntry: false });
    if (stats?.isDirectory()) return 'folder';
    if (stats?.isSymbolicLink()) return 'link';
    return stats?.isFile() ? 'file' : 'special';
  } catch {
    return 'file';
  }
}

function linkReason(root: string, path: FilePath): SkipReason {
  try {
    return isInside(root, realpathSync.native(join(root, path))) ? 'symlink_loop' : 'symlink_outside';
  } catch (error) {
    // A circle stays inside; a link to nowhere may point anywhere.
    return (error as NodeJS.ErrnoException).code === 'ELOOP' ? 'symlink_loop' : 'symlink_outside';
  }
}

function cancelled(): ConexusError {
  return new ConexusError(
    'cancelled',
    'Listing the files was cancelled.',
    'Send the request again if it is wanted.',
  );
}
