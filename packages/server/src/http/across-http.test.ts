/** One question to several repositories: who gets what, in which order, and what becomes of those that cannot answer. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConexusClient } from '@conexus/sdk';
import type { SearchOutput } from '@conexus/sdk/contract';
import { LIMITS, LocateOutput, SearchOutput as SearchShape } from '@conexus/sdk/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { auditFolder } from '../access/audit-log.ts';
import { resolveServeSettings } from '../config/serve-settings.ts';
import { resolveSettings } from '../config/settings.ts';
import { UserError } from '../errors.ts';
import { estimateTokens } from '../render/text.ts';
import { ERAS, textOf } from '../testing/connect.ts';
import { makeRepository, temporaryFolder } from '../testing/run-command.ts';
import type { TestServer, TestServerOptions } from '../testing/serve.ts';
import { bearer, openTestServer, until } from '../testing/serve.ts';
import { loadEngine } from '../workspaces/load-engine.ts';
import { openServer } from './open-server.ts';

const repository = (name: string, count = 3) => ({
  files: Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `${name}/s${i}.ts`,
      `export const session${i} = "${name} session";\n`,
    ]),
  ),
});
const THREE = { shop: repository('shop'), web: repository('web'), bank: repository('bank') };

let server: TestServer;
const open = async (options: TestServerOptions = {}): Promise<TestServer> => {
  server = await openTestServer({ repositories: THREE, ...options });
  return server;
};
afterEach(() => server?.close());

async function search(
  args: object,
  headers = {},
): Promise<{ status: number; text: string; found: SearchOutput }> {
  const response = await server.post('/v1/search_codebase', { query: 'session', ...args }, headers);
  const text = await response.text();
  return { status: response.status, text, found: JSON.parse(text) as SearchOutput };
}

const reposOf = ({ results }: SearchOutput) => [...new Set(results.map(({ repo }) => repo))].sort();
const statesOf = ({ repositories = [] }: SearchOutput) =>
  repositories.map(({ name, state }) => `${name} ${state}`);

describe('a key for two of three repositories', () => {
  it('gets results of the two, over every way to ask, and no word of the third', async () => {
    await open({ withKey: true });
    const key = server.key({ repositories: ['shop', 'web'] });
    for (const args of [
      {},
      { repo: '*' },
      { repos: ['*'] },
      { repos: ['web', 'shop'] },
      { repo: ['shop', 'web'] },
    ]) {
      const { status, text, found } = await search(args, bearer(key));
      expect(status).toBe(200);
      expect(reposOf(SearchShape.parse(found))).toEqual(['shop', 'web']);
      expect(statesOf(found).sort()).toEqual(['shop fresh', 'web fresh']);
      expect(text).not.toContain('bank');
    }
    expect(server.engines['bank']?.calls.filter((call) => call === 'search')).toEqual([]);
    const located = await server.post('/v1/locate_relevant_files', { task: 'session' }, bearer(key));
    expect(LocateOutput.parse(await located.json()).results.map(({ repo }) => repo)).toEqual(
      expect.arrayContaining(['shop', 'web']),
    );
  });

  it('learns the same of one that it may not read as of one that does not exist', async () => {
    await open({ withKey: true });
    const headers = bearer(server.key({ repositories: ['shop', 'web'] }));
    const foreign = await search({ repos: ['shop', 'bank'] }, headers);
    const absent = await search({ repos: ['shop', 'none'] }, headers);
    expect([foreign.status, absent.status]).toEqual([404, 404]);
    expect(foreign.text.replaceAll('bank', 'none')).toBe(absent.text);
  });

  it('cannot go on with the cursor of a key that may read more', async () => {
    await open({ withKey: true });
    const all = await search({ limit: 2 }, bearer(server.key()));
    const two = bearer(server.key({ repositories: ['shop', 'web'] }));
    expect((await search({ limit: 2, cursor: all.found.next_cursor }, two)).status).toBe(400);
    expect((await search({ limit: 2, cursor: all.found.next_cursor, repo: 'shop' }, two)).status).toBe(400);
  });

  it('is recorded with what it asked', async () => {
    await open({ withKey: true });
    await search({}, bearer(server.key({ repositories: ['shop', 'web'] })));
    await until(() => server.ends.length > 0);
    expect(server.ends.at(-1)?.repositories).toEqual(['shop', 'web']);
    const folder = auditFolder(server.home);
    const recorded = () =>
      readdirSync(folder).some((file) => readFileSync(join(folder, file), 'utf8').includes('"shop,web"'));
    await until(recorded);
  });

  for (const era of ERAS)
    it(`asks over MCP, ${era} client, and sees where each result is`, async () => {
      await open({ withKey: true });
      const client = await server.connect(era, '/mcp', server.key({ repositories: ['shop', 'web'] }));
      const ask = (name: string, args: object) => client.callTool({ name, arguments: { ...args } });
      const text = textOf(await ask('search_codebase', { query: 'session' }));
      expect(text).toMatch(/^Asked 2 repositories: shop fresh, web fresh$/m);
      expect(text).toMatch(/^## \d\. shop: shop\/s0\.ts:1-\d/m);
      expect(text).toMatch(/^## \d\. web: web\/s0\.ts:1-\d/m);
      expect(text).not.toContain('bank');
      const located = LocateOutput.parse(
        (await ask('locate_relevant_files', { task: 'session' })).structuredContent,
      );
      expect(located.repositories?.map(({ name }) => name)).toEqual(['shop', 'web']);
      await client.close();
    });
});

describe('a repository that cannot answer', () => {
  it('is named with its error and does not break the answer', async () => {
    const broken = {
      ...repository('web'),
      throws: () => new UserError('store_corrupt', 'The index is damaged', 'x'),
    };
    const defect = { ...repository('bank'), throws: () => new Error('/root/secret defect') };
    await open({ repositories: { shop: THREE.shop, web: broken, bank: defect } });
    const { status, text, found } = await search({});
    expect(status).toBe(200);
    expect(reposOf(SearchShape.parse(found))).toEqual(['shop']);
    expect(statesOf(found)).toEqual(['web failed', 'bank failed', 'shop fresh']);
    expect(found.repositories?.[0]?.error).toEqual({
      code: 'store_corrupt',
      message: 'The index is damaged',
    });
    expect(found.repositories?.[1]?.error?.message).toMatch(/^An internal error occurred \(error id/);
    expect(text).not.toContain('/root/secret');
    expect(server.log.join('\n')).toContain('/root/secret defect');
  });

  it('and answers late is named when the others have answered', async () => {
    await open({
      repositories: { slow: { ...repository('slow'), queryMs: 60_000 }, shop: THREE.shop },
      env: { CONEXUS_DEADLINE_MS: '1000' },
    });
    const { status, found } = await search({});
    expect(status).toBe(200);
    expect(statesOf(found)).toEqual(['slow failed', 'shop fresh']);
    expect(found.repositories?.[0]?.error?.code).toBe('timeout');
  });

  it('because its index is being built says so', async () => {
    const building = { ...repository('web'), indexed: false, jobMs: 60_000 };
    await open({ repositories: { shop: THREE.shop, web: building } });
    const { found } = await search({});
    expect(statesOf(found).sort()).toEqual(['shop fresh', 'web building']);
    expect(found.freshness.state).toBe('building');
  });

  it('leaves its error where no other can answer', async () => {
    const broken = { throws: () => new UserError('store_corrupt', 'The index is damaged', 'Rebuild it.') };
    await open({ repositories: { shop: { ...THREE.shop, ...broken }, web: { ...THREE.web, ...broken } } });
    const { status, text } = await search({});
    expect(status).toBe(503);
    expect(text).toContain('store_corrupt');
  });
});

describe('the whole answer', () => {
  it('keeps one bound, whatever the number of repositories', async () => {
    await open({
      repositories: Object.fromEntries(
        Array.from({ length: 16 }, (_, i) => [`repository-${i}`, repository(`r${i}`, 20)]),
      ),
    });
    for (const max_tokens of [300, 1_000, 4_000]) {
      const { text, found } = await search({ max_tokens, limit: 200 });
      expect(estimateTokens(text)).toBeLessThanOrEqual(max_tokens);
      expect(SearchShape.parse(found).omitted.hits).toBeGreaterThan(0);
    }
  });

  it('is read page by page to its end, nothing twice and nothing left out', async () => {
    await open({
      repositories: { shop: repository('shop', 7), web: repository('web', 2), bank: repository('bank', 5) },
    });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const { found } = await search({ limit: 4, ...(cursor !== undefined && { cursor }) });
      seen.push(...found.results.map(({ repo, path }) => `${repo} ${path}`));
      cursor = found.next_cursor;
    } while (cursor !== undefined && seen.length < 50);
    expect(seen.length).toBe(14);
    expect(new Set(seen).size).toBe(14);
  });

  it('is refused where more repositories are meant than one call may ask, and where names contradict', async () => {
    const many = Object.fromEntries(
      Array.from({ length: LIMITS.repositories + 1 }, (_, i) => [`r${i}`, THREE.shop]),
    );
    await open({ repositories: many });
    expect((await search({})).text).toContain('at most 16');
    expect((await search({ repos: ['r0', 'r1', 'r1'] })).status).toBe(200);
    for (const args of [
      { repo: 'r0', repos: ['r1'] },
      { repos: [] },
      { repos: [''] },
      { repos: 7 },
      { repos: { 0: 'r0' } },
      { repo: 'r0', project: 'r1' },
      { repos: ['__proto__'] },
    ])
      expect([400, 404], JSON.stringify(args)).toContain((await search(args)).status);
  });

  it('is for search and locate: other operations are about one repository', async () => {
    await open();
    for (const repo of ['*', ['shop', 'web']])
      expect((await server.post('/v1/grep', { pattern: 'x', repo })).status).toBe(400);
    const like = await search({ query: undefined, like: 'shop/s0.ts:1-1' });
    expect([like.status, like.text.includes('names lines of one repository')]).toEqual([400, true]);
  });

  it('says that files of an editor were not looked at', async () => {
    await open();
    expect((await search({ active_file: 'shop/s0.ts' })).found.notes.join()).toContain('active_file');
  });

  it('comes from the client of the SDK, too', async () => {
    await open();
    const client = new ConexusClient({ url: server.url, repository: 'shop' });
    expect(reposOf(await client.search({ query: 'session' }, { repositories: 'all' }))).toEqual([
      'bank',
      'shop',
      'web',
    ]);
    const two = await client.locate({ task: 'session' }, { repositories: ['bank', 'web'] });
    expect([...new Set(two.results.map(({ repo }) => repo))].sort()).toEqual(['bank', 'web']);
    expect((await client.search({ query: 'session' })).repositories).toBeUndefined();
  });
});

describe('the order', () => {
  const roots: string[] = [];
  let close = async (): Promise<void> => undefined;
  let url = '';
  beforeAll(async () => {
    const common = Object.fromEntries(
      Array.from({ length: 8 }, (_, i) => [
        `src/f${i}.ts`,
        `/** Handles the request. */\nexport function request${i}() {}\n`,
      ]),
    );
    roots.push(
      makeRepository({ ...common, 'src/mail.ts': 'export function sendMail(request: string) {}\n' }),
      makeRepository({
        ...common,
        'src/token.ts':
          '/** Refuses a request whose bearer token is expired. */\nexport function refuseExpiredBearer(token: string) {}\n',
      }),
    );
    const home = temporaryFolder('across');
    roots.push(home);
    const file = join(home, 'serve.json');
    writeFileSync(file, JSON.stringify({ port: 0, repositories: { mail: roots[0], access: roots[1] } }));
    const env = { CONEXUS_HOME: home, CONEXUS_WORKERS: '1' };
    const opened = await openServer({
      settings: resolveSettings({ env, cwd: home, platform: process.platform }),
      serve: resolveServeSettings({
        cwd: home,
        file,
        root: home,
        repositories: [],
        allowedHosts: [],
        allowedOrigins: [],
      }),
      loadEngine,
      log: () => undefined,
    });
    url = opened.url;
    close = () => opened.close();
    const client = new ConexusClient({ url });
    for (const repository of ['mail', 'access'])
      await client.indexControl({ action: 'start', wait: true }, { repository });
  });
  afterAll(async () => {
    await close();
    for (const root of roots) rmSync(root, { recursive: true, force: true });
  });

  it('is by fit: one that has the rare words of the question comes before those that have its common one', async () => {
    const client = new ConexusClient({ url });
    const { results } = await client.search(
      { query: 'refuse a request with an expired bearer token' },
      { repositories: 'all' },
    );
    expect(results[0]).toMatchObject({ repo: 'access', path: 'src/token.ts' });
    const scores = results.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(reposOf({ results } as SearchOutput)).toEqual(['access', 'mail']);
    const [first] = (await client.search({ query: 'sendMail' }, { repositories: 'all' })).results;
    expect(first).toMatchObject({ repo: 'mail', path: 'src/mail.ts' });
  });

  it('is explained: the factor of the repository stands among the terms', async () => {
    const client = new ConexusClient({ url });
    const { results } = await client.search(
      { query: 'refuse a request with an expired bearer token', explain: true },
      { repositories: ['mail', 'access'] },
    );
    const factor = (repo: string) =>
      results.find((one) => one.repo === repo)?.terms?.find(({ name }) => name === 'repository')?.value ?? 0;
    expect(factor('access')).toBeGreaterThan(factor('mail'));
    expect(factor('mail')).toBeGreaterThan(0);
    expect(
      (await client.search({ query: 'request' }, { repositories: 'all' })).results[0]?.terms,
    ).toBeUndefined();
  });
});
