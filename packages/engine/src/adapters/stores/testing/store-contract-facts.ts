/** The part of the store contract about facts of blobs, which come after the blobs. */
import { expect, test } from 'vitest';
import { BlobGoneError } from '../../../ports/store.ts';
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
}
