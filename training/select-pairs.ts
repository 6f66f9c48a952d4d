// Parts of a pair set, as sets of their own.
import type { PairSet } from '../packages/engine/src/embedding/pair-set.ts';

/** The pairs for which `keep` holds, in order; terms and groups stay as they are numbered. */
export function selectPairs(pairs: PairSet, keep: (pair: number) => boolean): PairSet {
  const kept = Uint32Array.from(pairs.kindOf.keys()).filter(keep);
  const [queryFrom, queryTerms] = cutLists(pairs.queryFrom, pairs.queryTerms, kept);
  const [, queryCounts] = cutLists(pairs.queryFrom, pairs.queryCounts, kept);
  const [docFrom, docTerms] = cutLists(pairs.docFrom, pairs.docTerms, kept);
  const [, docTfs] = cutLists(pairs.docFrom, pairs.docTfs, kept);
  const [pathFrom, pathTerms] = cutLists(pairs.pathFrom, pairs.pathTerms, kept);
  return {
    terms: pairs.terms,
    groups: pairs.groups,
    groupOf: Uint16Array.from(kept, (pair) => pairs.groupOf[pair] as number),
    kindOf: Uint8Array.from(kept, (pair) => pairs.kindOf[pair] as number),
    queryFrom,
    queryTerms,
    queryCounts,
    docFrom,
    docTerms,
    docTfs,
    pathFrom,
    pathTerms,
  };
}

function cutLists<A extends Uint8Array | Uint32Array | Int32Array>(
  from: Uint32Array,
  items: A,
  kept: Uint32Array,
): [Uint32Array, A] {
  const cut = new Uint32Array(kept.length + 1);
  kept.forEach((pair, i) => {
    cut[i + 1] = (cut[i] as number) + (from[pair + 1] as number) - (from[pair] as number);
  });
  const list = new (items.constructor as new (length: number) => A)(cut[kept.length] as number);
  kept.forEach((pair, i) => {
    list.set(items.subarray(from[pair] as number, from[pair + 1] as number), cut[i] as number);
  });
  return [cut, list];
}
