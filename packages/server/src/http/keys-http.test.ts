/** Who may ask what: keys, scopes, repositories; over every door, in both eras. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyAudit } from '../access/audit-files.ts';
import { auditFolder } from '../access/audit-log.ts';
import { keyStoreFile, openKeyStore } from '../access/key-store.ts';
import { SHARED } from '../operations/registry.ts';
import { ERAS, textOf } from '../testing/connect.ts';
import type { TestServer } from '../testing/serve.ts';
import { BANK, bearer, openTestServer, rpcOf, SHOP, until } from '../testing/serve.ts';

let server: TestServer;
beforeEach(async () => {
  server = await openTestServer({
    withKey: true,
    repositories: { shop: { files: SHOP }, bank: { files: BANK } },
    config: { limits: { principal_rate: 10_000, principal_burst: 10_000 } },
  });
});
afterEach(() => server.close());

const status = (headers: Readonly<Record<string, string>>) =>
  server.post('/v1/status', { repo: 'shop' }, headers);

describe('a request without a valid key', () => {
  it.each([
    ['no header', {}, 'Bearer realm="conexus"'],
    ['an empty one', { authorization: '' }, 'Bearer realm="conexus"'],
    ['another scheme', { authorization: 'Basic YTpi' }, 'Bearer realm="conexus"'],
    [
      'a token of somebody else',
      { authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJyb290In0.' },
      'Bearer realm="conexus", error="invalid_token"',
    ],
    [
      'an invented key',
      { authorization: `Bearer cnx_${'a'.repeat(12)}_${'A'.repeat(43)}` },
      'Bearer realm="conexus", error="invalid_token"',
    ],
    ['a key in the address', {}, 'Bearer realm="conexus"'],
  ])('%s: 401 with the challenge, at every door', async (_what, headers, challenge) => {
    const key = server.key();
    for (const path of ['/mcp', '/mcp/shop', `/v1/status?key=${key}`, '/v1/nothing']) {
      const response = await server.post(path, { jsonrpc: '2.0', id: 1, method: 'tools/list' }, headers);
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, challenge]);
    }
  });

  it('a key whose secret is of another key, or one letter off, is refused', async () => {
    const [one, two] = [server.key(), server.key()];
    const mixed = `${one.slice(0, 17)}${two.slice(17)}`;
    const off = `${one.slice(0, -2)}${one.at(-2) === 'A' ? 'B' : 'A'}${one.at(-1)}`;
    for (const key of [mixed, off, `${one}x`, one.toUpperCase(), one.slice(0, -1)]) {
      expect((await status(bearer(key))).status).toBe(401);
    }
    expect((await status(bearer(one))).status).toBe(200);
  });

  it('an expired key is refused, and a revoked one from the next request on', async () => {
    expect((await status(bearer(server.key({ expiresAt: Date.now() - 1 })))).status).toBe(401);
    const key = server.key();
    expect((await status(bearer(key))).status).toBe(200);
    const store = openKeyStore(keyStoreFile(server.home));
    expect(store.revoke(key.slice(4, 16), Date.now(), () => undefined)).toBe(true);
    store.close();
    expect((await status(bearer(key))).status).toBe(401);
  });

  it('is slowed down when it goes on', async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => status({ authorization: 'Bearer wrong' })),
    );
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([401, 429]));
    expect((await status(bearer(server.key()))).status).toBe(200);
  });

  it('sees health and the description alone', async () => {
    for (const path of ['/livez', '/readyz', '/openapi.json'])
      expect((await fetch(server.url + path)).status).toBe(200);
  });
});

describe('a key for one repository', () => {
  it('finds nothing of another one, in any operation', async () => {
    const headers = bearer(server.key({ repositories: ['shop'], scopes: ['read', 'index'] }));
    const args: Readonly<Record<string, object>> = {
      search_codebase: { query: 'vaultCombination' },
      locate_relevant_files: { task: 'vaultCombination' },
      get_related_info: { target: '#12' },
      analyze_implementation: { target: 'vaultCombination' },
      find_references: { name: 'vaultCombination' },
      impact: { target: 'vaultCombination' },
      index_control: { action: 'clear' },
      grep: { pattern: 'vaultCombination' },
      status: {},
    };
    for (const { name } of SHARED.filter((operation) => operation.name !== 'repositories')) {
      const foreign = await server.post(`/v1/${name}`, { ...args[name], repo: 'bank' }, headers);
      const absent = await server.post(`/v1/${name}`, { ...args[name], repo: 'none' }, headers);
      expect(foreign.status, name).toBe(404);
      expect((await foreign.text()).replaceAll('bank', 'none')).toBe(await absent.text());
      const own = await server.post(`/v1/${name}`, args[name], headers);
      expect(own.status, name).toBe(200);
      expect(await own.text()).not.toMatch(/vault\.ts|left right left|bank/);
    }
    const listed = await server.post('/v1/repositories', {}, headers);
    expect(await listed.text()).not.toContain('bank');
    expect(server.engines['bank']?.calls).not.toContain('clear');
  });

  for (const era of ERAS) {
    it(`is held over MCP, ${era} client`, async () => {
      const key = server.key({ repositories: ['shop'] });
      const client = await server.connect(era, '/mcp', key);
      const foreign = await client.callTool({
        name: 'search_codebase',
        arguments: { query: 'x', repo: 'bank' },
      });
      expect(textOf(foreign)).toMatch(/^There is no repository "bank" that you may read/);
      const { resources } = await client.listResources();
      expect(JSON.stringify(resources)).not.toContain('vault');
      await expect(client.readResource({ uri: 'conexus://file/src/vault.ts' })).rejects.toThrow();
      await client.close();
      await expect(server.connect(era, '/mcp/bank', key)).rejects.toThrow(/404|no repository/i);
    });
  }

  it('cannot go on with the cursor of another repository', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [`src/a${i}.ts`, `export const session${i} = "session";\n`]),
    );
    const two = await openTestServer({ repositories: { one: { files: many }, two: { files: many } } });
    const ask = (repo: string, cursor?: string) =>
      two.post('/v1/search_codebase', { repo, query: 'session', limit: 5, ...(cursor && { cursor }) });
    const { next_cursor: cursor } = (await (await ask('one')).json()) as { next_cursor: string };
    expect((await ask('one', cursor)).status).toBe(200);
    expect((await ask('two', cursor)).status).toBe(400);
    await two.close();
  });
});

describe('scopes', () => {
  const start = { repo: 'shop', action: 'start' };

  it('read may look at an index, and not change it: 403 with the scope that is wanted', async () => {
    const headers = bearer(server.key({ scopes: ['read'] }));
    expect((await server.post('/v1/index_control', { repo: 'shop', action: 'status' }, headers)).status).toBe(
      200,
    );
    for (const action of ['start', 'rebuild', 'clear', 'cancel']) {
      const response = await server.post('/v1/index_control', { repo: 'shop', command: action }, headers);
      expect(response.status).toBe(403);
      expect(response.headers.get('www-authenticate')).toBe(
        'Bearer realm="conexus", error="insufficient_scope", scope="index"',
      );
    }
    const call = {
      jsonrpc: '2.0',
      id: 7,
      method: 'tools/call',
      params: { name: 'index_control', arguments: start },
    };
    const response = await server.post('/mcp', call, headers);
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toContain('scope="index"');
    expect(await rpcOf(response)).toMatchObject({ id: 7, error: { code: -32_000 } });
    expect(server.engines['shop']?.calls).not.toContain('clear');
  });

  it('hold for requests that the fast path leaves to the SDK', async () => {
    const headers = bearer(server.key({ scopes: ['read'] }));
    const params = { name: 'index_control', arguments: { repo: 'shop', action: 'clear' } };
    const envelope = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': { roots: { listChanged: true } },
    };
    const modern = {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'index_control',
    };
    const odd: readonly (readonly [object, Record<string, string>])[] = [
      [{ ...params, extra: 1 }, {}],
      [{ ...params, task: {} }, {}],
      [
        {
          ...params,
          _meta: {
            ...envelope,
            'io.modelcontextprotocol/clientInfo': { name: 'a', version: '1', icons: [] },
          },
        },
        modern,
      ],
      [
        { ...params, _meta: envelope },
        { ...modern, 'mcp-name': '=?base64?aW5kZXhfY29udHJvbA==?=' },
      ],
    ];
    for (const [one, more] of odd) {
      const response = await server.post(
        '/mcp',
        { jsonrpc: '2.0', id: 1, method: 'tools/call', params: one },
        { ...headers, ...more },
      );
      expect(JSON.stringify(await rpcOf(response))).toMatch(/needs the scope|error/);
      expect(server.ends.at(-1)?.fast).toBeUndefined();
    }
    expect(server.engines['shop']?.calls).not.toContain('clear');
    expect(
      server.ends.filter(({ outcome, operation }) => outcome === 'denied' && operation === 'index_control')
        .length,
    ).toBeGreaterThan(1);
  });

  it('index may change, and alone reads nothing', async () => {
    expect(
      (await server.post('/v1/index_control', start, bearer(server.key({ scopes: ['read', 'index'] }))))
        .status,
    ).toBe(200);
    const only = bearer(server.key({ scopes: ['index'] }));
    expect((await server.post('/v1/search_codebase', { repo: 'shop', query: 'x' }, only)).status).toBe(404);
  });
});

describe('the audit log', () => {
  it('tells who asked what of which repository, proves itself, and holds no key and no query', async () => {
    const key = server.key({ name: 'auditor' });
    await server.post('/v1/search_codebase', { repo: 'bank', query: 'invalidateSessionQuery' }, bearer(key));
    await status({ authorization: `Bearer ${key.slice(0, -3)}xyz` });
    await status({ authorization: 'Bearer sk_live_somebodyelsessecret' });
    const folder = auditFolder(server.home);
    const text = () =>
      readdirSync(folder)
        .map((name) => readFileSync(join(folder, name), 'utf8'))
        .join('');
    await until(() => text().includes('"malformed"'));
    expect(text()).toMatch(
      new RegExp(
        `"event":"call".*"principal":"key:${key.slice(4, 16)}".*"operation":"search_codebase","repository":"bank","outcome":"ok"`,
      ),
    );
    expect(text()).toMatch(new RegExp(`"event":"denied","reason":"unknown","key":"${key.slice(4, 16)}"`));
    for (const secret of [key.slice(17), 'somebodyelses', 'invalidateSessionQuery', server.home])
      expect(text()).not.toContain(secret);
    expect(verifyAudit(folder).every(({ fault }) => fault === undefined)).toBe(true);
  });
});

describe('a client that does not listen', () => {
  it('leaves a record of its first refusal and a number of the others', async () => {
    await server.close();
    server = await openTestServer({
      withKey: true,
      repositories: { shop: { files: SHOP } },
      config: { limits: { principal_rate: 1, principal_burst: 2 } },
    });
    const key = bearer(server.key());
    for (let i = 0; i < 30; i++) await (await status(key)).text();
    const refused = server.ends.filter(({ status: code }) => code === 429).length;
    expect(refused).toBeGreaterThan(20);
    const folder = auditFolder(server.home);
    const records = () =>
      readdirSync(folder)
        .flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'))
        .filter((line) => line.includes('"status":429'));
    await until(() => records().length > 0);
    expect(records()).toHaveLength(1);
  });
});

describe('a kept answer', () => {
  it('is no way around a key, a scope or the repositories that it may read', async () => {
    await server.close();
    server = await openTestServer({
      withKey: true,
      repositories: { bank: { files: BANK, freshness: { checkedBy: 'watcher' } }, shop: { files: SHOP } },
    });
    const ask = (headers: Readonly<Record<string, string>>) =>
      server.post('/v1/search_codebase', { query: 'vaultCombination', repo: 'bank' }, headers);
    const banker = bearer(server.key({ repositories: ['bank'] }));
    const searches = () => server.engines['bank']?.calls.filter((call) => call === 'search').length;
    for (let i = 0; i < 5; i++) expect((await ask(banker)).status).toBe(200);
    expect(searches()).toBeLessThan(5);
    expect((await ask({})).status).toBe(401);
    expect((await ask(bearer(server.key({ repositories: ['shop'] })))).status).toBe(404);
    expect((await ask(bearer(server.key({ scopes: ['index'], repositories: ['bank'] })))).status).toBe(404);
  });
});
