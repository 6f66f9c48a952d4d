import { expect, onTestFinished, test } from 'vitest';
import { tempTree } from '../adapters/sources/testing/temp-tree.ts';
import { createMemoryDatabase, openMemoryStore } from '../adapters/stores/memory-store.ts';
import { mergeSegments } from '../lexical/merge-segments.ts';
import { createSegmentBuilder } from '../lexical/segment-builder.ts';
import { indexWorkspace } from './index-workspace.ts';
import { bench, manifestOf, modules } from './testing/kit.ts';
import { createWorkerPool, WorkerLostError } from './worker-pool.ts';

const REAL = new URL('../index-worker.ts', import.meta.url);
const CRASHING = new URL('./testing/crashing-worker.ts', import.meta.url);

function pool(entry: URL, size = 2, idleMs?: number, fileLimitMs?: number) {
  const made = createWorkerPool(entry, size, idleMs, fileLimitMs);
  onTestFinished(() => made.close());
  return made;
}

test('runs batches and hands out more paths until there are none', async () => {
  const root = tempTree(modules(6));
  const threads = pool(REAL);
  const parts = [['src/module1.ts', 'src/module2.ts'], ['src/module3.ts']];
  const task = { type: 'derive', paths: ['src/module0.ts'] } as const;
  const [whole, alone] = await Promise.all([
    threads.run(root, task, () => parts.shift() ?? []),
    threads.run(root, task),
  ]);
  expect(whole.files.map(({ path }) => path)).toEqual([0, 1, 2, 3].map((i) => `src/module${i}.ts`));
  expect(whole.chunks).toBe(4);
  expect(alone.files).toHaveLength(1);
});

test('merges give the bytes they would give here', async () => {
  const segmentOf = (body: string) => {
    const builder = createSegmentBuilder();
    const fields = { name: '', scope: '', signature: '', doc: '', body };
    builder.addBlob([
      { start: 1, end: 1, symbol: -1, kind: undefined, fields, definitions: [], ownDefinition: false },
    ]);
    return { segment: builder.finish(), without: new Set<number>() };
  };
  const inputs = () => [
    segmentOf('open file'),
    segmentOf('close file'),
    { ...segmentOf('dead'), without: new Set([0]) },
  ];
  expect(await pool(REAL).merge(inputs())).toEqual(mergeSegments(inputs()));
});

test('a lost thread fails its task alone; the others and those after it run', async () => {
  const root = tempTree({ ...modules(3), 'bad.ts': '// CRASH' });
  const threads = pool(CRASHING);
  const run = (...paths: string[]) => threads.run(root, { type: 'derive', paths });
  const outcomes = await Promise.allSettled([
    run('bad.ts'),
    run('src/module0.ts'),
    run('bad.ts'),
    run('src/module1.ts'),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled']);
  expect((outcomes[0] as PromiseRejectedResult).reason).toBeInstanceOf(WorkerLostError);
  expect((await run('src/module2.ts')).files).toHaveLength(1);
});

test('an error in a task is not the end of its thread', async () => {
  const threads = pool(CRASHING, 1);
  await expect(threads.merge([])).rejects.toThrow('only batches here');
  const root = tempTree(modules(1));
  expect((await threads.run(root, { type: 'hash', paths: ['src/module0.ts'] })).files).toHaveLength(1);
});

test('a task that is cancelled ends at once, running or waiting; the others go on', async () => {
  const threads = pool(REAL, 1);
  const controller = new AbortController();
  const nothing = { code: [], commits: undefined };
  const running = threads.pairs(nothing, controller.signal);
  const waiting = threads.pairs(nothing, controller.signal);
  const other = threads.merge([]);
  controller.abort();
  await expect(running).rejects.toThrow('cancelled');
  await expect(waiting).rejects.toThrow('cancelled');
  expect((await other).blobs).toEqual([]);
  await expect(threads.pairs(nothing, AbortSignal.abort())).rejects.toThrow('cancelled');
  expect((await threads.pairs(nothing)).length).toBeGreaterThan(40);
});

test('idle threads end and are started again; a closed pool refuses', async () => {
  const root = tempTree(modules(1));
  const threads = pool(REAL, 1, 20);
  const task = { type: 'hash', paths: ['src/module0.ts'] } as const;
  await threads.run(root, task);
  await new Promise((done) => setTimeout(done, 120));
  expect((await threads.run(root, task)).files).toHaveLength(1);
  await threads.close();
  await expect(threads.run(root, task)).rejects.toThrow('closed');
});

test('files that end threads are found by their lines, counted, and stop nothing', async () => {
  const files = {
    ...modules(40),
    'src/bad1.ts': '// CRASH\nexport const lever = 1;\n',
    'lib/bad2.py': '# CRASH\nlever = 2\n',
  };
  const threads = pool(CRASHING);
  const target = await bench(files, { store: openMemoryStore(createMemoryDatabase()) });
  const report = await indexWorkspace({
    ...target,
    run: (task, more) => threads.run(target.root, task, more),
  });
  expect(report).toMatchObject({ complete: true, files: 42, indexed: 42, parseErrors: 2 });
  const manifest = await manifestOf(target);
  expect(manifest).toHaveLength(42);
  expect(manifest.filter((line) => line.includes('=text'))).toEqual([
    'lib/bad2.py=text code',
    'src/bad1.ts=text code',
  ]);
});

test('a file whose parse never ends is found by its lines after the limit, and is the only one', async () => {
  const files = { ...modules(40), 'src/bad.ts': '// STUCK\nexport const lever = 1;\n' };
  const threads = pool(CRASHING, 2, undefined, 4_000);
  const target = await bench(files, { store: openMemoryStore(createMemoryDatabase()) });
  const report = await indexWorkspace({
    ...target,
    run: (task, more) => threads.run(target.root, task, more),
  });
  expect(report).toMatchObject({ complete: true, files: 41, indexed: 41, parseErrors: 1 });
  expect((await manifestOf(target)).filter((line) => line.includes('=text'))).toEqual([
    'src/bad.ts=text code',
  ]);
});
