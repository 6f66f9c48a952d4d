/**
 * Shipped weights -> weights that know one repository, from its own pairs (docs, names, past commits). The same arithmetic as
 * the training of the shipped weights, started from them. Bounded by steps, not by time, so that the same pairs give the same
 * bytes on every machine. Knows no file, no git and no thread.
 */
import { encodeModel } from '../model-format.ts';
import type { PairSet } from '../pair-set.ts';
import { segmentUnknown } from '../segment-unknown.ts';
import type { StaticModel } from '../static-model.ts';
import { MAX_BAG } from './bags.ts';
import { createContrastiveStep } from './contrastive-step.ts';
import { createRandom } from './random.ts';
import { chooseVocabulary, termRowsOf } from './term-rows.ts';
import { runSteps, type TrainingWatch } from './train-model.ts';

export interface AdaptationOptions {
  readonly seed: number;
  /** Batches at most, of up to 512 pairs; fewer when four passes over the pairs need fewer. */
  readonly maxSteps: number;
}

const MAX_BATCH = 512;
/** A small repository learns in small batches: as many steps a pass as this, where there are pairs enough. */
const STEPS_A_PASS = 16;
const MIN_BATCH = 32;
const MIN_PAIRS = 64;
const PASSES = 4;
const RATE = 0.005;
/** Words of the repository that get a vector of their own, and how often pairs must hold them. */
const MAX_NEW_WORDS = 4000;

/**
 * Bytes of an adapted model; undefined when there are too few pairs to learn from.
 * @throws the signal's reason when it is aborted
 */
export async function adaptModel(
  base: StaticModel,
  pairs: PairSet,
  { seed, maxSteps }: AdaptationOptions,
  watch: TrainingWatch = {},
): Promise<Uint8Array | undefined> {
  const count = pairs.kindOf.length;
  if (count < MIN_PAIRS) return undefined;
  const batch = Math.max(MIN_BATCH, Math.min(MAX_BATCH, 8 * Math.floor(count / STEPS_A_PASS / 8)));
  const { dims } = base;
  const words = [...base.words, ...newWords(base, pairs)];
  const step = createContrastiveStep({
    rows: words.length,
    dims,
    widths: [dims],
    batch,
    entries: batch * MAX_BAG,
    scale: 20,
  });
  for (const [i, word] of words.entries())
    base.addTerm(word, 1, step.table.subarray(i * dims, (i + 1) * dims));
  const steps = Math.min(maxSteps, PASSES * Math.floor(count / batch));
  const options = {
    batch,
    block: batch,
    grouped: 0,
    steps,
    rate: RATE,
    pathWeight: 0.5,
    dropName: 0.4,
    dropPath: 0.4,
    unknownWeight: 1,
  };
  await runSteps(step, pairs, termRowsOf(pairs.terms, words), options, createRandom(seed), watch);
  return encodeModel({ dims, words, vectors: step.table.slice() }, 8);
}

/** Frequent terms of the pairs that the vocabulary lacks, where its words give them a first vector. */
function newWords(base: StaticModel, pairs: PairSet): string[] {
  const ranks = new Map(base.words.map((word, i) => [word, i]));
  return chooseVocabulary(pairs, base.words.length + MAX_NEW_WORDS, 1)
    .filter((term) => !ranks.has(term) && segmentUnknown(term, ranks).length > 0)
    .slice(0, MAX_NEW_WORDS);
}
