import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { defaultQueryThreads } from './query-threads.ts';
import { isLoopback } from './serve-faults.ts';
import type { RawServeSettings } from './serve-settings.ts';
import { resolveServeSettings } from './serve-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'conexus-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function resolve(file: unknown, flags: Partial<RawServeSettings> = {}) {
  const path = join(folder, 'serve.json');
  if (file !== undefined) writeFileSync(path, typeof file === 'string' ? file : JSON.stringify(file));
  return resolveServeSettings({
    cwd: '/work place',
    file: file === undefined ? undefined : path,
    repositories: [],
    allowedHosts: [],
    allowedOrigins: [],
    root: '/code/My Shop',
    ...flags,
  });
}
const faults = (...args: Parameters<typeof resolve>): string => {
  try {
    resolve(...args);
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
};

describe('the settings of a server', () => {
  it('listen on this machine alone, with the repository that every command would take', () => {
    expect(resolve(undefined)).toMatchObject({
      host: '127.0.0.1',
      port: 7979,
      auth: undefined,
      repositories: [{ name: 'repository', root: '/code/My Shop' }],
      limits: { body_bytes: 1 << 20, principal_in_flight: 32 },
    });
    expect(resolve(undefined, { root: '/code/shop' }).repositories).toEqual([
      { name: 'shop', root: '/code/shop' },
    ]);
  });

  it('take folders relative to their file, and flags before the file', () => {
    const file = {
      port: 80,
      repositories: { api: '../api' },
      allowed_hosts: ['A.example'],
      tls: { cert: 'c.pem', key: '/k.pem' },
    };
    expect(resolve(file)).toMatchObject({
      port: 80,
      repositories: [{ name: 'api', root: join(folder, '../api') }],
      allowedHosts: ['a.example'],
      tls: { cert: join(folder, 'c.pem'), key: '/k.pem' },
    });
    expect(resolve(file, { port: '81', repositories: ['web=../web', '/src/docs'] })).toMatchObject({
      port: 81,
      repositories: [
        { name: 'web', root: '/web' },
        { name: 'docs', root: '/src/docs' },
      ],
    });
  });

  it('give searches threads of their own where cores and memory are left, or as many as somebody says', () => {
    const gb = 2 ** 30;
    const counts = [
      [1, 64],
      [2, 64],
      [4, 4],
      [4, 7.7],
      [8, 8],
      [8, 16],
      [64, 256],
    ].map(([cores = 0, memory = 0]) => defaultQueryThreads(cores, memory * gb));
    expect(counts).toEqual([0, 1, 0, 1, 1, 2, 2]);
    expect(resolve(undefined).queryThreads).toBe(defaultQueryThreads());
    expect(resolve({ query_threads: 0 }).queryThreads).toBe(0);
    expect(resolve({ query_threads: 3 }, { queryThreads: '5' }).queryThreads).toBe(5);
    expect(faults({ query_threads: 17 })).toContain('query_threads: ');
    expect(faults({}, { queryThreads: '17' })).toContain('query_threads: ');
  });

  it('name every fault at once, each with its key and the fix', () => {
    const message = faults({
      port: 70_000,
      auth: 'none',
      colour: 'red',
      repositories: { 'a b': '/a', ok: 7 },
      limits: { body_bytes: 10, in_flight: 'many', speed: 1 },
      tls: { cert: 'x' },
    });
    for (const part of [
      'port: ',
      'unknown key "colour"',
      'repositories.ok: ',
      'limits.body_bytes: ',
      'limits.in_flight: ',
      'limits: unknown key "speed"',
      'tls.key: ',
    ])
      expect(message).toContain(part);
  });

  it('name what contradicts itself beside what is wrong, and nothing that is wrong only because of another fault', () => {
    const message = faults(
      {
        host: '0.0.0.0',
        auth: 'none',
        port: 'many',
        allowed_hosts: 7,
        repositories: { 'a b': '/a', ok: 7, fine: '/b' },
        limits: { in_flight: 1 },
        oauth: { issuer: 'x', resource: 'http://b.example/mcp', jwks_uri: 'https://c.example/k' },
        error_reports: { url: 'http://collector.example/v1/logs', authorization_file: 'gone.txt' },
        tls: { cert: 'gone.pem', key: 'gone.key' },
      },
      { otlpEndpoint: 'collector:4318', metricsPort: '-', queryThreads: 'two', checksFiles: true },
    );
    for (const part of [
      'port: ',
      'allowed_hosts: ',
      '--metrics-port is "-"',
      '--query-threads is "two"',
      'repositories.ok: ',
      '"a b" is no name',
      'auth is "none" and host is "0.0.0.0"',
      'one key could shut out all others',
      'oauth.resource: "http://b.example/mcp"',
      'leave auth out',
      'error_reports.url: ',
      'error_reports.authorization_file: "gone.txt" cannot be read (ENOENT)',
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'tls.cert: ',
      'tls.key: ',
    ])
      expect(message).toContain(part);
    // Its value is wrong, so nobody knows whether it would be empty.
    expect(message).not.toContain('allowed_hosts is empty');
  });

  it.each([
    [
      { host: '0.0.0.0', auth: 'none', allowed_hosts: ['x'] },
      /auth is "none" and host is "0\.0\.0\.0": .*use auth "keys"/,
    ],
    [{ host: '192.168.1.2', auth: 'none' }, /auth is "none"/],
    [{ host: 'example.org', auth: 'none' }, /auth is "none"/],
    [{ host: '::', auth: 'keys' }, /allowed_hosts is empty/],
    [{ allowed_hosts: ['https://a.example'] }, /"https:\/\/a\.example" is no host name/],
    [{ allowed_origins: ['app.example'] }, /"app\.example" is no origin; write it as https/],
    [{ allowed_origins: ['https://app.example/'] }, /without a path/],
    [{ allowed_origins: ['*'] }, /is no origin/],
    [{ limits: { in_flight: 1 } }, /one key could shut out all others/],
    [{ repositories: { '../etc': '/etc' } }, /"\.\.\/etc" is no name/],
    [
      {
        oauth: { issuer: 'https://a', resource: 'http://b.example/mcp', jwks_uri: 'http://c.example/k' },
        auth: 'none',
      },
      /oauth\.resource: .*use https[\s\S]*oauth\.jwks_uri: .*use https[\s\S]*leave auth out/,
    ],
    [
      { oauth: { issuer: 'https://a', resource: 'b', jwks_uri: 'https://c', algorithms: ['none'] } },
      /oauth\.resource: [\s\S]*oauth\.algorithms\.0: /,
    ],
    ['{', /is not JSON/],
    ['[]', /holds no JSON object/],
  ])('refuse %j', (file, message) => {
    expect(faults(file)).toMatch(message);
  });

  it('refuse flags that say nothing', () => {
    expect(faults(undefined, { port: 'x' })).toMatch(/--port is "x"/);
    expect(faults(undefined, { auth: 'maybe' })).toMatch(/auth: /);
    expect(faults(undefined, { file: 'gone.json' })).toMatch(/gone\.json cannot be read \(ENOENT\)/);
    expect(faults(undefined, { repositories: ['a=/x', 'a=/y'] })).toMatch(/"a" is given twice/);
  });

  it.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['::1', true],
    ['localhost', true],
    ['127.0.0.1.evil.example', false],
    ['127.evil', false],
    ['0.0.0.0', false],
    ['::', false],
    ['::ffff:127.0.0.1', false],
    ['10.0.0.1', false],
  ])('know that %s is this machine alone: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});
