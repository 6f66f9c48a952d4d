// Switches off one ranking term at a time and shows what each is worth, by source, on both halves of the repositories.
// Usage: node eval/tuning/ablate.ts --corpora DIR --home DIR [--out FILE]
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type RankWeights, WEIGHTS, type WeightTable } from '../../packages/engine/src/query/weights.ts';
import { mean, pairedBootstrap } from '../scoring/bootstrap.ts';
import { type Scores, scoreRun } from '../scoring/measures.ts';
import { table } from '../scoring/tables.ts';
import { provenance } from '../suite/machine.ts';
import { halfOf, loadRows, type Row } from '../truth.ts';
import { openHarness } from './harness.ts';

type Change = (weights: RankWeights) => RankWeights;

const without =
  (...names: (keyof RankWeights)[]): Change =>
  (weights) =>
    ({ ...weights, ...Object.fromEntries(names.map((name) => [name, 0])) }) as RankWeights;

const flat = <T extends object>(values: T): T =>
  Object.fromEntries(Object.keys(values).map((key) => [key, 1])) as T;

const field =
  (name: keyof RankWeights['bm25f']['weights'], weight: number): Change =>
  (weights) => ({
    ...weights,
    bm25f: { ...weights.bm25f, weights: { ...weights.bm25f.weights, [name]: weight } },
  });

const ABLATIONS: readonly (readonly [label: string, change: Change])[] = [
  ['all terms', (weights) => weights],
  ['no name field weight', field('name', 1)],
  ['no signature field weight', field('signature', 1)],
  ['no doc field', field('doc', 0)],
  ['no scope field', field('scope', 0)],
  ['no file score', without('file')],
  ['no path', without('path')],
  ['no definitions', without('definition', 'foldedDefinition')],
  ['no mentions, traces', without('mention', 'trace')],
  ['no history', without('history')],
  ['no companions', without('related')],
  ['no coverage', without('coverage')],
  ['no name fit', without('name')],
  ['no meaning word by word', without('eachWord')],
  ['no spreading over files', (weights) => ({ ...weights, repeat: 1 })],
  ['no shapes', (weights) => ({ ...weights, shapes: flat(weights.shapes) })],
  ['no kinds', (weights) => ({ ...weights, kinds: flat(weights.kinds) })],
  ['no traits', (weights) => ({ ...weights, traits: flat(weights.traits) })],
];

const { values: options } = parseArgs({
  options: {
    corpora: { type: 'string' },
    home: { type: 'string' },
    truth: { type: 'string', default: '../shared/eval/dev' },
    out: { type: 'string' },
  },
});
if (!options.corpora || !options.home) throw new Error('--corpora and --home are needed');

const rows = loadRows(options.truth);
const harness = await openHarness(rows, options.corpora, options.home);

const changed = (change: Change): WeightTable => ({
  search: change(WEIGHTS.search),
  symbol: change(WEIGHTS.symbol),
  locate: change(WEIGHTS.locate),
  code: WEIGHTS.code,
  tests: WEIGHTS.tests,
});

/** nDCG@10 by files; symbols by the lines found, where files alone are too easy. */
const figure = (row: Row, scores: ReadonlyMap<string, Scores>): number => {
  const of = scores.get(row.id);
  return (row.source === 'symbol' ? of?.cMRR : of?.['nDCG@10']) ?? 0;
};

const groups = [...Map.groupBy(rows, (row) => `${row.source} ${halfOf(row)}`)].sort(([a], [b]) =>
  a < b ? -1 : 1,
);
const lines: string[][] = [];
let base: ReadonlyMap<string, Scores> | undefined;
for (const [label, change] of ABLATIONS) {
  const scores = scoreRun(rows, await harness.run(changed(change)));
  base ??= scores;
  const reference = base;
  lines.push([
    label,
    ...groups.map(([, members]) => {
      const now = members.map((row) => figure(row, scores));
      if (scores === reference) return mean(now).toFixed(3);
      const difference = pairedBootstrap(
        now,
        members.map((row) => figure(row, reference)),
        2000,
      );
      const sure = difference.low > 0 || difference.high < 0 ? '*' : '';
      return `${difference.mean >= 0 ? '+' : ''}${difference.mean.toFixed(3)}${sure}`;
    }),
  ]);
  process.stderr.write(`${label}\n`);
}
await harness.close();

const report = [
  '# Ablation of the ranking terms',
  '',
  'nDCG@10 by files (symbol: MRR by lines). First row: the figures; then the change when a term is switched off, its weight',
  'elsewhere unchanged. `*`: the 95 % interval of the paired bootstrap over queries leaves out 0. Weights were chosen on the',
  '`tune` half; `report` repositories took no part.',
  '',
  table(['', ...groups.map(([name, members]) => `${name} (${members.length})`)], lines),
  '',
  '```json',
  JSON.stringify(provenance(process.cwd()), null, 1),
  '```',
  '',
].join('\n');
console.log(report);
if (options.out) {
  mkdirSync(path.dirname(options.out), { recursive: true });
  writeFileSync(options.out, report);
}
