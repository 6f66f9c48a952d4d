/** The contract suite, run against every store, and what only the one on disk can show. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { Store } from '../../ports/store.ts';
import { createMemoryDatabase, openMemoryStore } from './memory-store.ts';
import { openSqliteStore } from './sqlite-store.ts';
import { describeStore } from './testing/store-contract.ts';
import { publication, segment } from './testing/store-samples.ts';

describeStore('memory store', (options) => {
  const database = createMemoryDatabase(options);
  return { open: () => openMemoryStore(database), dispose: async () => {} };
});

describeStore('SQLite store', (options) => {
  const folder = mkdtempSync(join(tmpdir(), 'conexus-store-'));
  const opened: Store[] = [];
  return {
    open: () => {
      const store = openSqliteStore(join(folder, 'index.sqlite'), options);
      opened.push(store);
      return store;
    },
    dispose: async () => {
      for (const store of opened) await store.close();
      rmSync(folder, { recursive: true });
    },
  };
});

test('clearing gives the space back to the disk', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'conexus-store-'));
  const store = openSqliteStore(join(folder, 'index.sqlite'));
  const id = await store.openWorkspace('/r');
  const big = { ...segment('a'), pages: Array.from({ length: 300 }, () => new Uint8Array(8000)) };
  await store.publish(publication(id, { segments: [big], put: ['x=a'] }));
  expect((await store.stats()).bytes).toBeGreaterThan(2_400_000);
  await store.clear(id);
  expect((await store.stats()).bytes).toBeLessThan(300_000);
  await store.close();
  expect(statSync(join(folder, 'index.sqlite')).size).toBeLessThan(300_000);
  rmSync(folder, { recursive: true });
});

const NOW = 2;

test('facts of many blobs are kept together, and their pack goes with the last of them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'conexus-store-'));
  const file = join(folder, 'index.sqlite');
  const store = openSqliteStore(file);
  const id = await store.openWorkspace('/r');
  await store.publish(publication(id, { segments: [segment('a', 'b')], put: ['x=a', 'y=b'] }));
  const random = new Uint8Array(100_000).map(() => Math.random() * 256);
  await store.writeFacts(
    [1, 2].map((blob) => ({ blob, bytes: random })),
    NOW,
  );
  const packs = () => {
    const db = new DatabaseSync(file, { readOnly: true });
    const row = db.prepare('SELECT count(*) AS n, sum(length(bytes)) AS bytes FROM facts_pack').get();
    db.close();
    return [row?.['n'], row?.['bytes']];
  };
  const [count, bytes] = packs();
  expect(count).toBe(1);
  // The second is the first again.
  expect(bytes).toBeLessThan(101_000);
  await store.writeFacts([{ blob: 1, bytes: random.subarray(0, 10) }], NOW);
  expect(packs()[0]).toBe(2);
  await store.writeFacts([{ blob: 2, bytes: new Uint8Array() }], NOW);
  expect(packs()[0]).toBe(1);
  await store.writeFacts([{ blob: 2, bytes: random }], NOW + 1);
  expect(packs()[0]).toBe(1);
  await store.clear(id);
  expect(packs()[0]).toBe(0);
  await store.close();
  rmSync(folder, { recursive: true });
});

test('a pack that is half dead is written anew, and what is left in it stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'conexus-store-'));
  const file = join(folder, 'index.sqlite');
  const store = openSqliteStore(file);
  const id = await store.openWorkspace('/r');
  const names = Array.from({ length: 10 }, (_, i) => `b${i}`);
  const put = names.map((name) => `${name}.ts=${name}`);
  await store.publish(publication(id, { segments: [segment(...names)], put }));
  const of = (blob: number) => new Uint8Array(1000).fill(blob);
  await store.writeFacts(
    names.map((_, i) => ({ blob: i + 1, bytes: of(i + 1) })),
    NOW,
  );
  const lengths = () => {
    const db = new DatabaseSync(file, { readOnly: true });
    const rows = ['facts', 'outline'].map((name) => db.prepare(`SELECT length FROM ${name}_pack`).all());
    db.close();
    return rows.map((packs) => packs.map((row) => row['length']));
  };
  const outlines = names.map((name) => `outline ${name}`).join('').length;
  expect(lengths()).toEqual([[10_000], [outlines]]);
  const leave = async (count: number, segment: number) => {
    const blobs = names.slice(0, count).map((_, i) => i + 1);
    await store.publish(publication(id, { remove: names.slice(count).map((name) => `${name}.ts`) }));
    const merged = { from: [segment], header: new Uint8Array(), pages: [], blobs };
    expect(await store.merge(merged)).toBe(true);
    expect((await store.readFacts(blobs, NOW)).map((one) => one?.[999])).toEqual(blobs);
    const read = (await store.readOutlines(blobs)).map((one) => new TextDecoder().decode(one));
    expect(read).toEqual(names.slice(0, count).map((name) => `outline ${name}`));
  };
  await leave(5, 1);
  expect(lengths()).toEqual([[10_000], [outlines]]);
  await leave(4, 2);
  expect(lengths()).toEqual([[4_000], [(outlines * 4) / 10]]);
  await store.close();
  rmSync(folder, { recursive: true });
});

test('several handles may create the same store at once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'conexus-store-'));
  const file = join(folder, 'below', 'not', 'yet', 'index.sqlite');
  const stores = [openSqliteStore(file), openSqliteStore(file), openSqliteStore(file)];
  const ids = await Promise.all(stores.map((store) => store.openWorkspace('/r')));
  expect(ids).toEqual([1, 1, 1]);
  for (const store of stores) await store.close();
  rmSync(folder, { recursive: true });
});
