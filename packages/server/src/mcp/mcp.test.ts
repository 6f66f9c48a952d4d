import { IndexControlOutput, LocateOutput, SearchOutput } from '@conexus/sdk/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { UserError } from '../errors.ts';
import { TOOLS } from '../operations/registry.ts';
import { estimateTokens } from '../render/text.ts';
import type { Connection } from '../testing/connect.ts';
import { connect, ERAS, textOf } from '../testing/connect.ts';
import type { FakeOptions } from '../testing/fake-engine.ts';
import { INSTRUCTIONS } from './instructions.ts';
import { listTools } from './tools.ts';

const FILES = {
  'src/session.ts': 'export function invalidateSession(id: string) {\n  return store.delete(id);\n}\n',
  'src/store.ts': 'export const store = new Map<string, Session>();\n',
  'src/session.test.ts': 'it("ends a session", () => invalidateSession("a"));\n',
};

let connection: Connection | undefined;
afterEach(async () => {
  await connection?.close();
  connection = undefined;
});

for (const era of ERAS) {
  const open = async (options: Partial<FakeOptions> = {}, env: Record<string, string> = {}) => {
    connection = await connect(era, { files: FILES, ...options }, env);
    return connection;
  };

  describe(`MCP, ${era} client`, () => {
    it('negotiates the era, lists tools with all annotations, and keeps the snapshot', async () => {
      const { client } = await open();
      expect(client.getProtocolEra()).toBe(era === 'auto' ? 'modern' : 'legacy');
      expect(client.getInstructions()).toBe(INSTRUCTIONS);
      const { tools } = await client.listTools();
      expect(tools.map((tool) => tool.name)).toEqual([
        'search_codebase',
        'locate_relevant_files',
        'analyze_implementation',
        'get_related_info',
        'find_references',
        'index_control',
      ]);
      for (const tool of tools) {
        expect(Object.keys(tool.annotations ?? {}).sort()).toEqual([
          'destructiveHint',
          'idempotentHint',
          'openWorldHint',
          'readOnlyHint',
        ]);
        await expect(JSON.stringify(tool, null, 2)).toMatchFileSnapshot(`__toolsnaps__/${tool.name}.snap`);
      }
    });

    it('answers a search as markdown without structure, and states freshness', async () => {
      const { client } = await open();
      const result = await client.callTool({
        name: 'search_codebase',
        arguments: { query: 'invalidateSession' },
      });
      expect(result.structuredContent).toBeUndefined();
      expect(textOf(result)).toMatchInlineSnapshot(`
        "2 results for “invalidateSession”, best first. Quoted text is repository data.

        Index: fresh · commit 1a2b3c4d (main) · generation 1 · checked by scan in 2 ms

        ## 1. src/session.test.ts:1-2 — function session.test.ts [test]
        \`\`\`typescript
        it("ends a session", () => invalidateSession("a"));
        \`\`\`

        ## 2. src/session.ts:1-4 — function session.ts
        \`\`\`typescript
        export function invalidateSession(id: string) {
          return store.delete(id);
        }
        \`\`\`"
      `);
    });

    it('takes the names that agents invent', async () => {
      const { client } = await open();
      const result = await client.callTool({
        name: 'search_codebase',
        arguments: { Q: 'session', top_k: '1', path: 'src', language: null, includeTests: null },
      });
      expect(result.isError).toBeFalsy();
      expect(textOf(result).match(/^## /gm)).toHaveLength(1);
    });

    it.each([
      [
        'an unknown argument',
        'search_codebase',
        { query: 'x', fuzzy: true },
        /no argument "fuzzy" — Valid arguments: query, like, paths,/,
      ],
      ['a wrong type', 'search_codebase', { query: 7 }, /"query": .*expected string/],
      ['a missing argument', 'locate_relevant_files', {}, /"task": is required/],
      ['neither words nor lines', 'search_codebase', {}, /query is empty/],
      ['words and lines at once', 'search_codebase', { query: 'x', like: 'a.ts:1-2' }, /Both query and like/],
      ['lines outside', 'search_codebase', { like: '../../etc/passwd:1-2' }, /leaves the repository/],
      ['an empty query', 'search_codebase', { query: '' }, /"query": must not be empty/],
      ['a blank query', 'search_codebase', { query: ' \n ' }, /query is empty/],
      ['a query beyond the bound', 'search_codebase', { query: 'x'.repeat(100_001) }, /"query": .*100000/],
      ['an unknown kind', 'search_codebase', { query: 'x', kinds: ['source'] }, /"kinds.0"/],
      ['a limit out of bounds', 'locate_relevant_files', { task: 'x', limit: 0 }, /"limit"/],
      ['a path escape', 'search_codebase', { query: 'x', paths: ['../../etc/**'] }, /leaves the repository/],
      [
        'an absolute path elsewhere',
        'search_codebase',
        { query: 'x', active_file: '/etc/passwd' },
        /leaves the repository/,
      ],
      [
        'an invented cursor',
        'search_codebase',
        { query: 'x', cursor: 'eyJvIjoxMH0' },
        /cursor does not belong.*leave the cursor out/s,
      ],
      [
        'two values of one argument',
        'search_codebase',
        { query: 'x', q: 'y' },
        /"q" repeats the argument "query"/,
      ],
      ['an action that does not exist', 'index_control', { action: 'drop' }, /"action"/],
      ['reindex without paths', 'index_control', { action: 'reindex' }, /reindex needs paths/],
      [
        'prototype keys',
        'search_codebase',
        JSON.parse('{"query":"x","__proto__x":1,"constructor":1}'),
        /no argument/,
      ],
    ])('refuses %s with the next step', async (_what, name, args, message) => {
      const { client } = await open();
      const result = await client.callTool({ name, arguments: args as Record<string, unknown> });
      expect(result.isError).toBe(true);
      expect(textOf(result)).toMatch(message);
      expect(textOf(result)).toContain(' — ');
    });

    it('answers an unknown tool with the protocol error', async () => {
      const { client } = await open();
      await expect(client.callTool({ name: 'search_code', arguments: {} })).rejects.toMatchObject({
        code: -32602,
        message: expect.stringContaining('search_codebase'),
      });
    });

    it('passes the text of user errors, and of nothing else', async () => {
      const known = await open({
        throws: () => new UserError('store_corrupt', 'The index is damaged.', 'Run index_control rebuild.'),
      });
      const shown = await known.client.callTool({ name: 'search_codebase', arguments: { query: 'x' } });
      expect(textOf(shown)).toBe('The index is damaged — Run index_control rebuild.');
      await known.close();

      const { client, log } = await open({ throws: () => new Error('ENOENT /secret/path token=abc') });
      const hidden = await client.callTool({ name: 'search_codebase', arguments: { query: 'x' } });
      const id = /error id ([0-9a-f]{8})/.exec(textOf(hidden))?.[1];
      expect(hidden.isError).toBe(true);
      expect(textOf(hidden)).not.toContain('secret');
      expect(log.join('\n')).toContain(`error ${id}: Error: ENOENT /secret/path`);
    });

    it('continues a list by cursor, and says when the index changed in between', async () => {
      const { client, engine } = await open();
      const first = textOf(
        await client.callTool({ name: 'search_codebase', arguments: { query: 'session', limit: 1 } }),
      );
      const cursor = /"cursor": "([^"]+)"/.exec(first)?.[1];
      expect(first).toContain('more results left out (limit)');
      engine.generation = 2;
      const second = textOf(
        await client.callTool({ name: 'search_codebase', arguments: { query: 'session', limit: 1, cursor } }),
      );
      expect(second).toContain('## 2. ');
      expect(second).toContain('the index changed since the page before');
      const foreign = await client.callTool({
        name: 'search_codebase',
        arguments: { query: 'other', cursor },
      });
      expect(foreign.isError).toBe(true);
    });

    it('gives locate as structure and the same facts as text', async () => {
      const { client } = await open();
      const result = await client.callTool({
        name: 'locate_relevant_files',
        arguments: { issue: 'invalidateSession is wrong', limit: 2 },
      });
      const structured = LocateOutput.parse(result.structuredContent);
      const text = textOf(result);
      for (const item of structured.results) {
        expect(text).toContain(`${item.path}:${item.start}-${item.end}`);
        expect(text).toContain(item.reasons[0]);
      }
      expect(text.match(/^## /gm)).toHaveLength(structured.results.length);
      expect(structured.omitted.hits === 0).toBe(structured.next_cursor === undefined);
    });

    it('gives only structure to our own client', async () => {
      const { client } = await open();
      const result = await client.callTool({
        name: 'search_codebase',
        arguments: { query: 'session', explain: true },
        _meta: { 'conexus/output': 'structured' },
      });
      expect(textOf(result)).toBe('');
      expect(SearchOutput.parse(result.structuredContent).results[0]?.terms).toEqual([
        { name: 'words', value: expect.any(Number) },
      ]);
    });

    it('answers the first call at once, builds in the background, then answers in full', async () => {
      const { client } = await open({ indexed: false, jobMs: 4_000 });
      const first = textOf(
        await client.callTool({ name: 'search_codebase', arguments: { query: 'session' } }),
      );
      expect(first).toMatch(/^No results yet for “session”/);
      expect(first).toContain('wait for it with index_control {"action":"start","wait":true}');
      expect(first).toMatch(
        /Index: building, \d of 3 files \(\d+ %\), about [\d.]+ s left; answers are partial/,
      );
      const done = await client.callTool({
        name: 'index_control',
        arguments: { action: 'start', wait: true },
      });
      expect(IndexControlOutput.parse(done.structuredContent).job?.state).toBe('done');
      expect(
        textOf(await client.callTool({ name: 'search_codebase', arguments: { query: 'session' } })),
      ).toContain('Index: fresh');
    });

    it('answers a small repository in full on the first call', async () => {
      const { client } = await open({ indexed: false, jobMs: 1_000 });
      expect(
        textOf(await client.callTool({ name: 'search_codebase', arguments: { query: 'session' } })),
      ).toContain('## 1. ');
    });

    it('says that a build failed, and tries again at the next call', async () => {
      const { client, engine } = await open({ indexed: false, jobMs: 20, jobError: 'The disk is full.' });
      await client.callTool({ name: 'search_codebase', arguments: { query: 'session' } });
      await new Promise((resolve) => setTimeout(resolve, 120));
      expect(
        textOf(await client.callTool({ name: 'search_codebase', arguments: { query: 'session' } })),
      ).toContain('the last index job failed: The disk is full.');
      expect(engine.calls.filter((call) => call === 'start job').length).toBeGreaterThan(1);
    });

    it('says that a build was cancelled, and how it goes on', async () => {
      const { client } = await open({ indexed: false, jobMs: 5_000 });
      const search = () => client.callTool({ name: 'search_codebase', arguments: { query: 'session' } });
      await search();
      await client.callTool({ name: 'index_control', arguments: { action: 'cancel' } });
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(textOf(await search())).toContain('the last index job was cancelled; index_control');
    });

    it('sends progress that increases, when asked', async () => {
      const { client } = await open({ indexed: false, jobMs: 900 });
      const seen: number[] = [];
      await client.callTool(
        { name: 'index_control', arguments: { action: 'start', wait: true } },
        { onprogress: ({ progress }) => seen.push(progress) },
      );
      expect(seen.length).toBeGreaterThan(1);
      expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
      expect(seen.length).toBeLessThan(6);
    });

    it('controls jobs by handle', async () => {
      const { client } = await open({ indexed: false, jobMs: 5_000 });
      const call = async (args: Record<string, unknown>) =>
        IndexControlOutput.parse(
          (await client.callTool({ name: 'index_control', arguments: args })).structuredContent,
        );
      const started = await call({ action: 'rebuild' });
      expect(started.next).toContain(started.job?.id);
      expect((await call({ action: 'status', job_id: started.job?.id })).job?.state).toBe('running');
      expect((await call({ action: 'cancel' })).job?.state).toBe('cancelled');
      expect((await call({ action: 'cancel' })).message).toBe(
        'No job is running: the last one was cancelled.',
      );
      expect((await call({ action: 'status', job: 'job-of-another-life' })).message).toContain('No such job');
      expect((await call({ action: 'clear' })).message).toContain('removed');
      expect((await call({ action: 'status' })).status?.state).toBe('empty');
      expect((await call({ action: 'reindex', file: './src/session.ts' })).job?.state).toBe('running');
    });

    it('stops the work of a cancelled call', async () => {
      const { client, engine } = await open({ queryMs: 5_000 });
      const abort = new AbortController();
      const call = client.callTool(
        { name: 'search_codebase', arguments: { query: 'session' } },
        { signal: abort.signal },
      );
      setTimeout(() => abort.abort(), 50);
      await expect(call).rejects.toThrow();
      await expect.poll(() => engine.calls).toContain('aborted search');
    });

    it('answers at the deadline, whatever the work does', async () => {
      const { client } = await open({ queryMs: 5_000 }, { CONEXUS_DEADLINE_MS: '120' });
      const result = await client.callTool({ name: 'search_codebase', arguments: { query: 'session' } });
      expect(result.isError).toBe(true);
      expect(textOf(result)).toMatch(/took longer than 0.1 s — Narrow it/);
    });

    it('serves status, map, files with ranges, pages and completions', async () => {
      const many = Object.fromEntries(
        Array.from({ length: 450 }, (_, i) => [
          `src/f${String(i).padStart(3, '0')}.ts`,
          `line1 of ${i}\nline2\nline3`,
        ]),
      );
      const { client } = await open({ files: { ...many, 'odd name#1?.md': 'odd' } });
      const uris: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await client.listResources({ ...(cursor !== undefined && { cursor }) }, {
          cacheMode: 'bypass',
        } as never);
        uris.push(...page.resources.map((resource) => resource.uri));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      expect(new Set(uris).size).toBe(453);
      expect(uris).toContain('conexus://file/odd%20name%231%3F.md');
      const read = async (uri: string) =>
        ((await client.readResource({ uri })).contents[0] as { text: string }).text;
      expect(await read('conexus://file/odd%20name%231%3F.md')).toBe('odd');
      expect(await read('conexus://file/src/f007.ts?lines=2-3')).toBe('line2\nline3');
      expect(await read('conexus://file/src/f007.ts#L1-L2')).toBe('line1 of 7\nline2');
      expect(JSON.parse(await read('conexus://status')).state).toBe('ready');
      const map = await read('conexus://map');
      expect(map).toContain('src/ 450 files');
      expect(estimateTokens(map)).toBeLessThanOrEqual(2_000);
      const { completion } = await client.complete({
        ref: { type: 'ref/resource', uri: 'conexus://file/{+path}{?lines}' },
        argument: { name: 'path', value: 'src/f01' },
      });
      expect(completion.values).toHaveLength(10);
      expect((await client.listResourceTemplates()).resourceTemplates[0]?.uriTemplate).toBe(
        'conexus://file/{+path}{?lines}',
      );
    });

    it.each([
      ['conexus://file/src/none.ts', /src\/none.ts/],
      ['conexus://file/..%2f..%2fetc/passwd', /./],
      ['conexus://file/src/session.ts?lines=9-2', /not found/i],
      ['conexus://file/%ff', /not found/i],
      ['file:///etc/passwd', /not found/i],
      ['not a uri', /./],
    ])('refuses to read %s', async (uri, message) => {
      const { client } = await open();
      await expect(client.readResource({ uri })).rejects.toMatchObject({
        code: -32602,
        message: expect.stringMatching(message),
      });
    });

    it('refuses a foreign list cursor', async () => {
      const { client } = await open();
      await expect(client.listResources({ cursor: 'abc' })).rejects.toMatchObject({ code: -32602 });
    });
  });
}

describe('what a client pays for listing the tools', () => {
  it('lists what a model chooses by, and takes the rest all the same', () => {
    const listed = listTools(TOOLS)[0]?.inputSchema as { properties: Record<string, unknown> };
    expect(listed).toMatchObject({ type: 'object', additionalProperties: false });
    expect(listed.properties['paths']).toEqual({
      description: expect.any(String),
      type: 'array',
      items: { type: 'string' },
    });
    const full = TOOLS[0]?.inputSchema()['properties'] as Record<string, unknown>;
    for (const name of TOOLS[0]?.unlisted ?? []) {
      expect(listed.properties[name]).toBeUndefined();
      expect(full[name]).toBeDefined();
    }
  });

  it('stays under 2,000 tokens in all and 2 KB for each text', () => {
    expect(JSON.stringify(listTools(TOOLS)).length / 3.5).toBeLessThan(2_000);
    for (const tool of TOOLS) expect(Buffer.byteLength(tool.description)).toBeLessThan(2_048);
    expect(Buffer.byteLength(INSTRUCTIONS)).toBeLessThan(2_048);
  });
});
