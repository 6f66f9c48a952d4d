/**
 * Vectors of an embedder that is asked over a port (a provider, a model on this machine) for the chunks of a workspace that
 * have none: survey -> estimate -> (confirmation) -> embed -> store, segment by segment. A segment's rows are written at
 * once or not at all; a run that ends early leaves what it paid for in the embedder's cache. Knows no provider.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { writeInt8Row } from '../embedding/quantise.ts';
import { ConexusError } from '../model/errors.ts';
import type { EmbeddingEstimate, EmbeddingReport } from '../model/search.ts';
import type { Embedder } from '../ports/embedder.ts';
import type { SegmentId } from '../ports/store.ts';
import { DOCUMENT_TEXT_VERSION } from './document-text.ts';
import { isGone, type SegmentGap, surveyGaps, textsOf, type VectorSource } from './vector-gaps.ts';

export interface EmbeddingTarget extends VectorSource {
  readonly embedder: Embedder;
  /** A run of more tokens waits for a confirmation. */
  readonly confirmTokens: number;
  /** Called after a segment's rows were written. */
  written(segment: SegmentId): void;
}

export interface EmbeddingRun {
  readonly signal?: AbortSignal | undefined;
  readonly confirmed?: boolean | undefined;
  readonly onProgress?: ((progress: EmbeddingProgress) => void) | undefined;
}

export interface EmbeddingProgress {
  readonly done: number;
  readonly total: number;
  readonly elapsedMs: number;
  readonly remainingMs?: number;
}

/** Texts handed over at a time: bounds the memory of texts and vectors, 25 MB at 3,072 dimensions. */
const WINDOW = 2_048;
/** Texts looked up in the cache at a time: some milliseconds. */
const LOOKED_UP = 256;
/** Merges may take segments away under a run; they do not keep doing so. */
const MAX_ROUNDS = 3;
/** An estimate from less work than this would jump about. */
const MIN_SHARE = 0.02;

/** Key of the embedder's rows in the store: vectors of another model, or of other text, have another. */
export function vectorModel({ id }: Pick<Embedder, 'id'>): string {
  return `${id}/t${DOCUMENT_TEXT_VERSION}`;
}

/** @throws ConexusError of the embedder or the store; what was written stays */
export async function embedWorkspace(
  target: EmbeddingTarget,
  run: EmbeddingRun = {},
): Promise<EmbeddingReport> {
  const { embedder } = target;
  const model = vectorModel(embedder);
  const report = { embedder: embedder.name, embedded: 0, changed: 0 };
  let survey = await surveyGaps(target, model);
  const estimate = await estimateOf(target, survey.gaps, run.signal);
  const wanted = survey.gaps
    .flatMap(({ blobs }) => blobs)
    .reduce((sum, { missing }) => sum + missing.length, 0);
  const result = (state: EmbeddingReport['state']): EmbeddingReport => ({
    ...report,
    state,
    passages: survey.passages,
    missing: Math.max(0, wanted - report.embedded),
    estimate,
  });
  if (run.signal?.aborted) return result('cancelled');
  if (estimate.tokens > target.confirmTokens && run.confirmed !== true) return result('waiting');
  const meter = progressOf(estimate.passages, run.onProgress);
  for (let round = 1; survey.gaps.length > 0; round++) {
    let gone = false;
    for (const gap of survey.gaps) {
      try {
        const { embedded, changed } = await embedSegment(target, model, gap, run.signal, meter);
        report.embedded += embedded;
        report.changed += changed;
      } catch (error) {
        if (run.signal?.aborted) return result('cancelled');
        if (!isGone(error)) throw error;
        gone = true;
      }
    }
    if (!gone || round === MAX_ROUNDS) break;
    survey = await surveyGaps(target, model);
  }
  return result('done');
}

/** What embedding would cost now: nothing for what the embedder's cache knows. Reads every file with a gap once. */
async function estimateOf(
  target: EmbeddingTarget,
  gaps: readonly SegmentGap[],
  signal: AbortSignal | undefined,
): Promise<EmbeddingEstimate> {
  const { embedder } = target;
  let passages = 0;
  let tokens = 0;
  for (const gap of gaps) {
    if (signal?.aborted) break;
    try {
      const texts = (await textsOf(target, gap)).documents.map(({ text }) => text);
      passages += texts.length;
      for (let from = 0; from < texts.length; from += LOOKED_UP) {
        // Looking up is synchronous: queries get their turns in between.
        await nextTurn();
        const some = texts.slice(from, from + LOOKED_UP);
        const known = embedder.known(some);
        for (const [i, text] of some.entries()) if (!known[i]) tokens += embedder.estimateTokens(text);
      }
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }
  const { price } = embedder;
  return {
    passages,
    tokens,
    minutes: tokens / embedder.tokensPerMinute,
    ...(price ? { usd: (tokens / 1e6) * price.usdPerMillionTokens, priceAsOf: price.asOf } : {}),
  };
}

async function embedSegment(
  target: EmbeddingTarget,
  model: string,
  gap: SegmentGap,
  signal: AbortSignal | undefined,
  meter: (texts: number) => void,
): Promise<{ readonly embedded: number; readonly changed: number }> {
  const { store, embedder } = target;
  const { documents, changed } = await textsOf(target, gap);
  if (documents.length === 0) return { embedded: 0, changed };
  let rows: Int8Array | undefined;
  let dims = 0;
  for (let from = 0; from < documents.length; from += WINDOW) {
    signal?.throwIfAborted();
    const window = documents.slice(from, from + WINDOW);
    const texts = window.map(({ text }) => text);
    const vectors = await embedder.embed(texts, 'document', { signal, onDone: meter });
    dims = vectors[0]?.length ?? 0;
    rows ??= await rowsToFill(target, model, gap, dims);
    for (const [i, { document }] of window.entries())
      writeInt8Row(vectors[i] as Float32Array, rows, document * dims);
  }
  if (!rows) return { embedded: 0, changed };
  await store.writeVectors(model, [{ segment: gap.segment, bytes: bytesOf(rows) }]);
  target.written(gap.segment);
  return { embedded: documents.length, changed };
}

/** The segment's rows as they are: another worktree may have made some. */
async function rowsToFill(
  { store, embedder }: EmbeddingTarget,
  model: string,
  { segment, documents }: SegmentGap,
  dims: number,
): Promise<Int8Array> {
  const stored = await store.readVectors(segment, model);
  if (!stored) return new Int8Array(documents * dims);
  if (stored.length !== documents * dims)
    throw new ConexusError(
      'embedder_bad_reply',
      `The embedder ${embedder.name} gives vectors of ${dims} dimensions, and gave ${stored.length / documents} before.`,
      'If the model was exchanged, set CONEXUS_EMBEDDING_DIMENSIONS to what it gives now, then index again.',
    );
  return new Int8Array(stored.buffer, stored.byteOffset, stored.length).slice();
}

const bytesOf = (rows: Int8Array): Uint8Array => new Uint8Array(rows.buffer, rows.byteOffset, rows.length);

function progressOf(total: number, report: EmbeddingRun['onProgress']): (texts: number) => void {
  const started = performance.now();
  let done = 0;
  return (texts) => {
    done = Math.min(total, done + texts);
    const elapsedMs = performance.now() - started;
    const share = total > 0 ? done / total : 1;
    const remainingMs = share >= MIN_SHARE ? { remainingMs: (elapsedMs * (1 - share)) / share } : {};
    report?.({ done, total, elapsedMs, ...remainingMs });
  };
}
