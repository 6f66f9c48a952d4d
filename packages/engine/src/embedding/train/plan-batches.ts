/** Which pairs meet in a batch, for a whole training. Knows groups and kinds of pairs, not what they say. */
import type { PairSet } from '../pair-set.ts';
import { type Random, shuffle } from './random.ts';
import { pairsByGroup } from './term-rows.ts';

export interface BatchPlan {
  /** A multiple of `block`. */
  readonly batch: number;
  /** Pairs that lie together: of one group in the `grouped` share of blocks, so that they are hard negatives of each other. */
  readonly block: number;
  readonly grouped: number;
  /** Share of the pairs of each kind that a pass takes, by index in PAIR_KINDS; 1 where there is none. */
  readonly kindShares?: readonly number[];
}

/**
 * Numbers of pairs for so many batches, `batch` after `batch`: pass after pass, each in another order. What does not fill a
 * batch is left out, of each pass others. Nothing when the pairs do not fill one.
 */
export function planBatches(pairs: PairSet, plan: BatchPlan, steps: number, random: Random): Uint32Array {
  const order = new Uint32Array(steps * plan.batch);
  let at = 0;
  while (at < order.length) {
    const pass = onePass(pairs, plan, random);
    const length = Math.min(floorTo(pass.length, plan.batch), order.length - at);
    if (length === 0) break;
    order.set(pass.subarray(0, length), at);
    at += length;
  }
  return order.subarray(0, at);
}

const floorTo = (n: number, step: number): number => n - (n % step);

function onePass(pairs: PairSet, { block, grouped, kindShares }: BatchPlan, random: Random): Uint32Array {
  const blocks: number[][] = [];
  const mixed: number[] = [];
  for (const members of pairsByGroup(pairs.groupOf, pairs.groups.length)) {
    const taken = kindShares
      ? members.filter((pair) => random.next() < (kindShares[pairs.kindOf[pair] as number] ?? 1))
      : members;
    shuffle(taken, random);
    const alone = floorTo(Math.floor(taken.length * grouped), block);
    for (let at = 0; at < alone; at += block) blocks.push(taken.slice(at, at + block));
    for (let at = alone; at < taken.length; at++) mixed.push(taken[at] as number);
  }
  shuffle(mixed, random);
  for (let at = 0; at < mixed.length; at += block) blocks.push(mixed.slice(at, at + block));
  // Part of a block would shift all that follow: it goes last.
  const partial = blocks.findIndex((list) => list.length < block);
  const last = partial >= 0 ? blocks.splice(partial, 1) : [];
  const order = shuffle(
    blocks.map((_, i) => i),
    random,
  );
  return Uint32Array.from([...order.map((i) => blocks[i] as number[]), ...last].flat());
}
