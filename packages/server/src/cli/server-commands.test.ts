import { spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  cleanEnv,
  LAUNCHER,
  makeRepository,
  SMALL_REPOSITORY,
  temporaryFolder,
} from '../testing/run-command.ts';
import { runInProcess } from '../testing/run-in-process.ts';
import { until } from '../testing/serve.ts';
import { readExpiry } from './keys.ts';

let root = '';
let home = '';
beforeAll(() => {
  root = makeRepository(SMALL_REPOSITORY);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => {
  home = temporaryFolder('home');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

const run = (...args: string[]) =>
  runInProcess(args, { cwd: root, env: { CONEXUS_HOME: home, USER: 'ada' } });

describe('conexus keys', () => {
  it('makes, lists and revokes, and records it', async () => {
    const made = await run(
      'keys',
      'create',
      '--name',
      'ci',
      '--repo',
      'api,web',
      '--scope',
      'read',
      '--scope',
      'index',
      '--expires',
      '90d',
    );
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^cnx_\w{12}_[\w-]{43}\n$/) });
    expect(made.err).toMatch(/for ci: read, index; api, web, until \d{4}-.*shown this once/);
    const id = made.out.slice(4, 16);
    expect((await run('keys', 'list')).out).toContain(`${id}  ci: read, index; api, web, until`);
    expect((await run('keys', 'list')).out).not.toContain(made.out.slice(17).trim());
    const listed = JSON.parse((await run('keys', 'list', '--json')).out) as { keys: object[] };
    expect(listed.keys).toMatchObject([{ id, name: 'ci', repositories: ['api', 'web'], revoked_at: null }]);
    expect((await run('keys', 'revoke', id)).out).toBe(`Revoked ${id}.\n`);
    expect((await run('keys', 'list')).out).toMatch(/\(revoked /);
    expect(await run('keys', 'revoke', id)).toMatchObject({ code: 2 });
    const audit = readFileSync(join(home, 'state/audit/admin.jsonl'), 'utf8');
    expect(audit).toMatch(
      new RegExp(`"event":"key created","key":"${id}".*"by":"ada"[\\s\\S]*"event":"key revoked"`),
    );
    expect(await run('audit', 'verify')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^ok {3}admin\.jsonl: 2 records, head [0-9a-f]{64}\n$/),
    });
  });

  it('says when there is none', async () => {
    expect(await run('keys', 'list')).toMatchObject({ code: 1, out: expect.stringContaining('keys create') });
    expect(await run('audit', 'verify')).toMatchObject({
      code: 1,
      out: expect.stringContaining('no audit log'),
    });
  });

  it.each([
    [['keys'], /Unknown action ""/],
    [['keys', 'drop'], /Unknown action "drop"/],
    [['keys', 'create'], /--name is missing/],
    [['keys', 'create', 'ci'], /Unexpected argument "ci"/],
    [['keys', 'create', '--name', ' '], /--name is missing/],
    [['keys', 'create', '--name', 'a\u001b[31m'], /--name is missing/],
    [['keys', 'create', '--name', 'ci', '--scope', 'admin'], /"admin" is no scope/],
    [['keys', 'create', '--name', 'ci', '--repo', '../api'], /"\.\.\/api" is no name/],
    [['keys', 'create', '--name', 'ci', '--expires', 'soon'], /--expires is "soon"/],
    [['keys', 'revoke'], /revoke takes the ID/],
    [['keys', 'revoke', "x' OR 1=1"], /revoke takes the ID/],
    [['audit'], /Unknown action ""/],
    [['audit', 'erase'], /Unknown action "erase"/],
    [['serve', 'api'], /Unexpected argument "api"/],
    [
      ['serve', '--host', '0.0.0.0', '--auth', 'none'],
      /everybody who reaches this machine could read the code/,
    ],
    [
      ['serve', '--host', '0.0.0.0', '--allow-host', 'x.example'],
      /Keys are needed, and none can be used[\s\S]*conexus keys create/,
    ],
    [['serve', '--auth', 'keys'], /Keys are needed/],
    [['serve', '--config', 'gone.json'], /gone\.json cannot be read/],
  ])('refuses %j with the next step', async (args, message) => {
    expect(await run(...args)).toMatchObject({ code: 2, err: expect.stringMatching(message) });
  });

  it('reads times to come', () => {
    const now = Date.parse('2026-06-01T00:00:00Z');
    expect(readExpiry('12h', now)).toBe(now + 12 * 3_600_000);
    expect(readExpiry('2026-06-01', now)).toBe(Date.parse('2026-06-01T23:59:59Z'));
    for (const past of ['0d', '-1d', '2026-05-31', '2026-13-01', '', 'd'])
      expect(() => readExpiry(past, now)).toThrow();
  });

  it('tells when the audit log was tampered with', async () => {
    await run('keys', 'create', '--name', 'ci');
    const file = join(home, 'state/audit/admin.jsonl');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"name":"ci"', '"name":"me"'));
    expect(await run('audit', 'verify')).toMatchObject({
      code: 3,
      out: expect.stringMatching(/^FAIL admin\.jsonl: .* line 1 was changed/),
    });
    expect(JSON.parse((await run('audit', 'verify', '--json')).out)).toMatchObject({ ok: false });
    expect(await run('keys', 'create', '--name', 'other')).toMatchObject({
      code: 3,
      err: expect.stringContaining('is damaged'),
    });
    expect((await run('keys', 'list')).out).not.toContain('other');
  });
});

describe('conexus serve', () => {
  it('serves the repository with a key, answers from the real index, and ends on SIGTERM with nothing left', async () => {
    const made = await run('keys', 'create', '--name', 'ci', '--scope', 'read,index');
    const child = spawn(
      process.execPath,
      [LAUNCHER, 'serve', '--port', '0', '--metrics-port', '0', '--repo', `shop=${root}`],
      {
        cwd: home,
        env: cleanEnv({ CONEXUS_HOME: home }),
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let err = '';
    let out = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await until(() => out.includes('metrics at'), 30_000);
    const [, url = ''] = /MCP at (\S+)\/mcp/.exec(out) ?? [];
    const [, metricsUrl = ''] = /metrics at (\S+?)"/.exec(out) ?? [];
    const post = (path: string, body: object, key = made.out.trim()) =>
      fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify(body),
      });
    expect((await post('/v1/status', {}, 'wrong')).status).toBe(401);
    expect((await post('/v1/index_control', { action: 'start', wait: true })).status).toBe(200);
    const answer = await (await post('/v1/search_codebase', { query: 'invalidateSession' })).text();
    expect(answer).toContain('src/session.ts');
    expect(answer).not.toContain(root);
    expect((await post('/v1/grep', { pattern: 'ignored password' })).status).toBe(200);
    expect(await (await post('/v1/grep', { pattern: 'password' })).text()).not.toContain('secret.txt');

    expect((await post('/v1/analyze_implementation', { target: 'invalidateSession' })).status).toBe(200);
    const metrics = await (await fetch(metricsUrl)).text();
    expect(metrics).toMatch(/conexus_search_stage_duration_seconds_count\{stage="lexical"\} [1-9]/);
    expect(metrics).toMatch(/conexus_search_stage_duration_seconds_count\{stage="graph"\} [1-9]/);
    expect(metrics).toMatch(/conexus_analysis_duration_seconds_count\{pass="side_effects"\} 1/);
    expect(metrics).toMatch(/conexus_index_jobs_total\{kind="full",result="done"\} 1/);
    expect(metrics).toMatch(/conexus_index_files_indexed_total\{repo="shop"\} [1-9]/);

    child.kill('SIGHUP');
    await until(() => out.includes('SIGHUP: goes on'));
    expect((await post('/v1/status', {})).status).toBe(200);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(err).toBe('');
    for (const line of out.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ service: 'conexus' });
    expect(out).toMatch(/SIGTERM: ending what is in work/);
    expect(out).not.toContain(made.out.trim().slice(17));
    const [, head = 'none'] = /audit log \S+\.jsonl: \d+ records, head (\w{64})/.exec(out) ?? [];
    expect(await run('audit', 'verify')).toMatchObject({ code: 0, out: expect.stringContaining(head) });
    expect(readdirSync(join(home, 'state'))).toEqual(expect.arrayContaining(['audit', 'keys.db']));
  });

  it.each([
    ['on a disk without space', '/dev/full'],
    ['whose reader is gone', 'pipe'],
  ])('goes on without its log, %s', async (_what, to) => {
    const stdout = to === 'pipe' ? to : openSync(to, 'w');
    const port = await freePort();
    const child = spawn(
      process.execPath,
      [LAUNCHER, 'serve', '--port', String(port), '--repo', `shop=${root}`],
      {
        cwd: home,
        env: cleanEnv({ CONEXUS_HOME: home }),
        stdio: ['ignore', stdout, 'ignore'],
      },
    );
    try {
      child.stdout?.destroy();
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
      const status = () =>
        fetch(`http://127.0.0.1:${port}/v1/status`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{}',
        }).then(
          (response) => response.status,
          () => 0,
        );
      await expect.poll(status, { timeout: 30_000 }).toBe(200);
      expect([await status(), await status()]).toEqual([200, 200]);
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
    } finally {
      child.kill('SIGKILL');
      if (typeof stdout === 'number') closeSync(stdout);
    }
  });

  it('says that the port is taken', async () => {
    const server = (await import('node:http')).createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    expect(await run('serve', '--port', String(port))).toMatchObject({
      code: 2,
      err: expect.stringMatching(/another process has it/),
    });
    server.close();
  });
});
