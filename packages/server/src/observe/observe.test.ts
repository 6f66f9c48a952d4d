import { get } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { openCollector } from '../testing/otlp-collector.ts';
import {
  bearer,
  openTestServer,
  SHOP,
  type TestServer,
  type TestServerOptions,
  until,
} from '../testing/serve.ts';
import { METRICS } from './metric-table.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});
const open = async (options: TestServerOptions = {}): Promise<TestServer> => {
  server = await openTestServer({ observe: {}, ...options });
  return server;
};
const scrape = async ({ metrics = '' }: TestServer) => (await fetch(metrics)).text();

/** Value of one series; its labels in the order of the table. */
function sampleOf(text: string, series: string): number | undefined {
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

describe('metrics', () => {
  it('are offered on their own listener, every one of the table, with those of Node', async () => {
    const opened = await open();
    const text = await scrape(opened);
    for (const name of Object.keys(METRICS)) expect(text).toContain(`# TYPE ${name} `);
    expect(Object.keys(METRICS).filter((name) => name.startsWith('conexus_')).length).toBeGreaterThan(25);
    expect(text).toContain('process_resident_memory_bytes ');
    expect((await fetch(`${opened.url}/metrics`)).status).toBe(404);
    expect((await fetch(new URL('/', opened.metrics))).status).toBe(404);
    expect((await fetch(opened.metrics ?? '', { method: 'POST' })).status).toBe(405);
  });

  it('are not told to a web page that has rebound its name to this machine', async () => {
    const opened = await open();
    const url = new URL(opened.metrics ?? '');
    const status = (host: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        get({ host: url.hostname, port: url.port, path: '/metrics', headers: { host } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        }).once('error', reject);
      });
    for (const host of [
      'evil.example',
      `evil.example:${url.port}`,
      '127.0.0.1.evil.example',
      'localhost@evil',
    ])
      expect([host, await status(host)]).toEqual([host, 403]);
    for (const host of [url.host, `localhost:${url.port}`, '[::1]']) expect(await status(host)).toBe(200);
  });

  it('count calls by outcome, their answers and what was refused', async () => {
    const opened = await open({ config: { auth: 'keys' }, withKey: true });
    const key = bearer(opened.key());
    await opened.post('/v1/search_codebase', { query: 'invalidateSession' }, key);
    await opened.post('/v1/search_codebase', { query: 'nothingOfTheSort' }, key);
    await opened.post('/v1/search_codebase', { query: 3 }, key);
    await opened.post('/v1/search_codebase', { query: 'x' });
    await opened.post('/v1/index_control', { action: 'start' }, key);
    const client = await opened.connect('auto', '/mcp', opened.key());
    await client.callTool({ name: 'search_codebase', arguments: { query: 'invalidateSession' } });
    await client.close();
    await until(() => opened.ends.some(({ rpcMethod }) => rpcMethod === 'tools/call'));
    const text = await scrape(opened);
    const calls = (outcome: string) =>
      sampleOf(text, `conexus_tool_calls_total{tool="search_codebase",outcome="${outcome}"}`);
    expect(calls('ok')).toBe(3);
    expect(calls('user_error')).toBe(1);
    expect(calls('timeout')).toBe(0);
    expect(sampleOf(text, 'conexus_search_zero_results_total{tool="search_codebase"}')).toBe(1);
    expect(sampleOf(text, 'conexus_auth_failures_total{reason="unauthenticated"}')).toBe(1);
    expect(sampleOf(text, 'conexus_auth_failures_total{reason="forbidden"}')).toBe(1);
    expect(sampleOf(text, 'conexus_http_in_flight_requests')).toBe(0);
    expect(text).toMatch(
      /mcp_server_operation_duration_seconds_count\{mcp_method_name="tools\/call",gen_ai_tool_name="search_codebase"[^}]*\} 1/,
    );
    expect(text).toMatch(/conexus_tool_result_tokens_count\{tool="search_codebase",format="markdown"\} 1/);
    expect(text).toMatch(/conexus_tool_result_tokens_count\{tool="search_codebase",format="structured"\} 2/);
  });

  it('count lookups of the cache from zero, and what it holds', async () => {
    const opened = await open({ repositories: { shop: { freshness: { checkedBy: 'watcher' } } } });
    const looked = (text: string) =>
      ['hit', 'miss', 'bypass'].map((outcome) =>
        sampleOf(text, `conexus_cache_requests_total{outcome="${outcome}"}`),
      );
    const before = await scrape(opened);
    expect(looked(before)).toEqual([0, 0, 0]);
    expect(sampleOf(before, 'conexus_cache_bytes')).toBe(0);
    await opened.post('/v1/search_codebase', { query: 'invalidateSession' });
    for (let i = 0; i < 50 && sampleOf(await scrape(opened), 'conexus_cache_entries') === 0; i++);
    await opened.post('/v1/search_codebase', { query: 'invalidateSession' });
    await opened.post('/v1/get_related_info', { target: 'src/session.ts' });
    const text = await scrape(opened);
    expect(looked(text)).toEqual([1, 1, 1]);
    expect(sampleOf(text, 'conexus_cache_entries')).toBe(1);
    expect(sampleOf(text, 'conexus_cache_bytes')).toBeGreaterThan(100);
    expect(opened.engines['shop']?.calls.filter((call) => call === 'search')).toHaveLength(1);
  });

  it('tell the state of each repository, and no path, query or key', async () => {
    const opened = await open({ config: { auth: 'keys' }, withKey: true });
    const key = opened.key();
    await opened.post('/v1/search_codebase', { query: 'zebraquery', repo: 'shop' }, bearer(key));
    const text = await scrape(opened);
    expect(sampleOf(text, 'conexus_index_files{repo="shop"}')).toBe(Object.keys(SHOP).length);
    expect(sampleOf(text, 'conexus_index_ready{repo="shop"}')).toBe(1);
    for (const secret of ['zebraquery', 'session.ts', key, opened.home]) expect(text).not.toContain(secret);
  });
});

describe('logs', () => {
  it('are one JSON object a request, without its words', async () => {
    const opened = await open({ config: { auth: 'keys' }, withKey: true });
    const key = opened.key();
    await opened.post('/v1/search_codebase', { query: 'zebraquery' }, bearer(key));
    await opened.post('/v1/search_codebase', { query: 'x' }, bearer('cnx_wrong'));
    await until(() => opened.log.length >= 2);
    const lines = opened.log.map((line) => JSON.parse(line) as Record<string, unknown>);
    const [good, bad] = lines.filter(({ event }) => event === 'request');
    expect(good).toMatchObject({
      level: 'info',
      service: 'conexus',
      tool: 'search_codebase',
      repository: 'shop',
      outcome: 'ok',
      status: 200,
      principal_hash: expect.stringMatching(/^[0-9a-f]{12}$/),
    });
    expect(bad).toMatchObject({ level: 'warn', outcome: 'denied', status: 401 });
    expect(opened.log.join('')).not.toMatch(/zebraquery|cnx_/);
  });
});

describe('traces', () => {
  it('go from the caller through the request to the call, under the names of the conventions', async () => {
    const collector = await openCollector();
    const opened = await open({ observe: { otlpEndpoint: collector.endpoint } });
    const trace = 'a'.repeat(32);
    const call = {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'search_codebase', arguments: { query: 'invalidateSession' } },
    };
    const answer = await opened.post('/mcp', call, {
      traceparent: `00-${trace}-${'b'.repeat(16)}-01`,
      'mcp-protocol-version': '2025-11-25',
    });
    expect(answer.status).toBe(200);
    await answer.text();
    await until(() => opened.ends.length > 0);
    await opened.close();
    collector.close();
    const request = collector.spans.find(({ name }) => name === 'HTTP mcp');
    const made = collector.spans.find(({ name }) => name === 'tools/call search_codebase');
    expect(request).toMatchObject({ traceId: trace, parentSpanId: 'b'.repeat(16) });
    expect(made).toMatchObject({ traceId: trace, parentSpanId: request?.spanId });
    expect(JSON.stringify(collector.spans)).not.toContain('invalidateSession');
    expect(opened.log.join('')).toContain(`"trace_id":"${trace}"`);
  });
});
