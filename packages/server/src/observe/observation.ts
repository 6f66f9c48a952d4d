/** What watches a shared server, put together: metrics, traces and logs. Each is off unless asked for; none can end a request. */
import type { Observer } from '@conexus/engine';
import type { ObserveSettings } from '../config/observe-settings.ts';
import type { DefectLog } from '../errors.ts';
import { OPERATIONS } from '../operations/registry.ts';
import type { CacheObserver } from '../workspaces/answer-cache.ts';
import type { LaneObserver } from '../workspaces/question-lanes.ts';
import type { RepositoryRoot } from '../workspaces/repositories.ts';
import { cacheMetrics } from './cache-metrics.ts';
import { engineMetrics } from './engine-metrics.ts';
import { openErrorReports } from './error-reports.ts';
import { laneMetrics } from './lane-metrics.ts';
import { makeLogs } from './logs.ts';
import { makeMetrics } from './metrics.ts';
import { listenForMetrics } from './metrics-listener.ts';
import type { RequestObserver } from './request-events.ts';
import { requestMetrics } from './request-metrics.ts';
import { type Scraped, scrapedMetrics } from './scraped-metrics.ts';
import { openTracing, type Tracing } from './tracing.ts';

export interface Observation {
  readonly requests: readonly RequestObserver[];
  /** undefined: the engine need not tell anything. */
  readonly engine: Observer | undefined;
  readonly log: DefectLog;
  /** A secret was hidden in an answer. */
  readonly hidden: (rule: string) => void;
  readonly cache: CacheObserver;
  readonly lanes: LaneObserver;
  /** Begins to offer metrics; their address, where they are. @throws UserError invalid_argument */
  listen(scraped: Scraped): Promise<string | undefined>;
  close(): Promise<void>;
}

/** `write` gets lines of the log. */
export async function openObservation(
  settings: ObserveSettings,
  repositories: readonly RepositoryRoot[],
  write: (line: string) => void,
): Promise<Observation> {
  const logs = makeLogs(settings.log, write);
  const tracing = await openTracing(settings.traces);
  const metrics = settings.metrics && makeMetrics();
  const names = new Map(repositories.map(({ name, root }) => [root, name]));
  const counted = metrics && engineMetrics(metrics, (root) => names.get(root));
  const reports =
    settings.errorReports &&
    openErrorReports(settings.errorReports, {
      log: logs.line,
      count: (outcome, number) => metrics?.conexus_error_reports_total.inc({ outcome }, number),
    });
  const closing: (() => void | Promise<void>)[] = [];
  return {
    requests: [
      ...(tracing === undefined ? [] : [tracing.requests]),
      ...(metrics === undefined
        ? []
        : [
            requestMetrics(
              metrics,
              OPERATIONS.map(({ name }) => name),
            ),
          ]),
      logs.requests,
      ...(reports === undefined ? [] : [reports.requests]),
    ],
    engine: engineObserver(tracing, counted),
    log(line, defect) {
      logs.line(line);
      if (defect !== undefined) reports?.report(defect);
    },
    hidden: (rule) => metrics?.conexus_secrets_redacted_total.inc({ rule }),
    cache: metrics === undefined ? {} : cacheMetrics(metrics),
    lanes: metrics === undefined ? {} : laneMetrics(metrics),
    async listen(scraped) {
      if (metrics === undefined || settings.metrics === undefined) return undefined;
      const looked = scrapedMetrics(metrics, scraped);
      closing.push(looked.close);
      const listener = await listenForMetrics(settings.metrics, looked.scrape);
      closing.push(listener.close);
      return listener.url;
    },
    async close() {
      for (const close of closing) await close();
      await tracing?.close();
      await reports?.close();
    },
  };
}

function engineObserver(tracing: Tracing | undefined, counted: Observer | undefined): Observer | undefined {
  if (tracing === undefined) return counted;
  const { stage: traced, staged } = tracing;
  if (counted === undefined) return { stage: traced, staged };
  return {
    ...counted,
    stage: (stage, work) => counted.stage(stage, () => traced(stage, work)),
    staged(...ended) {
      counted.staged?.(...ended);
      staged(...ended);
    },
  };
}
