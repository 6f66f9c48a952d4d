/** The part of the store contract about vectors of segments. */
import { expect, test } from 'vitest';
import { SegmentGoneError } from '../../../ports/store.ts';
import { bytes, type Context, key, publication, segment, string } from './store-samples.ts';

export function describeVectors({ store, open }: Context): void {
  const publish = async (model?: string) => {
    const id = await store().openWorkspace('/r');
    const vectors = model === undefined ? undefined : { model, bytes: bytes(`rows by ${model}`) };
    await store().publish(publication(id, { segments: [{ ...segment('a'), vectors }], put: ['x=a'] }));
    return id;
  };

  test('vectors come with a segment, or later, one set for each model', async () => {
    await publish('one');
    await store().writeVectors('two', [{ segment: 1, bytes: new Uint8Array([0, 255]) }]);
    const other = open();
    expect(string(await other.readVectors(1, 'one'))).toBe('rows by one');
    expect([...((await other.readVectors(1, 'two')) ?? [])]).toEqual([0, 255]);
    expect(await other.readVectors(1, 'three')).toBeUndefined();
    expect(await other.vectorModels(1)).toEqual(['one', 'two']);
    await store().writeVectors('one', [{ segment: 1, bytes: bytes('again') }]);
    expect(string(await other.readVectors(1, 'one'))).toBe('again');
    await other.close();
  });

  test('what a model made is forgotten, and nothing else', async () => {
    await publish('one');
    await store().writeVectors("it's", [{ segment: 1, bytes: bytes('quoted') }]);
    await store().forgetVectors('unknown');
    await store().forgetVectors("it's");
    expect(await store().vectorModels(1)).toEqual(['one']);
    await store().forgetVectors('one');
    expect(await store().vectorModels(1)).toEqual([]);
  });

  test('a merge takes the vectors it is given, and those of the old segments go', async () => {
    const id = await publish('one');
    await store().publish(publication(id, { segments: [segment('b')], put: ['y=b'] }));
    const blobs = (await store().findBlobs([key('a'), key('b')])).map((blob) => blob?.id ?? 0);
    const vectors = [{ model: 'one', bytes: bytes('both') }];
    const merged = { from: [1, 2], header: bytes('merged'), pages: [bytes('p')], blobs, vectors };
    expect(await store().merge(merged)).toBe(true);
    expect(string(await store().readVectors(3, 'one'))).toBe('both');
    await expect(store().readVectors(1, 'one')).rejects.toBeInstanceOf(SegmentGoneError);
    expect(await store().vectorModels(1)).toEqual([]);
  });

  test('vectors for a segment that is gone are left out, the others are written', async () => {
    await publish();
    await store().writeVectors('one', [
      { segment: 7, bytes: bytes('nowhere') },
      { segment: 1, bytes: bytes('here') },
    ]);
    expect(string(await store().readVectors(1, 'one'))).toBe('here');
    await expect(store().readVectors(7, 'one')).rejects.toBeInstanceOf(SegmentGoneError);
  });
}
