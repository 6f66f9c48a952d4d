/** Dashboards as data, and their JSON as Grafana imports it. */
import { type Dashboard, DashboardBuilder, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Objective } from './slo-rules.ts';
import { ratioName } from './slo-rules.ts';

interface Panel {
  readonly title: string;
  readonly says: string;
  readonly unit: 'reqps' | 's' | 'percentunit' | 'bytes' | 'short' | 'none';
  readonly queries: readonly { readonly expr: string; readonly legend: string }[];
}

interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

interface DashboardPlan {
  readonly uid: string;
  readonly title: string;
  readonly rows: readonly Row[];
}

/** Uid that provisioning gives to the data source. */
const PROMETHEUS = { type: 'prometheus', uid: 'prometheus' } as const;
const RATE = '$__rate_interval';
const HEIGHT = 8;
const WIDTH = 8;

export function dashboardPlans(objectives: readonly Objective[]): readonly DashboardPlan[] {
  return [OVERVIEW, sloPlan(objectives), INDEX];
}

const panel = (
  title: string,
  says: string,
  unit: Panel['unit'],
  ...queries: readonly (readonly [expr: string, legend: string])[]
): Panel => ({ title, says, unit, queries: queries.map(([expr, legend]) => ({ expr, legend })) });

const quantile = (share: number, metric: string, by: string, filter = '') =>
  `histogram_quantile(${share}, sum by (le${by === '' ? '' : `, ${by}`}) (rate(${metric}_bucket${filter}[${RATE}])))`;

const OVERVIEW: DashboardPlan = {
  uid: 'conexus-overview',
  title: 'Conexus overview',
  rows: [
    {
      title: 'Traffic',
      panels: [
        panel('Calls', 'Calls of operations a second.', 'reqps', [
          `sum by (tool) (rate(conexus_tool_calls_total[${RATE}]))`,
          '{{tool}}',
        ]),
        panel(
          'Latency',
          'Of calls, all operations.',
          's',
          [quantile(0.5, 'conexus_tool_duration_seconds', ''), 'p50'],
          [quantile(0.95, 'conexus_tool_duration_seconds', ''), 'p95'],
          [quantile(0.99, 'conexus_tool_duration_seconds', ''), 'p99'],
        ),
        panel('Errors', 'Calls that did not end well, by outcome.', 'reqps', [
          `sum by (outcome) (rate(conexus_tool_calls_total{outcome!="ok"}[${RATE}]))`,
          '{{outcome}}',
        ]),
        panel('Latency by operation', 'The 95th percentile.', 's', [
          quantile(0.95, 'conexus_tool_duration_seconds', 'tool'),
          '{{tool}}',
        ]),
        panel('MCP methods', 'Requests a second.', 'reqps', [
          `sum by (mcp_method_name) (rate(mcp_server_operation_duration_seconds_count[${RATE}]))`,
          '{{mcp_method_name}}',
        ]),
        panel(
          'Requests and streams',
          'Worked on now, and open connections.',
          'short',
          ['conexus_http_in_flight_requests', 'in work'],
          ['conexus_active_streams', 'streams'],
          ['conexus_http_connections', 'connections'],
        ),
      ],
    },
    {
      title: 'Answers',
      panels: [
        panel('Size of answers', 'Tokens, the 95th percentile.', 'short', [
          quantile(0.95, 'conexus_tool_result_tokens', 'tool'),
          '{{tool}}',
        ]),
        panel(
          'Cut and empty answers',
          'A second.',
          'reqps',
          [`sum by (tool) (rate(conexus_tool_result_truncated_total[${RATE}]))`, '{{tool}} cut'],
          [`sum by (tool) (rate(conexus_search_zero_results_total[${RATE}]))`, '{{tool}} empty'],
        ),
        panel('Cache of answers', 'Share of lookups that hit.', 'percentunit', [
          `sum(rate(conexus_cache_requests_total{outcome="hit"}[${RATE}])) / sum(rate(conexus_cache_requests_total[${RATE}]))`,
          'hit rate',
        ]),
        panel('Stages of queries', 'The 95th percentile.', 's', [
          quantile(0.95, 'conexus_search_stage_duration_seconds', 'stage'),
          '{{stage}}',
        ]),
        panel('Analysis', 'Passes of reports, the 95th percentile.', 's', [
          quantile(0.95, 'conexus_analysis_duration_seconds', 'pass'),
          '{{pass}}',
        ]),
        panel('Hidden secrets', 'In answers, a second.', 'reqps', [
          `sum by (rule) (rate(conexus_secrets_redacted_total[${RATE}]))`,
          '{{rule}}',
        ]),
      ],
    },
    {
      title: 'Indexing and process',
      panels: [
        panel('Indexing throughput', 'Files a second.', 'short', [
          `sum by (repo) (rate(conexus_index_files_indexed_total[${RATE}]))`,
          '{{repo}}',
        ]),
        panel(
          'Memory',
          'Of the process.',
          'bytes',
          ['process_resident_memory_bytes{job="conexus"}', 'resident'],
          ['nodejs_heap_size_used_bytes{job="conexus"}', 'heap'],
          ['nodejs_external_memory_bytes{job="conexus"}', 'external'],
        ),
        panel('Event loop', 'Delay since the last scrape.', 's', [
          'conexus_event_loop_delay_seconds',
          '{{share}}',
        ]),
        panel('Processor', 'Cores.', 'short', [
          `rate(process_cpu_seconds_total{job="conexus"}[${RATE}])`,
          'cores',
        ]),
        panel('Refused for want of a key', 'A second.', 'reqps', [
          `sum by (reason) (rate(conexus_auth_failures_total[${RATE}]))`,
          '{{reason}}',
        ]),
        panel('Refused by limits', 'A second.', 'reqps', [
          `sum by (status) (rate(conexus_rate_limited_total[${RATE}]))`,
          '{{status}}',
        ]),
        panel(
          'Waiting for a turn',
          'The 95th percentile in seconds, and refusals a second, by lane.',
          'short',
          [quantile(0.95, 'conexus_question_wait_seconds', 'lane'), '{{lane}}'],
          [`sum by (lane) (rate(conexus_questions_refused_total[${RATE}]))`, '{{lane}} refused'],
        ),
      ],
    },
  ],
};

function sloPlan(objectives: readonly Objective[]): DashboardPlan {
  return {
    uid: 'conexus-slo',
    title: 'Conexus objectives',
    rows: objectives.map((objective) => ({
      title: `${objective.name}: ${objective.objective * 100} % over 30 days`,
      panels: [
        panel(
          'Error ratio',
          objective.says,
          'percentunit',
          ...(['5m', '1h', '6h', '3d'] as const).map(
            (window) => [ratioName(objective, window), window] as const,
          ),
        ),
        panel(
          'Burn rate',
          '1: the budget lasts exactly 30 days.',
          'short',
          ...(['1h', '6h', '3d'] as const).map(
            (window) => [`${ratioName(objective, window)} / ${1 - objective.objective}`, window] as const,
          ),
        ),
        panel('Budget left', 'If the last three days were all thirty.', 'percentunit', [
          `1 - ${ratioName(objective, '3d')} / ${1 - objective.objective}`,
          'left',
        ]),
      ],
    })),
  };
}

const byRepository = (title: string, says: string, unit: Panel['unit'], metric: string) =>
  panel(title, says, unit, [metric, '{{repo}}']);

const INDEX: DashboardPlan = {
  uid: 'conexus-index',
  title: 'Conexus indexes',
  rows: [
    {
      title: 'State',
      panels: [
        byRepository(
          'Age',
          'Since the index last matched the working tree.',
          's',
          'conexus_index_age_seconds',
        ),
        byRepository('Files', 'In the index.', 'short', 'conexus_index_files'),
        byRepository('Passages', 'In the index.', 'short', 'conexus_index_chunks'),
        panel(
          'Size',
          'Source, and index on disk.',
          'bytes',
          ['conexus_index_bytes', '{{repo}} source'],
          ['conexus_db_size_bytes', '{{repo}} index'],
        ),
        byRepository('Pending', 'Changed files not in answers yet.', 'short', 'conexus_index_pending_files'),
        panel('Left out', 'Files, by reason.', 'short', [
          'conexus_index_files_skipped',
          '{{repo}} {{reason}}',
        ]),
      ],
    },
    {
      title: 'Jobs',
      panels: [
        panel('Jobs', 'Ended, a second.', 'reqps', [
          `sum by (kind, result) (rate(conexus_index_jobs_total[${RATE}]))`,
          '{{kind}} {{result}}',
        ]),
        panel('Duration', 'The 95th percentile.', 's', [
          quantile(0.95, 'conexus_index_job_duration_seconds', 'kind'),
          '{{kind}}',
        ]),
        panel(
          'Queue',
          'Jobs running, and files they have done.',
          'short',
          ['conexus_index_queue_depth', 'jobs'],
          ['conexus_index_job_files', '{{repo}} files'],
        ),
        panel('Files with syntax errors', 'Met by jobs, a second.', 'short', [
          `sum by (repo) (rate(conexus_index_files_failed_total[${RATE}]))`,
          '{{repo}}',
        ]),
      ],
    },
  ],
};

export function buildDashboard({ uid, title, rows }: DashboardPlan): Dashboard {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .tags(['conexus'])
    .refresh('30s')
    .time({ from: 'now-3h', to: 'now' })
    .timezone('browser');
  for (const row of rows) {
    builder.withRow(new RowBuilder(row.title));
    for (const each of row.panels) builder.withPanel(buildPanel(each));
  }
  return builder.build();
}

function buildPanel({ title, says, unit, queries }: Panel): TimeSeries {
  const built = new TimeSeries()
    .title(title)
    .description(says)
    .unit(unit)
    .min(0)
    .height(HEIGHT)
    .span(WIDTH)
    .datasource(PROMETHEUS);
  for (const [i, { expr, legend }] of queries.entries()) {
    const refId = String.fromCharCode(65 + i);
    built.withTarget(new DataqueryBuilder().expr(expr).legendFormat(legend).refId(refId).range());
  }
  return built;
}
