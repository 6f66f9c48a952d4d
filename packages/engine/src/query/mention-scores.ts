/** Files that a text names outright, by whole path or by the end of one. */
import type { IndexView } from '../lexical/index-view.ts';
import type { PathMention } from './mentions.ts';

/** A bare file name that fits more files than this names none of them. */
const MAX_FILES_PER_MENTION = 12;

export function mentionScores(
  view: IndexView,
  mentions: readonly PathMention[],
): { readonly mention: Map<number, number>; readonly trace: Map<number, number> } {
  const mention = new Map<number, number>();
  const trace = new Map<number, number>();
  if (mentions.length === 0) return { mention, trace };
  const byName = filesByName(view, new Set(mentions.map(({ path }) => nameOf(path))));
  mentions.forEach(({ path, inTrace }, position) => {
    const fits = bestFits(path, byName.get(nameOf(path)) ?? []);
    if (fits.length === 0 || fits.length > MAX_FILES_PER_MENTION) return;
    // The innermost frame stands last in Python, first elsewhere; both ends are near the error.
    const fromEnd = mentions.length - 1 - position;
    const place = inTrace ? 1 / (1 + 0.15 * Math.min(position, fromEnd)) : 1;
    const scores = inTrace ? trace : mention;
    for (const file of fits)
      scores.set(file, Math.max(scores.get(file) ?? 0, place / Math.sqrt(fits.length)));
  });
  return { mention, trace };
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

function filesByName(
  view: IndexView,
  names: ReadonlySet<string>,
): Map<string, { id: number; path: string }[]> {
  const found = new Map<string, { id: number; path: string }[]>();
  for (const name of names) {
    const candidates = view.paths.named(name)?.map((id) => view.fileById(id)) ?? view.files();
    const files: { id: number; path: string }[] = [];
    for (const file of candidates) if (file && nameOf(file.path) === name) files.push(file);
    if (files.length > 0) found.set(name, files);
  }
  return found;
}

/** Files that share the most trailing path segments with the mention. */
function bestFits(path: string, files: readonly { id: number; path: string }[]): number[] {
  let best = 0;
  let fits: number[] = [];
  for (const file of files) {
    const shared = sharedTail(path.split('/'), file.path.split('/'));
    if (shared > best) {
      best = shared;
      fits = [];
    }
    if (shared === best && shared > 0) fits.push(file.id);
  }
  return fits;
}

/** How many segments two paths have in common at their ends. */
export function sharedTail(a: readonly string[], b: readonly string[]): number {
  let shared = 0;
  while (shared < Math.min(a.length, b.length) && a.at(-1 - shared) === b.at(-1 - shared)) shared++;
  return shared;
}
