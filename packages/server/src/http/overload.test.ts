/** More than a server can do: who is not served is told so between two questions, keeps his connection, and is served afterwards. */
import type { Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { bearer, openTestServer, SHOP, socketTo, type TestServer, until } from '../testing/serve.ts';

let server: TestServer;
afterEach(() => server.close());

const search = (headers = {}) => server.post('/v1/search_codebase', { query: 'session' }, headers);
const begun = () => server.engines['shop']?.calls.filter((call) => call === 'search').length ?? 0;

function ask(socket: Socket): () => string {
  const body = JSON.stringify({ query: 'session' });
  let text = '';
  socket.on('data', (part) => (text += String(part)));
  socket.write(
    `POST /v1/search_codebase HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
  );
  // The server decides by the head alone.
  setImmediate(() => socket.write(body));
  return () => text;
}

it('accepts and refuses those who come between two questions, however many wait for the thread', async () => {
  const working = 24;
  const coming = 40;
  server = await openTestServer({
    repositories: { shop: { files: SHOP, busyMs: 30 } },
    config: { query_threads: 0, limits: { in_flight: 100, principal_in_flight: working } },
  });
  const answers = Array.from({ length: working }, () => search());
  await until(() => begun() === 4);
  const answered = () => server.ends.filter(({ outcome }) => outcome === 'ok').length;
  /** Questions that had been answered when a refusal came. */
  const refusals: number[] = [];
  const texts = await Promise.all(
    Array.from({ length: coming }, async () => {
      const socket = await socketTo(server.port);
      const text = ask(socket);
      socket.once('data', () => {
        if (/^HTTP\/1\.1 429 [\s\S]*\r\nretry-after: 1\r\n/i.test(text())) refusals.push(answered());
      });
      return text;
    }),
  );
  await until(() => texts.every((text) => text().includes('\r\n\r\n{')));
  // One turn of the event loop accepts one connection: with a question in each, half would have been answered before the
  // twelfth is looked at. A few come when there is room again.
  expect(refusals.length).toBeGreaterThan(coming / 2);
  expect(refusals[coming / 2]).toBeLessThan(working / 2);
  for (const answer of answers) expect((await answer).status).toBe(200);
  expect((await search()).status).toBe(200);
});

it('refuses a flood of questions that would wait too long, at once, by every door, and answers afterwards', async () => {
  server = await openTestServer({
    repositories: { shop: { files: SHOP, busyMs: 20 } },
    observe: {},
    config: {
      cache_bytes: 0,
      query_threads: 0,
      limits: {
        in_flight: 2_000,
        principal_in_flight: 2_000,
        principal_rate: 100_000,
        principal_burst: 100_000,
        wait_ms: 500,
      },
    },
  });
  for (let i = 0; i < 20; i++) expect((await search()).status).toBe(200);
  const call = (id: number) => ({
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: { name: 'search_codebase', arguments: { query: 'session' } },
  });
  const mcp = {
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2025-11-25',
  };
  const answers = await Promise.all(
    Array.from({ length: 400 }, async (_, i) => {
      const started = performance.now();
      const answer = await (i % 2 === 0 ? search() : server.post('/mcp', call(i), mcp));
      return { answer, ms: performance.now() - started, text: await answer.text() };
    }),
  );
  const withStatus = (status: number) => answers.filter(({ answer }) => answer.status === status);
  const [served, refused] = [withStatus(200), withStatus(503)];
  expect(served.length + refused.length).toBe(400);
  expect(served.length).toBeGreaterThan(20);
  expect(refused.length).toBeGreaterThan(200);
  for (const { answer, text } of refused) {
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(text).toContain('Too many questions wait for their turn');
  }
  const longest = (of: typeof answers) => Math.max(...of.map(({ ms }) => ms));
  // All 400 at 20 ms each would have taken 8 s.
  expect(longest(served)).toBeLessThan(4_000);
  expect((await search()).status).toBe(200);
  const metrics = await (await fetch(server.metrics ?? '')).text();
  expect(metrics).toContain(`conexus_questions_refused_total{lane="light"} ${refused.length}`);
  expect(metrics).toContain('conexus_questions_refused_total{lane="heavy"} 0');
  expect(metrics).toMatch(/conexus_question_wait_seconds_bucket\{le="\+Inf",lane="light"\} \d+/);
});

it('leaves the connection to who was refused, and answers on it when there is room', async () => {
  server = await openTestServer({
    repositories: { shop: { files: SHOP, queryMs: 300 } },
    config: { limits: { in_flight: 1, principal_in_flight: 1 } },
  });
  const first = search();
  await until(() => begun() === 1);
  const socket = await socketTo(server.port);
  const refused = ask(socket);
  await until(() => refused().includes('\r\n\r\n{'));
  expect(refused()).toMatch(/^HTTP\/1\.1 503 /);
  expect(refused()).not.toMatch(/connection: close/i);
  expect((await first).status).toBe(200);
  socket.removeAllListeners('data');
  const answer = ask(socket);
  await until(() => answer().includes('\r\n\r\n{'));
  expect(answer()).toMatch(/^HTTP\/1\.1 200 /);
  socket.destroy();
});

it('closes the connection of a refused body whose end nobody knows', async () => {
  server = await openTestServer({
    repositories: { shop: { files: SHOP, queryMs: 300 } },
    config: { limits: { in_flight: 1, principal_in_flight: 1 } },
  });
  const first = search();
  await until(() => begun() === 1);
  const socket = await socketTo(server.port);
  let text = '';
  socket.on('data', (part) => (text += String(part)));
  socket.write(
    'POST /v1/search_codebase HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"que',
  );
  await until(() => socket.destroyed);
  expect(text).toMatch(/^HTTP\/1\.1 503 /);
  expect((await first).status).toBe(200);
});

it('that serves nobody now looks up no key', async () => {
  server = await openTestServer({
    withKey: true,
    repositories: { shop: { files: SHOP, queryMs: 300 } },
    config: { limits: { in_flight: 1, principal_in_flight: 1 } },
  });
  const first = search(bearer(server.key()));
  await until(() => begun() === 1);
  expect((await search(bearer('cnx_wrong'))).status).toBe(503);
  expect((await first).status).toBe(200);
  expect((await search(bearer('cnx_wrong'))).status).toBe(401);
});
