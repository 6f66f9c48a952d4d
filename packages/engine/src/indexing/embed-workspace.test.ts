import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEmbedder } from '../adapters/embedders/open-embedder.ts';
import {
  type ProviderServer,
  sendJson,
  startProviderServer,
} from '../adapters/network/testing/provider-server.ts';
import { tempTree, writeTree } from '../adapters/sources/testing/temp-tree.ts';
import type { EmbeddingOptions } from '../model/embedding.ts';
import type { Embedder } from '../ports/embedder.ts';
import { type EmbeddingProgress, type EmbeddingRun, embedWorkspace, vectorModel } from './embed-workspace.ts';
import { indexWorkspace } from './index-workspace.ts';
import { type Bench, bench, modules } from './testing/kit.ts';

let server: ProviderServer;
let home: string;
let embedder: Embedder;
beforeEach(async () => {
  server = await startProviderServer();
  home = mkdtempSync(join(tmpdir(), 'conexus-embed-'));
  embedder = open();
});
afterEach(async () => {
  await embedder.close();
  await server.close();
  rmSync(home, { recursive: true });
});

function open(options: Partial<EmbeddingOptions> = {}): Embedder {
  return openEmbedder({ provider: 'tei', url: server.url, retryMs: 1, concurrency: 1, ...options }, home);
}

function embed(target: Bench, run: EmbeddingRun = {}, confirmTokens = 1e9) {
  return embedWorkspace({ ...target, embedder, confirmTokens, written() {} }, run);
}

/** Per segment: how many documents, and how many of them have a vector. */
async function rows({ store, workspace }: Bench, model = vectorModel(embedder)): Promise<string[]> {
  const { segments } = await store.readManifest(workspace, 0);
  const found: string[] = [];
  for (const segment of segments) {
    const bytes = await store.readVectors(segment, model);
    if (!bytes) continue;
    const count = bytes.length / server.dimensions;
    const filled = Array.from({ length: count }, (_, i) =>
      bytes.subarray(i * server.dimensions, (i + 1) * server.dimensions).some((value) => value !== 0),
    );
    found.push(`${filled.filter(Boolean).length} of ${count}`);
  }
  return found;
}

const sent = () => server.requests.flatMap((request) => request.texts);

describe('vectors of another embedder', () => {
  it('are made for every passage, once', async () => {
    const target = await bench(modules(5));
    await indexWorkspace(target);
    const report = await embed(target);
    expect(report).toMatchObject({ state: 'done', passages: 5, embedded: 5, missing: 0, changed: 0 });
    expect(report.estimate).toMatchObject({ passages: 5, minutes: expect.any(Number) });
    expect(sent()).toHaveLength(5);
    expect(sent().sort()[0]).toBe(
      'typescript function turnWheel0\n/** Turns wheel 0. */\nexport function turnWheel0(speed: number): number {\n  return speed * 0;\n}\n'.trimEnd(),
    );
    expect(await embed(target)).toMatchObject({ state: 'done', embedded: 0, missing: 0 });
    expect(sent()).toHaveLength(5);
  });

  it('are made without the secrets of a passage', async () => {
    const secret = `gh${'p_'}${'aB3dE5gH7'.repeat(4)}`;
    const target = await bench({
      'src/a.ts': `export function pushWheel() {\n  return push("${secret}", "plain");\n}\n`,
    });
    await indexWorkspace(target);
    await embed(target);
    expect(sent().join('\n')).toContain('"plain"');
    expect(sent().join('\n')).not.toContain(secret.slice(4, 16));
  });

  it('lie in the rows of their documents', async () => {
    const target = await bench(modules(3));
    await indexWorkspace(target);
    await embed(target);
    const { upserts } = await target.store.readManifest(target.workspace, 0);
    for (const { path, blob } of upserts) {
      const bytes = (await target.store.readVectors(blob.segment, vectorModel(embedder))) as Uint8Array;
      const row = new Int8Array(bytes.buffer, bytes.byteOffset + blob.ordinal * 8, 8);
      const text = sent().find((each) => each.includes(`turnWheel${/\d+/.exec(path)?.[0]}(`)) as string;
      const [vector] = await embedder.embed([text], 'document');
      const dot = row.reduce((sum, value, i) => sum + value * (vector?.[i] as number), 0);
      expect(dot / Math.hypot(...row)).toBeGreaterThan(0.999);
    }
  });

  it('of new files alone are made after an edit', async () => {
    const files = modules(4);
    const target = await bench(files);
    await indexWorkspace(target);
    await embed(target);
    server.requests.length = 0;
    writeTree(target.root, { 'src/new.ts': 'export function brandNew() {\n  return 1;\n}\n' });
    await indexWorkspace(target);
    expect(await embed(target)).toMatchObject({ embedded: 1, missing: 0 });
    expect(sent()).toHaveLength(1);
  });

  it('wait for a yes when there are many, and then are made', async () => {
    const target = await bench(modules(5));
    await indexWorkspace(target);
    const waiting = await embed(target, {}, 10);
    expect(waiting).toMatchObject({ state: 'waiting', embedded: 0, missing: 5 });
    expect(waiting.estimate.tokens).toBeGreaterThan(100);
    expect(server.requests).toEqual([]);
    expect(await embed(target, { confirmed: true }, 10)).toMatchObject({ state: 'done', embedded: 5 });
  });

  it('cost what the estimate says by the price of the model', async () => {
    await embedder.close();
    const key = { from: 'test', reveal: () => 'key' };
    embedder = open({ provider: 'voyage', model: 'voyage-code-3', key });
    const target = await bench(modules(50));
    await indexWorkspace(target);
    const { estimate } = await embed(target, {}, 0);
    expect(estimate.usd).toBeCloseTo((estimate.tokens / 1e6) * 0.18, 8);
    expect(estimate.priceAsOf).toMatch(/^\d{4}-\d{2}$/);
  });

  it('of a file that changed since are left for the next run', async () => {
    const target = await bench(modules(3));
    await indexWorkspace(target);
    writeTree(target.root, { 'src/module1.ts': 'export const other = "SECRET OF NOW";\n' });
    expect(await embed(target)).toMatchObject({ embedded: 2, changed: 1, missing: 1 });
    expect(sent().join()).not.toContain('SECRET OF NOW');
    await indexWorkspace(target);
    expect(await embed(target)).toMatchObject({ embedded: 1, missing: 0 });
  });

  it('are shared by worktrees: each adds the rows of its own files', async () => {
    const one = await bench(modules(3));
    await indexWorkspace(one);
    await embed(one);
    const other = await bench(
      {},
      { store: one.store, root: tempTree({ ...modules(2), ...modules(2, 'more') }) },
    );
    await indexWorkspace(other);
    server.requests.length = 0;
    await embed(other);
    expect(sent()).toEqual([]);
    expect(await rows(one)).toEqual(['3 of 3']);
  });

  it('of two models lie apart', async () => {
    const target = await bench(modules(2));
    await indexWorkspace(target);
    await embed(target);
    const first = vectorModel(embedder);
    await embedder.close();
    server.dimensions = 16;
    embedder = open({ model: 'other' });
    await embed(target);
    expect(await rows(target)).toEqual(['2 of 2']);
    server.dimensions = 8;
    expect(await rows(target, first)).toEqual(['2 of 2']);
  });
});

describe('a run that ends early', () => {
  it('writes no half segment, and pays for nothing twice', async () => {
    const target = await bench(modules(100));
    await indexWorkspace(target);
    server.next.push(
      (_q, _r, proper) => proper,
      (_q, response) => sendJson(response, 401, {}),
    );
    await expect(embed(target)).rejects.toMatchObject({ code: 'embedder_auth' });
    expect((await rows(target)).filter((text) => !/^(\d+) of \1$/.test(text))).toEqual([]);
    const paid = (server.requests[0]?.texts ?? []).length;
    await embedder.close();
    embedder = open();
    server.requests.length = 0;
    expect(await embed(target)).toMatchObject({ state: 'done', missing: 0 });
    expect(sent()).toHaveLength(100 - paid);
  });

  it.each([
    ['half a batch', (proper: unknown) => (proper as unknown[]).slice(1)],
    ['NaN', (proper: unknown) => (proper as unknown[]).map(() => [null])],
    ['other dimensions', (proper: unknown) => (proper as unknown[]).map((_, i) => Array(3 + i).fill(1))],
  ])('for %s publishes nothing of it', async (_what, spoil) => {
    const target = await bench(modules(3));
    await indexWorkspace(target);
    server.always = (_q, _r, proper) => spoil(proper);
    await expect(embed(target)).rejects.toMatchObject({ code: 'embedder_bad_reply' });
    expect(await rows(target)).toEqual([]);
  });

  it('because it was cancelled says what is left', async () => {
    const target = await bench(modules(80));
    await indexWorkspace(target);
    const stop = new AbortController();
    const seen: EmbeddingProgress[] = [];
    const report = await embed(target, {
      signal: stop.signal,
      onProgress(progress) {
        seen.push(progress);
        stop.abort();
      },
    });
    expect(report.state).toBe('cancelled');
    expect(report.missing).toBeGreaterThan(0);
    expect(seen[0]).toMatchObject({ total: 80 });
    expect(await embed(target)).toMatchObject({ state: 'done', missing: 0 });
  });

  it('because dimensions changed under one name says so and keeps what was there', async () => {
    const files = modules(2);
    const target = await bench(files);
    await indexWorkspace(target);
    await embed(target);
    const segments = (await target.store.readManifest(target.workspace, 0)).segments;
    const model = vectorModel(embedder);
    const [segment] = segments as [number];
    const before = (await target.store.readVectors(segment, model)) as Uint8Array;
    // A row of another worktree's file is missing, and the model behind the address is another one now.
    const holed = before.slice();
    holed.fill(0, 0, 8);
    await target.store.writeVectors(model, [{ segment, bytes: holed }]);
    await embedder.close();
    rmSync(join(home, 'cache'), { recursive: true });
    server.dimensions = 16;
    embedder = open();
    await expect(embed(target)).rejects.toThrow(/16 dimensions, and gave 8 before/);
    expect(await target.store.readVectors(segment, model)).toEqual(holed);
  });
});

it('an empty workspace costs nothing', async () => {
  const target = await bench({});
  await indexWorkspace(target);
  expect(await embed(target, {}, 0)).toMatchObject({ state: 'done', passages: 0, estimate: { tokens: 0 } });
});
