// Pairs -> the weights that ship, with what is needed to make them again.
//   npm run train -- --pairs FILE [--out DIR] [--seed N] [--epochs N] [--dims N] [--words N] [--bits 4|8] [--without OWNER/NAME]...
// Trains on the repositories of role `train` in corpus.lock.json and on no other. The same pairs, options and seed give the same
// bytes. One thread; about 2 GB for a million pairs. `measure-model.ts` says how good they are.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { encodeModel } from '../packages/engine/src/embedding/model-format.ts';
import { decodePairSet } from '../packages/engine/src/embedding/pair-set-format.ts';
import {
  SHIPPED_OPTIONS,
  type TrainingOptions,
  trainModel,
} from '../packages/engine/src/embedding/train/train-model.ts';
import { LOCK_FILE, readLock } from './lock.ts';
import { withoutGroups } from './without-groups.ts';

const WEIGHTS = path.join(import.meta.dirname, '../packages/engine/weights');
const NUMBERS = ['seed', 'epochs', 'dims', 'words'] as const;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function readOptions() {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      pairs: text,
      out: { type: 'string', default: WEIGHTS },
      bits: { type: 'string', default: '4' },
      seed: text,
      epochs: text,
      dims: text,
      words: text,
      without: { type: 'string', multiple: true, default: [] },
    },
  });
  if (values.pairs === undefined) throw new Error('--pairs FILE is needed: see training/README.md');
  if (values.bits !== '4' && values.bits !== '8') throw new Error(`--bits ${values.bits}: 4 or 8 are known`);
  const given: Partial<Record<(typeof NUMBERS)[number], number>> = {};
  for (const name of NUMBERS) {
    if (values[name] === undefined) continue;
    given[name] = Number(values[name]);
    if (!(given[name] > 0)) throw new Error(`--${name} ${values[name]} is no positive number`);
  }
  const widths = given.dims === undefined ? SHIPPED_OPTIONS.widths : [given.dims];
  const options: TrainingOptions = { ...SHIPPED_OPTIONS, ...given, widths };
  const { pairs: pairsFile, out, without } = values;
  return { pairsFile, out, bits: values.bits === '4' ? 4 : 8, options, without } as const;
}

async function main(): Promise<void> {
  const { pairsFile, out, bits, options, without } = readOptions();
  const bytes = readFileSync(pairsFile);
  const all = decodePairSet(bytes);
  const pairs = without.length === 0 ? all : withoutGroups(all, without);
  const roles = new Map(readLock().map(({ repo, role }) => [repo, role]));
  const refused = pairs.groups.filter((group) => roles.get(group) !== 'train');
  if (refused.length > 0) throw new Error(`not of role train in the lock: ${refused.join(', ')}`);
  const parts = await trainModel(pairs, options, { onProgress: report });
  const model = encodeModel(parts, bits);
  const lock = {
    sha256: sha256(model),
    bytes: model.length,
    bits,
    words: parts.words.length,
    options,
    pairs: { sha256: sha256(bytes), count: pairs.kindOf.length, repositories: pairs.groups.length },
    corpusLock: sha256(readFileSync(LOCK_FILE)),
  };
  mkdirSync(out, { recursive: true });
  writeFileSync(path.join(out, 'static-model.bin'), model);
  writeFileSync(path.join(out, 'static-model.lock.json'), `${JSON.stringify(lock, undefined, 2)}\n`);
}

const report = ({ step, steps, loss }: { step: number; steps: number; loss: number }): void => {
  if (step % 80 === 0 || step === steps) {
    process.stderr.write(`step ${step} of ${steps}, loss ${loss.toFixed(3)}\n`);
  }
};

await main();
