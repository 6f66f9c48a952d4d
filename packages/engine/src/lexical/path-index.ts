/** Terms of file paths -> files. Small enough to live in memory: a handful of terms per file. */
import type { FilePath } from '../model/file.ts';
import { identifierTerms, tokenize } from './tokenize.ts';

/** Where in the path a term stands; a file keeps the best place of each term. */
export const PATH_PLACES = ['folder', 'parent', 'stem'] as const;
export type PathPlace = (typeof PATH_PLACES)[number];

export interface PathPostings {
  readonly files: readonly number[];
  /** Index in PATH_PLACES, by position of `files`. */
  readonly places: readonly number[];
}

export interface PathIndex {
  add(file: number, path: FilePath): void;
  remove(file: number): void;
  lookup(term: string): PathPostings | undefined;
  /** Number of terms in the file's stem: a match of one of one says more than one of five. */
  stemLength(file: number): number;
  /** Removed files still stand in the postings; ask before counting one. */
  has(file: number): boolean;
  readonly size: number;
}

export function createPathIndex(): PathIndex {
  const postings = new Map<string, { files: number[]; places: number[] }>();
  const stemLengths = new Map<number, number>();
  const addTerm = (term: string, file: number, place: number) => {
    let list = postings.get(term);
    if (!list) postings.set(term, (list = { files: [], places: [] }));
    const last = list.files.length - 1;
    if (list.files[last] === file) {
      list.places[last] = Math.max(list.places[last] as number, place);
      return;
    }
    list.files.push(file);
    list.places.push(place);
  };
  return {
    add(file, path) {
      const segments = path.split('/');
      const base = segments.pop() ?? '';
      const stem = base.replace(/(?<=.)\.[A-Za-z0-9]{1,8}$/, '');
      segments.forEach((segment, i) => {
        const place = i === segments.length - 1 ? 1 : 0;
        forEachTerm(segment, (term) => addTerm(term, file, place));
      });
      let stemLength = 0;
      forEachTerm(stem, (term, whole) => {
        if (!whole) stemLength++;
        addTerm(term, file, 2);
      });
      stemLengths.set(file, Math.max(1, stemLength));
    },
    remove(file) {
      stemLengths.delete(file);
    },
    lookup: (term) => postings.get(term),
    stemLength: (file) => stemLengths.get(file) ?? 1,
    has: (file) => stemLengths.has(file),
    get size() {
      return stemLengths.size;
    },
  };
}

function forEachTerm(text: string, visit: (term: string, whole: boolean) => void): void {
  tokenize(text, { word: (term) => visit(term, false), whole: (term) => visit(term, true) });
  // `find-files` is two identifiers to the tokenizer, and one name to its author.
  if (/[-.]/.test(text)) {
    const joined = identifierTerms(text.replace(/[-.]+/g, '_')).whole;
    if (joined !== undefined) visit(joined, true);
  }
}
