/** The part of the store contract about manifests of many files: large publications between small ones. */
import { expect, test } from 'vitest';
import type { ManifestDelta, WorkspaceId } from '../../../ports/store.ts';
import { bytes, type Context, publication, segment } from './store-samples.ts';

type Model = Map<string, string>;

/** The same numbers every time, 0 <= n < below. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
}

const follow = (model: Model, delta: ManifestDelta): Model => {
  const next = new Map(delta.full ? [] : model);
  for (const path of delta.deletes) next.delete(path);
  for (const row of delta.upserts) next.set(row.path, row.blob.hash);
  return next;
};

const print = (model: Model) => [...model].map(([path, blob]) => `${path}=${blob}`).sort();

const BLOBS = Array.from({ length: 40 }, (_, i) => `b${i}`);

export function describeLargeManifests({ store, open }: Context): void {
  test('large and small publications add up, for new readers and for those that follow', async () => {
    const next = numbers(5);
    const sizes = [300, 3, 0, 90, 400, 1, 70, 2, 5, 0, 1, 1, 600, 3, 2, 0, 64, 1, 2, 1, 0, 1, 200, 4];
    const ids = [await store().openWorkspace('/one'), await store().openWorkspace('/two')];
    await store().publish(publication(ids[0] as WorkspaceId, { segments: [segment(...BLOBS)] }));
    const models: Model[] = [new Map(), new Map()];
    const reader = open();
    const seen = ids.map(() => ({ generation: 0, model: new Map() as Model }));
    for (const [round, size] of sizes.entries()) {
      const at = next(2);
      const model = models[at] as Model;
      const gone = [...model.keys()].filter(() => next(12) === 0).slice(0, next(3) === 0 ? 500 : 2);
      const put = Array.from({ length: size }, () => `d${next(9)}/f${next(120)}.ts=${BLOBS[next(40)]}`);
      for (const path of gone) model.delete(path);
      for (const line of put) model.set(...(line.split('=') as [string, string]));
      await store().publish(publication(ids[at] as WorkspaceId, { put, remove: [...gone, 'never/there'] }));
      for (const [i, id] of ids.entries()) {
        expect([round, print(follow(new Map(), await store().readManifest(id, 0)))]).toEqual([
          round,
          print(models[i] as Model),
        ]);
        // One reader follows each publication, the other every third.
        if (i === 1 && round % 3 !== 0) continue;
        const state = seen[i] as (typeof seen)[number];
        const delta = await reader.readManifest(id, state.generation);
        seen[i] = { generation: delta.generation, model: follow(state.model, delta) };
        expect([round, print((seen[i] as typeof state).model)]).toEqual([round, print(models[i] as Model)]);
      }
    }
    await reader.close();
  });

  test('stamps, kinds and traits of many files come back exactly', async () => {
    const next = numbers(9);
    const id = await store().openWorkspace('/r');
    const upserts = Array.from({ length: 300 }, (_, i) => ({
      path: `src/${next(7)}/ü "${i}"\n.ts`,
      blob: { hash: BLOBS[next(40)] as string, language: 'typescript', fingerprint: 'v1' },
      stamp: {
        size: next(3) === 0 ? 2 ** 40 + i : i,
        mtimeNs: [-1n, 0n, 2n ** 63n - 1n, 1_700_000_000_123_456_789n + BigInt(i)][next(4)] as bigint,
        ctimeNs: [0n, 1n, 2n ** 63n - 1n, 1_700_000_000_123_456_780n - BigInt(i)][next(4)] as bigint,
        inode: [0n, 2n ** 64n - 1n, BigInt(next(1e9))][next(3)] as bigint,
      },
      kind: (['code', 'test', 'doc'] as const)[next(3)] as 'code',
      traits: ([[], ['vendored'], ['vendored', 'generated']] as const)[next(3)] as [],
    }));
    await store().publish({ ...publication(id, { segments: [segment(...BLOBS)] }), upserts });
    const rows = (await store().readManifest(id, 0)).upserts.map(({ blob, ...row }) => ({
      ...row,
      blob: { hash: blob.hash, language: blob.language, fingerprint: 'v1' },
    }));
    const byPath = (a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1);
    expect(rows.sort(byPath)).toEqual(upserts.sort(byPath));
  });

  test('what a manifest of many files names is never an orphan, and is not forgotten by a merge or by clear', async () => {
    const one = await store().openWorkspace('/one');
    const two = await store().openWorkspace('/two');
    const put = Array.from({ length: 200 }, (_, i) => `f${i}=${BLOBS[i % 39]}`);
    const first = await store().publish(publication(one, { segments: [segment(...BLOBS)], put }));
    await store().publish(publication(two, { put: put.slice(0, 70) }));
    expect(await store().orphans(1)).toEqual([39]);
    await store().publish(publication(one, { remove: put.map((line) => line.split('=')[0] as string) }));
    expect(print(follow(new Map(), await store().readManifest(one, 0)))).toEqual([]);
    const rows = (await store().readManifest(two, 0)).upserts;
    expect(rows).toHaveLength(70);
    expect(await store().merge({ from: [1], header: bytes(''), pages: [], blobs: [] })).toBe(false);
    await store().clear(one);
    expect((await store().readManifest(two, 0)).upserts).toEqual(rows);
    expect((await store().readManifest(one, first)).full).toBe(true);
    await store().clear(two);
    expect(await store().stats()).toMatchObject({ segments: 0, blobs: 0, workspaces: 0 });
  });
}
