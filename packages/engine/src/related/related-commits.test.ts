/** A commit as the target: what belongs to it. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { git } from '../adapters/sources/testing/temp-tree.ts';
import type { RelatedSectionName } from '../model/related.ts';
import { commit, repository, testEngine } from '../testing/open-workspace.ts';

import { errorOf, proveAll, RETRY, rows, shop } from './testing/shop.ts';

describe('what belongs to a commit', () => {
  const hashOf = (root: string, subject: string) =>
    git(root, 'log', '-1', '--format=%H', `--grep=^${subject}`).trim();

  it('what it changed, the tests of that, the tickets it names, and what names it', async () => {
    const { root, workspace } = await shop();
    const hash = hashOf(root, 'Wait longer');
    const again = {
      'src/net/retry.ts': RETRY,
      'docs/adr/0010-short.md': `# 10. Wait less\n\nTakes ${hash.slice(0, 9)} back.\n`,
    };
    commit(root, again, `Revert "Wait longer"\n\nThis reverts commit ${hash}.`);
    commit(root, {}, `Unrelated 0${hash.slice(0, 8)}`);
    for (const asked of [hash, hash.slice(0, 7), hash.slice(0, 12).toUpperCase()]) {
      const answer = await workspace.related({ target: asked });
      const of = (name: RelatedSectionName) => rows(root, answer, name);
      expect(answer.target).toEqual({ kind: 'commit', name: hash.slice(0, 10) });
      expect(of('commits')).toEqual([
        'Wait longer | it changed 2 files',
        `Revert "Wait longer" | names ${hash.slice(0, 10)}; it changed 2 files`.replace(
          hash.slice(0, 10),
          '<Wait longer>',
        ),
      ]);
      expect(of('tickets')).toEqual([
        '#41 | issue; named by <Wait longer>',
        '#42 | pull request; named by <Wait longer> (by its merge <Merge pull request #42 from me/longer>)',
      ]);
      expect(of('co_changed')).toEqual([
        'src/net/retry.test.ts | changed by it',
        'src/net/retry.ts | changed by it',
      ]);
      expect(of('tests')).toEqual(['src/net/retry.test.ts | changed by it']);
      expect(of('decisions')).toEqual(['docs/adr/0010-short.md | names it in line 3']);
      expect(proveAll(root, answer)).toBeGreaterThan(3);
    }
  });

  it('says which files are not there any more, and finds tests that are named after what it changed', async () => {
    const root = repository({ 'rate.ts': 'export const a = 1;\n', 'b.ts': '', 'rate.test.ts': '' }, 'Begin');
    commit(root, { 'rate.ts': 'export const a = 2;\n', 'b.ts': '// b\n' }, 'Change both');
    rmSync(join(root, 'b.ts'));
    commit(root, {}, 'Remove b');
    const workspace = await (await testEngine()).openWorkspace(root);
    await workspace.index();
    const answer = await workspace.related({ target: hashOf(root, 'Change both') });
    expect(rows(root, answer, 'co_changed')).toEqual([
      'b.ts | changed by it; not there any more, or not indexed',
      'rate.ts | changed by it',
    ]);
    expect(rows(root, answer, 'tests')).toEqual(['rate.test.ts | named after rate.ts, which it changed']);
    // A definition of such a name is meant before a commit.
    writeFileSync(join(root, 'c.ts'), 'export function deadbeef() {}\n');
    expect((await workspace.related({ target: 'deadbeef' })).target.kind).toBe('symbol');
  });

  it('a hash that no commit has is said to be that', async () => {
    const { workspace } = await shop();
    expect(await errorOf(workspace, { target: '0123456789abcdef' })).toContain(
      'no ticket and no commit of this repository, or several begin so',
    );
    expect(await errorOf(workspace, { target: 'abc12' })).toContain('no ticket and no commit.');
  });
});
