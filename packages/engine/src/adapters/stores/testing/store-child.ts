/**
 * A process of its own for tests and benchmarks of the store: `hold` a cache, `write` publications as fast as it can,
 * `read` snapshots and check each, or `check` that what a killed writer left is whole. Reports by IPC messages. Not part of the engine.
 */
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { ManifestRow, Store } from '../../../ports/store.ts';
import { openCache } from '../cache-home.ts';
import { listCaches } from '../eviction.ts';
import { openSqliteStore } from '../sqlite-store.ts';
import { applyDelta, checkRounds, PAGE_BYTES, round } from './store-rounds.ts';

/** Resolves when the message is in the pipe: it then arrives even if this process is killed. */
function report(message: object): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(message, undefined, undefined, () => resolve());
  });
}

async function hold(home: string, family: string): Promise<void> {
  openCache(home, family);
  process.on('message', () => process.send?.({ listed: listCaches(home).length }));
  process.send?.({ held: true });
}

async function write(file: string, writer: string, first: number, rounds: number): Promise<void> {
  const store = openSqliteStore(file);
  const workspace = await store.openWorkspace('/shared');
  for (let n = first; n < first + rounds; n += 1) {
    await store.publish(round(workspace, writer, n));
    await report({ published: n });
    if (n % 5 === 4) await mergeAll(store);
  }
  await store.close();
  process.send?.({ done: true });
}

/** What `indexing` does in small: every segment into one, without what no manifest names. */
async function mergeAll(store: Store): Promise<void> {
  const { segments } = await store.readManifest(1, 0);
  const kept: number[] = [];
  try {
    for (const segment of segments) {
      const dead = new Set(await store.orphans(segment));
      const blobs = await store.readSegmentBlobs(segment);
      kept.push(...blobs.filter((blob) => !dead.has(blob.ordinal)).map((blob) => blob.id));
    }
  } catch {
    return; // The other writer merged first.
  }
  const pages = kept.map((id) => new Uint8Array(PAGE_BYTES).fill(id % 256));
  await store.merge({ from: segments, header: new Uint8Array(8), pages, blobs: kept });
}

/** Follows the workspace by deltas until told to stop; what it has then must be what a new reader is given. */
async function read(file: string): Promise<void> {
  const store = openSqliteStore(file);
  const workspace = await store.openWorkspace('/shared');
  const rows = new Map<string, ManifestRow>();
  let generation = 0;
  let snapshots = 0;
  let stopped = false;
  process.once('message', () => {
    stopped = true;
  });
  await report({ ready: true });
  for (let last = false; !last; last = stopped) {
    const seen = await store.generation(workspace);
    if (seen !== generation) {
      const delta = await store.readManifest(workspace, generation);
      if (delta.generation < seen) throw new Error(`went back from ${seen} to ${delta.generation}`);
      applyDelta(rows, delta);
      generation = delta.generation;
      checkRounds([...rows.values()]);
      const live = new Set(delta.segments);
      const lost = [...rows.values()].find((row) => !live.has(row.blob.segment));
      if (lost !== undefined) throw new Error(`${lost.path} is in a segment that is gone`);
      snapshots += 1;
    }
    await setImmediate();
  }
  applyDelta(rows, await store.readManifest(workspace, generation));
  const anew = new Map<string, ManifestRow>();
  applyDelta(anew, await store.readManifest(workspace, 0));
  if (!isDeepStrictEqual(anew, rows)) throw new Error('the deltas do not add up to the manifest');
  await store.close();
  await report({ done: true, snapshots });
  process.disconnect();
}

/** Opens what is left of a store, as the next process does, and looks at all of it. */
async function check(file: string, writer: string): Promise<void> {
  const store = openSqliteStore(file);
  const workspace = await store.openWorkspace('/shared');
  const { upserts } = await store.readManifest(workspace, 0);
  const found = checkRounds(upserts).get(writer) ?? -1;
  const meta = await store.readMeta(workspace, writer);
  if (found >= 0 && meta !== String(found)) throw new Error(`torn: files of ${found}, meta of ${meta}`);
  for (const row of upserts) await store.readPages(row.blob.segment, [row.blob.ordinal]);
  await store.readOutlines(upserts.map((row) => row.blob.id));
  await store.close();
  const db = new DatabaseSync(file, { readOnly: true });
  const integrity = db.prepare('PRAGMA integrity_check').get()?.integrity_check;
  db.close();
  if (integrity !== 'ok') throw new Error(String(integrity));
  await report({ done: true, found });
}

const [mode = '', a = '', b = '', c = '', d = ''] = process.argv.slice(2);
if (mode === 'hold') await hold(a, b);
else if (mode === 'write') await write(a, b, Number(c), Number(d));
else if (mode === 'read') await read(a);
else if (mode === 'check') await check(a, b);
else throw new Error(`unknown mode ${mode}`);
