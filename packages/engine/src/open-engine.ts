/** The composition root: the only file that chooses adapters. */
import { existsSync, realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openEmbedder } from './adapters/embedders/open-embedder.ts';
import { openRipgrep } from './adapters/grep/ripgrep.ts';
import { openCommitSource } from './adapters/history/commit-source.ts';
import { openGitChanges } from './adapters/history/git-changes.ts';
import { openGitHistory } from './adapters/history/git-history.ts';
import { openLineHistory } from './adapters/history/line-origins.ts';
import { readBuiltinModel } from './adapters/models/builtin-model.ts';
import { runScript } from './adapters/processes/script-process.ts';
import { openReranker } from './adapters/rerankers/open-reranker.ts';
import { openDiskSource } from './adapters/sources/disk-source.ts';
import { findGitLayout } from './adapters/sources/git-layout.ts';
import { openCache } from './adapters/stores/cache-home.ts';
import { evict } from './adapters/stores/eviction.ts';
import { type FileLock, lockFile } from './adapters/stores/file-lock.ts';
import { type Damage, openOrRebuild } from './adapters/stores/recovery.ts';
import type { SqliteStoreOptions } from './adapters/stores/sqlite-store.ts';
import { createQuestionThreads } from './adapters/threads/question-threads.ts';
import { createScanThreads } from './adapters/threads/scan-threads.ts';
import { walkInThread } from './adapters/threads/walk-thread.ts';
import { type ModelFile, openModel } from './embedding/model-file.ts';
import type { Engine, EngineOptions, OpenOptions } from './engine.ts';
import { adaptToRepository, type LearningParts } from './indexing/adapt-to-repository.ts';
import { type BatchTask, runBatch } from './indexing/batch.ts';
import { carefulStore } from './indexing/careful-store.ts';
import { createWorkerPool } from './indexing/worker-pool.ts';
import type { ConexusError } from './model/errors.ts';
import { DEFAULT_MAX_FILE_BYTES } from './model/skip-rules.ts';
import type { History } from './ports/history.ts';
import { noObserver } from './ports/observer.ts';
import type { QuestionThreads } from './ports/question-threads.ts';
import type { Source, WalkResult } from './ports/source.ts';
import { currentModel, type ModelChoice } from './workspace/models.ts';
import { createRecoveringWorkspace, type OpenedWorkspace } from './workspace/recovering-workspace.ts';
import { type ComposedWorkspace, createWorkspace } from './workspace/workspace.ts';

const DEFAULT_MAX_CACHE_BYTES = 10 * 2 ** 30;
const POSTING_CACHE_BYTES = 64 << 20;
const MAX_WORKERS = 8;
/** Scans wait for memory rather than for processors: a few threads take all it gives. */
const MAX_SCAN_HELPERS = 3;
/** Of a run that nobody confirmed: about 15 MB of source, a dollar at most. */
const DEFAULT_CONFIRM_TOKENS = 5_000_000;
/** Of the thread that resolves the graph: see `MAX_FACTS_BYTES`. */
const GRAPH_LIMITS = { maxYoungGenerationSizeMb: 32, maxOldGenerationSizeMb: 2048 };
/** What threads get to end their batches when the engine is closed. */
const THREADS_MS = 600;
/** Fewer files than this are read in the calling thread: a thread's start costs more than they do. */
const INLINE_DERIVE_FILES = 4;
const INLINE_HASH_FILES = 64;
const EARLY_WALK_FILES = 8_000;

/** Opens no file until a workspace is opened. */
export function openEngine(options: EngineOptions): Promise<Engine> {
  return openEngineWith(options, { history: openGitHistory });
}

/** Parts that a composition of our own may exchange. Not part of the public door. */
export interface EngineParts {
  /** The history of the workspace at this root, an absolute real path. */
  history(root: string): History;
  readonly store?: SqliteStoreOptions;
  /** Instead of the binary that the package brings. */
  readonly ripgrep?: string;
  /** In a thread of a process whose main thread has the same roots open: builds, publishes, repairs and teaches nothing. */
  readonly follows?: { onDamage(): void };
}

export interface ComposedEngine extends Engine {
  openWorkspace(root: string, options?: OpenOptions): Promise<ComposedWorkspace>;
}

export async function openEngineWith(options: EngineOptions, parts: EngineParts): Promise<ComposedEngine> {
  const size = options.workers ?? Math.min(MAX_WORKERS, availableParallelism());
  const pool = createWorkerPool(besideThis('index-worker'), size);
  const graphThread = createWorkerPool(besideThis('index-worker'), 1, undefined, undefined, GRAPH_LIMITS);
  const helpers = Math.min(MAX_SCAN_HELPERS, size - 1);
  const scanThreads = helpers > 0 ? createScanThreads(besideThis('scan-worker'), helpers) : undefined;
  const open = new Map<string, Promise<ComposedWorkspace>>();
  const model = options.embedder === 'none' ? undefined : builtinModel();
  const chosen = typeof options.embedder === 'object' ? options.embedder : undefined;
  const embedder = chosen && openEmbedder(chosen, options.home);
  const reranker = options.reranker && openReranker(options.reranker);
  const threads = questionThreadsOf(options);

  const compose = async (
    source: Source,
    damage: Damage | undefined,
    { asked = false }: OpenOptions = {},
  ): Promise<OpenedWorkspace & { readonly identity: string }> => {
    const family = familyOf(source.root);
    const cache = openCache(options.home, family.key);
    let closeStore = async () => {};
    try {
      const { store: opened, rebuilt, identity } = openOrRebuild(cache.file, parts.store, damage);
      closeStore = () => opened.close();
      const { promise: damaged, resolve: onDamage } = Promise.withResolvers<ConexusError>();
      const store = carefulStore(opened, onDamage);
      const isEarly = asked && (await store.stats()).blobs >= EARLY_WALK_FILES;
      const walked = isEarly ? walkEarly(source.root) : undefined;
      const id = await store.openWorkspace(source.root);
      const adapts = options.adapts ?? true;
      const models: ModelChoice = {
        base: model,
        current: model && adapts ? await currentModel(store, model) : model,
        adapts,
      };
      const maxBytes = options.maxCacheBytes ?? DEFAULT_MAX_CACHE_BYTES;
      // After the answer that this opening is for: sizing other caches is not its work.
      if (!parts.follows) setImmediate(() => tryEvict(options.home, maxBytes, cache.id)).unref();
      const workspace = await createWorkspace({
        source,
        store,
        storeFile: cache.file,
        workspace: id,
        history: parts.history(source.root),
        lines: openLineHistory(source.root),
        items: openCommitSource(source.root),
        changes: openGitChanges(source.root),
        walked,
        prefix: family.prefix,
        grep: openRipgrep(source.root, {
          includes: (path) => source.includes(path),
          ...(parts.ripgrep === undefined ? {} : { binary: parts.ripgrep }),
        }),
        maxFileBytes: options.maxFileBytes ?? DEFAULT_MAX_FILE_BYTES,
        parallel: size,
        postingCacheBytes: POSTING_CACHE_BYTES,
        notices: rebuilt
          ? [`${rebuilt.reason} A new index is built; the damaged one is kept as ${rebuilt.movedTo}.`]
          : [],
        models,
        run: (task, more) =>
          !more && isSmall(task)
            ? runBatch(source, task, undefined, task.type === 'derive' ? models.current?.model() : undefined)
            : pool.run(source.root, task, more, task.type === 'facts' ? undefined : models.current),
        merge: pool.merge,
        embed: pool.embed,
        adapt: (adaptation, base, signal) =>
          adaptToRepository(adaptation, base, { ...pool, elsewhere: learnElsewhere }, signal),
        resolve: graphThread.resolve,
        resolveFew: pool.resolve,
        scanThreads,
        takeFactsTurn: () => takeTurn(join(cache.folder, 'facts')),
        takeTurn: () => takeTurn(join(cache.folder, `indexing-${id}`)),
        // Worktrees share what they learn.
        takeLearningTurn: () => takeTurn(join(cache.folder, 'learning')),
        embedding: embedder && {
          embedder,
          confirmTokens: chosen?.confirmTokens ?? DEFAULT_CONFIRM_TOKENS,
          takeTurn: () => takeTurn(join(cache.folder, `embedding-${id}`)),
        },
        reranker,
        observer: options.observer ?? noObserver,
        turn: options.turn,
        follows: parts.follows !== undefined,
        threads,
        release: () => closeStore().finally(() => cache.release()),
      });
      return { workspace, damaged, identity };
    } catch (error) {
      await closeStore().catch(() => {});
      cache.release();
      throw error;
    }
  };

  const openOne = async (root: string, opening?: OpenOptions): Promise<ComposedWorkspace> => {
    const source = openDiskSource(root);
    const { follows } = parts;
    if (follows) {
      const { workspace, damaged } = await compose(source, undefined);
      void damaged.then(follows.onDamage);
      return Object.assign(workspace, { close: closing(workspace, () => open.delete(source.root)) });
    }
    let identity = '';
    return createRecoveringWorkspace({
      async open(error) {
        const opened = await compose(source, error && { identity, error }, error ? undefined : opening);
        identity = opened.identity;
        return opened;
      },
      closed: () => open.delete(source.root),
    });
  };

  return {
    async openWorkspace(root, opening) {
      const path = openDiskSource(root).root;
      let workspace = open.get(path);
      if (!workspace) {
        workspace = openOne(path, opening);
        open.set(path, workspace);
        workspace.catch(() => open.delete(path));
      }
      return workspace;
    },
    async close() {
      // One that could not be opened needs no closing; one that cannot be closed must not keep the others.
      const opened = await Promise.allSettled(open.values());
      const closing = opened.map((one) => (one.status === 'fulfilled' ? one.value.close() : undefined));
      const all = Promise.allSettled(closing);
      // What threads are at is not waited for any longer: it was not published, and is read again the next time.
      await Promise.race([all, sleep(THREADS_MS, undefined, { ref: false })]);
      await Promise.all([pool.close(), graphThread.close(), scanThreads?.close(), threads?.close()]);
      await all;
      await embedder?.close();
      await reranker?.close();
    },
  };
}

/** Services elsewhere are waited for, which takes no thread. */
function questionThreadsOf(options: EngineOptions): QuestionThreads | undefined {
  const {
    questionThreads: count = 0,
    embedder,
    home,
    maxFileBytes,
    maxCacheBytes,
    adapts,
    reranker,
  } = options;
  if (count === 0 || typeof embedder === 'object' || reranker) return undefined;
  const start = {
    home,
    embedder,
    ...(maxFileBytes !== undefined && { maxFileBytes }),
    ...(maxCacheBytes !== undefined && { maxCacheBytes }),
    ...(adapts !== undefined && { adapts }),
  };
  // Where the threads have all processors, what the caller answered he would take from them.
  const callerHelps = count < availableParallelism();
  const { staged } = options.observer ?? {};
  return createQuestionThreads(besideThis('question-worker'), count, start, {
    ...(staged && { staged }),
    callerHelps,
  });
}

const closing = (workspace: ComposedWorkspace, closed: () => void) => {
  const { close } = workspace;
  return () => close().finally(closed);
};

let builtin: ModelFile | undefined;

/** Read once a process: it never changes. */
function builtinModel(): ModelFile {
  return (builtin ??= openModel(readBuiltinModel()));
}

/** The binary keeps WebAssembly unoptimised for the sake of grammars, and flags hold for all threads of a process. */
const learnElsewhere: LearningParts['elsewhere'] = (task, signal) =>
  runScript(besideThis('learning-process'), task, signal);

/** A tree of thousands of files is listed while its index is read; a smaller one before a thread has started. */
function walkEarly(root: string): Promise<WalkResult> {
  const walked = walkInThread(besideThis('walk-worker'), root);
  // Whoever waits for it hears of it.
  walked.catch(() => {});
  return walked;
}

const isSmall = ({ type, paths, suspect }: BatchTask) =>
  !suspect && paths.length <= (type === 'hash' ? INLINE_HASH_FILES : INLINE_DERIVE_FILES);

/** The script beside this one: TypeScript in a checkout, JavaScript in the package. */
function besideThis(name: string): URL {
  const source = new URL(`./${name}.ts`, import.meta.url);
  return existsSync(source) ? source : new URL(`./${name}.js`, import.meta.url);
}

/** Worktrees share what they derive: the family is named by the common git directory, outside git by the root. */
function familyOf(root: string): { readonly key: string; readonly prefix: string } {
  const layout = findGitLayout(root);
  if (!layout) return { key: root, prefix: '' };
  const commonDir = dirname(dirname(layout.excludeFile));
  return {
    key: existsSync(commonDir) ? realpathSync(commonDir) : root,
    prefix: relative(layout.top, root).split(sep).join('/'),
  };
}

/** A turn spares work and protects nothing: where no lock can be made, everybody has it. */
function takeTurn(file: string): FileLock | undefined {
  try {
    return lockFile(file, 'exclusive', 0);
  } catch {
    return { release: () => {} };
  }
}

/** Eviction is housekeeping: a cache that cannot be removed now is tried at the next opening. */
function tryEvict(home: string, maxBytes: number, keep: string): void {
  try {
    evict(home, maxBytes, [keep]);
  } catch {
    // Another process may be evicting, or using what would go.
  }
}
