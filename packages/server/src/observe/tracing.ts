/**
 * Traces from a request to the stages of the engine, as the server sees them. What makes them is `otel.ts`, loaded only where an
 * endpoint is set; without one each of these runs its work and nothing else.
 */
import type { Observer } from '@conexus/engine';
import type { TraceSettings } from '../config/observe-settings.ts';
import type { RequestObserver } from './request-events.ts';

export interface Tracing {
  /** Spans of requests, with the trace id for their log lines. */
  readonly requests: RequestObserver;
  /** Spans of stages inside whatever request is being worked on. */
  readonly stage: Observer['stage'];
  /** The same of stages that ended in another thread. */
  readonly staged: NonNullable<Observer['staged']>;
  /** Sends what is waiting, and ends. */
  close(): Promise<void>;
}

/** undefined where no endpoint is set: nothing is loaded and nothing costs. */
export async function openTracing(settings: TraceSettings | undefined): Promise<Tracing | undefined> {
  if (settings === undefined) return undefined;
  const { openTelemetry } = await import('./otel.ts');
  return openTelemetry(settings);
}
