/**
 * A repository whose answers are kept and given again while nothing that they rest on has changed. What an asker may read was decided
 * before: this is one repository, redacted, the same for all who reach it. Freshness and times are of the call, not of the answer.
 */
import { createHash } from 'node:crypto';
import type { AnswerBasis, CallOptions, Freshness, Workspace } from '@conexus/engine';
import type { WorkspaceProvider } from '../operations/operation.ts';
import type { AnswerCache } from './answer-cache.ts';

export function cachedProvider<Provider extends WorkspaceProvider & { readonly name: string }>(
  provider: Provider,
  cache: AnswerCache,
): Provider {
  return {
    ...provider,
    ready: async (ctx) => cachedWorkspace(provider.name, await provider.ready(ctx), cache),
    open: async () => cachedWorkspace(provider.name, await provider.open(), cache),
  };
}

/** Questions that cost a search or more. */
const QUESTIONS = ['search', 'locate', 'grep', 'related', 'analyze', 'relations', 'impact'] as const;
type Question = (typeof QUESTIONS)[number];
type Ask = (request: object, options?: CallOptions) => Promise<object>;

/** One that took longer may have met a bound of time, and be better the next time. */
const MAX_KEPT_MS = 4_000;
/** Of files whose stamps are compared again, about 10 µs each; an answer that shows more is not kept. */
const MAX_PATHS = 200;

function cachedWorkspace(name: string, workspace: Workspace, cache: AnswerCache): Workspace {
  return new Proxy(workspace, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      const question = QUESTIONS.find((each) => each === key);
      if (question === undefined || typeof value !== 'function') return value;
      const ask = value.bind(target) as Ask;
      const asked: Ask = (request, options) => {
        if (isKept(question, request))
          return askOnce({ name, workspace, cache, question, ask }, request, options);
        cache.looked('bypass');
        return ask(request, options);
      };
      return asked;
    },
  });
}

/** Those that read git, whose state no watcher follows, are asked each time. */
function isKept(question: Question, request: object): boolean {
  return (
    question !== 'related' && !(question === 'impact' && 'since' in request && request.since !== undefined)
  );
}

interface Asked {
  readonly name: string;
  readonly workspace: Workspace;
  readonly cache: AnswerCache;
  readonly question: Question;
  readonly ask: Ask;
}

async function askOnce(asked: Asked, request: object, options: CallOptions = {}): Promise<object> {
  const { workspace, cache, ask } = asked;
  const started = performance.now();
  const key = keyOf(asked, request);
  const known = cache.get(key);
  let basis = await workspace.basis({ ...options, ...(known && { paths: known.paths }) });
  // What the old answer showed has changed or is gone: that one is not given again, the new one may be kept.
  if (known !== undefined && basis.id === undefined) basis = await workspace.basis(options);
  if (known !== undefined && known.basis === basis.id) {
    cache.looked('hit');
    return renewed(JSON.parse(known.body.toString()) as object, basis, started);
  }
  cache.looked(basis.id === undefined ? 'bypass' : 'miss');
  const answer = await ask(request, options);
  if (basis.id !== undefined && isWhole(answer) && performance.now() - started < MAX_KEPT_MS)
    // The asker need not wait for it. When it fails, e.g. because the server goes down, nothing is kept.
    keep(asked, key, basis.id, answer).catch(() => undefined);
  return answer;
}

/** The graph may follow the files later: what was left out of an answer comes without a change of what it rests on. */
function isWhole(answer: object): boolean {
  return !('freshness' in answer) || (answer.freshness as Freshness).state === 'fresh';
}

/** Keeps an answer, if what it rests on was the same before and after it was made. */
async function keep({ workspace, cache }: Asked, key: string, basis: string, answer: object): Promise<void> {
  const paths = pathsOf(answer);
  if (paths.length > MAX_PATHS) return;
  const body = Buffer.from(JSON.stringify(answer));
  if ((await workspace.basis({ paths })).id === basis) cache.put(key, { basis, paths, body });
}

/** Requests come with defaults filled in; the order of their keys means nothing. */
function keyOf({ name, question }: Asked, request: object): string {
  const text = JSON.stringify([name, question, sorted(request)]);
  return createHash('sha256').update(text).digest('base64url');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}

/** Every `path` in an answer, wherever it stands. */
function pathsOf(answer: object): string[] {
  const found = new Set<string>();
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, each] of Object.entries(value)) {
      if (key === 'path' && typeof each === 'string') found.add(each);
      else look(each);
    }
  };
  look(answer);
  return [...found];
}

/** What is true of this call: nothing was searched, and the index was looked at now. */
function renewed(answer: object, { freshness }: AnswerBasis, started: number): object {
  return {
    ...answer,
    ...('freshness' in answer && { freshness }),
    ...('steps' in answer &&
      Array.isArray(answer.steps) && { steps: answer.steps.map((step: object) => ({ ...step, ms: 0 })) }),
    ms: performance.now() - started,
  };
}
