/** For each burn-rate alert a case in which it fires and one in which it does not: constant error rates, above and below. */
import type { AlertCase, Series } from './rule.ts';

/** Samples every two minutes, for 80 hours. */
const SAMPLES = 80 * 30;

/** `bad` of 1,000 calls in two minutes fail, or take longer than a second. */
function availability(bad: number): readonly Series[] {
  const calls = (outcome: string, rate: number) => ({
    series: `conexus_tool_calls_total{tool="search_codebase",outcome="${outcome}"}`,
    values: `0+${rate}x${SAMPLES}`,
  });
  return [calls('ok', 1_000 - bad), calls('internal', bad)];
}

function latency(bad: number): readonly Series[] {
  const bucket = (le: string, rate: number) => ({
    series: `conexus_tool_duration_seconds_bucket{tool="search_codebase",le="${le}"}`,
    values: `0+${rate}x${SAMPLES}`,
  });
  return [
    bucket('1', 1_000 - bad),
    bucket('+Inf', 1_000),
    { series: 'conexus_tool_duration_seconds_count{tool="search_codebase"}', values: `0+1000x${SAMPLES}` },
  ];
}

/** Longer window of each alert -> when it has been filled. */
const WINDOWS = { '1h': '3h', '6h': '8h', '1d': '27h', '3d': '76h' };

/** Budgets: 1 and 10 of 1,000. Twenty times the budget fires all; half of it none. */
/** Everything fails, one call in ten minutes: six an hour are below the guard. */
const RARE: readonly Series[] = [
  {
    series: 'conexus_tool_calls_total{tool="search_codebase",outcome="internal"}',
    values: `0+0.2x${SAMPLES}`,
  },
];

const EACH: readonly AlertCase[] = Object.entries(WINDOWS).flatMap(([window, at]) => [
  {
    alert: `ConexusSloAvailabilityBurn${window}`,
    at,
    firing: availability(20),
    silent: availability(0.5),
  },
  { alert: `ConexusSloLatencyBurn${window}`, at, firing: latency(200), silent: latency(5) },
]);

export const SLO_CASES: readonly AlertCase[] = [
  ...EACH,
  { alert: 'ConexusSloAvailabilityBurn1h', at: '3h', silent: RARE },
];
