// What a suite run leaves behind: summary.md for people, summary.json for tools, the run files for later comparisons.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { type GroupDifference, type GroupScores, groupDifferences, groupScores } from '../scoring/groups.ts';
import { type Measure, type Run, scoreRun } from '../scoring/measures.ts';
import { writeRun } from '../scoring/run-file.ts';
import { differenceTable, scoreTable, sideBySide, table } from '../scoring/tables.ts';
import type { Row } from '../truth.ts';
import type { JobResult } from './invoke.ts';
import type { Provenance } from './machine.ts';

export interface NamedRun {
  readonly label: string;
  readonly run: Run;
}

export interface SystemRun extends NamedRun {
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: readonly JobResult[];
}

export interface SuiteReport {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly selection: { readonly only: readonly string[]; readonly half: string };
  readonly limit: number;
  readonly systems: readonly SystemRun[];
  readonly baselines: readonly NamedRun[];
  readonly provenance: Provenance;
}

const COMPARED: readonly Measure[] = ['nDCG@10', 'cMRR'];
const TABLED: readonly Measure[] = ['nDCG@10', 'MRR', 'cR@1', 'cMRR'];

/** The mean over sources as a group of its own: the many docstring rows must not decide alone. */
function withMacroMean(groups: readonly GroupScores[]): GroupScores[] {
  const means: GroupScores['means'] = {};
  for (const measure of TABLED) {
    const values = groups.map((group) => group.means[measure]).filter((value) => value !== undefined);
    if (values.length > 0) means[measure] = values.reduce((sum, value) => sum + value, 0) / values.length;
  }
  const n = groups.reduce((sum, group) => sum + group.n, 0);
  return [...groups, { group: 'mean of sources', n, means, ndcg: { low: 0, high: 0 } }];
}

interface Scored {
  readonly label: string;
  readonly bySource: GroupScores[];
  readonly bySourceLang: GroupScores[];
  readonly byCommitSize: GroupScores[];
  readonly versus: { readonly other: string; readonly differences: GroupDifference[] }[];
}

function scoreSystem(report: SuiteReport, system: NamedRun, others: readonly NamedRun[]): Scored {
  const { rows } = report;
  const scores = scoreRun(rows, system.run);
  const commits = rows.filter((row) => row.source === 'commit');
  return {
    label: system.label,
    bySource: groupScores(rows, scores, ['source']),
    bySourceLang: groupScores(rows, scores, ['source', 'lang']),
    byCommitSize: groupScores(commits, scores, ['source', 'size']),
    versus: others.map((other) => {
      const theirs = scoreRun(rows, other.run);
      return {
        other: other.label,
        differences: groupDifferences(rows, scores, theirs, ['source'], COMPARED),
      };
    }),
  };
}

/** Baselines first; every system of an ablation is also compared with the first system. */
function scoreAll(report: SuiteReport): Scored[] {
  const first = report.systems[0];
  return report.systems.map((system) => {
    const others = first === undefined || first === system ? report.baselines : [...report.baselines, first];
    return scoreSystem(report, system, others);
  });
}

function heading(report: SuiteReport): string {
  const { provenance: p, selection, limit, rows } = report;
  const only = selection.only.length === 0 ? 'all' : selection.only.join(', ');
  return [
    `# ${report.label}`,
    '',
    `${rows.length} queries (rows: ${only}; repositories: ${selection.half}), ${limit} results each.`,
    `${p.date}, commit ${p.commit.slice(0, 12)}${p.dirty ? ' with uncommitted changes' : ''}, Node ${p.node},`,
    `${p.cpu}, ${p.cores} cores, ${p.memoryGiB} GiB.`,
  ].join('\n');
}

function sideBySideSection(report: SuiteReport, scored: readonly Scored[]): string {
  const baselines = report.baselines.map(({ label, run }) => ({
    label,
    groups: withMacroMean(groupScores(report.rows, scoreRun(report.rows, run), ['source'])),
  }));
  const systems = scored.map(({ label, bySource }) => ({ label, groups: withMacroMean(bySource) }));
  const tables = TABLED.map((measure) => sideBySide([...systems, ...baselines], measure));
  return [
    '## Side by side',
    '',
    'In brackets: the difference from the first row.',
    '',
    tables.join('\n\n'),
  ].join('\n');
}

function systemSection(scored: Scored, system: SystemRun): string {
  const seconds = system.jobs.reduce((sum, job) => sum + job.seconds, 0);
  const failures = system.jobs.filter((job) => job.error !== undefined);
  const env = Object.entries(system.env)
    .map(([key, value]) => `${key}=${value} `)
    .join('');
  return [
    `## ${scored.label}`,
    '',
    `\`${env}${system.command}\`, ${seconds.toFixed(0)} s over ${system.jobs.length} targets.`,
    ...failures.map((job) => `\nFAILED ${job.target}: ${job.error}. Its ${job.queries} queries count 0.`),
    ...scored.versus.flatMap(({ other, differences }) => [
      '',
      `### Against ${other}, paired`,
      '',
      differenceTable(differences),
    ]),
    ...['', '### By source', '', scoreTable(scored.bySource)],
    ...['', '### Commit tasks, by whether the task names a gold file', '', scoreTable(scored.byCommitSize)],
    ...['', '### By source and language', '', scoreTable(scored.bySourceLang)],
  ].join('\n');
}

function timeSection(report: SuiteReport): string {
  const targets = report.systems[0]?.jobs ?? [];
  const rows = targets.map(({ target, queries }) => [
    target,
    String(queries),
    ...report.systems.map(({ jobs }) => (jobs.find((job) => job.target === target)?.seconds ?? 0).toFixed(1)),
  ]);
  const head = ['target', 'queries', ...report.systems.map(({ label }) => `${label}, s`)];
  return [
    '## Wall time per target',
    '',
    'Index and queries together; jobs share the machine.',
    '',
    table(head, rows),
  ].join('\n');
}

function summaryJson(report: SuiteReport, scored: readonly Scored[]): string {
  const systems = report.systems.map(({ label, command, env, jobs }, i) => ({
    ...scored[i],
    label,
    command,
    env,
    jobs: jobs.map(({ results: _results, ...job }) => job),
  }));
  const { label, selection, limit, provenance } = report;
  const queries = report.rows.length;
  return `${JSON.stringify({ label, queries, selection, limit, provenance, systems }, null, 2)}\n`;
}

/** Writes the folder and returns the text of summary.md. */
export function writeReport(dir: string, report: SuiteReport): string {
  const scored = scoreAll(report);
  const sections = scored.flatMap((one, i) => {
    const system = report.systems[i];
    return system === undefined ? [] : [systemSection(one, system)];
  });
  const text = `${[heading(report), sideBySideSection(report, scored), ...sections, timeSection(report)].join('\n\n')}\n`;
  mkdirSync(dir, { recursive: true });
  writeFileSync(path.join(dir, 'summary.md'), text);
  writeFileSync(path.join(dir, 'summary.json'), summaryJson(report, scored));
  for (const { label, run } of report.systems) {
    const name = report.systems.length === 1 ? 'run' : `run-${label.replaceAll(/[^\w.-]/g, '_')}`;
    writeRun(path.join(dir, `${name}.jsonl.gz`), run);
  }
  return text;
}
