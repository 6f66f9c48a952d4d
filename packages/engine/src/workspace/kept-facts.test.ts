/** Facts that are made after the index: text of files in, which files were read for it and what is left out. */
import { globSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import { openDiskSource } from '../adapters/sources/disk-source.ts';
import { writeTree } from '../adapters/sources/testing/temp-tree.ts';
import { openMemoryStore } from '../adapters/stores/memory-store.ts';
import { type GraphInput, resolvePacked } from '../graph/resolve-packed.ts';
import { emptyGraph } from '../graph/result/graph-data.ts';
import { type BatchTask, runBatch } from '../indexing/batch.ts';
import { FACTS_VERSION } from '../indexing/fingerprint.ts';
import { openLiveIndex } from '../indexing/live-index.ts';
import { WorkerLostError } from '../indexing/worker-pool.ts';
import type { FileRecord } from '../lexical/index-view.ts';
import type { FilePath } from '../model/file.ts';
import type { Store } from '../ports/store.ts';
import { indexed, repository, tempHome, testEngine } from '../testing/open-workspace.ts';
import { hasFacts, withinSource } from './facts.ts';
import { type KeptFactsParts, openKeptFacts } from './kept-facts.ts';
import { openNearGraph } from './near-graph.ts';

const FILES = {
  'src/a.ts': 'export function a() { return b(); }\n',
  'src/b.ts': 'export const b = () => 1;\n',
  'src/copy.ts': 'export const b = () => 1;\n',
  // Deeper than a person writes: parsed, and not read for calls.
  'src/deep.ts': `f${'(\n'.repeat(6_000)}${')\n'.repeat(6_000)};\n`,
  'notes.md': '# Notes\n',
};
const NEVER = new AbortController().signal;

function withStore<T>(home: string, work: (db: DatabaseSync) => T): T {
  const [file] = globSync(join(home, '**', '*.sqlite'));
  const db = new DatabaseSync(file ?? '');
  try {
    return work(db);
  } finally {
    db.close();
  }
}

const rowsOf = (home: string, ...queries: readonly string[]) =>
  withStore(home, (db) =>
    queries.flatMap((sql) =>
      db
        .prepare(sql)
        .all()
        .map((row) => ({ ...row })),
    ),
  );

/** A workspace of these files in a store, as a process has it; `read` are the files that were read for facts. */
async function processOn(
  root: string,
  store: Store = openMemoryStore(),
  change: Partial<KeptFactsParts> = {},
) {
  const source = openDiskSource(root);
  const read: FilePath[] = [];
  const run = (task: BatchTask) => {
    if (task.type === 'facts') read.push(...task.paths);
    return runBatch(source, task);
  };
  const live = await openLiveIndex({
    source,
    store,
    workspace: await store.openWorkspace(root),
    maxFileBytes: 1e6,
    run,
  });
  onTestFinished(() => live.close());
  await live.refresh();
  await live.flush();
  await live.refresh();
  const parts = { store, parallel: 1, run, takeFactsTurn: () => ({ release() {} }), ...change };
  const facts = openKeptFacts(parts, live);
  const files = () => [...live.view.files()].filter(hasFacts).sort((x, y) => (x.path < y.path ? -1 : 1));
  return {
    live,
    read,
    facts,
    files,
    run,
    fill: (signal = NEVER) => facts.fill(files(), signal),
    /** Sizes of what is kept: `-` not made, `0` nothing to say. */
    async kept() {
      const found = (await facts.read(files(), NEVER)) ?? [];
      return files().map(
        ({ path }, i) => `${path} ${found[i] === undefined ? '-' : found[i]?.length === 0 ? '0' : 'facts'}`,
      );
    },
  };
}

describe('facts of contents', () => {
  it('are made once each, also for those that say nothing, and are there for the next process', async () => {
    const store = openMemoryStore();
    const root = repository(FILES);
    const first = await processOn(root, store);
    expect(await first.kept()).toEqual(['src/a.ts -', 'src/b.ts -', 'src/copy.ts -', 'src/deep.ts -']);
    expect(await first.facts.missing(first.files())).toBe(3);
    await first.fill();
    expect(await first.kept()).toEqual([
      'src/a.ts facts',
      'src/b.ts facts',
      'src/copy.ts facts',
      'src/deep.ts 0',
    ]);
    expect(first.read).toHaveLength(3);
    await first.fill();
    const second = await processOn(root, store);
    await second.fill();
    expect([...first.read, ...second.read]).toHaveLength(3);
    expect(await second.kept()).toEqual(await first.kept());
  });

  it('of files that are not published yet are kept until they are, and written then', async () => {
    const store = openMemoryStore();
    const root = repository(FILES);
    const { live, fill, read, kept } = await processOn(root, store);
    await fill();
    writeTree(root, { 'src/a.ts': 'export function a() { return 2; }\n' });
    await live.refresh();
    read.length = 0;
    await fill();
    expect(read).toEqual(['src/a.ts']);
    await live.flush();
    await live.refresh();
    await fill();
    expect(read).toEqual(['src/a.ts']);
    expect((await kept())[0]).toBe('src/a.ts facts');
    const next = await processOn(root, store);
    await next.fill();
    expect(next.read).toEqual([]);
  });

  it('are never those of other bytes: a file that changed or went is left without', async () => {
    const root = repository(FILES);
    const { fill, kept, live } = await processOn(root);
    writeTree(root, { 'src/a.ts': 'changed();\n' });
    rmSync(join(root, 'src/b.ts'));
    rmSync(join(root, 'src/copy.ts'));
    await fill();
    expect(await kept()).toEqual(['src/a.ts -', 'src/b.ts -', 'src/copy.ts -', 'src/deep.ts 0']);
    await live.refresh();
    await fill();
    expect(await kept()).toEqual(['src/a.ts facts', 'src/deep.ts 0']);
  });

  it('that were made before an end are there after it', async () => {
    const store = openMemoryStore();
    const many = Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [
        `src/m${i}.ts`,
        `${'// some words of a long comment\n'.repeat(2_000)}export const m${i} = 1;\n`,
      ]),
    );
    const root = repository(many);
    const controller = new AbortController();
    const first = await processOn(root, store);
    const stopping = openKeptFacts(
      {
        store,
        parallel: 1,
        takeFactsTurn: () => ({ release() {} }),
        async run(task) {
          const result = await first.run(task);
          if (first.read.length >= 8) controller.abort();
          return result;
        },
      },
      first.live,
    );
    await stopping.fill(first.files(), controller.signal);
    const left = await first.facts.missing(first.files());
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(12);
    const second = await processOn(root, store);
    await second.fill();
    expect(second.read).toHaveLength(left);
  });

  it('are made by one process at a time: the other waits, and makes what is left', async () => {
    const store = openMemoryStore();
    const root = repository(FILES);
    let isTaken = true;
    const first = await processOn(root, store);
    const second = await processOn(root, store, {
      takeFactsTurn: () => (isTaken ? undefined : { release() {} }),
    });
    const waiting = second.fill();
    await first.facts.fill(first.files().slice(0, 2), NEVER);
    isTaken = false;
    await waiting;
    expect(first.read).toEqual(['src/a.ts', 'src/b.ts']);
    expect(second.read).toEqual(['src/deep.ts']);
  });

  it('of a file that ends each thread are given up, and the others are made', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 9 }, (_, i) => [`src/m${i}.ts`, `export const m${i} = 1;\n`]),
    );
    const store = openMemoryStore();
    const root = repository(many);
    const ok = await processOn(root, store);
    const bad = await processOn(root, store, {
      run: (task) =>
        task.paths.includes('src/m4.ts') ? Promise.reject(new WorkerLostError('crash')) : ok.run(task),
    });
    await bad.fill();
    expect((await bad.kept()).filter((line) => !line.endsWith(' facts'))).toEqual(['src/m4.ts 0']);
  });

  it('that cannot be written are used all the same, and written when they can be', async () => {
    const store = openMemoryStore();
    const root = repository(FILES);
    let isFull = true;
    const failing: Store = {
      ...store,
      writeFacts: (facts, version) =>
        isFull ? Promise.reject(new Error('full')) : store.writeFacts(facts, version),
    };
    const { fill, kept, read } = await processOn(root, failing);
    await fill();
    expect(await kept()).toContain('src/a.ts facts');
    isFull = false;
    await fill();
    expect(read).toHaveLength(3);
    const next = await processOn(root, store);
    await next.fill();
    expect(next.read).toEqual([]);
  });
});

test('an edit makes no facts of files beyond what is resolved at all', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 70 }, (_, i) => [`src/m${i}.ts`, `export function m${i}() {}\n`]),
  );
  const root = repository({ ...many, 'src/huge.ts': 'export const huge = 1;\n' });
  const { live, facts, files, read } = await processOn(root);
  // As if it had more bytes than are read for facts.
  const asHuge = (file: FileRecord) =>
    file.path === 'src/huge.ts' ? { ...file, stamp: { ...file.stamp, size: 2 ** 31 } } : file;
  await facts.fill(withinSource(files().map(asHuge)), NEVER);
  expect(read).toHaveLength(70);
  const graph = { data: emptyGraph, files: files(), unread: [], signature: 'before', factsSignature: '' };
  writeTree(root, { 'src/m0.ts': "import { m1 } from './m1.js';\nexport function m0() { m1(); }\n" });
  await live.refresh();
  read.length = 0;
  const resolveFew = async (input: GraphInput) => resolvePacked(input);
  const near = openNearGraph(
    { source: openDiskSource(root), resolve: resolveFew, resolveFew, live: { isWatching: () => true } },
    facts,
  );
  await near.follow(graph, { files: files().map(asHuge), signature: 'now' }, NEVER);
  expect(near.newest?.files.map(({ path }) => path)).toEqual(['src/m0.ts']);
  expect(read).toEqual(['src/m0.ts']);
});

describe('facts of another version of Conexus', () => {
  it('are made anew where they are older, and nothing else is', async () => {
    const home = tempHome();
    const first = await testEngine({ home });
    const before = await indexed(FILES, first);
    await before.codeGraph();
    const kept = rowsOf(home, 'SELECT id, hash, segment FROM blob', 'SELECT segment, model, crc FROM vector');
    await first.close();
    withStore(home, (db) => {
      db.exec(`UPDATE state SET facts = ${FACTS_VERSION - 1}; UPDATE facts_pack SET bytes = x'00'`);
      const graph = db.prepare("SELECT name, bytes FROM asset WHERE name LIKE 'graph:%'").get();
      const bytes = Uint8Array.from(graph?.['bytes'] as Uint8Array);
      bytes[1] = FACTS_VERSION - 1;
      const sql = 'UPDATE asset SET bytes = ?, crc = ? WHERE name = ?';
      db.prepare(sql).run(bytes, crc32(bytes), graph?.['name'] as string);
    });
    const workspace = await (await testEngine({ home })).openWorkspace(before.root);
    expect((await workspace.status()).graph).toEqual({ state: 'waiting', files: 4, missing: 3 });
    const { graph } = await workspace.codeGraph();
    expect(graph.symbol('src.a.a')).toBeDefined();
    expect((await workspace.status()).graph).toEqual({ state: 'ready', files: 4, missing: 0 });
    expect(
      rowsOf(home, 'SELECT id, hash, segment FROM blob', 'SELECT segment, model, crc FROM vector'),
    ).toEqual(kept);
    expect(rowsOf(home, 'SELECT facts FROM state', 'SELECT count(*) AS n FROM facts_pack')).toEqual([
      { facts: FACTS_VERSION },
      { n: 1 },
    ]);
  });

  it('are left alone where they are newer: what is made here is kept for this process', async () => {
    const store = openMemoryStore();
    const root = repository(FILES);
    const { live, fill, kept, read } = await processOn(root, store);
    const { id = 0 } = live.blobRecord('src/a.ts' as FilePath) ?? {};
    const newer = [{ blob: id, bytes: new TextEncoder().encode('of a newer version') }];
    expect(await store.writeFacts(newer, FACTS_VERSION + 1)).toBe(true);
    await fill();
    expect(await kept()).toContain('src/a.ts facts');
    await fill();
    expect(read).toHaveLength(3);
    expect(await store.readFacts([id], FACTS_VERSION + 1)).toEqual([newer[0]?.bytes]);
    expect(await store.withoutFacts([id], FACTS_VERSION)).toEqual([id]);
  });
});

test('of more source than is resolved, what is neither test nor example comes first', async () => {
  const text = 'export const x = 1;\n';
  const { live } = await processOn(
    repository({ 'a.test.ts': text, 'b.ts': text, 'c.ts': `${text}${text}`, 'd.ts': text, 'e.md': text }),
  );
  const files = [...live.view.files()].sort((x, y) => (x.path < y.path ? -1 : 1));
  const within = (texts: number) => withinSource(files, texts * text.length).map(({ path }) => path);
  expect(within(9)).toEqual(['a.test.ts', 'b.ts', 'c.ts', 'd.ts']);
  expect(within(4)).toEqual(['b.ts', 'c.ts', 'd.ts']);
  expect(within(2)).toEqual(['b.ts', 'd.ts']);
});

describe('a workspace', () => {
  it('answers before facts are made, says what is missing, and has its graph when asked', async () => {
    const workspace = await indexed(FILES);
    expect((await workspace.status()).graph).toEqual({ state: 'waiting', files: 4, missing: 3 });
    expect((await workspace.search({ query: 'b' })).hits.length).toBeGreaterThan(0);
    const { graph } = await workspace.codeGraph();
    expect(graph.unread).toEqual([{ path: 'src/deep.ts', reason: 'not_parsed' }]);
    expect((await workspace.status()).graph).toEqual({ state: 'ready', files: 4, missing: 0 });
  });

  it('that is built again reads the calls again', async () => {
    const home = tempHome();
    const workspace = await indexed(FILES, await testEngine({ home }));
    await workspace.codeGraph();
    await workspace.index({ rebuild: true });
    expect((await workspace.status()).graph).toMatchObject({ state: 'waiting', missing: 3 });
    const { graph } = await workspace.codeGraph();
    expect(graph.symbol('src.a.a')).toBeDefined();
    expect((await workspace.status()).graph).toMatchObject({ state: 'ready', missing: 0 });
  });

  it('tells who waits for the graph how far it is', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [
        `src/m${i}.ts`,
        `export const m${i} = ${'f();\n'.repeat(3_000)}\n`,
      ]),
    );
    const workspace = await indexed(many);
    const phases = new Set<string>();
    await workspace.relations(
      { relation: 'callers', name: 'f' },
      { onProgress: ({ phase }) => void phases.add(phase) },
    );
    expect([...phases]).toContain('facts');
  });
});
