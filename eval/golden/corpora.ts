/** The corpora of the golden queries: committed files, copied so that only their bytes and paths can matter. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectFiles, root } from '../../tools/checks/files.ts';

export type Corpus = 'fixtures' | 'own';

export const corpora: readonly Corpus[] = ['fixtures', 'own'];

const fixtures = 'eval/golden/fixtures/';

/** Copies a corpus into `target`. `own` has the sources and tools of this repository without their tests. */
export function copyCorpus(corpus: Corpus, target: string): void {
  for (const file of projectFiles()) {
    const relative = pathIn(corpus, file);
    if (relative === undefined) continue;
    const copy = join(target, relative);
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(join(root, file), copy);
  }
}

function pathIn(corpus: Corpus, file: string): string | undefined {
  if (corpus === 'fixtures') return file.startsWith(fixtures) ? file.slice(fixtures.length) : undefined;
  const source = /^(packages\/[^/]+\/(src|bin)|tools)\/.*\.(ts|js|cjs)$/.test(file);
  return source && !/\.test\.ts$|\/(fixtures|testing)\//.test(file) ? file : undefined;
}
