/**
 * What was written before a request shows in its answer, in hits and in misses: edits, deletions, renames, branches,
 * other worktrees, other engines on the same store, and merges meanwhile.
 */
import { mkdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRipgrep } from '../adapters/grep/ripgrep.ts';
import { openCommitSource } from '../adapters/history/commit-source.ts';
import { openGitChanges } from '../adapters/history/git-changes.ts';
import { openGitHistory } from '../adapters/history/git-history.ts';
import { openLineHistory } from '../adapters/history/line-origins.ts';
import { openDiskSource } from '../adapters/sources/disk-source.ts';
import { git, tempTree, writeTree } from '../adapters/sources/testing/temp-tree.ts';
import { openMemoryStore } from '../adapters/stores/memory-store.ts';
import type { Workspace } from '../engine.ts';
import { resolvePacked } from '../graph/resolve-packed.ts';
import { runBatch } from '../indexing/batch.ts';
import { openLiveIndex } from '../indexing/live-index.ts';
import { mergeSegments } from '../lexical/merge-segments.ts';
import { noObserver } from '../ports/observer.ts';
import { BlobGoneError, SegmentGoneError } from '../ports/store.ts';
import {
  commit,
  indexed,
  pathsFor,
  places,
  repository,
  tempHome,
  testEngine,
} from '../testing/open-workspace.ts';
import { createWorkspace } from './workspace.ts';

const FILES = {
  'src/one.ts': 'export function apricot() {\n  return 1;\n}\n',
  'src/two.ts': 'export function banana() {\n  return 2;\n}\n',
  'lib/three.py': 'def cherry():\n    return 3\n',
};

/** A word of letters alone that no other number has, and that shares no part with another. */
const word = (n: number) =>
  `quince${String.fromCharCode(97 + (n % 26))}${String.fromCharCode(97 + Math.floor(n / 26))}x`;

const write = (workspace: Workspace, path: string, text: string) =>
  writeTree(workspace.root, { [path]: text });

/** Every hit's text must be what the file holds now, at the lines it names. */
async function expectTrue(workspace: Workspace, query: string): Promise<string[]> {
  const answer = await workspace.search({ query });
  for (const hit of answer.hits) {
    const { text, hash } = await workspace.readLines(
      hit.path,
      hit.textStart ?? hit.start,
      hit.textEnd ?? hit.end,
    );
    expect([hit.path, hit.hash, hit.text]).toEqual([hit.path, hash, text]);
  }
  return answer.hits.map(({ path }) => path);
}

for (const mode of ['by a scan', 'by a watcher'] as const) {
  describe(`changes found ${mode}`, () => {
    const open = async (files: Readonly<Record<string, string>> = FILES) => {
      const workspace = await indexed(files);
      if (mode === 'by a watcher') {
        await workspace.watch();
        // The first answer after it scans once more.
        await workspace.search({ query: 'warm' });
      }
      return workspace;
    };

    it('show in hits and misses: edited, added, deleted, renamed', async () => {
      const workspace = await open();
      write(workspace, 'src/one.ts', 'export function damson() {\n  return 1;\n}\n');
      expect(await expectTrue(workspace, 'damson')).toContain('src/one.ts');
      expect(await pathsFor(workspace, 'apricot')).toEqual([]);
      write(workspace, 'src/deep/new.ts', 'export const elderberry = 1;\n');
      expect(await expectTrue(workspace, 'elderberry')).toEqual(['src/deep/new.ts']);
      rmSync(join(workspace.root, 'src/two.ts'));
      expect(await pathsFor(workspace, 'banana')).toEqual([]);
      renameSync(join(workspace.root, 'lib'), join(workspace.root, 'moved'));
      expect(await expectTrue(workspace, 'cherry')).toEqual(['moved/three.py']);
      rmSync(join(workspace.root, 'moved'), { recursive: true });
      expect(await pathsFor(workspace, 'cherry')).toEqual([]);
      const { freshness } = await workspace.search({ query: 'elderberry' });
      expect(freshness).toMatchObject({
        state: 'fresh',
        checkedBy: mode === 'by a scan' ? 'scan' : 'watcher',
      });
    });

    it('show when size and time of modification stay the same', async () => {
      const workspace = await open();
      const path = join(workspace.root, 'src/one.ts');
      for (const name of ['avocado', 'bilimbi', 'apricot']) {
        const { atime, mtime } = statSync(path);
        writeFileSync(path, FILES['src/one.ts'].replace('apricot', name));
        utimesSync(path, atime, mtime);
        expect([name, await expectTrue(workspace, name)]).toEqual([name, ['src/one.ts']]);
      }
    });

    it('show when the index caught up ahead of the question, and in the next question what came between', async () => {
      const workspace = await open();
      write(workspace, 'src/one.ts', 'export function damson() {\n  return 1;\n}\n');
      rmSync(join(workspace.root, 'src/two.ts'));
      await workspace.catchUp();
      expect(await expectTrue(workspace, 'damson banana apricot')).toEqual(['src/one.ts']);
      write(workspace, 'src/one.ts', 'export function elderberry() {\n  return 1;\n}\n');
      expect(await expectTrue(workspace, 'elderberry')).toEqual(['src/one.ts']);
      // Written after it, in a file that is a hit: never shown as it was.
      await workspace.catchUp();
      write(workspace, 'src/one.ts', 'export function figtree() {\n  return 1;\n}\n');
      expect(await expectTrue(workspace, 'elderberry')).toEqual([]);
      for (let i = 0; i < 70; i++) write(workspace, `src/many${i}.ts`, `export const ${word(i)} = 1;\n`);
      const phases: string[] = [];
      await workspace.catchUp({ onProgress: ({ phase }) => phases.push(phase) });
      expect(phases).toContain('done');
      expect(await pathsFor(workspace, word(69))).toEqual(['src/many69.ts']);
    });

    it('show after many edits of one file in a row', async () => {
      const workspace = await open();
      for (let i = 0; i < 12; i++) {
        write(
          workspace,
          'src/one.ts',
          `// ${'line\n// '.repeat(i % 5)}\nexport function ${word(i)}() {\n  return ${i};\n}\n`,
        );
        const [hit] = (await workspace.search({ query: word(i) })).hits;
        expect(hit?.text).toContain(word(i));
      }
      expect((await workspace.status()).files).toBe(3);
    });

    it('show after a switch of branches, there and back', async () => {
      const workspace = await open();
      const { root } = workspace;
      git(root, 'checkout', '-q', '-b', 'other');
      commit(
        root,
        { 'src/one.ts': 'export function figtree() {}\n', 'src/extra.ts': 'export const grape = 1;\n' },
        'other',
      );
      expect(await expectTrue(workspace, 'figtree')).toEqual(['src/one.ts']);
      git(root, 'checkout', '-q', 'main');
      expect(await pathsFor(workspace, 'figtree')).toEqual([]);
      expect(await pathsFor(workspace, 'grape')).toEqual([]);
      expect(await expectTrue(workspace, 'apricot')).toContain('src/one.ts');
      git(root, 'checkout', '-q', 'other');
      expect(await expectTrue(workspace, 'grape')).toEqual(['src/extra.ts']);
    });

    it('show when rules change what is ignored', async () => {
      const workspace = await open();
      write(workspace, '.gitignore', 'lib/\n');
      expect(await pathsFor(workspace, 'cherry')).toEqual([]);
      write(workspace, '.gitignore', '\n');
      expect(await expectTrue(workspace, 'cherry')).toEqual(['lib/three.py']);
    });

    it('show while the index is being rebuilt', async () => {
      const more = Object.fromEntries(
        Array.from({ length: 60 }, (_, i) => [`gen/m${i}.ts`, `export const gen${i} = ${i};\n`]),
      );
      const workspace = await open({ ...FILES, ...more });
      let isRunning = true;
      const rebuilding = workspace.index({ rebuild: true }).finally(() => {
        isRunning = false;
      });
      for (let i = 0; isRunning || i < 3; i++) {
        write(workspace, 'src/two.ts', `export function ${word(i)}() {}\n`);
        expect([i, await expectTrue(workspace, word(i))]).toEqual([i, ['src/two.ts']]);
      }
      await rebuilding;
    });

    it('show in answers asked for at the same time', async () => {
      const workspace = await open();
      for (let round = 0; round < 5; round++) {
        const early = workspace.search({ query: 'anything' });
        write(workspace, 'src/one.ts', `export function ${word(round)}() {}\n`);
        const answers = await Promise.all([0, 1, 2].map(() => pathsFor(workspace, word(round))));
        expect([round, answers]).toEqual([round, [['src/one.ts'], ['src/one.ts'], ['src/one.ts']]]);
        await early;
      }
    });
  });
}

describe('two worktrees of a repository', () => {
  it('share what they derive and see each their own files', async () => {
    const engine = await testEngine();
    const root = repository(FILES);
    const main = await engine.openWorkspace(root);
    await main.index();
    const second = join(tempTree(), 'worktree');
    git(root, 'worktree', 'add', '-q', second, '-b', 'feature');
    writeTree(second, { 'src/one.ts': 'export function honeydew() {}\n' });
    const other = await engine.openWorkspace(second);
    expect(await other.index()).toMatchObject({ reused: 2, indexed: 1 });
    expect(await expectTrue(other, 'honeydew')).toEqual(['src/one.ts']);
    expect(await pathsFor(main, 'honeydew')).toEqual([]);
    expect(await expectTrue(main, 'apricot')).toEqual(['src/one.ts']);
    expect((await other.status()).storeFile).toBe((await main.status()).storeFile);
    await other.clear();
    expect(await expectTrue(main, 'apricot')).toEqual(['src/one.ts']);
    expect((await other.status()).files).toBe(0);
    await other.index();
    expect(await expectTrue(other, 'banana')).toEqual(['src/two.ts']);
  });
});

describe('two engines on one store', () => {
  it('follow what the other publishes and merges', async () => {
    const home = tempHome();
    const root = repository(FILES);
    const a = await (await testEngine({ home })).openWorkspace(root);
    await a.index();
    const b = await (await testEngine({ home })).openWorkspace(root);
    expect(await expectTrue(b, 'banana')).toEqual(['src/two.ts']);
    for (let i = 0; i < 14; i++) {
      const writer = i % 2 === 0 ? a : b;
      const reader = i % 2 === 0 ? b : a;
      write(writer, `src/file${i}.ts`, `export function ${word(i)}() {\n  return banana();\n}\n`);
      // Each publishes a segment of its own, so that merges come soon.
      const [own] = await Promise.all([
        writer.index({ paths: [`src/file${i}.ts`] }),
        expectTrue(reader, 'banana'),
      ]);
      expect(own.indexed).toBe(1);
      expect(await expectTrue(reader, word(i))).toEqual([`src/file${i}.ts`]);
    }
    const [one, two] = [await a.status(), await b.status()];
    expect(one.files).toBe(17);
    expect({ files: two.files, chunks: two.chunks }).toEqual({ files: one.files, chunks: one.chunks });
  });

  it('answer right while the other indexes, rebuilds and clears', async () => {
    const home = tempHome();
    const root = repository({
      ...FILES,
      ...Object.fromEntries(
        Array.from({ length: 30 }, (_, i) => [`m/m${i}.ts`, `export const m${i} = 1;\n`]),
      ),
    });
    const a = await (await testEngine({ home })).openWorkspace(root);
    const b = await (await testEngine({ home })).openWorkspace(root);
    await a.index();
    expect(await expectTrue(b, 'apricot')).toContain('src/one.ts');
    let isRunning = true;
    const busy = (async () => {
      await a.index({ rebuild: true });
      await a.clear();
      await a.index();
    })().finally(() => {
      isRunning = false;
    });
    while (isRunning) {
      const paths = await expectTrue(b, 'banana');
      const { state } = (await b.search({ query: 'banana' })).freshness;
      if (state === 'fresh') expect(paths.slice(0, 1)).toEqual(paths.length > 0 ? ['src/two.ts'] : []);
    }
    await busy;
    await expect.poll(async () => expectTrue(b, 'banana'), { timeout: 10_000 }).toContain('src/two.ts');
  });
});

describe('a request that comes while others wait', () => {
  it('is not answered by a look at the store alone that another asked for', async () => {
    const root = tempTree(FILES);
    const source = openDiskSource(root);
    const store = openMemoryStore();
    const live = await openLiveIndex({
      source,
      store,
      workspace: await store.openWorkspace(root),
      maxFileBytes: 1e6,
      run: (task) => runBatch(source, task),
    });
    await live.refresh();
    const running = live.refresh();
    const waiting = live.refresh({ followOnly: true });
    writeTree(root, { 'src/late.ts': 'export const late = 1;\n' });
    await live.refresh();
    expect(live.view.file('src/late.ts')).toBeDefined();
    await Promise.all([running, waiting]);
    await live.close();
  });
});

describe('a merge that takes away what a request is about to read', () => {
  /** A workspace on a store whose reads of pages and outlines fail now and then, as after another process's merge. */
  async function interrupted() {
    const root = repository(FILES);
    const source = openDiskSource(root);
    const store = openMemoryStore();
    let failures = 0;
    const gone = (error: Error) => {
      if (failures-- > 0) throw error;
    };
    const workspace = await createWorkspace({
      source,
      store: {
        ...store,
        readPages: async (segment, pages) => {
          gone(new SegmentGoneError(segment));
          return store.readPages(segment, pages);
        },
        readOutlines: async (blobs) => {
          gone(new BlobGoneError(blobs));
          return store.readOutlines(blobs);
        },
      },
      storeFile: '',
      workspace: await store.openWorkspace(root),
      history: openGitHistory(root),
      lines: openLineHistory(root),
      items: openCommitSource(root),
      changes: openGitChanges(root),
      prefix: '',
      grep: openRipgrep(root, { includes: (path) => source.includes(path) }),
      maxFileBytes: 1e6,
      parallel: 1,
      postingCacheBytes: 0,
      observer: noObserver,
      notices: [],
      run: (task, more) => runBatch(source, more ? { ...task, paths: [...task.paths, ...more()] } : task),
      merge: async (inputs) => mergeSegments(inputs),
      models: { base: undefined, current: undefined, adapts: false },
      embed: async () => new Uint8Array(),
      adapt: async () => undefined,
      resolve: async (input) => resolvePacked(input),
      resolveFew: async (input) => resolvePacked(input),
      takeFactsTurn: () => ({ release() {} }),
      takeTurn: () => ({ release() {} }),
      takeLearningTurn: () => ({ release() {} }),
      release: async () => {},
    });
    await workspace.index();
    return { workspace, failNext: (count: number) => void (failures = count) };
  }

  it('only makes it start over', async () => {
    const { workspace, failNext } = await interrupted();
    for (const count of [1, 2, 5]) {
      failNext(count);
      expect(await expectTrue(workspace, 'apricot')).toEqual(['src/one.ts']);
      failNext(count);
      expect((await workspace.locate({ task: 'banana' })).hits[0]?.path).toBe('src/two.ts');
      failNext(count);
      expect((await workspace.plan('cherry', 'search')).terms[0]?.documents).toBe(1);
    }
    await workspace.close();
  });

  it('is an error when it never ends', async () => {
    const { workspace, failNext } = await interrupted();
    failNext(1_000);
    await expect(workspace.search({ query: 'apricot' })).rejects.toThrow(
      /replaced by a merge|not in the store/,
    );
    failNext(0);
    await workspace.close();
  });
});

describe('what cannot be read in time', () => {
  it('is never shown: a hit whose file changes while the answer is made is read again', async () => {
    const workspace = await indexed(FILES);
    for (let i = 0; i < 8; i++) {
      const pending = workspace.search({ query: 'apricot banana' });
      write(workspace, 'src/one.ts', `${'\n'.repeat(i)}export function apricot() {\n  return ${i};\n}\n`);
      const answer = await pending;
      const hit = answer.hits.find(({ path }) => path === 'src/one.ts');
      if (hit) expect(hit.text?.trimStart()).toMatch(/^export function apricot/);
    }
    expect(places(await workspace.search({ query: 'apricot' }))[0]).toMatch(/^src\/one.ts/);
  });

  it('a file that becomes binary, too large, unreadable or a folder leaves the index', async () => {
    const workspace = await indexed(FILES);
    writeFileSync(join(workspace.root, 'src/one.ts'), Buffer.from([0, 1, 2, 0, 255, 0]));
    expect(await pathsFor(workspace, 'apricot')).not.toContain('src/one.ts');
    writeFileSync(
      join(workspace.root, 'src/two.ts'),
      `export function banana() {}\n${'// x\n'.repeat(600_000)}`,
    );
    expect(await pathsFor(workspace, 'banana')).not.toContain('src/two.ts');
    rmSync(join(workspace.root, 'lib/three.py'));
    mkdirSync(join(workspace.root, 'lib/three.py'));
    expect(await pathsFor(workspace, 'cherry')).toEqual([]);
    write(workspace, 'src/two.ts', FILES['src/two.ts']);
    expect(await expectTrue(workspace, 'banana')).toContain('src/two.ts');
  });
});
