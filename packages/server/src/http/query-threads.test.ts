/** A server whose searches are answered in threads: with the real engine, over HTTP. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { resolveServeSettings } from '../config/serve-settings.ts';
import { resolveSettings } from '../config/settings.ts';
import { makeRepository, SMALL_REPOSITORY, temporaryFolder, writeFiles } from '../testing/run-command.ts';
import { type EngineLoader, loadEngine } from '../workspaces/load-engine.ts';
import { openServer } from './open-server.ts';

interface Answer {
  readonly results: readonly { readonly path: string }[];
}

it('answers searches in threads once they are ready, as fresh as ever, and ends with them', async () => {
  const [home, root] = [temporaryFolder('threads'), makeRepository(SMALL_REPOSITORY)];
  const file = join(home, 'serve.json');
  writeFileSync(
    file,
    JSON.stringify({ port: 0, repositories: { shop: root }, query_threads: 2, cache_bytes: 0 }),
  );
  const told = { here: 0, threads: 0 };
  const counted: EngineLoader = (settings, extras) =>
    loadEngine(settings, {
      ...extras,
      observer: {
        stage(stage, work) {
          if (stage === 'lexical') told.here++;
          return work();
        },
        staged: (stage) => void (stage === 'lexical' && told.threads++),
      },
    });
  const env = { CONEXUS_HOME: home, CONEXUS_WORKERS: '1', CONEXUS_ADAPT: '0' };
  const lists = { repositories: [], allowedHosts: [], allowedOrigins: [] };
  const server = await openServer({
    settings: resolveSettings({ env, cwd: home, platform: process.platform }),
    serve: resolveServeSettings({ cwd: home, file, root: home, ...lists }),
    loadEngine: counted,
    log: () => undefined,
  });
  onTestFinished(() => {
    for (const folder of [home, root]) rmSync(folder, { recursive: true, force: true });
  });
  const search = async (query: string): Promise<Answer> => {
    const response = await fetch(`${server.url}/v1/search_codebase`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    expect(response.status).toBe(200);
    return (await response.json()) as Answer;
  };
  const isInThread = async () => {
    const before = { ...told };
    await search('invalidate session');
    return told.threads > before.threads && told.here === before.here;
  };
  await expect.poll(isInThread, { timeout: 60_000, interval: 100 }).toBe(true);
  for (const word of ['quincea', 'quinceb', 'quincec']) {
    writeFiles(root, { [`src/${word}.ts`]: `export const ${word} = 1;\n` });
    const answers = await Promise.all(Array.from({ length: 8 }, () => search(word)));
    for (const { results } of answers) expect(results[0]?.path).toBe(`src/${word}.ts`);
  }
  await server.close();
}, 120_000);
