/**
 * How well vectors alone find the chunk of a query: held-out pairs of repositories that no weight was trained on, each query
 * ranked among all chunks of its repository's pairs by cosine. Knows no training.
 */
import type { PairSet } from '../packages/engine/src/embedding/pair-set.ts';
import { PAIR_KINDS, type PairKind } from '../packages/engine/src/embedding/pair-set.ts';
import { termWeight } from '../packages/engine/src/embedding/pooling.ts';
import type { StaticModel } from '../packages/engine/src/embedding/static-model.ts';
import { pairsByGroup } from '../packages/engine/src/embedding/train/term-rows.ts';

export interface Figures {
  readonly queries: number;
  /** Means over repositories of the means over their queries. */
  readonly ndcg10: number;
  readonly mrr10: number;
}

export interface Pooling {
  /** Weight of a document's term by its packed frequencies. */
  readonly termWeight: (tf: number) => number;
  readonly pathWeight: number;
  /** Factor of terms that are no words of the vocabulary. */
  readonly unknownWeight: number;
}

export const SHIPPED_POOLING: Pooling = { termWeight, pathWeight: 0, unknownWeight: 1 };

/** Queries of one repository at most; every n-th of them, so that the choice is the same for all models. */
const MAX_QUERIES = 300;

/** `width`: leading dimensions to rank by. */
export function measureHeldOut(
  model: StaticModel,
  pairs: PairSet,
  kind: PairKind,
  pooling: Pooling = SHIPPED_POOLING,
  width = model.dims,
  queryModel = model,
): Figures {
  const wanted = PAIR_KINDS.indexOf(kind);
  const sums = { queries: 0, ndcg10: 0, mrr10: 0, groups: 0 };
  for (const members of pairsByGroup(pairs.groupOf, pairs.groups.length)) {
    const asked = members.filter((pair) => pairs.kindOf[pair] === wanted);
    if (asked.length < 20) continue;
    const own = rankGroup(model, pairs, members, asked, pooling, width, queryModel);
    sums.queries += own.queries;
    sums.ndcg10 += own.ndcg10;
    sums.mrr10 += own.mrr10;
    sums.groups++;
  }
  const { groups, queries } = sums;
  return { queries, ndcg10: sums.ndcg10 / groups, mrr10: sums.mrr10 / groups };
}

function rankGroup(
  model: StaticModel,
  pairs: PairSet,
  members: readonly number[],
  asked: readonly number[],
  pooling: Pooling,
  width: number,
  queryModel: StaticModel,
): Figures {
  const { documents, documentOf } = distinctDocuments(pairs, members);
  const rows = new Float32Array(documents.length * width);
  documents.forEach((pair, i) => {
    rows.set(unit(documentVector(model, pairs, pair, pooling), width), i * width);
  });
  const relevant = relevantDocuments(pairs, asked, documentOf);
  const every = Math.max(1, Math.floor(relevant.length / MAX_QUERIES));
  let [queries, ndcg10, mrr10] = [0, 0, 0];
  for (let q = 0; q < relevant.length && queries < MAX_QUERIES; q += every) {
    const { pair, right } = relevant[q] as RelevantDocuments;
    const query = unit(queryVector(queryModel, pairs, pair), width);
    const { gain, reciprocal } = judge(query, rows, width, right);
    queries++;
    ndcg10 += gain;
    mrr10 += reciprocal;
  }
  return { queries, ndcg10: ndcg10 / queries, mrr10: mrr10 / queries };
}

function judge(query: Float32Array, rows: Float32Array, width: number, right: ReadonlySet<number>) {
  const count = rows.length / width;
  const scores = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    let dot = 0;
    for (let k = 0; k < width; k++) dot += (query[k] as number) * (rows[i * width + k] as number);
    scores[i] = dot;
  }
  const ranks = [...right].map((doc) => {
    const own = scores[doc] as number;
    // Ties rank against the answer: a model that knows nothing must score nothing.
    let rank = 0;
    for (let i = 0; i < count; i++) if ((scores[i] as number) >= own && i !== doc && !right.has(i)) rank++;
    return rank;
  });
  ranks.sort((a, b) => a - b);
  let gain = 0;
  let ideal = 0;
  ranks.forEach((behind, i) => {
    if (behind + i < 10) gain += 1 / Math.log2(behind + i + 2);
    if (i < 10) ideal += 1 / Math.log2(i + 2);
  });
  const first = ranks[0] ?? 10;
  return { gain: gain / ideal, reciprocal: first < 10 ? 1 / (first + 1) : 0 };
}

interface RelevantDocuments {
  readonly pair: number;
  readonly right: ReadonlySet<number>;
}

/** Queries, each once, with all documents that answer it. */
function relevantDocuments(
  pairs: PairSet,
  asked: readonly number[],
  documentOf: ReadonlyMap<number, number>,
): RelevantDocuments[] {
  const byQuery = new Map<string, { pair: number; right: Set<number> }>();
  for (const pair of asked) {
    const key = pairs.queryTerms
      .subarray(pairs.queryFrom[pair] as number, pairs.queryFrom[pair + 1] as number)
      .join(' ');
    const found = byQuery.get(key) ?? { pair, right: new Set<number>() };
    found.right.add(documentOf.get(pair) as number);
    byQuery.set(key, found);
  }
  return [...byQuery.values()];
}

function distinctDocuments(pairs: PairSet, members: readonly number[]) {
  const numbers = new Map<string, number>();
  const documents: number[] = [];
  const documentOf = new Map<number, number>();
  for (const pair of members) {
    const key = pairs.docTerms
      .subarray(pairs.docFrom[pair] as number, pairs.docFrom[pair + 1] as number)
      .join(' ');
    let number = numbers.get(key);
    if (number === undefined) numbers.set(key, (number = documents.push(pair) - 1));
    documentOf.set(pair, number);
  }
  return { documents, documentOf };
}

function documentVector(model: StaticModel, pairs: PairSet, pair: number, pooling: Pooling): Float32Array {
  const sum = new Float32Array(model.dims);
  const own = model.words.length * model.dims;
  for (let i = pairs.docFrom[pair] as number; i < (pairs.docFrom[pair + 1] as number); i++) {
    const term = pairs.terms[pairs.docTerms[i] as number] as string;
    const factor = model.offsetOf(term) < own ? 1 : pooling.unknownWeight;
    if (factor > 0) model.addTerm(term, factor * pooling.termWeight(pairs.docTfs[i] as number), sum);
  }
  if (pooling.pathWeight === 0) return sum;
  for (let i = pairs.pathFrom[pair] as number; i < (pairs.pathFrom[pair + 1] as number); i++) {
    model.addTerm(pairs.terms[pairs.pathTerms[i] as number] as string, pooling.pathWeight, sum);
  }
  return sum;
}

function queryVector(model: StaticModel, pairs: PairSet, pair: number): Float32Array {
  const sum = new Float32Array(model.dims);
  for (let i = pairs.queryFrom[pair] as number; i < (pairs.queryFrom[pair + 1] as number); i++) {
    const weight = 1 + Math.log(pairs.queryCounts[i] as number);
    model.addTerm(pairs.terms[pairs.queryTerms[i] as number] as string, weight, sum);
  }
  return sum;
}

function unit(vector: Float32Array, width: number): Float32Array {
  const part = vector.subarray(0, width);
  const norm = Math.hypot(...part);
  return norm > 0 ? part.map((x) => x / norm) : part;
}
