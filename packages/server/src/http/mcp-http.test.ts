import { IndexControlOutput, RepositoriesOutput, SearchOutput } from '@conexus/sdk/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { UserError } from '../errors.ts';
import { INSTRUCTIONS, SHARED_INSTRUCTIONS } from '../mcp/instructions.ts';
import { SHARED_TOOLS, TOOLS } from '../operations/registry.ts';
import { estimateTokens } from '../render/text.ts';
import { ERAS, textOf } from '../testing/connect.ts';
import type { TestServer, TestServerOptions } from '../testing/serve.ts';
import { BANK, openTestServer, SHOP, until } from '../testing/serve.ts';

const TWO = { shop: { files: SHOP }, bank: { files: BANK } };

let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});
const open = async (options: TestServerOptions = {}): Promise<TestServer> => {
  server = await openTestServer(options);
  return server;
};

for (const era of ERAS) {
  describe(`MCP over HTTP, ${era} client`, () => {
    it('negotiates the era and lists the tools, each with "repo"', async () => {
      const client = await (await open({ repositories: TWO })).connect(era);
      expect(client.getProtocolEra()).toBe(era === 'auto' ? 'modern' : 'legacy');
      expect(client.getInstructions()).toBe(SHARED_INSTRUCTIONS);
      const { tools } = await client.listTools();
      expect(tools.map((tool) => tool.name)).toEqual(SHARED_TOOLS.map((tool) => tool.name));
      for (const tool of tools.filter(({ name }) => name !== 'repositories'))
        expect(tool.inputSchema.properties).toHaveProperty('repo');
      expect(estimateTokens(JSON.stringify(tools))).toBeLessThan(2_400);
      await client.close();
    });

    it('searches the repository that is named, and no other', async () => {
      const client = await (await open({ repositories: TWO })).connect(era);
      const ask = (repo: string) =>
        client.callTool({
          name: 'search_codebase',
          arguments: { query: 'vaultCombination invalidateSession', repo },
        });
      expect(textOf(await ask('shop'))).toMatch(/src\/session\.ts/);
      expect(textOf(await ask('shop'))).not.toMatch(/vault\.ts/);
      expect(textOf(await ask('bank'))).toMatch(/src\/vault\.ts/);
      const listed = await client.callTool({ name: 'repositories', arguments: {} });
      const { repositories } = RepositoriesOutput.parse(listed.structuredContent);
      expect(repositories.map(({ name, state }) => `${name} ${state}`)).toEqual(['shop ready', 'bank ready']);
      await client.close();
    });

    it('asks for "repo" where there are several and one is meant, and needs none where there is one', async () => {
      const several = await (await open({ repositories: TWO })).connect(era);
      const unnamed = await several.callTool({ name: 'find_references', arguments: { name: 'x' } });
      expect(unnamed.isError).toBe(true);
      expect(textOf(unnamed)).toMatch(/several repositories.* — .*repositories lists/);
      await several.close();
      await server?.close();
      const one = await (await open()).connect(era);
      const found = await one.callTool({
        name: 'search_codebase',
        arguments: { query: 'invalidateSession' },
      });
      expect(textOf(found)).toMatch(/src\/session\.ts:1-4/);
      await one.close();
    });

    it('serves one repository at /mcp/<name> as over standard input and output', async () => {
      const client = await (await open({ repositories: TWO })).connect(era, '/mcp/bank');
      expect(client.getInstructions()).toBe(INSTRUCTIONS);
      const { tools } = await client.listTools();
      expect(tools.map((tool) => tool.name)).toEqual(TOOLS.map((tool) => tool.name));
      expect(
        textOf(await client.callTool({ name: 'search_codebase', arguments: { query: 'vault' } })),
      ).toMatch(/src\/vault\.ts/);
      const { resources } = await client.listResources();
      expect(resources.map(({ name }) => name)).toContain('src/vault.ts');
      const read = await client.readResource({ uri: 'conexus://file/src/vault.ts' });
      expect(JSON.stringify(read.contents)).toContain('vaultCombination');
      await client.close();
    });

    it('has no resources where an address names no repository', async () => {
      const client = await (await open({ repositories: TWO })).connect(era);
      expect((await client.listResources()).resources).toEqual([]);
      await expect(client.readResource({ uri: 'conexus://map' })).rejects.toMatchObject({ code: -32602 });
      await client.close();
    });

    it('answers programs with structure', async () => {
      const client = await (await open()).connect(era);
      const result = await client.callTool({
        name: 'search_codebase',
        arguments: { query: 'invalidateSession' },
        _meta: { 'conexus/output': 'structured' },
      });
      expect(SearchOutput.parse(result.structuredContent).results).toHaveLength(1);
      await client.close();
    });

    it('refuses with the exact code: unknown tool, unknown resource, bad cursor', async () => {
      const client = await (await open()).connect(era);
      await expect(client.callTool({ name: 'search_code', arguments: {} })).rejects.toMatchObject({
        code: -32602,
      });
      await expect(client.readResource({ uri: 'conexus://nothing' })).rejects.toMatchObject({ code: -32602 });
      await expect(client.listResources({ cursor: '!' })).rejects.toMatchObject({ code: -32602 });
      const bad = await client.callTool({ name: 'search_codebase', arguments: { query: 7 } });
      expect(bad.isError).toBe(true);
      await client.close();
    });

    it('sends progress as a stream when a client asks for it', async () => {
      const slow = { shop: { files: SHOP, indexed: false, jobMs: 1_500 } };
      const client = await (await open({ repositories: slow })).connect(era);
      const seen: number[] = [];
      const result = await client.callTool(
        { name: 'index_control', arguments: { action: 'start', wait: true } },
        { onprogress: ({ progress }) => void seen.push(progress) },
      );
      expect(IndexControlOutput.parse(result.structuredContent).job?.state).toBe('done');
      expect(seen.length).toBeGreaterThan(0);
      expect(seen).toEqual(seen.toSorted((a, b) => a - b));
      await client.close();
    });

    it('ends at the deadline with an answer, whatever works on it', async () => {
      const client = await (
        await open({
          repositories: { shop: { files: SHOP, queryMs: 60_000 } },
          env: { CONEXUS_DEADLINE_MS: '200' },
        })
      ).connect(era);
      const result = await client.callTool({ name: 'search_codebase', arguments: { query: 'x' } });
      expect(textOf(result)).toMatch(/took longer than 0.2 s — /);
      await until(() => server?.engines['shop']?.calls.includes('aborted search') === true);
      expect(server?.ends.at(-1)).toMatchObject({
        operation: 'search_codebase',
        repository: 'shop',
        outcome: 'timeout',
      });
      await client.close();
    });

    it('answers many calls at once, each with its own answer', async () => {
      const client = await (await open({ repositories: TWO })).connect(era);
      const answers = await Promise.all(
        Array.from({ length: 30 }, (_, i) =>
          client.callTool({
            name: 'search_codebase',
            arguments: { query: `session${i} vault`, repo: i % 2 ? 'shop' : 'bank' },
          }),
        ),
      );
      for (const [i, answer] of answers.entries()) expect(textOf(answer)).toContain(`session${i} `);
      await client.close();
    });

    it('lets no path of its machine out: status, errors, notes', async () => {
      const { home } = await open({
        repositories: {
          shop: { files: SHOP },
          gone: {
            throws: () =>
              new UserError('root_missing', `The folder ${server?.home}/roots/gone is gone.`, 'See it.'),
          },
        },
      });
      const client = await (server as TestServer).connect(era);
      const status = await client.callTool({
        name: 'index_control',
        arguments: { action: 'status', repo: 'shop' },
      });
      const failed = await client.callTool({
        name: 'search_codebase',
        arguments: { query: 'x', repo: 'gone' },
      });
      expect(textOf(failed)).toBe('The folder <gone> is gone — See it.');
      expect(JSON.stringify([status, failed])).not.toContain(home);
      await client.close();
    });
  });
}

describe('cancellation', () => {
  it('stops the work when the client closes its request', async () => {
    const { url, engines, ends } = await open({ repositories: { shop: { files: SHOP, queryMs: 60_000 } } });
    const controller = new AbortController();
    const asked = fetch(`${url}/v1/search_codebase`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: 'x' }),
      signal: controller.signal,
    });
    asked.catch(() => undefined);
    await until(() => engines['shop']?.calls.includes('search') === true);
    controller.abort();
    await until(() => engines['shop']?.calls.includes('aborted search') === true);
    await until(() => ends.length === 1);
    expect(ends[0]).toMatchObject({ operation: 'search_codebase', outcome: 'cancelled' });
  });
});

it('a refusal names the message that was refused, once it was read', async () => {
  const { post } = await open();
  const ping = (id: unknown) => ({ jsonrpc: '2.0', id, method: 'ping', params: {} });
  for (const [id, named] of [
    [7, 7],
    ['seven', 'seven'],
    [{ deep: 1 }, null],
  ]) {
    const answer = await post('/mcp/nope', ping(id));
    expect([answer.status, await answer.json()]).toMatchObject([
      404,
      { id: named, error: { code: -32_000 } },
    ]);
  }
});
