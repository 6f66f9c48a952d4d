/** Clients that ask, think and ask again; every answer is counted with its time, its second and its operation. */
import { openClient, type PreparedRequest, prepare } from '../support/http-client.ts';
import { median, percentile, round } from '../support/numbers.ts';
import type { Call, ServerProcess, Usage } from './servers.ts';

export interface LoadPlan {
  readonly calls: readonly Call[];
  /** Connections that are open at a second of the run. */
  readonly clients: (second: number) => number;
  readonly seconds: number;
  /** Ends after so many, too. */
  readonly requests?: number;
  /** Mean pause of a client between two calls; 0: none. Pauses are even between 0 and twice that. */
  readonly thinkMs: number;
  readonly random: () => number;
}

/** A second of a run; of a long one, several: requests are then those of a second on average. */
export interface Second {
  readonly second: number;
  readonly requests: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly mb: number;
  readonly delayMaxMs: number;
}

export interface Measured {
  readonly requests: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** Status or reason -> how many. */
  readonly errors: Readonly<Record<string, number>>;
  readonly errorCount: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Of answers that refuse, 429 and 503. */
  readonly refusedP95Ms: number;
  readonly byOperation: Readonly<
    Record<string, { readonly requests: number; readonly p50Ms: number; readonly p95Ms: number }>
  >;
  readonly series: readonly Second[];
  readonly cpuMsEach: number;
}

interface UsedAt extends Usage {
  readonly at: number;
}

interface Seen {
  readonly at: number;
  readonly ms: number;
  readonly name: string;
  readonly status: number;
}

const OPENED_AT_ONCE = 50;

export async function applyLoad(server: ServerProcess, plan: LoadPlan): Promise<Measured> {
  const { hostname, port } = new URL(server.url);
  const prepared = plan.calls.map((call) => ({ name: call.name, request: requestOf(server.url, call) }));
  const seen: Seen[] = [];
  const broken: string[] = [];
  const usages: UsedAt[] = [];
  let asked = 0;
  const most = plan.requests ?? Number.POSITIVE_INFINITY;
  const before = await server.usage();
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1_000;
  const connections = Math.max(
    ...Array.from({ length: Math.ceil(plan.seconds) }, (_, second) => plan.clients(second)),
  );
  const pause = () => sleep(plan.thinkMs * 2 * plan.random());
  const one = async (number: number): Promise<void> => {
    let client: Awaited<ReturnType<typeof openClient>> | undefined;
    while (elapsed() < plan.seconds && asked < most) {
      if (number >= plan.clients(Math.floor(elapsed()))) {
        await sleep(50);
        continue;
      }
      try {
        if (client === undefined) {
          client = await openClient(hostname, Number(port));
          if (plan.thinkMs > 0) await pause();
        }
        const { name, request } = prepared[asked++ % prepared.length] as (typeof prepared)[number];
        const at = performance.now();
        const status = await client.ask(request.bytes);
        const now = performance.now();
        seen.push({ at: (now - started) / 1_000, ms: now - at, name, status });
      } catch (error) {
        broken.push(error instanceof Error ? error.message : String(error));
        client?.close();
        client = undefined;
        await sleep(100);
      }
      if (plan.thinkMs > 0) await pause();
    }
    client?.close();
  };
  const watch = async (): Promise<void> => {
    while (elapsed() < plan.seconds && asked < most) {
      await sleep(1_000);
      const usage = await server.usage();
      usages.push({ ...usage, at: elapsed() });
    }
  };
  const all = [watch()];
  for (let number = 0; number < connections; number++) {
    all.push(one(number));
    if (number % OPENED_AT_ONCE === 0) await sleep(10);
  }
  await Promise.all(all);
  const seconds = elapsed();
  const cpuMs = (await server.usage()).cpuMs - before.cpuMs;
  return summary(seen, broken, usages, seconds, cpuMs);
}

const OVER_REST = new Set(['grep', 'impact', 'status']);
const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
};

/** As an agent sends it: tools over MCP, the rest over REST. */
function requestOf(url: string, call: Call): PreparedRequest {
  if (OVER_REST.has(call.name)) return prepare(`${url}/v1/${call.name}`, call.arguments, {});
  const params = { name: call.name, arguments: call.arguments, _meta: ENVELOPE };
  return prepare(
    `${url}/mcp`,
    { jsonrpc: '2.0', id: 1, method: 'tools/call', params },
    { 'MCP-Protocol-Version': '2026-07-28', 'Mcp-Method': 'tools/call', 'Mcp-Name': call.name },
  );
}

function summary(
  seen: readonly Seen[],
  broken: readonly string[],
  usages: readonly UsedAt[],
  seconds: number,
  cpuMs: number,
): Measured {
  const good = seen.filter(({ status }) => status === 200);
  const refused = seen.filter(({ status }) => status === 429 || status === 503);
  const errors: Record<string, number> = {};
  for (const { status, name } of seen) if (status !== 200) count(errors, `${status} ${name}`);
  for (const reason of broken) count(errors, reason);
  const names = [...new Set(good.map(({ name }) => name))].sort();
  const of = (list: readonly Seen[], share: number) =>
    round(
      percentile(
        list.map(({ ms }) => ms),
        share,
      ),
      2,
    );
  return {
    requests: good.length,
    seconds: round(seconds, 1),
    perSecond: round(good.length / seconds, 1),
    errors,
    errorCount: Object.values(errors).reduce((sum, each) => sum + each, 0),
    p50Ms: of(good, 0.5),
    p95Ms: of(good, 0.95),
    p99Ms: of(good, 0.99),
    maxMs: round(
      good.reduce((most, { ms }) => Math.max(most, ms), 0),
      1,
    ),
    refusedP95Ms: refused.length === 0 ? 0 : of(refused, 0.95),
    byOperation: Object.fromEntries(
      names.map((name) => {
        const own = good.filter((each) => each.name === name);
        return [name, { requests: own.length, p50Ms: of(own, 0.5), p95Ms: of(own, 0.95) }];
      }),
    ),
    series: seriesOf(good, usages, seconds),
    cpuMsEach: round(cpuMs / Math.max(1, good.length), 3),
  };
}

/** Seconds of a long run are taken together. */
const MAX_POINTS = 300;

function seriesOf(good: readonly Seen[], usages: readonly UsedAt[], seconds: number): Second[] {
  const width = Math.ceil(seconds / MAX_POINTS);
  const pointOf = ({ at }: { readonly at: number }) => Math.floor(at / width);
  const seen = Map.groupBy(good, pointOf);
  const measured = Map.groupBy(usages, pointOf);
  // A server that is short of processor time may not say each second what it uses.
  let used: readonly UsedAt[] = usages.slice(0, 1);
  return Array.from({ length: Math.ceil(seconds / width) }, (_, point) => {
    const own = (seen.get(point) ?? []).map(({ ms }) => ms);
    used = measured.get(point) ?? used;
    const at = (share: number) => (own.length === 0 ? 0 : round(percentile(own, share), 2));
    return {
      second: point * width,
      requests: round(own.length / width, 1),
      p50Ms: at(0.5),
      p95Ms: at(0.95),
      mb: round(median(used.map(({ mb }) => mb)), 1),
      delayMaxMs: round(Math.max(...used.map(({ delayMaxMs }) => delayMaxMs)), 1),
    };
  });
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
