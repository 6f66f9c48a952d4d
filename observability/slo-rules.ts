/**
 * Objectives -> recording rules of error ratios and burn-rate alerts over two windows each, after the SRE workbook ("Alerting on
 * SLOs", multiwindow, multi-burn-rate), with a guard for low traffic: one failed call of three is no outage.
 */
import type { AlertRule, RecordingRule } from './rule.ts';

export interface Objective {
  readonly name: string;
  readonly says: string;
  /** Share that must be good, e.g. .999. */
  readonly objective: number;
  readonly bad: string;
  readonly total: string;
  /** Calls in the longer window below which nothing fires. */
  readonly min_requests: number;
}

interface Burn {
  readonly factor: number;
  readonly long: string;
  readonly short: string;
  readonly longHours: number;
  readonly severity: 'critical' | 'warning';
  /** Share of the budget of 30 days that is gone by then. */
  readonly spent: string;
}

const BURNS: readonly Burn[] = [
  { factor: 14.4, long: '1h', short: '5m', longHours: 1, severity: 'critical', spent: '2 %' },
  { factor: 6, long: '6h', short: '30m', longHours: 6, severity: 'critical', spent: '5 %' },
  { factor: 3, long: '1d', short: '2h', longHours: 24, severity: 'warning', spent: '10 %' },
  { factor: 1, long: '3d', short: '6h', longHours: 72, severity: 'warning', spent: '10 %' },
];

const WINDOWS = [...new Set(BURNS.flatMap(({ long, short }) => [short, long]))];

const inWindow = (expr: string, window: string) => expr.trim().replaceAll('{window}', window);
export const ratioName = ({ name }: Pick<Objective, 'name'>, window: string) =>
  `conexus:slo_${name}:error_ratio_${window}`;

export function recordingRules(objective: Objective): readonly RecordingRule[] {
  return WINDOWS.map((window) => ({
    record: ratioName(objective, window),
    // Without traffic nothing has failed.
    expr: `(${inWindow(objective.bad, window)}) / (${inWindow(objective.total, window)} > 0) or vector(0)`,
  }));
}

export function burnAlerts(objective: Objective): readonly AlertRule[] {
  return BURNS.map((burn) => burnAlert(objective, burn));
}

function burnAlert(
  objective: Objective,
  { factor, long, short, longHours, severity, spent }: Burn,
): AlertRule {
  const limit = Number((factor * (1 - objective.objective)).toPrecision(6));
  const guard = `${inWindow(objective.total, long)} * ${longHours * 3_600} > ${objective.min_requests}`;
  return {
    alert: `ConexusSlo${capital(objective.name)}Burn${long}`,
    expr: `${ratioName(objective, long)} > ${limit} and ${ratioName(objective, short)} > ${limit} and on () (${guard})`,
    severity,
    runbook: 'slo-burn',
    dashboard: 'conexus-slo',
    summary: `Objective "${objective.name}" is being missed ${factor} times too fast`,
    description: `${objective.says}: more than ${limit * 100} % over ${long} and over ${short}. At this speed ${spent} of the budget of 30 days was spent within ${long}.`,
  };
}

const capital = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
