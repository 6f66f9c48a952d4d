/** The client of the SDK against a real server. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConexusClient, ConexusClientError } from '@conexus/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestServer } from '../testing/serve.ts';
import { BANK, openTestServer, SHOP, until } from '../testing/serve.ts';

let server: TestServer;
let client: ConexusClient;
beforeEach(async () => {
  server = await openTestServer({
    withKey: true,
    repositories: { shop: { files: SHOP }, bank: { files: BANK }, slow: { files: SHOP, queryMs: 60_000 } },
  });
  client = new ConexusClient({
    url: `${server.url}/`,
    key: server.key({ scopes: ['read', 'index'] }),
    repository: 'shop',
  });
});
afterEach(() => server.close());

describe('the client', () => {
  it('asks every operation', async () => {
    const { repositories } = await client.repositories();
    expect(repositories.map(({ name }) => name)).toEqual(['shop', 'bank', 'slow']);
    expect((await client.search({ query: 'invalidateSession' })).results[0]?.path).toBe('src/session.ts');
    expect((await client.search({ query: 'vault' }, { repository: 'bank' })).results[0]?.path).toBe(
      'src/vault.ts',
    );
    expect((await client.locate({ task: 'invalidateSession' })).results[0]?.reasons).toHaveLength(1);
    expect(
      (await client.related({ target: 'invalidateSession' })).sections[0]?.entries.length,
    ).toBeGreaterThan(0);
    expect((await client.grep({ pattern: 'store' })).results[0]).toMatchObject({
      path: 'src/session.ts',
      line: 2,
    });
    expect(await client.status()).toMatchObject({ root: 'shop', state: 'ready' });
    expect((await client.indexControl({ action: 'start', wait: true })).job?.state).toBe('done');
  });

  it('follows a list by its cursor', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [`a${i}.ts`, `const session${i} = "session";\n`]),
    );
    const many = await openTestServer({ repositories: { many: { files } } });
    const asker = new ConexusClient({ url: many.url });
    const paths: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await asker.search({
        query: 'session',
        limit: 5,
        ...(cursor !== undefined && { cursor }),
      });
      paths.push(...page.results.map(({ path }) => path));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    expect(paths.toSorted()).toEqual(Object.keys(files).sort());
    await many.close();
  });

  it('throws what the server says, with what to do', async () => {
    const errorOf = (work: Promise<unknown>) =>
      work.then(
        () => undefined,
        (error: ConexusClientError) => error,
      );
    expect(await errorOf(client.search({ query: '' }))).toMatchObject({
      name: 'ConexusClientError',
      code: 'invalid_argument',
      status: 400,
      advice: expect.stringContaining('Correct it'),
    });
    expect(await errorOf(client.status({ repository: 'none' }))).toMatchObject({
      code: 'repository_not_found',
      status: 404,
    });
    expect(await errorOf(new ConexusClient({ url: server.url }).status())).toMatchObject({
      code: 'unauthenticated',
      status: 401,
    });
    const reader = new ConexusClient({ url: server.url, key: server.key(), repository: 'shop' });
    expect(await errorOf(reader.indexControl({ action: 'clear' }))).toMatchObject({
      code: 'forbidden',
      status: 403,
    });
    const limited = await openTestServer({ config: { limits: { principal_rate: 1, principal_burst: 1 } } });
    const hasty = new ConexusClient({ url: limited.url });
    await hasty.status();
    expect(await errorOf(hasty.status())).toMatchObject({
      code: 'overloaded',
      status: 429,
      retryAfterSeconds: 1,
    });
    await limited.close();
  });

  it('ends a call with its work when it is cancelled or takes too long', async () => {
    const controller = new AbortController();
    const asked = client.search({ query: 'x' }, { repository: 'slow', signal: controller.signal });
    await until(() => server.engines['slow']?.calls.includes('search') === true);
    controller.abort();
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
    await until(() => server.engines['slow']?.calls.includes('aborted search') === true);
    const hasty = new ConexusClient({
      url: server.url,
      key: server.key(),
      repository: 'slow',
      timeoutMs: 100,
    });
    await expect(hasty.search({ query: 'x' })).rejects.toMatchObject({ code: 'timeout' });
  });

  it('tells a wrong address from a refusal, and takes its key nowhere else', async () => {
    const keys: unknown[] = [];
    const stranger = createServer((request, response) => {
      keys.push(request.headers.authorization);
      if (request.url?.startsWith('/moved') === true)
        response.writeHead(307, { location: `${server.url}/v1/status` });
      response.end('<html>hello</html>');
    });
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
    await expect(new ConexusClient({ url }).status()).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('no Conexus'),
    });
    await expect(
      new ConexusClient({ url: `${url}/moved`, key: server.key() }).status(),
    ).rejects.toMatchObject({ code: 'unreachable' });
    expect(server.ends).toEqual([]);
    await new Promise((resolve) => stranger.close(resolve));
    await expect(new ConexusClient({ url }).status()).rejects.toBeInstanceOf(ConexusClientError);
  });
});
