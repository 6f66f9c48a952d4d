import { expect, test } from 'vitest';
import { openMemoryStore } from '../adapters/stores/memory-store.ts';
import { createSegmentEmbedder } from '../embedding/segment-embedder.ts';
import { createStaticModel } from '../embedding/static-model.ts';
import { createSegmentBuilder } from '../lexical/segment-builder.ts';
import { decodeHeader } from '../lexical/segment-header.ts';
import type { NewSegment } from '../ports/store.ts';
import { embedSegment } from './embed-segment.ts';
import { keyOf } from './index-workspace.ts';
import { mergeSmallSegments } from './merge-store.ts';

const WORDS = ['parser', 'cooki', 'header', 'queue', 'retri', 'socket', 'token', 'index'];
const DIMS = 8;
const model = () =>
  createStaticModel(
    'test',
    DIMS,
    WORDS,
    Float32Array.from({ length: WORDS.length * DIMS }, (_, i) => Math.sin(i * 7 + 1)),
  );

const key = (blob: string) => keyOf({ hash: blob.padEnd(32, '0'), language: 'x' });

/** A segment whose blobs have the given texts as chunks, with the vectors made while it was built. */
function segmentOf(blobs: Readonly<Record<string, readonly string[]>>): NewSegment {
  const builder = createSegmentBuilder();
  for (const texts of Object.values(blobs)) {
    builder.addBlob(
      texts.map((body) => ({
        start: 1,
        end: 1,
        symbol: -1,
        kind: undefined,
        fields: { name: '', scope: '', signature: '', doc: '', body },
        definitions: ['token'],
        ownDefinition: false,
      })),
    );
  }
  const embedder = createSegmentEmbedder(model(), builder.docCount);
  const encoded = builder.finish(embedder.add);
  return {
    ...encoded,
    blobs: Object.keys(blobs).map((name) => ({ key: key(name), outline: new Uint8Array(1) })),
    vectors: { model: 'test', bytes: new Uint8Array(embedder.finish().buffer) },
  };
}

test('vectors made from the stored postings are those made while the segment was built', () => {
  const segment = segmentOf({
    a: ['parser header headers', 'maxTokens parserQueue'],
    b: ['', 'socket socket'],
  });
  const documents = decodeHeader(segment.header).docs.count;
  expect(embedSegment({ documents, pages: segment.pages }, model())).toEqual(segment.vectors?.bytes);
  expect(segment.vectors?.bytes.subarray(2 * DIMS, 3 * DIMS)).toEqual(new Uint8Array(DIMS));
});

test('a merge keeps the vectors of the blobs it keeps', async () => {
  const store = openMemoryStore();
  const workspace = await store.openWorkspace('/r');
  const stamp = { size: 1, mtimeNs: 1n, ctimeNs: 1n, inode: 1n };
  const publish = (blobs: Readonly<Record<string, readonly string[]>>, paths: readonly string[]) =>
    store.publish({
      workspace,
      segments: [segmentOf(blobs)],
      deletes: [],
      upserts: Object.keys(blobs).map((name, i) => {
        const path = paths[i] as string;
        return { path, blob: key(name), stamp, kind: 'code', traits: [] } as const;
      }),
    });
  await publish({ a: ['parser', 'queue'], b: ['socket'] }, ['a', 'b']);
  await publish({ c: ['header header'] }, ['c']);
  // `b` is named no longer.
  await publish({ d: ['index token', 'retries', 'cookie'] }, ['b']);
  await publish({ e: ['queue'] }, ['e']);
  await mergeSmallSegments(store, workspace);
  const { segments, upserts } = await store.readManifest(workspace, 0);
  expect(segments).toHaveLength(1);
  const [id = 0] = segments;
  const { docs, pageTerms } = decodeHeader(await store.readSegmentHeader(id));
  const pages = await store.readPages(id, [...pageTerms.keys()]);
  expect(docs.count).toBe(7);
  expect(upserts).toHaveLength(4);
  expect(await store.readVectors(id, 'test')).toEqual(
    embedSegment({ documents: docs.count, pages }, model()),
  );
});

test('vectors of a model that not all merged segments have are left out', async () => {
  const store = openMemoryStore();
  const workspace = await store.openWorkspace('/r');
  const stamp = { size: 1, mtimeNs: 1n, ctimeNs: 1n, inode: 1n };
  for (const name of ['a', 'b', 'c', 'd']) {
    const { vectors, ...segment } = segmentOf({ [name]: ['parser'] });
    await store.publish({
      workspace,
      segments: [name === 'c' ? segment : { ...segment, vectors }],
      deletes: [],
      upserts: [{ path: name, blob: key(name), stamp, kind: 'code', traits: [] }],
    });
  }
  await mergeSmallSegments(store, workspace);
  const { segments } = await store.readManifest(workspace, 0);
  expect(segments).toHaveLength(1);
  expect(await store.vectorModels(segments[0] as number)).toEqual([]);
});
