/** Terms of file paths -> files. Small enough to live in memory: a handful of terms per file. */
import type { FilePath } from '../model/file.ts';
import { identifierTerms, tokenize } from './tokenize.ts';

/** Where in the path a term stands; a file keeps the best place of each term. */
export const PATH_PLACES = ['folder', 'parent', 'stem'] as const;

export interface PathPostings {
  /** Live files, ascending. */
  readonly files: readonly number[];
  /** Index in PATH_PLACES, by position of `files`. */
  readonly places: readonly number[];
  readonly live: number;
}

/** The same in buffers of the index, valid until the next call: files with the term in their stem first. */
export interface PathMatches {
  readonly count: number;
  readonly files: Int32Array;
  readonly places: Uint8Array;
}

export interface PathIndex {
  /** `file` must be higher than any before. */
  add(file: number, path: FilePath): void;
  remove(file: number): void;
  lookup(term: string): PathPostings | undefined;
  match(term: string): PathMatches;
  /** Files that may have this name, removed ones among them: those with its rarest term. undefined: any may. */
  named(base: string): readonly number[] | undefined;
  /** Number of terms in the file's stem: a match of one of one says more than one of five. */
  stemLength(file: number): number;
  has(file: number): boolean;
  /** Numbers of files are lower than this. */
  readonly limit: number;
  readonly size: number;
}

/** File numbers, ascending; those of removed files stand among them until they are the larger part. */
interface FileList {
  files: number[];
  live: number;
}

interface Folder extends FileList {
  readonly path: FilePath;
  /** Term -> its best place among the folders on the way. */
  readonly terms: ReadonlyMap<string, number>;
}

interface KnownFile {
  readonly folder: Folder;
  readonly stem: string;
  readonly stemLength: number;
}

const MIN_DEAD = 16;

/**
 * Terms of folders are kept by folder: files far outnumber folders, and each has all the terms of its folder. What a file
 * has of its own are the terms of its stem.
 */
export function createPathIndex(): PathIndex {
  const folders = createFolders();
  const byStemTerm = new Map<string, FileList>();
  const known: (KnownFile | undefined)[] = [];
  const isKnown = (file: number) => known[file] !== undefined;
  const match = createMatcher(byStemTerm, folders.withTerm, known);
  let size = 0;
  return {
    add(file, path) {
      const slash = path.lastIndexOf('/');
      const folder = folders.at(slash < 0 ? '' : path.slice(0, slash));
      const stem = stemOf(path.slice(slash + 1));
      let stemLength = 0;
      for (const { term, whole } of termsOf(stem)) {
        if (!whole) stemLength++;
        const list = byStemTerm.get(term);
        if (!list) byStemTerm.set(term, { files: [file], live: 1 });
        else if (list.files[list.files.length - 1] !== file) append(list, file);
      }
      append(folder, file);
      known[file] = { folder, stem, stemLength: Math.max(1, stemLength) };
      size++;
    },
    remove(file) {
      const removed = known[file];
      if (!removed) return;
      known[file] = undefined;
      size--;
      const terms = new Set<string>();
      forEachTerm(removed.stem, (term) => terms.add(term));
      for (const term of terms) {
        const list = byStemTerm.get(term);
        if (list) shrink(list, isKnown);
        if (list?.live === 0) byStemTerm.delete(term);
      }
      shrink(removed.folder, isKnown);
      if (removed.folder.live === 0) folders.drop(removed.folder);
    },
    match,
    named(base) {
      let rarest: readonly number[] | undefined;
      forEachTerm(stemOf(base), (term) => {
        const files = byStemTerm.get(term)?.files ?? [];
        if (rarest === undefined || files.length < rarest.length) rarest = files;
      });
      return rarest;
    },
    lookup(term) {
      const { count, files, places } = match(term);
      if (count === 0) return undefined;
      const order = [...files.subarray(0, count).keys()].sort(
        (a, b) => (files[a] as number) - (files[b] as number),
      );
      return {
        files: order.map((i) => files[i] as number),
        places: order.map((i) => places[i] as number),
        live: count,
      };
    },
    stemLength: (file) => known[file]?.stemLength ?? 1,
    has: isKnown,
    get limit() {
      return known.length;
    },
    get size() {
      return size;
    },
  };
}

function append(list: FileList, file: number): void {
  list.files.push(file);
  list.live++;
}

function shrink(list: FileList, isKnown: (file: number) => boolean): void {
  list.live--;
  if (list.files.length - list.live > Math.max(MIN_DEAD, list.live)) list.files = list.files.filter(isKnown);
}

/** Folders that hold files, by path and by term. */
function createFolders() {
  const byPath = new Map<FilePath, Folder>();
  const byTerm = new Map<string, Set<Folder>>();
  return {
    withTerm: (term: string): Iterable<Folder> => byTerm.get(term) ?? [],
    at(path: FilePath): Folder {
      let folder = byPath.get(path);
      if (!folder) {
        folder = { path, terms: folderTerms(path), files: [], live: 0 };
        byPath.set(path, folder);
        for (const term of folder.terms.keys()) {
          const same = byTerm.get(term);
          if (same) same.add(folder);
          else byTerm.set(term, new Set([folder]));
        }
      }
      return folder;
    },
    drop(folder: Folder): void {
      byPath.delete(folder.path);
      for (const term of folder.terms.keys()) {
        const same = byTerm.get(term);
        same?.delete(folder);
        if (same?.size === 0) byTerm.delete(term);
      }
    },
  };
}

/** Fills buffers that are kept: a term of a folder such as `src` has nearly every file. */
function createMatcher(
  byStemTerm: ReadonlyMap<string, FileList>,
  foldersWith: (term: string) => Iterable<Folder>,
  known: readonly (KnownFile | undefined)[],
): (term: string) => PathMatches {
  let files = new Int32Array(0);
  let places = new Uint8Array(0);
  /** By file: the last call that met it. */
  let seen = new Int32Array(0);
  let round = 0;
  return (term) => {
    if (files.length < known.length) {
      const length = Math.ceil(known.length * 1.25);
      [files, places, seen] = [new Int32Array(length), new Uint8Array(length), new Int32Array(length)];
    }
    round++;
    let count = 0;
    for (const file of byStemTerm.get(term)?.files ?? []) {
      if (known[file] === undefined) continue;
      seen[file] = round;
      files[count] = file;
      places[count++] = STEM;
    }
    for (const folder of foldersWith(term)) {
      const place = folder.terms.get(term) as number;
      for (const file of folder.files) {
        if (seen[file] === round || known[file] === undefined) continue;
        files[count] = file;
        places[count++] = place;
      }
    }
    return { count, files, places };
  };
}

const FOLDER = PATH_PLACES.indexOf('folder');
const PARENT = PATH_PLACES.indexOf('parent');
const STEM = PATH_PLACES.indexOf('stem');

function folderTerms(path: FilePath): ReadonlyMap<string, number> {
  const terms = new Map<string, number>();
  if (path === '') return terms;
  const names = path.split('/');
  names.forEach((name, i) => {
    const place = i === names.length - 1 ? PARENT : FOLDER;
    forEachTerm(name, (term) => terms.set(term, Math.max(place, terms.get(term) ?? FOLDER)));
  });
  return terms;
}

const stemOf = (base: string) => base.replace(/(?<=.)\.[A-Za-z0-9]{1,8}$/, '');

/** All terms of a path, as the index has them, repeats kept. */
export function pathTerms(path: FilePath): string[] {
  const names = path.split('/');
  const base = names.pop() ?? '';
  const terms: string[] = [];
  for (const name of [...names, stemOf(base)]) forEachTerm(name, (term) => terms.push(term));
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
  for (const { term, whole } of termsOf(name)) visit(term, whole);
}

function termsOf(name: string): readonly NameTerm[] {
  let terms = termsOfName.get(name);
  if (!terms) {
    if (termsOfName.size >= MAX_NAMES) termsOfName.clear();
    terms = splitName(name);
    termsOfName.set(name, terms);
  }
  return terms;
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
