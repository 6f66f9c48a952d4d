/** How a shared server is watched. */

/** Least serious first. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogSettings {
  readonly format: 'json' | 'text';
  readonly level: LogLevel;
}

export interface TraceSettings {
  /** Base address of an OTLP collector over HTTP, e.g. http://localhost:4318. */
  readonly endpoint: string;
  readonly serviceName: string;
}

export interface ErrorReportSettings {
  /** Where log records of the OpenTelemetry protocol are taken, e.g. http://localhost:4318/v1/logs. */
  readonly url: string;
  /** Value of the header. */
  readonly authorization: string | undefined;
}

export interface ObserveSettings {
  /** Where `/metrics` is offered; undefined: nowhere. */
  readonly metrics: { readonly host: string; readonly port: number } | undefined;
  /** undefined: none are made. */
  readonly traces: TraceSettings | undefined;
  readonly log: LogSettings;
  /** Where defects are told; undefined: nowhere but in the log. */
  readonly errorReports: ErrorReportSettings | undefined;
}
