// Scores by group: any field of the ground truth rows is a key, and two more that are derived.
import { halfOf, type Row } from '../truth.ts';
import { type Interval, interval, mean, type PairedDifference, pairedBootstrap } from './bootstrap.ts';
import { MEASURES, type Measure, type Scores } from './measures.ts';

export interface GroupScores {
  readonly group: string;
  readonly n: number;
  readonly means: Scores;
  /** 95 % interval of nDCG@10. */
  readonly ndcg: Interval;
}

export interface GroupDifference extends PairedDifference {
  readonly group: string;
  readonly measure: Measure;
}

/** Absent fields read `-`, as in score.py; `size` and `half` are derived, all other keys are fields of the row. */
function keyOf(row: Row, key: string): string {
  if (key === 'size') return row.stem_in_task === true ? 'stem' : 'nostem';
  if (key === 'half') return halfOf(row);
  const value = row[key];
  return value === undefined ? '-' : String(value);
}

/** Rows by group, groups in order of their names. No key at all makes one group, `all`. */
export function groupRows(rows: readonly Row[], keys: readonly string[]): [string, Row[]][] {
  const groups = Map.groupBy(rows, (row) => keys.map((key) => keyOf(row, key)).join(' ') || 'all');
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

function valuesOf(rows: readonly Row[], scores: ReadonlyMap<string, Scores>, measure: Measure): number[] {
  return rows.map((row) => scores.get(row.id)?.[measure]).filter((value) => value !== undefined);
}

export function groupScores(
  rows: readonly Row[],
  scores: ReadonlyMap<string, Scores>,
  keys: readonly string[],
): GroupScores[] {
  return groupRows(rows, keys).map(([group, members]) => {
    const means: Scores = {};
    for (const measure of MEASURES) {
      const values = valuesOf(members, scores, measure);
      if (values.length > 0) means[measure] = mean(values);
    }
    return { group, n: members.length, means, ndcg: interval(valuesOf(members, scores, 'nDCG@10')) };
  });
}

/** Differences per group, over the queries for which both runs have the measure. */
export function groupDifferences(
  rows: readonly Row[],
  ours: ReadonlyMap<string, Scores>,
  theirs: ReadonlyMap<string, Scores>,
  keys: readonly string[],
  measures: readonly Measure[],
): GroupDifference[] {
  return groupRows(rows, keys).flatMap(([group, members]) =>
    measures.flatMap((measure) => {
      const both = members.filter(
        (row) => ours.get(row.id)?.[measure] !== undefined && theirs.get(row.id)?.[measure] !== undefined,
      );
      if (both.length === 0) return [];
      const difference = pairedBootstrap(valuesOf(both, ours, measure), valuesOf(both, theirs, measure));
      return [{ group, measure, ...difference }];
    }),
  );
}
