// Pairs -> the weights that ship, with what is needed to make them again.
//   node training/train.ts --pairs FILE [--out DIR] [--seed N] [--epochs N] [--dims N] [--words N] [--bits 4|8]
// Trains on the repositories of role `train` in corpus.lock.json and measures on those of role `tune`. The same pairs, options
// and seed give the same bytes. One thread; about 1 GB for a million pairs.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { decodeModel, encodeModel } from '../packages/engine/src/embedding/model-format.ts';
import { PAIR_KINDS } from '../packages/engine/src/embedding/pair-set.ts';
import { decodePairSet } from '../packages/engine/src/embedding/pair-set-format.ts';
import {
  SHIPPED_OPTIONS,
  type TrainingOptions,
  trainModel,
} from '../packages/engine/src/embedding/train/train-model.ts';
import { type Figures, measureHeldOut } from './held-out.ts';
import { LOCK_FILE, readLock } from './lock.ts';
import { selectPairs } from './select-pairs.ts';

const WEIGHTS = path.join(import.meta.dirname, '../packages/engine/weights');

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const round = (value: number): number => Math.round(value * 10_000) / 10_000;

function readOptions() {
  const { values } = parseArgs({
    options: {
      pairs: { type: 'string' },
      out: { type: 'string', default: WEIGHTS },
      bits: { type: 'string', default: '4' },
      seed: { type: 'string' },
      epochs: { type: 'string' },
      dims: { type: 'string' },
      words: { type: 'string' },
    },
  });
  if (values.pairs === undefined) throw new Error('--pairs FILE is needed: see training/README.md');
  const bits = values.bits === '8' ? 8 : 4;
  const given: Partial<Record<'seed' | 'epochs' | 'dims' | 'words', number>> = {};
  for (const name of ['seed', 'epochs', 'dims', 'words'] as const) {
    const text = values[name];
    if (text === undefined) continue;
    given[name] = Number(text);
    if (!(Number(text) > 0)) throw new Error(`--${name} ${text} is no positive number`);
  }
  const options: TrainingOptions = { ...SHIPPED_OPTIONS, ...given };
  return {
    pairsFile: values.pairs,
    out: values.out,
    bits: bits as 4 | 8,
    options: given.dims === undefined ? options : { ...options, widths: [given.dims] },
  };
}

async function main(): Promise<void> {
  const { pairsFile, out, bits, options } = readOptions();
  const bytes = readFileSync(pairsFile);
  const pairs = decodePairSet(bytes);
  const roles = new Map(readLock().map(({ repo, role }) => [repo, role]));
  const unknown = pairs.groups.filter((group) => !roles.has(group));
  if (unknown.length > 0) throw new Error(`not in the lock, so no licence was read: ${unknown.join(', ')}`);
  const roleOf = pairs.groups.map((group) => roles.get(group));
  const chosen = selectPairs(pairs, (pair) => roleOf[pairs.groupOf[pair] as number] === 'train');
  const held = selectPairs(pairs, (pair) => roleOf[pairs.groupOf[pair] as number] === 'tune');
  const parts = await trainModel(chosen, options, { onProgress: report });
  const model = encodeModel(parts, bits);
  const figures: Record<string, Figures> = {};
  for (const kind of PAIR_KINDS) {
    const own = measureHeldOut(decodeModel(model), held, kind);
    if (own.queries > 0)
      figures[kind] = { queries: own.queries, ndcg10: round(own.ndcg10), mrr10: round(own.mrr10) };
  }
  const lock = {
    sha256: sha256(model),
    bytes: model.length,
    bits,
    words: parts.words.length,
    options,
    pairs: { sha256: sha256(bytes), train: chosen.kindOf.length },
    corpusLock: sha256(readFileSync(LOCK_FILE)),
    heldOut: figures,
  };
  mkdirSync(out, { recursive: true });
  writeFileSync(path.join(out, 'static-model.bin'), model);
  writeFileSync(path.join(out, 'static-model.lock.json'), `${JSON.stringify(lock, undefined, 2)}\n`);
  process.stdout.write(`${JSON.stringify(lock, undefined, 2)}\n`);
}

const report = ({ step, steps, loss }: { step: number; steps: number; loss: number }): void => {
  if (step % 80 === 0 || step === steps)
    process.stderr.write(`step ${step} of ${steps}, loss ${loss.toFixed(3)}\n`);
};

await main();
