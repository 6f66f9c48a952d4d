/**
 * A query's vector from an embedder that may be slow or down: within a deadline, or not at all and with the reason. Answers
 * never wait for a provider longer than this, and go on without it. Knows the port alone.
 */
import { ConexusError } from '../model/errors.ts';
import type { Embedder } from '../ports/embedder.ts';

export interface QueryVector {
  /** Of length 1; undefined when the embedder did not give one. */
  readonly vector?: Float32Array;
  /** Why there is none, for the notes of the answer. */
  readonly note?: string;
}

export interface QueryEmbedder {
  embedQuery(text: string, signal?: AbortSignal): Promise<QueryVector>;
}

export interface QueryEmbedderOptions {
  readonly deadlineMs?: number;
  /** After a failure the embedder is left alone this long: a query must not cost the deadline each time. */
  readonly restMs?: number;
}

const DEADLINE_MS = 2_000;
const REST_MS = 15_000;
/** Pages of one answer and repeated questions cost one request. */
const REMEMBERED = 64;
/** What a provider takes as a question at most; an issue text with its logs is longer. */
const MAX_CHARS = 8_000;

export function createQueryEmbedder(
  embedder: Embedder,
  { deadlineMs = DEADLINE_MS, restMs = REST_MS }: QueryEmbedderOptions = {},
): QueryEmbedder {
  const remembered = new Map<string, Promise<Float32Array>>();
  let failure: { readonly until: number; readonly note: string } | undefined;

  const ask = (text: string): Promise<Float32Array> => {
    const known = remembered.get(text);
    if (known) return known;
    // Not the caller's signal: who asks the same meanwhile waits for the same reply.
    const asked = embedder
      .embed([text], 'query', { signal: AbortSignal.timeout(deadlineMs) })
      .then(([vector]) => vector as Float32Array);
    remembered.set(text, asked);
    // Also where nobody waits for it any more.
    asked.catch(() => remembered.delete(text));
    for (const oldest of remembered.keys()) {
      if (remembered.size <= REMEMBERED) break;
      remembered.delete(oldest);
    }
    return asked;
  };

  return {
    async embedQuery(query, signal) {
      if (failure && performance.now() < failure.until) return { note: failure.note };
      const text = query.slice(0, MAX_CHARS);
      try {
        const vector = await untilAborted(ask(text), signal);
        failure = undefined;
        return vector ? { vector } : {};
      } catch (error) {
        const note = noteOf(embedder, error);
        failure = { until: performance.now() + restMs, note };
        return { note };
      }
    },
  };
}

/** undefined when the caller gave up first: it tells of that itself. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T | undefined> {
  if (!signal) return work;
  if (signal.aborted) return Promise.resolve(undefined);
  const { promise, resolve, reject } = Promise.withResolvers<T | undefined>();
  const giveUp = () => resolve(undefined);
  signal.addEventListener('abort', giveUp, { once: true });
  work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  return promise;
}

function noteOf({ name }: Embedder, error: unknown): string {
  const why = error instanceof ConexusError ? error.message : 'It failed for an unknown reason.';
  return `Ranked without the embedder ${name}: ${why}`;
}
