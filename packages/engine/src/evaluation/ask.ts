/**
 * Asks an indexed workspace about every task, and the baseline beside it, and scores the answers. The same stages answer as for
 * a user; only their weights are exchanged for ablations. Must not know where the tasks come from.
 */
import type { Workspace } from '../engine.ts';
import { ConexusError } from '../model/errors.ts';
import type { FilePath } from '../model/file.ts';
import { type LocateIndex, runLocate } from '../query/run-locate.ts';
import { type RankWeights, WEIGHTS } from '../query/weights.ts';
import { ABLATIONS } from './ablations.ts';
import { createLinesBaseline, type LinesBaseline } from './bm25-lines.ts';
import { namesAFile } from './clean-message.ts';
import { estimate, estimateDifference, MEASURES, type Scores, scoreFiles } from './measures.ts';
import { type CommitTask, isSource } from './mine-commits.ts';
import type { AblationResult, Ranking, Summary, SystemResult, TaskResult } from './report.ts';

/** An indexed workspace with the stages of a query laid open, so that other weights can rank. */
export interface AskedWorkspace extends Pick<Workspace, 'files'> {
  readonly query: LocateIndex;
}

export interface AskOptions {
  readonly ablate: boolean;
  /** Scores before the model learned the repository, for the ablation. */
  readonly unlearned?: readonly Scores[] | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface Asked {
  readonly tasks: readonly TaskResult[];
  readonly ablations: readonly AblationResult[];
  readonly sourceFiles: number;
  /** Milliseconds of each task, in order, without ablations. */
  readonly times: readonly number[];
}

/** Files of an answer that are looked at: an expected file beyond them counts as not found. */
const DEPTH = 50;
const SHOWN = 10;
/** Files read between two turns of the event loop, so that an interruption is heard. */
const READ_AT_ONCE = 50;

export async function askAll(
  workspace: AskedWorkspace,
  tasks: readonly CommitTask[],
  options: AskOptions,
): Promise<Asked> {
  const { baseline, sourceFiles } = await buildBaseline(workspace, tasks, options.signal);
  const variants = options.ablate ? ABLATIONS : [];
  const scores = variants.map((): Scores[] => []);
  const results: TaskResult[] = [];
  const times: number[] = [];
  for (const task of tasks) {
    await turn(options.signal);
    const started = performance.now();
    const files = await locateFiles(workspace, task.task, WEIGHTS.locate);
    times.push(performance.now() - started);
    for (const [i, variant] of variants.entries()) {
      const changed = await locateFiles(workspace, task.task, variant.change(WEIGHTS.locate));
      scores[i]?.push(scoreFiles(changed, task.expected));
    }
    results.push(taskResult(task, files, baseline.rank(task.task, DEPTH)));
    options.onProgress?.(results.length, tasks.length);
  }
  const ndcg = (rows: readonly Scores[]) => rows.map((row) => row['nDCG@10']);
  const whole = ndcg(results.map((result) => result.conexus.scores));
  const ablations: AblationResult[] = variants.map(({ name, says }, i) => {
    const rows = scores[i] ?? [];
    return { name, says, all: summarize(rows), worth: estimateDifference(whole, ndcg(rows)) };
  });
  const { unlearned } = options;
  if (unlearned) {
    const says = 'the shipped model alone, before it learned the words of this repository';
    const worth = estimateDifference(whole, ndcg(unlearned));
    ablations.push({ name: 'no-learning', says, all: summarize(unlearned), worth });
  }
  return { tasks: results, ablations, sourceFiles, times };
}

/** Scores of the answers as they are now, task by task. */
export async function scoreTasks(
  workspace: AskedWorkspace,
  tasks: readonly CommitTask[],
  signal: AbortSignal | undefined,
): Promise<Scores[]> {
  const scores: Scores[] = [];
  for (const task of tasks) {
    await turn(signal);
    scores.push(scoreFiles(await locateFiles(workspace, task.task, WEIGHTS.locate), task.expected));
  }
  return scores;
}

/** Scores of one system over all tasks, and over those that the words alone do not give away. */
export function systemResult(name: SystemResult['name'], tasks: readonly TaskResult[]): SystemResult {
  const scoresOf = (rows: readonly TaskResult[]) =>
    rows.map((row) => (name === 'conexus' ? row.conexus : row.baseline).scores);
  const unnamed = tasks.filter((task) => !task.namesFile);
  return {
    name,
    all: summarize(scoresOf(tasks)),
    ...(unnamed.length === 0 ? {} : { unnamed: summarize(scoresOf(unnamed)) }),
  };
}

export function leadOf(tasks: readonly TaskResult[]) {
  const ndcg = (rankings: readonly Ranking[]) => rankings.map(({ scores }) => scores['nDCG@10']);
  return estimateDifference(
    ndcg(tasks.map((task) => task.conexus)),
    ndcg(tasks.map((task) => task.baseline)),
  );
}

function summarize(rows: readonly Scores[]): Summary {
  const entries = MEASURES.map((measure) => [measure, estimate(rows.map((row) => row[measure]))] as const);
  return Object.fromEntries(entries) as unknown as Summary;
}

async function locateFiles(
  workspace: AskedWorkspace,
  task: string,
  weights: RankWeights,
): Promise<readonly FilePath[]> {
  const request = { task, limit: DEPTH, detail: 'locations', maxTokens: Number.MAX_SAFE_INTEGER } as const;
  const { hits } = await runLocate(workspace.query, request, weights);
  return [...new Set(hits.map((hit) => hit.path))];
}

function taskResult(task: CommitTask, files: readonly FilePath[], baseline: readonly FilePath[]): TaskResult {
  const { hash, expected, ...rest } = task;
  return {
    commit: hash,
    ...rest,
    expected,
    namesFile: namesAFile(task.task, expected),
    conexus: ranking(files, expected),
    baseline: ranking(baseline, expected),
  };
}

function ranking(files: readonly FilePath[], expected: readonly FilePath[]): Ranking {
  const rank = files.findIndex((file) => expected.includes(file)) + 1;
  return {
    files: files.slice(0, SHOWN),
    ...(rank === 0 ? {} : { rank }),
    scores: scoreFiles(files, expected),
  };
}

/** Source files without tests, as in the suites of this project: stronger than over everything. */
async function buildBaseline(
  workspace: AskedWorkspace,
  tasks: readonly CommitTask[],
  signal: AbortSignal | undefined,
): Promise<{ readonly baseline: LinesBaseline; readonly sourceFiles: number }> {
  const baseline = createLinesBaseline(tasks.map((task) => task.task));
  const listed = await workspace.files({ limit: Number.MAX_SAFE_INTEGER });
  const source = listed.map((file) => file.path).filter(isSource);
  for (const [i, path] of source.entries()) {
    if (i % READ_AT_ONCE === 0) await turn(signal);
    const lines = workspace.query.read(path)?.lines;
    if (lines !== undefined) baseline.add(path, lines);
  }
  return { baseline, sourceFiles: source.length };
}

async function turn(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  stopIfAborted(signal);
}

/** @throws ConexusError cancelled */
export function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new ConexusError(
    'cancelled',
    'The evaluation was cancelled.',
    'Run it again; nothing of it is kept.',
  );
}
