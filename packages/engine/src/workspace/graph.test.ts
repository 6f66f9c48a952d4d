/** The graph through the public door: text of files in, definitions and edges out. */
import { createHash } from 'node:crypto';
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDiskSource } from '../adapters/sources/disk-source.ts';
import { writeTree } from '../adapters/sources/testing/temp-tree.ts';
import { openMemoryStore } from '../adapters/stores/memory-store.ts';
import type { Workspace } from '../engine.ts';
import { resolvePacked } from '../graph/resolve-packed.ts';
import { runBatch } from '../indexing/batch.ts';
import { openLiveIndex } from '../indexing/live-index.ts';
import { WorkerLostError } from '../indexing/worker-pool.ts';
import type { CodeGraph, GraphEdgeKind } from '../model/code-graph.ts';
import { noObserver } from '../ports/observer.ts';
import type { LocateIndex } from '../query/run-locate.ts';
import { indexed, repository, tempHome, testEngine } from '../testing/open-workspace.ts';
import { openWorkspaceAnalysis } from './analysis.ts';
import { openWorkspaceGraph } from './graph.ts';
import { createReading, type ReadingParts } from './reading.ts';
import type { WorkspaceParts } from './workspace.ts';

const FILES = {
  'src/store.ts': `import { log } from './log.js';
export interface Sink { put(text: string): void }
export class Base { put(text: string) { log(text); } }
export class Store extends Base implements Sink {
  put(text: string) { super.put(text); }
}
`,
  'src/log.ts': 'export function log(text: string) { console.log(text); }\n',
  'src/main.ts': `import { log } from './log.js';
import { Store } from './store.js';
export function main(store: Store) {
  const other = new Store();
  other.put('x');
  missing(store);
  return [1].map(log);
}
`,
  'test/store.test.ts': `import { Store } from '../src/store.js';
new Store().put('y');
`,
  'lib/shop.py': `from .stock import Stock
class Shop(Stock):
    def open(self):
        return self.count()
`,
  'lib/stock.py': 'class Stock:\n    def open(self): pass\n    def count(self): return 1\n',
  'lib/__init__.py': '',
};

/** Once it says that it is of the files as they are. */
async function graphOf(workspace: Workspace): Promise<CodeGraph> {
  for (;;) {
    const { graph, freshness } = await workspace.codeGraph();
    if (freshness.state === 'fresh') return graph;
  }
}

/** `from -> to path:line`, with `?` for what is inferred. */
function edges(graph: CodeGraph, id: string, way: 'incoming' | 'outgoing', kind?: GraphEdgeKind): string[] {
  return graph[way](id, kind).map(
    ({ kind: is, from, to, path, line, resolution }) =>
      `${is} ${way === 'incoming' ? from : to} ${path}:${line}${resolution === 'exact' ? '' : ' ?'}`,
  );
}

/** Code whose facts are more than a block of what packs them: such bytes are a memory of their own, which a thread may be given. */
function largeFile(seed: number): string {
  const name = (i: number) => `f${createHash('sha256').update(`${seed} ${i}`).digest('hex').slice(0, 40)}`;
  return Array.from({ length: 4_000 }, (_, i) => `export function ${name(i)}() { ${name(i + 1)}(); }\n`).join(
    '',
  );
}

describe('a large file that is edited', () => {
  it('keeps what it says of the graph, in memory and when it is published', async () => {
    const workspace = await indexed({
      'src/large.ts': largeFile(1),
      'src/small.ts': 'export const a = 1;\n',
    });
    await workspace.codeGraph();
    writeTree(workspace.root, { 'src/large.ts': largeFile(2) });
    expect((await graphOf(workspace)).inFile('src/large.ts')).toHaveLength(4_001);
    writeTree(workspace.root, { 'src/small.ts': 'export function a() {}\n' });
    const graph = await graphOf(workspace);
    expect(graph.find('src.small.a')).toHaveLength(1);
    expect(graph.inFile('src/large.ts')).toHaveLength(4_001);
  });
});

describe('the graph of a workspace', () => {
  it('has every kind of edge, with the line that proves it', async () => {
    const graph = await graphOf(await indexed(FILES));
    expect(graph.unread).toEqual([]);
    expect(edges(graph, 'src.store.Store', 'incoming')).toEqual([
      'imports src.main src/main.ts:2',
      'uses src.main.main src/main.ts:3',
      'calls src.main.main src/main.ts:4',
      'imports test.store.test test/store.test.ts:1',
      'calls test.store.test test/store.test.ts:2',
    ]);
    expect(edges(graph, 'src.store.Store', 'outgoing')).toEqual([
      'inherits src.store.Base src/store.ts:4',
      'inherits src.store.Sink src/store.ts:4',
    ]);
    expect(edges(graph, 'src.store.Store.put', 'outgoing')).toEqual([
      'calls src.store.Base.put src/store.ts:5',
      'overrides src.store.Base.put src/store.ts:5',
      'overrides src.store.Sink.put src/store.ts:5',
    ]);
    expect(edges(graph, 'src.log.log', 'incoming', 'uses')).toEqual(['uses src.main.main src/main.ts:7']);
    expect(edges(graph, 'lib.stock.Stock.open', 'incoming')).toEqual([
      'overrides lib.shop.Shop.open lib/shop.py:3',
    ]);
    expect(edges(graph, 'lib.stock', 'incoming')).toEqual(['imports lib.shop lib/shop.py:1']);
    expect(graph.unresolvedIn('src.main.main').map(({ text, line }) => `${text}:${line}`)).toEqual([
      'missing:6',
    ]);
    expect(graph.unresolvedNamed('missing')).toHaveLength(1);
  });

  it('finds definitions as a person writes them, sources before tests', async () => {
    const graph = await graphOf(
      await indexed({ ...FILES, 'test/fake.ts': 'export class Store { put() {} }\n' }),
    );
    const found = (name: string, path?: string) => graph.find(name, path).map(({ id }) => id);
    expect(found('Store')).toEqual(['src.store.Store', 'test.fake.Store', 'src.store']);
    expect(found('Store#put')).toEqual(['src.store.Store.put', 'test.fake.Store.put']);
    expect(found('store::PUT()', 'test')).toEqual(['test.fake.Store.put']);
    expect(found('src.store.Store.put')).toEqual(['src.store.Store.put']);
    expect(found('nothing')).toEqual([]);
    expect(graph.inFile('lib/shop.py').map(({ name, kind, start, end }) => [name, kind, start, end])).toEqual(
      [
        ['shop', 'module', 1, 5],
        ['Shop', 'class', 2, 4],
        ['open', 'method', 3, 4],
      ],
    );
    expect(graph.at('lib/shop.py', 4)?.id).toBe('lib.shop.Shop.open');
    expect(graph.at('lib/shop.py', 1)?.id).toBe('lib.shop');
    expect(graph.symbol('src.store.Sink')).toMatchObject({ kind: 'interface', isExported: true });
  });

  it('is the same object until a file changes, and then says what the file says', async () => {
    const workspace = await indexed(FILES);
    const before = await graphOf(workspace);
    const { generation } = (await workspace.codeGraph()).freshness;
    // The same bytes at another time: published, and no change of the code.
    utimesSync(join(workspace.root, 'src/main.ts'), 1e9, 1e9);
    await workspace.index();
    expect((await workspace.codeGraph()).freshness.generation).toBeGreaterThan(generation);
    expect(await graphOf(workspace)).toBe(before);
    writeTree(workspace.root, { 'src/main.ts': 'export {}\n' });
    const after = await graphOf(workspace);
    expect(edges(after, 'src.store.Store', 'incoming')).toEqual([
      'imports test.store.test test/store.test.ts:1',
      'calls test.store.test test/store.test.ts:2',
    ]);
    expect(after.symbol('src.main.main')).toBeUndefined();
    const hash = (await workspace.readLines('src/main.ts')).hash;
    expect(after.symbol('src.main')?.hash).toBe(hash);
  });
});

describe('a graph that is kept', () => {
  it('is read from the store by the next engine, and follows what changed in between', async () => {
    const home = tempHome();
    const first = await testEngine({ home });
    const before = await indexed(FILES, first);
    const { graph } = await before.codeGraph();
    await first.close();
    writeTree(before.root, { 'test/store.test.ts': "import { log } from '../src/log.js';\nlog('z');\n" });
    const workspace = await (await testEngine({ home })).openWorkspace(before.root);
    const after = await graphOf(workspace);
    expect(after.symbolCount).toBe(graph.symbolCount);
    expect(edges(after, 'src.log.log', 'incoming', 'calls')).toEqual([
      'calls src.main.main src/main.ts:7 ?',
      'calls src.store.Base.put src/store.ts:3',
      'calls test.store.test test/store.test.ts:2',
    ]);
    expect(edges(after, 'src.store.Store', 'incoming', 'calls')).toEqual([
      'calls src.main.main src/main.ts:4',
    ]);
  });

  it('is empty and says so when the index is cleared, and comes back with it', async () => {
    const workspace = await indexed(FILES);
    await graphOf(workspace);
    await workspace.clear();
    await workspace.index();
    expect((await graphOf(workspace)).symbol('src.store.Store')).toBeDefined();
  });
});

describe('a graph that cannot be made', () => {
  const workspaceWith = async (
    resolve: WorkspaceParts['resolve'],
    files: Readonly<Record<string, string>> = FILES,
    resolveFew = resolve,
  ) => {
    const root = repository(files);
    const source = openDiskSource(root);
    const store = openMemoryStore();
    const workspace = await store.openWorkspace(root);
    const live = await openLiveIndex({
      source,
      store,
      workspace,
      maxFileBytes: 1e6,
      run: (task) => runBatch(source, task),
    });
    await live.refresh();
    // Of a workspace that is indexed, without jobs and history.
    const reading = createReading({
      live,
      indexing: { complete: true, follow: async () => {} },
      jobs: { running: false },
      history: { poll() {} },
      observer: noObserver,
    } as unknown as ReadingParts);
    onTestFinished(() => live.close());
    const again = () =>
      openWorkspaceGraph({
        source,
        store,
        workspace,
        live,
        reading,
        indexing: { complete: true },
        parallel: 1,
        run: (task) => runBatch(source, task),
        takeFactsTurn: () => ({ release() {} }),
        resolve,
        resolveFew,
      });
    return { graph: again(), live, root, again, reading, source };
  };
  it('says that its files are too large, not that nobody calls', async () => {
    const { graph } = await workspaceWith(() => Promise.reject(new WorkerLostError('out of memory')));
    const { graph: found } = await graph.codeGraph();
    expect(found).toMatchObject({ symbolCount: 0, isPartial: true });
    expect(found.unread.map(({ path, reason }) => `${path} ${reason}`)).toContain('src/store.ts too_large');
  });

  it('does not try again on nearly the same files, neither after an edit nor in the next process', async () => {
    let tries = 0;
    const { graph, live, root, again } = await workspaceWith(() => {
      tries++;
      return Promise.reject(new WorkerLostError('out of memory'));
    });
    await graph.codeGraph();
    writeTree(root, { 'src/log.ts': 'export function log2() {}\n' });
    live.suspect(['src/log.ts']);
    const tooLarge = { symbolCount: 0, isPartial: true };
    expect((await graph.codeGraph()).graph).toMatchObject(tooLarge);
    const { graph: found } = await again().codeGraph();
    expect(found).toMatchObject(tooLarge);
    expect(found.unread.map(({ path, reason }) => `${path} ${reason}`)).toContain('src/log.ts too_large');
    expect(tries).toBe(1);
    await graph.clear();
    await graph.codeGraph();
    expect(tries).toBe(2);
  });

  it('answers without what is being resolved again, and names it, while changes are watched', async () => {
    let isSlow = false;
    const { graph, live, root, reading, source } = await workspaceWith(async (input) =>
      isSlow ? new Promise(() => {}) : resolvePacked(input),
    );
    await live.startWatching();
    await graph.codeGraph();
    isSlow = true;
    writeTree(root, { 'src/log.ts': 'export function log2() {}\n' });
    live.suspect(['src/log.ts']);
    const { graph: found, freshness } = await graph.codeGraph();
    expect(freshness).toMatchObject({ state: 'pending', pending: ['src/log.ts'] });
    expect(found.inFile('src/log.ts')).toEqual([]);
    expect(found.incoming('src.log.log')).toEqual([]);
    expect(edges(found, 'src.store.Store', 'incoming', 'calls')).toHaveLength(2);
    const index = {} as LocateIndex;
    const reports = openWorkspaceAnalysis({ source, live, reading, graph, index, observer: noObserver });
    const report = await reports.analyze({ target: 'Store' });
    expect(report.freshness).toMatchObject({ state: 'pending', pending: ['src/log.ts'], pendingCount: 1 });
    expect(Object.keys(report)).not.toContain('pending');
    await graph.close();
  });

  it('says meanwhile what a changed file says with those next to it, as inferred, and names the file', async () => {
    const others = Object.fromEntries(
      Array.from({ length: 80 }, (_, i) => [`src/more/other${i}.ts`, `export function other${i}() {}\n`]),
    );
    let isSlow = false;
    const few: number[] = [];
    const { graph, live, root } = await workspaceWith(
      async (input) => (isSlow ? new Promise(() => {}) : resolvePacked(input)),
      { ...FILES, ...others },
      async (input) => {
        few.push(input.files.length);
        return resolvePacked(input);
      },
    );
    await live.startWatching();
    await graph.codeGraph();
    isSlow = true;
    const change = (files: Readonly<Record<string, string>>) => {
      writeTree(root, files);
      live.suspect(Object.keys(files));
      return graph.codeGraph();
    };
    const first = await change({
      'src/log.ts': `import { other7 } from './more/other7.js';

export function log(text: string) { other7(); gone(); }
`,
    });
    expect(first.freshness).toMatchObject({ state: 'pending', pending: ['src/log.ts'] });
    expect(first.graph.symbol('src.log.log')).toMatchObject({ start: 3, path: 'src/log.ts' });
    expect(edges(first.graph, 'src.log.log', 'outgoing', 'calls')).toEqual([
      'calls src.more.other7.other7 src/log.ts:3 ?',
    ]);
    expect(edges(first.graph, 'src.log.log', 'incoming', 'calls')).toEqual([
      'calls src.main.main src/main.ts:7 ?',
      'calls src.store.Base.put src/store.ts:3 ?',
    ]);
    expect(first.graph.unresolvedIn('src.log.log').map(({ text }) => text)).toEqual(['gone']);
    expect(edges(first.graph, 'src.store.Store', 'incoming', 'calls')).toHaveLength(2);
    // While all is being resolved, another file changes, one is new, and a definition goes.
    const second = await change({
      'src/log.ts': 'export function write() {}\n',
      'src/more/new.ts': `import { Store } from '../store.js';
export function fresh() { new Store().put('z'); }
`,
    });
    expect(second.freshness.pending).toEqual(['src/log.ts', 'src/more/new.ts']);
    expect(second.graph.symbol('src.log.log')).toBeUndefined();
    expect(second.graph.incoming('src.log.log')).toEqual([]);
    expect(edges(second.graph, 'src.more.new.fresh', 'outgoing', 'calls')).toEqual([
      'calls src.store.Store src/more/new.ts:2 ?',
      'calls src.store.Store.put src/more/new.ts:2 ?',
    ]);
    expect(second.graph.inFile('src/more/new.ts').map(({ name }) => name)).toEqual(['new', 'fresh']);
    expect(Math.max(...few)).toBeLessThan(40);
    await graph.close();
  });
});
