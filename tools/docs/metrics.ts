/** The table of metrics, as the server exports them. */
import { METRICS, type Metric } from '../../packages/server/src/observe/metric-table.ts';

export function metricTable(): string {
  const rows = Object.entries(METRICS).map(
    ([name, { kind, labels = [], help }]: [string, Metric]) =>
      `| \`${name}\` | ${kind} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |`,
  );
  return ['| Metric | Kind | Labels | Meaning |', '|---|---|---|---|', ...rows].join('\n');
}
