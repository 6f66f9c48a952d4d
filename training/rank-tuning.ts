// Ranks the tuning repositories' chunks by vectors alone, by words alone (BM25F) and by both, and says how well.

import { termWeight } from '../packages/engine/src/embedding/pooling.ts';
import type { StaticModel } from '../packages/engine/src/embedding/static-model.ts';
import { FIELD_COUNT, FIELDS } from '../packages/engine/src/lexical/fields.ts';
import { BITS, MAX_TF } from '../packages/engine/src/model/packed-frequencies.ts';
import { WEIGHTS } from '../packages/engine/src/query/weights.ts';
import type { Question, RepositoryBags } from './tuning-bags.ts';

export interface RankOptions {
  /** Weight of a chunk's term by its packed frequencies. */
  readonly termWeight: (tf: number) => number;
  /** Factor of terms that are no words of the vocabulary, in chunks. */
  readonly unknownWeight: number;
  /** A question's term weighs (1 + ln count) x idf^this, idf being the repository's own, at most 1. */
  readonly idfPower: number;
  /** This share of the mean chunk is taken from the question's vector. */
  readonly centring: number;
  /** Weight of the cosine beside BM25 over its maximum. */
  readonly fusion: number;
  /** Weight of the cosine of the path's words beside the chunk's. */
  readonly pathCosine: number;
}

export const RANK_OPTIONS: RankOptions = {
  termWeight,
  unknownWeight: 1,
  idfPower: 0,
  centring: 0,
  fusion: 2,
  pathCosine: 0,
};

/** Means over repositories: nDCG@10 of files; of docstrings also MRR@10 of the right chunk. */
export interface SourceFigures {
  readonly questions: number;
  readonly static: number;
  readonly words: number;
  readonly fused: number;
  readonly staticChunk: number;
  readonly fusedChunk: number;
}

type Sums = { -readonly [K in keyof SourceFigures]: number };

export function rankTuning(
  bags: readonly RepositoryBags[],
  modelOf: (repository: RepositoryBags) => StaticModel,
  options: RankOptions = RANK_OPTIONS,
): Map<string, SourceFigures> {
  const bySource = new Map<string, Sums[]>();
  for (const repository of bags) {
    for (const [source, sums] of rankRepository(repository, modelOf(repository), options)) {
      const list = bySource.get(source);
      if (list) list.push(sums);
      else bySource.set(source, [sums]);
    }
  }
  const means = new Map<string, SourceFigures>();
  for (const [source, list] of bySource) {
    const mean = (key: keyof Sums) =>
      list.reduce((sum, own) => sum + own[key] / own.questions, 0) / list.length;
    means.set(source, {
      questions: list.reduce((sum, own) => sum + own.questions, 0),
      static: mean('static'),
      words: mean('words'),
      fused: mean('fused'),
      staticChunk: mean('staticChunk'),
      fusedChunk: mean('fusedChunk'),
    });
  }
  return means;
}

function rankRepository(
  repository: RepositoryBags,
  model: StaticModel,
  options: RankOptions,
): Map<string, Sums> {
  const { dims } = model;
  const count = repository.pathOf.length;
  const { rows, mean } = chunkVectors(repository, model, options);
  const pathRows = options.pathCosine > 0 ? pathVectors(repository, model) : undefined;
  const words = wordScores(repository);
  const idf = idfOf(repository);
  const sums = new Map<string, Sums>();
  repository.questions.forEach((question, q) => {
    const query = questionVector(repository, model, question, idf, options, mean);
    const cosines = new Float32Array(count);
    for (let c = 0; c < count; c++) cosines[c] = dotAt(query, rows, c * dims);
    if (pathRows) addPathCosines(cosines, repository, query, pathRows, dims, options.pathCosine);
    const bm25 = words[q] as Float32Array;
    const most = bm25.reduce((max, x) => Math.max(max, x), 1e-9);
    const fused = cosines.map((cosine, c) => (bm25[c] as number) / most + options.fusion * cosine);
    const own = sums.get(question.source) ?? {
      questions: 0,
      static: 0,
      words: 0,
      fused: 0,
      staticChunk: 0,
      fusedChunk: 0,
    };
    own.questions++;
    own.static += fileGain(repository, cosines, question);
    own.words += fileGain(repository, bm25, question);
    own.fused += fileGain(repository, fused, question);
    own.staticChunk += chunkReciprocal(repository, cosines, question);
    own.fusedChunk += chunkReciprocal(repository, fused, question);
    sums.set(question.source, own);
  });
  return sums;
}

function addPathCosines(
  cosines: Float32Array,
  { pathOf, paths }: RepositoryBags,
  query: Float32Array,
  pathRows: Float32Array,
  dims: number,
  weight: number,
): void {
  const byPath = Float32Array.from(paths, (_, p) => weight * dotAt(query, pathRows, p * dims));
  for (let c = 0; c < cosines.length; c++) {
    cosines[c] = (cosines[c] as number) + (byPath[pathOf[c] as number] as number);
  }
}

function dotAt(query: Float32Array, rows: Float32Array, at: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let k = 0; k < query.length; k += 4) {
    a += (query[k] as number) * (rows[at + k] as number);
    b += (query[k + 1] as number) * (rows[at + k + 1] as number);
    c += (query[k + 2] as number) * (rows[at + k + 2] as number);
    d += (query[k + 3] as number) * (rows[at + k + 3] as number);
  }
  return a + b + c + d;
}

function unit(vector: Float32Array): Float32Array {
  let squares = 0;
  for (let k = 0; k < vector.length; k++) squares += (vector[k] as number) ** 2;
  const norm = Math.sqrt(squares);
  return norm > 0 ? vector.map((x) => x / norm) : vector;
}

function chunkVectors({ words, from, terms, tfs }: RepositoryBags, model: StaticModel, options: RankOptions) {
  const { dims } = model;
  const count = from.length - 1;
  const known = new Map(model.words.map((word, i) => [word, i]));
  const vectors = words.map((word) => {
    const vector = new Float32Array(dims);
    model.addTerm(word, known.has(word) ? 1 : options.unknownWeight, vector);
    return vector;
  });
  const rows = new Float32Array(count * dims);
  const mean = new Float32Array(dims);
  for (let c = 0; c < count; c++) {
    const sum = new Float32Array(dims);
    for (let i = from[c] as number; i < (from[c + 1] as number); i++) {
      const vector = vectors[terms[i] as number] as Float32Array;
      const weight = options.termWeight(tfs[i] as number);
      for (let k = 0; k < dims; k++) sum[k] = (sum[k] as number) + weight * (vector[k] as number);
    }
    const row = unit(sum);
    rows.set(row, c * dims);
    for (let k = 0; k < dims; k++) mean[k] = (mean[k] as number) + (row[k] as number) / count;
  }
  return { rows, mean };
}

function pathVectors({ words, pathTerms }: RepositoryBags, model: StaticModel): Float32Array {
  const rows = new Float32Array(pathTerms.length * model.dims);
  pathTerms.forEach((list, p) => {
    const sum = new Float32Array(model.dims);
    for (const term of list) model.addTerm(words[term] as string, 1, sum);
    rows.set(unit(sum), p * model.dims);
  });
  return rows;
}

function questionVector(
  { words }: RepositoryBags,
  model: StaticModel,
  question: Question,
  idf: Float32Array,
  options: RankOptions,
  mean: Float32Array,
): Float32Array {
  const sum = new Float32Array(model.dims);
  for (const [term, times] of question.terms) {
    const rarity = (idf[term] as number) ** options.idfPower;
    model.addTerm(words[term] as string, (1 + Math.log(times)) * rarity, sum);
  }
  return unit(sum).map((x, k) => x - options.centring * (mean[k] as number));
}

/** ln(1 + N / (1 + df)) over its largest. */
function idfOf({ words, terms, from }: RepositoryBags): Float32Array {
  const count = from.length - 1;
  const df = new Uint32Array(words.length);
  for (const term of terms) df[term] = (df[term] as number) + 1;
  return Float32Array.from(df, (n) => Math.log(1 + count / (n + 1)) / Math.log(1 + count));
}

/** Of questions, by chunk; words do not change from model to model. */
const scoresKept = new WeakMap<RepositoryBags, Float32Array[]>();

function wordScores(repository: RepositoryBags): Float32Array[] {
  const kept = scoresKept.get(repository);
  if (kept) return kept;
  const { questions, from, terms, tfs, lengths } = repository;
  const { k1, weights, b } = WEIGHTS.search.bm25f;
  const count = from.length - 1;
  const averages = FIELDS.map((_, f) => {
    let sum = 0;
    for (let c = 0; c < count; c++) sum += lengths[c * FIELD_COUNT + f] as number;
    return sum / count;
  });
  const df = new Uint32Array(repository.words.length);
  for (const term of terms) df[term] = (df[term] as number) + 1;
  const askers = new Map<number, [question: number, times: number][]>();
  questions.forEach((question, q) => {
    for (const [term, times] of question.terms) askers.set(term, [...(askers.get(term) ?? []), [q, times]]);
  });
  const scores = questions.map(() => new Float32Array(count));
  for (let c = 0; c < count; c++) {
    for (let i = from[c] as number; i < (from[c + 1] as number); i++) {
      const term = terms[i] as number;
      const asking = askers.get(term);
      if (!asking) continue;
      let tf = 0;
      FIELDS.forEach((field, f) => {
        const own = ((tfs[i] as number) >> (f * BITS)) & MAX_TF;
        const norm =
          1 - b[field] + (b[field] * (lengths[c * FIELD_COUNT + f] as number)) / (averages[f] || 1);
        tf += (weights[field] * own) / norm;
      });
      const n = df[term] as number;
      const gain = Math.log(1 + (count - n + 0.5) / (n + 0.5)) * ((tf * (k1 + 1)) / (k1 + tf));
      for (const [q, times] of asking)
        scores[q]![c] = (scores[q]![c] as number) + gain * (1 + Math.log(times));
    }
  }
  scoresKept.set(repository, scores);
  return scores;
}

/** nDCG@10 over files, each by its best chunk. */
function fileGain({ paths, pathOf }: RepositoryBags, scores: Float32Array, { gold }: Question): number {
  const best = new Float32Array(paths.length).fill(Number.NEGATIVE_INFINITY);
  scores.forEach((score, c) => {
    const file = pathOf[c] as number;
    if (score > (best[file] as number)) best[file] = score;
  });
  const right = new Set(gold.map(({ path }) => paths.indexOf(path)));
  const order = [...best.keys()]
    .sort((x, y) => (best[y] as number) - (best[x] as number) || x - y)
    .slice(0, 10);
  const gain = order.reduce((sum, file, rank) => sum + (right.has(file) ? 1 / Math.log2(rank + 2) : 0), 0);
  let ideal = 0;
  for (let i = 0; i < Math.min(10, right.size); i++) ideal += 1 / Math.log2(i + 2);
  return gain / ideal;
}

/** MRR@10 of the chunks that overlap the right lines; 0 where the suite names files only. */
function chunkReciprocal(repository: RepositoryBags, scores: Float32Array, { gold }: Question): number {
  const { paths, pathOf, start, end } = repository;
  const isRight = (c: number) =>
    gold.some(
      (place) =>
        place.start !== undefined &&
        paths[pathOf[c] as number] === place.path &&
        (start[c] as number) <= (place.end ?? place.start) &&
        (end[c] as number) >= place.start,
    );
  let best = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < scores.length; c++) {
    if ((scores[c] as number) > best && isRight(c)) best = scores[c] as number;
  }
  if (best === Number.NEGATIVE_INFINITY) return 0;
  const better = scores.reduce((n, score) => n + (score > best ? 1 : 0), 0);
  return better < 10 ? 1 / (better + 1) : 0;
}
