/**
 * An evaluation for people (a table, the worst misses, how far to believe it) and for programs (everything). Commit subjects and
 * paths come from the repository and are shown as data. Measures nothing itself.
 */
import type { Estimate, EvaluationReport, Measure, Ranking, SystemResult, TaskResult } from '@conexus/engine';
import type { Style } from './style.ts';
import { formatCount, formatDuration, inline, plural } from './text.ts';

const MEASURE_SAYS: Readonly<Record<Measure, string>> = {
  'R@1': 'expected files found first',
  'R@5': 'found among the first 5',
  'R@10': 'found among the first 10',
  MRR: '1 / rank of the first found',
  'nDCG@10': 'order of the first 10, 1 best',
};
const SYSTEM_SAYS: Readonly<Record<SystemResult['name'], string>> = {
  conexus: 'Conexus',
  'bm25-lines': 'plain BM25',
};
const MISSES = 5;
const SHOWN_FILES = 3;
const SHOWN_ROWS = 10;

export function evaluationText(report: EvaluationReport, style: Style): string {
  const parts = [
    headLines(report, style),
    scoreTable(report, style),
    leadLines(report),
    ablationTable(report, style),
    missLines(report, style),
    limitLines(report, style),
    [style.dim(timeLine(report))],
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function headLines(
  { tasks, base, files, pastCommits, root, notes }: EvaluationReport,
  style: Style,
): string[] {
  const times = tasks.map((task) => task.time);
  const days = `${day(Math.min(...times))} to ${day(Math.max(...times))}`;
  const subject = base.subject === '' ? '' : ` "${inline(base.subject, 60)}"`;
  return [
    style.bold(`Finding files in ${inline(root)}`),
    `Tasks: the messages of ${plural(tasks.length, 'past commit')}, ${days}. Expected: the source files that each changed.`,
    `Asked: the code and ${plural(pastCommits, 'commit')} of history as of ${base.hash.slice(0, 10)}${subject},`,
    `${plural(base.behind, 'commit')} behind HEAD (by first parents) and before all of them; ${formatCount(files.indexed)} files, ${formatCount(files.source)} of them source without tests.`,
    ...notes.map((note) => style.bad(`Note: ${note}`)),
  ];
}

function scoreTable({ systems }: EvaluationReport, style: Style): string[] {
  const header = `${''.padEnd(40)}${systems.map(({ name }) => SYSTEM_SAYS[name].padEnd(20)).join('')}`;
  const rows = (Object.keys(MEASURE_SAYS) as Measure[]).map((measure) => {
    const cells = systems.map(({ all }) => cell(all[measure]).padEnd(20)).join('');
    return `${measure.padEnd(9)}${MEASURE_SAYS[measure].padEnd(31)}${cells}`.trimEnd();
  });
  return [
    style.bold(header.trimEnd()),
    ...rows,
    style.dim('In brackets: 95 % intervals, by resampling the tasks.'),
  ];
}

function leadLines({ lead, systems, tasks, namedTasks }: EvaluationReport): string[] {
  const verdict =
    lead.low > 0 ? 'better' : lead.high < 0 ? 'worse' : 'no difference that this many tasks could show';
  const lines = [`Lead over plain BM25 in nDCG@10, task by task: ${signedCell(lead)}: ${verdict}.`];
  const unnamed = systems.map(({ name, unnamed: scores }) =>
    scores === undefined ? '' : `${SYSTEM_SAYS[name]} ${cell(scores['nDCG@10'])}`,
  );
  const rest = tasks.length - namedTasks;
  if (namedTasks > 0 && rest > 0) {
    lines.push(
      `${plural(namedTasks, 'message')} ${namedTasks === 1 ? 'says' : 'say'} the name of an expected file. nDCG@10 on the other ${formatCount(rest)}: ${unnamed.join(', ')}.`,
    );
  }
  return lines;
}

function ablationTable({ ablations }: EvaluationReport, style: Style): string[] {
  if (ablations.length === 0) return [];
  const rows = [...ablations]
    .sort((a, b) => b.worth.mean - a.worth.mean || (a.name < b.name ? -1 : 1))
    .map(
      ({ says, all, worth }) =>
        `${says.padEnd(64)}${all['nDCG@10'].mean.toFixed(3).padEnd(10)}${signedCell(worth)}`,
    );
  return [
    style.bold(`${'Without'.padEnd(64)}${'nDCG@10'.padEnd(10)}it is worth`),
    ...rows,
    style.dim('An interval that spans 0: its worth does not show on this many tasks.'),
  ];
}

/** Least of the expected files in the first ten; among equals, the one found last. */
export function worstMisses(tasks: readonly TaskResult[], count: number): readonly TaskResult[] {
  const score = (task: TaskResult) => task.conexus.scores['nDCG@10'];
  const rank = (task: TaskResult) => task.conexus.rank ?? Number.MAX_SAFE_INTEGER;
  return tasks
    .filter((task) => score(task) < 1)
    .sort((a, b) => score(a) - score(b) || rank(b) - rank(a) || (a.commit < b.commit ? -1 : 1))
    .slice(0, count);
}

function missLines({ tasks }: EvaluationReport, style: Style): string[] {
  const misses = worstMisses(tasks, MISSES);
  if (misses.length === 0) return [];
  return [
    style.bold('Worst misses'),
    ...misses.flatMap(({ commit, subject, expected, conexus }) => [
      `  ${commit.slice(0, 10)}  ${inline(subject, 100)}`,
      `    expected     ${fileList(expected, style)}${style.dim(` (${rankClause(conexus)})`)}`,
      `    came first   ${fileList(conexus.files.slice(0, SHOWN_FILES), style)}`,
    ]),
  ];
}

function rankClause({ rank }: Ranking): string {
  if (rank === undefined) return 'not among the first 50';
  return rank <= SHOWN_ROWS ? `the first of them at ${rank}` : `at ${rank}`;
}

function fileList(files: readonly string[], style: Style): string {
  return files.length === 0 ? 'nothing' : files.map((file) => style.path(inline(file, 120))).join(', ');
}

function limitLines({ base }: EvaluationReport, style: Style): string[] {
  return [
    style.bold('How far to believe this'),
    '  A file counts as right only if the commit edited it; others worth reading for the task count as misses.',
    '  A message is written after the work, by somebody who knows the files: real tasks say less, or say it otherwise.',
    `  The later commits meet code that is up to ${plural(base.behind, 'commit')} old; in use the index is always current.`,
    '  Plain BM25 is given source files only, so it cannot err on tests and documents; Conexus has to rank those lower.',
  ];
}

function timeLine({ ms }: EvaluationReport): string {
  const steps = [
    `history ${formatDuration(ms.mining)}`,
    `copy ${formatDuration(ms.copying)}`,
    `index ${formatDuration(ms.indexing)}`,
    `tasks ${formatDuration(ms.asking)}`,
  ];
  return `${steps.join(' · ')} · one task p50 ${formatDuration(ms.taskP50)}, p95 ${formatDuration(ms.taskP95)}`;
}

const cell = ({ mean, low, high }: Estimate) => `${mean.toFixed(3)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
const signed = (value: number, digits: number) =>
  `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(digits)}`;
const signedCell = ({ mean, low, high }: Estimate) =>
  `${signed(mean, 3)} [${signed(low, 3)}, ${signed(high, 3)}]`;
const day = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 10);

/** Every figure and every task; names as on the wire. */
export function evaluationJson(report: EvaluationReport): string {
  return JSON.stringify(report, (_key, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value) ? withWireNames(value) : value,
  );
}

/** `commitsWanted` -> `commits_wanted`; names of measures stay as they are. */
function withWireNames(value: object): Record<string, unknown> {
  const rename = (key: string) =>
    /^[a-z][A-Za-z0-9]*$/.test(key) ? key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) : key;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [rename(key), inner]));
}
