/** Searches for a quoted string or a pattern when ripgrep does not do its part. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openGitHistory } from '../adapters/history/git-history.ts';
import { tempTree } from '../adapters/sources/testing/temp-tree.ts';
import { openEngineWith } from '../open-engine.ts';
import { indexed, repository, tempHome, testEngine } from '../testing/open-workspace.ts';

const FILES = { 'src/one.ts': 'export const apricot = "ripe and sweet";\n' };

async function workspaceWith(ripgrep: string) {
  const engine = await openEngineWith({ home: tempHome(), workers: 1 }, { history: openGitHistory, ripgrep });
  onTestFinished(() => engine.close());
  const workspace = await engine.openWorkspace(repository(FILES));
  await workspace.index();
  return workspace;
}

it('without ripgrep the words are searched, and the answer says so; grep alone fails', async () => {
  const workspace = await workspaceWith(join(tempTree(), 'no-such-rg'));
  const { hits, notes } = await workspace.search({ query: '"ripe and sweet"' });
  expect(hits.map(({ path }) => path)).toEqual(['src/one.ts']);
  expect(notes.join(' ')).toContain('ripgrep cannot be started');
  const located = await workspace.locate({ task: '/ripe.*sweet/' });
  expect(located.notes.join(' ')).toContain('ripgrep cannot be started');
  await expect(workspace.grep({ pattern: 'ripe' })).rejects.toMatchObject({ code: 'ripgrep_missing' });
});

it.skipIf(process.platform === 'win32')('a search that waits for ripgrep ends with its caller', async () => {
  const script = join(tempTree(), 'slow-rg');
  writeFileSync(script, '#!/bin/sh\nexec /bin/sleep 60\n');
  chmodSync(script, 0o755);
  const workspace = await workspaceWith(script);
  await workspace.search({ query: 'apricot' });
  const started = performance.now();
  const search = workspace.search({ query: '"ripe and sweet"' }, { signal: AbortSignal.timeout(200) });
  await expect(search).rejects.toMatchObject({ code: 'cancelled' });
  expect(performance.now() - started).toBeLessThan(4_000);
});

it('what no filter lets through takes nothing of the limit: the last file of thousands of lines is found', async () => {
  const noise = Object.fromEntries(
    Array.from({ length: 4 }, (_, i) => [`docs/${i}.md`, 'the ripe plum\n'.repeat(3_000)]),
  );
  const workspace = await indexed({ ...noise, 'src/plum.ts': 'export const plum = "the ripe plum";\n' });
  const languages = { filter: { languages: ['typescript'] } };
  const { hits, truncated } = await workspace.grep({ pattern: 'ripe plum', limit: 2, ...languages });
  expect({ paths: hits.map(({ path }) => path), truncated }).toEqual({
    paths: ['src/plum.ts'],
    truncated: false,
  });
  const search = await workspace.search({ query: '"the ripe plum"', explain: true, ...languages });
  expect(search.hits[0]?.terms?.map(({ name }) => name)).toContain('exact');
  expect(search.notes).toEqual(['1 line holds it, in 1 file; no other is a result.']);
  const one = await workspace.grep({ pattern: 'ripe plum', limit: 10_000, filter: { paths: ['docs/0.md'] } });
  expect([one.hits.length, one.truncated]).toEqual([3_000, false]);
});

it('its own files are no part of a root that they lie in', async () => {
  const root = repository({ 'src/plum.ts': 'export const plum = 1;\n' });
  const engine = await testEngine({ home: join(root, '.cache/conexus') });
  const workspace = await engine.openWorkspace(root);
  await workspace.index();
  await workspace.search({ query: 'plum' });
  expect((await workspace.files()).map(({ path }) => path)).toEqual(['src/plum.ts']);
  expect((await workspace.grep({ pattern: 'family' })).hits).toEqual([]);
});

it('a filter that lets no file pass is named, not what else was asked', async () => {
  const workspace = await indexed({
    'src/plum.ts': 'export const plum = "the ripe plum";\n',
    'a.md': '# Plum\n',
  });
  const notes = async (filter: object) => {
    const [found, located, lines] = await Promise.all([
      workspace.search({ query: 'plum', filter }),
      workspace.locate({ task: 'the plum is not ripe', filter }),
      workspace.grep({ pattern: 'plum', filter }),
    ]);
    expect([located.notes, lines.notes]).toEqual([found.notes, found.notes]);
    return found.notes.join(' ');
  };
  expect(await notes({ languages: ['klingon'] })).toBe(
    'No indexed file is in klingon; there are markdown, typescript.',
  );
  expect(await notes({ kinds: ['test'] })).toBe('No indexed file is of the kind test.');
  expect(await notes({ paths: ['lib', 'lib/**', '!src'] })).toContain('No indexed file matches lib: paths');
  expect(await notes({ paths: ['*.md'], languages: ['typescript'] })).toBe(
    'No indexed file passes these filters together.',
  );
  expect(await notes({ paths: ['src', 'lib'] })).toBe('');
  const foreign = await workspace.search({ query: '修复重定向' });
  expect(foreign.notes.join(' ')).toMatch(
    /^No indexed file has any of these words. Ask in the language of the code/,
  );
  expect((await workspace.locate({ task: '修复重定向' })).notes).toEqual(foreign.notes);
});
