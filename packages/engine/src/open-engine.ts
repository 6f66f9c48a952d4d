/** The composition root: the only file that chooses adapters. */
import { existsSync, realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, relative, sep } from 'node:path';
import { openRipgrep } from './adapters/grep/ripgrep.ts';
import { openGitHistory } from './adapters/history/git-history.ts';
import { openDiskSource } from './adapters/sources/disk-source.ts';
import { findGitLayout } from './adapters/sources/git-layout.ts';
import { openCache } from './adapters/stores/cache-home.ts';
import { evict } from './adapters/stores/eviction.ts';
import { openOrRebuild } from './adapters/stores/recovery.ts';
import type { Engine, EngineOptions, Workspace } from './engine.ts';
import { type BatchTask, runBatch } from './indexing/batch.ts';
import { createWorkerPool } from './indexing/worker-pool.ts';
import { DEFAULT_MAX_FILE_BYTES } from './model/skip-rules.ts';
import type { History } from './ports/history.ts';
import { createWorkspace } from './workspace.ts';

const DEFAULT_MAX_CACHE_BYTES = 10 * 2 ** 30;
const POSTING_CACHE_BYTES = 64 << 20;
const MAX_WORKERS = 8;
/** Fewer files than this are read in the calling thread: a thread's start costs more than they do. */
const INLINE_DERIVE_FILES = 4;
const INLINE_HASH_FILES = 64;

/** Opens no file until a workspace is opened. */
export function openEngine(options: EngineOptions): Promise<Engine> {
  return openEngineWith(options, { history: openGitHistory });
}

/** Parts that a composition of our own may exchange. Not part of the public door. */
export interface EngineParts {
  /** The history of the workspace at this root, an absolute real path. */
  history(root: string): History;
}

export async function openEngineWith(options: EngineOptions, parts: EngineParts): Promise<Engine> {
  const size = options.workers ?? Math.min(MAX_WORKERS, availableParallelism());
  const pool = createWorkerPool(workerEntry(), size);
  const open = new Map<string, Promise<Workspace>>();

  const openOne = async (root: string): Promise<Workspace> => {
    const source = openDiskSource(root);
    const family = familyOf(source.root);
    const cache = openCache(options.home, family.key);
    const { store } = openOrRebuild(cache.file);
    const maxBytes = options.maxCacheBytes ?? DEFAULT_MAX_CACHE_BYTES;
    // After the answer that this opening is for: sizing other caches is not its work.
    setImmediate(() => tryEvict(options.home, maxBytes, cache.id)).unref();
    return createWorkspace({
      source,
      store,
      storeFile: cache.file,
      workspace: await store.openWorkspace(source.root),
      history: parts.history(source.root),
      prefix: family.prefix,
      grep: openRipgrep(source.root, { includes: (path) => source.includes(path) }),
      maxFileBytes: options.maxFileBytes ?? DEFAULT_MAX_FILE_BYTES,
      parallel: size,
      postingCacheBytes: POSTING_CACHE_BYTES,
      run: (task, more) => (!more && isSmall(task) ? runBatch(source, task) : pool.run(source.root, task, more)),
      merge: pool.merge,
      release: async () => {
        open.delete(source.root);
        await store.close();
        cache.release();
      },
    });
  };

  return {
    async openWorkspace(root) {
      const path = openDiskSource(root).root;
      let workspace = open.get(path);
      if (!workspace) {
        workspace = openOne(path);
        open.set(path, workspace);
        workspace.catch(() => open.delete(path));
      }
      return workspace;
    },
    async close() {
      await Promise.all([...open.values()].map(async (workspace) => (await workspace).close()));
      await pool.close();
    },
  };
}

const isSmall = ({ type, paths, suspect }: BatchTask) =>
  !suspect && paths.length <= (type === 'derive' ? INLINE_DERIVE_FILES : INLINE_HASH_FILES);

/** The script beside this one: TypeScript in a checkout, JavaScript in the package. */
function workerEntry(): URL {
  const source = new URL('./index-worker.ts', import.meta.url);
  return existsSync(source) ? source : new URL('./index-worker.js', import.meta.url);
}

/** Worktrees share what they derive: the family is named by the common git directory, outside git by the root. */
function familyOf(root: string): { readonly key: string; readonly prefix: string } {
  const layout = findGitLayout(root);
  if (!layout) return { key: root, prefix: '' };
  const commonDir = dirname(dirname(layout.excludeFile));
  return { key: existsSync(commonDir) ? realpathSync(commonDir) : root, prefix: relative(layout.top, root).split(sep).join('/') };
}

/** Eviction is housekeeping: a cache that cannot be removed now is tried at the next opening. */
function tryEvict(home: string, maxBytes: number, keep: string): void {
  try {
    evict(home, maxBytes, [keep]);
  } catch {
    // Another process may be evicting, or using what would go.
  }
}
