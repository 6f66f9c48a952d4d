/** Files whose names begin like one that is not there, for an error that says what may have been meant. */
import type { IndexView } from '../lexical/index-view.ts';
import type { FilePath } from '../model/file.ts';

const MAX_ALIKE = 8;
const MIN_NAME = 3;

export function filesAlike(view: IndexView, path: string): readonly FilePath[] {
  const name = nameOf(path).replace(/:.*$/, '').toLowerCase();
  if (name.length < MIN_NAME) return [];
  const stem = name.replace(/\.[a-z]+$/, '');
  const alike: FilePath[] = [];
  for (const file of view.files())
    if (nameOf(file.path).toLowerCase().startsWith(stem)) alike.push(file.path);
  return alike.slice(0, MAX_ALIKE).sort();
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
