/**
 * Whether a question goes to a thread. Only while nothing but edits changes the index: a build is answered from what this thread knows of it.
 */
import type { CallOptions } from '../engine.ts';
import type { LiveIndex } from '../indexing/live-index.ts';
import type { QuestionThreads, Rests, ThreadQuestion } from '../ports/question-threads.ts';
import type { IndexJobs } from './index-jobs.ts';
import type { WorkspaceIndexing } from './indexing.ts';
import type { WorkspaceReading } from './reading.ts';

export interface ElsewhereParts {
  readonly threads: QuestionThreads | undefined;
  readonly root: string;
  readonly live: Pick<LiveIndex, 'isWatching'>;
  readonly indexing: Pick<WorkspaceIndexing, 'complete'>;
  readonly jobs: Pick<IndexJobs, 'running'>;
  readonly reading: Pick<WorkspaceReading, 'read'>;
  rests(): Rests;
}

export type AskElsewhere = <Answer extends object>(
  kind: ThreadQuestion['kind'],
  request: object,
  options: CallOptions | undefined,
  own: () => Promise<Answer>,
) => Promise<Answer>;

/** Threads read edits and publish none: this thread reads them, too, at least this often while it is asked. */
const PUBLISH_MS = 1_000;

export function createAskElsewhere(parts: ElsewhereParts): AskElsewhere {
  const { threads, root, live, indexing, jobs, reading, rests } = parts;
  if (threads === undefined) return (_kind, _request, _options, own) => own();
  let readAt = 0;
  const readSoon = (): void => {
    if (performance.now() - readAt < PUBLISH_MS) return;
    readAt = performance.now();
    reading.read(async () => undefined).catch(() => undefined);
  };
  return async <Answer extends object>(
    kind: ThreadQuestion['kind'],
    request: object,
    options: CallOptions | undefined,
    own: () => Promise<Answer>,
  ): Promise<Answer> => {
    if (!indexing.complete || jobs.running || !live.isWatching()) return own();
    readSoon();
    const started = performance.now();
    const answer = (await threads.ask({ root, kind, request, rests: rests() }, options?.signal)) as
      | Answer
      | undefined;
    return answer === undefined ? own() : { ...answer, ms: performance.now() - started };
  };
}
