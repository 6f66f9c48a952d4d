/** The history of one workspace: reads the commit index from the store, or builds it in the background. */
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { untilAborted } from './indexing/until-aborted.ts';
import { type CommitIndex, decodeCommits, encodeCommits, MAX_COMMITS } from './lexical/commit-index.ts';
import type { History, RepositoryState } from './ports/history.ts';
import type { Store } from './ports/store.ts';

export interface WorkspaceHistory {
  /** What is known now; undefined while it is being built and outside git. */
  readonly commits: CommitIndex | undefined;
  readonly state: 'none' | 'building' | 'ready';
  readonly repository: RepositoryState | undefined;
  /** Resolves when the commits up to the current HEAD are indexed, or when the caller gives up. */
  ready(signal?: AbortSignal): Promise<void>;
  /** Looks at HEAD again, at most once a second; rebuilds in the background when it moved. */
  poll(): void;
  close(): Promise<void>;
}

const POLL_MS = 1_000;
/** A history that cannot be read takes long to fail. */
const RETRY_MS = 60_000;

export function openWorkspaceHistory(history: History, store: Store, prefix: string): WorkspaceHistory {
  const controller = new AbortController();
  let commits: CommitIndex | undefined;
  let repository: RepositoryState | undefined;
  let work: Promise<void> | undefined;
  let polledAt = 0;
  /** The commit whose history could not be read, until it was. */
  let failed: { readonly head: string; readonly at: number } | undefined;

  const load = async () => {
    polledAt = Date.now();
    repository = await history.state();
    const head = repository?.head;
    if (head === undefined || commits?.head === head || controller.signal.aborted) return;
    if (failed?.head === head && Date.now() - failed.at < RETRY_MS) return;
    // Commits are stored relative to the root, so a root below the top of the repository has an index of its own.
    const name = `commits:${prefix}:${head}`;
    const stored = await store.readAsset(name);
    const known = stored && (await decode(stored, head));
    if (known) {
      commits = known;
      return;
    }
    failed = { head, at: Date.now() };
    const bytes = await encodeCommits(
      head,
      history.commits({ limit: MAX_COMMITS, signal: controller.signal }),
    );
    if (controller.signal.aborted) return;
    commits = decodeCommits(bytes);
    failed = undefined;
    await store.writeAsset(name, await pack(bytes));
    await forgetOldest(store, prefix, head);
  };

  const start = () => {
    work ??= load()
      // Without history, answers go on with what there is; status says so.
      .catch(() => {})
      .finally(() => {
        work = undefined;
      });
    return work;
  };

  return {
    get commits() {
      return commits;
    },
    get state() {
      return commits ? 'ready' : work ? 'building' : 'none';
    },
    get repository() {
      return repository;
    },
    ready: (signal) => untilAborted(start(), signal, undefined),
    poll() {
      if (Date.now() - polledAt > POLL_MS) void start();
    },
    async close() {
      controller.abort();
      await work;
    },
  };
}

/** Heads whose commits are kept: those of a few worktrees, or of branches that are switched to and fro. */
const KEPT_HEADS = 4;

/** Every commit makes a new head, and a store lives for years: the assets of all but the latest heads are emptied. */
async function forgetOldest(store: Store, prefix: string, head: string): Promise<void> {
  const name = `commits:${prefix}`;
  const known = new TextDecoder().decode((await store.readAsset(name)) ?? new Uint8Array());
  const heads = [head, ...known.split(' ').filter((other) => other !== '' && other !== head)];
  for (const old of heads.slice(KEPT_HEADS)) await store.writeAsset(`${name}:${old}`, new Uint8Array());
  await store.writeAsset(name, new TextEncoder().encode(heads.slice(0, KEPT_HEADS).join(' ')));
}

/** Messages and paths pack to well under half; unpacking takes milliseconds, once. */
const pack = promisify(deflateRaw);
const unpack = promisify(inflateRaw);

async function decode(bytes: Uint8Array, head: string): Promise<CommitIndex | undefined> {
  if (bytes.length === 0) return undefined;
  try {
    const index = decodeCommits(await unpack(bytes));
    return index.head === head ? index : undefined;
  } catch {
    return undefined;
  }
}
