/**
 * Requests a second of `conexus serve` beside the server that the SDK's documentation shows (an SDK server for each
 * request), over the same operations and the same index, in turns; the same calls without any server; and 500 clients
 * that think, at 150 requests a second. Both servers are processes of their own, on this machine, as is the client.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { openEngine } from '@conexus/engine';
import type { BenchContext, Figure, Scenario, ScenarioResult } from '../support/context.ts';
import { corpus } from '../support/corpora.ts';
import type { HttpChildReply, HttpChildRequest, ToolCall, Usage } from '../support/http-child.ts';
import { load, type PreparedRequest, prepare, type Sent } from '../support/http-client.ts';
import { median, percentile, randomFrom, round } from '../support/numbers.ts';
import { takeQueries } from '../support/queries.ts';

const REPOSITORY = 'hono';
const ROUNDS = 5;
const ROUND_MS = 2_000;
const CONNECTIONS = 16;
const CLIENTS = 500;
const RATE = 150;

const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
};

interface Message {
  readonly body: object;
  readonly headers: Readonly<Record<string, string>>;
}

function modern(method: string, params: object, name?: string): Message {
  return {
    body: { jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: ENVELOPE } },
    headers: {
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Method': method,
      ...(name !== undefined && { 'Mcp-Name': name }),
    },
  };
}

const toolCall = (call: ToolCall): Message => modern('tools/call', call, call.name);
const legacyCall = (params: ToolCall): Message => ({
  body: { jsonrpc: '2.0', id: 1, method: 'tools/call', params },
  headers: {},
});

interface Server {
  readonly url: string;
  ask(request: HttpChildRequest): Promise<HttpChildReply>;
  close(): Promise<void>;
}

async function start(kind: 'ours' | 'bare', root: string, home: string): Promise<Server> {
  const child: ChildProcess = fork(new URL('../support/http-child.ts', import.meta.url), [kind, root, home], {
    execArgv: process.execArgv.filter((flag) => flag !== '--expose-gc'),
  });
  const reply = async (): Promise<HttpChildReply> => ((await once(child, 'message')) as [HttpChildReply])[0];
  const first = await reply();
  if (!('url' in first)) throw new Error(`the server ${kind} did not start`);
  return {
    url: first.url,
    ask(request) {
      child.send(request);
      return reply();
    },
    async close() {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}

const perSecond = ({ times, seconds }: Sent): number => times.length / seconds;

async function usageOf(server: Server): Promise<Usage> {
  const usage = await server.ask({ do: 'usage' });
  if (!('cpuMs' in usage)) throw new Error('the server told no usage');
  return usage;
}

/** In turns, so that a loaded machine slows both. */
async function compare(
  servers: Readonly<Record<'ours' | 'bare', Server>>,
  messages: readonly Message[],
  roundMs: number,
) {
  const rates = { ours: [] as number[], bare: [] as number[] };
  const times = { ours: [] as number[], bare: [] as number[] };
  const cpuMs = { ours: 0, bare: 0 };
  let errors = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (const kind of ['ours', 'bare'] as const) {
      const { url } = servers[kind];
      const prepared = messages.map(({ body, headers }) => prepare(url, body, headers));
      let at = 0;
      const next = () => prepared[at++ % prepared.length] as PreparedRequest;
      const before = await usageOf(servers[kind]);
      const sent = await load(url, { connections: CONNECTIONS, ms: roundMs, next });
      rates[kind].push(perSecond(sent));
      times[kind].push(...sent.times);
      cpuMs[kind] += (await usageOf(servers[kind])).cpuMs - before.cpuMs;
      errors += sent.errors.length;
    }
  }
  const of = (kind: 'ours' | 'bare') => ({
    perSecond: round(median(rates[kind]), 0),
    rounds: rates[kind].map((rate) => round(rate, 0)),
    p50Ms: round(percentile(times[kind], 0.5)),
    p95Ms: round(percentile(times[kind], 0.95)),
    cpuMsEach: round(cpuMs[kind] / times[kind].length, 4),
  });
  const ratios = rates.ours.map((rate, i) => rate / (rates.bare[i] ?? Number.NaN));
  const [ours, bare] = [of('ours'), of('bare')];
  return {
    ours,
    bare,
    ratio: round(median(ratios)),
    cpuRatio: round(bare.cpuMsEach / ours.cpuMsEach),
    errors,
  };
}

async function run({ corpora, work, scale, log }: BenchContext): Promise<ScenarioResult> {
  const root = corpus(corpora, REPOSITORY);
  const home = join(work, 'home');
  const engine = await openEngine({ home });
  const workspace = await engine.openWorkspace(root);
  await workspace.index();
  const { words, symbol } = await takeQueries(workspace, 100);
  await engine.close();
  const calls: ToolCall[] = [...words, ...symbol].map((query) => ({
    name: 'search_codebase',
    arguments: { query },
  }));
  const trivial: ToolCall = { name: 'index_control', arguments: { action: 'cancel' } };
  const roundMs = Math.max(300, ROUND_MS * scale);

  const servers = { ours: await start('ours', root, home), bare: await start('bare', root, home) };
  try {
    for (const { url } of Object.values(servers)) await load(url, loadOf(url, calls.map(toolCall), 4, 2_000));
    const cases: Readonly<Record<string, readonly Message[]>> = {
      'tools/list': [modern('tools/list', {})],
      'trivial call': [toolCall(trivial)],
      'trivial call, 2025-11-25': [legacyCall(trivial)],
      search: calls.map(toolCall),
    };
    const results: Record<string, Awaited<ReturnType<typeof compare>>> = {};
    for (const [name, messages] of Object.entries(cases)) {
      results[name] = await compare(servers, messages, roundMs);
      log(`${name}: ${JSON.stringify(results[name])}`);
    }
    const inProcess: number[] = [];
    const served: number[] = [];
    for (let i = 0; i < ROUNDS; i++) {
      const alone = await servers.bare.ask({ do: 'calls', calls, ms: roundMs });
      inProcess.push('perSecond' in alone ? alone.perSecond : Number.NaN);
      served.push(
        perSecond(
          await load(servers.ours.url, loadOf(servers.ours.url, calls.map(toolCall), CONNECTIONS, roundMs)),
        ),
      );
    }
    const thinking = await thinkingClients(servers.ours.url, calls, Math.max(5_000, 60_000 * scale));
    const trivially = await thinkingClients(servers.ours.url, [trivial], Math.max(5_000, 30_000 * scale));
    log(JSON.stringify({ thinking, trivially }));
    const share = median(served.map((rate, i) => rate / (inProcess[i] ?? Number.NaN)));
    return {
      about: `${CONNECTIONS} connections, ${ROUNDS} rounds of ${roundMs} ms in turns over ${REPOSITORY}; ${CLIENTS} clients that think`,
      figures: figuresOf(results, share, { thinking, trivially }),
      details: { results, inProcess, served, thinking, trivially },
    };
  } finally {
    await servers.ours.close();
    await servers.bare.close();
  }
}

function loadOf(url: string, messages: readonly Message[], connections: number, ms: number) {
  const prepared = messages.map(({ body, headers }) => prepare(url, body, headers));
  let at = 0;
  return { connections, ms, next: () => prepared[at++ % prepared.length] as PreparedRequest };
}

/** Each client pauses so that all together send RATE requests a second. */
async function thinkingClients(url: string, calls: readonly ToolCall[], ms: number) {
  const random = randomFrom(11);
  const meanMs = (CLIENTS / RATE) * 1_000;
  const sent = await load(url, {
    ...loadOf(url, calls.map(toolCall), CLIENTS, ms),
    thinkMs: () => meanMs * 2 * random(),
  });
  return {
    requests: sent.times.length,
    perSecond: round(perSecond(sent), 1),
    errors: sent.errors.length,
    p50Ms: round(percentile(sent.times, 0.5)),
    p95Ms: round(percentile(sent.times, 0.95)),
    p99Ms: round(percentile(sent.times, 0.99)),
  };
}

function figuresOf(
  results: Readonly<Record<string, Awaited<ReturnType<typeof compare>>>>,
  share: number,
  {
    thinking,
    trivially,
  }: Readonly<Record<'thinking' | 'trivially', Awaited<ReturnType<typeof thinkingClients>>>>,
): readonly Figure[] {
  const compared = Object.entries(results).flatMap(([name, { ours, bare, ratio, cpuRatio }]) => [
    {
      name: `${name}: requests a second`,
      value: ours.perSecond,
      unit: 'req/s',
      baseline: bare.perSecond,
      note: `${ratio} times the bare SDK, median of rounds`,
    },
    {
      name: `${name}: processor time of the server`,
      value: ours.cpuMsEach,
      unit: 'ms/req',
      baseline: bare.cpuMsEach,
      note: `the bare SDK needs ${cpuRatio} times as much; holds on a loaded machine, too`,
    },
  ]);
  const errors = Object.values(results).reduce(
    (sum, result) => sum + result.errors,
    thinking.errors + trivially.errors,
  );
  return [
    ...compared,
    { name: 'search over HTTP, share of the same calls in process', value: round(share), unit: '' },
    {
      name: `p95 of ${CLIENTS} clients at ${RATE} requests a second`,
      value: thinking.p95Ms,
      unit: 'ms',
      target: 10,
      baseline: trivially.p95Ms,
      note: 'baseline: the same clients with a call that does nothing',
    },
    { name: 'errors', value: errors, unit: '', target: 0 },
  ];
}

export const scenario: Scenario = { name: 'http-load', run };
