/**
 * An engine over a few files in memory, for tests of operations and renderings that need exact answers, delays and
 * failures. Ranks by counting words; keeps every promise of the `Workspace` interface that the server relies on.
 */
import type {
  AnalysisAnswer,
  CallOptions,
  Engine,
  Freshness,
  IndexProgress,
  IndexReport,
  IndexStatus,
  JobStatus,
  RelatedAnswer,
  SearchAnswer,
  SearchHit,
  SearchRequest,
  Workspace,
} from '@conexus/engine';
import { UserError } from '../errors.ts';
import { emptyGraph, noImpact, ofEmptyGraph } from './empty-graph.ts';
import { fakeFiles, grepFiles, hashOf } from './fake-files.ts';

export interface FakeOptions {
  readonly files: Readonly<Record<string, string>>;
  /** Already indexed when opened; default true. */
  readonly indexed?: boolean;
  /** How long a job runs. */
  readonly jobMs?: number;
  readonly jobError?: string;
  /** How long a query takes, unless cancelled. */
  readonly queryMs?: number;
  /** How long a query then keeps the thread, once its turn has come. */
  readonly busyMs?: number;
  /** What the server gives its engine; see `EngineOptions.turn`. */
  readonly turn?: (() => Promise<void>) | undefined;
  readonly throws?: () => unknown;
  readonly freshness?: Partial<Freshness>;
  readonly graph?: IndexStatus['graph'];
  readonly notes?: readonly string[];
}

export interface FakeEngine extends Engine {
  readonly calls: string[];
  generation: number;
}

const ROOT = '/repository';

export function fakeEngine(options: FakeOptions): FakeEngine {
  const calls: string[] = [];
  const engine: FakeEngine = {
    calls,
    generation: 1,
    openWorkspace: async () => {
      calls.push('open');
      return fakeWorkspace(options, engine);
    },
    close: async () => void calls.push('close engine'),
  };
  return engine;
}

/** What changes while the workspace is open. */
interface State {
  readonly options: FakeOptions;
  readonly engine: FakeEngine;
  indexed: boolean;
  job: { readonly id: string; readonly start: number; state: JobStatus['state'] } | undefined;
}

function fakeWorkspace(options: FakeOptions, engine: FakeEngine): Workspace {
  const state: State = { options, engine, indexed: options.indexed ?? true, job: undefined };
  return {
    root: ROOT,
    ...fakeQueries(state),
    ...fakeIndexing(state),
    ...fakeFiles(options.files),
    probeEmbedder: async () => undefined,
    adapt: async () => false,
    basis: async () => {
      const now = freshness(state);
      const isSure = now.state === 'fresh' && now.checkedBy === 'watcher';
      return { id: isSure ? String(now.generation) : undefined, freshness: now };
    },
    callGraph: async () => ({ nodes: [], edges: [], unresolved: [], isPartial: false, files: 0, unread: [] }),
    codeGraph: async () => ({ graph: emptyGraph, freshness: freshness(state) }),
    relations: async ({ relation }) => ({
      ...ofEmptyGraph(freshness(state)),
      relation,
      items: [],
      resolvedCount: 0,
    }),
    impact: async () => ({ ...ofEmptyGraph(freshness(state)), ...noImpact }),
    plan: async () => ({ kind: 'words', terms: [], names: [], paths: [], retrievers: [] }),
    close: async () => void engine.calls.push('close workspace'),
  };
}

function fakeQueries(state: State): Pick<Workspace, 'search' | 'locate' | 'grep' | 'related' | 'analyze'> {
  return {
    async search(request, callOptions) {
      await work(state, 'search', callOptions);
      return rank(state, request.query, request);
    },
    async locate(request, callOptions) {
      await work(state, 'locate', callOptions);
      const answer = rank(state, request.task, request);
      const reasons = (hit: SearchHit) => ({ ...hit, reasons: [`${hit.score} words of the task`] });
      return { ...answer, hits: answer.hits.map(reasons) };
    },
    async grep(request, callOptions) {
      await work(state, 'grep', callOptions);
      return grepFiles(state.options.files, request);
    },
    async analyze({ target = '' }, callOptions) {
      await work(state, 'analyze', callOptions);
      return analysisOf(state, target);
    },
    async related({ target }, callOptions) {
      await work(state, 'related', callOptions);
      return relatedTo(state, target);
    },
  };
}

type Jobs = 'index' | 'catchUp' | 'startIndexing' | 'job' | 'cancelJob' | 'clear' | 'watch';

function fakeIndexing(state: State): Pick<Workspace, Jobs | 'status' | 'hasIndex' | 'notices'> {
  const { calls } = state.engine;
  return {
    async index() {
      calls.push('index');
      state.indexed = true;
      return report(state);
    },
    async catchUp() {
      calls.push('index');
      state.indexed = true;
    },
    startIndexing() {
      if (jobStatus(state)?.state !== 'running') {
        calls.push('start job');
        state.job = { id: `job-${calls.length}`, start: performance.now(), state: 'running' };
      }
      return jobStatus(state) as JobStatus;
    },
    job: (id) => (id === undefined || id === state.job?.id ? jobStatus(state) : undefined),
    cancelJob(id) {
      const { job } = state;
      const isRunning = jobStatus(state)?.state === 'running';
      if (job === undefined || !isRunning || (id !== undefined && id !== job.id)) return undefined;
      job.state = 'cancelled';
      calls.push('cancel job');
      return jobStatus(state);
    },
    status: async () => status(state),
    hasIndex: async () => status(state).state !== 'empty',
    notices: () => [],
    async clear() {
      calls.push('clear');
      state.indexed = false;
      state.job = undefined;
    },
    watch: async () => void calls.push('watch'),
  };
}

async function work({ options, engine }: State, call: string, callOptions?: CallOptions): Promise<void> {
  engine.calls.push(call);
  if (options.throws !== undefined) throw options.throws();
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, options.queryMs ?? 0);
    callOptions?.signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      engine.calls.push(`aborted ${call}`);
      reject(new UserError('cancelled', 'The query was cancelled.', 'Repeat it.'));
    });
  });
  if (options.busyMs === undefined) return;
  await options.turn?.();
  const end = performance.now() + options.busyMs;
  while (performance.now() < end);
}

function rank(state: State, text: string, request: Omit<SearchRequest, 'query'>): SearchAnswer {
  const words = text
    .toLowerCase()
    .split(/\W+/)
    .filter((word) => word !== '');
  const count = (content: string) =>
    words.reduce((sum, word) => sum + content.toLowerCase().split(word).length - 1, 0);
  const hits = Object.entries(state.indexed ? state.options.files : {})
    .map(([path, content]) => makeHit(path, content, count(content), request))
    .filter((candidate) => candidate.score > 0)
    .sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1));
  const offset = request.offset ?? 0;
  const page = hits.slice(offset, offset + (request.limit ?? 10));
  const left = hits.length - offset - page.length;
  const terms = words.map((term) => ({ term, weight: 1, documents: 1 }));
  return {
    hits: page,
    freshness: freshness(state),
    notes: state.options.notes ?? [],
    ms: 0.5,
    omitted:
      left > 0
        ? { hits: left, reason: 'limit', nextOffset: offset + page.length }
        : { hits: 0, reason: 'none' },
    ...(request.explain === true && {
      plan: { kind: 'words', terms, names: [], paths: [], retrievers: ['lexical'] },
    }),
  };
}

function makeHit(
  path: string,
  content: string,
  score: number,
  request: Omit<SearchRequest, 'query'>,
): SearchHit {
  const lines = content.split('\n');
  return {
    path,
    start: 1,
    end: lines.length,
    hash: hashOf(content),
    score,
    language: 'typescript',
    kind: path.includes('test') ? 'test' : 'code',
    symbol: path.replace(/^.*\//, ''),
    symbolKind: 'function',
    ...(request.detail !== 'locations' && { text: content, textStart: 1, textEnd: lines.length }),
    ...(request.explain === true && { terms: [{ name: 'words', value: score }] }),
  };
}

function progress({ job, options }: State): IndexProgress {
  const total = Object.keys(options.files).length;
  const elapsedMs = job === undefined ? 0 : performance.now() - job.start;
  const share = Math.min(1, elapsedMs / Math.max(1, options.jobMs ?? 0));
  return {
    phase: share < 1 ? 'indexing' : 'done',
    filesDone: Math.floor(share * total),
    filesTotal: total,
    bytesDone: share * 1000,
    bytesTotal: 1000,
    elapsedMs,
    remainingMs: (1 - share) * 2000,
  };
}

function report({ options, engine }: State): IndexReport {
  const files = Object.keys(options.files).length;
  const counts = { files, indexed: files, reused: 0, removed: 0, chunks: files, bytes: 1000, parseErrors: 0 };
  const skipped = { binary: 1 };
  return { ...counts, skipped, byLanguage: {}, generation: engine.generation, ms: 12, complete: true };
}

function jobStatus(state: State): JobStatus | undefined {
  const { job, options } = state;
  if (job === undefined) return undefined;
  if (job.state === 'running' && performance.now() - job.start >= (options.jobMs ?? 0)) {
    job.state = options.jobError === undefined ? 'done' : 'failed';
    state.indexed ||= job.state === 'done';
  }
  return {
    id: job.id,
    state: job.state,
    progress: progress(state),
    ...(job.state === 'done' && { report: report(state) }),
    ...(job.state === 'failed' && { error: options.jobError ?? '' }),
  };
}

function freshness(state: State): Freshness {
  return {
    state: state.indexed ? 'fresh' : 'building',
    commit: '1a2b3c4d5e6f',
    branch: 'main',
    generation: state.engine.generation,
    pending: [],
    pendingCount: 0,
    ...(!state.indexed && { progress: progress(state) }),
    checkedBy: 'scan',
    checkMs: 1.5,
    ...state.options.freshness,
  };
}

function status(state: State): IndexStatus {
  const job = jobStatus(state);
  const files = Object.keys(state.options.files).length;
  return {
    root: ROOT,
    state: state.indexed ? 'ready' : job?.state === 'running' ? 'building' : 'empty',
    generation: state.engine.generation,
    files: state.indexed ? files : 0,
    chunks: files,
    sourceBytes: 1000,
    storeBytes: 400,
    storeFile: '/home/index.db',
    languages: { typescript: files },
    kinds: { code: files },
    skipped: { binary: 1 },
    skippedFiles: [{ path: 'logo.png', reason: 'binary' }],
    freshness: freshness(state),
    notices: [],
    history: { state: 'none', commits: 0 },
    graph: state.options.graph ?? { state: 'ready', files, missing: 0 },
    ...(job !== undefined && { job }),
  };
}

/** Files that hold the name, each as a claim. */
function analysisOf(state: State, target: string): AnalysisAnswer {
  const { hits, freshness, ms } = rank(state, target, {});
  const claims = hits.map(({ path, start, end, hash, text = '' }) => ({
    text: `It is named: \`${text}\`.`,
    evidence: [{ path, start, end, hash, resolution: 'exact' as const }],
  }));
  const subjects = hits.slice(0, 1).map(({ path, start, end, hash, language, text = '' }) => ({
    name: path,
    kind: 'file' as const,
    path,
    start,
    end,
    hash,
    language,
    head: text,
  }));
  const counts = { checked: claims.length, dropped: 0, detail: 'every claim has evidence' };
  const gates = [{ name: 'evidence', state: 'passed', ...counts }] as const;
  const sections = [{ name: 'overview' as const, claims, omitted: 0 }];
  return { route: 'symbol', subjects, candidates: [], sections, gates, steps: [], notes: [], freshness, ms };
}

/** Files that hold the name, as its documents. */
function relatedTo(state: State, target: string): RelatedAnswer {
  const { hits, freshness, ms } = rank(state, target, {});
  const entries = hits.map(({ path, start, end, hash, text = '' }) => ({
    id: path,
    title: path,
    reasons: ['names it'],
    place: { path, start, end, hash },
    text,
  }));
  const sections = [{ name: 'docs' as const, entries, total: entries.length, notes: [] }];
  return { target: { kind: 'ticket', name: target }, sections, notes: [], freshness, ms };
}
