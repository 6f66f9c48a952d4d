/** A repository whose history says why, and what is read of answers about it. Not part of the engine. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { git } from '../../adapters/sources/testing/temp-tree.ts';
import type { Workspace } from '../../engine.ts';
import { contentHash } from '../../indexing/batch.ts';
import type { RelatedAnswer, RelatedRequest, RelatedSectionName } from '../../model/related.ts';
import { commit, repository, testEngine } from '../../testing/open-workspace.ts';

export const RETRY = `/** Waits and tries again. */
export function retryLater(attempts: number): number {
  return attempts * 2;
}

export function giveUp(): void {}
`;
export const FILES = {
  'src/net/retry.ts': RETRY,
  'src/net/fetch.ts':
    "import { retryLater } from './retry.ts';\nexport function fetchAll() {\n  return retryLater(3);\n}\n",
  'src/net/retry.test.ts':
    "import { retryLater } from './retry.ts';\ntest('waits', () => {\n  retryLater(1);\n});\n",
  'docs/guide.md': '# Guide\n\nCall `retryLater` when the net is down, see src/net/retry.ts.\n',
  'docs/adr/0007-retry.md':
    '# 7. Wait longer each time\n\nStatus: accepted\n\nDate: 2024-02-03\n\nIn `src/net/retry.ts` each wait doubles.\n',
  'docs/adr/0008-net.md': '# 8. One door to the net\n\nEvery retry of the net goes through one door.\n',
  'docs/adr/0009-colour.md': '# 9. Colours\n\nBlue.\n',
};

/** A repository whose history says why: a merged pull request, a ticket, a rename. */
export async function shop() {
  const root = repository(FILES, 'Begin');
  git(root, 'checkout', '-q', '-b', 'longer');
  commit(
    root,
    {
      'src/net/retry.ts': RETRY.replace('* 2', '* 3'),
      'src/net/retry.test.ts': `${FILES['src/net/retry.test.ts']}// more\n`,
    },
    'Wait longer\n\nFixes #41',
  );
  git(root, 'checkout', '-q', 'main');
  commit(root, { 'docs/guide.md': `${FILES['docs/guide.md']}\nMore.\n` }, 'Guide');
  git(root, 'merge', '-q', '--no-ff', '-m', 'Merge pull request #42 from me/longer', 'longer');
  commit(
    root,
    {
      'src/net/retry.ts': readFileSync(join(root, 'src/net/retry.ts'), 'utf8').replace(
        'giveUp(): void {}',
        'giveUp(): void {\n  // see #43\n}',
      ),
      'src/net/retry.test.ts': `// anew\n${FILES['src/net/retry.test.ts']}`,
    },
    'Give up cleanly',
  );
  const workspace = await (await testEngine()).openWorkspace(root);
  await workspace.index();
  return { root, workspace };
}

/** `id | reasons` of each entry of a section, hashes as subjects. */
export function rows(root: string, answer: RelatedAnswer, name: RelatedSectionName): string[] {
  const subject = (hash: string) => git(root, 'show', '-s', '--format=%s', hash).trim();
  const section = answer.sections.find((one) => one.name === name);
  return (section?.entries ?? []).map(
    ({ id, reasons }) =>
      `${/^[0-9a-f]{40}$/.test(id) ? subject(id) : id} | ${reasons.join('; ').replace(/\b[0-9a-f]{10}\b/g, (hash) => `<${subject(hash)}>`)}`,
  );
}

/** Every place is what the disk says, every commit is there. */
export function proveAll(root: string, { sections, target }: RelatedAnswer): number {
  let places = 0;
  for (const { entries } of sections) {
    for (const { place, commit: made, text } of entries) {
      expect(place ?? made).toBeDefined();
      if (made) expect(git(root, 'cat-file', '-t', made.hash).trim()).toBe('commit');
      if (!place) continue;
      places++;
      const bytes = readFileSync(join(root, place.path));
      expect(contentHash(bytes)).toBe(place.hash);
      if (text !== undefined && place.start !== undefined)
        expect(bytes.toString().split('\n')[place.start - 1]).toContain(text.split('\n')[0]);
    }
  }
  if (target.place) expect(contentHash(readFileSync(join(root, target.place.path)))).toBe(target.place.hash);
  return places;
}

export async function errorOf(workspace: Workspace, request: RelatedRequest) {
  return workspace.related(request).then(
    () => 'no error',
    (error: { code: string; message: string; advice: string }) =>
      `${error.code}: ${error.message} ${error.advice}`,
  );
}
