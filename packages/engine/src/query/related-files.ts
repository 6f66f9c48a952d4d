/** Files that belong to the best ones: changed together with them in the past, or the sources that top-ranked tests test. */
import type { IndexView } from '../lexical/index-view.ts';
import type { FilePath } from '../model/file.ts';
import { testedStem } from '../model/test-files.ts';
import type { RankedHit } from './rank.ts';
import type { RankWeights } from './weights.ts';

export interface Related {
  readonly score: number;
  /** What the file belongs to, and how: for the reason shown. */
  readonly reason: string;
}

export type ChangedTogether = (
  path: FilePath,
) => readonly { readonly path: FilePath; readonly share: number }[];

/** Best files whose companions are looked at. */
const LEADERS = 5;

/** `ranked`: one hit per file, best first. Score 1 would be a file always changed with the best one. */
export function relatedFiles(
  view: IndexView,
  ranked: readonly RankedHit[],
  changedTogether: ChangedTogether,
): ReadonlyMap<FilePath, Related> {
  const related = new Map<FilePath, Related>();
  const leaders = ranked.slice(0, LEADERS);
  const best = leaders[0]?.score ?? 1;
  const add = (path: FilePath, score: number, reason: string) => {
    if (score > (related.get(path)?.score ?? 0)) related.set(path, { score, reason });
  };
  for (const { file, score } of leaders) {
    const strength = score / best;
    for (const { path, share } of changedTogether(file.path)) {
      add(
        path,
        strength * share,
        `changed together with ${file.path} in ${Math.round(share * 100)} % of its commits`,
      );
    }
    if (file.kind !== 'test') continue;
    for (const path of sourcesOfTest(view, file.path)) add(path, strength, `tested by ${file.path}`);
  }
  return related;
}

/** Adds the related files' share to their scores and sorts anew; files that were not ranked stay out. */
export function liftRelated(
  ranked: readonly RankedHit[],
  related: ReadonlyMap<FilePath, Related>,
  weights: RankWeights,
): RankedHit[] {
  if (weights.related === 0) return [...ranked];
  const best = ranked[0]?.score ?? 0;
  return ranked
    .map((hit) => {
      const lift = related.get(hit.file.path)?.score ?? 0;
      return lift === 0 ? hit : { ...hit, score: hit.score + weights.related * lift * best * hit.demotion };
    })
    .sort((a, b) => b.score - a.score || (a.file.path < b.file.path ? -1 : 1));
}

function sourcesOfTest(view: IndexView, test: FilePath): FilePath[] {
  const wanted = testedStem(test);
  if (wanted === undefined) return [];
  const found: FilePath[] = [];
  for (const { path, kind } of view.files()) {
    if (kind !== 'code') continue;
    const name = path.slice(path.lastIndexOf('/') + 1);
    const dot = name.lastIndexOf('.');
    if (name.slice(0, dot < 0 ? name.length : dot).toLowerCase() === wanted) found.push(path);
  }
  return found.length <= MAX_SOURCES ? found : [];
}

/** A stem like `index` names no source in particular. */
const MAX_SOURCES = 4;
