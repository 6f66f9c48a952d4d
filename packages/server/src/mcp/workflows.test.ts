/**
 * Several steps as an agent takes them, over the real client and process, on files of this repository: each step uses what the one
 * before answered, and each workflow meets what goes wrong in the field and goes on.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { LocateOutput, RelationsOutput } from '@conexus/sdk/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { estimateTokens } from '../render/text.ts';
import { ERAS } from '../testing/connect.ts';
import { temporaryFolder } from '../testing/run-command.ts';
import { connectStdio, type StdioConnection } from '../testing/stdio-client.ts';
import { OUTPUT_META_KEY } from './tools.ts';

const SOURCES = fileURLToPath(new URL('..', import.meta.url));
const CURSOR = 'src/operations/cursor.ts';

let root = '';
beforeAll(() => {
  root = temporaryFolder('workflows');
  for (const folder of ['operations', 'render', 'config']) {
    mkdirSync(join(root, 'src', folder), { recursive: true });
    for (const name of readdirSync(join(SOURCES, folder)))
      if (name.endsWith('.ts')) cpSync(join(SOURCES, folder, name), join(root, 'src', folder, name));
  }
  cpSync(join(SOURCES, 'errors.ts'), join(root, 'src/errors.ts'));
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', root, '-c', 'user.name=T', '-c', 'user.email=t@example.org', ...args]);
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-q', '-m', 'Cursors: refuse those of another query (SHOP-12)');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

for (const era of ERAS) {
  describe(`an agent, ${era} client`, () => {
    let agent: StdioConnection;
    // One process, as in the field; the first workflow meets it without an index.
    beforeAll(async () => {
      agent = await connectStdio(era, root);
    });
    afterAll(() => agent.close());

    /** As the answers themselves advise: wait for the build, then ask again. */
    const whole = async (name: string, args: Record<string, unknown>): Promise<string> => {
      for (let attempt = 0; attempt < 20; attempt++) {
        const { text, isError } = await agent.call(name, args);
        const [, seconds] = (isError && / Ask again in (\d+) s/.exec(text)) || [];
        if (seconds === undefined) expect(isError, text).toBeFalsy();
        if (!isError && !/^Index: (building|first build|pending)/m.test(text)) return text;
        await agent.call('index_control', { action: 'start', wait: true });
        await sleep(1_000 * Number(seconds ?? 0.2));
      }
      throw new Error(`${name} never answered in full`);
    };
    const relations = async (args: Record<string, unknown>): Promise<RelationsOutput> => {
      await whole('find_references', args);
      const { structuredContent } = await agent.client.callTool({
        name: 'find_references',
        arguments: args,
        _meta: { [OUTPUT_META_KEY]: 'structured' },
      });
      return RelationsOutput.parse(structuredContent);
    };

    it('searches before there is an index, then locates, analyzes and asks for callers', async () => {
      const found = await whole('search_codebase', {
        query: 'which function refuses a cursor that was changed',
      });
      const [, path = '', symbol = ''] =
        /^## \d+\. (\S*cursor\.ts):\d+-\d+ — function (\w+)/m.exec(found) ?? [];
      expect(path).toBe(CURSOR);

      const task = `${symbol} should also accept cursors of the version before`;
      const located = await agent.client.callTool({ name: 'locate_relevant_files', arguments: { task } });
      expect(LocateOutput.parse(located.structuredContent).results.map((one) => one.path)).toContain(path);

      const analysis = await whole('analyze_implementation', {
        target: `${path.slice(0, -3).replaceAll('/', '.')}.${symbol}`,
      });
      expect(analysis).toContain(path);

      const callers = await whole('find_references', { relation: 'callers', name: 'readCursor' });
      expect(callers).toMatch(/^\d+ callers of readCursor — function, src\/operations\/cursor\.ts/);
      expect(callers).toMatch(
        /^## src\/operations\/ranked-request\.ts\n```\n\d+ in rankedAnswer: .*readCursor\(/m,
      );
    });

    it('is told that nothing runs when it cancels a build that is done', async () => {
      await whole('search_codebase', { query: 'cursor' });
      await agent.call('index_control', { action: 'start', wait: true });
      const { text } = await agent.call('index_control', { action: 'cancel' });
      expect(text).toMatch(/^No job is running: the last one is done\./);
      expect(text).not.toContain('Cancelled');
      expect((await agent.call('index_control', { action: 'cancel', job: 'none' })).text).toMatch(
        /^No such job/,
      );
    });

    it('goes from a file to what belongs to it and what hangs on it, while the file goes away and comes back', async () => {
      const related = await whole('get_related_info', { target: CURSOR });
      expect(related).toContain('SHOP-12');
      expect((await relations({ name: CURSOR })).results.map(({ path }) => path)).toContain(
        'src/operations/relations.ts',
      );

      const bytes = readFileSync(join(root, CURSOR));
      rmSync(join(root, CURSOR));
      try {
        const gone = await whole('find_references', { name: `${CURSOR}:30` });
        expect(gone).toMatch(/^No definition named/);
        const hanging = await whole('find_references', { name: 'readCursor' });
        expect(hanging).toMatch(/^No definition named “readCursor”/);
        expect(hanging).toContain('- src/operations/relations.ts:');
        const { messages } = await agent.client.getPrompt({ name: 'impact_of_change', arguments: {} });
        const { text } = (messages[0] as { content: { text: string } }).content;
        expect(text).toMatch(/- src\/operations\/cursor\.ts: deleted, \d+ lines; gone: .*readCursor/);
        expect(text).toMatch(/Unresolved calls of these names:\n- src\/operations\//);
      } finally {
        writeFileSync(join(root, CURSOR), bytes);
      }
      const back = await relations({ name: 'readCursor' });
      expect(back).toMatchObject({ state: 'found', targets: [{ path: CURSOR }] });
      expect(back.resolved).toBeGreaterThan(1);
    });

    it('goes from an error text to its place and its callers, page by page under a small budget', async () => {
      const task = 'conexus: The cursor does not belong to this call: it was cut or changed';
      const located = LocateOutput.parse(
        (await agent.client.callTool({ name: 'locate_relevant_files', arguments: { task } }))
          .structuredContent,
      );
      const first = located.results.find(({ path }) => path === CURSOR);
      expect(first).toBeDefined();

      const place =
        readFileSync(join(root, CURSOR), 'utf8')
          .split('\n')
          .findIndex((line) => line.includes('does not belong')) + 1;
      const at = await relations({ name: `${CURSOR}:${place}` });
      expect(at.targets.map(({ name }) => name)).toEqual(['readJointCursor']);

      const all = await relations({ name: 'src.render.text.inline', max_tokens: 100_000, limit: 1000 });
      expect(all.omitted.results).toBe(0);
      const paged = new Set<string>();
      let cursor: string | undefined;
      for (let page = 0; page < 100; page++) {
        const args = {
          name: 'src.render.text.inline',
          max_tokens: 1_000,
          ...(cursor !== undefined && { cursor }),
        };
        const { text } = await agent.call('find_references', args);
        expect(estimateTokens(text)).toBeLessThanOrEqual(1_000);
        for (const [, path, lines = ''] of text.matchAll(/^## (\S+).*\n```\n([\s\S]*?)\n```/gm))
          for (const line of lines.split('\n')) paged.add(`${path}:${/^\d+/.exec(line)?.[0]}`);
        cursor = /"cursor": "([^"]+)"/.exec(text)?.[1];
        if (cursor === undefined) break;
      }
      expect([...paged].sort()).toEqual(
        [...new Set(all.results.map(({ path, line }) => `${path}:${line}`))].sort(),
      );

      const other = await agent.call('find_references', {
        name: 'readCursor',
        cursor: '1.2.aaaaaaaaaaaaaaaa',
      });
      expect(other.isError).toBe(true);
      expect(other.text).toMatch(/cursor does not belong.*leave the cursor out/s);
    });
  });
}
