/** Damage, full disks and unwritable folders: typed errors, nothing lost, a way back. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../ports/store.ts';
import { openOrRebuild } from './recovery.ts';
import { openSqliteStore } from './sqlite-store.ts';
import { entry, key, print, publication, segment } from './testing/store-samples.ts';

let folder: string;
let file: string;
let opened: Store[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'conexus-recovery-'));
  file = join(folder, 'index.sqlite');
  opened = [];
});
afterEach(async () => {
  for (const store of opened) await store.close();
  rmSync(folder, { recursive: true });
});

function open(options?: Parameters<typeof openSqliteStore>[1]): Store {
  const store = openSqliteStore(file, options);
  opened.push(store);
  return store;
}

function rebuild() {
  const result = openOrRebuild(file);
  opened.push(result.store);
  return result;
}

/** A closed store with one workspace, 200 blobs and about 1 MB of pages. */
async function healthyFile(): Promise<void> {
  const store = openSqliteStore(file);
  const id = await store.openWorkspace('/r');
  const names = Array.from({ length: 200 }, (_, i) => `blob${i}`);
  const big = { ...segment(...names), pages: names.map((_, i) => new Uint8Array(5000).fill(i)) };
  await store.publish(
    publication(id, { segments: [big], put: names.map((name) => `src/${name}.ts=${name}`) }),
  );
  await store.close();
}

async function readEverything(store: Store): Promise<string> {
  const id = await store.openWorkspace('/r');
  const delta = await store.readManifest(id, 0);
  const { upserts, segments } = delta;
  await store.readOutlines(upserts.map((row) => row.blob.id));
  for (const one of segments) {
    await store.readSegmentHeader(one);
    await store.readPages(
      one,
      Array.from({ length: 200 }, (_, i) => i),
    );
  }
  return print(delta);
}

describe('a damaged store', () => {
  test.each([
    [
      'something else',
      () => writeFileSync(file, 'not a database, but long enough to have a header'.repeat(9)),
    ],
    ['a truncated file', () => truncateSync(file, statSync(file).size - 4096 * 3)],
    ['half a page', () => truncateSync(file, 2048)],
    ['a file of zeros', () => writeFileSync(file, new Uint8Array(65536))],
    ['another application', () => sql('PRAGMA application_id = 7; PRAGMA user_version = 1')],
    ['an older format', () => sql('PRAGMA user_version = 999')],
    ['a missing table', () => sql('DROP TABLE page')],
    ['a missing state', () => sql('DELETE FROM state')],
  ])('is refused on opening and rebuilt: %s', async (_, damage) => {
    await healthyFile();
    damage();
    const error = caught(() => openSqliteStore(file));
    expect(error).toMatchObject({ name: 'ConexusError', code: 'store_corrupt' });
    const { store, rebuilt } = rebuild();
    expect(rebuilt).toMatchObject({ movedTo: `${file}.corrupt-1`, reason: (error as Error).message });
    expect(existsSync(`${file}.corrupt-1`)).toBe(true);
    const id = await store.openWorkspace('/r');
    await store.publish(publication(id, { segments: [segment('a')], put: ['x=a'] }));
    expect(print(await store.readManifest(id, 0))).toBe('full x=a@1:0 [1]');
  });

  test('a healthy store is opened as it is', async () => {
    await healthyFile();
    const { store, rebuilt } = rebuild();
    expect(rebuilt).toBeUndefined();
    expect(await readEverything(store)).toMatch(/^full src\/blob0.ts=blob0@1:0 .* \[1\]$/);
  });

  test('only the last broken file is kept', async () => {
    for (let i = 0; i < 3; i += 1) {
      writeFileSync(file, `rubbish ${i} `.repeat(100));
      await openOrRebuild(file).store.close();
    }
    const kept = readdirSync(folder).filter((name) => name.includes('corrupt'));
    expect(kept).toEqual(['index.sqlite.corrupt-3']);
    expect(readFileSync(`${file}.corrupt-3`, 'utf8')).toContain('rubbish 2');
  });

  test('every page of the file overwritten in turn: a typed error or the exact data, never other data', async () => {
    await healthyFile();
    const good = `${file}.good`;
    copyFileSync(file, good);
    const pages = statSync(file).size / 4096;
    const exact = await attempt();
    let noticed = 0;
    for (let page = 0; page < pages; page += 7) {
      copyFileSync(good, file);
      const bytes = readFileSync(file);
      bytes.fill(0xa5, page * 4096 + 100, page * 4096 + 4000);
      writeFileSync(file, bytes);
      const outcome = await attempt();
      if (outcome === 'store_corrupt') noticed += 1;
      else expect(outcome).toBe(exact);
    }
    expect(noticed).toBeGreaterThan(pages / 7 / 2);
    rmSync(good);
  });

  test('a changed byte inside a posting page does not pass for data', async () => {
    await healthyFile();
    sql('UPDATE page SET bytes = CAST(zeroblob(5000) AS BLOB) WHERE id = (SELECT max(id) FROM page)');
    await expect(readEverything(open())).rejects.toMatchObject({ code: 'store_corrupt' });
  });

  test('a writer whose file was moved away notices before it writes', async () => {
    await healthyFile();
    const old = open();
    const id = await old.openWorkspace('/r');
    renameSync(file, `${file}.elsewhere`);
    await expect(old.publish(publication(id, {}))).rejects.toMatchObject({ code: 'store_corrupt' });
    expect(await readEverything(old)).toContain('src/blob199.ts=blob199@1:199');
    const { store, rebuilt } = rebuild();
    expect(rebuilt).toBeUndefined();
    expect((await store.stats()).blobs).toBe(0);
  });

  async function attempt(): Promise<string> {
    try {
      const store = openSqliteStore(file);
      try {
        return await readEverything(store);
      } finally {
        await store.close();
      }
    } catch (error) {
      return (error as { code?: string }).code ?? String(error);
    }
  }
});

describe('a full disk', () => {
  test('fails with store_full; the previous generation answers and small writes go on when there is space', async () => {
    const store = open({ maxBytes: 400_000 });
    const id = await store.openWorkspace('/r');
    const before = await store.publish(publication(id, { segments: [segment('a')], put: ['x=a'] }));
    const huge = { ...segment('b'), pages: Array.from({ length: 200 }, () => new Uint8Array(8000)) };
    for (let i = 0; i < 3; i += 1) {
      const publish = store.publish(publication(id, { segments: [huge], put: ['y=b'], remove: ['x'] }));
      await expect(publish).rejects.toMatchObject({ name: 'ConexusError', code: 'store_full' });
    }
    expect(await store.generation(id)).toBe(before);
    expect(print(await store.readManifest(id, 0))).toBe('full x=a@1:0 [1]');
    expect(await store.findBlobs([key('b')])).toEqual([undefined]);
    await store.publish(publication(id, { segments: [segment('c')], put: ['z=c'] }));
    await store.close();
    expect(print(await open().readManifest(id, 0))).toBe('full x=a@1:0 z=c@2:0 [1 2]');
  });

  test('writeAsset and merge fail the same way', async () => {
    const store = open({ maxBytes: 400_000 });
    const id = await store.openWorkspace('/r');
    await store.publish({ ...publication(id, { segments: [segment('a')] }), upserts: [entry('x=a')] });
    await expect(store.writeAsset('big', new Uint8Array(1_000_000))).rejects.toMatchObject({
      code: 'store_full',
    });
    const pages = [new Uint8Array(1_000_000)];
    const merge = store.merge({ from: [1], header: new Uint8Array(), pages, blobs: [1] });
    await expect(merge).rejects.toMatchObject({ code: 'store_full' });
    expect(await store.readAsset('big')).toBeUndefined();
    expect(print(await store.readManifest(id, 0))).toBe('full x=a@1:0 [1]');
  });
});

describe('a place that cannot be written', () => {
  test('a folder below a file', () => {
    writeFileSync(file, '');
    expect(caught(() => openSqliteStore(join(file, 'below', 'index.sqlite')))).toMatchObject({
      code: 'store_unwritable',
    });
  });

  test('a folder in the place of the file', () => {
    mkdirSync(file);
    expect(caught(() => openSqliteStore(file))).toMatchObject({ code: 'store_unwritable' });
    expect(caught(() => openOrRebuild(file))).toMatchObject({ code: 'store_unwritable' });
  });

  test.skipIf(process.getuid?.() === 0)(
    'a read-only folder (skipped for root, who may write anywhere)',
    () => {
      chmodSync(folder, 0o500);
      expect(caught(() => openSqliteStore(file))).toMatchObject({ code: 'store_unwritable' });
      chmodSync(folder, 0o700);
    },
  );

  test.skipIf(process.platform === 'win32')('the store is readable by its owner alone', async () => {
    const store = open();
    await store.openWorkspace('/r');
    const files = readdirSync(folder).filter((name) => !name.endsWith('-opening'));
    const modes = files.map((name) => `${name} ${(statSync(join(folder, name)).mode & 0o777).toString(8)}`);
    expect(modes.sort()).toEqual(['index.sqlite 600', 'index.sqlite-shm 600', 'index.sqlite-wal 600']);
  });
});

describe('another writer', () => {
  test('holds the lease: writes wait without blocking, then fail with store_busy; reads go on', async () => {
    const store = open({ leaseTimeoutMs: 150 });
    const id = await store.openWorkspace('/r');
    const before = await store.publish(publication(id, { segments: [segment('a')], put: ['x=a'] }));
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 10);
    const error = await store.publish(publication(id, { put: ['y=a'] })).catch((e: unknown) => e);
    clearInterval(timer);
    expect(error).toMatchObject({ name: 'ConexusError', code: 'store_busy' });
    expect(ticks).toBeGreaterThan(4);
    expect(await store.generation(id)).toBe(before);
    const waiting = store.publish(publication(id, { put: ['y=a'] }));
    other.exec('ROLLBACK');
    other.close();
    expect(await waiting).toBeGreaterThan(before);
  });

  test('closing while a write waits ends the wait', async () => {
    const store = openSqliteStore(file);
    const id = await store.openWorkspace('/r');
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    const waiting = store.publish(publication(id, {})).catch((e: unknown) => e);
    await store.close();
    expect(await waiting).toMatchObject({ code: 'cancelled' });
    other.close();
  });
});

function sql(statements: string): void {
  const db = new DatabaseSync(file);
  db.exec(statements);
  db.close();
}

function caught(body: () => unknown): unknown {
  try {
    body();
  } catch (error) {
    return error;
  }
  return undefined;
}
