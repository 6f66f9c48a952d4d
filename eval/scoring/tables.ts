// Markdown tables of scores.
import type { GroupDifference, GroupScores } from './groups.ts';
import { MEASURES, type Measure } from './measures.ts';

const figure = (value: number | undefined): string => (value === undefined ? '-' : value.toFixed(3));
const signed = (value: number): string => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(3)}`;

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

export function scoreTable(groups: readonly GroupScores[]): string {
  const rows = groups.map(({ group, n, means, ndcg }) => [
    group,
    String(n),
    ...MEASURES.map((measure) => figure(means[measure])),
    `${figure(ndcg.low)} to ${figure(ndcg.high)}`,
  ]);
  return table(['group', 'n', ...MEASURES, 'nDCG@10, 95 %'], rows);
}

export function differenceTable(differences: readonly GroupDifference[]): string {
  const rows = differences.map(({ group, measure, n, mean, low, high, p }) => [
    group,
    measure,
    String(n),
    signed(mean),
    `${signed(low)} to ${signed(high)}`,
    p < 0.001 ? '< .001' : p.toFixed(3),
  ]);
  return table(['group', 'measure', 'n', 'difference', '95 %', 'p'], rows);
}

/** Several runs side by side: one row per run, one column per group, the difference from the first run in brackets. */
export function sideBySide(
  runs: readonly { readonly label: string; readonly groups: readonly GroupScores[] }[],
  measure: Measure,
): string {
  const first = runs[0];
  if (first === undefined) return '';
  const names = first.groups
    .filter((group) => group.means[measure] !== undefined)
    .map((group) => group.group);
  const figureOf = (groups: readonly GroupScores[], name: string): number | undefined =>
    groups.find((group) => group.group === name)?.means[measure];
  const rows = runs.map(({ label, groups }, i) => [
    label,
    ...names.map((name) => {
      const value = figureOf(groups, name);
      const base = figureOf(first.groups, name);
      const change = i === 0 || value === undefined || base === undefined ? '' : ` (${signed(value - base)})`;
      return `${figure(value)}${change}`;
    }),
  ]);
  return table([measure, ...names], rows);
}
