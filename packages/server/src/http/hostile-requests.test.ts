/** Requests that attack: rebinding, bodies, floods, slow and vanished clients. The server answers others meanwhile, and lives. */
import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { TestServer, TestServerOptions } from '../testing/serve.ts';
import { openTestServer, rpcOf, SHOP, socketTo, until } from '../testing/serve.ts';
import { exceedsDepth } from './read-body.ts';

let server: TestServer;
const opened: TestServer[] = [];
const open = async (options: TestServerOptions = {}): Promise<TestServer> => {
  server = await openTestServer(options);
  opened.push(server);
  return server;
};
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

const PING = { jsonrpc: '2.0', id: 1, method: 'ping' };

/** `fetch` sets Host itself, so this does not use it. */
function raw(
  headers: Record<string, string>,
  body = JSON.stringify(PING),
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const all = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    };
    const sent = request(
      { port: server.port, host: '127.0.0.1', path: '/mcp', method: 'POST', headers: all },
      (response) => {
        let text = '';
        response.on('data', (part) => (text += part));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

describe('a web page that reaches the server by a rebound name', () => {
  it.each([
    ['evil.example', undefined, 403],
    ['evil.example:7979', undefined, 403],
    ['127.0.0.1.evil.example', undefined, 403],
    ['localhost.evil.example', undefined, 403],
    ['localhost@evil.example', undefined, 403],
    ['127.0.0.1', 'https://evil.example', 403],
    ['127.0.0.1', 'http://localhost.evil.example', 403],
    ['127.0.0.1', 'http://evil.example/localhost', 403],
    ['127.0.0.1', 'null', 403],
    ['127.0.0.1', 'file://', 403],
    ['127.0.0.1:1', undefined, 200],
    ['LOCALHOST:80', undefined, 200],
    ['[::1]:80', 'http://localhost:6274', 200],
    ['conexus.example', 'https://app.example', 200],
    ['CONEXUS.example:443', 'https://APP.example', 200],
    ['conexus.example', 'https://app.example.evil', 403],
  ])('Host %s, Origin %s: %d', async (host, origin, status) => {
    await open({ config: { allowed_hosts: ['conexus.example'], allowed_origins: ['https://app.example'] } });
    const answer = await raw({ host, ...(origin !== undefined && { origin }) });
    expect(answer.status).toBe(status);
    expect(answer.text).not.toContain('evil');
  });

  it('is not helped by a proxy header, and a proxied request is refused where nobody needs a key', async () => {
    await open();
    expect((await raw({ host: 'evil.example', 'x-forwarded-host': 'localhost' })).status).toBe(403);
    expect((await raw({ 'x-forwarded-for': '203.0.113.7' })).status).toBe(403);
    expect((await raw({ forwarded: 'for=203.0.113.7' })).status).toBe(403);
  });
});

describe('a body that attacks', () => {
  type Row = readonly [
    what: string,
    body: string | object,
    status: number,
    code: number,
    headers?: Record<string, string>,
  ];
  const rows: readonly Row[] = [
    ['no JSON', '{"jsonrpc":', 400, -32_700],
    ['nothing', '', 400, -32_700],
    ['text', '"ping"', 400, -32_600],
    ['null', 'null', 400, -32_600],
    ['an empty batch', [], 400, -32_600],
    ['a batch', [PING, PING], 400, -32_600],
    [
      'the batch that hangs the SDK',
      [
        { jsonrpc: '2.0', id: 1, method: 'tools/call', params: {} },
        { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } },
      ],
      400,
      -32_600,
    ],
    ['deep nesting', `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, 400, -32_600],
    ['too many bytes', JSON.stringify({ a: 'x'.repeat(1 << 20) }), 413, -32_000],
    ['a form', 'a=b', 415, -32_000, { 'content-type': 'application/x-www-form-urlencoded' }],
    ['a text that a page may send', JSON.stringify(PING), 415, -32_000, { 'content-type': 'text/plain' }],
    ['JSON that is not', JSON.stringify(PING), 415, -32_000, { 'content-type': 'application/jsonp' }],
    ['something compressed', JSON.stringify(PING), 415, -32_000, { 'content-encoding': 'gzip' }],
  ];
  it.each(rows.map((row) => [row[0], row] as const))('%s', async (_what, [, body, status, code, headers]) => {
    await open();
    const response = await server.post('/mcp', body, headers);
    expect(response.status).toBe(status);
    expect((await rpcOf(response))?.['error']).toMatchObject({ code });
    expect((await server.post('/mcp', PING)).status).toBe(200);
  });

  it('that is a bomb is not unpacked', async () => {
    await open();
    const bomb = gzipSync(Buffer.alloc(100 << 20));
    const response = await fetch(`${server.url}/mcp`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: bomb,
    });
    expect(response.status).toBe(415);
  });

  it('that lies about its length, or never says it, is cut at the bound', async () => {
    await open({ config: { limits: { body_bytes: 4096 } } });
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(1024).fill(32)),
    });
    const response = await fetch(`${server.url}/mcp`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: endless,
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(413);
  });

  it('whatever it holds gets one answer, and the server lives', async () => {
    await open({ config: { limits: { principal_rate: 1_000_000, principal_burst: 1_000_000 } } });
    const message = fc.record(
      {
        jsonrpc: fc.constantFrom<unknown>('2.0', '1.0', 2, null),
        id: fc.oneof(fc.integer(), fc.string(), fc.constantFrom<unknown>(null, {}, [], 1e308)),
        method: fc.oneof(
          fc.constantFrom('tools/call', 'tools/list', 'initialize', 'resources/read', '__proto__'),
          fc.string(),
        ),
        params: fc.oneof(
          fc.jsonValue({ maxDepth: 4 }),
          fc.record({
            name: fc.constantFrom<unknown>('search_codebase', 'grep', '__proto__', 7),
            arguments: fc.jsonValue({ maxDepth: 3 }),
          }),
        ),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(message, async (value) => {
        const response = await server.post('/mcp', value);
        await response.arrayBuffer();
        expect([200, 202, 400, 404, 406]).toContain(response.status);
      }),
      { numRuns: 300 },
    );
    expect((await server.post('/mcp', PING)).status).toBe(200);
  });
});

describe('nesting', () => {
  it('counts brackets outside strings alone', () => {
    const deep = (text: string, depth: number) => exceedsDepth(Buffer.from(text), depth);
    expect(deep('{"a":[1]}', 2)).toBe(false);
    expect(deep('{"a":[[1]]}', 2)).toBe(true);
    expect(deep('{"[[[[":"\\"[[[["}', 1)).toBe(false);
    expect(deep('[[],[],[]]', 2)).toBe(false);
  });
});

describe('a flood', () => {
  const slow = { shop: { files: SHOP, queryMs: 1_500 } };
  const search = () => server.post('/v1/search_codebase', { query: 'x' });

  it('beyond what one asker may have at once gets 429 at once, and recovers', async () => {
    await open({ repositories: slow, config: { limits: { principal_in_flight: 4 } } });
    const started = performance.now();
    const times: number[] = [];
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const { status } = await search();
        if (status === 429) times.push(performance.now() - started);
        return status;
      }),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(4);
    expect(statuses.filter((status) => status === 429)).toHaveLength(16);
    expect(Math.max(...times)).toBeLessThan(1_400);
    expect((await search()).status).toBe(200);
  });

  it('beyond what the server may have at once gets 503', async () => {
    await open({ repositories: slow, config: { limits: { in_flight: 3, principal_in_flight: 3 } } });
    const statuses = await Promise.all(Array.from({ length: 10 }, async () => (await search()).status));
    expect(statuses.filter((status) => status === 200)).toHaveLength(3);
  });

  it('beyond the rate gets 429 with the time to wait', async () => {
    await open({ config: { limits: { principal_rate: 2, principal_burst: 5 } } });
    const answers = await Promise.all(Array.from({ length: 10 }, () => server.post('/mcp', PING)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(4);
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
    expect((await rpcOf(refused[0] as Response))?.['error']).toMatchObject({ code: -32_000 });
  });

  it('of connections is cut off', async () => {
    await open({ config: { limits: { connections: 10 } } });
    const sockets = await Promise.all(Array.from({ length: 30 }, () => socketTo(server.port)));
    await until(() => sockets.filter((socket) => socket.destroyed).length >= 20);
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await server.post('/mcp', PING)).status).toBe(200);
  });
});

describe('a client', () => {
  const limits = { header_ms: 300, request_ms: 600, idle_ms: 1_000 };

  it('that says nothing is dropped', async () => {
    await open({ config: { limits } });
    const socket = await socketTo(server.port);
    await until(() => socket.destroyed);
    expect((await server.post('/mcp', PING)).status).toBe(200);
  });

  it('that sends its head byte by byte is dropped', async () => {
    await open({ config: { limits } });
    const socket = await socketTo(server.port);
    const drip = setInterval(() => socket.write('X-A: b\r\n'), 50);
    socket.write('POST /mcp HTTP/1.1\r\nHost: localhost\r\n');
    await until(() => socket.destroyed);
    clearInterval(drip);
  });

  it('that sends its body byte by byte is dropped, and holds no place', async () => {
    await open({ config: { limits: { ...limits, principal_in_flight: 1, in_flight: 1 } } });
    const socket = await socketTo(server.port);
    socket.write(
      'POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
    );
    const drip = setInterval(() => socket.write(' '), 50);
    await until(() => socket.destroyed);
    clearInterval(drip);
    await until(() => server.ends.length >= 1);
    expect((await server.post('/mcp', PING)).status).toBe(200);
  });

  it('that waits in silence for work in progress is not dropped', async () => {
    await open({
      repositories: { shop: { files: SHOP, queryMs: 1_200 } },
      config: { limits: { ...limits, idle_ms: 400 } },
    });
    expect((await server.post('/v1/search_codebase', { query: 'invalidateSession' })).status).toBe(200);
  });

  it('that never reads its answer is dropped', async () => {
    const big = { 'src/big.ts': `${'const session = 1; // padding\n'.repeat(40_000)}` };
    await open({
      repositories: { shop: { files: big } },
      config: { limits: { ...limits, principal_in_flight: 50 } },
    });
    const socket = await socketTo(server.port);
    socket.pause();
    const body = JSON.stringify({ query: 'session', max_tokens: 100_000 });
    const asked = `POST /v1/search_codebase HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    socket.write(asked.repeat(40));
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    // The kernel takes some answers; the rest waits, and then the connection goes.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    socket.resume();
    await closed;
    expect((await server.post('/mcp', PING)).status).toBe(200);
  });

  it('that goes away while progress is streamed to it does not take the server along', async () => {
    await open({ repositories: { shop: { files: SHOP, indexed: false, jobMs: 3_000 } } });
    for (const method of ['tools/call', 'resources/list']) {
      const message = {
        jsonrpc: '2.0',
        id: 1,
        method,
        params: {
          ...(method === 'tools/call' && {
            name: 'index_control',
            arguments: { action: 'start', wait: true },
          }),
          _meta: { progressToken: 1 },
        },
      };
      const body = JSON.stringify(message);
      const socket = await socketTo(server.port);
      let text = '';
      socket.on('data', (part) => (text += String(part)));
      socket.write(
        `POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
      await until(() => method !== 'tools/call' || text.includes('notifications/progress'));
      socket.resetAndDestroy();
      await new Promise((resolve) => setTimeout(resolve, 700));
    }
    expect((await server.post('/mcp', PING)).status).toBe(200);
  });

  it('that goes away in the middle of its request leaves nothing behind', async () => {
    await open({
      repositories: { shop: { files: SHOP, queryMs: 60_000 } },
      config: { query_threads: 0 },
    });
    const sockets = await Promise.all(Array.from({ length: 5 }, () => socketTo(server.port)));
    const body = JSON.stringify({ query: 'x' });
    for (const socket of sockets)
      socket.write(
        `POST /v1/search_codebase HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    // Four run at once; the fifth waits for its turn.
    await until(() => (server.engines['shop']?.calls.filter((call) => call === 'search').length ?? 0) === 4);
    for (const socket of sockets) socket.resetAndDestroy();
    await until(() => server.ends.length === 5);
    expect(server.ends.map(({ outcome }) => outcome)).toEqual(Array(5).fill('cancelled'));
  });

  it.each([
    'CONNECT example.org:80 HTTP/1.1\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    '\0\0\0\0\r\n\r\n',
    `GET /${'a'.repeat(70_000)} HTTP/1.1\r\n\r\n`,
  ])('that speaks something else is dropped (%#)', async (text) => {
    await open();
    const socket = await socketTo(server.port);
    socket.write(text);
    await until(() => socket.destroyed);
    expect((await server.post('/mcp', PING)).status).toBe(200);
  });
});

describe('the end of the server', () => {
  it('waits for requests in work, and refuses new ones', async () => {
    await open({ repositories: { shop: { files: SHOP, queryMs: 500 } } });
    const working = server.post('/v1/search_codebase', { query: 'invalidateSession' });
    await until(() => server.engines['shop']?.calls.includes('search') === true);
    const closing = server.close();
    const answer = await working;
    expect(answer.status).toBe(200);
    expect(answer.headers.get('connection')).toBe('close');
    await closing;
    await expect(server.post('/mcp', PING)).rejects.toThrow();
  });

  it('says so first, and answers on, for as long as a balancer needs to see it', async () => {
    await open({ config: { limits: { leave_ms: 400 } } });
    const ready = () => fetch(`${server.url}/readyz`);
    expect((await ready()).status).toBe(200);
    const started = performance.now();
    const closing = server.close();
    const probe = await ready();
    expect([probe.status, await probe.json()]).toEqual([503, { status: 'going down' }]);
    const answer = await server.post('/v1/search_codebase', { query: 'invalidateSession' });
    expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
    await closing;
    expect(performance.now() - started).toBeGreaterThan(350);
    await expect(ready()).rejects.toThrow();
  });

  it('does not wait for ever', async () => {
    await open({
      repositories: { shop: { files: SHOP, queryMs: 60_000 } },
      config: { limits: { drain_ms: 200 } },
    });
    const working = server.post('/v1/search_codebase', { query: 'x' });
    working.catch(() => undefined);
    await until(() => server.engines['shop']?.calls.includes('search') === true);
    const started = performance.now();
    await server.close();
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(server.engines['shop']?.calls).toContain('aborted search');
  });
});
