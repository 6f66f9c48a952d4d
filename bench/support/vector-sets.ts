/**
 * Vectors to search in: of real code, by the built-in model; and as many as wanted, lying as embeddings lie. The floats are not
 * kept (a million of 256 are a gigabyte): the exact answers of the queries are found while they are made.
 */
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { readBuiltinModel } from '../../packages/engine/src/adapters/models/builtin-model.ts';
import { openModel } from '../../packages/engine/src/embedding/model-file.ts';
import { embedQuery } from '../../packages/engine/src/embedding/pooling.ts';
import { writeInt8Row } from '../../packages/engine/src/embedding/quantise.ts';
import type { StaticModel } from '../../packages/engine/src/embedding/static-model.ts';
import { termsOf } from '../../packages/engine/src/lexical/tokenize.ts';
import { filesBelow } from './corpora.ts';
import { randomFrom } from './numbers.ts';

export interface VectorSet {
  readonly count: number;
  readonly dims: number;
  /** Rows as the index holds them. */
  readonly rows: Int8Array;
  /** Of length 1. */
  readonly queries: readonly Float32Array[];
  /** Per query, the rows that belong to the 50 of the highest cosine in floats; more than 50 where several are equally far. */
  readonly exact: readonly ReadonlySet<number>[];
}

export const NEAREST = 50;
/** Rows as far as the fiftieth are as good. */
const KEPT = 150;
const SAME = 1e-6;
const ROWS_A_CLUSTER = 200;
const CLUSTERS_A_REGION = 40;

/**
 * Clusters of clusters of uneven size, most of the spread in few directions. Within a cluster ranks lie closer than in code, so
 * rounding costs more of them here.
 */
export function makeClusteredVectors(count: number, dims: number, queryCount: number): VectorSet {
  const random = randomFrom(count + dims);
  /** About normal, of variance 1: the sum of three uniform numbers. */
  const normal = () => 2 * (random() + random() + random() - 1.5);
  const spread = Float32Array.from({ length: dims }, (_, i) => 1 / Math.sqrt(1 + i / 8));
  const around = (center: Float32Array | undefined, width: number) => {
    const vector = new Float32Array(dims);
    for (let i = 0; i < dims; i++) vector[i] = (center?.[i] ?? 0) + width * (spread[i] as number) * normal();
    return vector;
  };
  const clusterCount = Math.max(4, Math.round(count / ROWS_A_CLUSTER));
  const regions = Array.from({ length: Math.ceil(clusterCount / CLUSTERS_A_REGION) }, () =>
    around(undefined, 1),
  );
  const clusters = Array.from({ length: clusterCount }, (_, i) => around(regions[i % regions.length], 0.8));
  /** Squared: low numbers come often. */
  const draw = () => around(clusters[Math.floor(random() ** 2 * clusterCount)], 0.6);

  const collector = collect(Array.from({ length: queryCount }, draw).map(unit), count, dims);
  for (let row = 0; row < count; row++) collector.add(unit(draw()));
  return collector.finish();
}

const CHUNK_LINES = 20;
const QUERY_WORDS = 6;
const CODE = new Set([
  '.c',
  '.cpp',
  '.cs',
  '.go',
  '.h',
  '.java',
  '.js',
  '.kt',
  '.php',
  '.py',
  '.rb',
  '.rs',
  '.ts',
]);

/**
 * Pieces of 20 lines of the corpora's code, each once, as the built-in model sees their words; queries are some words of
 * pieces that were left out. undefined: there are too few files, or no model.
 */
export function makeCodeVectors(corpora: string, limit: number, queryCount: number): VectorSet | undefined {
  const bytes = readBuiltinModel();
  if (!bytes) return undefined;
  const model = openModel(bytes).model();
  const random = randomFrom(1);
  const pieces = codePieces(corpora, limit + queryCount);
  if (pieces.length < 100 * queryCount) return undefined;
  for (let i = 0; i < queryCount; i++) swap(pieces, i, i + Math.floor(random() * (pieces.length - i)));
  const queries = pieces.slice(0, queryCount).map((piece) => {
    const words = [...new Set(termsOf(piece).words)];
    const some = Array.from({ length: QUERY_WORDS }, () => words[Math.floor(random() * words.length)] ?? '');
    return embed(model, some);
  });
  const collector = collect(queries, pieces.length - queryCount, model.dims);
  for (const piece of pieces.slice(queryCount)) collector.add(embed(model, termsOf(piece).words));
  return collector.finish();
}

function embed(model: StaticModel, words: readonly string[]): Float32Array {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return embedQuery(
    model,
    [...counts].map(([term, count]) => ({ term, weight: 1 + 0.5 * Math.log(count) })),
  );
}

function codePieces(corpora: string, limit: number): string[] {
  const pieces = new Set<string>();
  for (const { path } of filesBelow(corpora)) {
    if (!CODE.has(extname(path))) continue;
    const lines = readFileSync(join(corpora, path), 'utf8').split('\n');
    for (let line = 0; line + CHUNK_LINES <= lines.length; line += CHUNK_LINES) {
      pieces.add(lines.slice(line, line + CHUNK_LINES).join('\n'));
      if (pieces.size >= limit) return [...pieces];
    }
  }
  return [...pieces];
}

function swap<T>(items: T[], a: number, b: number): void {
  [items[a], items[b]] = [items[b] as T, items[a] as T];
}

function collect(queries: readonly Float32Array[], count: number, dims: number) {
  const best = queries.map((): Best => ({ rows: [], scores: [] }));
  const rows = new Int8Array(count * dims);
  let row = 0;
  return {
    add(vector: Float32Array) {
      writeInt8Row(vector, rows, row * dims);
      queries.forEach((query, i) => {
        keep(best[i] as Best, row, dot(query, vector));
      });
      row++;
    },
    finish: (): VectorSet => ({ count, dims, rows, queries, exact: best.map(nearestOf) }),
  };
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector));
  return vector.map((value) => value / length);
}

interface Best {
  readonly rows: number[];
  readonly scores: number[];
}

function nearestOf({ rows, scores }: Best): ReadonlySet<number> {
  const floor = (scores[NEAREST - 1] ?? Number.NEGATIVE_INFINITY) - SAME;
  return new Set(rows.filter((_, i) => (scores[i] as number) >= floor));
}

/** Insertion into a short sorted list: few rows get that far. */
function keep({ rows, scores }: Best, row: number, score: number): void {
  if (rows.length === KEPT && score <= (scores[KEPT - 1] as number)) return;
  let at = rows.length;
  while (at > 0 && (scores[at - 1] as number) < score) at--;
  rows.splice(at, 0, row);
  scores.splice(at, 0, score);
  rows.length = Math.min(rows.length, KEPT);
  scores.length = rows.length;
}
