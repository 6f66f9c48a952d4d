/** Defects told to a collector: a real receiver, a real server whose engine fails, and every way in which a collector can fail. */

import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runCommand, temporaryFolder } from '../testing/run-command.ts';
import { openTestServer, SHOP, until } from '../testing/serve.ts';
import { describeDefect } from './describe-defect.ts';
import { openErrorReports, type ReportOutcome } from './error-reports.ts';

interface Sent {
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  readonly records: readonly { traceId?: string; attributes: Readonly<Record<string, string>> }[];
}

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Takes OTLP log records; `answer` may do something else with a request. */
async function openReceiver(answer?: (request: IncomingMessage, response: ServerResponse) => void) {
  const sent: Sent[] = [];
  const http = createServer((request, response) => {
    if (answer) return answer(request, response);
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const text = Buffer.concat(parts).toString();
      const body = JSON.parse(text) as { resourceLogs: [{ scopeLogs: [{ logRecords: Raw[] }] }] };
      sent.push({
        headers: request.headers,
        text,
        records: body.resourceLogs[0].scopeLogs[0].logRecords.map(recordOf),
      });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    http.closeAllConnections();
    http.close();
  });
  return { sent, url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/v1/logs` };
}

type Raw = { traceId?: string; attributes: { key: string; value: { stringValue: string } }[] };

function recordOf({ traceId, attributes }: Raw): Sent['records'][number] {
  const named = Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));
  return { ...(traceId !== undefined && { traceId }), attributes: named };
}

const SECRET = 'zebra secret "query" /home/ada/src/vault.ts';

describe('a defect while a request is worked on', () => {
  it('is told with its place, its request and its trace, and without a word of it', async () => {
    const { sent, url } = await openReceiver();
    const folder = temporaryFolder('reports');
    closing.push(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'header'), 'Bearer collector-key\n');
    const trace = 'c'.repeat(32);
    const server = await openTestServer({
      repositories: {
        shop: {
          files: SHOP,
          throws: () => new TypeError(`cannot read ${SECRET}\n    at leaked (${SECRET}:1:1)`),
        },
      },
      observe: { otlpEndpoint: url.replace('/v1/logs', '') },
      config: { error_reports: { url, authorization_file: join(folder, 'header') } },
    });
    closing.push(() => server.close());
    const response = await server.post(
      '/v1/search_codebase',
      { query: SECRET },
      { traceparent: `00-${trace}-${'b'.repeat(16)}-01` },
    );
    expect(response.status).toBe(500);
    const body = await response.text();
    const id = /error id (\w+)/.exec(body)?.[1];
    await until(() => sent.length > 0);
    const [{ headers, records, text }] = sent as [Sent];
    expect(headers.authorization).toBe('Bearer collector-key');
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      traceId: trace,
      attributes: {
        'exception.type': 'TypeError',
        'conexus.error_id': id,
        'conexus.operation': 'search_codebase',
        'conexus.repository': 'shop',
        'conexus.request_id': expect.any(String),
      },
    });
    expect(records[0]?.attributes['exception.stacktrace']).toMatch(
      / {4}at .* \(packages\/server\/src\/testing\//,
    );
    expect(text).not.toMatch(/zebra|secret|vault|ada|leaked/);
    // Where it may be read by those who run the server.
    expect(server.log.join('\n')).toContain('zebra secret');
  });

  it('is not told of what users do wrong', async () => {
    const { sent, url } = await openReceiver();
    const server = await openTestServer({ observe: {}, config: { error_reports: { url } } });
    closing.push(() => server.close());
    for (const body of [{ query: '' }, { query: 'x', colour: 1 }, { query: 'x', repo: 'none' }, 'no json'])
      expect((await server.post('/v1/search_codebase', body)).status).toBeGreaterThanOrEqual(400);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(sent).toEqual([]);
  });
});

describe('a defect that ends the process', () => {
  it('is told and logged before it ends with code 1', { timeout: 60_000 }, async () => {
    const { sent, url } = await openReceiver();
    const folder = temporaryFolder('ends');
    closing.push(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'serve.json'), JSON.stringify({ port: 0, error_reports: { url } }));
    // As soon as the server stands.
    const late =
      'const look = setInterval(() => { if (process.listenerCount("uncaughtException") > 0) { clearInterval(look); throw new RangeError("zebra secret"); } }, 50)';
    const { code, out } = await runCommand(['serve', '--config', 'serve.json', '--log', 'json'], {
      cwd: folder,
      env: {
        CONEXUS_HOME: join(folder, 'home'),
        NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(late)}`,
      },
    });
    expect(code).toBe(1);
    expect(out).toContain('zebra secret');
    expect(sent[0]?.records[0]?.attributes).toMatchObject({ 'exception.type': 'RangeError' });
    expect(sent[0]?.text).not.toContain('zebra');
  });
});

describe('reports', () => {
  const open = (url: string, now?: () => number) => {
    const log: string[] = [];
    const counts: Partial<Record<ReportOutcome, number>> = {};
    const reports = openErrorReports(
      { url, authorization: undefined },
      {
        log: (line) => void log.push(line),
        count: (outcome, number) => {
          counts[outcome] = (counts[outcome] ?? 0) + number;
        },
        ...(now && { now }),
      },
    );
    return { reports, log, counts };
  };
  const fail = (id: string) => ({ id, error: new Error('a defect') });

  it('of the same defect come once a minute, and say how often it was seen', async () => {
    const { sent, url } = await openReceiver();
    let time = 1_000_000;
    const { reports, counts } = open(url, () => time);
    for (let i = 0; i < 1_000; i++) reports.report(fail(`e${i}`));
    await until(() => counts.sent === 1);
    time += 61_000;
    reports.report(fail('later'));
    await until(() => counts.sent === 2);
    expect(counts).toEqual({ sent: 2, suppressed: 999 });
    expect(sent.at(-1)?.records[0]?.attributes['conexus.suppressed']).toBe('999');
    await reports.close();
  });

  it('are bounded while the collector takes nothing, and cost a request nothing', async () => {
    const { url } = await openReceiver(() => undefined);
    const { reports, counts } = open(url);
    const started = performance.now();
    for (let i = 0; i < 1_000; i++)
      reports.report({ id: `e${i}`, error: Object.assign(new Error(), { name: `Kind${i}` }) });
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(counts.dropped).toBe(1_000 - 100 - 1);
    const closed = performance.now();
    await reports.close();
    expect(performance.now() - closed).toBeLessThan(4_000);
  });

  it.each([
    [
      'refuses',
      (_request: IncomingMessage, response: ServerResponse) => void response.writeHead(500).end('why'),
    ],
    [
      'sends elsewhere',
      (_request: IncomingMessage, response: ServerResponse) =>
        void response.writeHead(307, { location: '/other' }).end(),
    ],
    ['hangs up', (request: IncomingMessage) => void request.socket.destroy()],
  ])(
    'are given up after a second attempt where the collector %s, and the log says so once',
    async (_what, answer) => {
      let asked = 0;
      const paths = new Set<string | undefined>();
      const { url } = await openReceiver((request, response) => {
        asked++;
        paths.add(request.url);
        answer(request, response);
      });
      const { reports, log, counts } = open(url);
      reports.report(fail('one'));
      await until(() => counts.dropped === 1);
      reports.report({ id: 'two', error: new RangeError('another') });
      await until(() => counts.dropped === 2);
      expect(asked).toBe(4);
      expect([...paths]).toEqual(['/v1/logs']);
      expect(log).toHaveLength(1);
      expect(log[0]).toMatch(/^error reports cannot be sent \(/);
      expect(log[0]).not.toContain('127.0.0.1');
    },
  );

  it('survive whatever is thrown', async () => {
    const { sent, url } = await openReceiver();
    const { reports, counts } = open(url);
    const loop = new Error('loop');
    loop.cause = loop;
    const odd = [
      undefined,
      null,
      'text',
      7,
      Symbol('s'),
      {},
      loop,
      Object.assign(new Error('x'), { stack: 7, name: 'a b' }),
    ];
    for (const [i, error] of odd.entries()) reports.report({ id: `${i}`, error });
    await until(() => (counts.sent ?? 0) + (counts.suppressed ?? 0) === odd.length);
    expect(sent.flatMap(({ records }) => records).length).toBeGreaterThan(2);
  });
});

describe('a description', () => {
  it('has no path of a machine, no message and no forged frame', () => {
    const error = new Error('first line\n    at forged (packages/engine/src/index.ts:1:1)', {
      cause: Object.assign(new Error(SECRET), { code: 'ENOENT' }),
    });
    error.stack = `${error.name}: ${error.message}\n    at go (/home/ada/deep/packages/engine/src/a.ts:3:4)\n    at async Object.x [as y] (file:///srv/node_modules/pino/lib/b.js:1:2)\n    at node:internal/c:5:6\n    at /home/ada/own.ts:7:8\n    at "odd" (eval at x (/home/ada/q.ts:1:1), <anonymous>:1:1)`;
    expect(describeDefect(error)).toMatchObject({
      type: 'Error',
      code: undefined,
      frames: [
        'go (packages/engine/src/a.ts:3:4)',
        'async Object.x [as y] (node_modules/pino/lib/b.js:1:2)',
        '<anonymous> (node:internal/c:5:6)',
        '<anonymous> (<elsewhere>)',
      ],
      cause: { code: 'ENOENT' },
    });
    expect(JSON.stringify(describeDefect(error))).not.toMatch(/ada|forged|zebra|srv/);
  });
});
