/** What the engine tells of itself -> metrics. */
import type { IndexJobEnd, Observer } from '@conexus/engine';
import type { Metrics } from './metrics.ts';

const KINDS = ['full', 'incremental', 'rebuild', 'paths'] as const;
const RESULTS = ['done', 'cancelled', 'failed'] as const;

/** `nameOf`: a configured repository's name, by its root. */
export function engineMetrics(metrics: Metrics, nameOf: (root: string) => string | undefined): Observer {
  for (const kind of KINDS)
    for (const result of RESULTS) metrics.conexus_index_jobs_total.inc({ kind, result }, 0);
  return {
    stage(stage, work) {
      const started = performance.now();
      const ended = () =>
        metrics.conexus_search_stage_duration_seconds.observe(
          { stage },
          (performance.now() - started) / 1_000,
        );
      return whenEnded(work, ended);
    },
    staged: (stage, ms) => metrics.conexus_search_stage_duration_seconds.observe({ stage }, ms / 1_000),
    passed: (pass, ms) => metrics.conexus_analysis_duration_seconds.observe({ pass }, ms / 1_000),
    indexed: (end) => jobEnded(metrics, end, nameOf(end.root) ?? 'other'),
  };
}

/** Calls `ended` once `work` has returned or thrown, or its promise is settled. */
export function whenEnded<T>(work: () => T, ended: (error?: unknown) => void): T {
  let result: T;
  try {
    result = work();
  } catch (error) {
    ended(error);
    throw error;
  }
  if (!(result instanceof Promise)) {
    ended();
    return result;
  }
  return result.then(
    (value: unknown) => {
      ended();
      return value;
    },
    (error: unknown) => {
      ended(error);
      throw error;
    },
  ) as T;
}

function jobEnded(metrics: Metrics, { kind, status, ms }: IndexJobEnd, repo: string): void {
  metrics.conexus_index_jobs_total.inc({ kind, result: status.state });
  metrics.conexus_index_job_duration_seconds.observe({ kind }, ms / 1_000);
  if (status.state === 'done')
    metrics.conexus_index_last_success_timestamp_seconds.setToCurrentTime({ repo });
  if (status.report === undefined) return;
  metrics.conexus_index_files_indexed_total.inc({ repo }, status.report.indexed);
  metrics.conexus_index_files_failed_total.inc({ repo }, status.report.parseErrors);
}
