/** Lines that hold a word as it is written, in files that are asked: the index says which may, the disk which do. */
import type { FileRecord, IndexView } from '../lexical/index-view.ts';
import type { PostingCache } from '../lexical/posting-cache.ts';
import { readPostings } from '../lexical/read-postings.ts';
import { termsOf } from '../lexical/tokenize.ts';
import type { FilePath } from '../model/file.ts';
import type { GrepHit } from '../model/search.ts';

export interface WordIndex {
  readonly view: IndexView;
  readonly cache: PostingCache;
  read(path: FilePath): { readonly hash: string; readonly lines: readonly string[] } | undefined;
}

export interface WordLines {
  readonly hits: readonly GrepHit[];
  readonly truncated: boolean;
}

export interface WordLimits {
  readonly files: number;
  readonly lines: number;
}

/** For a few examples. */
const FEW: WordLimits = { files: 200, lines: 20 };

/** In order of path and line. `word`: letters, digits, `_` and `$`. */
export async function findWord(
  index: WordIndex,
  word: string,
  accepts: (file: FileRecord) => boolean,
  limits = FEW,
): Promise<WordLines> {
  const { wholes, words } = termsOf(word);
  const term = wholes[0] ?? words[0];
  if (term === undefined) return { hits: [], truncated: false };
  const files = (await filesWith(index, term))
    .filter(accepts)
    .map(({ path }) => path)
    .sort();
  const hits: GrepHit[] = [];
  const isIn = wordTest(word);
  for (const path of files.slice(0, limits.files)) {
    const file = index.read(path);
    for (const [at, text] of (file?.lines ?? []).entries()) {
      if (!isIn(text)) continue;
      if (hits.length >= limits.lines) return { hits, truncated: true };
      const line = at + 1;
      hits.push({ path, start: line, end: line, line, lineText: text, hash: file?.hash ?? '' });
    }
  }
  return { hits, truncated: files.length > limits.files };
}

/** Whether a line has the word; `orPart`: also between underscores. `word`: letters, digits, `_` and `$`. */
export function wordTest(word: string, { orPart = false } = {}): (line: string) => boolean {
  const inner = orPart ? '[\\p{L}\\p{N}$]' : '[\\p{L}\\p{N}_$]';
  const pattern = new RegExp(`(?<!${inner})${word.replaceAll('$', '\\$')}(?!${inner})`, 'u');
  return (line) => line.includes(word) && pattern.test(line);
}

/** Files whose chunks have the term, in no order. */
export async function filesWith({ view, cache }: WordIndex, term: string): Promise<FileRecord[]> {
  const slots = new Set<number>();
  for (const { segment, postings } of (await readPostings(view, [term], cache)).get(term) ?? [])
    for (const doc of postings.docs) slots.add(segment.slotBase + (segment.blobOf[doc] as number));
  return [...slots].flatMap((slot) =>
    view
      .filesOfSlot(slot)
      .map((id) => view.fileById(id))
      .filter((file) => file !== undefined),
  );
}
