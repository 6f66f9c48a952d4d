// How well weights find files and chunks on the tuning suites (make-tuning-suites.ts), alone and beside words.
//   node training/measure-model.ts --model FILE --truth DIR --corpora DIR [--fusion N] [--path N] [--idf N] [--centring N]
// `static`: by vectors; `words`: by BM25F; `fused`: BM25F over its maximum plus N x cosine. nDCG@10 of files; of docstrings also MRR@10
// of the chunk. A measure for comparing weights, not the product's ranking, which has more signals.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { decodeModel } from '../packages/engine/src/embedding/model-format.ts';
import { RANK_OPTIONS, rankTuning } from './rank-tuning.ts';
import { readTuningBags } from './tuning-bags.ts';

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: { model: text, truth: text, corpora: text, fusion: text, path: text, idf: text, centring: text },
});
const { model, truth, corpora } = values;
if (model === undefined || truth === undefined || corpora === undefined)
  throw new Error('--model FILE, --truth DIR and --corpora DIR are needed');

const bags = await readTuningBags(truth, corpora);
const weights = decodeModel(readFileSync(model));
const numberOf = (given: string | undefined, usual: number) => (given === undefined ? usual : Number(given));
const figures = rankTuning(bags, () => weights, {
  ...RANK_OPTIONS,
  fusion: numberOf(values.fusion, RANK_OPTIONS.fusion),
  pathCosine: numberOf(values.path, RANK_OPTIONS.pathCosine),
  idfPower: numberOf(values.idf, RANK_OPTIONS.idfPower),
  centring: numberOf(values.centring, RANK_OPTIONS.centring),
});
const show = (value: number): string => value.toFixed(3);
process.stdout.write(
  '| source | questions | static | words | fused | static chunk | fused chunk |\n|---|---|---|---|---|---|---|\n',
);
for (const [source, own] of figures) {
  const cells = [own.static, own.words, own.fused, own.staticChunk, own.fusedChunk].map(show);
  process.stdout.write(`| ${source} | ${own.questions} | ${cells.join(' | ')} |\n`);
}
