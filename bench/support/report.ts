/** Writes a run: one JSON file per scenario and a summary of all in the run's folder. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Figure, ScenarioResult } from './context.ts';
import type { Machine } from './machine.ts';

interface StoredResult extends ScenarioResult {
  readonly scenario: string;
  readonly machine: Machine;
  readonly scale: number;
  readonly seconds: number;
}

export function writeResult(folder: string, result: StoredResult): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${result.scenario}.json`), `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(join(folder, 'summary.md'), summaryOf(folder));
}

function summaryOf(folder: string): string {
  const results = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as StoredResult);
  const machine = results[0]?.machine;
  const head = machine
    ? `${machine.cores} x ${machine.cpu}, ${machine.memoryGb} GB, ${machine.platform}, Node ${machine.node}, SQLite ${machine.sqlite}.`
    : '';
  const sections = results.map(sectionOf);
  return `# Benchmark run\n\n${head}\nTimes mean something beside the baseline of their own run only.\n\n${sections.join('\n')}`;
}

function sectionOf({ scenario, about, figures, machine, scale, seconds }: StoredResult): string {
  const rows = figures.map(
    (figure) =>
      `| ${figure.name} | ${shown(figure.value, figure.unit)} | ${figure.target === undefined ? '' : `<= ${shown(figure.target, figure.unit)}`} | ${verdict(figure)} | ${figure.baseline === undefined ? '' : shown(figure.baseline, figure.unit)} | ${figure.note ?? ''} |`,
  );
  const size = scale === 1 ? '' : `, scale ${scale}`;
  return [
    `## ${scenario}`,
    '',
    `${about} (commit ${machine.commit}, ${Math.round(seconds)} s${size}, load before ${machine.load})`,
    '',
    '| Figure | Value | Target | Met | Baseline | Note |',
    '| --- | --: | --: | --- | --: | --- |',
    ...rows,
    '',
  ].join('\n');
}

export function verdict({ value, target }: Figure): string {
  return target === undefined ? '' : value <= target ? 'yes' : '**no**';
}

const shown = (value: number, unit: string): string =>
  `${Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3))}${unit === '' ? '' : ` ${unit}`}`;
