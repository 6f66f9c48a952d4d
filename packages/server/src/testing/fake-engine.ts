/**
 * An engine over a few files in memory, for tests of operations and renderings that need exact answers, delays and
 * failures. Ranks by counting words; keeps every promise of the `Workspace` interface that the server relies on.
 */
import { createHash } from 'node:crypto';
import type {
  CallOptions,
  Engine,
  FileListing,
  Freshness,
  GrepAnswer,
  GrepRequest,
  IndexProgress,
  IndexReport,
  IndexStatus,
  JobStatus,
  LocateAnswer,
  LocateRequest,
  SearchAnswer,
  SearchHit,
  SearchRequest,
  Workspace,
} from '@conexus/engine';
import { UserError } from '../errors.ts';

export interface FakeOptions {
  readonly files: Readonly<Record<string, string>>;
  /** Already indexed when opened; default true. */
  readonly indexed?: boolean;
  /** How long a job runs. */
  readonly jobMs?: number;
  readonly jobError?: string;
  /** How long a query takes, unless cancelled. */
  readonly queryMs?: number;
  readonly throws?: () => unknown;
  readonly freshness?: Partial<Freshness>;
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

function fakeWorkspace(options: FakeOptions, engine: FakeEngine): Workspace {
  let job: { readonly id: string; readonly start: number; state: JobStatus['state'] } | undefined;
  let indexed = options.indexed ?? true;
  const total = Object.keys(options.files).length;

  const progress = (): IndexProgress => {
    const share =
      job === undefined ? 0 : Math.min(1, (performance.now() - job.start) / Math.max(1, options.jobMs ?? 0));
    return {
      phase: share < 1 ? 'indexing' : 'done',
      filesDone: Math.floor(share * total),
      filesTotal: total,
      bytesDone: share * 1000,
      bytesTotal: 1000,
      elapsedMs: 5,
      remainingMs: (1 - share) * 2000,
    };
  };
  const report = (): IndexReport => ({
    files: total,
    indexed: total,
    reused: 0,
    removed: 0,
    chunks: total,
    bytes: 1000,
    skipped: { binary: 1 },
    parseErrors: 0,
    byLanguage: {},
    generation: engine.generation,
    ms: 12,
    complete: true,
  });
  const jobStatus = (): JobStatus | undefined => {
    if (job === undefined) return undefined;
    if (job.state === 'running' && performance.now() - job.start >= (options.jobMs ?? 0)) {
      job.state = options.jobError === undefined ? 'done' : 'failed';
      indexed ||= job.state === 'done';
    }
    return {
      id: job.id,
      state: job.state,
      progress: progress(),
      ...(job.state === 'done' && { report: report() }),
      ...(job.state === 'failed' && { error: options.jobError ?? '' }),
    };
  };
  const freshness = (): Freshness => ({
    state: indexed ? 'fresh' : 'building',
    commit: '1a2b3c4d5e6f',
    branch: 'main',
    generation: engine.generation,
    pending: [],
    pendingCount: 0,
    ...(!indexed && { progress: progress() }),
    checkedBy: 'scan',
    checkMs: 1.5,
    ...options.freshness,
  });
  const work = async (call: string, callOptions?: CallOptions): Promise<void> => {
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
  };
  const rank = (
    text: string,
    request: Pick<SearchRequest, 'limit' | 'offset' | 'detail' | 'explain'>,
  ): SearchAnswer => {
    const words = text
      .toLowerCase()
      .split(/\W+/)
      .filter((word) => word !== '');
    const hits = Object.entries(indexed ? options.files : {})
      .map(([path, content]) =>
        hit(
          path,
          content,
          words.reduce((sum, word) => sum + content.toLowerCase().split(word).length - 1, 0),
          request,
        ),
      )
      .filter((candidate) => candidate.score > 0)
      .sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1));
    const offset = request.offset ?? 0;
    const page = hits.slice(offset, offset + (request.limit ?? 10));
    const left = hits.length - offset - page.length;
    return {
      hits: page,
      freshness: freshness(),
      notes: options.notes ?? [],
      ms: 0.5,
      omitted:
        left > 0
          ? { hits: left, reason: 'limit', nextOffset: offset + page.length }
          : { hits: 0, reason: 'none' },
      ...(request.explain === true && {
        plan: {
          kind: 'words',
          terms: words.map((term) => ({ term, weight: 1, documents: 1 })),
          names: [],
          paths: [],
          retrievers: ['lexical'],
        },
      }),
    };
  };

  return {
    root: ROOT,
    async search(request, callOptions) {
      await work('search', callOptions);
      return rank(request.query, request);
    },
    async locate(request: LocateRequest, callOptions): Promise<LocateAnswer> {
      await work('locate', callOptions);
      const answer = rank(request.task, request);
      return {
        ...answer,
        hits: answer.hits.map((found) => ({ ...found, reasons: [`${found.score} words of the task`] })),
      };
    },
    async grep(request: GrepRequest, callOptions): Promise<GrepAnswer> {
      await work('grep', callOptions);
      const hits = Object.entries(options.files).flatMap(([path, content]) =>
        content
          .split('\n')
          .flatMap((lineText, index) =>
            lineText.includes(request.pattern)
              ? [{ path, line: index + 1, lineText, start: index + 1, end: index + 1, hash: hashOf(content) }]
              : [],
          ),
      );
      const limit = request.limit ?? 200;
      return {
        hits: hits.slice(0, limit),
        truncated: hits.length > limit,
        files: new Set(hits.map((found) => found.path)).size,
        ms: 0.5,
      };
    },
    async index() {
      engine.calls.push('index');
      indexed = true;
      return report();
    },
    startIndexing() {
      if (jobStatus()?.state !== 'running') {
        engine.calls.push('start job');
        job = { id: `job-${engine.calls.length}`, start: performance.now(), state: 'running' };
      }
      return jobStatus() as JobStatus;
    },
    job: (id) => (id === undefined || id === job?.id ? jobStatus() : undefined),
    cancelJob(id) {
      if (job === undefined || jobStatus()?.state !== 'running' || (id !== undefined && id !== job.id))
        return undefined;
      job.state = 'cancelled';
      engine.calls.push('cancel job');
      return jobStatus();
    },
    async status(): Promise<IndexStatus> {
      const current = jobStatus();
      return {
        root: ROOT,
        state: indexed ? 'ready' : current?.state === 'running' ? 'building' : 'empty',
        generation: engine.generation,
        files: indexed ? total : 0,
        chunks: total,
        sourceBytes: 1000,
        storeBytes: 400,
        storeFile: '/home/index.db',
        languages: { typescript: total },
        kinds: { code: total },
        skipped: { binary: 1 },
        skippedFiles: [{ path: 'logo.png', reason: 'binary' }],
        freshness: freshness(),
        history: { state: 'none', commits: 0 },
        ...(current !== undefined && { job: current }),
      };
    },
    async clear() {
      engine.calls.push('clear');
      indexed = false;
      job = undefined;
    },
    async watch() {
      engine.calls.push('watch');
    },
    async files({ prefix = '', after = '', limit = 1000 } = {}): Promise<readonly FileListing[]> {
      return Object.keys(options.files)
        .sort()
        .filter((path) => path.startsWith(prefix) && path > after)
        .slice(0, limit)
        .map((path) => ({
          path,
          language: 'typescript',
          kind: 'code',
          traits: [],
          bytes: options.files[path]?.length ?? 0,
        }));
    },
    async readLines(path, start = 1, end = Number.MAX_SAFE_INTEGER) {
      const content = options.files[path];
      if (content === undefined) return missing(path);
      const lines = content.split('\n');
      const last = Math.min(end, lines.length);
      return {
        text: lines.slice(start - 1, last).join('\n'),
        start,
        end: last,
        lineCount: lines.length,
        hash: hashOf(content),
      };
    },
    outline: async (path) =>
      options.files[path] === undefined
        ? missing(path)
        : [{ name: path.replace(/\W/g, '_'), kind: 'function', start: 1, end: 1, depth: 0 }],
    chunks: async () => [],
    plan: async () => ({ kind: 'words', terms: [], names: [], paths: [], retrievers: [] }),
    close: async () => void engine.calls.push('close workspace'),
  };
}

function hit(
  path: string,
  content: string,
  score: number,
  request: Pick<SearchRequest, 'detail' | 'explain'>,
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

function missing(path: string): never {
  throw new UserError(
    'path_not_found',
    `There is no file ${path} in the index.`,
    'List the resources for the files there are.',
  );
}

function hashOf(content: string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 32);
}
