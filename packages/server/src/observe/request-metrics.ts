/** Ends of requests -> metrics. Every request passes here, those that were refused or given up, too. */

import type { Metrics } from './metrics.ts';
import type { Outcome, RequestEnd, RequestObserver } from './request-events.ts';

const OUTCOMES: readonly Outcome[] = [
  'ok',
  'user_error',
  'denied',
  'limited',
  'not_ready',
  'timeout',
  'cancelled',
  'internal',
];
const DOORS: readonly RequestEnd['door'][] = ['mcp', 'rest', 'health', 'document', 'none'];
const LIMIT_STATUSES = ['429', '503'];

/** `operations`: names that may be called, so that their series exist before the first call. */
export function requestMetrics(metrics: Metrics, operations: readonly string[]): RequestObserver {
  beginAtZero(metrics, operations);
  let inFlight = 0;
  return {
    started() {
      metrics.conexus_http_in_flight_requests.set(++inFlight);
    },
    streaming() {
      metrics.conexus_active_streams.inc();
    },
    ended(end) {
      if (end.isStream) metrics.conexus_active_streams.dec();
      metrics.conexus_http_in_flight_requests.set(--inFlight);
      const seconds = end.ms / 1_000;
      const { door, outcome } = end;
      metrics.conexus_http_requests_total.inc({ door, outcome });
      metrics.conexus_http_request_duration_seconds.observe({ door }, seconds);
      metrics.conexus_http_request_bytes.observe({ door }, end.requestBytes);
      metrics.conexus_http_response_bytes.observe({ door }, end.responseBytes);
      if (outcome === 'denied') metrics.conexus_auth_failures_total.inc({ reason: deniedBecause(end) });
      if (outcome === 'limited')
        metrics.conexus_rate_limited_total.inc({ status: end.status === 429 ? '429' : '503' });
      if (end.rpcMethod !== undefined) ofMcp(metrics, end, seconds);
      if (end.operation !== undefined) ofOperation(metrics, end.operation, end, seconds);
    },
  };
}

/** A counter that begins with its first event hides that event from `rate()`. */
function beginAtZero(metrics: Metrics, operations: readonly string[]): void {
  for (const tool of operations) {
    for (const outcome of OUTCOMES) metrics.conexus_tool_calls_total.inc({ tool, outcome }, 0);
    metrics.conexus_tool_result_truncated_total.inc({ tool }, 0);
    metrics.conexus_search_zero_results_total.inc({ tool }, 0);
  }
  for (const door of DOORS)
    for (const outcome of OUTCOMES) metrics.conexus_http_requests_total.inc({ door, outcome }, 0);
  for (const reason of ['unauthenticated', 'forbidden'])
    metrics.conexus_auth_failures_total.inc({ reason }, 0);
  for (const status of LIMIT_STATUSES) metrics.conexus_rate_limited_total.inc({ status }, 0);
  for (const outcome of ['sent', 'suppressed', 'dropped'])
    metrics.conexus_error_reports_total.inc({ outcome }, 0);
  for (const path of ['fast', 'sdk']) metrics.conexus_mcp_fast_path_total.inc({ path }, 0);
}

const deniedBecause = ({ error }: RequestEnd) => (error === 'forbidden' ? 'forbidden' : 'unauthenticated');

function ofMcp(metrics: Metrics, end: RequestEnd, seconds: number): void {
  metrics.conexus_mcp_fast_path_total.inc({ path: end.fast ? 'fast' : 'sdk' });
  metrics.mcp_server_operation_duration_seconds.observe(
    {
      mcp_method_name: end.rpcMethod ?? 'other',
      gen_ai_tool_name: end.operation ?? '',
      error_type: end.error === undefined ? '' : end.operation === undefined ? end.error : 'tool_error',
      mcp_protocol_version: end.era ?? '',
      network_transport: 'tcp',
    },
    seconds,
  );
}

function ofOperation(metrics: Metrics, tool: string, { outcome, result }: RequestEnd, seconds: number): void {
  metrics.conexus_tool_calls_total.inc({ tool, outcome });
  metrics.conexus_tool_duration_seconds.observe({ tool }, seconds);
  if (result === undefined) return;
  metrics.conexus_tool_result_tokens.observe({ tool, format: result.format }, result.tokens);
  if (result.truncated) metrics.conexus_tool_result_truncated_total.inc({ tool });
  if (result.empty) metrics.conexus_search_zero_results_total.inc({ tool });
}
