import { describe, expect, it } from 'vitest';
import { openGitHistory } from '../adapters/history/git-history.ts';
import { git, tempTree } from '../adapters/sources/testing/temp-tree.ts';
import { openMemoryStore } from '../adapters/stores/memory-store.ts';
import { commit, repository } from '../testing/open-workspace.ts';
import { openWorkspaceHistory } from './history.ts';

const headOf = (root: string) => git(root, 'rev-parse', 'HEAD').trim();
const terms = (text: string) => text.split(' ').map((term) => ({ term, weight: 1 }));

describe('the history of a workspace', () => {
  it('is that of HEAD, and follows it', async () => {
    const root = repository({ 'a.ts': '1' }, 'Add cookies');
    const history = openWorkspaceHistory(openGitHistory(root), openMemoryStore(), '');
    expect(history.state).toBe('none');
    await history.ready();
    expect(history).toMatchObject({ state: 'ready', repository: { branch: 'main', head: headOf(root) } });
    expect(history.commits?.count).toBe(1);
    commit(root, { 'b.ts': '2' }, 'Add router');
    await history.ready();
    expect([...(history.commits?.votes(terms('router')).keys() ?? [])]).toEqual(['b.ts']);
    git(root, 'checkout', '-q', '-b', 'side', 'HEAD~1');
    await history.ready();
    expect(history.commits?.votes(terms('router')).size).toBe(0);
    expect(history.repository?.branch).toBe('side');
    await history.close();
  });

  it('is taken from the store when it is there, and made anew when what is there is damaged', async () => {
    const root = repository({ 'a.ts': '1' }, 'Add cookies');
    const store = openMemoryStore();
    const first = openWorkspaceHistory(openGitHistory(root), store, '');
    await first.ready();
    await first.close();
    const name = `commits::${headOf(root)}`;
    const stored = await store.readAsset(name);
    expect(stored?.length).toBeGreaterThan(0);
    for (const damaged of [
      stored as Uint8Array,
      (stored as Uint8Array).slice(0, 30),
      new Uint8Array([1, 2, 3]),
      new Uint8Array(),
    ]) {
      await store.writeAsset(name, damaged);
      const again = openWorkspaceHistory(openGitHistory(root), store, '');
      await again.ready();
      expect(again.commits?.count).toBe(1);
      await again.close();
    }
  });

  it('keeps the commits of a few heads only', async () => {
    const root = repository({ 'a.ts': '0' });
    const store = openMemoryStore();
    const heads: string[] = [];
    for (let i = 0; i < 8; i++) {
      commit(root, { 'a.ts': `${i}` }, `Change ${i}`);
      heads.push(headOf(root));
      // As a process that starts, asks and ends.
      const history = openWorkspaceHistory(openGitHistory(root), store, '');
      await history.ready();
      await history.close();
    }
    const sizes = await Promise.all(
      heads.map(async (head) => (await store.readAsset(`commits::${head}`))?.length ?? 0),
    );
    expect(sizes.map((size) => size > 0)).toEqual([false, false, false, false, true, true, true, true]);
  });

  it('of a new head is made of what is new, and is what reading all of it gives', async () => {
    const root = repository({ 'a.ts': '0' }, 'Begin with cookies');
    const store = openMemoryStore();
    for (let i = 0; i < 5; i++) commit(root, { [`src/m${i}.ts`]: `${i}` }, `Add router part ${i}`);
    const git_ = openGitHistory(root);
    const asked: (number | string)[] = [];
    const counting = {
      ...git_,
      commits(options: Parameters<typeof git_.commits>[0]) {
        asked.push(options.until === undefined ? 'all' : 'new');
        return git_.commits(options);
      },
    };
    /** Votes by path of the stored and extended index, and of one made from nothing. */
    const compare = async () => {
      const [ours, anew] = [
        openWorkspaceHistory(counting, store, ''),
        openWorkspaceHistory(openGitHistory(root), openMemoryStore(), ''),
      ];
      await Promise.all([ours.ready(), anew.ready()]);
      for (const text of ['router', 'cookies', 'side parser', 'part 3 begin']) {
        const [a, b] = [ours, anew].map(({ commits }) => [...(commits?.votes(terms(text)) ?? [])].sort());
        expect([text, a]).toEqual([text, b]);
      }
      expect(ours.commits?.count).toBe(anew.commits?.count);
      expect(ours.commits?.head).toBe(headOf(root));
      await Promise.all([ours.close(), anew.close()]);
    };
    await compare();
    commit(root, { 'src/cookie.ts': '1' }, 'Parse cookies');
    await compare();
    await compare();
    git(root, 'checkout', '-q', '-b', 'side', 'HEAD~4');
    commit(root, { 'src/parser.ts': '1' }, 'A parser on the side');
    await compare();
    git(root, 'checkout', '-q', 'main');
    await compare();
    git(root, 'reset', '-q', '--hard', 'HEAD~2');
    await compare();
    expect(asked.filter((what) => what === 'all')).toHaveLength(1);
    // A base that is damaged is made again.
    await store.writeAsset('commits-base:', new Uint8Array([1, 2, 3]));
    commit(root, { 'src/late.ts': '1' }, 'Late router');
    await compare();
    expect(asked.filter((what) => what === 'all')).toHaveLength(2);
  });

  it('outside a repository, or without a commit, is none', async () => {
    const empty = tempTree();
    git(empty, 'init', '-q');
    for (const root of [tempTree({ 'a.ts': '1' }), empty]) {
      const history = openWorkspaceHistory(openGitHistory(root), openMemoryStore(), '');
      await history.ready();
      expect([history.state, history.commits]).toEqual(['none', undefined]);
      await history.close();
    }
  });
});
