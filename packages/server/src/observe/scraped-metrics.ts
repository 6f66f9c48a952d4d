/** What is looked up when somebody asks for the metrics: state of repositories, event loop, connections. */

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IndexStatus } from '@conexus/engine';
import { VERSION } from '../version.ts';
import type { Metrics } from './metrics.ts';

export interface Scraped {
  /** All that are configured. */
  readonly names: readonly string[];
  /** undefined: one that is not open, or cannot be asked. Asking opens and builds nothing. */
  statuses(): Promise<readonly { readonly name: string; readonly status: IndexStatus | undefined }[]>;
  connections(): Promise<number>;
  auditFails(): boolean;
  /** Of the TLS certificate in use, where there is one. Milliseconds since 1970. */
  certificateEnds(): number | undefined;
}

/** Statuses scan the tree where no watcher runs: not for each of several scrapers. */
const STATUS_MS = 4_000;
/** A disk that does not answer: the scrape does, without it. */
const STATUS_WAIT_MS = 3_000;
const DELAY_RESOLUTION_MS = 10;

export interface ScrapedMetrics {
  /** The text that Prometheus reads. Sources that fail leave their last values and are counted nowhere: a scrape always answers. */
  scrape(): Promise<string>;
  close(): void;
}

export function scrapedMetrics(metrics: Metrics, scraped: Scraped, statusMs = STATUS_MS): ScrapedMetrics {
  const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  delay.enable();
  metrics.conexus_build_info.set({ version: VERSION, node: process.versions.node }, 1);
  const seen: Seen = {
    freshAt: new Map(scraped.names.map((name) => [name, Date.now()])),
    reasons: new Map(),
  };
  let statusAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;
  return {
    async scrape() {
      eventLoop(metrics, delay);
      metrics.conexus_audit_ok.set(scraped.auditFails() ? 0 : 1);
      const ends = scraped.certificateEnds();
      if (ends !== undefined)
        metrics.conexus_tls_certificate_end_timestamp_seconds.set({ listener: 'http' }, ends / 1_000);
      metrics.conexus_http_connections.set(await scraped.connections().catch(() => 0));
      if (looking === undefined && performance.now() - statusAt > statusMs) {
        statusAt = performance.now();
        looking = indexes(metrics, scraped, seen)
          .catch(() => undefined)
          .finally(() => {
            looking = undefined;
          });
      }
      await Promise.race([looking, sleep(STATUS_WAIT_MS, undefined, { ref: false })]);
      // Also of one that cannot be asked: its age is what tells.
      for (const [repo, at] of seen.freshAt)
        metrics.conexus_index_age_seconds.set({ repo }, (Date.now() - at) / 1_000);
      return metrics.registry.metrics();
    },
    close: () => delay.disable(),
  };
}

function eventLoop(metrics: Metrics, delay: ReturnType<typeof monitorEventLoopDelay>): void {
  const gauge = metrics.conexus_event_loop_delay_seconds;
  // The timer of the measurement itself takes its resolution.
  const seconds = (nanoseconds: number) => Math.max(0, nanoseconds / 1e9 - DELAY_RESOLUTION_MS / 1e3);
  for (const share of [50, 99])
    gauge.set({ share: String(share / 100) }, seconds(delay.percentile(share) || 0));
  gauge.set({ share: '1' }, seconds(Number.isFinite(delay.max) ? delay.max : 0));
  delay.reset();
}

/** By repository. */
interface Seen {
  readonly freshAt: Map<string, number>;
  /** Why files were left out when it was last asked. */
  readonly reasons: Map<string, readonly string[]>;
}

async function indexes(metrics: Metrics, scraped: Scraped, { freshAt, reasons }: Seen): Promise<void> {
  let jobs = 0;
  for (const { name: repo, status } of await scraped.statuses()) {
    if (status === undefined) {
      metrics.conexus_index_ready.set({ repo }, 0);
      continue;
    }
    if (status.freshness.state === 'fresh') freshAt.set(repo, Date.now());
    metrics.conexus_index_ready.set({ repo }, status.state === 'ready' ? 1 : 0);
    metrics.conexus_index_files.set({ repo }, status.files);
    metrics.conexus_index_chunks.set({ repo }, status.chunks);
    metrics.conexus_index_bytes.set({ repo }, status.sourceBytes);
    metrics.conexus_db_size_bytes.set({ repo }, status.storeBytes);
    metrics.conexus_index_pending_files.set({ repo }, status.freshness.pendingCount);
    // A reason that no file has any more.
    for (const reason of reasons.get(repo) ?? [])
      metrics.conexus_index_files_skipped.set({ repo, reason }, 0);
    reasons.set(repo, Object.keys(status.skipped));
    for (const [reason, count] of Object.entries(status.skipped))
      metrics.conexus_index_files_skipped.set({ repo, reason }, count);
    const running = status.job?.state === 'running' ? status.job : undefined;
    if (running !== undefined) jobs++;
    metrics.conexus_index_job_files.set({ repo }, running?.progress.filesDone ?? 0);
  }
  metrics.conexus_index_queue_depth.set(jobs);
}
