import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { git, tempTree } from './adapters/sources/testing/temp-tree.ts';
import type { EvaluationOptions, EvaluationProgress, EvaluationReport } from './evaluation/report.ts';
import { makePast, type PastCommit, pastCommits, sourceOf } from './evaluation/testing/past-repository.ts';
import { evaluateHistory } from './open-evaluation.ts';

function repository(commits: readonly PastCommit[]): string {
  const root = tempTree();
  makePast(root, commits);
  return root;
}

const evaluate = (root: string, options: Partial<EvaluationOptions> = {}) =>
  evaluateHistory({ root, home: tempTree(), workers: 1, ...options });

/** Without what differs from run to run. */
const figures = ({ ms, ...rest }: EvaluationReport) => rest;

const listing = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort().join('\n');

test('asks about past commits as the code was before them, and leaves nothing behind', async () => {
  const root = repository(pastCommits(30));
  const before = listing(root);
  const home = tempTree();
  const steps = new Set<EvaluationProgress['step']>();
  const onProgress = ({ step }: EvaluationProgress) => void steps.add(step);
  const report = await evaluate(root, { home, commits: 20, onProgress });

  expect(report.tasks).toHaveLength(20);
  expect(report.tasks[0]).toMatchObject({
    subject: 'expire the session cookie correctly, case 10',
    task: 'expire the session cookie correctly, case 10\n\nThe session cookie was wrong.',
    expected: ['src/session.ts'],
    namesFile: true,
    conexus: { rank: 1, scores: { 'nDCG@10': 1 } },
  });
  // The base is the commit right before the first task.
  expect(git(root, 'rev-parse', `${report.tasks[0]?.commit}^`).trim()).toBe(report.base.hash);
  expect(git(root, 'rev-parse', `HEAD~${report.base.behind}`).trim()).toBe(report.base.hash);
  expect(git(root, 'rev-list', '--count', report.base.hash).trim()).toBe('14');
  expect(report.base.subject).toBe('render the monthly report correctly, case 9 (#19)');
  expect(report.ablations).toEqual([]);
  // The first commit, which adds everything, changes ten files and is history as well.
  expect(report.pastCommits).toBe(14);
  expect(report.files).toEqual({ indexed: 11, source: 10, copied: 11, missing: 0 });
  expect(report.notes).toEqual(['With 20 tasks the intervals are wide: read them, not the means.']);
  expect(report.systems[0]?.all['R@1'].mean).toBeGreaterThan(0.9);
  expect(report.notIndexed).toEqual([]);
  expect([...steps]).toEqual(['copying', 'indexing', 'asking']);

  expect(readdirSync(join(home, 'cache', 'evaluations'))).toEqual([]);
  expect(readdirSync(join(home, 'cache'))).toEqual(['evaluations']);
  expect(listing(root)).toBe(before);
});

test('the same figures every time, and ablations beside them', async () => {
  const root = repository(pastCommits(14));
  const first = await evaluate(root, { ablate: true });
  expect(figures(await evaluate(root, { ablate: true }))).toEqual(figures(first));
  expect(first.ablations.map(({ name }) => name)).toContain('no-history');
  for (const { all, worth } of first.ablations) {
    const whole = first.systems[0]?.all['nDCG@10'].mean ?? 0;
    expect(whole - all['nDCG@10'].mean).toBeCloseTo(worth.mean, 10);
  }
});

test('what was written later is neither text nor history', async () => {
  const commits = pastCommits(12);
  const secret = 'export const zanzibar = "only later";\n';
  const later = commits.map((commit, i) =>
    i === 0
      ? commit
      : { ...commit, files: { ...commit.files, [`src/later${i}.ts`]: secret, 'src/mail.ts': secret } },
  );
  const asked = {
    message: 'use zanzibar when the total is rounded',
    files: { 'src/invoice.ts': sourceOf('invoice', 99) },
  };
  const report = await evaluate(repository([...later, asked]));
  const task = report.tasks.find(({ subject }) => subject === asked.message);
  expect(task?.expected).toEqual(['src/invoice.ts']);
  expect(
    report.tasks.flatMap(({ conexus }) => conexus.files).filter((file) => file.includes('later')),
  ).toEqual([]);
  expect(report.pastCommits).toBe(1);
  expect(report.files.indexed).toBe(11);
});

test('commits that a merge brings in are asked about from before the branch', async () => {
  const chain = pastCommits(6);
  const root = repository(chain);
  git(root, 'checkout', '-q', '-f', '-b', 'side', 'HEAD~3');
  for (const [i, topic] of ['mail', 'cache', 'queue', 'login', 'export', 'search', 'upload'].entries()) {
    git(root, 'rm', '-q', '--cached', `src/${topic}.ts`);
    const blob = git(root, 'hash-object', '-w', 'src/report.ts').trim();
    git(root, 'update-index', '--add', '--cacheinfo', `100644,${blob},src/${topic}.ts`);
    git(root, 'commit', '-q', '-m', `side work number ${i} on the ${topic}`);
  }
  git(root, 'checkout', '-q', '-f', 'main');
  git(root, 'merge', '-q', '-s', 'ours', '--no-ff', '-m', 'Merge branch side', 'side');
  const { tasks, base } = await evaluate(root);
  const subjects = tasks.map(({ subject }) => subject.replace(/, case.*/, ''));
  expect(subjects.filter((subject) => subject.startsWith('side work'))).toHaveLength(7);
  for (const { commit } of tasks) {
    expect(git(root, 'rev-list', '--count', commit, `^${base.hash}`).trim()).not.toBe('0');
  }
});

test('a subfolder is evaluated by itself', async () => {
  const moved = pastCommits(14).map(({ message, files }) => ({
    message,
    files: Object.fromEntries(Object.entries(files).map(([path, text]) => [`app/${path}`, text])),
  }));
  const root = repository([
    ...moved,
    { message: 'the rest of the repository changes', files: { 'other.ts': '1' } },
  ]);
  git(root, 'checkout', '-q', '-f', 'main');
  const report = await evaluate(join(root, 'app'));
  expect(report.tasks.length).toBeGreaterThanOrEqual(10);
  expect(report.tasks.every(({ expected }) => expected.every((path) => path.startsWith('src/')))).toBe(true);
  expect(report.files.indexed).toBe(11);
});

test('a home inside a repository that ignores everything is no hindrance', async () => {
  const outer = tempTree({ '.gitignore': '*\n' });
  git(outer, 'init', '-q');
  const report = await evaluate(repository(pastCommits(14)), { home: join(outer, 'home') });
  expect(report.files.indexed).toBe(11);
});

test('expected files that no index has are misses, and named', async () => {
  const big = pastCommits(14).map((commit, i) =>
    'src/mail.ts' in commit.files
      ? { ...commit, files: { ...commit.files, 'src/mail.ts': `// ${i}\n`.repeat(1_000) } }
      : commit,
  );
  const report = await evaluate(repository(big), { maxFileBytes: 2_000 });
  expect(report.notIndexed).toEqual(['src/mail.ts']);
  expect(report.tasks.find(({ expected }) => expected[0] === 'src/mail.ts')?.conexus.rank).toBeUndefined();
  expect(report.notes.join(' ')).toContain('1 expected file not in the index');
});

test('says why it cannot measure', async () => {
  const fails = (root: string) =>
    evaluate(root).catch((error: Error & { code: string; advice: string }) => error);
  expect(await fails(tempTree())).toMatchObject({
    code: 'no_history',
    message: expect.stringContaining('not in a git repository'),
  });
  const empty = tempTree();
  git(empty, 'init', '-q');
  expect(await fails(empty)).toMatchObject({ code: 'no_history' });
  expect(await fails(repository(pastCommits(0)))).toMatchObject({
    message: expect.stringMatching(/^No commit of this history/),
  });
  expect(await fails(repository(pastCommits(5)))).toMatchObject({
    message: expect.stringMatching(/^Only 5 commits of/),
  });
  expect(await fails(join(empty, 'nowhere'))).toMatchObject({ code: 'root_missing' });

  const origin = repository(pastCommits(14));
  const clone = tempTree();
  git(clone, 'clone', '-q', '--depth=5', `file://${origin}`, 'c');
  expect(await fails(join(clone, 'c'))).toMatchObject({ advice: expect.stringContaining('--unshallow') });
  git(clone, 'clone', '-q', '--depth=17', `file://${origin}`, 'd');
  const shallow = await evaluate(join(clone, 'd'));
  expect(shallow.notes.join(' ')).toContain('shallow');

  git(origin, 'config', 'uploadpack.allowFilter', 'true');
  git(clone, 'clone', '-q', '--filter=blob:none', '--no-checkout', `file://${origin}`, 'p');
  expect(await fails(join(clone, 'p'))).toMatchObject({
    message: expect.stringMatching(/^11 of the 11 files of commit/),
  });
});

test('takes what there is when that is enough to say something', async () => {
  const { tasks, notes } = await evaluate(repository(pastCommits(12)));
  expect(tasks).toHaveLength(12);
  expect(notes[0]).toBe('Only 12 commits could be used, of the 100 wanted.');
});

test('an interruption ends it at any step, and leaves nothing behind', async () => {
  const root = repository(pastCommits(30));
  for (const step of ['copying', 'indexing', 'asking'] as const) {
    const home = tempTree();
    const controller = new AbortController();
    const onProgress = (progress: EvaluationProgress) => {
      if (progress.step === step) controller.abort();
    };
    const error = await evaluate(root, { home, signal: controller.signal, onProgress }).catch(
      (caught: unknown) => caught,
    );
    expect(error, step).toMatchObject({ code: 'cancelled' });
    expect(readdirSync(join(home, 'cache', 'evaluations')), step).toEqual([]);
  }
  expect(existsSync(root)).toBe(true);
});
