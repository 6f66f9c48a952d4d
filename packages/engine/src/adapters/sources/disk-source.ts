/**
 * The working tree on disk as a `Source`: joins walk, rules, reading and watching.
 * What the walk leaves out has no stamp. Reading alone does not ask the ignore rules, because it is done for every file
 * of a workspace: ask `includes` first about a path that a user named.
 */
import type { BigIntStats } from 'node:fs';
import { lstatSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { FilePath, FileStamp } from '../../model/file.ts';
import type { Source } from '../../ports/source.ts';
import { openFolderRuleCache } from './folder-rules.ts';
import { openIgnoreTree } from './ignore-tree.ts';
import { readRegularFile, toStamp } from './regular-file.ts';
import { isWorkspacePath, openRoot, resolveInside } from './resolve-inside.ts';
import { walkFiles } from './walk.ts';
import { openWatcher } from './watch.ts';

export interface DiskSourceOptions {
  /** Larger files are not read. Far above what indexing accepts: it guards memory, it is no policy. */
  readonly maxReadBytes?: number;
}

const DEFAULT_MAX_READ_BYTES = 64 * 1024 * 1024;
/** A file that is replaced (not written in place) while it is read is read again. */
const MAX_READ_ATTEMPTS = 4;

/** @throws ConexusError root_missing, root_not_directory, root_unreadable */
export function openDiskSource(path: string, options: DiskSourceOptions = {}): Source {
  const root = openRoot(path);
  const maxReadBytes = options.maxReadBytes ?? DEFAULT_MAX_READ_BYTES;
  // Layout and outer ignore files are found once; a repository created later above the root needs a new source.
  const tree = openIgnoreTree(root);
  const cache = openFolderRuleCache(root, tree);

  const statsOf = (wanted: FilePath): BigIntStats | undefined => {
    if (!isPlain(wanted)) return undefined;
    const absolute = join(root, wanted);
    const stats = lstatOrUndefined(absolute);
    return stats?.isFile() && isRealPath(absolute) ? stats : undefined;
  };
  const stampOf = (wanted: FilePath): FileStamp | undefined => {
    const stats = statsOf(wanted);
    return stats === undefined || cache.ignored(wanted, false) ? undefined : toStamp(stats);
  };

  return {
    root,
    walk: (signal) => walkFiles(root, tree, signal),
    stamp: stampOf,
    includes: (wanted) => stampOf(wanted) !== undefined,
    read(wanted) {
      // Hot: for a path whose text is sound, where links lead is asked once, after reading: what was read is the file at
      // this path, and no folder on the way is a link. What turns out to be elsewhere is dropped.
      if (isPlain(wanted)) {
        const absolute = join(root, wanted);
        for (let attempt = 0; attempt < MAX_READ_ATTEMPTS; attempt++) {
          const read = readRegularFile(absolute, maxReadBytes, true);
          if (read?.path === absolute) return read;
          const now = read && statsOf(wanted);
          if (now === undefined) break;
          if (now.ino === read?.stamp.inode) return read;
        }
      }
      resolveInside(root, wanted);
      return undefined;
    },
    watch: () => openWatcher(root, tree, cache),
  };
}

/** A path as the walk writes it, and nothing of git's own. */
function isPlain(path: FilePath): boolean {
  return (
    isWorkspacePath(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '.git')
  );
}

/** The walk follows no links, so a path that goes through one is not among its files. Costs one call. */
function isRealPath(absolute: string): boolean {
  try {
    return realpathSync.native(absolute) === absolute;
  } catch {
    return false;
  }
}

function lstatOrUndefined(absolute: string): BigIntStats | undefined {
  try {
    return lstatSync(absolute, { bigint: true, throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
