/** The history of one workspace: reads the commit index from the store, or builds it in the background. */

import { untilAborted } from '../indexing/until-aborted.ts';
import type { CommitIndex } from '../lexical/commit-index.ts';
import type { History, RepositoryState } from '../ports/history.ts';
import type { Store } from '../ports/store.ts';
import { openCommitAssets } from './commit-assets.ts';

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

/** `follows`: what is not in the store yet is waited for, not made. */
export function openWorkspaceHistory(
  history: History,
  store: Store,
  prefix: string,
  follows = false,
): WorkspaceHistory {
  const controller = new AbortController();
  const assets = openCommitAssets(history, store, prefix);
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
    const known = await assets.read(head);
    if (known) {
      commits = known;
      return;
    }
    if (follows) return;
    failed = { head, at: Date.now() };
    const made = await assets.make(head, controller.signal);
    if (!made) return;
    commits = made;
    failed = undefined;
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
