import { expect, test } from 'vitest';
import type { Commit } from '../ports/history.ts';
import { type CommitTask, depthFor, isSource, placeTasks, tasksAt, toTask } from './mine-commits.ts';

const commit = (paths: string, subject = 'Round the total of an invoice'): Commit => ({
  hash: 'c1',
  time: 1,
  subject,
  body: '',
  paths: paths.split(' '),
});

test('the answer of a commit is the source that it changed', () => {
  expect(toTask(commit('src/a.ts src/a.test.ts docs/a.md README.md package.json'))?.expected).toEqual([
    'src/a.ts',
  ]);
  expect(toTask(commit('a.ts b.ts c.ts d.ts e.ts'))?.expected).toHaveLength(5);
});

test.each([
  ['more than five source files', 'a.ts b.ts c.ts d.ts e.ts f.ts'],
  ['only tests and documents', 'tests/a.ts docs/a.md'],
  ['only what is vendored or generated', 'vendor/x/a.go api/service.pb.go'],
  ['no text', 'logo.png package-lock.json'],
  ['a sweep over the repository', `a.ts ${Array.from({ length: 40 }, (_, i) => `docs/${i}.md`).join(' ')}`],
])('a commit that changes %s is no task', (_, paths) => {
  expect(toTask(commit(paths))).toBeUndefined();
});

test('tells source from the rest', () => {
  const paths = 'a.py lib/x.rb test/y.py a.min.js yarn.lock .env a.png Makefile'.split(' ');
  expect(paths.filter(isSource)).toEqual(['a.py', 'lib/x.rb']);
});

/**
 * h4 (HEAD) - h3 - h2 - h1 - h0, where h3 merges s2 - s1, which left the chain at h1.
 *
 *   h0 - h1 ------ h2 - h3 - h4
 *           \ s1 - s2 -/
 */
const chain = ['h4', 'h3', 'h2', 'h1', 'h0'];
const parents = new Map([
  ['h4', ['h3']],
  ['h3', ['h2', 's2']],
  ['h2', ['h1']],
  ['h1', ['h0']],
  ['s2', ['s1']],
  ['s1', ['h1']],
]);
const task = (hash: string, subject = `Task of ${hash}`, expected = ['a.ts']): CommitTask => ({
  hash,
  time: 0,
  subject,
  task: subject,
  expected,
});
const placed = (...tasks: readonly CommitTask[]) =>
  placeTasks(tasks, { chain, parents }).map(({ hash, depth }) => `${hash}@${depth}`);

test('a task lies before the first commit of the chain that reaches it: of a branch, the merge', () => {
  expect(placed(...['h4', 's2', 's1', 'h2', 'h1'].map((hash) => task(hash)))).toEqual([
    'h1@4',
    'h2@3',
    's1@2',
    's2@2',
    'h4@1',
  ]);
});

test('of two with one message the older stays, and unknown commits are left out', () => {
  expect(placed(task('h4', 'Same'), task('h2', 'Same'), task('nowhere'))).toEqual(['h2@3']);
});

test('the base is the newest with enough tasks after it', () => {
  const tasks = placeTasks(
    ['h4', 's2', 's1', 'h2'].map((hash) => task(hash)),
    { chain, parents },
  );
  expect([1, 2, 3, 4, 5].map((wanted) => depthFor(tasks, wanted))).toEqual([1, 2, 2, 3, undefined]);
});

test('asked are those nearest to the base whose files are all there', () => {
  const tasks = placeTasks([task('h4'), task('s2', 'B', ['a.ts', 'new.ts']), task('h2')], { chain, parents });
  const asked = (depth: number, wanted: number) =>
    tasksAt(tasks, depth, new Set(['a.ts']), wanted)
      .map(({ hash }) => hash)
      .join(' ');
  expect([asked(1, 9), asked(3, 9), asked(3, 1)]).toEqual(['h4', 'h2 h4', 'h2']);
});
