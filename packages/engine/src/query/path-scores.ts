/** How well each file's path fits the query's terms, as a share of all the query asks for. */
import { idf, type WeightedTerm } from '../lexical/bm25f.ts';
import type { IndexView } from '../lexical/index-view.ts';
import type { PathWeights } from './weights.ts';

/** File id -> score; 1 when every term stands in the best place. */
export function pathScores(
  view: IndexView,
  terms: readonly WeightedTerm[],
  weights: PathWeights,
): Map<number, number> {
  const scores = new Map<number, number>();
  const places = [weights.folder, weights.parent, weights.stem];
  let total = 0;
  for (const { term, weight, extra } of terms) {
    const postings = view.paths.lookup(term);
    const rarity = weight * idf(view.paths.size, Math.max(1, postings?.live ?? 0));
    if (!extra) total += rarity;
    if (!postings) continue;
    for (let i = 0; i < postings.files.length; i++) {
      const file = postings.files[i] as number;
      if (!view.paths.has(file)) continue;
      const place = postings.places[i] as number;
      const dilution = place === 2 ? view.paths.stemLength(file) ** -weights.dilution : 1;
      scores.set(file, (scores.get(file) ?? 0) + rarity * (places[place] as number) * dilution);
    }
  }
  if (total > 0) for (const [file, score] of scores) scores.set(file, score / total);
  return scores;
}
