/** The cache of answers -> metrics. */
import type { CacheObserver, CacheOutcome } from '../workspaces/answer-cache.ts';
import type { Metrics } from './metrics.ts';

const OUTCOMES: readonly CacheOutcome[] = ['hit', 'miss', 'bypass'];

export function cacheMetrics(metrics: Metrics): CacheObserver {
  for (const outcome of OUTCOMES) metrics.conexus_cache_requests_total.inc({ outcome }, 0);
  metrics.conexus_cache_entries.set(0);
  metrics.conexus_cache_bytes.set(0);
  return {
    looked: (outcome) => metrics.conexus_cache_requests_total.inc({ outcome }),
    sized({ entries, bytes }) {
      metrics.conexus_cache_entries.set(entries);
      metrics.conexus_cache_bytes.set(bytes);
    },
  };
}
