/**
 * Ranked lists of several repositories -> one. Knows no repository and no workspace. What makes scores of two indexes comparable, and what
 * was measured about it: docs/adr/0025-several-repositories.md.
 */
import type { QueryPlanView } from '@conexus/engine';

export interface RankedList<Hit> {
  readonly hits: readonly Hit[];
  /** What a score of this list is multiplied by before it is compared with another's. */
  readonly factor: number;
}

/** `list`: which of the lists the hit was taken from. */
export interface MergedHit<Hit> {
  readonly hit: Hit;
  readonly list: number;
}

/**
 * Takes the best of the first hits of all lists, again and again: each list keeps its own order, so that a page can go on
 * where the one before ended in each. Of equals, the first list goes first.
 */
export function mergeRankings<Hit extends { readonly score: number }>(
  lists: readonly RankedList<Hit>[],
  limit: number,
): readonly MergedHit<Hit>[] {
  const next = lists.map(() => 0);
  const merged: MergedHit<Hit>[] = [];
  while (merged.length < limit) {
    let best: MergedHit<Hit> | undefined;
    let most = Number.NEGATIVE_INFINITY;
    for (const [list, { hits, factor }] of lists.entries()) {
      const hit = hits[next[list] ?? 0];
      if (hit === undefined || hit.score * factor <= most) continue;
      best = { hit, list };
      most = hit.score * factor;
    }
    if (best === undefined) break;
    next[best.list] = (next[best.list] ?? 0) + 1;
    merged.push(best);
  }
  return merged;
}

/**
 * What part of the query each repository can speak of: the weight of the query's terms that it has at all, of those that any has. Scores
 * are shares of what the query can reach in its own index, where a term that nothing has counts for nothing: without this, a
 * repository that knows one common word of the query would look as fit as one that knows all of them.
 */
export function coveredShares(plans: readonly (QueryPlanView | undefined)[]): readonly number[] {
  const weights = new Map<string, number>();
  for (const { term, weight, documents } of plans.flatMap((plan) => plan?.terms ?? []))
    if (documents > 0) weights.set(term, Math.max(weight, weights.get(term) ?? 0));
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  return plans.map((plan) => {
    if (plan === undefined || total === 0) return 1;
    const known = plan.terms.reduce(
      (sum, { term, documents }) => sum + (documents > 0 ? (weights.get(term) ?? 0) : 0),
      0,
    );
    return known / total;
  });
}
