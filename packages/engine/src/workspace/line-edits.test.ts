/** Edits of comments through the door of the graph: what is resolved again, and what is said of the files. */
import { expect, it, onTestFinished } from 'vitest';
import { openDiskSource } from '../adapters/sources/disk-source.ts';
import { writeTree } from '../adapters/sources/testing/temp-tree.ts';
import { openMemoryStore } from '../adapters/stores/memory-store.ts';
import { resolvePacked } from '../graph/resolve-packed.ts';
import { runBatch } from '../indexing/batch.ts';
import { openLiveIndex } from '../indexing/live-index.ts';
import type { CodeGraph } from '../model/code-graph.ts';
import { noObserver } from '../ports/observer.ts';
import { repository } from '../testing/open-workspace.ts';
import { openWorkspaceGraph } from './graph.ts';
import { createReading, type ReadingParts } from './reading.ts';

const FILES = {
  'src/log.ts': 'export function log(text: string) { console.log(text); }\n',
  'src/main.ts': `import { log } from './log.js';
export function main() {
  missing(main);
  return [1].map(() => log('x'));
}
`,
  'package.json': '{"name": "shop"}\n',
};

/** A workspace that counts how often all of it is resolved. */
async function opened() {
  const root = repository(FILES);
  const source = openDiskSource(root);
  const store = openMemoryStore();
  const workspace = await store.openWorkspace(root);
  const run = (task: Parameters<typeof runBatch>[1]) => runBatch(source, task);
  const live = await openLiveIndex({ source, store, workspace, maxFileBytes: 1e6, run });
  await live.refresh();
  const reading = createReading({
    live,
    indexing: { complete: true, follow: async () => {} },
    jobs: { running: false },
    history: { poll() {} },
    observer: noObserver,
  } as unknown as ReadingParts);
  let count = 0;
  const resolve = async (input: Parameters<typeof resolvePacked>[0]) => {
    count += 1;
    return resolvePacked(input);
  };
  const again = () =>
    openWorkspaceGraph({
      source,
      store,
      workspace,
      live,
      reading,
      indexing: { complete: true },
      parallel: 1,
      run,
      takeFactsTurn: () => ({ release() {} }),
      resolve,
      resolveFew: resolve,
    });
  const graph = again();
  onTestFinished(async () => {
    await graph.close();
    live.close();
  });
  return {
    again,
    /** The graph once files are written, and how often all was resolved for it. */
    async after(files: Readonly<Record<string, string>>, by = graph) {
      writeTree(root, files);
      live.suspect(Object.keys(files));
      const before = count;
      const { graph: found, freshness } = await by.codeGraph();
      expect(freshness).toMatchObject({ state: 'fresh', pending: [] });
      return { found, resolved: count - before };
    },
  };
}

const edgesOf = (graph: CodeGraph) =>
  graph
    .incoming('src.log.log', 'calls')
    .map(({ from, path, line, resolution }) => `${from} ${path}:${line} ${resolution}`);

it('gives another line at once, exactly, and resolves nothing', async () => {
  const { after } = await opened();
  expect((await after({})).resolved).toBe(1);
  const comment = await after({ 'src/main.ts': `// What it does.\n${FILES['src/main.ts']}` });
  expect(comment.resolved).toBe(0);
  expect(edgesOf(comment.found)).toEqual(['src.main.main.<anonymous:5> src/main.ts:5 exact']);
  expect(comment.found.symbol('src.main.main')).toMatchObject({ start: 3, end: 6 });
  expect(comment.found.unresolvedIn('src.main.main').map(({ line }) => line)).toEqual([4]);
  // The next edit is of a text that was never resolved.
  const more = await after({ 'src/main.ts': `// What it does,\n// and why.\n${FILES['src/main.ts']}` });
  expect(more.resolved).toBe(0);
  expect(edgesOf(more.found)).toEqual(['src.main.main.<anonymous:6> src/main.ts:6 exact']);
});

it('resolves what says more than that, and again follows lines after it', async () => {
  const { after, again } = await opened();
  await after({});
  const call = await after({ 'src/main.ts': `import { log } from './log.js';\nlog('y');\n` });
  expect(call.resolved).toBe(1);
  expect(edgesOf(call.found)).toEqual(['src.main src/main.ts:2 exact']);
  const line = await after({ 'src/main.ts': `import { log } from './log.js';\n\n\nlog('y');\n` });
  expect(line.resolved).toBe(0);
  expect(edgesOf(line.found)).toEqual(['src.main src/main.ts:4 exact']);
  // What was written down so is what the next process reads.
  const next = again();
  const kept = await after({}, next);
  expect(kept.resolved).toBe(0);
  expect(edgesOf(kept.found)).toEqual(['src.main src/main.ts:4 exact']);
  await next.close();
});

it('resolves all where another file came, went or says where imports lead', async () => {
  const { after } = await opened();
  await after({});
  const edit = (number: number) => ({ 'src/main.ts': `${'\n'.repeat(number)}${FILES['src/main.ts']}` });
  expect((await after({ ...edit(1), 'src/new.ts': 'export {}\n' })).resolved).toBe(1);
  expect((await after({ ...edit(2), 'package.json': '{"name": "store"}\n' })).resolved).toBe(1);
  expect((await after(edit(3))).resolved).toBe(0);
});
