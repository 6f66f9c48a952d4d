/**
 * What every store must do, as tests: run against each adapter by `store.test.ts`. Manifests and deltas are printed as
 * text (`path=blob@segment:ordinal`), so that a case reads as what went in and what came out.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BlobGoneError, type ManifestEntry, SegmentGoneError, type Store } from '../../../ports/store.ts';
import { describeFacts } from './store-contract-facts.ts';
import { describeLargeManifests } from './store-contract-large.ts';
import { describeClearing, describeMerging } from './store-contract-merging.ts';
import { describeVectors } from './store-contract-vectors.ts';
import { bytes, type Context, entry, key, print, publication, segment, string } from './store-samples.ts';

export interface StoreHarness {
  /** Another handle on the same data, as another process has one. */
  open(): Store;
  dispose(): Promise<void>;
}

export interface StoreHarnessOptions {
  readonly tombstoneWrites?: number;
}

export function describeStore(name: string, create: (options?: StoreHarnessOptions) => StoreHarness): void {
  describe(name, () => {
    let harness: StoreHarness;
    let store: Store;
    beforeEach(() => {
      harness = create({ tombstoneWrites: 10 });
      store = harness.open();
    });
    afterEach(async () => {
      await store.close();
      await harness.dispose();
    });
    const context: Context = { store: () => store, open: () => harness.open() };
    describePublishing(context);
    describeDeltas(context);
    describeSharing(context);
    describeMerging(context);
    describeClearing(context);
    describeFacts(context);
    describeVectors(context);
    describeLargeManifests(context);
    describeSmallThings(context);
  });
}

function describePublishing({ store, open }: Context): void {
  test('what is published is what is read', async () => {
    const id = await store().openWorkspace('/r');
    expect(await store().generation(id)).toBe(0);
    expect(print(await store().readManifest(id, 0))).toBe('full []');
    const generation = await store().publish(
      publication(id, { segments: [segment('a', 'b')], put: ['x=a', 'y=b'] }),
    );
    expect(await store().generation(id)).toBe(generation);
    expect(print(await store().readManifest(id, 0))).toBe('full x=a@1:0 y=b@1:1 [1]');
    expect(string(await store().readSegmentHeader(1))).toBe('header a b');
    expect((await store().readPages(1, [1, 0, 1])).map(string)).toEqual(['page b', 'page a', 'page b']);
    const rows = (await store().readManifest(id, 0)).upserts;
    const outlines = await store().readOutlines(rows.map((row) => row.blob.id).reverse());
    expect(outlines.map(string)).toEqual(['outline b', 'outline a']);
  });

  test('stamps, kinds and traits come back exactly', async () => {
    const id = await store().openWorkspace('/r');
    const exact: ManifestEntry[] = [
      entry('a=a', {
        stamp: { size: 2 ** 40, mtimeNs: -1n, ctimeNs: 2n ** 63n - 1n, inode: 2n ** 64n - 1n },
        kind: 'test',
        traits: ['vendored', 'generated'],
      }),
      entry('b/ü \n"quoted".ts=a', { stamp: { size: 0, mtimeNs: 0n, ctimeNs: 0n, inode: 0n }, kind: 'doc' }),
    ];
    await store().publish({ ...publication(id, { segments: [segment('a')] }), upserts: exact });
    const { upserts } = await store().readManifest(id, 0);
    expect(upserts.map(({ blob, ...row }) => ({ ...row, blob: key(blob.hash) }))).toEqual(exact);
  });

  test('a publication that names an unknown blob changes nothing', async () => {
    const id = await store().openWorkspace('/r');
    const first = await store().publish(publication(id, { segments: [segment('a')], put: ['x=a'] }));
    const bad = publication(id, {
      segments: [segment('b')],
      put: ['y=b', 'z=nowhere', 'w=a/python'],
      remove: ['x'],
    });
    const error = await store()
      .publish(bad)
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(BlobGoneError);
    expect((error as BlobGoneError).blobs).toEqual(['nowhere', 'a']);
    expect(await store().generation(id)).toBe(first);
    expect(print(await store().readManifest(id, 0))).toBe('full x=a@1:0 [1]');
    expect(await store().findBlobs([key('b')])).toEqual([undefined]);
  });

  test('an unknown workspace is refused, and reads of it are empty', async () => {
    await expect(store().publish(publication(99, {}))).rejects.toMatchObject({ code: 'not_indexed' });
    expect(await store().generation(99)).toBe(0);
    expect(print(await store().readManifest(99, 0))).toBe('full []');
  });

  test('concurrent publishers all succeed, each with its own generation', async () => {
    const id = await store().openWorkspace('/r');
    const handles = [store(), open(), open()];
    const publishes = Array.from({ length: 30 }, (_, i) => {
      const handle = handles[i % 3] ?? store();
      return handle.publish(
        publication(id, { segments: [segment(`b${i}`)], put: [`f${i}=b${i}`, `common=b${i}`] }),
      );
    });
    const generations = await Promise.all(publishes);
    expect(new Set(generations).size).toBe(30);
    const { upserts, generation } = await open().readManifest(id, 0);
    expect(generation).toBe(Math.max(...generations));
    expect(upserts).toHaveLength(31);
    const last = generations.indexOf(generation);
    expect(upserts.find((row) => row.path === 'common')?.blob.hash).toBe(`b${last}`);
  });
}

function describeDeltas({ store, open }: Context): void {
  test('a reader sees only what changed since its generation, also through another handle', async () => {
    const id = await store().openWorkspace('/r');
    const g1 = await store().publish(
      publication(id, { segments: [segment('a', 'b')], put: ['x=a', 'y=b', 'z=a'] }),
    );
    const g2 = await store().publish(
      publication(id, { segments: [segment('c')], put: ['x=c'], remove: ['y', 'no'] }),
    );
    const reader = open();
    expect(await reader.generation(id)).toBe(g2);
    expect(print(await reader.readManifest(id, g1))).toBe('delta x=c@2:0 -y [1 2]');
    expect(print(await reader.readManifest(id, g2))).toBe('delta [1 2]');
    expect(print(await reader.readManifest(id, 0))).toBe('full x=c@2:0 z=a@1:0 [1 2]');
    await reader.close();
  });

  test('a file that comes back is an upsert, not a deletion; a path in both lists stays', async () => {
    const id = await store().openWorkspace('/r');
    const g1 = await store().publish(publication(id, { segments: [segment('a')], put: ['x=a', 'y=a'] }));
    await store().publish(publication(id, { remove: ['x'] }));
    await store().publish(publication(id, { put: ['x=a'] }));
    await store().publish(publication(id, { put: ['y=a'], remove: ['y'] }));
    expect(print(await store().readManifest(id, g1))).toBe('delta x=a@1:0 y=a@1:0 [1]');
  });

  test('a reader older than the remembered deletions starts anew', async () => {
    const id = await store().openWorkspace('/r');
    const g1 = await store().publish(publication(id, { segments: [segment('a')], put: ['x=a', 'y=a'] }));
    const g2 = await store().publish(publication(id, { remove: ['x'] }));
    for (let i = 0; i < 9; i += 1) await store().publish(publication(id, { put: ['y=a'] }));
    expect(print(await store().readManifest(id, g1))).toBe('delta y=a@1:0 -x [1]');
    await store().publish(publication(id, { put: ['y=a'] }));
    expect(print(await store().readManifest(id, g1))).toBe('full y=a@1:0 [1]');
    expect(print(await store().readManifest(id, g2))).toBe('delta y=a@1:0 [1]');
  });

  test('a generation from the future (of a store that was rebuilt) starts anew', async () => {
    const id = await store().openWorkspace('/r');
    await store().publish(publication(id, { segments: [segment('a')], put: ['x=a'] }));
    expect(print(await store().readManifest(id, 4711))).toBe('full x=a@1:0 [1]');
  });

  test('a publication without changes is a generation too', async () => {
    const id = await store().openWorkspace('/r');
    const g1 = await store().publish(publication(id, {}));
    const g2 = await store().publish(publication(id, {}));
    expect(g2).toBeGreaterThan(g1);
    expect(print(await store().readManifest(id, g1))).toBe('delta []');
  });
}

function describeSharing({ store }: Context): void {
  test('two workspaces share blobs and keep their own manifests and generations', async () => {
    const one = await store().openWorkspace('/one');
    const two = await store().openWorkspace('/two');
    expect(await store().openWorkspace('/one')).toBe(one);
    const g1 = await store().publish(
      publication(one, { segments: [segment('a', 'b')], put: ['x=a', 'y=b'] }),
    );
    await store().publish(publication(two, { put: ['elsewhere=a'] }));
    expect(await store().generation(one)).toBe(g1);
    expect(print(await store().readManifest(two, 0))).toBe('full elsewhere=a@1:0 [1]');
    await store().publish(publication(two, { remove: ['elsewhere'] }));
    expect(print(await store().readManifest(one, 0))).toBe('full x=a@1:0 y=b@1:1 [1]');
  });

  test('a blob keeps its first place; a segment with nothing new is not kept', async () => {
    const id = await store().openWorkspace('/r');
    await store().publish(publication(id, { segments: [segment('a')], put: ['x=a'] }));
    await store().publish(
      publication(id, { segments: [segment('b', 'a'), segment('a')], put: ['y=b', 'z=a'] }),
    );
    await store().publish(publication(id, { segments: [segment('c', 'c')], put: ['w=c'] }));
    expect(print(await store().readManifest(id, 0))).toBe('full w=c@3:0 x=a@1:0 y=b@2:0 z=a@1:0 [1 2 3]');
    expect(await store().stats()).toMatchObject({ segments: 3, blobs: 3, workspaces: 1 });
  });

  test('language and fingerprint are part of the key', async () => {
    const id = await store().openWorkspace('/r');
    const names = ['a/python/v1', 'a/ruby/v1', 'a/python/v2'];
    await store().publish(publication(id, { segments: [segment(...names)] }));
    const found = await store().findBlobs([...names, 'a/ruby/v2', 'b/python/v1'].map(key));
    expect(found.map((blob) => blob && `${blob.language}:${blob.ordinal}`)).toEqual([
      'python:0',
      'ruby:1',
      'python:2',
      undefined,
      undefined,
    ]);
  });

  test('orphans are the documents no manifest of any workspace names', async () => {
    const one = await store().openWorkspace('/one');
    const two = await store().openWorkspace('/two');
    await store().publish(
      publication(one, { segments: [segment('a', 'b', 'c')], put: ['x=a', 'y=b', 'z=c'] }),
    );
    await store().publish(publication(two, { put: ['y=b'] }));
    expect(await store().orphans(1)).toEqual([]);
    await store().publish(publication(one, { remove: ['x', 'y'] }));
    expect(await store().orphans(1)).toEqual([0]);
    await store().publish(publication(one, { segments: [segment('d', 'a', 'e')], put: ['d=d'] }));
    expect(await store().orphans(2)).toEqual([1, 2]);
    await expect(store().orphans(3)).rejects.toBeInstanceOf(SegmentGoneError);
  });
}

function describeSmallThings({ store, open }: Context): void {
  test('the list of skipped files is replaced, and kept when not given', async () => {
    const id = await store().openWorkspace('/r');
    expect(await store().readSkipped(id)).toEqual([]);
    const skipped = [
      { path: 'a.png', reason: 'binary' } as const,
      { path: 'b "ü".js', reason: 'minified' } as const,
    ];
    await store().publish({ ...publication(id, {}), skipped });
    await store().publish(publication(id, {}));
    expect(await store().readSkipped(id)).toEqual(skipped);
    await store().publish({ ...publication(id, {}), skipped: [] });
    expect(await store().readSkipped(id)).toEqual([]);
  });

  test('meta is per workspace and changes with the generation', async () => {
    const one = await store().openWorkspace('/one');
    const two = await store().openWorkspace('/two');
    await store().publish({ ...publication(one, {}), meta: { a: '1', b: '' } });
    await store().publish({ ...publication(one, {}), meta: { a: '2' } });
    expect(await store().readMeta(one, 'a')).toBe('2');
    expect(await store().readMeta(one, 'b')).toBe('');
    expect(await store().readMeta(one, 'c')).toBeUndefined();
    expect(await store().readMeta(two, 'a')).toBeUndefined();
    const bad = { ...publication(one, { put: ['x=unknown'] }), meta: { a: '3' } };
    await expect(store().publish(bad)).rejects.toBeInstanceOf(BlobGoneError);
    expect(await store().readMeta(one, 'a')).toBe('2');
  });

  test('assets are bytes by name, replaced whole, seen by other handles', async () => {
    expect(await store().readAsset('history')).toBeUndefined();
    await store().writeAsset('history', bytes('one'));
    await store().writeAsset('history', new Uint8Array([0, 255, 0]));
    await store().writeAsset('empty', new Uint8Array());
    const other = open();
    expect([...((await other.readAsset('history')) ?? [])]).toEqual([0, 255, 0]);
    expect((await other.readAsset('empty'))?.byteLength).toBe(0);
    await other.removeAsset('history');
    await other.removeAsset('never written');
    expect(await store().readAsset('history')).toBeUndefined();
    expect((await store().readAsset('empty'))?.byteLength).toBe(0);
    await other.close();
  });

  test('bytes belong to the store: changing them afterwards changes nothing', async () => {
    const id = await store().openWorkspace('/r');
    const mine = segment('a');
    await store().publish(publication(id, { segments: [mine], put: ['x=a'] }));
    mine.header.fill(0);
    (await store().readSegmentHeader(1)).fill(0);
    expect(string(await store().readSegmentHeader(1))).toBe('header a');
  });

  test('names that look like SQL or reach for prototypes are plain names', async () => {
    const id = await store().openWorkspace("/r'; DROP TABLE manifest; --");
    const names = ["'; DELETE FROM blob; --", '__proto__', 'constructor', '"', '%', 'é'];
    await store().publish(
      publication(id, { segments: [segment('a')], put: names.map((name) => `${name}=a`) }),
    );
    const { upserts } = await store().readManifest(id, 0);
    expect(upserts.map((row) => row.path).sort()).toEqual([...names].sort());
    expect(await store().readMeta(id, '__proto__')).toBeUndefined();
  });
}
