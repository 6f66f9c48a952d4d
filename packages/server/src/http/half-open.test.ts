/** Clients that close their half of a connection: they have gone, whatever they still listen to. */
import { afterEach, expect, it } from 'vitest';
import type { TestServer, TestServerOptions } from '../testing/serve.ts';
import { openTestServer, SHOP, socketTo, until } from '../testing/serve.ts';

const PING = { jsonrpc: '2.0', id: 1, method: 'ping' };
const limits = { header_ms: 300, request_ms: 600, idle_ms: 1_000 };

let server: TestServer;
afterEach(() => server.close());

async function open(options: TestServerOptions): Promise<void> {
  server = await openTestServer(options);
}

it('a client that closes its half of the connection has gone: its work is cancelled, and it holds no place', async () => {
  await open({
    repositories: { shop: { files: SHOP, queryMs: 60_000 } },
    config: { limits: { principal_in_flight: 1, in_flight: 1 } },
  });
  const socket = await socketTo(server.port);
  const body = JSON.stringify({ query: 'invalidateSession' });
  socket.write(
    `POST /v1/search_codebase HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  await until(() => server.engines['shop']?.calls.includes('search') === true);
  socket.end();
  await until(() => server.ends.length === 1);
  expect(server.ends.map(({ outcome }) => outcome)).toEqual(['cancelled']);
  expect(server.engines['shop']?.calls).toContain('aborted search');
  expect((await server.post('/mcp', PING)).status).toBe(200);
});

it('a client that closes its half in the middle of its request is dropped, and holds no place', async () => {
  await open({ config: { limits: { ...limits, principal_in_flight: 1, in_flight: 1 } } });
  const socket = await socketTo(server.port);
  socket.end(
    'POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
  );
  await until(() => socket.destroyed);
  expect((await server.post('/mcp', PING)).status).toBe(200);
});
