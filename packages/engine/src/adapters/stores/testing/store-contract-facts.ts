/** The part of the store contract about facts of blobs, which come after the blobs. */
import { expect, test } from 'vitest';
import { BlobGoneError, type BlobId } from '../../../ports/store.ts';
import { bytes, type Context, key, publication, segment, string } from './store-samples.ts';

const NOW = 2;
const NEXT = 3;

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
    expect(await store().withoutFacts([c, a, b], NOW)).toEqual([c, a, b]);
    await store().writeFacts(
      [
        { blob: a, bytes: bytes('facts a') },
        { blob: b, bytes: new Uint8Array() },
      ],
      NOW,
    );
    const other = open();
    expect(await other.withoutFacts(blobs, NOW)).toEqual([c]);
    expect((await other.readFacts(blobs, NOW)).map(string)).toEqual(['facts a', '', undefined]);
    expect(await other.generation(id)).toBe(generation);
    await other.close();
    await store().writeFacts([{ blob: a, bytes: bytes('again') }], NOW);
    expect((await store().readFacts([a], NOW)).map(string)).toEqual(['again']);
  });

  test('facts follow a merge, go with their blob and with a rebuild, and are not written for one that is gone', async () => {
    const { id, blobs } = await publish();
    const [a, b, c] = blobs;
    await store().writeFacts(
      blobs.map((blob) => ({ blob, bytes: bytes(`facts ${blob}`) })),
      NOW,
    );
    await store().publish(publication(id, { remove: ['z'] }));
    const merged = { from: [1], header: bytes('merged'), pages: [bytes('p')], blobs: [a, b] };
    expect(await store().merge(merged)).toBe(true);
    expect((await store().readFacts([a, b], NOW)).map(string)).toEqual([`facts ${a}`, `facts ${b}`]);
    await store().writeFacts([{ blob: c, bytes: bytes('late') }], NOW);
    await expect(store().readFacts([c], NOW)).rejects.toBeInstanceOf(BlobGoneError);
    await store().publish({ ...publication(id, { segments: [segment('a')], put: ['x=a'] }), replace: true });
    expect(await store().withoutFacts([a, b], NOW)).toEqual([a]);
  });

  const publishAll = async (names: readonly string[]): Promise<readonly BlobId[]> => {
    const id = await store().openWorkspace('/r');
    const put = names.map((name) => `${name}.ts=${name}`);
    await store().publish(publication(id, { segments: [segment(...names)], put }));
    return (await store().findBlobs(names.map((name) => key(name)))).map((blob) => blob?.id ?? 0);
  };
  const read = async (blobs: readonly BlobId[]) => (await store().readFacts(blobs, NOW)).map(string);

  test('facts that are written again take the place of those before, and leave their neighbours', async () => {
    const [a = 0, b = 0] = await publishAll(['a', 'b']);
    await store().writeFacts(
      [
        { blob: a, bytes: bytes('old a') },
        { blob: b, bytes: bytes('old b') },
      ],
      NOW,
    );
    await store().writeFacts([{ blob: a, bytes: bytes('new a') }], NOW);
    expect(await read([a, b])).toEqual(['new a', 'old b']);
    await store().writeFacts([{ blob: b, bytes: new Uint8Array() }], NOW);
    expect(await read([a, b])).toEqual(['new a', '']);
  });

  test('facts of another version are not there, and the first of a newer one takes the place of them all', async () => {
    const { id, blobs } = await publish();
    const [a, b] = blobs;
    await store().writeFacts(
      [a, b].map((blob) => ({ blob, bytes: bytes(`facts ${'x'.repeat(9_000)}`) })),
      NOW,
    );
    const generation = await store().generation(id);
    expect(await store().withoutFacts(blobs, NEXT)).toEqual(blobs);
    expect(await store().readFacts(blobs, NEXT)).toEqual([undefined, undefined, undefined]);
    expect(await store().withoutFacts([a, b], NOW)).toEqual([]);
    const other = open();
    expect(await other.writeFacts([{ blob: b, bytes: bytes('next') }], NEXT)).toBe(true);
    await other.close();
    expect((await store().readFacts(blobs, NEXT)).map(string)).toEqual([undefined, 'next', undefined]);
    expect(await store().readFacts(blobs, NOW)).toEqual([undefined, undefined, undefined]);
    // Outlines and places are those there were.
    expect(await store().generation(id)).toBe(generation);
    expect((await store().readOutlines([a, b])).map(string)).toEqual(['outline a', 'outline b']);
  });

  test('an older version writes no facts while there are those of a newer, and is told so', async () => {
    const { id, blobs } = await publish();
    const [a, b] = blobs;
    expect(await store().writeFacts([{ blob: a, bytes: bytes('next') }], NEXT)).toBe(true);
    expect(await store().writeFacts([{ blob: b, bytes: bytes('now') }], NOW)).toBe(false);
    expect((await store().readFacts([a, b], NEXT)).map(string)).toEqual(['next', undefined]);
    await store().clear(id);
    const again = await publish();
    expect(await store().writeFacts([{ blob: again.blobs[0], bytes: bytes('now') }], NOW)).toBe(true);
    expect((await store().readFacts([again.blobs[0]], NOW)).map(string)).toEqual(['now']);
    expect(await store().withoutFacts(again.blobs, NEXT)).toEqual(again.blobs);
  });

  test('large and many facts come back whole', async () => {
    const names = Array.from({ length: 40 }, (_, i) => `n${i}`);
    const blobs = await publishAll(names);
    const of = (i: number) => Uint8Array.from({ length: i * 1500 }, (_, at) => (at * (i + 7)) >> 3);
    await store().writeFacts(
      blobs.map((blob, i) => ({ blob, bytes: of(i) })),
      NOW,
    );
    const found = await store().readFacts(blobs, NOW);
    for (const [i, one] of found.entries()) expect(Buffer.compare(one as Uint8Array, of(i))).toBe(0);
    // What is handed out is the caller's: it may be moved to a thread.
    structuredClone(found[5], { transfer: [(found[5] as Uint8Array).buffer as ArrayBuffer] });
    expect(Buffer.compare((await store().readFacts([blobs[6] as BlobId], NOW))[0] as Uint8Array, of(6))).toBe(
      0,
    );
  });

  test('blobs that are gone are left out, also when nobody else is there', async () => {
    const [a = 0] = await publishAll(['a']);
    await store().writeFacts(
      [
        { blob: 99, bytes: bytes('of nobody') },
        { blob: a, bytes: bytes('of a') },
      ],
      NOW,
    );
    await store().writeFacts([{ blob: 98, bytes: bytes('of nobody') }], NOW);
    await store().writeFacts([], NOW);
    expect(await read([a])).toEqual(['of a']);
    await expect(store().readFacts([a, 99], NOW)).rejects.toBeInstanceOf(BlobGoneError);
  });
}
