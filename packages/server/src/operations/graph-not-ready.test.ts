/** Questions about calls while the graph is being built: over standard input, over HTTP, and at the command line, with real processes. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AnalyzeOutput, RelatedOutput } from '@conexus/sdk/contract';
import { expect, it, onTestFinished } from 'vitest';
import { resolveServeSettings } from '../config/serve-settings.ts';
import { resolveSettings } from '../config/settings.ts';
import { openServer } from '../http/open-server.ts';
import { makeRepository, runCommand, SMALL_REPOSITORY, temporaryFolder } from '../testing/run-command.ts';
import { connectStdio } from '../testing/stdio-client.ts';
import { loadEngine } from '../workspaces/load-engine.ts';

/** More than the 2 s that a question waits, less than the 20 s after which a process no longer waits for another. */
const SOON_MS = 15_000;

/** An index without a graph, and the turn to read facts for it held as if another process had it. */
async function heldBack() {
  const [home, root] = [temporaryFolder('home'), makeRepository(SMALL_REPOSITORY)];
  const env = { CONEXUS_HOME: home, CONEXUS_ADAPT: '0' };
  expect((await runCommand(['search', 'session', '--root', root], { env })).code).toBe(0);
  const found = readdirSync(home, { recursive: true, encoding: 'utf8' }).find((path) =>
    /indexing-[^/]*$/.test(path),
  );
  const turn = new DatabaseSync(join(home, found ?? '', '..', 'facts'));
  turn.exec('BEGIN EXCLUSIVE');
  const release = () => {
    if (turn.isOpen) turn.close();
  };
  onTestFinished(() => {
    release();
    for (const folder of [home, root]) rmSync(folder, { recursive: true, force: true });
  });
  return { home, root, env, release };
}

const NOT_READY =
  /^The index is ready, and the graph of calls is still being built: calls of 0 of \d files are read.* — Ask again in \d+ s, or wait for it with index_control .*; until then search_codebase and locate_relevant_files answer in full\.$/;

it('is answered at once over standard input: what there is, what is being built, when to ask again', async () => {
  const { home, root, release } = await heldBack();
  const agent = await connectStdio('auto', root, home);
  onTestFinished(() => agent.close());
  const started = performance.now();
  const callers = await agent.call('find_references', { name: 'invalidateSession' });
  expect(callers).toMatchObject({ isError: true, text: expect.stringMatching(NOT_READY) });
  const report = await agent.call('analyze_implementation', { target: 'src/session.ts' });
  expect(report.isError).not.toBe(true);
  expect(report.text).toMatch(/^Index: building, reading calls of 0 of \d files/m);
  expect(report.text).toContain('Being built, and not in this report: entry points, call graph, tests');
  expect(report.text).toMatch(/### overview \(\d+\)/);
  const named = await agent.call('analyze_implementation', { target: 'invalidateSession' });
  expect(named.text).toMatch(/^## src\/session\.ts:4-6 — function invalidateSession$/m);
  expect(named.text).not.toContain('The target is no');
  const related = await agent.call('get_related_info', { target: 'src/session.ts' });
  expect(related.text).toMatch(/^Index: building/m);
  expect(related.text).toContain('Sessions: keep them in a store');
  expect(related.text).toMatch(/Who calls it is not known yet\..* Ask again in \d+ s/);
  expect((await agent.call('search_codebase', { query: 'invalidate session' })).text).toMatch(
    /^Index: fresh/m,
  );
  expect(performance.now() - started).toBeLessThan(SOON_MS);
  release();
  await expect
    .poll(async () => (await agent.call('find_references', { name: 'invalidateSession' })).text, {
      timeout: 60_000,
      interval: 500,
    })
    .toContain('src/session.test.ts');
}, 120_000);

it('is answered at once over HTTP, with the time to ask again, and kept by nobody', async () => {
  const { home, root, env, release } = await heldBack();
  const file = join(home, 'serve.json');
  writeFileSync(file, JSON.stringify({ port: 0, repositories: { shop: root } }));
  const lists = { repositories: [], allowedHosts: [], allowedOrigins: [] };
  const server = await openServer({
    settings: resolveSettings({ env, cwd: home, platform: process.platform }),
    serve: resolveServeSettings({ cwd: home, file, root: home, ...lists }),
    loadEngine,
    log: () => undefined,
  });
  onTestFinished(() => server.close());
  const ask = (operation: string, body: object) =>
    fetch(`${server.url}/v1/${operation}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const started = performance.now();
  for (const [operation, body] of [
    ['find_references', { name: 'invalidateSession' }],
    ['impact', { target: 'invalidateSession' }],
  ] as const) {
    const refused = await ask(operation, body);
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ error: { code: 'not_ready' } });
  }
  const report = AnalyzeOutput.parse(
    await (await ask('analyze_implementation', { target: 'src/session.ts' })).json(),
  );
  expect(report.freshness).toMatchObject({ state: 'building', progress: { phase: 'facts' } });
  expect(report.gates).toContainEqual(expect.objectContaining({ name: 'unresolved', state: 'failed' }));
  const related = RelatedOutput.parse(
    await (await ask('get_related_info', { target: 'src/session.ts' })).json(),
  );
  expect(related.freshness.state).toBe('building');
  expect(performance.now() - started).toBeLessThan(SOON_MS);
  release();
  await expect
    .poll(async () => (await ask('find_references', { name: 'invalidateSession' })).status, {
      timeout: 60_000,
      interval: 500,
    })
    .toBe(200);
  const whole = AnalyzeOutput.parse(
    await (await ask('analyze_implementation', { target: 'src/session.ts' })).json(),
  );
  expect(whole.freshness.state).toBe('fresh');
  expect(whole.gates).toContainEqual(expect.objectContaining({ name: 'unresolved', state: 'passed' }));
}, 120_000);

it('is waited for at the command line, because nobody else would go on with it', async () => {
  const { root, env, release } = await heldBack();
  const asked = runCommand(['callers', 'invalidateSession', '--root', root], { env });
  const first = await Promise.race([
    asked,
    new Promise((resolve) => setTimeout(() => resolve('waits'), 4_000)),
  ]);
  expect(first).toBe('waits');
  release();
  expect(await asked).toMatchObject({ code: 0, out: expect.stringContaining('src/session.test.ts') });
}, 120_000);
