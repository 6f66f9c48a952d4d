/**
 * The first hits in the order of a reranker, or in the order they had: a reranker that fails, or is late, changes nothing but
 * a note. Only for queries in words: names, paths and exact text are ranked by what they are. Knows the port alone.
 */
import { ConexusError } from '../model/errors.ts';
import type { Reranker } from '../ports/embedder.ts';
import type { PassageReader } from './passages.ts';
import { chunkLines, type RankedHit } from './rank.ts';
import type { RankedQuery } from './run-search.ts';

/** More than a page shows, few enough for one request. */
const RERANKED = 40;
const DEADLINE_MS = 3_000;

export interface RerankedQuery {
  readonly query: RankedQuery;
  /** Why the order is the one it was. */
  readonly note?: string;
}

/** `text`: what was asked. Hits keep their place after the first 40. Scores stay in descending order: they change hands. */
export async function rerankHits(
  reranker: Reranker,
  reader: PassageReader,
  query: RankedQuery,
  text: string,
  signal?: AbortSignal,
): Promise<RerankedQuery> {
  const isWords = query.plan.kind === 'words' || query.plan.kind === 'report';
  const first = query.ranked.slice(0, RERANKED);
  if (!isWords || first.length < 2) return { query };
  try {
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    const texts = first.map((hit) => textOf(reader, hit));
    const scores = await reranker.rerank(
      text,
      texts,
      signal ? AbortSignal.any([signal, deadline]) : deadline,
    );
    const order = first
      .map((_, i) => i)
      .sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
    const ranked = order.map((from, to) => ({
      ...(first[from] as RankedHit),
      score: (first[to] as RankedHit).score,
    }));
    return { query: { ...query, ranked: [...ranked, ...query.ranked.slice(RERANKED)] } };
  } catch (error) {
    const why = error instanceof ConexusError ? error.message : 'It failed for an unknown reason.';
    return { query, note: `Not reranked by ${reranker.name}: ${why}` };
  }
}

/** Empty where the file is gone: such a hit is found out when it is shown. */
function textOf(reader: PassageReader, hit: RankedHit): string {
  const { path } = hit.file;
  const { start, end } = chunkLines(hit);
  return [path, ...(reader.read(path)?.lines.slice(start - 1, end) ?? [])].join('\n');
}
