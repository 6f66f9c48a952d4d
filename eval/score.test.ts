import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { interval, pairedBootstrap, seededRandom } from './scoring/bootstrap.ts';
import { groupDifferences, groupScores } from './scoring/groups.ts';
import { type Hit, type Scores, scoreRun } from './scoring/measures.ts';
import { readRun, writeRun } from './scoring/run-file.ts';
import { halfOf, type Row, selectRows } from './truth.ts';

const base = { commit: 'c', lang: 'C', query: 'q' } as const;
const docRow: Row = {
  ...base,
  id: 'doc',
  repo: 'o/a',
  source: 'docstring',
  relevant: [{ path: 'a.c', start: 10, end: 20 }],
};
const gradedRow: Row = {
  ...base,
  id: 'graded',
  repo: 'o/b',
  source: 'semble-nl',
  relevant: [
    { path: 'main.c', grade: 2 },
    { path: 'helper.c', grade: 1 },
  ],
};
const commitRow: Row = {
  ...base,
  id: 'commit',
  repo: 'o/b',
  source: 'commit',
  gold: ['x.c', 'y.c'],
  stem_in_task: true,
};

function scoreOne(row: Row, hits: Hit[]): Scores {
  const scores = scoreRun([row], new Map([[row.id, hits]])).get(row.id);
  if (scores === undefined) throw new Error('no scores');
  return scores;
}

describe('file measures', () => {
  it('counts a file once, at its best rank', () => {
    const scores = scoreOne(commitRow, [
      { path: 'z.c' },
      { path: 'z.c' },
      { path: 'y.c' },
      { path: 'y.c' },
      { path: 'x.c' },
    ]);
    expect(scores).toMatchObject({ 'R@1': 0, 'R@5': 1, 'R@10': 1, MRR: 1 / 2 });
    const ideal = 1 + 1 / Math.log2(3);
    expect(scores['nDCG@10']).toBeCloseTo((1 / Math.log2(3) + 1 / Math.log2(4)) / ideal, 12);
  });

  it('gives a helping file half the gain and no recall', () => {
    const scores = scoreOne(gradedRow, [{ path: 'helper.c' }]);
    expect(scores).toMatchObject({ 'R@10': 0, MRR: 0 });
    expect(scores['nDCG@10']).toBeCloseTo(0.5 / (1 + 0.5 / Math.log2(3)), 12);
  });

  it('scores 0 for a query without a line in the run', () => {
    const scores = scoreRun([commitRow], new Map());
    expect(scores.get('commit')).toEqual({ 'R@1': 0, 'R@5': 0, 'R@10': 0, MRR: 0, 'nDCG@10': 0 });
  });

  it('ignores gold below the tenth file in nDCG@10 but not in MRR', () => {
    const others = Array.from({ length: 10 }, (_, i) => ({ path: `other${i}.c` }));
    const scores = scoreOne(commitRow, [...others, { path: 'x.c' }]);
    expect(scores).toMatchObject({ 'nDCG@10': 0, MRR: 1 / 11 });
  });
});

describe('chunk measures', () => {
  it('takes the first result that overlaps the gold lines', () => {
    const hits = [
      { path: 'a.c', start: 1, end: 9 },
      { path: 'b.c', start: 10, end: 20 },
      { path: 'a.c', start: 20, end: 40 },
    ];
    expect(scoreOne(docRow, hits)).toMatchObject({ 'cR@1': 0, 'cR@5': 1, cMRR: 1 / 3 });
  });

  it('does not count a result longer than max(60, twice the gold)', () => {
    expect(scoreOne(docRow, [{ path: 'a.c', start: 1, end: 61 }]).cMRR).toBe(0);
    expect(scoreOne(docRow, [{ path: 'a.c', start: 1, end: 60 }]).cMRR).toBe(1);
  });

  it('has none for a run of whole files and none for rows without lines', () => {
    expect(scoreOne(docRow, [{ path: 'a.c' }])).not.toHaveProperty('cMRR');
    expect(scoreOne(commitRow, [{ path: 'x.c', start: 1, end: 2 }])).not.toHaveProperty('cMRR');
  });
});

describe('groups', () => {
  const rows = [docRow, gradedRow, commitRow];
  const run = new Map([
    ['doc', [{ path: 'a.c' }]],
    ['graded', [{ path: 'main.c' }]],
  ]);

  it('groups by fields and by derived keys, absent fields as -', () => {
    const groups = groupScores(rows, scoreRun(rows, run), ['source', 'size', 'root']);
    expect(groups.map(({ group, n }) => [group, n])).toEqual([
      ['commit stem -', 1],
      ['docstring nostem -', 1],
      ['semble-nl nostem -', 1],
    ]);
    expect(groups[1]?.means['R@1']).toBe(1);
  });

  it('pairs two runs by query', () => {
    const differences = groupDifferences(rows, scoreRun(rows, run), scoreRun(rows, new Map()), [], ['R@1']);
    expect(differences).toMatchObject([{ group: 'all', measure: 'R@1', n: 3, mean: 2 / 3 }]);
  });
});

describe('paired bootstrap', () => {
  const random = seededRandom(7);
  const theirs = Array.from({ length: 200 }, () => random() * 0.5);
  const better = theirs.map((value) => value + 0.1 + random() * 0.1);
  const noisy = theirs.map((value) => value + (random() - 0.5) * 0.2);

  it('finds a real difference', () => {
    const { mean, low, high, p } = pairedBootstrap(better, theirs);
    expect(mean).toBeCloseTo(0.15, 2);
    expect(low).toBeGreaterThan(0.1);
    expect(high).toBeLessThan(0.2);
    expect(p).toBeLessThan(0.001);
  });

  it('does not find one in noise, nor between equal runs', () => {
    const { low, high, p } = pairedBootstrap(noisy, theirs);
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(0);
    expect(p).toBeGreaterThan(0.05);
    expect(pairedBootstrap(theirs, theirs)).toMatchObject({ mean: 0, p: 1 });
  });

  it('is deterministic and refuses unequal runs', () => {
    expect(pairedBootstrap(better, theirs)).toEqual(pairedBootstrap(better, theirs));
    expect(interval(theirs)).toEqual(interval(theirs));
    expect(() => pairedBootstrap([1], [1, 2])).toThrow(RangeError);
  });
});

describe('run files and selections', () => {
  it('reads back what it writes, compressed or not', () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'conexus-score-'));
    const run = new Map([['a', [{ path: 'x', start: 1, end: 2 }]]]);
    for (const name of ['run.jsonl', 'run.jsonl.gz']) {
      writeRun(path.join(dir, name), run);
      expect(readRun(path.join(dir, name))).toEqual(run);
    }
    rmSync(dir, { recursive: true });
  });

  it('selects by source, repository and half', () => {
    const rows = [docRow, gradedRow, { ...commitRow, repo: 'netty/netty' }];
    const ids = (only: string[], half?: 'tune' | 'report') =>
      selectRows(rows, { only, half }).map((row) => row.id);
    expect(ids(['docstring', 'o/b'])).toEqual(['doc', 'graded']);
    expect(ids([], 'tune')).toEqual(['commit']);
    expect(halfOf({ repo: 'cosqa-pool' })).toBe('report');
  });
});
