/**
 * Pairs -> vectors of words. The recipe: symmetric InfoNCE over batches with blocks from one repository, Matryoshka widths, Adam by
 * rows with a rate that falls as a cosine. The same set, options and seed give the same bytes. Knows no file and no thread.
 */
import type { ModelParts } from '../model-format.ts';
import type { PairSet } from '../pair-set.ts';
import { type BagOptions, createBagger, MAX_BAG } from './bags.ts';
import { type ContrastiveStep, createContrastiveStep } from './contrastive-step.ts';
import { type BatchPlan, planBatches } from './plan-batches.ts';
import { createRandom, type Random } from './random.ts';
import { chooseVocabulary, type TermRows, termRowsOf } from './term-rows.ts';

export interface TrainingOptions extends BatchPlan, BagOptions {
  readonly dims: number;
  /** Leading dimensions that learn to rank by themselves; multiples of 8. */
  readonly widths: readonly number[];
  /** Words of the vocabulary at most, each from at least `minGroups` groups. */
  readonly words: number;
  readonly minGroups: number;
  /** Passes over the pairs; may be a fraction. */
  readonly epochs: number;
  readonly rate: number;
  readonly scale: number;
  readonly seed: number;
}

/** What the weights that ship are trained with; each number is compared with others in ADR 0009. */
export const SHIPPED_OPTIONS: TrainingOptions = {
  dims: 128,
  widths: [128],
  words: 12_000,
  minGroups: 3,
  batch: 1024,
  block: 128,
  grouped: 0.6,
  epochs: 0.7,
  // Commits and issues are half of all pairs; fewer of them do better on both docstrings and commits.
  kindShares: [1, 1, 0.4, 0.4],
  pathWeight: 0.5,
  dropName: 0.4,
  dropPath: 0.4,
  unknownWeight: 1,
  rate: 0.01,
  scale: 20,
  seed: 1,
};

export interface TrainingWatch {
  readonly signal?: AbortSignal | undefined;
  /** Called now and then; `loss` is the mean since the last call. */
  readonly onProgress?: (done: {
    readonly step: number;
    readonly steps: number;
    readonly loss: number;
  }) => void;
}

/** Steps between two looks at the signal. */
const STEPS_AT_ONCE = 8;

/** @throws RangeError when the pairs give no vocabulary; the signal's reason when it is aborted */
export async function trainModel(
  pairs: PairSet,
  options: TrainingOptions,
  watch: TrainingWatch = {},
): Promise<ModelParts> {
  const random = createRandom(options.seed);
  const words = chooseVocabulary(pairs, options.words, options.minGroups);
  if (words.length === 0) throw new RangeError('the pairs hold no word that enough repositories use');
  const terms = termRowsOf(pairs.terms, words);
  const step = createContrastiveStep({
    rows: words.length,
    dims: options.dims,
    widths: options.widths,
    batch: options.batch,
    entries: options.batch * MAX_BAG,
    scale: options.scale,
  });
  initialise(step.table, options.dims, rarityOf(pairs, terms, words.length), random);
  const steps = Math.floor((options.epochs * pairs.kindOf.length) / options.batch);
  await runSteps(step, pairs, terms, { ...options, steps }, random, watch);
  return { dims: options.dims, words, vectors: step.table.slice() };
}

/** All steps of a plan on a table that has its first values. */
export async function runSteps(
  step: ContrastiveStep,
  pairs: PairSet,
  terms: TermRows,
  options: BatchPlan & BagOptions & { readonly steps: number; readonly rate: number },
  random: Random,
  { signal, onProgress }: TrainingWatch,
): Promise<void> {
  const order = planBatches(pairs, options, options.steps, random);
  const steps = order.length / options.batch;
  const bagger = createBagger(pairs, terms, options, random, options.batch);
  let losses = 0;
  for (let i = 0; i < steps; i++) {
    losses += step.accumulate(bagger.batchOf(order.subarray(i * options.batch, (i + 1) * options.batch)));
    step.update(options.rate * 0.5 * (1 + Math.cos((Math.PI * i) / steps)));
    if ((i + 1) % STEPS_AT_ONCE !== 0 && i + 1 < steps) continue;
    onProgress?.({ step: i + 1, steps, loss: losses / ((i % STEPS_AT_ONCE) + 1) });
    losses = 0;
    await new Promise(setImmediate);
    signal?.throwIfAborted();
  }
}

/** Inverse document frequency of each word over its mean: rare words begin longer, and the norm goes on learning. */
function rarityOf(pairs: PairSet, terms: TermRows, words: number): Float64Array {
  const docs = new Uint32Array(words);
  const last = new Int32Array(words).fill(-1);
  for (let pair = 0; pair < pairs.kindOf.length; pair++) {
    for (let i = pairs.docFrom[pair] as number; i < (pairs.docFrom[pair + 1] as number); i++) {
      const term = pairs.docTerms[i] as number;
      for (let r = terms.from[term] as number; r < (terms.from[term + 1] as number); r++) {
        const row = terms.rows[r] as number;
        if (last[row] === pair) continue;
        last[row] = pair;
        docs[row] = (docs[row] as number) + 1;
      }
    }
  }
  const rarity = Float64Array.from(docs, (n) => Math.log(1 + pairs.kindOf.length / (n + 1)));
  const mean = rarity.reduce((sum, value) => sum + value, 0) / words;
  return rarity.map((value) => value / mean);
}

function initialise(table: Float32Array, dims: number, rarity: Float64Array, random: Random): void {
  const deviation = 1 / Math.sqrt(dims);
  for (let i = 0; i < table.length; i++) {
    table[i] = random.normal() * deviation * (rarity[Math.floor(i / dims)] as number);
  }
}
