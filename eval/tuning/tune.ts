// Coordinate search over the table of weights: each weight is scaled by the factors given, and kept where the mean over
// sources rises on the `tune` half. Usage: node eval/tuning/tune.ts --corpora DIR --home DIR [--rounds N] [--mode search|locate]
// Prints the table it ends with and its figures on both halves; it changes no file.
import { parseArgs } from 'node:util';
import { WEIGHTS, type WeightTable } from '../../packages/engine/src/query/weights.ts';
import { mean } from '../scoring/bootstrap.ts';
import { type Scores, scoreRun } from '../scoring/measures.ts';
import { halfOf, loadRows, type Row } from '../truth.ts';
import { type Harness, modeOf, openHarness } from './harness.ts';

type Mode = keyof WeightTable;
type Leaf = { readonly path: readonly string[]; readonly value: number };

const { values: options } = parseArgs({
  options: {
    corpora: { type: 'string' },
    home: { type: 'string' },
    truth: { type: 'string', default: '../shared/eval/dev' },
    rounds: { type: 'string', default: '0' },
    mode: { type: 'string', default: 'search' },
    start: { type: 'string' },
    only: { type: 'string' },
    sample: { type: 'string', default: '1' },
    skip: { type: 'string', default: '' },
  },
});
if (!options.corpora || !options.home) throw new Error('--corpora and --home are needed');

const rows = loadRows(options.truth).filter(
  (row) => !options.only || options.only.split(',').some((o) => row.source === o || row.repo === o),
);
const harness = await openHarness(rows, options.corpora, options.home);

/** One figure per source, docstrings and symbols also by the lines they find; a small source weighs less (root of its size). */
function objective(scores: ReadonlyMap<string, Scores>, among: readonly Row[]): number {
  const bySource = Map.groupBy(among, (row) => row.source);
  let sum = 0;
  let weights = 0;
  for (const members of bySource.values()) {
    const weight = Math.sqrt(members.length);
    const figures = members.map((row) => {
      const s = scores.get(row.id) as Scores;
      return s.cMRR === undefined ? (s['nDCG@10'] as number) : ((s['nDCG@10'] as number) + s.cMRR) / 2;
    });
    sum += weight * mean(figures);
    weights += weight;
  }
  return sum / weights;
}

function summary(scores: ReadonlyMap<string, Scores>, among: readonly Row[]): string {
  const lines = [...Map.groupBy(among, (row) => row.source)].sort().map(([source, members]) => {
    const of = (m: keyof Scores) => {
      const all = members.map((row) => scores.get(row.id)?.[m]).filter((x): x is number => x !== undefined);
      return all.length ? mean(all).toFixed(3) : '    -';
    };
    return `  ${source.padEnd(16)} n=${String(members.length).padEnd(4)} R@1 ${of('R@1')} R@10 ${of('R@10')} nDCG ${of('nDCG@10')} cR@1 ${of('cR@1')} cMRR ${of('cMRR')}`;
  });
  return lines.join('\n');
}

function leaves(value: unknown, path: readonly string[] = []): Leaf[] {
  if (typeof value === 'number') return [{ path, value }];
  return Object.entries(value as object).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

function withLeaf(table: WeightTable, mode: Mode, path: readonly string[], value: number): WeightTable {
  const copy = structuredClone(table) as Record<string, unknown>;
  let at = copy[mode] as Record<string, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
  at[path.at(-1) as string] = value;
  return copy as unknown as WeightTable;
}

async function measure(h: Harness, table: WeightTable, among: readonly Row[]): Promise<number> {
  return objective(scoreRun(among, await h.run(table, among)), among);
}

async function show(table: WeightTable): Promise<void> {
  const started = performance.now();
  const run = await harness.run(table);
  const ms = (performance.now() - started) / rows.length;
  const scores = scoreRun(rows, run);
  for (const half of ['tune', 'report'] as const) {
    const among = rows.filter((row) => halfOf(row) === half);
    if (among.length > 0)
      console.log(`${half} objective ${objective(scores, among).toFixed(4)}\n${summary(scores, among)}`);
  }
  console.log(`all, ${ms.toFixed(2)} ms a query\n${summary(scores, rows)}`);
}

let table: WeightTable = options.start ? (JSON.parse(options.start) as WeightTable) : WEIGHTS;
await show(table);
const mode = options.mode as Mode;
const tuneRows = rows.filter(
  (row, i) => halfOf(row) === 'tune' && modeOf(row) === mode && i % Number(options.sample) === 0,
);
const skipped = new Set(options.skip.split(','));
let best = Number(options.rounds) > 0 ? await measure(harness, table, tuneRows) : 0;
for (let round = 0; round < Number(options.rounds); round++) {
  const before = best;
  console.log(`round ${round + 1} from ${best.toFixed(4)}`);
  for (const { path } of leaves(table[mode])) {
    if (skipped.has(path[0] as string)) continue;
    for (const factor of [0.5, 0.75, 1.33, 2]) {
      const now = leaves(table[mode]).find((leaf) => leaf.path.join() === path.join())?.value as number;
      const candidate = now === 0 ? (factor === 2 ? 0.2 : undefined) : now * factor;
      if (candidate === undefined) continue;
      if ((path.includes('b') || path.includes('fileB')) && candidate > 1) continue;
      const changed = withLeaf(table, mode, path, Number(candidate.toPrecision(2)));
      const score = await measure(harness, changed, tuneRows);
      if (score <= best + 0.0003) continue;
      console.log(
        `${path.join('.')} ${now} -> ${candidate.toPrecision(2)}: ${best.toFixed(4)} -> ${score.toFixed(4)}`,
      );
      best = score;
      table = changed;
      harness.accept();
    }
  }
  if (best - before < 0.001) break;
}
if (Number(options.rounds) > 0) {
  console.log(JSON.stringify(table[mode], null, 1));
  await show(table);
}
await harness.close();
