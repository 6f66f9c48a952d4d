/**
 * What a repository teaches about its own words: doc comments and the chunks they describe, names and their bodies, past
 * commit messages and the chunks of the files they changed. Made from the postings of the index: no file is read.
 *
 * Their order decides which are taken, how terms are numbered and which meet in a batch, so it is that of paths, lines and
 * commit hashes: how threads, edits and merges have laid files out in segments must not change what is learned.
 */
import { createPairSetBuilder, type PairKind, type PairSet } from '../embedding/pair-set.ts';
import { BITS, FIELDS, type Field, MAX_TF } from '../lexical/fields.ts';
import { type ForwardIndex, forwardIndex } from '../lexical/forward-index.ts';
import { pathTerms } from '../lexical/path-index.ts';
import type { FilePath } from '../model/file.ts';

/** A segment of the index, or the messages of past commits (subject as `name`, body as `body`). */
export interface PairSource {
  readonly documents: number;
  readonly pages: readonly Uint8Array[];
}

export interface CodeSource extends PairSource {
  /** By document: the path of the one file that stands for it, undefined when none does. Chunks of a file in order of lines. */
  readonly paths: readonly (FilePath | undefined)[];
}

export interface CommitSource extends PairSource {
  /** By document: the hash of the commit and the files that it changed. */
  readonly commits: readonly { readonly hash: string; readonly paths: readonly FilePath[] }[];
}

/** More teach nothing that these do not; those left out are spread evenly. */
const MAX_PAIRS = 60_000;
/** Fewer terms say too little. */
const MIN_QUERY_TERMS = 3;
const MIN_DOC_TERMS = 5;
/** Files of a commit that take part. */
const MAX_CHANGED = 4;

interface Chunk {
  readonly index: ForwardIndex;
  readonly doc: number;
  readonly path: FilePath;
}

export function ownPairs(code: readonly CodeSource[], commits: CommitSource | undefined): PairSet {
  const builder = createPairSetBuilder();
  const byPath = Map.groupBy(code.flatMap(chunksOf), ({ path }) => path);
  // By UTF-16 units: no locale has a say.
  const chunks = [...byPath.keys()].sort().flatMap((path) => byPath.get(path) as Chunk[]);
  const step = Math.max(1, Math.ceil((chunks.length * 2) / MAX_PAIRS));
  const add = (
    kind: PairKind,
    query: readonly string[],
    doc: ReadonlyMap<string, number>,
    path: FilePath,
  ) => {
    if (new Set(query).size < MIN_QUERY_TERMS || doc.size < MIN_DOC_TERMS) return;
    builder.add({ group: '', kind, query, doc, path: pathTerms(path) });
  };
  chunks.forEach((chunk, i) => {
    if (i % step !== 0) return;
    add('docstring', termsOfField(chunk, 'doc'), withoutField(chunk, 'doc'), chunk.path);
    add('name', termsOfField(chunk, 'name'), withoutField(chunk, 'name'), chunk.path);
  });
  if (commits) addCommits(commits, byPath, add);
  return builder.finish();
}

function chunksOf({ documents, pages, paths }: CodeSource): Chunk[] {
  const index = forwardIndex(documents, pages);
  return paths.flatMap((path, doc) => (path === undefined ? [] : [{ index, doc, path }]));
}

function addCommits(
  { documents, pages, commits }: CommitSource,
  byPath: ReadonlyMap<FilePath, readonly Chunk[]>,
  add: (kind: PairKind, query: string[], doc: ReadonlyMap<string, number>, path: FilePath) => void,
): void {
  const messages = forwardIndex(documents, pages);
  const mostCommon = createMostCommon();
  const hashOf = (doc: number) => commits[doc]?.hash ?? '';
  // Git lists them in another order when some are added than when all are read.
  const order = [...commits.keys()].sort((a, b) => (hashOf(a) < hashOf(b) ? -1 : 1));
  for (const doc of order) {
    const words = new Set<string>();
    forEachTerm(messages, doc, (term) => words.add(term));
    const present = (commits[doc]?.paths ?? []).filter((path) => byPath.has(path)).slice(0, MAX_CHANGED);
    for (const path of present) {
      const best = mostCommon(byPath.get(path) as readonly Chunk[], words);
      add('commit', [...words], withoutField(best, undefined), path);
    }
  }
}

/** The chunk of a file with most of the words; the first of several. Looks terms up once a segment, not once a posting. */
function createMostCommon() {
  const lookups = new Map<ForwardIndex, ReturnType<typeof createLookup>>();
  return (chunks: readonly Chunk[], words: ReadonlySet<string>): Chunk => {
    let best = chunks[0] as Chunk;
    // A file has one blob, so its chunks lie in one segment.
    const { index } = best;
    const { numbers, wanted } = lookups.get(index) ?? createLookup(index);
    lookups.set(index, { numbers, wanted });
    const marked = [...words].flatMap((word) => numbers.get(word) ?? []);
    for (const number of marked) wanted[number] = 1;
    let most = -1;
    for (const chunk of chunks) {
      let common = 0;
      const end = index.from[chunk.doc + 1] as number;
      for (let at = index.from[chunk.doc] as number; at < end; at++)
        common += wanted[index.termOf[at] as number] as number;
      if (common > most) {
        most = common;
        best = chunk;
      }
    }
    for (const number of marked) wanted[number] = 0;
    return best;
  };
}

const createLookup = ({ terms }: ForwardIndex) => ({
  numbers: new Map(terms.map((term, i) => [term, i])),
  /** By term: 1 for the words at hand. */
  wanted: new Uint8Array(terms.length),
});

function forEachTerm(
  { terms, from, termOf, tfs }: ForwardIndex,
  doc: number,
  visit: (term: string, tf: number) => void,
): void {
  for (let at = from[doc] as number; at < (from[doc + 1] as number); at++)
    visit(terms[termOf[at] as number] as string, tfs[at] as number);
}

const shiftOf = (field: Field) => FIELDS.indexOf(field) * BITS;

/** Repeats kept. */
function termsOfField({ index, doc }: Chunk, field: Field): string[] {
  const shift = shiftOf(field);
  const found: string[] = [];
  forEachTerm(index, doc, (term, tf) => {
    for (let count = (tf >>> shift) & MAX_TF; count > 0; count--) found.push(term);
  });
  return found;
}

function withoutField({ index, doc }: Chunk, field: Field | undefined): Map<string, number> {
  const mask = field === undefined ? 0 : MAX_TF << shiftOf(field);
  const rest = new Map<string, number>();
  forEachTerm(index, doc, (term, tf) => {
    if ((tf & ~mask) !== 0) rest.set(term, tf & ~mask);
  });
  return rest;
}
