/**
 * Writes files of a past commit into a folder of our own, for an index of the code as it was then. Plain bytes of plain files:
 * no links, no modes, no filters. Never writes outside the folder, nor into the repository. Must not know what an index is.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConexusError } from '../../model/errors.ts';
import type { FilePath } from '../../model/file.ts';
import { skipByPath } from '../../model/skip-rules.ts';
import { resolveInside } from '../sources/resolve-inside.ts';
import { storeError } from '../stores/sqlite/errors.ts';
import type { GitObjects, TreeFile } from './git-objects.ts';

export interface WriteTreeOptions {
  /** Larger files are left out, as indexing leaves them out. */
  readonly maxFileBytes: number;
  /** All files together. */
  readonly maxBytes: number;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface WrittenTree {
  readonly files: number;
  readonly bytes: number;
  /** Files whose bytes the clone does not have (a partial clone), or that this disk cannot hold under their name. */
  readonly missing: number;
}

/**
 * `folder` exists, is empty, and is an absolute real path.
 * @throws ConexusError invalid_argument (too large), store_full, store_unwritable, cancelled
 */
export async function writeTree(
  objects: Pick<GitObjects, 'sizes' | 'blobs'>,
  tree: readonly TreeFile[],
  folder: string,
  options: WriteTreeOptions,
): Promise<WrittenTree> {
  // By name first: the size of what is never indexed need not be looked up.
  const named = tree.filter((file) => skipByPath(file.path, 0) === undefined);
  const sizes = await objects.sizes([...new Set(named.map((file) => file.blob))]);
  const sizeOf = (file: TreeFile) => sizes.get(file.blob) ?? 0;
  const wanted = named.filter((file) => sizeOf(file) <= options.maxFileBytes);
  const total = wanted.reduce((sum, file) => sum + sizeOf(file), 0);
  if (total > options.maxBytes) throw tooLarge(total, options.maxBytes);

  const paths = Map.groupBy(wanted, (file) => file.blob);
  const folders = new Set<string>();
  let files = 0;
  let bytes = 0;
  for await (const { blob, bytes: content } of objects.blobs([...paths.keys()])) {
    for (const { path } of paths.get(blob) ?? []) {
      if (!writeFile(folder, path, content, folders)) continue;
      files += 1;
      bytes += content.length;
      options.onProgress?.(files, wanted.length);
    }
  }
  return { files, bytes, missing: wanted.length - files };
}

/** What the names of a tree may lead to on a disk that folds case, or in a tree made by hand: two entries, one place. */
const NAME_TROUBLE = new Set(['EEXIST', 'EISDIR', 'ENOTDIR', 'ENAMETOOLONG', 'EINVAL', 'EILSEQ', 'ENOENT']);

/** False when the file cannot have this name here. */
function writeFile(root: string, path: FilePath, content: Uint8Array, folders: Set<string>): boolean {
  try {
    const absolute = resolveInside(root, path);
    const folder = dirname(absolute);
    if (!folders.has(folder)) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      folders.add(folder);
    }
    writeFileSync(absolute, content, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof ConexusError && error.code === 'path_outside_root') return false;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (NAME_TROUBLE.has(code)) return false;
    throw storeError(error, root);
  }
}

function tooLarge(bytes: number, limit: number): ConexusError {
  const inMiB = (value: number) => `${Math.round(value / 2 ** 20)} MiB`;
  return new ConexusError(
    'invalid_argument',
    `The files of that commit take ${inMiB(bytes)}; at most ${inMiB(limit)} are copied.`,
    'Evaluate a part of the repository: give one of its folders with --root.',
  );
}
