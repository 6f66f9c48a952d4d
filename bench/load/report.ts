/** What the profiles measured -> one JSON file each, `report.md` and plots. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from '../support/machine.ts';
import { type Panel, plot } from './plot.ts';
import type { ProfileResult } from './profile.ts';

export interface StoredProfile extends ProfileResult {
  readonly profile: string;
  readonly machine: Machine;
  /** What was served. */
  readonly served: string;
  readonly seconds: number;
}

export function writeProfile(folder: string, result: StoredProfile): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${result.profile}.json`), `${JSON.stringify(result, null, 1)}\n`);
  const stored = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as StoredProfile);
  writeFileSync(join(folder, 'report.md'), reportOf(stored));
  writeFileSync(join(folder, 'plots.svg'), plot(panelsOf(stored)));
}

function reportOf(stored: readonly StoredProfile[]): string {
  const total = stored.flatMap(({ runs }) => Object.values(runs));
  const requests = total.reduce((sum, run) => sum + run.requests, 0);
  return [
    '# Load',
    '',
    'Server and clients share one machine. `load before` above the number of cores means that the machine had other work as well:',
    'times are then upper bounds, and only ratios of one profile mean something. Refusals of the profile `overload` are wanted.',
    '',
    `${requests} requests were answered in all profiles together.`,
    '',
    '![throughput, latency and memory](plots.svg)',
    '',
    ...stored.map(sectionOf),
  ].join('\n');
}

function sectionOf({ profile, about, figures, runs, machine, served, seconds }: StoredProfile): string {
  const rows = figures.map(({ name, value, unit, target, atLeast, baseline, note = '' }) => {
    const bound = target === undefined ? (atLeast === undefined ? '' : `>= ${atLeast}`) : `<= ${target}`;
    const met =
      target === undefined ? (atLeast === undefined ? undefined : value >= atLeast) : value <= target;
    return `| ${name} | ${value} ${unit} | ${bound} | ${met === undefined ? '' : met ? 'yes' : '**no**'} | ${baseline ?? ''} | ${note} |`;
  });
  const lines = Object.entries(runs).map(
    ([name, run]) =>
      `| ${name} | ${run.requests} | ${run.perSecond} | ${run.p50Ms} | ${run.p95Ms} | ${run.p99Ms} | ${run.maxMs} | ${run.errorCount} | ${run.cpuMsEach} |`,
  );
  const { commit, cores, cpu, load } = machine;
  return [
    `## ${profile}`,
    '',
    `${about}. Served: ${served}. Commit ${commit}, ${cores} x ${cpu}, load before ${load}, ${seconds} s in all.`,
    '',
    '| Figure | Value | Asked | Met | Baseline | Note |',
    '| --- | --: | --: | --- | --: | --- |',
    ...rows,
    '',
    '| Run | Requests | a second | p50 ms | p95 ms | p99 ms | longest ms | Errors | Processor ms each |',
    '| --- | --: | --: | --: | --: | --: | --: | --: | --: |',
    ...lines,
    '',
    ...operationsOf(runs),
  ].join('\n');
}

function operationsOf(runs: StoredProfile['runs']): string[] {
  const [run] = Object.values(runs);
  const operations = Object.entries(run?.byOperation ?? {});
  if (operations.length < 2) return [];
  return [
    '| Operation (first run) | Requests | p50 ms | p95 ms |',
    '| --- | --: | --: | --: |',
    ...operations.map(
      ([name, { requests, p50Ms, p95Ms }]) => `| \`${name}\` | ${requests} | ${p50Ms} | ${p95Ms} |`,
    ),
    '',
  ];
}

function panelsOf(stored: readonly StoredProfile[]): Panel[] {
  const points = stored.flatMap((result) => result.points ?? []);
  const saturation: Panel[] =
    points.length === 0
      ? []
      : [
          {
            title: 'Saturation: the mix, caches off',
            xTitle: 'connections',
            yTitle: 'requests a second',
            lines: [
              {
                name: 'answered',
                points: points.map(({ connections, perSecond }) => [connections, perSecond]),
              },
            ],
          },
          {
            title: 'Saturation: latency',
            xTitle: 'connections',
            yTitle: 'ms',
            lines: [{ name: 'p95', points: points.map(({ connections, p95Ms }) => [connections, p95Ms]) }],
          },
        ];
  const overTime = stored
    .filter(({ profile }) => ['load', 'stress', 'spike', 'soak', 'hybrid'].includes(profile))
    .flatMap(({ profile, runs }) => {
      const entries = Object.entries(runs);
      const line = (of: 'p95Ms' | 'requests' | 'mb') =>
        entries.map(([name, { series }]) => ({
          name,
          points: series.map((each) => [each.second, each[of]] as const),
        }));
      return [
        { title: `${profile}: p95 of each second`, xTitle: 'seconds', yTitle: 'ms', lines: line('p95Ms') },
        {
          title: `${profile}: requests of each second`,
          xTitle: 'seconds',
          yTitle: 'requests',
          lines: line('requests'),
        },
        { title: `${profile}: memory of the server`, xTitle: 'seconds', yTitle: 'MB', lines: line('mb') },
      ];
    });
  return [...saturation, ...overTime];
}
