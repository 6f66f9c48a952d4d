/**
 * Every metric of ours: name, kind, help, labels, buckets. Dashboards, rules and the guide are checked against this table. Labels are
 * bounded: names of operations, of configured repositories, of outcomes; never a path, a query, a principal or an id.
 */
export interface Metric {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels?: readonly string[];
  readonly buckets?: readonly number[];
}

/** Seconds, as the semantic conventions of OpenTelemetry for MCP set them, with finer ones below: most of our answers take milliseconds. */
const OPERATION_SECONDS = [
  0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300,
];
const STAGE_SECONDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
];
const JOB_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600];
const TOKENS = [100, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 25_000];
const BYTES = [256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576];

type Of<Kind extends Metric['kind']> = Metric & { readonly kind: Kind };
const counter = (help: string, ...labels: string[]): Of<'counter'> => ({ kind: 'counter', help, labels });
const gauge = (help: string, ...labels: string[]): Of<'gauge'> => ({ kind: 'gauge', help, labels });
const histogram = (help: string, buckets: readonly number[], ...labels: string[]): Of<'histogram'> => ({
  kind: 'histogram',
  help,
  labels,
  buckets,
});

export const METRICS = {
  /** After the conventions of OpenTelemetry for MCP, `mcp.server.operation.duration`. */
  mcp_server_operation_duration_seconds: histogram(
    'Time of one MCP request, from its head to the end of its answer.',
    OPERATION_SECONDS,
    'mcp_method_name',
    'gen_ai_tool_name',
    'error_type',
    'mcp_protocol_version',
    'network_transport',
  ),
  conexus_http_requests_total: counter('Requests by door and outcome.', 'door', 'outcome'),
  conexus_http_request_duration_seconds: histogram(
    'Time of one request, any door.',
    OPERATION_SECONDS,
    'door',
  ),
  conexus_http_request_bytes: histogram('Size of request bodies.', BYTES, 'door'),
  conexus_http_response_bytes: histogram('Size of answers.', BYTES, 'door'),
  conexus_http_in_flight_requests: gauge('Requests being worked on.'),
  conexus_http_connections: gauge('Open connections.'),
  conexus_active_streams: gauge('Answers that are streams, open now.'),
  conexus_mcp_fast_path_total: counter('MCP requests by way: ours, or through the SDK.', 'path'),
  conexus_tool_calls_total: counter('Calls of operations, over MCP and REST.', 'tool', 'outcome'),
  conexus_tool_duration_seconds: histogram('Time of one call of an operation.', OPERATION_SECONDS, 'tool'),
  conexus_tool_result_tokens: histogram('Estimated tokens of answers.', TOKENS, 'tool', 'format'),
  conexus_tool_result_truncated_total: counter('Answers that left something out to keep a bound.', 'tool'),
  conexus_search_zero_results_total: counter('Answers that found nothing.', 'tool'),
  conexus_search_stage_duration_seconds: histogram('Time of one stage of a query.', STAGE_SECONDS, 'stage'),
  conexus_analysis_duration_seconds: histogram('Time of one pass of an analysis.', STAGE_SECONDS, 'pass'),
  conexus_cache_requests_total: counter('Lookups in the cache of answers.', 'outcome'),
  conexus_cache_entries: gauge('Answers kept in the cache.'),
  conexus_cache_bytes: gauge('Bytes of answers kept in the cache.'),
  conexus_index_age_seconds: gauge('Time since the index was last known to match the working tree.', 'repo'),
  conexus_index_ready: gauge('1 once a complete index answers.', 'repo'),
  conexus_index_files: gauge('Files in the index.', 'repo'),
  conexus_index_chunks: gauge('Passages in the index.', 'repo'),
  conexus_index_bytes: gauge('Bytes of source that are indexed.', 'repo'),
  conexus_db_size_bytes: gauge('Bytes of the index on disk.', 'repo'),
  conexus_index_pending_files: gauge('Changed files that answers do not reflect yet.', 'repo'),
  conexus_index_files_skipped: gauge('Files left out, by reason.', 'repo', 'reason'),
  conexus_index_files_indexed_total: counter('Files that index jobs read and indexed.', 'repo'),
  conexus_index_files_failed_total: counter('Files with syntax errors that index jobs met.', 'repo'),
  conexus_index_last_success_timestamp_seconds: gauge('When an index job last ended well.', 'repo'),
  conexus_index_jobs_total: counter('Index jobs that ended.', 'kind', 'result'),
  conexus_index_job_duration_seconds: histogram('Time of one index job.', JOB_SECONDS, 'kind'),
  conexus_index_queue_depth: gauge('Index jobs running or waiting.'),
  conexus_index_job_files: gauge('Files of the running job that are done.', 'repo'),
  conexus_auth_failures_total: counter('Requests refused for want of a valid key or scope.', 'reason'),
  conexus_rate_limited_total: counter('Requests refused because there were too many.', 'status'),
  conexus_question_wait_seconds: histogram(
    'Time that a question waited for its turn: light ones, or reports, impact and related, which take turns.',
    STAGE_SECONDS,
    'lane',
  ),
  conexus_questions_refused_total: counter(
    'Questions refused because they would have waited too long.',
    'lane',
  ),
  conexus_secrets_redacted_total: counter('Secrets hidden in answers.', 'rule'),
  conexus_error_reports_total: counter(
    'Defects told to a collector, by what became of the report.',
    'outcome',
  ),
  conexus_audit_ok: gauge('0 while the audit log cannot be written and nobody is let in.'),
  conexus_tls_certificate_end_timestamp_seconds: gauge(
    'When the TLS certificate in use ends; nothing where a proxy speaks TLS.',
    'listener',
  ),
  conexus_event_loop_delay_seconds: gauge(
    'Delay of the event loop since the last scrape; 1 is the longest.',
    'share',
  ),
  conexus_build_info: gauge('Always 1; labels say what runs.', 'version', 'node'),
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;
