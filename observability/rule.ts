/** Rules as we write them, and cases that prove them. */

export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  /** How long the condition must hold; default: none, where the expression itself looks back. */
  readonly for?: string;
  readonly severity: 'critical' | 'warning';
  /** Anchor in docs/guides/runbooks.md. */
  readonly runbook: string;
  /** Identifier of the dashboard to look at. */
  readonly dashboard: 'conexus-overview' | 'conexus-slo' | 'conexus-index';
  readonly summary: string;
  readonly description: string;
}

/** Series in the notation of promtool: `0+5x60` begins at 0 and grows by 5 a minute, 60 times. */
export interface Series {
  readonly series: string;
  readonly values: string;
}

export interface AlertCase {
  readonly alert: string;
  /** When it is looked at, e.g. `30m`. */
  readonly at: string;
  readonly firing?: readonly Series[];
  readonly silent?: readonly Series[];
}
