/** Larger trees than any one corpus, made of several beside each other and of copies with changed contents. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchContext } from './context.ts';
import { copyTree, filesBelow } from './corpora.ts';

export interface Tree {
  readonly root: string;
  readonly files: number;
  readonly megabytes: number;
}

/** One checkout per repository, largest first: several commits of one repository hold mostly the same files. */
export function repositories(corpora: string): string[] {
  const byName = new Map<string, string>();
  for (const folder of readdirSync(corpora).sort())
    byName.set(folder.split('@')[0] as string, join(corpora, folder));
  return [...byName.values()]
    .map((root) => ({ root, bytes: filesBelow(root).reduce((sum, file) => sum + file.bytes, 0) }))
    .sort((a, b) => b.bytes - a.bytes)
    .map(({ root }) => root);
}

/** Copies repositories until there are `files` files or `megabytes` MB, again with changed contents when all are used. */
export function makeTree(
  context: BenchContext,
  name: string,
  limit: { files?: number; megabytes?: number },
): Tree {
  const root = join(context.work, name);
  const sources = repositories(context.corpora);
  let files = 0;
  let bytes = 0;
  for (let i = 0; i < sources.length * 40; i++) {
    const copy = Math.floor(i / sources.length);
    const left = (limit.files ?? Number.POSITIVE_INFINITY) - files;
    const copied = copyTree(
      sources[i % sources.length] as string,
      join(root, `copy${copy}`, `p${i % sources.length}`),
      copy,
      left,
    );
    files += copied.length;
    bytes += copied.reduce((sum, file) => sum + file.bytes, 0);
    if (
      files >= (limit.files ?? Number.POSITIVE_INFINITY) ||
      bytes >= (limit.megabytes ?? Number.POSITIVE_INFINITY) * 1e6
    )
      break;
  }
  context.log(`${name}: ${files} files, ${Math.round(bytes / 1e6)} MB copied`);
  return { root, files, megabytes: bytes / 1e6 };
}
