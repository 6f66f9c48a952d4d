import { appendFileSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { writeTree } from '../adapters/sources/testing/temp-tree.ts';
import { createPostingCache } from '../lexical/posting-cache.ts';
import { readPostings } from '../lexical/read-postings.ts';
import type { BatchResult } from './batch.ts';
import { indexWorkspace } from './index-workspace.ts';
import { type LiveIndex, openLiveIndex } from './live-index.ts';
import { mergeSmallSegments } from './merge-store.ts';
import { type Bench, bench, manifestOf, modules } from './testing/kit.ts';

async function live(target: Bench): Promise<LiveIndex> {
  const index = await openLiveIndex(target);
  onTestFinished(() => index.close());
  return index;
}

/** An indexed tree and its live index. */
async function opened(files: Readonly<Record<string, string>>): Promise<{ target: Bench; index: LiveIndex }> {
  const target = await bench(files);
  await indexWorkspace(target);
  return { target, index: await live(target) };
}

/** Paths of the live files that have the word, sorted, as a query would see them now. */
async function find(index: LiveIndex, word: string): Promise<string> {
  const { view } = index;
  const lists = (await readPostings(view, [word], createPostingCache(1 << 20))).get(word) ?? [];
  const paths = new Set<string>();
  for (const { segment, postings } of lists) {
    for (const doc of postings.docs) {
      const slot = segment.slotBase + (segment.blobOf[doc] as number);
      for (const id of view.filesOfSlot(slot)) paths.add(view.fileById(id)?.path ?? '?');
    }
  }
  return [...paths].sort().join(' ');
}

const text = (word: string) => `export function ${word}() {}\n`;

test('each refresh shows the tree as it is: edited, added, deleted, moved, a folder gone', async () => {
  const { target, index } = await opened({
    'a.ts': text('axle'),
    'b.ts': text('bolt'),
    'sub/c.ts': text('crank'),
    'sub/d.ts': text('drum'),
  });
  const put = (path: string, word: string) => writeTree(target.root, { [path]: text(word) });
  put('a.ts', 'axis');
  put('new/e.ts', 'elbow');
  rmSync(join(target.root, 'b.ts'));
  renameSync(join(target.root, 'sub'), join(target.root, 'moved'));
  const report = await index.refresh();
  expect(report).toMatchObject({ pending: [], checkedBy: 'scan' });
  expect(await find(index, 'axl')).toBe('');
  expect(await find(index, 'axi')).toBe('a.ts');
  expect(await find(index, 'elbow')).toBe('new/e.ts');
  expect(await find(index, 'bolt')).toBe('');
  expect(await find(index, 'crank')).toBe('moved/c.ts');
  rmSync(join(target.root, 'moved'), { recursive: true });
  await index.refresh();
  expect(await find(index, 'crank')).toBe('');
  expect(index.view.fileCount).toBe(2);
});

test('a look ahead of a question serves that one, an early walk that look, and neither any other', async () => {
  const target = await bench({ 'a.ts': text('axle'), 'b.ts': text('bolt') });
  await indexWorkspace(target);
  const put = (path: string, word: string) => writeTree(target.root, { [path]: text(word) });
  put('a.ts', 'axis');
  const walked = target.source.walk();
  await walked;
  let walks = 0;
  const walk = () => {
    walks++;
    return target.source.walk();
  };
  const index = await openLiveIndex({ ...target, walked, source: { ...target.source, walk } });
  onTestFinished(() => index.close());
  expect(await index.refresh({ ahead: true })).toMatchObject({
    pending: expect.arrayContaining(['a.ts']),
    checkedBy: 'scan',
  });
  expect(await find(index, 'axi')).toBe('');
  // After what it was asked for, and so no part of the answer.
  put('c.ts', 'crank');
  expect(await index.refresh()).toMatchObject({ pending: [], checkedBy: 'scan' });
  expect([walks, await find(index, 'axi'), await find(index, 'crank')]).toEqual([0, 'a.ts', '']);
  await index.refresh();
  expect([walks, await find(index, 'crank')]).toEqual([1, 'c.ts']);
  await index.refresh({ ahead: true });
  await index.refresh();
  expect(walks).toBe(2);
});

test('an early walk that failed is made again, and one nobody looked ahead with is not used', async () => {
  const target = await bench({ 'a.ts': text('axle') });
  await indexWorkspace(target);
  const walked = target.source.walk();
  writeTree(target.root, { 'a.ts': text('axis') });
  const plain = await openLiveIndex({ ...target, walked });
  onTestFinished(() => plain.close());
  await plain.refresh();
  expect(await find(plain, 'axi')).toBe('a.ts');
  const failed = Promise.reject(new Error('no thread'));
  failed.catch(() => {});
  const other = await openLiveIndex({ ...target, walked: failed });
  onTestFinished(() => other.close());
  expect((await other.refresh({ ahead: true })).checkedBy).toBe('scan');
  await other.refresh();
  expect(await find(other, 'axi')).toBe('a.ts');
});

test('with a watcher the same holds without a scan', async () => {
  const { target, index } = await opened({
    'a.ts': text('axle'),
    'sub/c.ts': text('crank'),
    'sub/d.ts': text('drum'),
  });
  await index.startWatching();
  await index.refresh();
  writeTree(target.root, { 'a.ts': text('axis'), 'sub/e.ts': text('elbow') });
  const report = await index.refresh();
  expect(report.pending).toEqual([]);
  expect(await find(index, 'axi')).toBe('a.ts');
  expect(await find(index, 'elbow')).toBe('sub/e.ts');
  rmSync(join(target.root, 'sub'), { recursive: true });
  await index.refresh();
  expect(await find(index, 'crank')).toBe('');
  expect(await find(index, 'drum')).toBe('');
});

test('a changed ignore file takes files away, and brings them back', async () => {
  const { target, index } = await opened({ 'a.ts': text('axle'), 'out/b.ts': text('bolt') });
  writeTree(target.root, { '.gitignore': 'out/\n' });
  await index.refresh();
  expect(await find(index, 'bolt')).toBe('');
  writeTree(target.root, { '.gitignore': '\n' });
  await index.refresh();
  expect(await find(index, 'bolt')).toBe('out/b.ts');
});

test('a file that turns binary, too large, secret or into a folder leaves', async () => {
  const words = ['axle', 'bolt', 'crank', 'drum'];
  const { target, index } = await opened(Object.fromEntries(words.map((word) => [`${word}.ts`, text(word)])));
  writeFileSync(join(target.root, 'axle.ts'), 'axle\0');
  writeFileSync(join(target.root, 'bolt.ts'), text('bolt').repeat(10_000));
  renameSync(join(target.root, 'crank.ts'), join(target.root, 'crank.pem'));
  rmSync(join(target.root, 'drum.ts'));
  mkdirSync(join(target.root, 'drum.ts'));
  await index.refresh();
  for (const word of words) expect(await find(index, word)).toBe('');
  expect(index.view.fileCount).toBe(0);
});

test('what is left out for its content is read once, also by the next process', async () => {
  const target = await bench({ 'a.ts': text('axle'), 'blob.data': 'a\0b' });
  const hour = new Date(Date.now() - 3_600_000);
  utimesSync(join(target.root, 'blob.data'), hour, hour);
  await sleep(2100);
  await indexWorkspace(target);
  const index = await live(target);
  target.tasks.length = 0;
  await index.refresh();
  await index.refresh();
  expect(target.tasks).toEqual([]);
  writeFileSync(join(target.root, 'blob.data'), 'wordy text\n');
  await index.refresh();
  expect(await find(index, 'wordi')).toBe('blob.data');
});

test('a stamp that has settled is published, so that nobody reads the file again', async () => {
  const { target, index } = await opened(modules(3));
  // The files are new, so that their stamps prove nothing yet.
  target.tasks.length = 0;
  await index.refresh();
  expect(target.tasks.flatMap(({ paths }) => paths)).toHaveLength(3);
  await sleep(2100);
  await index.refresh();
  await index.flush();
  target.tasks.length = 0;
  const later = await live(target);
  await later.refresh();
  expect(target.tasks).toEqual([]);
  expect(await manifestOf(target)).toHaveLength(3);
});

test('the same bytes at two paths are found at both, and at one when the other changes', async () => {
  const { target, index } = await opened({ 'a.ts': text('axle'), 'copy.ts': text('axle') });
  expect(await find(index, 'axl')).toBe('a.ts copy.ts');
  writeTree(target.root, { 'a.ts': text('bolt') });
  await index.refresh();
  expect(await find(index, 'axl')).toBe('copy.ts');
  writeTree(target.root, { 'a.ts': text('axle') });
  await index.refresh();
  await index.flush();
  await index.refresh();
  expect(await find(index, 'axl')).toBe('a.ts copy.ts');
  expect(await find(index, 'bolt')).toBe('');
});

test('what cannot be read in time is named as pending, and read by the next refreshes', async () => {
  const { target, index } = await opened({ 'a.ts': text('axle') });
  writeTree(target.root, modules(300));
  const first = await index.refresh({ deadlineMs: 0 });
  expect(first.pending.length).toBeGreaterThanOrEqual(300);
  let pending: number = first.pending.length;
  for (let round = 0; round < 20 && pending > 0; round++) pending = (await index.refresh()).pending.length;
  expect(pending).toBe(0);
  expect(index.view.fileCount).toBe(301);
  expect(await find(index, 'wheel')).not.toBe('');
});

test('an edit during a read is not lost', async () => {
  const { target } = await opened({ 'a.ts': text('axle') });
  let disturb = true;
  const run = async (task: Parameters<Bench['run']>[0]): Promise<BatchResult> => {
    const result = await target.run(task);
    if (disturb) writeTree(target.root, { 'a.ts': text('crank') });
    disturb = false;
    return result;
  };
  const index = await openLiveIndex({ ...target, run });
  writeTree(target.root, { 'a.ts': text('bolt') });
  await index.refresh();
  await index.refresh();
  expect(await find(index, 'crank')).toBe('a.ts');
  expect(await find(index, 'bolt')).toBe('');
  await index.close();
});

test('what is published is what the overlay showed; closing publishes, too', async () => {
  const { target, index } = await opened({ 'a.ts': text('axle') });
  writeTree(target.root, { 'a.ts': text('bolt'), 'b.py': 'def crank():\n    pass\n' });
  await index.refresh();
  expect(index.overlayOutline('b.py')).toBeDefined();
  await index.flush();
  await index.refresh({ followOnly: true });
  expect(index.overlayOutline('b.py')).toBeUndefined();
  expect(index.blobRecord('b.py')).toMatchObject({ language: 'python' });
  expect(await manifestOf(target)).toEqual(['a.ts=typescript code', 'b.py=python code']);
  rmSync(join(target.root, 'b.py'));
  await index.refresh();
  await index.close();
  expect(await manifestOf(target)).toEqual(['a.ts=typescript code']);
});

const step = fc.record({
  who: fc.nat(1),
  what: fc.constantFrom('write', 'delete', 'refresh', 'flush', 'merge', 'index', 'rebuild'),
  path: fc.nat(4).map((n) => `f${n}.ts`),
});

test('two live indexes on one store and one tree both tell the truth, whatever happens between', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const target = await bench({ 'f0.ts': text('start') });
      const indexes = [await openLiveIndex(target), await openLiveIndex(target)] as const;
      const words = new Map([['f0.ts', 'start']]);
      const retired: string[] = [];
      let serial = 0;
      const drop = (path: string) => {
        const before = words.get(path);
        if (before) retired.push(before);
        words.delete(path);
      };
      for (const { who, what, path } of steps) {
        if (what === 'write') {
          drop(path);
          const word = `zq${'bcdfghjklm'[serial % 10]}${'bcdfghjklm'[Math.floor(serial++ / 10)]}x`;
          writeFileSync(join(target.root, path), text(word));
          words.set(path, word);
        } else if (what === 'delete' && words.has(path)) {
          drop(path);
          rmSync(join(target.root, path));
        } else if (what === 'refresh') await indexes[who]?.refresh();
        else if (what === 'flush') await indexes[who]?.flush();
        else if (what === 'merge')
          await mergeSmallSegments(target.store, target.workspace, { thorough: true });
        else if (what === 'index') await indexWorkspace(target);
        else if (what === 'rebuild') await indexWorkspace(target, { rebuild: true });
      }
      for (const index of indexes) {
        await index.refresh();
        for (const [path, word] of words)
          expect(await find(index, word === 'start' ? 'start' : word)).toBe(path);
        for (const word of retired) expect(await find(index, word)).toBe('');
        expect(index.view.fileCount).toBe(words.size);
      }
      for (const index of indexes) await index.close();
    }),
    { numRuns: 40 },
  );
}, 60_000);

test('a failed publication keeps the overlay; an append is seen', async () => {
  const { target } = await opened({ 'a.ts': text('axle') });
  let fails = true;
  const store = {
    ...target.store,
    publish: (what: Parameters<Bench['store']['publish']>[0]) =>
      fails ? Promise.reject(new Error('full')) : target.store.publish(what),
  };
  const index = await openLiveIndex({ ...target, store });
  appendFileSync(join(target.root, 'a.ts'), text('bolt'));
  await index.refresh();
  await expect(index.flush()).rejects.toThrow('full');
  expect(index.unsaved).toMatchObject({ files: 1 });
  expect(await find(index, 'bolt')).toBe('a.ts');
  fails = false;
  await index.flush();
  expect(index.unsaved).toBeUndefined();
  await index.close();
});
