/** The table of metrics as counters, gauges and histograms of one registry. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { METRICS, type Metric, type MetricName } from './metric-table.ts';

type Instrument<Kind extends Metric['kind']> = Kind extends 'counter'
  ? Counter<string>
  : Kind extends 'gauge'
    ? Gauge<string>
    : Histogram<string>;

export type Instruments = { readonly [Name in MetricName]: Instrument<(typeof METRICS)[Name]['kind']> };

export interface Metrics extends Instruments {
  /** With those of the process and of Node. */
  readonly registry: Registry;
}

/** A registry of its own: two servers in one process do not count into each other. */
export function makeMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const made: Partial<Record<MetricName, Counter | Gauge | Histogram>> = {};
  for (const [name, metric] of Object.entries(METRICS) as [MetricName, Metric][])
    made[name] = instrument(registry, name, metric);
  return { ...(made as Instruments), registry };
}

function instrument(
  register: Registry,
  name: string,
  { kind, help, labels = [], buckets = [] }: Metric,
): Counter | Gauge | Histogram {
  const shape = { name, help, labelNames: [...labels], registers: [register] };
  if (kind === 'counter') return new Counter(shape);
  return kind === 'gauge' ? new Gauge(shape) : new Histogram({ ...shape, buckets: [...buckets] });
}
