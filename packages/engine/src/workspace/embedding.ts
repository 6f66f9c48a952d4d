/**
 * The embedder of one workspace that is not built in: when its vectors are made, whose turn it is among processes, what
 * happens when it fails, and vectors of queries. Chooses no adapter and ranks nothing.
 */

import {
  type EmbeddingRun,
  type EmbeddingTarget,
  embedWorkspace,
  vectorModel,
} from '../indexing/embed-workspace.ts';
import type { LiveIndex } from '../indexing/live-index.ts';
import type { VectorSource } from '../indexing/vector-gaps.ts';
import { counted } from '../model/counted.ts';
import { ConexusError } from '../model/errors.ts';
import type { EmbedderStatus, EmbeddingReport, IndexProgress } from '../model/search.ts';
import type { Embedder } from '../ports/embedder.ts';
import { SegmentGoneError, type SegmentId, type Store } from '../ports/store.ts';
import { createQueryEmbedder, type QueryEmbedder } from '../query/embed-query.ts';

export interface EmbeddingParts extends Pick<EmbeddingTarget, 'embedder' | 'confirmTokens'> {
  /** Marks this process as the one that embeds; undefined while another one does. */
  takeTurn(): { release(): void } | undefined;
}

export interface EmbeddingRunOptions {
  readonly signal?: AbortSignal | undefined;
  /** Whatever it costs. */
  readonly confirmed?: boolean | undefined;
  readonly onProgress?: ((progress: IndexProgress) => void) | undefined;
}

export interface WorkspaceEmbedding {
  /** Under this name the store has the rows: `store.readVectors(segment, model)`. */
  readonly model: string;
  /** Segments whose rows were written since this was last asked: who keeps rows in memory reads them again. */
  takeWritten(): ReadonlySet<SegmentId>;
  readonly query: QueryEmbedder;
  /** Never rejects for what the embedder does: its failure is in the report. */
  run(options?: EmbeddingRunOptions): Promise<EmbeddingReport>;
  /** Something was published: embeds it soon, in the background, unless that is more than may be done unasked. */
  wake(): void;
  status(): Promise<EmbedderStatus>;
  /** Sentences on what is missing and why. Costs nothing. */
  notices(): readonly string[];
  close(): Promise<void>;
}

/** Edits come in bursts. */
const WAKE_MS = 3_000;
const FIRST_REST_MS = 30_000;
const LAST_REST_MS = 600_000;

export function openWorkspaceEmbedding(
  parts: EmbeddingParts,
  { source, store, workspace }: VectorSource,
  live: LiveIndex,
): WorkspaceEmbedding {
  const { embedder, confirmTokens } = parts;
  const model = vectorModel(embedder);
  const closing = new AbortController();
  let written = new Set<SegmentId>();
  let last: EmbeddingReport | undefined;
  let running: Promise<EmbeddingReport> | undefined;
  let soon: NodeJS.Timeout | undefined;
  let failures = 0;
  let restUntil = 0;
  const target = {
    source,
    store,
    workspace,
    embedder,
    confirmTokens,
    written: (id: SegmentId) => void written.add(id),
  };

  const runOnce = async (options: EmbeddingRunOptions): Promise<EmbeddingReport> => {
    const turn = parts.takeTurn();
    if (!turn) return { ...(last ?? NOTHING(embedder)), state: 'elsewhere', embedded: 0 };
    const { signal } = options;
    const both = signal ? AbortSignal.any([signal, closing.signal]) : closing.signal;
    try {
      const report = await embedWorkspace(target, asRun(options, both));
      failures = 0;
      return report;
    } catch (error) {
      restUntil = performance.now() + Math.min(LAST_REST_MS, FIRST_REST_MS * 2 ** failures++);
      return { ...(last ?? NOTHING(embedder)), state: 'failed', embedded: 0, error: reasonOf(error) };
    } finally {
      turn.release();
    }
  };

  const run = async (options: EmbeddingRunOptions = {}): Promise<EmbeddingReport> => {
    // One at a time: a run that waits for a yes must not be joined by the one that says it.
    while (running) await running;
    running = runOnce(options).finally(() => {
      running = undefined;
    });
    last = await running;
    return last;
  };

  return {
    model,
    takeWritten() {
      const taken = written;
      written = new Set();
      return taken;
    },
    query: createQueryEmbedder(embedder),
    run,
    wake() {
      clearTimeout(soon);
      if (closing.signal.aborted || running || last?.state === 'waiting') return;
      const rest = Math.max(WAKE_MS, restUntil - performance.now());
      soon = setTimeout(() => void run(), rest).unref();
    },
    status: async () => ({
      ...statusOf(embedder, model),
      missing: await countMissing(store, live, model),
      running: running !== undefined,
      ...(last ? { last } : {}),
    }),
    notices: () => noticesOf(last),
    async close() {
      clearTimeout(soon);
      closing.abort();
      await running;
    },
  };
}

const statusOf = ({ name, remote }: Embedder, model: string) => ({ name, model, remote });

function asRun({ confirmed, onProgress }: EmbeddingRunOptions, signal: AbortSignal): EmbeddingRun {
  return {
    signal,
    confirmed,
    onProgress: ({ done, total, ...times }) =>
      onProgress?.({ ...NO_FILES, ...times, passagesDone: done, passagesTotal: total }),
  };
}

const NO_FILES = { phase: 'embedding', filesDone: 0, filesTotal: 0, bytesDone: 0, bytesTotal: 0 } as const;

const NOTHING = ({ name }: Embedder): EmbeddingReport => ({
  embedder: name,
  state: 'done',
  passages: 0,
  embedded: 0,
  missing: 0,
  changed: 0,
  estimate: { passages: 0, tokens: 0, minutes: 0 },
});

function reasonOf(error: unknown): string {
  return error instanceof ConexusError ? `${error.message} ${error.advice}` : 'An internal error.';
}

/** Chunks of segments without any rows: exact but for files that changed or that belong to another worktree. */
async function countMissing(store: Store, live: LiveIndex, model: string): Promise<number> {
  let missing = 0;
  for (const { id, docs } of live.view.segments) {
    const models = id > 0 ? await store.vectorModels(id).catch(noneWhenGone) : [];
    if (!models.includes(model)) missing += docs.count;
  }
  return missing;
}

function noneWhenGone(error: unknown): readonly string[] {
  if (error instanceof SegmentGoneError) return [];
  throw error;
}

function noticesOf(last: EmbeddingReport | undefined): string[] {
  if (last?.state === 'failed')
    return [
      `Passages without vectors of ${last.embedder} are found by their words alone. ${last.error ?? ''}`,
    ];
  if (last?.state === 'waiting')
    return [
      `${counted(last.missing, 'passage')} without vectors of ${last.embedder}: that is more than may be embedded unasked. ` +
        'Run "conexus index --yes", or raise CONEXUS_EMBEDDING_CONFIRM_TOKENS.',
    ];
  return [];
}
