/**
 * Entry of a thread that answers questions: an engine of its own over the same stores, which follows what the one that started it
 * publishes. It watches files by itself, so that its answers are as fresh; it builds, publishes and teaches nothing.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import { openGitHistory } from './adapters/history/git-history.ts';
import type {
  ThreadError,
  ThreadReply,
  ThreadRequest,
  ThreadStage,
  ThreadStart,
} from './adapters/threads/question-threads.ts';
import { ConexusError } from './model/errors.ts';
import { openEngineWith } from './open-engine.ts';
import type { Stage } from './ports/observer.ts';
import type { Rests, ThreadQuestion } from './ports/question-threads.ts';
import type { ComposedWorkspace } from './workspace/workspace.ts';

const { embedder = 'builtin', ...start } = workerData as ThreadStart;
const engine = openEngineWith(
  { ...start, embedder, workers: 1, observer: { stage: timed } },
  // What is damaged is repaired by whoever may write; this thread begins anew.
  { history: openGitHistory, follows: { onDamage: () => process.exit(1) } },
);
/** Of the question in whose name something is done. */
const ofQuestion = new AsyncLocalStorage<ThreadStage[]>();
/** Of no question: told with the next reply. */
const ofNone: ThreadStage[] = [];
const opened = new Map<string, ComposedWorkspace>();
const asked = new Map<number, AbortController>();
/** Opening and closing, one after the other. */
let changes: Promise<void> = Promise.resolve();

const reply = (message: ThreadReply): void => parentPort?.postMessage(message);

parentPort?.on('message', (request: ThreadRequest) => {
  if ('open' in request) change(request.open, () => open(request.open));
  else if ('forget' in request) change(request.forget, () => close(request.forget));
  else if ('suspect' in request) opened.get(request.suspect)?.suspect(request.paths);
  else if ('cancel' in request) asked.get(request.cancel)?.abort();
  else void work(request.id, request.question);
});

/** As in the thread that is asked: a promise ends the stage when it is settled. */
function timed<T>(stage: Stage, work: () => T): T {
  const started = performance.now();
  const own = ofQuestion.getStore();
  const end = () => {
    const ms = performance.now() - started;
    if (own) own.push({ stage, ms, startedAt: performance.timeOrigin + started });
    else ofNone.push({ stage, ms });
  };
  const result = work();
  if (result instanceof Promise) result.then(end, end);
  else end();
  return result;
}

function change(root: string, work: () => Promise<void>): void {
  changes = changes.then(work).catch(() => reply({ gone: root }));
}

async function open(root: string): Promise<void> {
  if (!opened.has(root)) {
    const workspace = await (await engine).openWorkspace(root);
    await workspace.watch();
    // Commits are read, and every file is compared once.
    await workspace.settled();
    opened.set(root, workspace);
  }
  reply({ ready: root });
}

async function close(root: string): Promise<void> {
  const workspace = opened.get(root);
  opened.delete(root);
  await workspace?.close();
}

async function work(id: number, question: ThreadQuestion): Promise<void> {
  const controller = new AbortController();
  asked.set(id, controller);
  const own: ThreadStage[] = [];
  const stages = () => [...own, ...ofNone.splice(0)];
  try {
    const found = await ofQuestion.run(own, () => answer(question, controller.signal));
    reply({ id, answer: found, stages: stages() });
  } catch (error) {
    reply({ id, error: errorOf(error), stages: stages() });
  } finally {
    asked.delete(id);
  }
}

/** Undefined where it would not be the asker's own answer. */
async function answer(
  { root, kind, request, rests }: ThreadQuestion,
  signal: AbortSignal,
): Promise<object | undefined> {
  const workspace = opened.get(root);
  if (workspace === undefined) return undefined;
  const isInStep = () => isSame(workspace.rests(), rests);
  if (!isInStep()) {
    await catchUp(root, workspace, rests);
    return undefined;
  }
  const found = await workspace[kind](request as never, { signal });
  const { state, checkedBy } = found.freshness;
  return state === 'fresh' && checkedBy === 'watcher' && isInStep() ? found : undefined;
}

/** Another model is read when the root is opened; commits by and by. */
async function catchUp(root: string, workspace: ComposedWorkspace, rests: Rests): Promise<void> {
  if (workspace.rests().model === rests.model) return void (await workspace.basis());
  if (opened.get(root) !== workspace) return;
  reply({ gone: root });
  await close(root);
}

function isSame(a: Rests, b: Rests): boolean {
  return a.commits === b.commits && a.model === b.model && a.missing === b.missing;
}

function errorOf(error: unknown): ThreadError {
  if (error instanceof ConexusError)
    return { code: error.code, message: error.message, advice: error.advice };
  return error instanceof Error ? { message: error.message, stack: error.stack } : { message: String(error) };
}
