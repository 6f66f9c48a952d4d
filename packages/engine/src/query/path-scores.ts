/** How well each file's path fits the query's terms, as a share of all the query asks for. */
import { idf, type WeightedTerm } from '../lexical/bm25f.ts';
import type { IndexView } from '../lexical/index-view.ts';
import { PATH_PLACES } from '../lexical/path-index.ts';
import { createFileScores, type FileScores } from './file-scores.ts';
import type { PathWeights } from './weights.ts';

/** File id -> score; 1 when every term stands in the best place. Hot: folders named `src` hold nearly every file. */
export function pathScores(
  view: IndexView,
  terms: readonly WeightedTerm[],
  weights: PathWeights,
): FileScores {
  const { paths } = view;
  const scores = createFileScores(paths.limit);
  const places = [weights.folder, weights.parent, weights.stem];
  let total = 0;
  for (const { term, weight, extra } of terms) {
    const { count, files, places: placeOf } = paths.match(term);
    const rarity = weight * idf(paths.size, Math.max(1, count));
    if (!extra) total += rarity;
    for (let i = 0; i < count; i++) {
      const file = files[i] as number;
      const place = placeOf[i] as number;
      const dilution = place === STEM ? paths.stemLength(file) ** -weights.dilution : 1;
      scores.add(file, rarity * (places[place] as number) * dilution);
    }
  }
  if (total > 0) scores.divide(total);
  return scores;
}

const STEM = PATH_PLACES.indexOf('stem');
