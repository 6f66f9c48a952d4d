/** Files that a text names outright, by whole path or by the end of one. */
import type { FileRecord, IndexView } from '../lexical/index-view.ts';
import type { PathMention } from './mentions.ts';
import { nearTheError } from './near-the-error.ts';

/** A bare file name that fits more files than this names none of them. */
const MAX_FILES_PER_MENTION = 12;

export function mentionScores(
  view: IndexView,
  mentions: readonly PathMention[],
  text: string,
): { readonly mention: Map<number, number>; readonly trace: Map<number, number> } {
  const mention = new Map<number, number>();
  const trace = new Map<number, number>();
  if (mentions.length === 0) return { mention, trace };
  const files = filesNamed(
    view,
    mentions.map(({ path }) => path),
  );
  const weightOf = nearTheError(text);
  mentions.forEach(({ path, inTrace }, position) => {
    const fits = files(path);
    if (fits.length === 0 || fits.length > MAX_FILES_PER_MENTION) return;
    const place = inTrace ? weightOf(position, mentions.length) : 1;
    const scores = inTrace ? trace : mention;
    for (const { id } of fits) scores.set(id, Math.max(scores.get(id) ?? 0, place / Math.sqrt(fits.length)));
  });
  return { mention, trace };
}

/** Path as a text has it -> the files that share most of its end. */
export function filesNamed(
  view: IndexView,
  paths: readonly string[],
): (path: string) => readonly FileRecord[] {
  const byName = filesByName(view, new Set(paths.map(nameOf)));
  return (path) => bestFits(path, byName.get(nameOf(path)) ?? []);
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

function filesByName(view: IndexView, names: ReadonlySet<string>): Map<string, FileRecord[]> {
  const found = new Map<string, FileRecord[]>();
  for (const name of names) {
    const candidates = view.paths.named(name)?.map((id) => view.fileById(id)) ?? view.files();
    const files: FileRecord[] = [];
    for (const file of candidates) if (file && nameOf(file.path) === name) files.push(file);
    if (files.length > 0) found.set(name, files);
  }
  return found;
}

/** Files that share the most trailing path segments with the mention. */
function bestFits(path: string, files: readonly FileRecord[]): FileRecord[] {
  let best = 0;
  let fits: FileRecord[] = [];
  for (const file of files) {
    const shared = sharedTail(path.split('/'), file.path.split('/'));
    if (shared > best) {
      best = shared;
      fits = [];
    }
    if (shared === best && shared > 0) fits.push(file);
  }
  return fits;
}

/** How many segments two paths have in common at their ends. */
export function sharedTail(a: readonly string[], b: readonly string[]): number {
  let shared = 0;
  while (shared < Math.min(a.length, b.length) && a.at(-1 - shared) === b.at(-1 - shared)) shared++;
  return shared;
}
