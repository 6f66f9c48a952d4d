/** The part of the store contract about facts of blobs, which come after the blobs. */
import { expect, test } from 'vitest';
import { BlobGoneError, type BlobId } from '../../../ports/store.ts';
import { bytes, type Context, key, publication, segment, string } from './store-samples.ts';

export function describeFacts({ store, open }: Context): void {
  const publish = async () => {
    const id = await store().openWorkspace('/r');
    await store().publish(
      publication(id, { segments: [segment('a', 'b', 'c')], put: ['x=a', 'y=b', 'z=c'] }),
    );
    const blobs = await store().findBlobs([key('a'), key('b'), key('c')]);
    return { id, blobs: blobs.map((blob) => blob?.id ?? 0) as [number, number, number] };
  };

  test('facts come after their blob, and no bytes are not the same as none', async () => {
    const { id, blobs } = await publish();
    const [a, b, c] = blobs;
    const generation = await store().generation(id);
    expect(await store().withoutFacts([c, a, b])).toEqual([c, a, b]);
    await store().writeFacts([
      { blob: a, bytes: bytes('facts a') },
      { blob: b, bytes: new Uint8Array() },
    ]);
    const other = open();
    expect(await other.withoutFacts(blobs)).toEqual([c]);
    expect((await other.readFacts(blobs)).map(string)).toEqual(['facts a', '', undefined]);
    expect(await other.generation(id)).toBe(generation);
    await other.close();
    await store().writeFacts([{ blob: a, bytes: bytes('again') }]);
    expect((await store().readFacts([a])).map(string)).toEqual(['again']);
  });

  test('facts follow a merge, go with their blob and with a rebuild, and are not written for one that is gone', async () => {
    const { id, blobs } = await publish();
    const [a, b, c] = blobs;
    await store().writeFacts(blobs.map((blob) => ({ blob, bytes: bytes(`facts ${blob}`) })));
    await store().publish(publication(id, { remove: ['z'] }));
    const merged = { from: [1], header: bytes('merged'), pages: [bytes('p')], blobs: [a, b] };
    expect(await store().merge(merged)).toBe(true);
    expect((await store().readFacts([a, b])).map(string)).toEqual([`facts ${a}`, `facts ${b}`]);
    await store().writeFacts([{ blob: c, bytes: bytes('late') }]);
    await expect(store().readFacts([c])).rejects.toBeInstanceOf(BlobGoneError);
    await store().publish({ ...publication(id, { segments: [segment('a')], put: ['x=a'] }), replace: true });
    expect(await store().withoutFacts([a, b])).toEqual([a]);
  });

  const publishAll = async (names: readonly string[]): Promise<readonly BlobId[]> => {
    const id = await store().openWorkspace('/r');
    const put = names.map((name) => `${name}.ts=${name}`);
    await store().publish(publication(id, { segments: [segment(...names)], put }));
    return (await store().findBlobs(names.map((name) => key(name)))).map((blob) => blob?.id ?? 0);
  };
  const read = async (blobs: readonly BlobId[]) => (await store().readFacts(blobs)).map(string);

  test('facts that are written again take the place of those before, and leave their neighbours', async () => {
    const [a = 0, b = 0] = await publishAll(['a', 'b']);
    await store().writeFacts([
      { blob: a, bytes: bytes('old a') },
      { blob: b, bytes: bytes('old b') },
    ]);
    await store().writeFacts([{ blob: a, bytes: bytes('new a') }]);
    expect(await read([a, b])).toEqual(['new a', 'old b']);
    await store().writeFacts([{ blob: b, bytes: new Uint8Array() }]);
    expect(await read([a, b])).toEqual(['new a', '']);
  });

  test('large and many facts come back whole', async () => {
    const names = Array.from({ length: 40 }, (_, i) => `n${i}`);
    const blobs = await publishAll(names);
    const of = (i: number) => Uint8Array.from({ length: i * 1500 }, (_, at) => (at * (i + 7)) >> 3);
    await store().writeFacts(blobs.map((blob, i) => ({ blob, bytes: of(i) })));
    const found = await store().readFacts(blobs);
    for (const [i, one] of found.entries()) expect(Buffer.compare(one as Uint8Array, of(i))).toBe(0);
    // What is handed out is the caller's: it may be moved to a thread.
    structuredClone(found[5], { transfer: [(found[5] as Uint8Array).buffer as ArrayBuffer] });
    expect(Buffer.compare((await store().readFacts([blobs[6] as BlobId]))[0] as Uint8Array, of(6))).toBe(0);
  });

  test('blobs that are gone are left out, also when nobody else is there', async () => {
    const [a = 0] = await publishAll(['a']);
    await store().writeFacts([
      { blob: 99, bytes: bytes('of nobody') },
      { blob: a, bytes: bytes('of a') },
    ]);
    await store().writeFacts([{ blob: 98, bytes: bytes('of nobody') }]);
    await store().writeFacts([]);
    expect(await read([a])).toEqual(['of a']);
    await expect(store().readFacts([a, 99])).rejects.toBeInstanceOf(BlobGoneError);
  });
}
