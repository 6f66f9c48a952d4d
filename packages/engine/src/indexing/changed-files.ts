/** What a walk of the tree found to differ from what is indexed, by stamps alone; nothing is read. */
import type { IndexView } from '../lexical/index-view.ts';
import { type FileEntry, type FilePath, sameStamp } from '../model/file.ts';
import { skipByPath } from '../model/skip-rules.ts';
import type { Source } from '../ports/source.ts';
import { stampText } from './batch.ts';

/**
 * New files, files with another stamp and files that are gone.
 *
 * @param leftOut Stamps of files that are not indexed for what they hold: with the same stamp they still are not.
 */
export function changedFiles(
  walked: readonly FileEntry[],
  view: IndexView,
  leftOut: ReadonlyMap<FilePath, string>,
  maxFileBytes: number,
): readonly FilePath[] {
  const changed: FilePath[] = [];
  const present = new Uint8Array(view.paths.limit);
  for (const { path, stamp } of walked) {
    const file = view.file(path);
    if (file) present[file.id] = 1;
    if (file && sameStamp(file.stamp, stamp)) continue;
    const isLeftOut =
      skipByPath(path, stamp.size, maxFileBytes) !== undefined ||
      (leftOut.size > 0 && leftOut.get(path) === stampText(stamp));
    if (file || !isLeftOut) changed.push(path);
  }
  for (const file of view.files()) if (present[file.id] === 0) changed.push(file.path);
  return changed;
}

/** A folder that went away is one event, and many files: those that lie below paths which are neither a file here nor on disk. */
export function filesOfGoneFolders(
  paths: Iterable<FilePath>,
  view: IndexView,
  source: Pick<Source, 'stamp'>,
): readonly FilePath[] {
  const gone = [...paths]
    .filter((path) => !view.file(path) && source.stamp(path) === undefined)
    .map((path) => `${path}/`);
  if (gone.length === 0) return [];
  return [...view.files()]
    .map(({ path }) => path)
    .filter((path) => gone.some((prefix) => path.startsWith(prefix)));
}
