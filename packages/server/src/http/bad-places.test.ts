/** What a shared server stands on goes away: the folder of a repository, the space on its disk. With the real engine. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { appendAdminRecord, verifyAudit } from '../access/audit-files.ts';
import { auditFolder } from '../access/audit-log.ts';
import { keyStoreFile } from '../access/key-store.ts';
import { resolveServeSettings } from '../config/serve-settings.ts';
import { resolveSettings } from '../config/settings.ts';
import { openObservation } from '../observe/observation.ts';
import { makeRepository, SMALL_REPOSITORY, temporaryFolder } from '../testing/run-command.ts';
import { addKey, bearer } from '../testing/serve.ts';
import { loadEngine } from '../workspaces/load-engine.ts';
import type { OpenServer } from './open-server.ts';
import { openServer } from './open-server.ts';

let server: OpenServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function serve(
  home: string,
  roots: Readonly<Record<string, string>>,
  more: Readonly<Record<string, unknown>> = {},
): Promise<OpenServer> {
  const config = temporaryFolder('config');
  const file = join(config, 'serve.json');
  writeFileSync(file, JSON.stringify({ port: 0, repositories: roots, ...more }));
  onTestFinished(() => rmSync(config, { recursive: true, force: true }));
  const lists = { repositories: [], allowedHosts: [], allowedOrigins: [] };
  const settings = resolveServeSettings({ cwd: config, file, root: config, ...lists });
  const observation = await openObservation(settings.observe, settings.repositories, () => undefined);
  onTestFinished(() => observation.close());
  server = await openServer({
    settings: resolveSettings({
      env: { CONEXUS_HOME: home, CONEXUS_WORKERS: '1', CONEXUS_ADAPT: '0' },
      cwd: home,
      platform: process.platform,
    }),
    serve: settings,
    loadEngine,
    log: () => undefined,
    observation,
  });
  return server;
}

async function ask(
  path: string,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; text: string }> {
  const response = await fetch(`${server?.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

const ready = async () => (await fetch(`${server?.url}/readyz`)).status;

describe('a repository that vanishes while it is served', () => {
  it('shows nothing of what is gone, hides no other, and is back when it is back', async () => {
    const [root, other] = [
      makeRepository(SMALL_REPOSITORY),
      makeRepository({ 'other.ts': 'export const kept = 1;\n' }),
    ];
    const home = temporaryFolder('vanish');
    onTestFinished(() => {
      for (const folder of [root, other, home]) rmSync(folder, { recursive: true, force: true });
    });
    await serve(home, { shop: root, other });
    for (const repo of ['shop', 'other'])
      await ask('/v1/index_control', { repo, action: 'start', wait: true });
    const search = () => ask('/v1/search_codebase', { repo: 'shop', query: 'invalidateSession' });
    expect((await search()).text).toContain('src/session.ts');
    renameSync(root, `${root}-away`);
    try {
      for (const body of [{ query: 'invalidateSession' }, { query: 'session store', max_tokens: 500 }]) {
        const { status, text } = await ask('/v1/search_codebase', { repo: 'shop', ...body });
        expect([200, 503]).toContain(status);
        expect(text).not.toContain('return store.delete');
        expect(text).not.toContain(root);
      }
      const { status, text } = await ask('/v1/search_codebase', { repo: 'other', query: 'kept' });
      expect([status, text]).toEqual([200, expect.stringContaining('other.ts')]);
      expect(await ready()).toBe(200);
    } finally {
      renameSync(`${root}-away`, root);
    }
    await expect.poll(async () => (await search()).text, { timeout: 20_000 }).toContain('src/session.ts');
  });
});

describe('who watches the server', () => {
  const metric = async (series: string): Promise<number | undefined> => {
    const text = await (await fetch(server?.metrics ?? '')).text();
    const line = text.split('\n').find((each) => each.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.slice(series.length));
  };

  it('is told that a repository has vanished, or was never there', async () => {
    const root = makeRepository(SMALL_REPOSITORY);
    const home = temporaryFolder('vanish');
    onTestFinished(() => {
      for (const folder of [root, home]) rmSync(folder, { recursive: true, force: true });
    });
    await serve(home, { shop: root, never: `${root}-never` }, { metrics: { port: 0 } });
    await ask('/v1/index_control', { repo: 'shop', action: 'start', wait: true });
    await expect.poll(() => metric('conexus_index_ready{repo="shop"}'), { timeout: 20_000 }).toBe(1);
    expect(await metric('conexus_index_ready{repo="never"}')).toBe(0);
    expect(await metric('conexus_index_age_seconds{repo="never"}')).toBeGreaterThan(0);
    renameSync(root, `${root}-away`);
    try {
      writeFileSync(root, 'a file');
      await expect
        .poll(() => metric('conexus_index_ready{repo="shop"}'), { timeout: 20_000, interval: 500 })
        .toBe(0);
      const age = (await metric('conexus_index_age_seconds{repo="shop"}')) ?? 0;
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(await metric('conexus_index_age_seconds{repo="shop"}')).toBeGreaterThan(age);
    } finally {
      rmSync(root);
      renameSync(`${root}-away`, root);
    }
    await expect
      .poll(() => metric('conexus_index_ready{repo="shop"}'), { timeout: 20_000, interval: 500 })
      .toBe(1);
  }, 60_000);

  it('is told that no repository can be opened, until one can', async () => {
    const home = temporaryFolder('never');
    const root = join(home, 'later');
    onTestFinished(() => rmSync(home, { recursive: true, force: true }));
    await serve(home, { shop: root });
    await expect.poll(ready, { timeout: 10_000 }).toBe(503);
    mkdirSync(root);
    writeFileSync(join(root, 'a.ts'), 'export const a = 1;\n');
    await expect.poll(ready, { timeout: 30_000 }).toBe(200);
  }, 60_000);

  it.skipIf(process.platform === 'win32')(
    'is told that the keys are gone, nobody is let in by those of before, and new ones hold without a restart',
    async () => {
      const root = makeRepository(SMALL_REPOSITORY);
      const home = temporaryFolder('keys');
      onTestFinished(() => {
        for (const folder of [root, home]) rmSync(folder, { recursive: true, force: true });
      });
      const status = async (key: string) => (await ask('/v1/repositories', {}, bearer(key))).status;
      const before = addKey(home);
      await serve(home, { shop: root });
      expect([await status(before), await ready()]).toEqual([200, 200]);
      for (const end of ['', '-wal', '-shm']) rmSync(keyStoreFile(home) + end, { force: true });
      expect([await status(before), await ready()]).toEqual([503, 503]);
      const after = addKey(home);
      expect([await status(before), await status(after), await ready()]).toEqual([401, 200, 200]);
    },
  );
});

/** Of 3 MB, at the path; undefined where this user may not mount one. */
function smallDisk(path: string): string | undefined {
  try {
    mkdirSync(path, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', path], { stdio: 'ignore' });
    return path;
  } catch {
    rmdirSync(path);
    return undefined;
  }
}

describe.skipIf(process.platform !== 'linux')('a disk without space', () => {
  it('lets nobody in unrecorded, loses nothing that was answered, and all goes on when there is space', async ({
    skip,
  }) => {
    const home = smallDisk(join(temporaryFolder('disk'), 'home'));
    if (home === undefined) return skip('only root mounts a small disk');
    const root = makeRepository(SMALL_REPOSITORY);
    onTestFinished(async () => {
      await server?.close();
      server = undefined;
      execFileSync('umount', [home]);
      for (const folder of [root, join(home, '..')]) rmSync(folder, { recursive: true, force: true });
    });
    const key = bearer(addKey(home, { scopes: ['read', 'index'] }));
    await serve(home, { shop: root });
    await ask('/v1/index_control', { repo: 'shop', action: 'start', wait: true }, key);
    const search = (headers: Readonly<Record<string, string>> = key) =>
      ask('/v1/search_codebase', { repo: 'shop', query: 'invalidateSession' }, headers);
    expect((await search()).text).toContain('src/session.ts');

    const ballast = join(home, 'ballast');
    const { bavail, bsize } = statfsSync(home);
    writeFileSync(ballast, Buffer.alloc(bavail * bsize));
    // The page of the log that is begun takes some records yet.
    await expect.poll(async () => (await search()).status, { timeout: 20_000 }).toBe(503);
    const refused = await search();
    expect(refused.text).toContain('state_unusable');
    expect(refused.text).not.toContain(home);
    expect(await ready()).toBe(503);
    expect(() =>
      appendAdminRecord(auditFolder(home), { event: 'key created', name: 'x'.repeat(9_000) }, new Date()),
    ).toThrow(/ENOSPC/);
    expect((await search({})).status).toBe(401);
    expect((await search(bearer(`cnx_${'0'.repeat(16)}_x`))).status).toBe(401);

    rmSync(ballast);
    await expect.poll(async () => (await search()).status, { timeout: 20_000 }).toBe(200);
    expect((await search()).text).toContain('src/session.ts');
    expect(await ready()).toBe(200);
    await server?.close();
    server = undefined;
    const files = verifyAudit(auditFolder(home));
    expect(files.map(({ fault }) => fault)).toEqual(files.map(() => undefined));
  }, 60_000);
});
