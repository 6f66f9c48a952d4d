/** Alerts of a shared server, each with a case in which it fires and one in which it does not. Bad is what is our fault. */
import type { AlertCase, AlertRule } from './rule.ts';

const OURS = 'outcome=~"internal|timeout"';
const COUNTED = 'outcome=~"ok|internal|timeout"';
/** Below this rate a share says nothing. */
const MIN_CALLS = 'sum(rate(conexus_tool_calls_total[10m])) > 0.02';
const MIN_LOOKUPS = 'sum(rate(conexus_cache_requests_total[15m])) > 0.1';

export const ALERTS: readonly (AlertRule & { readonly cases: Omit<AlertCase, 'alert'> })[] = [
  {
    alert: 'HighMCPErrorRate',
    expr: `sum(rate(conexus_tool_calls_total{${OURS}}[5m])) / sum(rate(conexus_tool_calls_total{${COUNTED}}[5m])) > 0.05 and on () ${MIN_CALLS}`,
    for: '5m',
    severity: 'critical',
    runbook: 'highmcperrorrate',
    dashboard: 'conexus-overview',
    summary: 'More than 5 % of calls fail through our fault',
    description:
      'Share of calls that ended with an internal error or a timeout: {{ $value | humanizePercentage }}.',
    cases: {
      at: '20m',
      firing: calls({ ok: '0+80x30', internal: '0+10x30' }),
      silent: calls({ ok: '0+80x30', internal: '0+1x30', user_error: '0+50x30' }),
    },
  },
  {
    alert: 'SlowMCPRequests',
    expr: `histogram_quantile(0.95, sum by (le) (rate(conexus_tool_duration_seconds_bucket{tool!="index_control"}[5m]))) > 1 and on () ${MIN_CALLS}`,
    for: '10m',
    severity: 'warning',
    runbook: 'slowmcprequests',
    dashboard: 'conexus-overview',
    summary: 'One call in twenty takes longer than a second',
    description: 'The 95th percentile of calls, index jobs left out, is {{ $value | humanizeDuration }}.',
    cases: {
      at: '30m',
      firing: [
        ...calls({ ok: '0+60x40' }),
        ...durations({ '1': '0+30x40', '5': '0+60x40', '+Inf': '0+60x40' }),
      ],
      silent: [
        ...calls({ ok: '0+60x40' }),
        ...durations({ '1': '0+59x40', '5': '0+60x40', '+Inf': '0+60x40' }),
      ],
    },
  },
  {
    alert: 'HighMemoryUsage',
    expr: 'nodejs_heap_size_used_bytes{job="conexus"} > 1e9',
    for: '10m',
    severity: 'warning',
    runbook: 'highmemoryusage',
    dashboard: 'conexus-overview',
    summary: 'The JavaScript heap is above 1 GB',
    description: 'The heap of {{ $labels.instance }} is {{ $value | humanize1024 }}B.',
    cases: {
      at: '20m',
      firing: one('nodejs_heap_size_used_bytes', '1200000000x30'),
      silent: one('nodejs_heap_size_used_bytes', '800000000x30'),
    },
  },
  {
    alert: 'IndexerStalled',
    expr: 'conexus_index_queue_depth{job="conexus"} > 0 and on (instance) sum by (instance) (changes(conexus_index_job_files{job="conexus"}[10m])) == 0',
    for: '5m',
    severity: 'warning',
    runbook: 'indexerstalled',
    dashboard: 'conexus-index',
    summary: 'An index job has not moved for 15 minutes',
    description: 'On {{ $labels.instance }} a job is running and none of its files were done meanwhile.',
    cases: {
      at: '40m',
      firing: [
        ...one('conexus_index_queue_depth', '1x60'),
        ...one('conexus_index_job_files', '500x60', 'repo="shop"'),
      ],
      silent: [
        ...one('conexus_index_queue_depth', '1x60'),
        ...one('conexus_index_job_files', '0+10x60', 'repo="shop"'),
      ],
    },
  },
  {
    alert: 'LowCacheHitRate',
    expr: `sum(rate(conexus_cache_requests_total{outcome="hit"}[15m])) / sum(rate(conexus_cache_requests_total[15m])) < 0.5 and on () ${MIN_LOOKUPS}`,
    for: '15m',
    severity: 'warning',
    runbook: 'lowcachehitrate',
    dashboard: 'conexus-overview',
    summary: 'Less than half of the lookups in the cache of answers hit',
    description: 'Hits: {{ $value | humanizePercentage }}. Answers are made anew: right, but slower.',
    cases: {
      at: '50m',
      firing: lookups({ hit: '0+10x60', miss: '0+50x60' }),
      silent: lookups({ hit: '0+50x60', miss: '0+10x60' }),
    },
  },
  {
    alert: 'IndexNotFresh',
    expr: 'conexus_index_age_seconds{job="conexus"} > 600',
    for: '5m',
    severity: 'warning',
    runbook: 'indexnotfresh',
    dashboard: 'conexus-index',
    summary: 'An index has not matched its working tree for 10 minutes',
    description:
      'Of {{ $labels.repo }} on {{ $labels.instance }}: {{ $value | humanizeDuration }}. Answers say so.',
    cases: {
      at: '30m',
      firing: one('conexus_index_age_seconds', '0+60x60', 'repo="shop"'),
      silent: one('conexus_index_age_seconds', '5x60', 'repo="shop"'),
    },
  },
  {
    alert: 'RepositoryNotServed',
    expr: 'conexus_index_ready{job="conexus"} == 0 or conexus_index_files{job="conexus"} == 0',
    for: '15m',
    severity: 'warning',
    runbook: 'repositorynotserved',
    dashboard: 'conexus-index',
    summary: 'A repository cannot be asked, or has no files, for 15 minutes',
    description:
      '{{ $labels.repo }} on {{ $labels.instance }}: its folder is gone, empty or not readable, or its first index does not end.',
    cases: {
      at: '40m',
      firing: [
        ...one('conexus_index_ready', '0x60', 'repo="shop"'),
        ...one('conexus_index_files', '100x60', 'repo="shop"'),
      ],
      silent: [
        ...one('conexus_index_ready', '1x60', 'repo="shop"'),
        ...one('conexus_index_files', '100x60', 'repo="shop"'),
      ],
    },
  },
  {
    alert: 'IndexJobsFail',
    expr: 'sum by (instance, kind) (increase(conexus_index_jobs_total{job="conexus",result="failed"}[30m])) >= 2',
    severity: 'warning',
    runbook: 'indexjobsfail',
    dashboard: 'conexus-index',
    summary: 'Index jobs fail again and again',
    description:
      '{{ $value | humanize }} {{ $labels.kind }} jobs failed within half an hour on {{ $labels.instance }}.',
    cases: {
      at: '40m',
      firing: one('conexus_index_jobs_total', '0+1x60', 'kind="full",result="failed"'),
      silent: one('conexus_index_jobs_total', '0+1x60', 'kind="full",result="done"'),
    },
  },
  {
    alert: 'AuditLogFails',
    expr: 'conexus_audit_ok{job="conexus"} == 0',
    for: '1m',
    severity: 'critical',
    runbook: 'auditlogfails',
    dashboard: 'conexus-overview',
    summary: 'The audit log cannot be written: nobody is let in',
    description: 'Usually {{ $labels.instance }} has no disk space left.',
    cases: { at: '10m', firing: one('conexus_audit_ok', '0x30'), silent: one('conexus_audit_ok', '1x30') },
  },
  {
    alert: 'TlsCertificateEnds',
    expr: 'conexus_tls_certificate_end_timestamp_seconds{job="conexus"} - time() < 7 * 86400',
    for: '1h',
    severity: 'critical',
    runbook: 'tlscertificateends',
    dashboard: 'conexus-overview',
    summary: 'The TLS certificate ends within a week, or has ended',
    description: 'On {{ $labels.instance }} it ends in {{ $value | humanizeDuration }}.',
    cases: {
      at: '2h',
      firing: one('conexus_tls_certificate_end_timestamp_seconds', '400000x150', 'listener="http"'),
      silent: one('conexus_tls_certificate_end_timestamp_seconds', '4000000x150', 'listener="http"'),
    },
  },
  {
    alert: 'ConexusDown',
    expr: 'up{job="conexus"} == 0',
    for: '2m',
    severity: 'critical',
    runbook: 'conexusdown',
    dashboard: 'conexus-overview',
    summary: 'The server does not answer its metrics',
    description: '{{ $labels.instance }} cannot be scraped.',
    cases: { at: '10m', firing: one('up', '0x30'), silent: one('up', '1x30') },
  },
];

function calls(byOutcome: Readonly<Record<string, string>>) {
  return Object.entries(byOutcome).map(([outcome, values]) => ({
    series: `conexus_tool_calls_total{job="conexus",instance="a",tool="search_codebase",outcome="${outcome}"}`,
    values,
  }));
}

function durations(byBound: Readonly<Record<string, string>>) {
  return Object.entries(byBound).map(([le, values]) => ({
    series: `conexus_tool_duration_seconds_bucket{job="conexus",instance="a",tool="search_codebase",le="${le}"}`,
    values,
  }));
}

function lookups(byOutcome: Readonly<Record<string, string>>) {
  return Object.entries(byOutcome).map(([outcome, values]) => ({
    series: `conexus_cache_requests_total{job="conexus",instance="a",outcome="${outcome}"}`,
    values,
  }));
}

function one(name: string, values: string, labels?: string) {
  const more = labels === undefined ? '' : `,${labels}`;
  return [{ series: `${name}{job="conexus",instance="a"${more}}`, values }];
}
