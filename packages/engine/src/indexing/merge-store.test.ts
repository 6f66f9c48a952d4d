import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMemoryDatabase, openMemoryStore } from '../adapters/stores/memory-store.ts';
import { mergeSegments } from '../lexical/merge-segments.ts';
import { createSegmentBuilder } from '../lexical/segment-builder.ts';
import { findInPage } from '../lexical/segment-format.ts';
import type { NewSegment, Store } from '../ports/store.ts';
import { keyOf } from './index-workspace.ts';
import { chooseMerge, mergeSmallSegments } from './merge-store.ts';

/** `100 100/60`: documents, and how many of them are dead. */
function chosen(list: string): string {
  const sized = list.split(' ').map((item, i) => {
    const [docs = 0, dead = 0] = item.split('/').map(Number);
    return { id: i + 1, docs, dead };
  });
  return chooseMerge(sized)?.join(' ') ?? 'nothing';
}

test('which segments are merged', () => {
  expect(chosen('10 20 30')).toBe('nothing');
  expect(chosen('30 20 10 40')).toBe('3 2 1 4');
  // Of unlike sizes: the small ones wait until there are enough of them.
  expect(chosen('10 20 30 20000')).toBe('nothing');
  expect(chosen('20000 10 20 30 1')).toBe('5 2 3 4');
  expect(chosen('20000 21000 22000 23000')).toBe('1 2 3 4');
  // As many as make no more than the largest segment; too few of them stay as they are.
  expect(chosen('90000 90000 90000 90000')).toBe('nothing');
  expect(chosen('70000 70000 70000 70000 70000')).toBe('1 2 3 4');
  expect(chosen('299000 299000 299000 299000')).toBe('nothing');
  // Mostly dead: rewritten alone, first of all. Without documents there is nothing to gain.
  expect(chosen('10 20 30 40 5000/2501')).toBe('5');
  expect(chosen('5000/2500')).toBe('nothing');
  expect(chosen('100/100')).toBe('1');
  expect(chosen('0 0 0')).toBe('nothing');
  // A tier is chosen by what is alive.
  expect(chosen('60/1 60/1 60/1 100/45')).toBe('4 1 2 3');
});

test('sizes that only grow are settled in few steps', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 400_000 }), { maxLength: 80 }), (sizes) => {
      let segments = sizes.map((docs, id) => ({ id, docs, dead: 0 }));
      let next = sizes.length;
      for (let steps = 0; ; steps++) {
        const from = chooseMerge(segments);
        if (!from) break;
        expect(steps).toBeLessThan(sizes.length);
        const docs = segments.filter(({ id }) => from.includes(id)).reduce((sum, s) => sum + s.docs, 0);
        expect(docs).toBeLessThanOrEqual(300_000);
        segments = [...segments.filter(({ id }) => !from.includes(id)), { id: next++, docs, dead: 0 }];
      }
    }),
  );
});

const hashOf = (blob: number): string => blob.toString(16).padStart(32, '0');
/** A word that stemming leaves alone. */
const wordOf = (blob: number): string => `w${'bcdfghjklm'[blob % 10]}${'bcdfghjklm'[Math.floor(blob / 10)]}x`;
const keyFor = (blob: number) => keyOf({ hash: hashOf(blob), language: 'x' });

/** A segment of these blobs; each has one document with a word of its own. */
function segmentOf(blobs: readonly number[]): NewSegment {
  const builder = createSegmentBuilder();
  for (const blob of blobs) {
    const fields = { name: '', scope: '', signature: '', doc: '', body: wordOf(blob) };
    builder.addBlob([
      { start: 1, end: 1, symbol: -1, kind: undefined, fields, definitions: [], ownDefinition: false },
    ]);
  }
  return {
    ...builder.finish(),
    blobs: blobs.map((blob) => ({ key: keyFor(blob), outline: Uint8Array.of(blob) })),
  };
}

const stamp = { size: 1, mtimeNs: 1n, ctimeNs: 1n, inode: 1n };

/** What the store finds for each blob that the workspace names: its number, read from its place and its word. */
async function answers(store: Store, workspace: number): Promise<string[]> {
  const { upserts } = await store.readManifest(workspace, 0);
  return Promise.all(
    upserts.map(async ({ path, blob }) => {
      const number = Number.parseInt(blob.hash, 16);
      const pages = await store.readPages(blob.segment, [0]);
      const found = findInPage(pages[0] as Uint8Array, wordOf(number));
      const outline = (await store.readOutlines([blob.id]))[0];
      return `${path}=${number}:${found?.docs.includes(blob.ordinal)}:${outline?.[0]}`;
    }),
  );
}

const operation = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ put: fc.array(fc.tuple(fc.nat(9), fc.nat(99)), { minLength: 1, maxLength: 4 }) }),
  },
  { weight: 1, arbitrary: fc.record({ remove: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ merge: fc.boolean() }) },
);

test('whatever is published, removed and merged, no live blob is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 25 }), async (operations) => {
      const store = openMemoryStore(createMemoryDatabase());
      const workspaces = [await store.openWorkspace('/a'), await store.openWorkspace('/b')];
      const model = new Map<string, number>();
      const [workspace = 0, other = 0] = workspaces;
      for (const step of operations) {
        if ('put' in step) {
          const blobs = [...new Set(step.put.map(([, blob]) => blob))];
          const upserts = step.put.map(([file, blob]) => ({
            path: `f${file}`,
            blob: keyFor(blob),
            stamp,
            kind: 'code' as const,
            traits: [],
          }));
          await store.publish({ workspace, segments: [segmentOf(blobs)], upserts, deletes: [] });
          for (const [file, blob] of step.put) model.set(`f${file}`, blob);
          // Another worktree keeps the first file's bytes for ever.
          await store.publish({
            workspace: other,
            segments: [],
            upserts: upserts.slice(0, 1).map((row) => ({ ...row, path: row.blob.hash })),
            deletes: [],
          });
        } else if ('remove' in step) {
          await store.publish({ workspace, segments: [], upserts: [], deletes: [`f${step.remove}`] });
          model.delete(`f${step.remove}`);
        } else {
          await mergeSmallSegments(store, workspace, { thorough: step.merge });
        }
        const expected = [...model].map(([path, blob]) => `${path}=${blob}:true:${blob}`);
        expect((await answers(store, workspace)).sort()).toEqual(expected.sort());
        expect((await answers(store, other)).every((line) => line.includes(':true:'))).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
});

test('small segments become few, dead documents go, and large merges run elsewhere', async () => {
  const store = openMemoryStore(createMemoryDatabase());
  const workspace = await store.openWorkspace('/a');
  const put = (blobs: readonly number[], path: (blob: number) => string) =>
    store.publish({
      workspace,
      segments: [segmentOf(blobs)],
      upserts: blobs.map((blob) => ({
        path: path(blob),
        blob: keyFor(blob),
        stamp,
        kind: 'code' as const,
        traits: [],
      })),
      deletes: [],
    });
  for (let i = 0; i < 20; i++) {
    await put([i], () => 'edited');
    await mergeSmallSegments(store, workspace);
  }
  expect((await store.stats()).segments).toBeLessThan(6);
  await mergeSmallSegments(store, workspace, { thorough: true });
  expect((await store.stats()).blobs).toBeLessThan(5);
  let elsewhere = 0;
  const many = (first: number) => Array.from({ length: 99 }, (_, i) => first + i);
  for (let i = 0; i < 4; i++) {
    // Four segments of 4,000 documents each.
    const builder = createSegmentBuilder();
    for (const _ of many(0)) {
      const fields = { name: '', scope: '', signature: '', doc: '', body: 'w' };
      const document = {
        start: 1,
        end: 1,
        symbol: -1,
        kind: undefined,
        fields,
        definitions: [],
        ownDefinition: false,
      };
      builder.addBlob(Array.from({ length: 41 }, () => document));
    }
    const keys = many(1000 + i * 100).map(keyFor);
    await store.publish({
      workspace,
      segments: [{ ...builder.finish(), blobs: keys.map((key) => ({ key, outline: new Uint8Array(1) })) }],
      upserts: keys.map((blob) => ({
        path: `p${blob.hash}`,
        blob,
        stamp,
        kind: 'code' as const,
        traits: [],
      })),
      deletes: [],
    });
  }
  await mergeSmallSegments(store, workspace, {
    runMerge: async (inputs) => {
      elsewhere++;
      return mergeSegments(inputs);
    },
  });
  expect(elsewhere).toBe(1);
});
