/**
 * Watches a workspace with the system's own recursive watching. For macOS and Windows, where events come some time after
 * the change: `complete` is always false, so requests scan, and the events only start work early.
 */
import type { FSWatcher } from 'node:fs';
import { lstatSync, watch } from 'node:fs';
import { join, sep } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FilePath } from '../../model/file.ts';
import type { Watcher } from '../../ports/source.ts';
import { createChangeLog } from './change-log.ts';
import type { FolderRuleCache } from './folder-rules.ts';
import { nameOf } from './folder-rules.ts';
import type { IgnoreTree } from './ignore-tree.ts';
import { isIgnoreFileName, outerStamps } from './ignore-tree.ts';

export async function openRecursiveWatcher(
  root: string,
  tree: IgnoreTree,
  cache: FolderRuleCache,
): Promise<Watcher> {
  const log = createChangeLog();
  let outer = outerStamps(tree);
  let handle: FSWatcher | undefined;

  const onEvent = (name: string | null): void => {
    const path: FilePath = (name ?? '').split(sep).join('/');
    if (/(^|\/)\.git\//.test(path)) return;
    if (name === null || isIgnoreFileName(nameOf(path)) || nameOf(path) === '.git') {
      cache.forget();
      log.addAll();
      return;
    }
    if (log.has(path)) return;
    const kind = kindOf(join(root, path));
    if (cache.ignored(path, kind === 'folder')) return;
    // A folder that came or went stands for files that no event names, and what is gone may have been a folder.
    if (kind === 'file') log.add(path);
    else log.addAll();
  };

  try {
    handle = watch(root, { recursive: true, persistent: false }, (_type, name) => onEvent(name));
    handle.on('error', () => log.addAll());
  } catch {
    log.addAll();
  }

  return {
    async drain() {
      await nextTurn();
      await nextTurn();
      const now = outerStamps(tree);
      if (now !== outer) {
        outer = now;
        cache.forget();
        log.addAll();
      }
      return log.take();
    },
    onChange: (listener) => log.onChange(listener),
    complete: false,
    async close() {
      handle?.close();
      handle = undefined;
      log.close();
    },
  };
}

function kindOf(path: string): 'file' | 'folder' | 'other' {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory()) return 'folder';
    return stats?.isFile() ? 'file' : 'other';
  } catch {
    return 'other';
  }
}
