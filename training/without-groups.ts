// A pair set without some repositories: to measure weights on repositories that took part in the training of those that ship.
import {
  createPairSetBuilder,
  PAIR_KINDS,
  type PairKind,
  type PairSet,
} from '../packages/engine/src/embedding/pair-set.ts';

/** The pairs of other groups, in their order. @throws Error for a group that the set does not have */
export function withoutGroups(pairs: PairSet, left: readonly string[]): PairSet {
  const missing = left.filter((group) => !pairs.groups.includes(group));
  if (missing.length > 0) throw new Error(`no pairs of ${missing.join(', ')}`);
  const builder = createPairSetBuilder();
  const termAt = (list: Uint32Array, i: number) => pairs.terms[list[i] as number] as string;
  for (let pair = 0; pair < pairs.kindOf.length; pair++) {
    const group = pairs.groups[pairs.groupOf[pair] as number] as string;
    if (left.includes(group)) continue;
    const query = range(pairs.queryFrom, pair).flatMap((i) =>
      Array<string>(pairs.queryCounts[i] as number).fill(termAt(pairs.queryTerms, i)),
    );
    const doc = new Map(
      range(pairs.docFrom, pair).map((i) => [termAt(pairs.docTerms, i), pairs.docTfs[i] as number] as const),
    );
    const path = range(pairs.pathFrom, pair).map((i) => termAt(pairs.pathTerms, i));
    builder.add({ group, kind: PAIR_KINDS[pairs.kindOf[pair] as number] as PairKind, query, doc, path });
  }
  return builder.finish();
}

function range(from: Uint32Array, pair: number): number[] {
  const start = from[pair] as number;
  return Array.from({ length: (from[pair + 1] as number) - start }, (_, i) => start + i);
}
