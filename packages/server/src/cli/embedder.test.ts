import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StatusOutput } from '@conexus/sdk/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ProviderServer,
  sendJson,
  startProviderServer,
} from '../../../engine/src/adapters/network/testing/provider-server.ts';
import {
  cleanEnv,
  LAUNCHER,
  makeRepository,
  runCommand,
  SMALL_REPOSITORY,
  temporaryFolder,
} from '../testing/run-command.ts';
import { runInProcess } from '../testing/run-in-process.ts';

const KEY = 'sk-a-key-that-nobody-may-see-0987654321';
let server: ProviderServer;
let root: string;
let home: string;
beforeEach(async () => {
  server = await startProviderServer();
  root = makeRepository(SMALL_REPOSITORY);
  home = temporaryFolder('home');
});
afterEach(async () => {
  await server.close();
  for (const folder of [root, home]) rmSync(folder, { recursive: true, force: true });
});

const envOf = (more: Readonly<Record<string, string>> = {}) => ({
  CONEXUS_HOME: home,
  CONEXUS_EMBEDDER: 'openai',
  CONEXUS_EMBEDDING_URL: server.url,
  CONEXUS_EMBEDDING_API_KEY: KEY,
  ...more,
});
const run = (args: readonly string[], more?: Readonly<Record<string, string>>) =>
  runInProcess(args, { cwd: root, env: envOf(more) });
const textsSent = () => server.requests.flatMap(({ texts }) => texts);

describe('an embedder of a provider, through the command line', () => {
  it('is told of by index, status and doctor, and used by search', async () => {
    const index = await run(['index']);
    expect(index).toMatchObject({ code: 0, err: '' });
    expect(index.out).toMatch(/Vectors: \d+ passages embedded by openai text-embedding-3-small\./);
    const count = textsSent().length;
    expect((await run(['index'])).out).toMatch(/Vectors: all of \d+ passages by openai/);
    expect((await run(['status'])).out).toMatch(
      /embedder: +openai text-embedding-3-small \(on this machine\), all passages have vectors/,
    );
    const status = StatusOutput.parse(JSON.parse((await run(['status', '--json'])).out));
    expect(status.embedder).toMatchObject({ name: 'openai text-embedding-3-small', missing: 0 });
    const doctor = await run(['doctor']);
    expect(doctor.out).toMatch(/ok +embedder +openai .* 8 dimensions, key from CONEXUS_EMBEDDING_API_KEY/);
    expect(textsSent().length).toBe(count + 1);
    expect((await run(['search', 'how does a session end'])).code).toBe(0);
    expect(textsSent().at(-1)).toBe('how does a session end');
    expect(textsSent().join()).not.toMatch(/abcdefghijklmnop|the ignored password/);
  });

  it('asks before a large run', async () => {
    const limit = { CONEXUS_EMBEDDING_CONFIRM_TOKENS: '10' };
    const { code, out } = await run(['index'], limit);
    expect(code).toBe(0);
    expect(out).toMatch(
      /have none of openai .* tokens, \$0\.00 at the price of \d{4}-\d{2}.*conexus index --yes/,
    );
    expect(server.requests).toEqual([]);
    expect((await run(['index', '--yes'], limit)).out).toMatch(/embedded by openai/);
  });

  it('that a search is not kept waiting for', async () => {
    const { code } = await run(['search', 'how does a session end']);
    expect(code).toBe(0);
    expect(textsSent()).toEqual([]);
  });

  it('tells all wrong settings before anything is done', async () => {
    const { code, err } = await run(['index'], {
      CONEXUS_EMBEDDING_URL: 'nowhere',
      CONEXUS_EMBEDDING_DIMENSIONS: 'many',
    });
    expect(code).toBe(2);
    expect(err).toMatch(/2 settings are wrong.*CONEXUS_EMBEDDING_URL.*CONEXUS_EMBEDDING_DIMENSIONS/s);
  });
});

describe('the key', () => {
  const commands = [
    ['index'],
    ['index', '--json'],
    ['status'],
    ['status', '--json'],
    ['search', 'how does a session end', '--explain'],
    ['search', 'how does a session end', '--json', '--explain'],
    ['locate', 'sessions end too early', '--explain'],
    ['doctor'],
    ['doctor', '--json'],
    ['dump', 'plan', 'how does a session end'],
  ];
  /** A service that says all it was told. */
  const echo = (status: number) => {
    server.always = ({ headers, body }, response, proper) =>
      status === 200
        ? proper
        : sendJson(response, status, {
            error: { message: `${KEY} ${JSON.stringify({ headers, body })}`, code: KEY },
          });
  };

  it.each([
    [200, 'from the environment'],
    [401, 'from the environment'],
    [401, 'from a file'],
    [400, 'from the environment'],
  ])('appears nowhere when the service answers %i, key %s', async (status, from) => {
    echo(status);
    const file = join(home, 'key');
    const more = { CONEXUS_EMBEDDING_API_KEY: '', CONEXUS_EMBEDDING_API_KEY_FILE: file };
    if (from === 'from a file') writeFileSync(file, `${KEY}\n`);
    const results = [];
    // Where nothing fails, and where all fails alike, a few of them show it.
    const some = status === 401 ? commands : commands.filter((_, i) => i % 3 === 1);
    for (const args of some) results.push(await run(args, from === 'from a file' ? more : {}));
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
    const said = results.map(({ out, err }) => out + err).join('\n');
    expect(said).not.toContain(KEY);
    if (status === 401) {
      expect(results[0]?.code).toBe(3);
      expect(said).toContain(
        from === 'from a file' ? 'CONEXUS_EMBEDDING_API_KEY_FILE' : 'CONEXUS_EMBEDDING_API_KEY',
      );
      // The index is there all the same.
      expect(results[4]?.code).toBe(0);
    }
    for (const path of globSync('**/*', { cwd: home }).map((each) => join(home, each)))
      if (path !== file && statSync(path).isFile())
        expect(readFileSync(path).includes(KEY), path).toBe(false);
  });

  it('is in no output of the binary itself, stack traces included', async () => {
    echo(401);
    const { out, err, code } = await runCommand(['index'], { cwd: root, env: envOf() });
    expect(code).toBe(3);
    expect(out + err).toMatch(/refused/);
    expect(out + err).not.toContain(KEY);
  });
});

describe('a kill', () => {
  it('loses no vector that was paid for', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 120 }, (_, i) => [
        `src/m${i}.ts`,
        `export function part${i}() {\n  return ${i};\n}\n`,
      ]),
    );
    const large = makeRepository(files);
    const more = { CONEXUS_EMBEDDER: 'tei', CONEXUS_EMBEDDING_CONCURRENCY: '1' };
    server.always = async (_request, _response, proper) => {
      await sleep(150);
      return proper;
    };
    const child = spawn(process.execPath, [LAUNCHER, 'index'], { cwd: large, env: cleanEnv(envOf(more)) });
    const ended = once(child, 'close');
    await expect.poll(() => server.requests.length, { timeout: 20_000, interval: 5 }).toBe(3);
    child.kill('SIGKILL');
    await ended;
    // The third reply had not been sent: two batches are paid for and kept, the third is asked for again.
    const answered = server.requests.slice(0, 2).flatMap(({ texts }) => texts);
    server.requests.length = 0;
    server.always = undefined;
    const { code, out } = await runCommand(['index'], { cwd: large, env: envOf(more) });
    expect({ code, out }).toMatchObject({
      code: 0,
      out: expect.stringMatching(/120 passages embedded by tei/),
    });
    expect(answered).toHaveLength(64);
    expect(textsSent().filter((text) => answered.includes(text))).toEqual([]);
    expect(textsSent()).toHaveLength(120 - 64);
    rmSync(large, { recursive: true });
  }, 40_000);
});

describe('a server', () => {
  it('answers while the provider hangs, embeds once it answers, and says the key to nobody', async () => {
    server.always = () => new Promise(() => {});
    const child = spawn(process.execPath, [LAUNCHER, 'mcp'], {
      cwd: root,
      env: cleanEnv(envOf({ CONEXUS_EMBEDDING_TIMEOUT_MS: '300' })),
    });
    let said = '';
    let answers = '';
    child.stderr.on('data', (text) => (said += text));
    child.stdout.on('data', (text) => (answers += text));
    const send = (message: object) =>
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    const answered = (id: number) => expect.poll(() => answers, { timeout: 15_000 }).toContain(`"id":${id}`);
    const search = (id: number, query: string) =>
      send({ id, method: 'tools/call', params: { name: 'search_codebase', arguments: { query } } });
    const clientInfo = { name: 'test', version: '1' };
    send({
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo },
    });
    await answered(1);
    send({ method: 'notifications/initialized' });
    // The first answers may be of an index that is being built.
    for (let id = 10; !answers.includes('src/session.ts') && id < 40; id++) {
      search(id, 'how does a session end');
      await answered(id);
      await sleep(200);
    }
    expect(answers).toContain('src/session.ts');
    await expect.poll(() => server.requests.length, { timeout: 10_000 }).toBeGreaterThan(0);
    server.always = undefined;
    await expect
      .poll(() => textsSent().some((text) => text.includes('invalidateSession')), { timeout: 15_000 })
      .toBe(true);
    search(3, 'how does a session end');
    await answered(3);
    child.stdin.end();
    await once(child, 'close');
    expect(said + answers).not.toContain(KEY);
  }, 40_000);
});
