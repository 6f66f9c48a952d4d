/** The part of the store contract about what changes or removes places: merges and `clear`. */
import { expect, test } from 'vitest';
import { BlobGoneError, type MergedSegment, SegmentGoneError, type Store } from '../../../ports/store.ts';
import { bytes, type Context, key, print, publication, segment, string } from './store-samples.ts';

/** Segments 1 (a, b) and 2 (c), with b an orphan. */
async function twoSegments(store: Store): Promise<number> {
  const id = await store.openWorkspace('/r');
  await store.publish(publication(id, { segments: [segment('a', 'b')], put: ['x=a', 'y=b'] }));
  return store.publish(publication(id, { segments: [segment('c')], put: ['z=c', 'y=c'] }));
}

async function blobIds(store: Store, ...names: string[]): Promise<number[]> {
  return (await store.findBlobs(names.map(key))).map((blob) => blob?.id ?? 0);
}

function merged(blobs: readonly number[], from = [1, 2]): MergedSegment {
  return { from, header: bytes('merged'), pages: [bytes('p')], blobs };
}

export function describeMerging({ store, open }: Context): void {
  test('a merge moves blobs, forgets those left out, and tells every reader', async () => {
    const before = await twoSegments(store());
    const other = await store().openWorkspace('/other');
    const otherBefore = await store().publish(publication(other, { put: ['o=a'] }));
    expect(await store().merge(merged(await blobIds(store(), 'c', 'a')))).toBe(true);
    const reader = open();
    expect(await reader.generation(1)).toBeGreaterThan(before);
    expect(print(await reader.readManifest(1, before))).toBe('delta a->3:1 c->3:0 [3]');
    expect(await reader.generation(other)).toBeGreaterThan(otherBefore);
    expect(print(await reader.readManifest(other, otherBefore))).toBe('delta a->3:1 [3]');
    expect(print(await reader.readManifest(1, 0))).toBe('full x=a@3:1 y=c@3:0 z=c@3:0 [3]');
    expect(await reader.findBlobs([key('b')])).toEqual([undefined]);
    expect(string(await reader.readSegmentHeader(3))).toBe('merged');
    const generation = await reader.generation(1);
    expect(print(await reader.readManifest(1, generation))).toBe('delta [3]');
    await reader.close();
  });

  test('reads of a merged segment, and of a forgotten blob, say that they are gone', async () => {
    await twoSegments(store());
    const [b = 0] = await blobIds(store(), 'b');
    await store().merge(merged(await blobIds(store(), 'a', 'c')));
    await expect(store().readSegmentHeader(1)).rejects.toBeInstanceOf(SegmentGoneError);
    await expect(store().readPages(2, [0])).rejects.toBeInstanceOf(SegmentGoneError);
    await expect(store().readSegmentBlobs(2)).rejects.toBeInstanceOf(SegmentGoneError);
    await expect(store().readOutlines([b])).rejects.toBeInstanceOf(BlobGoneError);
    await expect(store().readPages(3, [1])).rejects.toBeInstanceOf(RangeError);
    await expect(store().readPages(3, [-1])).rejects.toBeInstanceOf(RangeError);
  });

  test('the blobs of a segment are listed by place', async () => {
    await twoSegments(store());
    const list = await store().readSegmentBlobs(1);
    expect(list.map((blob) => `${blob.hash}@${blob.segment}:${blob.ordinal}`)).toEqual(['a@1:0', 'b@1:1']);
  });

  test('a publication that replaces moves known blobs, with new data, in every workspace', async () => {
    const before = await twoSegments(store());
    const other = await store().openWorkspace('/other');
    const otherBefore = await store().publish(publication(other, { put: ['o=a'] }));
    const again = segment('c', 'a', 'd');
    const blobs = again.blobs.map((blob) => ({ ...blob, outline: bytes(`again ${blob.key.hash}`) }));
    const change = publication(1, { segments: [{ ...again, blobs }], put: ['x=a', 'w=d'] });
    await store().publish({ ...change, replace: true });
    const reader = open();
    expect(print(await reader.readManifest(other, otherBefore))).toBe('delta a->3:1 [1 2 3]');
    const delta = await reader.readManifest(1, before);
    expect(print({ ...delta, moved: [] })).toBe('delta w=d@3:2 x=a@3:1 [1 2 3]');
    expect(delta.moved.map(({ hash, segment, ordinal }) => `${hash}@${segment}:${ordinal}`).sort()).toEqual([
      'a@3:1',
      'c@3:0',
    ]);
    const outlines = await reader.readOutlines(await blobIds(reader, 'a', 'b', 'c', 'd'));
    expect(outlines.map(string)).toEqual(['again a', 'outline b', 'again c', 'again d']);
    expect(await reader.orphans(2)).toEqual([0]);
    await reader.close();
  });

  test('a merge by an old view does nothing', async () => {
    await twoSegments(store());
    const [a = 0, b = 0, c = 0] = await blobIds(store(), 'a', 'b', 'c');
    expect(await store().merge(merged([a], [1, 2]))).toBe(false); // c is wanted
    expect(await store().merge(merged([a, c, 999]))).toBe(false);
    expect(await store().merge(merged([a, c, c]))).toBe(false);
    expect(await store().merge(merged([a, c], [1]))).toBe(false); // c is not in 1
    expect(await store().merge(merged([], []))).toBe(false);
    await store().publish(publication(1, { put: ['back=b'] }));
    expect(await store().merge(merged([a, c]))).toBe(false); // b is wanted again
    expect(await store().merge(merged([a, b, c]))).toBe(true);
    expect(await store().merge(merged([a, b, c]))).toBe(false);
    expect((await store().stats()).segments).toBe(1);
  });

  test('a segment of orphans alone is removed without a successor', async () => {
    const id = await store().openWorkspace('/r');
    await store().publish(publication(id, { segments: [segment('a')], put: ['x=a'] }));
    const g = await store().publish(publication(id, { segments: [segment('b')], put: ['x=b'] }));
    expect(await store().merge(merged([], [1]))).toBe(true);
    expect(print(await store().readManifest(id, g))).toBe('delta [2]');
    expect(await store().stats()).toMatchObject({ segments: 1, blobs: 1 });
  });
}

export function describeClearing({ store }: Context): void {
  test('clear keeps what other workspaces use and removes the rest', async () => {
    const one = await store().openWorkspace('/one');
    const two = await store().openWorkspace('/two');
    await store().publish(
      publication(one, { segments: [segment('a', 'b'), segment('c')], put: ['x=a', 'y=b', 'z=c'] }),
    );
    const g2 = await store().publish(publication(two, { put: ['x=a'] }));
    const before = await store().generation(one);
    await store().clear(one);
    expect(await store().generation(one)).toBeGreaterThan(before);
    expect(print(await store().readManifest(one, before))).toBe('full [1]');
    expect(print(await store().readManifest(two, 0))).toBe('full x=a@1:0 [1]');
    expect(print(await store().readManifest(two, g2))).toBe('delta [1]');
    expect(await store().stats()).toMatchObject({ segments: 1, blobs: 1, workspaces: 1 });
    expect(await store().orphans(1)).toEqual([1]);
    await store().clear(two);
    expect(await store().stats()).toMatchObject({ segments: 0, blobs: 0, workspaces: 0 });
  });

  test('a cleared workspace has no meta nor skipped files, and may be published to again', async () => {
    const id = await store().openWorkspace('/r');
    const first = publication(id, { segments: [segment('a')], put: ['x=a'] });
    await store().publish({
      ...first,
      meta: { complete: 'yes' },
      skipped: [{ path: 'b', reason: 'binary' }],
    });
    await store().clear(id);
    expect(await store().readMeta(id, 'complete')).toBeUndefined();
    expect(await store().readSkipped(id)).toEqual([]);
    await expect(store().publish(publication(id, { put: ['x=a'] }))).rejects.toBeInstanceOf(BlobGoneError);
    await store().publish(first);
    expect(await store().openWorkspace('/r')).toBe(id);
    expect(print(await store().readManifest(id, 0))).toBe('full x=a@2:0 [2]');
  });
}
