/** The client of the SDK over standard input and output, against the real binary; and every operation over both of its ways. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ConexusClient } from '@conexus/sdk';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { resolveServeSettings } from '../config/serve-settings.ts';
import { resolveSettings } from '../config/settings.ts';
import type { OpenServer } from '../http/open-server.ts';
import { openServer } from '../http/open-server.ts';
import { SHARED } from '../operations/registry.ts';
import {
  cleanEnv,
  LAUNCHER,
  makeRepository,
  SMALL_REPOSITORY,
  temporaryFolder,
} from '../testing/run-command.ts';
import { loadEngine } from '../workspaces/load-engine.ts';

let root = '';
let home = '';
let server: OpenServer;
beforeAll(async () => {
  root = makeRepository(SMALL_REPOSITORY);
  home = temporaryFolder('sdk');
  const lists = { repositories: [`shop=${root}`], allowedHosts: [], allowedOrigins: [] };
  server = await openServer({
    settings: resolveSettings({
      env: { CONEXUS_HOME: join(home, 'http'), CONEXUS_WORKERS: '1', CONEXUS_ADAPT: '0' },
      cwd: home,
      platform: process.platform,
    }),
    serve: resolveServeSettings({ cwd: home, root: home, file: undefined, port: '0', ...lists }),
    loadEngine,
    log: () => undefined,
  });
});
afterAll(async () => {
  await server.close();
  for (const folder of [root, home]) rmSync(folder, { recursive: true, force: true });
});

const command = [process.execPath, LAUNCHER] as const;
const env = () => cleanEnv({ CONEXUS_HOME: join(home, 'stdio'), CONEXUS_ADAPT: '0' });
const clients: ConexusClient[] = [];
const overStdio = (more: { readonly timeoutMs?: number; readonly root?: string } = {}): ConexusClient => {
  const client = new ConexusClient({ command: [...command], root, env: env(), ...more });
  clients.push(client);
  return client;
};
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

/** One call of each operation that a server answers to programs. */
const CALLS: Readonly<Record<string, (client: ConexusClient) => Promise<object>>> = {
  repositories: (client) => client.repositories(),
  index_control: (client) => client.indexControl({ action: 'start', wait: true }),
  search_codebase: (client) => client.search({ query: 'invalidateSession' }),
  locate_relevant_files: (client) => client.locate({ task: 'invalidateSession' }),
  analyze_implementation: (client) => client.analyze({ target: 'invalidateSession' }),
  get_related_info: (client) => client.related({ target: 'src/session.ts' }),
  find_references: (client) => client.findReferences({ name: 'invalidateSession' }),
  impact: (client) => client.impact({ target: 'invalidateSession' }),
  grep: (client) => client.grep({ pattern: 'store' }),
  status: (client) => client.status(),
};

const ABOUT_THE_INDEX = new Set(['repositories', 'status', 'index_control']);

describe.each([
  ['HTTP', () => new ConexusClient({ url: server.url, repository: 'shop' })],
  ['stdio', () => overStdio()],
] as const)('the client over %s', (_way, open) => {
  it('asks every operation, and gets what the contract says', async () => {
    expect(Object.keys(CALLS).sort()).toEqual(SHARED.map(({ name }) => name).sort());
    const client = open();
    for (const [name, call] of Object.entries(CALLS)) {
      const answer = await call(client);
      const { output } = SHARED.find((operation) => operation.name === name) ?? {};
      expect(output?.safeParse(answer).error, name).toBeUndefined();
      if (!ABOUT_THE_INDEX.has(name)) expect(JSON.stringify(answer), name).toMatch(/session/i);
    }
    await client.close();
  });

  it('throws what the server says, with code and advice', async () => {
    const client = open();
    await expect(client.search({ query: '' })).rejects.toMatchObject({
      name: 'ConexusClientError',
      code: 'invalid_argument',
      advice: expect.stringMatching(/\S/),
    });
    await expect(client.related({ target: 'src/none.ts' })).rejects.toMatchObject({
      code: expect.stringMatching(/^(path_not_found|invalid_argument)$/),
    });
    await client.close();
  });

  it('ends a call that is cancelled, and answers the next', async () => {
    const client = open();
    const controller = new AbortController();
    const asked = client.search({ query: 'session' }, { signal: controller.signal });
    controller.abort();
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
    const late = client.search({ query: 'session' }, { signal: AbortSignal.abort() });
    await expect(late).rejects.toMatchObject({ code: 'cancelled' });
    expect((await client.grep({ pattern: 'session' })).results.length).toBeGreaterThan(0);
    await client.close();
  });

  it('keeps answers of calls at once apart', async () => {
    const client = open();
    await client.indexControl({ action: 'start', wait: true });
    const patterns = ['invalidateSession', 'store', 'ten minutes', 'nothing of the kind'];
    const answers = await Promise.all(patterns.map((pattern) => client.grep({ pattern })));
    for (const [i, { results }] of answers.entries())
      for (const { text } of results) expect(text).toContain(patterns[i]);
    expect(answers.map(({ results }) => results.length > 0)).toEqual([true, true, true, false]);
    await client.close();
  });
});

describe('the client over stdio', () => {
  it('ends its process, and what waits, when it is closed', async () => {
    const client = overStdio();
    await client.status();
    const pids = clientProcesses();
    const waiting = client.indexControl({ action: 'rebuild', wait: true }).catch((error: unknown) => error);
    await client.close();
    expect(pids.length).toBeGreaterThan(0);
    expect(clientProcesses().filter((pid) => pids.includes(pid))).toEqual([]);
    // The work may have ended before the process did.
    expect(await waiting).toSatisfy(
      (end: { code?: string; action?: string }) => end.code === 'unreachable' || end.action === 'rebuild',
    );
    await expect(client.status()).rejects.toMatchObject({ code: 'unreachable' });
    await client.close();
  });

  it('starts its process again when it has died', async () => {
    const client = overStdio();
    await client.status();
    for (const pid of clientProcesses()) process.kill(Number(pid), 'SIGKILL');
    await expect.poll(() => clientProcesses()).toEqual([]);
    await expect
      .poll(() =>
        client.status().then(
          (status) => status.root,
          () => undefined,
        ),
      )
      .toBe(root);
  });

  it('gives up in time, and the process lives', async () => {
    const client = overStdio({ timeoutMs: 1 });
    await expect(client.status()).rejects.toMatchObject({ code: 'timeout' });
  });

  it('tells a root that is not there as the server does', async () => {
    const client = overStdio({ root: `${root}/nowhere` });
    await expect(client.search({ query: 'x' })).rejects.toMatchObject({ code: 'root_missing' });
  });

  it.each([
    ['is not there', ['conexus-is-not-here'], /cannot be started/],
    [
      'ends at once',
      [process.execPath, '-e', 'console.error("no such thing"); process.exit(3)'],
      /no such thing/,
    ],
    [
      'is something else',
      [
        process.execPath,
        '-e',
        'console.log("hello\\n[]\\n{}"); process.stdin.on("data", (d) => console.log(JSON.stringify({ jsonrpc: "2.0", id: JSON.parse(d).id, result: { content: [] } })))',
      ],
      /no Conexus/,
    ],
  ] as const)('says that a command %s', async (_what, [program, ...args], message) => {
    const client = new ConexusClient({ command: [program, ...args], root });
    clients.push(client);
    await expect(client.status()).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(message),
    });
  });

  it('refuses the name of a repository: its process has one', async () => {
    await expect(overStdio().status({ repository: 'shop' })).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining('"repo"'),
    });
  });
});

/** Of clients, on systems that tell. What the server in this process has started (git, and the process that starts it) is none of theirs. */
function clientProcesses(): readonly string[] {
  const file = `/proc/${process.pid}/task/${process.pid}/children`;
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split(' ')
    .filter((pid) => pid.trim() !== '' && commandOf(pid).includes(LAUNCHER));
}

/** Empty: it has ended. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
