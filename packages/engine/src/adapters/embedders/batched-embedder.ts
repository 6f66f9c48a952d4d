/**
 * What all embedders have in common: texts made fit to be sent, what is known taken from the cache, the rest in batches,
 * several at a time, each kept as soon as it is there. Knows no provider and no network.
 */
import { ConexusError } from '../../model/errors.ts';
import type { EmbedCall, Embedder, EmbeddingRole } from '../../ports/embedder.ts';
import { cancelled } from '../network/cancelled.ts';
import { type BatchLimits, batchesOf, estimateTokens, sendable } from './batches.ts';
import type { VectorCache } from './vector-cache.ts';

export interface BatchedParts extends Pick<Embedder, 'id' | 'name' | 'remote' | 'price' | 'tokensPerMinute'> {
  readonly limits: BatchLimits;
  /** Longer texts are cut. */
  readonly textTokens: number;
  readonly concurrency: number;
  readonly queryPrefix: string;
  readonly documentPrefix: string;
  readonly cache: VectorCache | undefined;
  /** Vectors of length 1 in the order of the texts. All or nothing. */
  embedBatch(
    texts: readonly string[],
    tokens: number,
    role: EmbeddingRole,
    signal: AbortSignal | undefined,
  ): Promise<readonly Float32Array[]>;
  close(): Promise<void>;
}

export function createBatchedEmbedder(parts: BatchedParts): Embedder {
  /** Of every vector from here or the cache; set by the first. */
  let dimensions: number | undefined;
  const check = (vector: Float32Array): Float32Array => {
    dimensions ??= vector.length;
    if (vector.length === dimensions) return vector;
    throw new ConexusError(
      'embedder_bad_reply',
      `${parts.name} gives vectors of ${vector.length} dimensions, and gave ${dimensions} before. Nothing of the reply is used.`,
      'If the model was exchanged, give it another name or set CONEXUS_EMBEDDING_DIMENSIONS, then index again.',
    );
  };

  const embed = async (
    texts: readonly string[],
    role: EmbeddingRole,
    { signal, onDone }: EmbedCall = {},
  ): Promise<readonly Float32Array[]> => {
    const prefix = role === 'query' ? parts.queryPrefix : parts.documentPrefix;
    const vectors: (Float32Array | undefined)[] =
      role === 'document' && parts.cache ? [...parts.cache.read(texts)] : texts.map(() => undefined);
    for (const vector of vectors) if (vector) check(vector);
    const wanted = distinct(texts, vectors);
    const known = texts.length - [...wanted.values()].reduce((sum, places) => sum + places.length, 0);
    if (known > 0) onDone?.(known, 0);
    const sent = [...wanted.keys()].map((text) => sendable(prefix + text, parts.textTokens));
    const sources = [...wanted.keys()];
    const tokens = sent.map(estimateTokens);
    await inLanes(batchesOf(tokens, parts.limits), parts.concurrency, signal, async (batch, lane) => {
      const sum = batch.reduce((total, i) => total + (tokens[i] as number), 0);
      const found = await parts.embedBatch(
        batch.map((i) => sent[i] as string),
        sum,
        role,
        lane,
      );
      for (const vector of found) check(vector);
      if (role === 'document')
        parts.cache?.write(
          batch.map((i) => sources[i] as string),
          found,
        );
      let done = 0;
      for (const [k, i] of batch.entries()) {
        const places = wanted.get(sources[i] as string) ?? [];
        for (const place of places) vectors[place] = found[k];
        done += places.length;
      }
      onDone?.(done, sum);
    });
    return vectors as readonly Float32Array[];
  };

  return {
    id: parts.id,
    name: parts.name,
    remote: parts.remote,
    price: parts.price,
    tokensPerMinute: parts.tokensPerMinute,
    estimateTokens: (text) => estimateTokens(sendable(parts.documentPrefix + text, parts.textTokens)),
    known: (texts) => parts.cache?.has(texts) ?? texts.map(() => false),
    embed,
    async close() {
      parts.cache?.close();
      await parts.close();
    },
  };
}

/** Texts without a vector, each once, with all their places. */
function distinct(
  texts: readonly string[],
  vectors: readonly (Float32Array | undefined)[],
): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [i, text] of texts.entries()) {
    if (vectors[i]) continue;
    const known = places.get(text);
    if (known) known.push(i);
    else places.set(text, [i]);
  }
  return places;
}

/** The first failure ends the other lanes, and is what is thrown. */
async function inLanes<T>(
  items: readonly T[],
  width: number,
  signal: AbortSignal | undefined,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const both = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const failures: unknown[] = [];
  let next = 0;
  const lane = async () => {
    while (next < items.length && failures.length === 0) {
      const item = items[next++] as T;
      try {
        if (signal?.aborted) throw cancelled(signal);
        await work(item, both);
      } catch (error) {
        failures.push(error);
        stop.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  if (failures.length > 0) throw failures[0];
}
