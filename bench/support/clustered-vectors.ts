/**
 * Vectors as embeddings lie: in clusters of clusters of uneven size, most of the spread in few directions. The floats are not
 * kept (a million of 256 are a gigabyte): the exact answers of the queries are found while they are made.
 */
import { randomFrom } from './numbers.ts';

export interface ClusteredVectors {
  readonly count: number;
  readonly dims: number;
  /** Rows as the index holds them: of each, the largest value is 127. */
  readonly rows: Int8Array;
  /** Of length 1; drawn as rows are, but not among them. */
  readonly queries: readonly Float32Array[];
  /** Per query, the rows of the highest cosine in floats, best first. */
  readonly exact: readonly (readonly number[])[];
}

const NEAREST = 50;
const ROWS_A_CLUSTER = 200;
const CLUSTERS_A_REGION = 40;

export function makeClusteredVectors(count: number, dims: number, queryCount: number): ClusteredVectors {
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
  const draw = () => unit(around(clusters[Math.floor(random() ** 2 * clusterCount)], 0.6));

  const queries = Array.from({ length: queryCount }, draw);
  const best = queries.map(() => ({ rows: [] as number[], scores: [] as number[] }));
  const rows = new Int8Array(count * dims);
  for (let row = 0; row < count; row++) {
    const vector = draw();
    quantiseInto(rows.subarray(row * dims, (row + 1) * dims), vector);
    queries.forEach((query, i) => {
      keep(best[i] as (typeof best)[number], row, dot(query, vector));
    });
  }
  return { count, dims, rows, queries, exact: best.map((each) => each.rows) };
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector));
  return vector.map((value) => value / length);
}

function quantiseInto(target: Int8Array, vector: Float32Array): void {
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  for (let i = 0; i < vector.length; i++) target[i] = Math.round(((vector[i] as number) * 127) / largest);
}

/** Insertion into a short sorted list: few rows get that far. */
function keep(
  best: { readonly rows: number[]; readonly scores: number[] },
  row: number,
  score: number,
): void {
  const { rows, scores } = best;
  if (rows.length === NEAREST && score <= (scores[NEAREST - 1] as number)) return;
  let at = rows.length;
  while (at > 0 && (scores[at - 1] as number) < score) at--;
  rows.splice(at, 0, row);
  scores.splice(at, 0, score);
  rows.length = Math.min(rows.length, NEAREST);
  scores.length = rows.length;
}
