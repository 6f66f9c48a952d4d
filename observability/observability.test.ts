/** Rules and dashboards against the server that they watch, and against the texts that they point to. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { METRICS } from '../packages/server/src/observe/metric-table.ts';
import { makeMetrics } from '../packages/server/src/observe/metrics.ts';
import { ALERTS } from './alerts.ts';
import { artifacts, readObjectives } from './artifacts.ts';
import { SLO_CASES } from './slo-cases.ts';
import { burnAlerts } from './slo-rules.ts';

const read = (path: string) => readFileSync(join(import.meta.dirname, path), 'utf8');
const generated = artifacts();

describe('generated files', () => {
  it.each([...generated.keys()])('%s is what the sources make', (path) => {
    expect(read(path)).toBe(generated.get(path));
  });
});

/** Names of series in PromQL: identifiers that are no function, keyword or label. */
function metricsIn(expr: string): string[] {
  const bare = expr
    .replace(/"[^"]*"/g, '')
    .replace(/\{[^}]*\}/g, ' ')
    .replace(/\[[^\]]*\]/g, ' ')
    .replace(/\b(by|on|without|ignoring)\s*\([^)]*\)/g, ' ');
  return (bare.match(/[a-zA-Z_:][\w:]*/g) ?? []).filter(
    (name) => /_|:/.test(name) && name !== 'histogram_quantile',
  );
}

async function exported(): Promise<Set<string>> {
  const own = Object.entries(METRICS).flatMap(([name, { kind }]) =>
    kind === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
  );
  const text = await makeMetrics().registry.metrics();
  const all = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name as string);
  return new Set([...own, ...all]);
}

describe('every metric', () => {
  it('of a rule or a panel is exported by the server, or recorded by a rule', async () => {
    const known = await exported();
    const objectives = readObjectives();
    const recorded = /record: (\S+)/g;
    for (const [, name] of (generated.get('prometheus/rules/conexus.yml') ?? '').matchAll(recorded))
      known.add(name as string);
    const rules = [...ALERTS, ...objectives.flatMap(burnAlerts)].map(({ expr }) => expr);
    const sums = objectives.flatMap(({ bad, total }) => [bad, total]);
    const panels = [...generated]
      .filter(([path]) => path.endsWith('.json'))
      .flatMap(([, text]) =>
        [...text.matchAll(/"expr": ("(?:[^"\\]|\\.)*")/g)].map(
          ([, expr]) => JSON.parse(expr as string) as string,
        ),
      );
    expect(panels.length).toBeGreaterThan(30);
    const unknown = [...rules, ...sums, ...panels].flatMap(metricsIn).filter((name) => !known.has(name));
    expect(unknown).toEqual([]);
  });

  it('is not found where it is misspelt', () => {
    expect(metricsIn('sum by (le) (rate(conexus_tool_durations_bucket{tool="x"}[5m])) > 0.5')).toEqual([
      'conexus_tool_durations_bucket',
    ]);
  });
});

describe('every alert', () => {
  const alerts = [...ALERTS, ...readObjectives().flatMap(burnAlerts)];

  it('has a runbook, a dashboard, and both kinds of case', () => {
    const anchors = new Set(
      [...read('../docs/guides/runbooks.md').matchAll(/^## (.+)$/gm)].map(([, title]) =>
        (title as string)
          .toLowerCase()
          .replace(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      ),
    );
    const dashboards = readdirSync(join(import.meta.dirname, 'grafana/dashboards'));
    for (const { alert, runbook, dashboard } of alerts) {
      expect(anchors, `runbook of ${alert}`).toContain(runbook);
      expect(dashboards).toContain(`${dashboard}.json`);
      const cases = [...ALERTS.map((each) => ({ alert: each.alert, ...each.cases })), ...SLO_CASES].filter(
        (one) => one.alert === alert,
      );
      expect(
        cases.some(({ firing }) => firing),
        `${alert} fires`,
      ).toBe(true);
      expect(
        cases.some(({ silent }) => silent),
        `${alert} is silent`,
      ).toBe(true);
    }
  });
});

it('the overview has at least the eleven panels that operators ask for', () => {
  const overview = JSON.parse(read('grafana/dashboards/conexus-overview.json')) as {
    panels: { type: string; title: string }[];
  };
  const titles = overview.panels.filter(({ type }) => type !== 'row').map(({ title }) => title);
  expect(titles).toEqual(
    expect.arrayContaining([
      'Calls',
      'Latency',
      'Errors',
      'Indexing throughput',
      'Analysis',
      'Memory',
      'Cache of answers',
      'Event loop',
    ]),
  );
  expect(titles.length).toBeGreaterThanOrEqual(11);
});
