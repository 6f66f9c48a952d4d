import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { IndexControlOutput, LocateOutput, RelatedOutput } from '@conexus/sdk/contract';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TOOLS } from '../operations/registry.ts';
import { ERAS, textOf } from '../testing/connect.ts';
import { CANARY, ESCAPES } from '../testing/escapes.ts';
import {
  cleanEnv,
  LAUNCHER,
  makeRepository,
  SMALL_REPOSITORY,
  temporaryFolder,
  writeFiles,
} from '../testing/run-command.ts';

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

let root = '';
let home = '';
let client: Client | undefined;
beforeAll(() => {
  root = makeRepository(SMALL_REPOSITORY);
  writeFiles(`${root}-outside`, { 'canary.txt': `${CANARY} text\n` });
  symlinkSync(`${root}-outside/canary.txt`, `${root}/link.txt`);
  symlinkSync(`${root}-outside`, `${root}/linked`);
  symlinkSync(root, `${root}/loop`);
});
afterEach(async () => {
  await client?.close();
  client = undefined;
  if (home !== '') rmSync(home, { recursive: true, force: true });
  home = '';
});
afterAll(() => {
  for (const folder of [root, `${root}-outside`]) rmSync(folder, { recursive: true, force: true });
});

async function connect(
  era: (typeof ERAS)[number],
  args: readonly string[] = ['--root', root],
): Promise<Client> {
  home = temporaryFolder('home');
  client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: era } });
  const env = cleanEnv({ CONEXUS_HOME: home });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [LAUNCHER, 'mcp', ...args],
      env,
      stderr: 'pipe',
    }),
  );
  return client;
}

for (const era of ERAS) {
  describe(`the server process, ${era} client`, () => {
    it('indexes, finds, locates, reads, and follows edits', async () => {
      const server = await connect(era);
      expect(
        textOf(await server.callTool({ name: 'search_codebase', arguments: { query: 'invalidateSession' } })),
      ).toMatch(/^Index: (fresh|building)/m);
      const done = await server.callTool({
        name: 'index_control',
        arguments: { action: 'start', wait: true },
      });
      expect(IndexControlOutput.parse(done.structuredContent).job?.state).toBe('done');
      const found = textOf(
        await server.callTool({ name: 'search_codebase', arguments: { query: 'invalidateSession' } }),
      );
      expect(found).toMatch(/^## 1\. src\/session\.ts:\d+-\d+ — function invalidateSession$/m);
      expect(found).toMatch(
        /^Index: fresh · commit [0-9a-f]{8} \(main\) · generation \d+ · checked by (scan|watcher) in /m,
      );

      const located = await server.callTool({
        name: 'locate_relevant_files',
        arguments: { task: 'invalidateSession keeps the session' },
      });
      expect(LocateOutput.parse(located.structuredContent).results[0]?.path).toBe('src/session.ts');

      const related = { name: 'get_related_info', arguments: { path: 'src/session.ts', include: 'commits' } };
      expect(textOf(await server.callTool(related))).toMatch(
        /^- [0-9a-f]{10} .*Sessions: keep them in a store.*made 6 of 6 lines/m,
      );
      const structured = await server.callTool({ ...related, _meta: { 'conexus/output': 'structured' } });
      expect(RelatedOutput.parse(structured.structuredContent).sections).toMatchObject([
        { name: 'commits', total: 1 },
      ]);

      for (let i = 0; i < 5; i++) {
        writeFiles(root, { 'src/added.ts': `export function addedNumber${i}() {}\n` });
        const now = textOf(
          await server.callTool({
            name: 'search_codebase',
            arguments: { query: `addedNumber${i}`, limit: 1 },
          }),
        );
        expect(now).toContain(`addedNumber${i}() {}`);
        if (i > 0) expect(now).not.toContain(`addedNumber${i - 1}()`);
      }
      rmSync(`${root}/src/added.ts`);
      expect(
        textOf(await server.callTool({ name: 'search_codebase', arguments: { query: 'addedNumber4' } })),
      ).not.toContain('addedNumber4() {}');

      const file = await server.readResource({ uri: 'conexus://file/src/session.ts?lines=4-4' });
      expect(file.contents[0]).toMatchObject({
        text: 'export function invalidateSession(id: string): boolean {',
      });
      const { resources } = await server.listResources();
      expect(resources.map((resource) => resource.uri)).toContain('conexus://file/src/store.ts');
      const map = await server.readResource({ uri: 'conexus://map' });
      expect((map.contents[0] as { text: string }).text).toContain('src/session.ts: invalidateSession');
    });

    it('reads nothing outside the root, nothing ignored, secret or binary', async () => {
      const server = await connect(era);
      await server.callTool({ name: 'index_control', arguments: { action: 'start', wait: true } });
      const outside = `${basename(root)}-outside`;
      for (const path of ESCAPES) {
        const read = server.readResource({ uri: `conexus://file/${path.replaceAll('OUT', outside)}` });
        await expect(read, path).rejects.toMatchObject({
          code: -32602,
          message: expect.not.stringContaining(CANARY),
        });
      }
      for (const path of ['../**', '/etc/**', 'a/../../**']) {
        const result = await server.callTool({
          name: 'search_codebase',
          arguments: { query: CANARY, paths: [path] },
        });
        expect(textOf(result)).toContain('leaves the repository');
      }
      const everywhere = await server.callTool({
        name: 'search_codebase',
        arguments: { query: CANARY, limit: 50 },
      });
      expect(textOf(everywhere)).not.toContain(`${CANARY} text`);
    });

    it('tells what is wrong with its root at the first call, and goes on', async () => {
      const server = await connect(era, ['--root', `${root}/nowhere`]);
      const result = await server.callTool({ name: 'search_codebase', arguments: { query: 'x' } });
      expect(result.isError).toBe(true);
      expect(textOf(result)).toMatch(/nowhere.* — \S/);
      expect((await server.listTools()).tools).toHaveLength(TOOLS.length);
    });
  });
}

describe('the server process', () => {
  const start = () => {
    home = temporaryFolder('home');
    return spawn(process.execPath, [LAUNCHER, 'mcp', '--root', root], {
      env: cleanEnv({ CONEXUS_HOME: home }),
    });
  };

  it('writes nothing but MCP to stdout, whatever it is sent', async () => {
    const child = start();
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    const call = (id: number, args: unknown) => ({
      jsonrpc: '2.0',
      id,
      method: 'tools/call',
      params: { name: 'search_codebase', arguments: args },
    });
    for (const line of [
      'garbage',
      '[]',
      '{"jsonrpc":"2.0"}',
      '\u0000',
      JSON.stringify([INITIALIZE]),
      JSON.stringify(INITIALIZE),
      '{"jsonrpc":"2.0","method":"notifications/initialized"}',
      JSON.stringify(call(2, { query: 'session' })),
      JSON.stringify(call(3, 'x')),
    ]) {
      child.stdin.write(`${line}\n`);
    }
    await expect.poll(() => out.split('\n').length, { timeout: 15_000 }).toBeGreaterThan(3);
    const answers = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: number });
    expect(answers.map((answer) => answer.id).sort()).toEqual([1, 2, 3]);
    child.stdin.end();
    await new Promise((resolve) => child.once('close', resolve));
  });

  it.each([
    ['before anything was sent', []],
    ['after initialize', [INITIALIZE]],
    [
      'while indexing',
      [
        INITIALIZE,
        { jsonrpc: '2.0', method: 'notifications/initialized' },
        {
          jsonrpc: '2.0',
          id: 2,
          method: 'tools/call',
          params: { name: 'index_control', arguments: { action: 'rebuild' } },
        },
      ],
    ],
  ])('ends when its client goes away %s', async (_when, messages) => {
    const child = start();
    const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
    for (const message of messages) child.stdin.write(`${JSON.stringify(message)}\n`);
    const answers = messages.filter((message) => 'id' in message).length;
    let seen = 0;
    child.stdout.on('data', (data: Buffer) => (seen += String(data).split('\n').length - 1));
    if (answers > 0) await expect.poll(() => seen, { timeout: 15_000 }).toBe(answers);
    const children = childrenOf(child.pid ?? 0);
    child.stdin.end();
    expect(await closed).toBe(0);
    expect(children.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
  });

  it('ends on a signal', async () => {
    const child = start();
    child.stdin.write(`${JSON.stringify(INITIALIZE)}\n`);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill('SIGTERM');
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
  });

  it('answers initialize in less time than a client notices', async () => {
    home = temporaryFolder('home');
    const bare: number[] = [];
    const server: number[] = [];
    for (let i = 0; i < 4; i++) {
      bare.push(await firstByte(['-e', 'console.log(0)']));
      server.push(await firstByte([LAUNCHER, 'mcp', '--root', root]));
    }
    // The first start fills the compile cache. The bound is 300 ms; a loaded machine is measured by a bare Node beside it.
    const best = Math.min(...server.slice(1));
    expect(best).toBeLessThan(Math.max(300, 8 * Math.min(...bare)));
  });
});

async function firstByte(args: readonly string[]): Promise<number> {
  const begin = performance.now();
  const child = spawn(process.execPath, args, {
    env: cleanEnv({ CONEXUS_HOME: home }),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => undefined);
  child.stdin.write(`${JSON.stringify(INITIALIZE)}\n`);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const ms = performance.now() - begin;
  child.stdin.end();
  await new Promise((resolve) => child.once('close', resolve));
  return ms;
}

/** Processes started by `pid`, on systems that tell. */
function childrenOf(pid: number): readonly string[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  return existsSync(file)
    ? readFileSync(file, 'utf8')
        .split(' ')
        .filter((child) => child.trim() !== '')
    : [];
}
