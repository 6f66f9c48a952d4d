/**
 * A workspace that outlives its store. When the index turns out to be damaged or is replaced by another process, the
 * composed workspace is closed, another one is opened on a new or repaired store, and the call is made again: callers see
 * an index that is being built, not an error. Knows no store and no file; the composition root says how to open one.
 */
import type { Workspace } from '../engine.ts';
import { ConexusError } from '../model/errors.ts';
import type { JobStatus } from '../model/search.ts';
import type { ComposedWorkspace } from './workspace.ts';

export interface OpenedWorkspace {
  readonly workspace: ComposedWorkspace;
  /** Set as soon as any call of the store, also one that nobody waits for, met damage. */
  readonly damaged: Promise<ConexusError>;
}

export interface RecoveryParts {
  /** `damage`: what the workspace before met; undefined the first time. */
  open(damage: ConexusError | undefined): Promise<OpenedWorkspace>;
  closed(): void;
}

/** Damage again and again is not damage but a broken disk: then it is an error. */
const MAX_RECOVERIES = 3;
const WITHIN_MS = 600_000;
const MAX_ATTEMPTS = 3;
/** What a call gets to end by itself after it was told to stop. */
const DRAIN_MS = 500;
/** Jobs of closed workspaces whose last state can still be asked for. */
const MAX_OLD_JOBS = 20;

export async function createRecoveringWorkspace(parts: RecoveryParts): Promise<ComposedWorkspace> {
  const closing = new AbortController();
  const oldJobs = new Map<string, JobStatus>();
  /** Handle of a job that a repair ended -> handle of the one that does its work now. */
  const successors = new Map<string, string>();
  const inFlight = new Set<Promise<unknown>>();
  let recoveredAt: number[] = [];
  let isWatching = false;
  let current = (await parts.open(undefined).then(follow)).workspace;
  let recovery: Promise<void> | undefined;
  /** Opening failed: the next call tries again. */
  let isDown = false;
  let closed: Promise<void> | undefined;

  function follow(opened: OpenedWorkspace): OpenedWorkspace {
    void opened.damaged.then((error) => recover(opened.workspace, error));
    return opened;
  }

  /** Closes what is damaged and opens another; once for any number of callers. */
  function recover(broken: ComposedWorkspace, error: ConexusError | undefined): Promise<void> {
    if (recovery) return recovery;
    if (broken !== current || closing.signal.aborted) return Promise.resolve();
    const now = Date.now();
    recoveredAt = recoveredAt.filter((at) => now - at < WITHIN_MS);
    if (error && recoveredAt.length >= MAX_RECOVERIES) return Promise.resolve();
    if (error) recoveredAt.push(now);
    recovery = reopen(error).finally(() => {
      recovery = undefined;
    });
    // Who calls next is told; it also happens where nobody waits for it.
    recovery.catch(() => {});
    return recovery;
  }

  const reopen = async (error: ConexusError | undefined) => {
    const job = current.job();
    const isOver = job === undefined || job.state === 'done' || job.state === 'cancelled';
    if (!isDown) await current.close().catch(() => {});
    if (job) oldJobs.set(job.id, current.job(job.id) ?? job);
    for (const id of [...oldJobs.keys()].slice(0, -MAX_OLD_JOBS)) {
      oldJobs.delete(id);
      successors.delete(id);
    }
    isDown = true;
    const { workspace } = follow(await parts.open(error));
    current = workspace;
    isDown = false;
    if (closing.signal.aborted) return;
    const { id } = workspace.startIndexing();
    if (!isOver) successors.set(job.id, id);
    if (isWatching) workspace.watch().catch(() => {});
  };

  const oldJob = (id: string): JobStatus | undefined => {
    let newest = id;
    for (let next = successors.get(newest); next !== undefined; next = successors.get(newest)) newest = next;
    const successor = newest === id ? undefined : current.job(newest);
    return successor ? { ...successor, id } : oldJobs.get(id);
  };

  const attempt = async <T>(work: (workspace: Workspace) => Promise<T>): Promise<T> => {
    for (let round = 1; ; round++) {
      if (closing.signal.aborted) throw wasClosed();
      await (isDown && !recovery ? recover(current, undefined) : recovery);
      const used = current;
      try {
        return await work(used);
      } catch (error) {
        if (closing.signal.aborted) throw wasClosed();
        await (isDamage(error) ? recover(used, error) : recovery);
        // A call that its workspace's closing interrupted fails in whatever way.
        if (used === current || round === MAX_ATTEMPTS) throw error;
      }
    }
  };

  const call = <T>(work: (workspace: Workspace) => Promise<T>): Promise<T> => {
    const pending = attempt(work);
    inFlight.add(pending);
    const done = () => inFlight.delete(pending);
    pending.then(done, done);
    return pending;
  };
  const withClosing = <Options extends { readonly signal?: AbortSignal }>(options?: Options) => ({
    ...(options as Options),
    signal: options?.signal ? AbortSignal.any([options.signal, closing.signal]) : closing.signal,
  });

  const close = async () => {
    closing.abort(wasClosed());
    current.cancelJob();
    await recovery?.catch(() => {});
    const drained = Promise.allSettled(inFlight);
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([drained, new Promise((resolve) => (timer = setTimeout(resolve, DRAIN_MS)))]);
    clearTimeout(timer);
    try {
      if (!isDown) await current.close();
    } finally {
      parts.closed();
    }
  };

  return {
    get query() {
      return current.query;
    },
    rests: () => current.rests(),
    suspect: (paths) => current.suspect(paths),
    settled: () => current.settled(),
    root: current.root,
    search: (request, options) => call((workspace) => workspace.search(request, withClosing(options))),
    locate: (request, options) => call((workspace) => workspace.locate(request, withClosing(options))),
    grep: (request, options) => call((workspace) => workspace.grep(request, withClosing(options))),
    related: (request, options) => call((workspace) => workspace.related(request, withClosing(options))),
    callGraph: (options) => call((workspace) => workspace.callGraph(withClosing(options))),
    codeGraph: (options) => call((workspace) => workspace.codeGraph(withClosing(options))),
    analyze: (request, options) => call((workspace) => workspace.analyze(request, withClosing(options))),
    relations: (request, options) => call((workspace) => workspace.relations(request, withClosing(options))),
    impact: (request, options) => call((workspace) => workspace.impact(request, withClosing(options))),
    index: (options) =>
      call(async (workspace) => {
        const report = await workspace.index(withClosing(options));
        // Stopped by nobody who asked: by the closing of a damaged workspace.
        if (!report.complete && !options?.signal?.aborted && (recovery || workspace !== current))
          throw wasClosed();
        return report;
      }),
    catchUp: (options) => call((workspace) => workspace.catchUp(withClosing(options))),
    adapt: (options) => call((workspace) => workspace.adapt(withClosing(options))),
    startIndexing(options) {
      if (closing.signal.aborted) throw wasClosed();
      return current.startIndexing(options);
    },
    job: (id) => current.job(id) ?? (id === undefined ? undefined : oldJob(id)),
    cancelJob: (id) => current.cancelJob(id),
    basis: (options) => call((workspace) => workspace.basis(withClosing(options))),
    hasIndex: () => call((workspace) => workspace.hasIndex()),
    status: () => call((workspace) => workspace.status()),
    probeEmbedder: (signal) => call((workspace) => workspace.probeEmbedder(signal)),
    notices: () => current.notices(),
    clear: () => call((workspace) => workspace.clear()),
    watch() {
      isWatching = true;
      return call((workspace) => workspace.watch());
    },
    files: (options) => call((workspace) => workspace.files(options)),
    readLines: (path, start, end) => call((workspace) => workspace.readLines(path, start, end)),
    outline: (path) => call((workspace) => workspace.outline(path)),
    chunks: (path) => call((workspace) => workspace.chunks(path)),
    plan: (query, mode) => call((workspace) => workspace.plan(query, mode)),
    close() {
      closed ??= close();
      return closed;
    },
  };
}

const isDamage = (error: unknown): error is ConexusError =>
  error instanceof ConexusError && error.code === 'store_corrupt';

const wasClosed = () => new ConexusError('cancelled', 'The workspace was closed.', 'Open it again.');
