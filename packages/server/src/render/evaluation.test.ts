import type { EvaluationReport, Scores, Summary, TaskResult } from '@conexus/engine';
import { expect, test } from 'vitest';
import { evaluationJson, evaluationText, worstMisses } from './evaluation.ts';
import { makeStyle } from './style.ts';

const scores = (value: number): Scores => ({
  'R@1': value,
  'R@5': value,
  'R@10': value,
  MRR: value,
  'nDCG@10': value,
});
const summary = (mean: number): Summary => {
  const estimate = { mean, low: mean - 0.1, high: mean + 0.1 };
  return { 'R@1': estimate, 'R@5': estimate, 'R@10': estimate, MRR: estimate, 'nDCG@10': estimate };
};

function task(commit: string, value: number, rank?: number, subject = `Task ${commit}`): TaskResult {
  const files = ['src/a.ts', 'src/b.ts', 'src/c.ts', 'src/d.ts'];
  return {
    commit: commit.repeat(40),
    time: 1_700_000_000,
    subject,
    task: subject,
    expected: ['src/x.ts'],
    namesFile: false,
    conexus: { files, scores: scores(value), ...(rank === undefined ? {} : { rank }) },
    baseline: { files: [], scores: scores(0) },
  };
}

const REPORT: EvaluationReport = {
  format: 1,
  root: '/code/shop',
  head: 'f'.repeat(40),
  base: { hash: '0123456789'.repeat(4), time: 1_690_000_000, subject: 'Round\u001b[31m totals', behind: 12 },
  shallow: false,
  commitsWanted: 100,
  tasks: [
    task('a', 1, 1),
    task('b', 0.5, 2),
    task('c', 0),
    task('d', 0, 40, 'Evil \u001b]0;x\u0007 \u202esubject'),
  ],
  namedTasks: 1,
  files: { indexed: 1234, source: 1000, copied: 1300, missing: 0 },
  notIndexed: [],
  pastCommits: 7900,
  systems: [
    { name: 'conexus', all: summary(0.7), unnamed: summary(0.6) },
    { name: 'bm25-lines', all: summary(0.5), unnamed: summary(0.4) },
  ],
  lead: { mean: 0.2, low: 0.15, high: 0.25 },
  ablations: [
    {
      name: 'no-path',
      says: 'words in the path of a file',
      all: summary(0.68),
      worth: { mean: 0.02, low: -0.01, high: 0.05 },
    },
    {
      name: 'no-history',
      says: 'past commits',
      all: summary(0.6),
      worth: { mean: 0.1, low: 0.05, high: 0.15 },
    },
  ],
  notes: ['Only 4 commits could be used, of the 100 wanted.'],
  ms: { mining: 300, copying: 200, indexing: 3_000, asking: 6_000, taskP50: 5.4, taskP95: 28 },
};

test('for people: figures, misses and how far to believe them', () => {
  expect(evaluationText(REPORT, makeStyle(false))).toMatchInlineSnapshot(`
    "Finding files in /code/shop
    Tasks: the messages of 4 past commits, 2023-11-14 to 2023-11-14. Expected: the source files that each changed.
    Asked: the code and 7,900 commits of history as of 0123456789 "Round\\u{1b}[31m totals",
    12 commits behind HEAD (by first parents) and before all of them; 1,234 files, 1,000 of them source without tests.
    Note: Only 4 commits could be used, of the 100 wanted.

                                            Conexus             plain BM25
    R@1      expected files found first     0.700 [0.60, 0.80]  0.500 [0.40, 0.60]
    R@5      found among the first 5        0.700 [0.60, 0.80]  0.500 [0.40, 0.60]
    R@10     found among the first 10       0.700 [0.60, 0.80]  0.500 [0.40, 0.60]
    MRR      1 / rank of the first found    0.700 [0.60, 0.80]  0.500 [0.40, 0.60]
    nDCG@10  order of the first 10, 1 best  0.700 [0.60, 0.80]  0.500 [0.40, 0.60]
    In brackets: 95 % intervals, by resampling the tasks.

    Lead over plain BM25 in nDCG@10, task by task: +0.200 [+0.150, +0.250]: better.
    1 message says the name of an expected file. nDCG@10 on the other 3: Conexus 0.600 [0.50, 0.70], plain BM25 0.400 [0.30, 0.50].

    Without                                                         nDCG@10   it is worth
    past commits                                                    0.600     +0.100 [+0.050, +0.150]
    words in the path of a file                                     0.680     +0.020 [-0.010, +0.050]
    An interval that spans 0: its worth does not show on this many tasks.

    Worst misses
      cccccccccc  Task c
        expected     src/x.ts (not among the first 50)
        came first   src/a.ts, src/b.ts, src/c.ts
      dddddddddd  Evil \\u{1b}]0;x\\u{7} \\u{202e}subject
        expected     src/x.ts (at 40)
        came first   src/a.ts, src/b.ts, src/c.ts
      bbbbbbbbbb  Task b
        expected     src/x.ts (the first of them at 2)
        came first   src/a.ts, src/b.ts, src/c.ts

    How far to believe this
      A file counts as right only if the commit edited it; others worth reading for the task count as misses.
      A message is written after the work, by somebody who knows the files: real tasks say less, or say it otherwise.
      The later commits meet code that is up to 12 commits old; in use the index is always current.
      Plain BM25 is given source files only, so it cannot err on tests and documents; Conexus has to rank those lower.

    history 300 ms · copy 200 ms · index 3.0 s · tasks 6.0 s · one task p50 5 ms, p95 28 ms"
  `);
});

test('says plainly when it is worse, and when it cannot tell', () => {
  const verdict = (low: number, high: number) =>
    /by task: .*: ([a-z ]+)\.$/m.exec(
      evaluationText({ ...REPORT, lead: { mean: (low + high) / 2, low, high } }, makeStyle(false)),
    )?.[1];
  expect([verdict(0.1, 0.3), verdict(-0.3, -0.1), verdict(-0.1, 0.1)]).toEqual([
    'better',
    'worse',
    'no difference that this many tasks could show',
  ]);
});

test('without misses, ablations or notes their parts are left out', () => {
  const text = evaluationText(
    { ...REPORT, tasks: [task('a', 1, 1)], ablations: [], notes: [] },
    makeStyle(false),
  );
  expect(text).not.toMatch(/Worst misses|Without|Note:/);
});

test('the worst miss is the one whose file came last', () => {
  const order = worstMisses(
    [task('b', 0.5, 2), task('d', 0, 12), task('a', 1, 1), task('e', 0), task('c', 0, 40)],
    9,
  );
  expect(order.map(({ commit }) => commit[0]).join('')).toBe('ecdb');
});

test('for programs: everything, in the names of the wire', () => {
  const json = JSON.parse(evaluationJson(REPORT)) as Record<string, unknown>;
  expect(json).toMatchObject({
    commits_wanted: 100,
    named_tasks: 1,
    past_commits: 7900,
    systems: [{ name: 'conexus', all: { 'nDCG@10': { mean: 0.7 }, MRR: { mean: 0.7 } } }, {}],
    tasks: [{ names_file: false, conexus: { rank: 1 } }, {}, {}, {}],
    ms: { task_p50: 5.4 },
  });
  expect(evaluationJson(REPORT)).not.toMatch(/"[a-z]+[A-Z]\w*":/);
});
