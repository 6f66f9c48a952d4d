import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEmbedder } from '../adapters/embedders/open-embedder.ts';
import {
  type ProviderServer,
  sendJson,
  startProviderServer,
} from '../adapters/network/testing/provider-server.ts';
import { writeTree } from '../adapters/sources/testing/temp-tree.ts';
import type { EngineOptions, Workspace } from '../engine.ts';
import { openEngine } from '../open-engine.ts';
import { createQueryEmbedder } from '../query/embed-query.ts';
import { repository, tempHome, testEngine } from '../testing/open-workspace.ts';

const FILES = {
  'src/retry.ts': 'export function retryWithBackoff(times: number) {\n  return times;\n}\n',
  'src/parse.ts': 'export function parseConfig(text: string) {\n  return JSON.parse(text);\n}\n',
};
let server: ProviderServer;
beforeEach(async () => {
  server = await startProviderServer();
});
afterEach(() => server.close());

const embedder = () => ({ provider: 'tei', url: server.url, retryMs: 1 }) as const;
async function open(options: Partial<EngineOptions> = {}): Promise<Workspace> {
  const engine = await testEngine({ embedder: embedder(), ...options });
  return engine.openWorkspace(repository(FILES));
}

describe('a workspace with an embedder of its own', () => {
  it('makes vectors when it is indexed, and says so', async () => {
    const workspace = await open();
    const phases = new Set<string>();
    const report = await workspace.index({ onProgress: ({ phase }) => phases.add(phase) });
    expect(report.embedding).toMatchObject({ embedder: 'tei', state: 'done', embedded: 2, missing: 0 });
    expect(phases).toContain('embedding');
    const status = await workspace.status();
    expect(status.embedder).toMatchObject({ name: 'tei', remote: false, missing: 0, running: false });
    expect(status.notices).toEqual([]);
    expect(await workspace.probeEmbedder()).toEqual({ name: 'tei', dimensions: 8 });
  });

  it('sends nothing where it is told not to', async () => {
    const workspace = await open();
    const report = await workspace.index({ embed: false });
    expect(report.embedding).toBeUndefined();
    expect((await workspace.status()).embedder).toMatchObject({ missing: 2 });
    expect(server.requests).toEqual([]);
  });

  it('answers on when the provider is down, and says what is missing', async () => {
    server.always = (_q, response) => sendJson(response, 401, {});
    const workspace = await open();
    const report = await workspace.index();
    expect(report).toMatchObject({ complete: true, embedding: { state: 'failed' } });
    expect(report.embedding?.error).toMatch(/wants a key/);
    const { hits } = await workspace.search({ query: 'parse config' });
    expect(hits[0]?.path).toBe('src/parse.ts');
    expect(workspace.notices().join()).toMatch(/found by their words alone/);
  });

  it('waits for a yes', async () => {
    const workspace = await open({ embedder: { ...embedder(), confirmTokens: 1 } });
    expect((await workspace.index()).embedding).toMatchObject({ state: 'waiting', missing: 2 });
    expect(workspace.notices().join()).toMatch(/conexus index --yes/);
    expect((await workspace.index({ embed: 'confirmed' })).embedding).toMatchObject({ state: 'done' });
    expect(workspace.notices()).toEqual([]);
  });

  it('is embedded again for nothing after its index was cleared', async () => {
    const workspace = await open();
    await workspace.index();
    server.requests.length = 0;
    await workspace.clear();
    expect((await workspace.index()).embedding).toMatchObject({ state: 'done', embedded: 2 });
    expect(server.requests).toEqual([]);
  });

  it('embeds edits in the background while it is watched', async () => {
    const engine = await testEngine({ embedder: embedder() });
    const root = repository(FILES);
    const workspace = await engine.openWorkspace(root);
    await workspace.index();
    await workspace.watch();
    server.requests.length = 0;
    writeTree(root, { 'src/late.ts': 'export function arrivedLate() {\n  return 3;\n}\n' });
    await workspace.search({ query: 'arrivedLate' });
    await expect
      .poll(() => server.requests.flatMap(({ texts }) => texts).join(), { timeout: 15_000 })
      .toMatch(/arrivedLate/);
  }, 20_000);

  it('needs nothing of the network to be opened', async () => {
    await server.close();
    const engine = await openEngine({ home: tempHome(), workers: 1, embedder: embedder() });
    await engine.close();
    server = await startProviderServer();
  });
});

describe('meaning by an embedder of its own', () => {
  /** Texts about the same one of these things are alike; all texts are somewhat alike, as with many models. */
  const things = [/retry|backoff|flaky|upstream/i, /parse|config|settings file/i, /paint|colou?r|canvas/i];
  const byThing = (text: string, dimensions: number) => {
    const vector = Array.from({ length: dimensions }, (_, i) => (i === 7 ? 1 : 0));
    for (const [i, thing] of things.entries()) if (thing.test(text)) vector[i] = 1;
    return vector;
  };
  const files = {
    ...FILES,
    'src/draw.ts': 'export function paintShape(shape: string) {\n  return shape;\n}\n',
    'src/other.ts': 'export function unrelatedThing() {\n  return 0;\n}\n',
  };
  const openWith = async (options: Partial<EngineOptions> = {}) => {
    server.vectorOf = byThing;
    const engine = await testEngine({ embedder: embedder(), ...options });
    const workspace = await engine.openWorkspace(repository(files));
    await workspace.index();
    return workspace;
  };
  const first = async (workspace: Workspace, query: string) => {
    const { hits, notes } = await workspace.search({ query, explain: true });
    const terms = Object.fromEntries((hits[0]?.terms ?? []).map(({ name, value }) => [name, value]));
    return { path: hits[0]?.path, meaning: terms['meaning'] ?? 0, notes: notes.join() };
  };

  it('finds what shares no word with the question', async () => {
    const workspace = await openWith();
    expect(await first(workspace, 'what to do when upstream is flaky')).toMatchObject({
      path: 'src/retry.ts',
    });
    expect(await first(workspace, 'something with a canvas')).toMatchObject({ path: 'src/draw.ts' });
    const { plan } = await workspace.search({ query: 'something with a canvas', explain: true });
    expect(plan?.retrievers).toContain('meaning');
  });

  it('does not take what is usual among all texts for likeness', async () => {
    const workspace = await openWith();
    const { hits } = await workspace.search({ query: 'something with a canvas', explain: true, limit: 10 });
    for (const hit of hits.filter(({ path }) => path !== 'src/draw.ts'))
      expect(hit.terms?.find(({ name }) => name === 'meaning')?.value ?? 0).toBeLessThan(0.05);
  });

  it('goes on with what is there when the provider is gone, and says so', async () => {
    const workspace = await openWith();
    server.always = (_q, response) => sendJson(response, 401, {});
    const { path, notes } = await first(workspace, 'parse the config text');
    expect(path).toBe('src/parse.ts');
    expect(notes).toMatch(/Ranked without the embedder tei: .*wants a key/);
    const located = await workspace.locate({ task: 'Parsing the config fails' });
    expect(located.notes.join()).toMatch(/Ranked without the embedder/);
  });

  it('says when the model behind the name has other dimensions now', async () => {
    const workspace = await openWith();
    server.dimensions = 16;
    const { notes } = await first(workspace, 'parse the config text');
    expect(notes).toMatch(/gives vectors of 16 dimensions, and gave 8 before/);
  });

  it('knows rows that another process wrote, and rows that came after a search', async () => {
    const home = tempHome();
    server.vectorOf = byThing;
    const root = repository(files);
    const one = await (await testEngine({ home, embedder: embedder() })).openWorkspace(root);
    await one.index({ embed: false });
    await first(one, 'what to do when upstream is flaky');
    expect(server.requests).toEqual([]);
    await one.index();
    expect(await first(one, 'what to do when upstream is flaky')).toMatchObject({ path: 'src/retry.ts' });
    const two = await (await testEngine({ home, embedder: embedder() })).openWorkspace(root);
    expect(await first(two, 'something with a canvas')).toMatchObject({ path: 'src/draw.ts' });
  });

  it('is not asked of a query that names a thing', async () => {
    const workspace = await openWith();
    server.requests.length = 0;
    expect((await first(workspace, 'paintShape')).path).toBe('src/draw.ts');
    expect(server.requests).toEqual([]);
  });
});

describe('a query', () => {
  const query = (options = {}) => {
    const opened = openEmbedder({ ...embedder(), cacheBytes: 0 }, tempHome());
    return createQueryEmbedder(opened, options);
  };

  it('has a vector; the same question asks once', async () => {
    const { embedQuery } = query();
    const [one, two] = await Promise.all([embedQuery('why'), embedQuery('why')]);
    expect(one.vector).toHaveLength(8);
    expect(two).toEqual(one);
    await embedQuery('why');
    expect(server.requests).toHaveLength(1);
  });

  it('goes on without one when the provider is slow, and leaves it alone for a while', async () => {
    server.always = () => new Promise(() => {});
    const { embedQuery } = query({ deadlineMs: 50, restMs: 200 });
    const started = performance.now();
    const first = await embedQuery('why');
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(first.vector).toBeUndefined();
    expect(first.note).toMatch(/^Ranked without the embedder tei: /);
    expect(await embedQuery('another')).toEqual(first);
    expect(server.requests).toHaveLength(1);
    server.always = undefined;
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect((await embedQuery('another')).vector).toHaveLength(8);
  });

  it('that was given up and then fails harms nobody', async () => {
    server.always = (_q, response) => sendJson(response, 401, {});
    const { embedQuery } = query();
    expect(await embedQuery('why', AbortSignal.abort())).toEqual({});
    await expect.poll(() => server.requests.length).toBe(1);
    // A rejection that nobody handles would end the process, and fails the run of the tests.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await embedQuery('why')).note).toMatch(/wants a key/);
  });

  it('that was given up is no failure of the provider', async () => {
    const { embedQuery } = query();
    expect(await embedQuery('why', AbortSignal.abort())).toEqual({});
    expect((await embedQuery('why')).vector).toHaveLength(8);
  });
});

describe('a reranker', () => {
  const reranker = () => ({ provider: 'tei', url: server.url, retryMs: 1 }) as const;
  const files = {
    'a.ts': 'export function parseShort(text: string) {\n  return text;\n}\n',
    'b.ts': `export function parseLong(text: string) {\n${'  text.trim();\n'.repeat(12)}  return text;\n}\n`,
  };
  const search = async (options: Partial<EngineOptions>) => {
    const engine = await testEngine({ embedder: 'none', ...options });
    const workspace = await engine.openWorkspace(repository(files));
    await workspace.index();
    return workspace.search({ query: 'where is text parsed by a function' });
  };

  it('orders the hits, and scores still go down', async () => {
    const { hits, notes } = await search({ reranker: reranker() });
    expect(hits.map(({ path }) => path)).toEqual(['b.ts', 'a.ts']);
    expect(hits[0]?.score).toBeGreaterThanOrEqual(hits[1]?.score as number);
    expect(notes.join()).not.toContain('reranked');
    expect(server.requests[0]?.texts.join()).toContain('parseLong');
  });

  it('that fails changes nothing but a note', async () => {
    const without = await search({});
    server.always = (_q, response) => sendJson(response, 500, {});
    const { hits, notes } = await search({ reranker: reranker() });
    expect(hits.map(({ path, score }) => [path, score])).toEqual(
      without.hits.map(({ path, score }) => [path, score]),
    );
    expect(notes.join()).toMatch(/Not reranked by tei: .*answered 500/);
  });

  it('is not asked for names', async () => {
    const engine = await testEngine({ embedder: 'none', reranker: reranker() });
    const workspace = await engine.openWorkspace(repository(files));
    await workspace.index();
    await workspace.search({ query: 'parseLong' });
    expect(server.requests).toEqual([]);
  });
});
