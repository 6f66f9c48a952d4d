/** A server whose searches are answered in threads: with the real engine, over HTTP. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { resolveServeSettings } from '../config/serve-settings.ts';
import { resolveSettings } from '../config/settings.ts';
import { openObservation } from '../observe/observation.ts';
import { openCollector, type SentSpan } from '../testing/otlp-collector.ts';
import { makeRepository, SMALL_REPOSITORY, temporaryFolder, writeFiles } from '../testing/run-command.ts';
import { type EngineLoader, loadEngine } from '../workspaces/load-engine.ts';
import { openServer } from './open-server.ts';

interface Answer {
  readonly results: readonly { readonly path: string }[];
}

/** A server with two query threads over a small repository, asked by `search`. */
async function openThreaded(loadEngine: EngineLoader, otlpEndpoint?: string) {
  const [home, root] = [temporaryFolder('threads'), makeRepository(SMALL_REPOSITORY)];
  const file = join(home, 'serve.json');
  writeFileSync(
    file,
    JSON.stringify({ port: 0, repositories: { shop: root }, query_threads: 2, cache_bytes: 0 }),
  );
  const env = { CONEXUS_HOME: home, CONEXUS_WORKERS: '1', CONEXUS_ADAPT: '0' };
  const lists = { repositories: [], allowedHosts: [], allowedOrigins: [] };
  const serve = resolveServeSettings({ cwd: home, file, root: home, otlpEndpoint, ...lists });
  const observation = await openObservation(serve.observe, serve.repositories, () => undefined);
  const server = await openServer({
    settings: resolveSettings({ env, cwd: home, platform: process.platform }),
    serve,
    loadEngine,
    log: () => undefined,
    observation,
  });
  onTestFinished(() => {
    for (const folder of [home, root]) rmSync(folder, { recursive: true, force: true });
  });
  return {
    root,
    async search(query: string): Promise<Answer> {
      const response = await fetch(`${server.url}/v1/search_codebase`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      expect(response.status).toBe(200);
      return (await response.json()) as Answer;
    },
    async close() {
      await server.close();
      await observation.close();
    },
  };
}

it('answers searches in threads once they are ready, as fresh as ever, and ends with them', async () => {
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
  const { root, search, close } = await openThreaded(counted);
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
  await close();
}, 120_000);

it('tells the stages of a thread as parts of the call that it answered', async () => {
  const collector = await openCollector();
  const { search, close } = await openThreaded(loadEngine, collector.endpoint);
  const isOfThread = ({ attributes }: SentSpan) =>
    attributes.some(({ key, value }) => key === 'conexus.query_thread' && value.boolValue === true);
  await expect
    .poll(
      async () => {
        await Promise.all([search('invalidate session'), search('ten minutes')]);
        return collector.spans.some(isOfThread);
      },
      { timeout: 90_000, interval: 500 },
    )
    .toBe(true);
  await close();
  collector.close();
  const parentOf = ({ parentSpanId, traceId }: SentSpan) =>
    collector.spans.find((span) => span.spanId === parentSpanId && span.traceId === traceId);
  const stages = collector.spans.filter(isOfThread);
  expect(new Set(stages.map(({ name }) => name))).toContain('stage lexical');
  for (const stage of stages) {
    const call = parentOf(stage);
    expect(call?.attributes).toContainEqual({
      key: 'gen_ai.tool.name',
      value: { stringValue: 'search_codebase' },
    });
    const [began, ended] = [stage, call as SentSpan].map(({ startTimeUnixNano, endTimeUnixNano }) => [
      Number(startTimeUnixNano) / 1e6,
      Number(endTimeUnixNano) / 1e6,
    ]) as [number[], number[]];
    // Two threads read two clocks: they agree to a few ms.
    expect(began[0]).toBeGreaterThan((ended[0] ?? 0) - 5);
    expect(began[1]).toBeLessThan((ended[1] ?? 0) + 5);
  }
  // One question's stages are not those of another's that the thread worked on at the same time.
  const lexical = stages.filter(({ name }) => name === 'stage lexical');
  expect(new Set(lexical.map(({ parentSpanId }) => parentSpanId)).size).toBeGreaterThan(1);
}, 120_000);
