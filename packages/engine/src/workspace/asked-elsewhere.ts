/**
 * Whether a question goes to a thread. Only while nothing but edits changes the index: a build is answered from what this thread knows of it.
 */
import type { CallOptions } from '../engine.ts';
import type { LiveIndex } from '../indexing/live-index.ts';
import type { FilePath } from '../model/file.ts';
import type { QuestionThreads, Rests, ThreadQuestion } from '../ports/question-threads.ts';
import type { Source } from '../ports/source.ts';
import type { WorkspaceHistory } from './history.ts';
import type { IndexJobs } from './index-jobs.ts';
import type { WorkspaceIndexing } from './indexing.ts';
import type { WorkspaceModels } from './models.ts';
import type { WorkspaceReading } from './reading.ts';

/** Of workspaces that one process has open several times, each in a thread. */
export interface ThreadParts {
  /** Another one builds, publishes and teaches. */
  readonly follows?: boolean;
  /** Those that may answer instead. */
  readonly threads?: QuestionThreads | undefined;
}

export interface ElsewhereParts extends ThreadParts {
  readonly source: Pick<Source, 'root'>;
  readonly live: Pick<LiveIndex, 'isWatching' | 'suspect'>;
  readonly indexing: Pick<WorkspaceIndexing, 'complete'>;
  readonly jobs: Pick<IndexJobs, 'running'>;
  readonly history: Pick<WorkspaceHistory, 'commits' | 'ready'>;
  readonly models: Pick<WorkspaceModels, 'speaks'>;
  readonly reading: Pick<WorkspaceReading, 'read'>;
}

/** What a workspace in a thread is asked beside questions. */
export interface InStep {
  /** What answers rest on beside files. */
  rests(): Rests;
  /** These files differ from the index, whatever the watcher says. */
  suspect(paths: readonly FilePath[]): void;
  /** Resolves when commits are read and files compared. */
  settled(): Promise<void>;
}

export interface Elsewhere {
  readonly inStep: InStep;
  /** `own`: answers here. */
  ask(
    kind: ThreadQuestion['kind'],
    request: object,
    options: CallOptions | undefined,
    own: () => Promise<object>,
  ): Promise<object>;
  close(): void;
}

/** Threads read edits and publish none: this thread reads what they have answered from, too, so long after the question. */
const PUBLISH_MS = 1_000;

export function openElsewhere(parts: ElsewhereParts): Elsewhere {
  const { threads, source, live, indexing, jobs, history, models, reading } = parts;
  const { root } = source;
  const rests = (): Rests => ({ commits: history.commits?.head, ...models.speaks() });
  let soon: NodeJS.Timeout | undefined;
  const readSoon = (): void => {
    soon ??= setTimeout(() => {
      soon = undefined;
      reading.read(async () => undefined).catch(() => undefined);
    }, PUBLISH_MS).unref();
  };
  return {
    inStep: {
      rests,
      suspect(paths) {
        live.suspect(paths);
        threads?.suspect(root, paths);
      },
      async settled() {
        await history.ready();
        await reading.read(async () => undefined);
      },
    },
    async ask(kind, request, options, own) {
      if (!threads || !indexing.complete || jobs.running || !live.isWatching()) return own();
      readSoon();
      const started = performance.now();
      const answer = await threads.ask({ root, kind, request, rests: rests() }, options?.signal);
      return answer === undefined ? own() : { ...answer, ms: performance.now() - started };
    },
    close() {
      clearTimeout(soon);
      threads?.forget(root);
    },
  };
}
