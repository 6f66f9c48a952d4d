/** A store that is damaged, removed, replaced, full or busy while a workspace is open: answers go on, nothing is lost. */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openGitHistory } from '../adapters/history/git-history.ts';
import { cacheFolder, INDEX_FILE } from '../adapters/stores/cache-home.ts';
import { removeCache } from '../adapters/stores/eviction.ts';
import { openEngineWith } from '../open-engine.ts';
import { pathsFor, repository, tempHome, testEngine } from '../testing/open-workspace.ts';

const FILES = Object.fromEntries(
  Array.from({ length: 60 }, (_, i) => [
    `src/part${i}.ts`,
    `/** Part ${i} of the machine. */\nexport function turnWheel${i}(speed: number): number {\n  return speed * ${i};\n}\n`,
  ]),
);

const familyOf = (home: string) =>
  readdirSync(cacheFolder(home)).find((name) => name !== '.gitignore') as string;
const storeFile = (home: string) => join(cacheFolder(home), familyOf(home), INDEX_FILE);

/** Overwrites everything after the first pages: what opening looks at stays whole. */
function damage(file: string): void {
  const { size } = statSync(file);
  const handle = openSync(file, 'r+');
  const noise = Buffer.alloc(4096, 0x5a);
  for (let at = 16 * 4096; at < size; at += 4096) writeSync(handle, noise, 0, 4096, at);
  closeSync(handle);
}

/** A home whose index is complete and closed. */
async function indexedHome(root: string): Promise<string> {
  const home = tempHome();
  const engine = await testEngine({ home });
  await (await engine.openWorkspace(root)).index();
  await engine.close();
  return home;
}

describe('a damaged index', () => {
  it('found when it is opened is set aside, rebuilt, and told of', async () => {
    const root = repository(FILES);
    const home = await indexedHome(root);
    writeFileSync(storeFile(home), 'this is no database, but it is long enough to look at '.repeat(100));
    const workspace = await (await testEngine({ home })).openWorkspace(root);
    const { notices } = await workspace.status();
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(
      /cannot be used: .* A new index is built; the damaged one is kept as .*\.corrupt-1\./,
    );
    await workspace.index();
    expect((await pathsFor(workspace, 'turnWheel7'))[0]).toBe('src/part7.ts');
  });

  it('met while answering is rebuilt behind the answer', async () => {
    const root = repository(FILES);
    const home = await indexedHome(root);
    damage(storeFile(home));
    const workspace = await (await testEngine({ home })).openWorkspace(root);
    const answer = await workspace.search({ query: 'turnWheel7' });
    expect(['building', 'fresh']).toContain(answer.freshness.state);
    await workspace.index();
    expect((await pathsFor(workspace, 'turnWheel7'))[0]).toBe('src/part7.ts');
    const status = await workspace.status();
    expect(status).toMatchObject({ state: 'ready', files: 60 });
    expect(status.notices.join(' ')).toMatch(/cannot be used/);
  });

  it('that was removed while in use is made anew', async () => {
    const root = repository(FILES);
    const home = await indexedHome(root);
    const workspace = await (await testEngine({ home })).openWorkspace(root);
    expect((await pathsFor(workspace, 'turnWheel7'))[0]).toBe('src/part7.ts');
    rmSync(cacheFolder(home), { recursive: true });
    writeFileSync(join(root, 'src/late.ts'), 'export const lateLever = 1;\n');
    expect(await pathsFor(workspace, 'lateLever')).toEqual(['src/late.ts']);
    // Publishing the edit finds that the file is gone.
    await expect.poll(() => existsSync(cacheFolder(home)), { timeout: 5_000 }).toBe(true);
    await workspace.index();
    expect(await pathsFor(workspace, 'lateLever')).toEqual(['src/late.ts']);
    expect((await workspace.status()).files).toBe(61);
  });

  it('that another process replaced is followed to the new file, which is not set aside', async () => {
    const root = repository(FILES);
    const home = await indexedHome(root);
    const workspace = await (await testEngine({ home })).openWorkspace(root);
    await workspace.search({ query: 'turnWheel7' });
    const file = storeFile(home);
    for (const suffix of ['', '-wal', '-shm'])
      if (existsSync(file + suffix)) renameSync(file + suffix, `${file}.away${suffix}`);
    const other = await testEngine({ home });
    await (await other.openWorkspace(root)).index();
    const replaced = statSync(file).ino;
    writeFileSync(join(root, 'src/late.ts'), 'export const lateLever = 1;\n');
    await workspace.index({ rebuild: true });
    expect(await pathsFor(workspace, 'lateLever')).toEqual(['src/late.ts']);
    expect(statSync(file).ino).toBe(replaced);
    expect(readdirSync(join(file, '..')).filter((name) => name.includes('.corrupt-'))).toEqual([]);
  });

  it('does not end a job for those who hold its handle: another run does its work', async () => {
    const root = repository(FILES);
    const home = await indexedHome(root);
    const workspace = await (await testEngine({ home })).openWorkspace(root);
    await workspace.watch();
    rmSync(cacheFolder(home), { recursive: true });
    const { id } = workspace.startIndexing({ rebuild: true });
    await expect.poll(() => workspace.job(id)?.state, { timeout: 10_000 }).toBe('done');
    expect(workspace.job(id)).toMatchObject({ id, report: { files: 60, complete: true } });
    // The first look after watching begins is a scan.
    await workspace.search({ query: 'turnWheel7' });
    expect(await workspace.search({ query: 'turnWheel7' })).toMatchObject({
      freshness: { state: 'fresh', checkedBy: 'watcher' },
    });
  });

  it('again and again is an error, not a loop', async () => {
    const root = repository(FILES);
    const home = await indexedHome(root);
    const workspace = await (await testEngine({ home })).openWorkspace(root);
    let failed: unknown;
    for (let round = 0; round < 6 && !failed; round++) {
      rmSync(cacheFolder(home), { recursive: true, force: true });
      await workspace.index({ rebuild: true }).catch((error: unknown) => {
        failed = error;
      });
    }
    expect(failed).toMatchObject({ code: 'store_corrupt' });
    expect((failed as { advice: string }).advice).not.toBe('');
  });
});

describe('a full disk', () => {
  const engineWithSpace = async (home: string, maxBytes: number) => {
    const engine = await openEngineWith(
      { home, workers: 1 },
      { history: openGitHistory, store: { maxBytes } },
    );
    onTestFinished(() => engine.close());
    return engine;
  };

  it('fails the first build with advice, and queries do not start one after the other', async () => {
    const big = {
      ...FILES,
      'src/big.ts': Array.from({ length: 20_000 }, (_, i) => `export const name${i * 7919} = ${i};`).join(
        '\n',
      ),
    };
    const workspace = await (await engineWithSpace(tempHome(), 64 * 4096)).openWorkspace(repository(big));
    await expect(workspace.index()).rejects.toMatchObject({
      code: 'store_full',
      advice: expect.stringContaining('Free disk space'),
    });
    const job = workspace.job();
    expect(job?.state).toBe('failed');
    for (let i = 0; i < 3; i++)
      expect((await workspace.search({ query: 'turnWheel7' })).freshness.state).toBe('building');
    expect(workspace.job()?.id).toBe(job?.id);
    expect((await workspace.status()).notices.join(' ')).toMatch(/The last indexing failed: .* full/);
  });

  it('keeps edits in memory, answers from them, and says so', async () => {
    const root = repository(FILES);
    const home = await indexedHome(root);
    const pages = Math.ceil(statSync(storeFile(home)).size / 4096);
    const workspace = await (await engineWithSpace(home, pages * 4096)).openWorkspace(root);
    const lines = (word: string) =>
      Array.from({ length: 3_000 }, (_, i) => `export const ${word}${i * 7919} = ${i};`).join('\n');
    writeFileSync(join(root, 'src/late.ts'), lines('lateLever'));
    expect(await pathsFor(workspace, 'lateLever7919')).toEqual(['src/late.ts']);
    await expect
      .poll(async () => (await workspace.status()).notices.join(' '), { timeout: 5_000 })
      .toMatch(/1 changed file is answered from memory only/);
    writeFileSync(join(root, 'src/later.ts'), lines('laterLever'));
    expect((await pathsFor(workspace, 'laterLever7919'))[0]).toBe('src/later.ts');
    expect((await pathsFor(workspace, 'lateLever7919'))[0]).toBe('src/late.ts');
    expect((await pathsFor(workspace, 'turnWheel7'))[0]).toBe('src/part7.ts');
    // What is on disk goes; the edits stay until they can be written.
    await workspace.clear();
    expect(await workspace.status()).toMatchObject({ state: 'building', files: 2 });
  });
});

describe('opening that fails', () => {
  it('leaves nothing locked', async () => {
    const root = repository(FILES);
    const home = await indexedHome(root);
    const file = storeFile(home);
    rmSync(file);
    mkdirSync(file);
    const engine = await testEngine({ home });
    await expect(engine.openWorkspace(root)).rejects.toMatchObject({ name: 'ConexusError' });
    expect(removeCache(home, familyOf(home))).toBe(true);
    const workspace = await engine.openWorkspace(root);
    await workspace.index();
    expect((await pathsFor(workspace, 'turnWheel7'))[0]).toBe('src/part7.ts');
  });
});
