/**
 * What a client may do to the server, as messages: one list of scenarios, run in both protocol eras over standard input and
 * output and over HTTP. Codes are exact. The SDK's clients are in mcp.test.ts and mcp-http.test.ts.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { UserError } from '../errors.ts';
import { TOOLS } from '../operations/registry.ts';
import type { Answer, Wire, WireOptions } from '../testing/wires.ts';
import { HELLO, openWire } from '../testing/wires.ts';

const FILES = {
  'src/session.ts': 'export function invalidateSession(id: string) {\n  return store.delete(id);\n}\n',
  'src/store.ts': 'export const store = new Map<string, Session>();\n',
};
const MANY = Object.fromEntries(
  Array.from({ length: 450 }, (_, i) => [`src/f${i}.ts`, `export const session${i} = "session";\n`]),
);
const INVALID_REQUEST = -32_600;
const NO_METHOD = -32_601;
const INVALID_PARAMS = -32_602;

interface Scenario {
  readonly what: string;
  readonly over?: Partial<WireOptions>;
  run(wire: Wire): Promise<void>;
}

/** Arguments with which each tool answers, and some that it refuses with the text. */
const TOOL_CASES: Readonly<Record<string, readonly [good: object, bad: object, refusal: RegExp]>> = {
  search_codebase: [{ query: 'session' }, { query: 7 }, /"query": .*expected string/],
  locate_relevant_files: [{ task: 'session' }, {}, /"task": is required/],
  analyze_implementation: [{ target: 'session' }, { target: 'x', fuzzy: 1 }, /no argument "fuzzy"/],
  get_related_info: [{ target: '#12' }, { target: '#12', limit: 0 }, /"limit"/],
  find_references: [{ name: 'invalidateSession' }, { name: 'x', relation: 'friends' }, /"relation"/],
  index_control: [{ action: 'status' }, { action: 'drop' }, /"action"/],
};

const call = (wire: Wire, name: string, args: object, asking: Parameters<Wire['request']>[2] = {}) =>
  wire.request('tools/call', { name, arguments: args }, asking);
const search = (wire: Wire, args: object = {}, asking = {}) =>
  call(wire, 'search_codebase', { query: 'session', ...args }, asking);
const textOf = (answer: Answer | undefined): string =>
  (answer?.result?.['content'] as { text: string }[] | undefined)?.[0]?.text ?? '';
const structureOf = (answer: Answer | undefined) =>
  answer?.result?.['structuredContent'] as Readonly<Record<string, unknown>>;
const STRUCTURED = { meta: { 'conexus/output': 'structured' } };

async function refused(answer: Promise<Answer | undefined>, code: number, message = /\S/): Promise<void> {
  expect((await answer)?.error).toMatchObject({ code, message: expect.stringMatching(message) });
}

const connection: readonly Scenario[] = [
  {
    what: 'connect: the server says who it is, what it can, and how to use it',
    async run(wire) {
      const [method, params] =
        wire.era === 'legacy' ? (['initialize', HELLO] as const) : (['server/discover', {}] as const);
      // A connection over stdio has been greeted, and answers a second greeting of its era as well.
      const { result } = (await wire.request(method, params)) ?? {};
      expect(result).toMatchObject({
        capabilities: { tools: {}, resources: {}, prompts: {}, completions: {} },
        instructions: expect.stringMatching(/\S/),
      });
      expect(JSON.stringify(result)).toContain('"name":"conexus"');
      if (wire.era === 'legacy') expect(result?.['protocolVersion']).toBe('2025-11-25');
      else expect(result?.['supportedVersions']).toEqual(['2026-07-28']);
    },
  },
  {
    what: 'disconnect and reconnect: a new client is served by the same process, from the same index',
    async run(wire) {
      expect(textOf(await search(wire))).toContain('src/session.ts');
      await wire.reconnect();
      expect(textOf(await search(wire))).toContain('src/session.ts');
      expect(wire.engine.calls.filter((one) => one === 'open')).toHaveLength(1);
    },
  },
  {
    what: 'reconnect: a cursor of the connection before goes on',
    over: { files: MANY },
    async run(wire) {
      const first = structureOf(await search(wire, { limit: 5 }, STRUCTURED));
      await wire.reconnect();
      const next = structureOf(await search(wire, { limit: 5, cursor: first['next_cursor'] }, STRUCTURED));
      const paths = [first, next].flatMap((page) =>
        (page['results'] as { path: string }[]).map(({ path }) => path),
      );
      expect(new Set(paths).size).toBe(10);
    },
  },
  {
    what: 'ping is of the older era alone',
    async run(wire) {
      if (wire.era === 'legacy') expect((await wire.request('ping'))?.result).toEqual({});
      else await refused(wire.request('ping'), NO_METHOD);
    },
  },
  {
    what: 'ids come back as they were sent: text, numbers, zero, odd letters',
    async run(wire) {
      for (const id of ['a', '0', 'q"\\\n', 0, -1, Number.MAX_SAFE_INTEGER])
        expect((await wire.request('tools/list', {}, { id }))?.id).toBe(id);
    },
  },
  {
    what: 'a notification is not answered, known or not',
    async run(wire) {
      const before = wire.heard.length;
      await wire.notify('notifications/initialized');
      await wire.notify('notifications/cancelled', { requestId: 4_711 });
      expect((await wire.request('tools/list'))?.result).toBeDefined();
      expect(wire.heard.slice(before).filter((message) => message['id'] !== undefined)).toHaveLength(1);
    },
  },
];

const discovery: readonly Scenario[] = [
  {
    what: 'discovery: tools, each with schema and all annotations, in one order',
    async run(wire) {
      const list = async () => (await wire.request('tools/list'))?.result?.['tools'];
      const tools = (await list()) as { name: string; inputSchema: object; annotations: object }[];
      expect(tools.map(({ name }) => name)).toEqual(TOOLS.map(({ name }) => name));
      for (const { inputSchema, annotations } of tools) {
        expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
        expect(Object.keys(annotations)).toHaveLength(4);
      }
      expect(await list()).toEqual(tools);
    },
  },
  {
    what: 'discovery: resources, templates, prompts, completion',
    async run(wire) {
      const result = async (method: string, params = {}) => (await wire.request(method, params))?.result;
      expect(JSON.stringify(await result('resources/list'))).toContain('conexus://file/src/session.ts');
      expect(JSON.stringify(await result('resources/templates/list'))).toContain('{+path}');
      expect((await result('prompts/list'))?.['prompts']).toHaveLength(3);
      const completed = await result('completion/complete', {
        ref: { type: 'ref/resource', uri: 'conexus://file/{+path}{?lines}' },
        argument: { name: 'path', value: 'src/st' },
      });
      expect(completed?.['completion']).toMatchObject({ values: ['src/store.ts'] });
    },
  },
  {
    what: 'a resource is read, whole and in part',
    async run(wire) {
      const read = async (uri: string) =>
        (await wire.request('resources/read', { uri }))?.result?.['contents'] as { text: string }[];
      expect((await read('conexus://file/src/store.ts'))[0]?.text).toContain('new Map');
      expect((await read('conexus://file/src/session.ts?lines=2-2'))[0]?.text).toBe(
        '  return store.delete(id);',
      );
    },
  },
];

const tools: readonly Scenario[] = TOOLS.flatMap(({ name }) => {
  const [good, bad, refusal] = TOOL_CASES[name] ?? [];
  return [
    {
      what: `${name}: answers as text, and as structure to a program`,
      async run(wire: Wire) {
        const answer = await call(wire, name, good ?? {});
        expect(answer?.result?.['isError']).toBeFalsy();
        expect(textOf(answer)).not.toBe('');
        const structured = await call(wire, name, good ?? {}, STRUCTURED);
        const { output } = TOOLS.find((tool) => tool.name === name) ?? {};
        expect(output?.safeParse(structureOf(structured)).error).toBeUndefined();
      },
    },
    {
      what: `${name}: refuses arguments as a result with the next step, and with its code to a program`,
      async run(wire: Wire) {
        const answer = await call(wire, name, bad ?? {});
        expect(answer?.result?.['isError']).toBe(true);
        expect(textOf(answer)).toMatch(refusal ?? /never/);
        expect(textOf(answer)).toContain(' — ');
        const { error } = structureOf(await call(wire, name, bad ?? {}, STRUCTURED)) as { error: object };
        expect(error).toMatchObject({ code: 'invalid_argument', advice: expect.stringMatching(/\S/) });
      },
    },
  ];
});

const errors: readonly Scenario[] = [
  ...['tools/drop', 'tools', '__proto__', 'constructor', '', 'rpc.discover'].map((method) => ({
    what: `the method ${JSON.stringify(method)} is not found`,
    run: (wire: Wire) => refused(wire.request(method, {}), NO_METHOD),
  })),
  ...(
    [
      ['an unknown tool', 'tools/call', { name: 'drop' }],
      ['a tool without name', 'tools/call', {}],
      ['a tool whose name is a number', 'tools/call', { name: 7 }],
      ['arguments that are a list', 'tools/call', { name: 'search_codebase', arguments: ['x'] }],
      ['a resource that is not there', 'resources/read', { uri: 'conexus://file/src/none.ts' }],
      ['a resource outside', 'resources/read', { uri: 'conexus://file/../../etc/passwd' }],
      ['a resource without address', 'resources/read', {}],
      ['a list from an invented cursor', 'resources/list', { cursor: 'abc' }],
      ['a prompt that is not there', 'prompts/get', { name: 'drop' }],
      ['a completion of nothing', 'completion/complete', {}],
    ] as const
  ).map(([what, method, params]) => ({
    what: `${what}: invalid params`,
    run: (wire: Wire) => refused(wire.request(method, params), INVALID_PARAMS),
  })),
  ...(
    [
      ['text', 'garbage', -32_700],
      ['half an object', '{"jsonrpc":"2.0",', -32_700],
      ['a batch', '[{"jsonrpc":"2.0","id":1,"method":"tools/list"}]', INVALID_REQUEST],
      ['another version', '{"jsonrpc":"1.0","id":1,"method":"tools/list"}', undefined],
      ['an id that is an object', '{"jsonrpc":"2.0","id":{},"method":"tools/list"}', undefined],
      ['no method', '{"jsonrpc":"2.0","id":1}', undefined],
    ] as const
  ).map(([what, text, code]) => ({
    what: `${what} is no message: refused over HTTP, passed over on a line, and the next is answered`,
    async run(wire: Wire) {
      const answer = await wire.send(text);
      if (wire.way === 'HTTP')
        expect(answer).toMatchObject({ status: 400, error: code === undefined ? {} : { code } });
      else expect(answer?.result).toBeUndefined();
      expect((await wire.request('tools/list'))?.result).toBeDefined();
    },
  })),
  {
    what: 'a defect shows an id and nothing else, as result of a tool and as error of a resource',
    over: { throws: () => new Error('ENOENT /secret/path token=abc') },
    async run(wire) {
      const answer = await search(wire, {}, STRUCTURED);
      expect(answer?.result?.['isError']).toBe(true);
      expect(structureOf(answer)).toMatchObject({ error: { code: 'internal' } });
      expect(JSON.stringify(wire.heard)).not.toContain('secret');
    },
  },
  {
    what: 'an error of the engine keeps its words',
    over: { throws: () => new UserError('store_corrupt', 'The index is damaged.', 'Rebuild it.') },
    async run(wire) {
      expect(textOf(await search(wire))).toBe('The index is damaged — Rebuild it.');
      expect(structureOf(await search(wire, {}, STRUCTURED))).toMatchObject({
        error: { code: 'store_corrupt' },
      });
    },
  },
];

const time: readonly Scenario[] = [
  {
    what: 'concurrency: 30 calls at once, each with its own answer',
    over: { queryMs: 20 },
    async run(wire) {
      const answers = await Promise.all(
        Array.from({ length: 30 }, (_, i) => search(wire, { query: `session word${i}` }, { id: `n${i}` })),
      );
      for (const [i, answer] of answers.entries()) {
        expect(answer?.id).toBe(`n${i}`);
        expect(textOf(answer)).toContain(`word${i}”`);
      }
    },
  },
  {
    what: 'concurrency: a slow call holds up no other',
    over: { queryMs: 3_000 },
    async run(wire) {
      const controller = new AbortController();
      const slow = search(wire, {}, { signal: controller.signal });
      const first = await Promise.race([
        slow.then(() => 'slow'),
        wire.request('tools/list').then(() => 'list'),
      ]);
      expect(first).toBe('list');
      controller.abort();
      expect(await slow).toBeUndefined();
    },
  },
  {
    what: 'timeout: an answer leaves at the deadline, whatever works on it, and the work is stopped',
    over: { queryMs: 60_000, env: { CONEXUS_DEADLINE_MS: '100' } },
    async run(wire) {
      expect(structureOf(await search(wire, {}, STRUCTURED))).toMatchObject({ error: { code: 'timeout' } });
      await expect.poll(() => wire.engine.calls).toContain('aborted search');
    },
  },
  {
    what: 'cancellation stops the work, is not answered, and the connection goes on',
    over: { queryMs: 60_000 },
    async run(wire) {
      const controller = new AbortController();
      const asked = search(wire, {}, { id: 'gone', signal: controller.signal });
      await expect.poll(() => wire.engine.calls).toContain('search');
      controller.abort();
      expect(await asked).toBeUndefined();
      await expect.poll(() => wire.engine.calls).toContain('aborted search');
      expect((await wire.request('tools/list'))?.result).toBeDefined();
      expect(wire.heard.filter(({ id }) => id === 'gone')).toEqual([]);
    },
  },
  {
    what: 'progress increases, comes before the answer, and only when asked for',
    over: { indexed: false, jobMs: 900 },
    async run(wire) {
      const start = { action: 'start', wait: true };
      const answer = await call(wire, 'index_control', start, { meta: { progressToken: 'p' } });
      const seen = (answer?.told ?? []).map(
        ({ params }) => params as { progressToken: string; progress: number },
      );
      expect(seen.length).toBeGreaterThan(1);
      expect(new Set(seen.map(({ progressToken }) => progressToken))).toEqual(new Set(['p']));
      const values = seen.map(({ progress }) => progress);
      expect(values).toEqual([...new Set(values)].sort((a, b) => a - b));
      expect((await call(wire, 'index_control', { action: 'rebuild', wait: true }))?.told).toEqual([]);
    },
  },
  {
    what: 'a job goes on after its call, is found by its handle, and can be cancelled',
    over: { indexed: false, jobMs: 60_000 },
    async run(wire) {
      const control = async (args: object) =>
        structureOf(await call(wire, 'index_control', args, STRUCTURED)) as {
          job?: { id: string; state: string };
        };
      const { job } = await control({ action: 'start' });
      await wire.reconnect();
      expect((await control({ action: 'status', job: job?.id })).job?.state).toBe('running');
      expect((await control({ action: 'cancel', job: job?.id })).job?.state).toBe('cancelled');
    },
  },
];

const pages: readonly Scenario[] = [
  {
    what: 'pagination: resources, every file once, by opaque cursors',
    over: { files: MANY },
    async run(wire) {
      const uris: string[] = [];
      let cursor: unknown;
      do {
        const answer = await wire.request('resources/list', cursor === undefined ? {} : { cursor });
        const { resources = [], nextCursor } = (answer?.result ?? {}) as {
          resources?: { uri: string }[];
          nextCursor?: string;
        };
        uris.push(...resources.map(({ uri }) => uri));
        cursor = nextCursor;
      } while (cursor !== undefined);
      expect(uris.filter((uri) => uri.startsWith('conexus://file/'))).toHaveLength(450);
      expect(new Set(uris).size).toBe(uris.length);
    },
  },
  {
    what: 'pagination: a search goes on by its cursor, and by nobody else’s',
    over: { files: MANY },
    async run(wire) {
      const first = structureOf(await search(wire, { limit: 7 }, STRUCTURED));
      const cursor = first['next_cursor'];
      const next = structureOf(await search(wire, { limit: 7, cursor }, STRUCTURED));
      expect(next['results']).toHaveLength(7);
      expect(next['results']).not.toEqual(first['results']);
      for (const args of [{ query: 'other', cursor }, { cursor: 'invented' }])
        expect(structureOf(await search(wire, args, STRUCTURED))).toMatchObject({
          error: { code: 'invalid_argument' },
        });
    },
  },
];

const SCENARIOS = [...connection, ...discovery, ...tools, ...errors, ...time, ...pages];

let wire: Wire | undefined;
afterEach(async () => {
  await wire?.close();
  wire = undefined;
});

for (const era of ['legacy', 'modern'] as const) {
  for (const way of ['stdio', 'HTTP'] as const) {
    describe(`a ${era} client over ${way}`, () => {
      it.each(SCENARIOS.map((scenario) => [scenario.what, scenario] as const))(
        '%s',
        async (_what, { over, run }) => {
          wire = await openWire(era, way, { files: FILES, ...over });
          await run(wire);
        },
      );
    });
  }
}

it('there are scenarios for every tool, and not fewer than were promised', () => {
  expect(Object.keys(TOOL_CASES).sort()).toEqual(TOOLS.map(({ name }) => name).sort());
  expect(SCENARIOS.length).toBeGreaterThanOrEqual(27);
});
