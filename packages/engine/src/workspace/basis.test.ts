/** The id of what answers rest on is the same only while they would be. */
import { linkSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { git, writeTree } from '../adapters/sources/testing/temp-tree.ts';
import type { Workspace } from '../engine.ts';
import { indexed, pathsFor } from '../testing/open-workspace.ts';

const ONE = 'export function apricot() {\n  return 1;\n}\n';
const FILES = { 'src/one.ts': ONE, 'src/two.ts': 'export function banana() {\n  return 2;\n}\n' };

async function watched(files: Readonly<Record<string, string>> = FILES): Promise<Workspace> {
  const workspace = await indexed(files);
  await workspace.watch();
  await workspace.search({ query: 'warm' });
  await expect.poll(async () => (await workspace.basis()).id).toBeDefined();
  return workspace;
}

describe('the basis of answers', () => {
  it('stays while nothing changes, whatever is asked', async () => {
    const workspace = await watched();
    // The stamp of a file that was written this moment proves nothing: it may be written again within the same tick.
    const settled = async () => (await workspace.basis({ paths: Object.keys(FILES) })).id;
    await expect.poll(settled, { timeout: 20_000 }).toBeDefined();
    const { id, freshness } = await workspace.basis();
    await workspace.search({ query: 'apricot' });
    await workspace.grep({ pattern: 'return' });
    expect(await workspace.basis({ paths: Object.keys(FILES) })).toMatchObject({ id });
    expect(freshness).toMatchObject({ state: 'fresh', checkedBy: 'watcher' });
  });

  it.each<[string, (workspace: Workspace) => unknown]>([
    ['an edit', ({ root }) => writeTree(root, { 'src/one.ts': 'export const damson = 1;\n' })],
    ['a new file', ({ root }) => writeTree(root, { 'src/deep/three.ts': 'export const cherry = 3;\n' })],
    ['a deletion', ({ root }) => rmSync(join(root, 'src/two.ts'))],
    ['a new name', ({ root }) => renameSync(join(root, 'src/two.ts'), join(root, 'src/second.ts'))],
    ['a folder that goes', ({ root }) => rmSync(join(root, 'src'), { recursive: true })],
    ['a rule of what is ignored', ({ root }) => writeTree(root, { '.gitignore': 'src/two.ts\n' })],
    [
      'an edit that is taken back',
      async (workspace) => {
        writeTree(workspace.root, { 'src/one.ts': 'export const damson = 1;\n' });
        await workspace.basis();
        writeTree(workspace.root, { 'src/one.ts': ONE });
      },
    ],
    [
      'an edit that is taken back before anybody looks',
      ({ root }) => {
        writeTree(root, { 'src/one.ts': 'export const damson = 1;\n' });
        writeTree(root, { 'src/one.ts': ONE });
      },
    ],
    ['a new build', (workspace) => workspace.index({ rebuild: true })],
    ['a cleared index', (workspace) => workspace.clear()],
  ])('is another after %s', async (_what, change) => {
    const workspace = await watched();
    const before = (await workspace.basis()).id;
    await change(workspace);
    expect((await workspace.basis()).id).not.toBe(before);
  });

  it('is another once the commits are read that weigh in answers', async () => {
    const workspace = await watched();
    const before = (await workspace.basis()).id;
    git(workspace.root, 'commit', '-q', '--allow-empty', '-m', 'about apricots');
    await workspace.index();
    expect((await workspace.basis()).id).not.toBe(before);
  });

  it('is unknown where changes are found by a scan alone, and in a folder without an index', async () => {
    const workspace = await indexed(FILES);
    expect(await workspace.basis()).toMatchObject({ id: undefined, freshness: { checkedBy: 'scan' } });
    await workspace.watch();
    await workspace.clear();
    expect((await workspace.basis()).id).toBeUndefined();
  });

  it('is unknown when a file it is asked about was changed without an event, which the next answer shows', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'conexus-outside-'));
    onTestFinished(() => rmSync(outside, { recursive: true }));
    const workspace = await indexed(FILES);
    const other = join(outside, 'linked.ts');
    // The watched folder does not hear of what is written through another folder's name.
    linkSync(join(workspace.root, 'src/one.ts'), other);
    await workspace.watch();
    await workspace.search({ query: 'warm' });
    await expect.poll(async () => (await workspace.basis()).id).toBeDefined();
    writeFileSync(other, 'export function elderberry() {\n  return 10;\n}\n');
    expect((await workspace.basis({ paths: ['src/one.ts'] })).id).toBeUndefined();
    expect(await pathsFor(workspace, 'elderberry')).toEqual(['src/one.ts']);
  });

  it('is refused to who has given up', async () => {
    const workspace = await watched();
    await expect(workspace.basis({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
    // In the words of the caller, whose class is another one.
    const late = Object.assign(new Error('Too late'), { name: 'ConexusError', code: 'timeout' });
    await expect(workspace.basis({ signal: AbortSignal.abort(late) })).rejects.toBe(late);
  });
});
