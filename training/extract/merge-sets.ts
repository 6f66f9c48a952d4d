// Pair sets of repositories to one, without queries that another repository asks in the same words.
import {
  createPairSetBuilder,
  PAIR_KINDS,
  type PairKind,
  type PairSet,
} from '../../packages/engine/src/embedding/pair-set.ts';

export function mergePairSets(sets: Iterable<PairSet>): PairSet {
  const builder = createPairSetBuilder();
  /** Query -> the repository that asked it first. */
  const asked = new Map<string, string>();
  for (const set of sets) {
    for (let pair = 0; pair < set.kindOf.length; pair++) {
      const group = set.groups[set.groupOf[pair] as number] as string;
      const query = termsAt(set, set.queryFrom, set.queryTerms, pair);
      const key = query.join(' ');
      const first = asked.get(key);
      if (first !== undefined && first !== group) continue;
      asked.set(key, group);
      const counts = set.queryCounts.subarray(set.queryFrom[pair], set.queryFrom[pair + 1]);
      const from = set.docFrom[pair] as number;
      const terms = termsAt(set, set.docFrom, set.docTerms, pair);
      builder.add({
        group,
        kind: PAIR_KINDS[set.kindOf[pair] as number] as PairKind,
        query: query.flatMap((term, i) => Array<string>(counts[i] as number).fill(term)),
        doc: new Map(terms.map((term, i) => [term, set.docTfs[from + i] as number])),
        path: termsAt(set, set.pathFrom, set.pathTerms, pair),
      });
    }
  }
  return builder.finish();
}

function termsAt(set: PairSet, from: Uint32Array, values: Uint32Array, pair: number): string[] {
  return Array.from(values.subarray(from[pair], from[pair + 1]), (term) => set.terms[term] as string);
}
