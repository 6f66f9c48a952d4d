import { appendFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempTree, writeTree } from '../adapters/sources/testing/temp-tree.ts';
import { openSqliteStore } from '../adapters/stores/sqlite-store.ts';
import { ConexusError } from '../model/errors.ts';
import type { IndexReport } from '../model/search.ts';
import { BlobGoneError, type Store } from '../ports/store.ts';
import { indexWorkspace, keyOf } from './index-workspace.ts';
import { type Bench, bench, manifestOf, modules } from './testing/kit.ts';

const counts = ({ files, indexed, reused, removed }: IndexReport) =>
  `${files} files: ${indexed} indexed, ${reused} reused, ${removed} removed`;

/** Makes stamps count as proof at once: nothing in these tests is written within the clock's tick of being read. */
function settled(target: Bench): Bench {
  const run: Bench['run'] = async (task, more) => {
    const result = await target.run(task, more);
    const stampOf = (path: string) => target.source.stamp(path);
    return {
      ...result,
      files: result.files.map((file) => ({ ...file, stamp: stampOf(file.path) ?? file.stamp })),
    };
  };
  return { ...target, run };
}

test('takes up what is new, changed, moved and gone, and reads nothing else', async () => {
  const target = settled(await bench(modules(5)));
  expect(counts(await indexWorkspace(target))).toBe('5 files: 5 indexed, 0 reused, 0 removed');
  target.tasks.length = 0;
  expect(counts(await indexWorkspace(target))).toBe('5 files: 0 indexed, 5 reused, 0 removed');
  expect(target.tasks).toEqual([]);
  appendFileSync(join(target.root, 'src/module0.ts'), '\nexport const more = 1;\n');
  renameSync(join(target.root, 'src/module1.ts'), join(target.root, 'src/moved.ts'));
  rmSync(join(target.root, 'src/module2.ts'));
  writeTree(target.root, { 'new.py': 'def fresh():\n    pass\n' });
  expect(counts(await indexWorkspace(target))).toBe('5 files: 2 indexed, 3 reused, 2 removed');
  const derived = target.tasks.filter(({ type }) => type === 'derive').flatMap(({ paths }) => paths);
  expect(derived).not.toContain('src/moved.ts');
  expect(await manifestOf(target)).toEqual([
    'new.py=python code',
    'src/module0.ts=typescript code',
    'src/module3.ts=typescript code',
    'src/module4.ts=typescript code',
    'src/moved.ts=typescript code',
  ]);
});

test('every file is in the index or counted with its reason', async () => {
  const target = await bench({
    ...modules(2),
    '.gitignore': 'ignored/\n',
    'ignored/a.ts': 'x',
    'logo.png': 'png',
    'blob.data': 'a\0b',
    'huge.ts': 'x'.repeat(200_000),
    'bundle.min.js': 'x',
    'long.js': `var a=${'1+'.repeat(30_000)}1;`,
    id_rsa: 'key',
    'yarn.lock': 'x',
  });
  symlinkSync('/', join(target.root, 'outside'));
  symlinkSync('.', join(target.root, 'loop'));
  const report = await indexWorkspace(target);
  expect(report.skipped).toEqual({
    ignored: 1,
    binary: 2,
    too_large: 1,
    minified: 2,
    secret: 1,
    generated: 1,
    symlink_outside: 1,
    symlink_loop: 1,
  });
  expect(report.files).toBe(3);
  expect((await target.store.readSkipped(target.workspace)).map(({ path }) => path)).toContain('blob.data');
});

test('a file that may not stay leaves: binary, secret or too large by now', async () => {
  const target = await bench(modules(4));
  await indexWorkspace(target);
  writeFileSync(join(target.root, 'src/module0.ts'), 'now\0binary');
  writeFileSync(join(target.root, 'src/module1.ts'), 'x'.repeat(200_000));
  renameSync(join(target.root, 'src/module2.ts'), join(target.root, 'src/.env'));
  const report = await indexWorkspace(target);
  expect(report.skipped).toEqual({ binary: 1, too_large: 1, secret: 1 });
  expect(await manifestOf(target)).toEqual(['src/module3.ts=typescript code']);
});

test('a second worktree, and copies of a file, share what was derived', async () => {
  const first = await bench(modules(6));
  await indexWorkspace(first);
  const before = await first.store.stats();
  const second = await bench({ ...modules(6), ...modules(2, 'copy') }, { store: first.store });
  expect(counts(await indexWorkspace(second))).toBe('8 files: 0 indexed, 8 reused, 0 removed');
  expect(second.tasks.some(({ type }) => type === 'derive')).toBe(false);
  expect(await first.store.stats()).toMatchObject({ blobs: before.blobs, segments: before.segments });
});

/** Aborts the run when part `n` is handed out. */
async function abortedAt(target: Bench, n: number): Promise<IndexReport> {
  const controller = new AbortController();
  let parts = 0;
  const run: Bench['run'] = (task, more) =>
    target.run(
      task,
      more &&
        (() => {
          if (++parts === n) controller.abort();
          return more();
        }),
    );
  return indexWorkspace({ ...target, run }, { signal: controller.signal });
}

const SOURCE = Object.fromEntries(
  Array.from({ length: 30 }, (_, i) => [`src/part${i}.txt`, `${`line of part ${i}\n`.repeat(5000)}`]),
);

test('goes on where it was stopped, whatever the part; what was published stays', async () => {
  const whole = await bench(SOURCE);
  await indexWorkspace(whole);
  const expected = await manifestOf(whole);
  for (const n of [1, 2, 4, 5]) {
    const target = settled(await bench(SOURCE, { parallel: 1 }));
    const report = await abortedAt(target, n);
    expect(report.complete).toBe(false);
    expect(await target.store.readMeta(target.workspace, 'complete')).toBeUndefined();
    const published = await manifestOf(target);
    expect(published.length).toBeGreaterThan(0);
    expect(published.length).toBeLessThan(30);
    expect(counts(await indexWorkspace(target))).toBe(
      `30 files: ${30 - published.length} indexed, ${published.length} reused, 0 removed`,
    );
    expect(await manifestOf(target)).toEqual(expected);
  }
}, 60_000);

test('progress reaches the end, and never runs backwards', async () => {
  const done: number[] = [];
  const phases = new Set<string>();
  const target = await bench(modules(30));
  await indexWorkspace(target, {
    onProgress(progress) {
      phases.add(progress.phase);
      done.push(progress.filesDone);
      expect(progress.filesDone).toBeLessThanOrEqual(Math.max(progress.filesTotal, progress.filesDone));
    },
  });
  expect(done.at(-1)).toBe(30);
  expect(done).toEqual(done.toSorted((a, b) => a - b));
  expect([...phases]).toEqual(['walking', 'indexing', 'done']);
});

test('a rebuild derives everything again, in place, for all worktrees', async () => {
  const first = await bench(modules(3));
  await indexWorkspace(first);
  const second = await bench(modules(3), { store: first.store });
  await indexWorkspace(second);
  const keys = Array.from((await first.store.readManifest(first.workspace, 0)).upserts, ({ blob }) =>
    keyOf(blob),
  );
  const before = await first.store.findBlobs(keys);
  const since = await first.store.generation(second.workspace);
  // As if an older version had written something else.
  const report = await indexWorkspace(first, { rebuild: true });
  expect(counts(report)).toBe('3 files: 3 indexed, 0 reused, 0 removed');
  const after = await first.store.findBlobs(keys);
  expect(after.map((blob) => blob?.id)).toEqual(before.map((blob) => blob?.id));
  expect(after.every((blob, i) => blob?.segment !== before[i]?.segment)).toBe(true);
  const { moved } = await first.store.readManifest(second.workspace, since);
  expect(moved.map(({ id }) => id).sort()).toEqual(before.map((blob) => blob?.id).sort());
});

test('data that goes away between the look-up and the publication is derived like new', async () => {
  const first = await bench(modules(3));
  await indexWorkspace(first);
  const target = await bench(modules(3), { store: first.store });
  let refused = 0;
  const store: Store = {
    ...target.store,
    publish: (publication) => {
      if (publication.segments.length > 0 || publication.upserts.length === 0 || refused++ > 0)
        return target.store.publish(publication);
      return Promise.reject(new BlobGoneError(publication.upserts.map(({ blob }) => blob.hash)));
    },
  };
  expect(counts(await indexWorkspace({ ...target, store }))).toBe('3 files: 3 indexed, 0 reused, 0 removed');
  expect(refused).toBe(1);
  expect(await manifestOf(target)).toHaveLength(3);
});

test('a full disk leaves the generation before it, and says so', async () => {
  const root = tempTree(modules(10));
  const file = join(tempTree(), 'index.sqlite');
  const roomy = openSqliteStore(file);
  const target = await bench({}, { store: roomy, root });
  await indexWorkspace(target);
  const before = await manifestOf(target);
  await roomy.close();
  const full = openSqliteStore(file, { maxBytes: statSync(file).size + 8192 });
  writeTree(
    root,
    Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [`more/f${i}.txt`, `${i} ${Math.sqrt(i)} word${i}\n`.repeat(900)]),
    ),
  );
  const again = await bench({}, { store: full, root });
  const error = await indexWorkspace(again).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConexusError);
  expect((error as ConexusError).code).toBe('store_full');
  const now = await manifestOf(again);
  expect(before.every((line) => now.includes(line))).toBe(true);
  await full.close();
  const repaired = openSqliteStore(file);
  const third = await bench({}, { store: repaired, root });
  expect((await indexWorkspace(third)).complete).toBe(true);
  expect(await manifestOf(third)).toHaveLength(50);
  await repaired.close();
});

test('a failing batch fails the run, once, and the others end', async () => {
  const target = await bench(SOURCE);
  let calls = 0;
  const run: Bench['run'] = async (task, more) => {
    if (++calls === 2) throw new Error('no');
    return target.run(task, more);
  };
  await expect(indexWorkspace({ ...target, run })).rejects.toThrow('no');
});
