/**
 * The workspace of a server: answers at once from what is ready, builds in the background, then follows changes.
 * Knows no protocol.
 */
import type { JobStatus, Workspace } from '@conexus/engine';
import type { Settings } from '../config/settings.ts';
import { type DefectLog, toSafeError } from '../errors.ts';
import { waitForJob } from '../operations/jobs.ts';
import type { CallContext, WorkspaceProvider } from '../operations/operation.ts';
import type { EngineLoader } from './load-engine.ts';
import { openRoot } from './open-root.ts';

export interface ServerWorkspaces extends WorkspaceProvider {
  /** Opens a workspace that already has an index, so that the first call finds it warm. Never fails, never builds. */
  warmUp(): Promise<void>;
  /** undefined: not open. Opens nothing. */
  current(): Workspace | undefined;
  /** Stops jobs and watchers; what is done is kept. */
  close(): Promise<void>;
}

/**
 * A small repository is indexed within this, threads started and all, and its first answer is then complete. Others are told
 * how far it is; somebody who asks for the graph waits as long.
 */
const FIRST_BUILD_GRACE_MS = 2_000;
const AFTER_FIRST_ANSWER_MS = 500;
/** As for edits: who asks before there is a graph is told how far it is, and asks again. */
const GRAPH_PATIENCE_MS = 2_000;
const NEVER = new AbortController().signal;

export function serverWorkspaces(
  settings: Settings,
  loadEngine: EngineLoader,
  log: DefectLog,
): ServerWorkspaces {
  const root = openRoot(settings, loadEngine);
  let started: JobStatus | undefined;
  let soon: NodeJS.Timeout | undefined;
  let trouble: string | undefined;
  let watching = false;
  let closing = false;

  const watch = async (workspace: Workspace): Promise<void> => {
    if (watching) return;
    watching = true;
    await workspace.watch().catch((error: unknown) => {
      watching = false;
      log(`cannot follow changes, scanning instead: ${toSafeError(error, log).message}`);
    });
  };

  /** Starts the job that brings the index up to date, and follows changes once it is done. */
  const start = (workspace: Workspace): JobStatus => {
    // A provider may take an hour over its vectors: changes are followed before, and it is asked by a job of its own.
    const job = workspace.startIndexing({ embed: false });
    started = job;
    trouble = undefined;
    void waitForJob(workspace, job, { signal: NEVER, maxMs: Number.POSITIVE_INFINITY }).then((end) => {
      if (end.state === 'done') {
        // Who is known to watch leaves a thread to questions.
        void watch(workspace).then(() => improve(workspace, () => closing, log));
        if (typeof settings.embedder === 'object' && !closing) workspace.startIndexing();
      }
      trouble = troubleOf(end);
      if (end.state !== 'failed') return;
      started = undefined;
      log(`indexing ${trouble}`);
    });
    return job;
  };

  /** An index that exists answers now, checked by its own scan; bringing it up to date comes after the first answer. */
  const startSoon = (workspace: Workspace): void => {
    if (soon !== undefined || started !== undefined) return;
    soon = setTimeout(() => {
      soon = undefined;
      if (started === undefined) start(workspace);
    }, AFTER_FIRST_ANSWER_MS).unref();
  };

  const ready = async (ctx: CallContext): Promise<Workspace> => {
    const workspace = await root.workspace();
    if (started !== undefined || soon !== undefined) return workspace;
    if (await workspace.hasIndex()) {
      startSoon(workspace);
      return workspace;
    }
    const job = started ?? start(workspace);
    await waitForJob(workspace, job, { signal: ctx.signal, maxMs: FIRST_BUILD_GRACE_MS });
    return workspace;
  };

  return {
    settings,
    graphPatienceMs: GRAPH_PATIENCE_MS,
    ready,
    open: () => root.workspace(),
    forget() {
      started = undefined;
    },
    notes: () => [
      ...(trouble === undefined ? [] : [`the last index job ${trouble}`]),
      ...(root.current()?.notices() ?? []),
    ],
    current: root.current,
    async warmUp() {
      try {
        const workspace = await root.workspace();
        if (await workspace.hasIndex()) startSoon(workspace);
      } catch {
        // The first call meets the same error and reports it to somebody who can act on it.
      }
    },
    async close() {
      closing = true;
      clearTimeout(soon);
      root.current()?.cancelJob();
      await root.close();
    },
  };
}

/** One that was cancelled is not started again by itself: somebody stopped it. */
function troubleOf({ state, error }: JobStatus): string | undefined {
  if (state === 'cancelled') return 'was cancelled; index_control with action "start" goes on';
  return state === 'failed' ? `failed: ${error ?? 'see the log'}` : undefined;
}

/** In the background: answers go on, and get better when it is done. */
function improve(workspace: Workspace, isClosing: () => boolean, log: DefectLog): void {
  const tell = (what: string) => (error: unknown) => {
    if (!isClosing()) log(`${what}: ${toSafeError(error, log).message}`);
  };
  workspace.codeGraph().catch(tell('calls and imports were not followed'));
  workspace.adapt().catch(tell("the repository's own words were not learned"));
}
