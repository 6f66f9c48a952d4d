/** Terms of file paths -> files. Small enough to live in memory: a handful of terms per file. */
import type { FilePath } from '../model/file.ts';
import { identifierTerms, tokenize } from './tokenize.ts';

/** Where in the path a term stands; a file keeps the best place of each term. */
export const PATH_PLACES = ['folder', 'parent', 'stem'] as const;

export interface PathPostings {
  /** Ascending; removed files may still stand here, see `has`. */
  readonly files: readonly number[];
  /** Index in PATH_PLACES, by position of `files`. */
  readonly places: readonly number[];
  /** How many of `files` are live. */
  readonly live: number;
}

export interface PathIndex {
  /** `file` must be higher than any before. */
  add(file: number, path: FilePath): void;
  remove(file: number): void;
  lookup(term: string): PathPostings | undefined;
  /** Number of terms in the file's stem: a match of one of one says more than one of five. */
  stemLength(file: number): number;
  /** Removed files still stand in the postings; ask before counting one. */
  has(file: number): boolean;
  readonly size: number;
}

interface PostingList {
  files: number[];
  places: number[];
  live: number;
}

/** Postings of a term are cleaned of removed files when those are the larger part. */
const MIN_DEAD = 16;

export function createPathIndex(): PathIndex {
  const postings = new Map<string, PostingList>();
  const known = new Map<number, { readonly path: FilePath; readonly stemLength: number }>();
  const addTerm = (term: string, file: number, place: number) => {
    let list = postings.get(term);
    if (!list) postings.set(term, (list = { files: [], places: [], live: 0 }));
    const last = list.files.length - 1;
    if (list.files[last] === file) {
      list.places[last] = Math.max(list.places[last] as number, place);
      return;
    }
    list.files.push(file);
    list.places.push(place);
    list.live++;
  };
  const removeTerm = (term: string) => {
    const list = postings.get(term);
    if (!list) return;
    list.live--;
    if (list.live === 0) postings.delete(term);
    else if (list.files.length - list.live > Math.max(MIN_DEAD, list.live)) {
      const kept = [...list.files.keys()].filter((i) => known.has(list.files[i] as number));
      list.places = kept.map((i) => list.places[i] as number);
      list.files = kept.map((i) => list.files[i] as number);
    }
  };
  return {
    add(file, path) {
      known.set(file, {
        path,
        stemLength: forEachPathTerm(path, (term, place) => addTerm(term, file, place)),
      });
    },
    remove(file) {
      const removed = known.get(file);
      if (!removed) return;
      known.delete(file);
      const terms = new Set<string>();
      forEachPathTerm(removed.path, (term) => terms.add(term));
      terms.forEach(removeTerm);
    },
    lookup: (term) => postings.get(term),
    stemLength: (file) => known.get(file)?.stemLength ?? 1,
    has: (file) => known.has(file),
    get size() {
      return known.size;
    },
  };
}

/** Calls back with each term and its place, a term possibly several times; returns the number of terms in the stem. */
function forEachPathTerm(path: FilePath, visit: (term: string, place: number) => void): number {
  const folders = path.split('/');
  const base = folders.pop() ?? '';
  folders.forEach((folder, i) => {
    forEachTerm(folder, (term) => visit(term, i === folders.length - 1 ? 1 : 0));
  });
  let stemLength = 0;
  forEachTerm(base.replace(/(?<=.)\.[A-Za-z0-9]{1,8}$/, ''), (term, whole) => {
    if (!whole) stemLength++;
    visit(term, 2);
  });
  return Math.max(1, stemLength);
}

/** All terms of a path, as the index has them, repeats kept. */
export function pathTerms(path: FilePath): string[] {
  const terms: string[] = [];
  forEachPathTerm(path, (term) => terms.push(term));
  return terms;
}

interface NameTerm {
  readonly term: string;
  readonly whole: boolean;
}

/** Names of folders repeat with every file below them, and `index`, `mod` or `test` all over. Emptied when full. */
const termsOfName = new Map<string, readonly NameTerm[]>();
const MAX_NAMES = 20_000;

function forEachTerm(name: string, visit: (term: string, whole: boolean) => void): void {
  let terms = termsOfName.get(name);
  if (!terms) {
    if (termsOfName.size >= MAX_NAMES) termsOfName.clear();
    terms = splitName(name);
    termsOfName.set(name, terms);
  }
  for (const { term, whole } of terms) visit(term, whole);
}

function splitName(name: string): NameTerm[] {
  const terms: NameTerm[] = [];
  tokenize(name, {
    word: (term) => terms.push({ term, whole: false }),
    whole: (term) => terms.push({ term, whole: true }),
  });
  // `find-files` is two identifiers to the tokenizer, and one name to its author.
  if (/[-.]/.test(name)) {
    const joined = identifierTerms(name.replace(/[-.]+/g, '_')).whole;
    if (joined !== undefined) terms.push({ term: joined, whole: true });
  }
  return terms;
}
