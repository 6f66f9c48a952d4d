// The measures of shared/eval/score.py, query by query. That file is the reference; a test holds this one to it.
import type { Row } from '../truth.ts';

export interface Hit {
  readonly path: string;
  readonly start?: number;
  readonly end?: number;
}

export interface RunLine {
  readonly id: string;
  readonly results: readonly Hit[];
}

export type Run = ReadonlyMap<string, readonly Hit[]>;

export const FILE_MEASURES = ['R@1', 'R@5', 'R@10', 'MRR', 'nDCG@10'] as const;
export const CHUNK_MEASURES = ['cR@1', 'cR@5', 'cR@10', 'cMRR'] as const;
export const MEASURES = [...FILE_MEASURES, ...CHUNK_MEASURES] as const;

export type Measure = (typeof MEASURES)[number];
export type Scores = Partial<Record<Measure, number>>;

const CUTS = [1, 5, 10] as const;

/** Path -> gain: 1 for a main file, less for one that only helps. */
function gainsOf(row: Row): Map<string, number> {
  if (row.gold !== undefined) return new Map(row.gold.map((path) => [path, 1]));
  return new Map((row.relevant ?? []).map((r) => [r.path, (r.grade ?? 2) / 2]));
}

const discount = (rank: number): number => Math.log2(rank + 1);

function ndcgAt10(files: readonly string[], gains: ReadonlyMap<string, number>): number {
  const ideal = [...gains.values()]
    .sort((a, b) => b - a)
    .reduce((sum, gain, i) => sum + gain / discount(i + 1), 0);
  const found = files
    .slice(0, 10)
    .reduce((sum, file, i) => sum + (gains.get(file) ?? 0) / discount(i + 1), 0);
  return ideal === 0 ? 0 : found / ideal;
}

function fileScores(row: Row, hits: readonly Hit[]): Scores {
  const gains = gainsOf(row);
  const main = new Set([...gains].filter(([, gain]) => gain === 1).map(([path]) => path));
  const files = [...new Set(hits.map((hit) => hit.path))];
  const scores: Scores = {};
  for (const k of CUTS) {
    const found = files.slice(0, k).filter((file) => main.has(file)).length;
    scores[`R@${k}`] = main.size === 0 ? 0 : found / main.size;
  }
  const rank = files.findIndex((file) => main.has(file)) + 1;
  scores.MRR = rank === 0 ? 0 : 1 / rank;
  scores['nDCG@10'] = ndcgAt10(files, gains);
  return scores;
}

/** A result counts when it overlaps the gold lines and is not so long that it would always do so. */
function chunkScores(row: Row, hits: readonly Hit[]): Scores {
  const gold = row.relevant?.[0];
  if (gold?.start === undefined || gold.end === undefined) return {};
  const { path, start, end } = gold;
  const longest = Math.max(60, 2 * (end - start + 1));
  const matches = (hit: Hit): boolean =>
    hit.path === path &&
    hit.start !== undefined &&
    hit.end !== undefined &&
    hit.start <= end &&
    hit.end >= start &&
    hit.end - hit.start < longest;
  const rank = hits.findIndex(matches) + 1;
  const scores: Scores = { cMRR: rank === 0 ? 0 : 1 / rank };
  for (const k of CUTS) scores[`cR@${k}`] = rank > 0 && rank <= k ? 1 : 0;
  return scores;
}

/** A run of whole files has no chunk measures. */
export function hasLines(run: Run): boolean {
  return [...run.values()].some((hits) => hits.some((hit) => hit.start !== undefined));
}

/** Scores of every row, by query id; a query without a line in the run scores 0. */
export function scoreRun(rows: readonly Row[], run: Run): Map<string, Scores> {
  const chunked = hasLines(run);
  return new Map(
    rows.map((row) => {
      const hits = run.get(row.id) ?? [];
      return [row.id, { ...fileScores(row, hits), ...(chunked ? chunkScores(row, hits) : {}) }];
    }),
  );
}
