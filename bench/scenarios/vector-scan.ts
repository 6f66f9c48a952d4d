/**
 * F2 of meaning: the 50 nearest of 10 thousand, 100 thousand and a million vectors, exact, with and without helping threads.
 * Beside it in turn, on the same int8 rows: a plain loop in JavaScript, and sqlite-vec. Recall is against exact float32.
 * Knows the engine by its modules: the public door has no vectors. Runs with the flags of the binary, as all scenarios do.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createScanThreads } from '../../packages/engine/src/adapters/threads/scan-threads.ts';
import { createVectorSpace, type VectorSpace } from '../../packages/engine/src/vectors/vector-space.ts';
import type { BenchContext, Figure, Scenario, ScenarioResult } from '../support/context.ts';
import { mean, percentile, residentMb, round } from '../support/numbers.ts';
import { buildSqliteVec } from '../support/sqlite-vec.ts';
import { makeClusteredVectors, makeCodeVectors, NEAREST, type VectorSet } from '../support/vector-sets.ts';

interface Size {
  readonly name: string;
  readonly count: number;
  readonly target: number;
  readonly queries: number;
  /** Of those, asked of the baselines, too. */
  readonly baselineQueries: number;
}

const SIZES: readonly Size[] = [
  { name: '10K', count: 10_000, target: 1, queries: 200, baselineQueries: 60 },
  { name: '100K', count: 100_000, target: 5, queries: 100, baselineQueries: 30 },
  { name: '1M', count: 1_000_000, target: 30, queries: 40, baselineQueries: 8 },
];
/** Real code; how many pieces there are depends on the corpora. */
const CODE_SIZE: Size = { name: 'code', count: 100_000, target: 5, queries: 100, baselineQueries: 30 };
const DIMS = [128, 256];
/** Each query is asked this often. The fastest says what the scan takes, the median what a busy machine makes of it. */
const TURNS = 3;
const WARM_UP = 10;

const entry = new URL('../../packages/engine/src/scan-worker.ts', import.meta.url);

/** What one would write without a kernel: one dot product after the other, then the best. */
function plainSearch({ rows, count, dims }: VectorSet, norms: Float32Array, query: Int8Array): number[] {
  const scores = new Float32Array(count);
  for (let row = 0, at = 0; row < count; row++) {
    let sum = 0;
    for (let i = 0; i < dims; i++, at++) sum += (rows[at] as number) * (query[i] as number);
    scores[row] = sum / (norms[row] || 1);
  }
  const floor = scores.toSorted()[Math.max(0, count - NEAREST)] as number;
  const found: number[] = [];
  for (let row = 0; row < count; row++) if ((scores[row] as number) >= floor) found.push(row);
  return found.sort((a, b) => (scores[b] as number) - (scores[a] as number)).slice(0, NEAREST);
}

function normsOf({ rows, count, dims }: VectorSet): Float32Array {
  return Float32Array.from({ length: count }, (_, row) =>
    Math.hypot(...rows.subarray(row * dims, (row + 1) * dims)),
  );
}

function asInt8(query: Float32Array): Int8Array {
  const largest = query.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return Int8Array.from(query, (value) => Math.round((value * 127) / largest));
}

/** Times and answers of one way to search. */
class Contender {
  readonly times: number[] = [];
  readonly recalls: number[] = [];
  private readonly search: (query: Float32Array) => readonly number[];

  constructor(search: (query: Float32Array) => readonly number[]) {
    this.search = search;
  }

  ask(query: Float32Array, exact: ReadonlySet<number>): void {
    const started = performance.now();
    const found = this.search(query);
    this.times.push(performance.now() - started);
    this.recalls.push(found.filter((row) => exact.has(row)).length / Math.min(NEAREST, exact.size));
  }

  summary() {
    return {
      asked: this.times.length,
      fastest: round(percentile(this.times, 0), 3),
      p50: round(percentile(this.times, 0.5), 3),
      p95: round(percentile(this.times, 0.95), 3),
      recall: round(mean(this.recalls), 4),
    };
  }
}

const rowsFound = (space: VectorSpace) => (query: Float32Array) =>
  space
    .query(query)
    .search(NEAREST)
    .map(({ row }) => row);

async function measure(context: BenchContext, size: Size, vectors: VectorSet) {
  const { dims } = vectors;
  const before = residentMb();
  const threads = createScanThreads(entry, Math.min(3, Math.max(1, availableParallelism() - 1)));
  const alone = createVectorSpace({ dims });
  const loading = performance.now();
  alone.addBlock(1, vectors.rows);
  const loadMs = performance.now() - loading;
  const residentBytes = (residentMb() - before) * 2 ** 20;
  const helped = createVectorSpace({ dims, threads });
  helped.addBlock(1, vectors.rows);
  const norms = normsOf(vectors);
  const sqlite = buildSqliteVec(join(context.work, `vec-${size.name}-${dims}.sqlite`), vectors);
  const contenders = {
    alone: new Contender(rowsFound(alone)),
    helped: new Contender(rowsFound(helped)),
    plain: new Contender((query) => plainSearch(vectors, norms, asInt8(query))),
    sqliteVec: new Contender((query) => sqlite.search(asInt8(query), NEAREST)),
  };
  for (const query of vectors.queries.slice(0, WARM_UP))
    for (const space of [alone, helped]) rowsFound(space)(query);
  for (let turn = 0; turn < TURNS; turn++) {
    vectors.queries.forEach((query, i) => {
      const exact = vectors.exact[i] as ReadonlySet<number>;
      contenders.alone.ask(query, exact);
      contenders.helped.ask(query, exact);
      if (turn > 0 || i >= size.baselineQueries) return;
      contenders.plain.ask(query, exact);
      contenders.sqliteVec.ask(query, exact);
    });
  }
  sqlite.close();
  await threads.close();
  const result = {
    size,
    dims,
    alone: contenders.alone.summary(),
    helped: contenders.helped.summary(),
    plain: contenders.plain.summary(),
    sqliteVec: contenders.sqliteVec.summary(),
    loadMs: round(loadMs, 1),
    memoryMb: round(alone.bytes / 2 ** 20, 1),
    residentMb: round(residentBytes / 2 ** 20, 1),
    sqliteVecMb: round(sqlite.bytes / 2 ** 20, 1),
  };
  context.log(JSON.stringify(result));
  return result;
}

type Measured = Awaited<ReturnType<typeof measure>>;

function figuresOf({
  size,
  dims,
  alone,
  helped,
  plain,
  sqliteVec,
  memoryMb,
  sqliteVecMb,
  loadMs,
}: Measured): Figure[] {
  const name = `${size.name} x ${dims}`;
  const faster = round(sqliteVec.p50 / helped.p50, 1);
  return [
    {
      name: `${name} p50`,
      value: helped.p50,
      unit: 'ms',
      target: size.target,
      baseline: sqliteVec.p50,
      note: `sqlite-vec takes ${faster} times as long, a plain loop ${round(plain.p50 / helped.p50, 1)} times; fastest ${helped.fastest}, p95 ${helped.p95}; without threads p50 ${alone.p50}, fastest ${alone.fastest}`,
    },
    {
      name: `${name} missed of the exact 50`,
      value: round(1 - helped.recall, 4),
      unit: '',
      target: 0.01,
      baseline: round(1 - sqliteVec.recall, 4),
      note: 'against float32; the loss is the rounding of rows to int8',
    },
    {
      name: `${name} memory`,
      value: memoryMb,
      unit: 'MB',
      baseline: sqliteVecMb,
      note: `loaded in ${loadMs} ms`,
    },
  ];
}

async function run(context: BenchContext): Promise<ScenarioResult> {
  const sizes = SIZES.slice(0, Math.max(1, Math.round(SIZES.length * context.scale)));
  const details: Measured[] = [];
  const code = makeCodeVectors(context.corpora, CODE_SIZE.count, CODE_SIZE.queries);
  if (code) details.push(await measure(context, { ...CODE_SIZE, name: `code, ${code.count} pieces` }, code));
  for (const size of sizes)
    for (const dims of DIMS)
      details.push(await measure(context, size, makeClusteredVectors(size.count, dims, size.queries)));
  return {
    about:
      'The 50 nearest in int8, exact, of vectors of code by the built-in model and of clustered ones; baseline: sqlite-vec on the same int8 rows in node:sqlite, asked in turn. Scans of 64 MB or more are helped by threads, unless the machine is busy.',
    figures: details.flatMap(figuresOf),
    details,
  };
}

export const scenario: Scenario = { name: 'vector-scan', run };
