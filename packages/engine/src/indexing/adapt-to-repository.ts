/** A repository's index and past commits -> a model that knows its words. Deterministic: the same index gives the same bytes. */
import type { StaticModel } from '../embedding/static-model.ts';
import { adaptModel } from '../embedding/train/adapt.ts';
import { type CodeSource, type CommitSource, ownPairs } from './own-pairs.ts';

export interface Adaptation {
  readonly code: readonly CodeSource[];
  readonly commits: CommitSource | undefined;
}

const SEED = 1;
/** Of 512 pairs each: about 10 s on one core, whatever the repository's size. */
const MAX_STEPS = 200;

/** undefined: there is too little to learn from. */
export function adaptToRepository(
  { code, commits }: Adaptation,
  base: StaticModel,
): Promise<Uint8Array | undefined> {
  return adaptModel(base, ownPairs(code, commits), { seed: SEED, maxSteps: MAX_STEPS });
}
