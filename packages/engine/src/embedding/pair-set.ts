/**
 * What the static embedding learns from: pairs of a query and the chunk that answers it, as numbers of lexical terms.
 * One shape for both uses of the trainer: the corpus of the shipped weights, and a repository's own docs and commits.
 * Knows no tokenizer and no file: who makes pairs brings the terms, with frequencies packed as the postings have them.
 */

/** Where the query of a pair comes from. Order is part of the format: append only. */
export const PAIR_KINDS = [
  'docstring',
  'name',
  'commit',
  'issue',
  'markdown',
  'test',
  'comment',
  'path',
] as const;
export type PairKind = (typeof PAIR_KINDS)[number];

/** `n` pairs. Lists of pair `i` lie at `xFrom[i] .. xFrom[i + 1]`; each list has a term once, in ascending order. */
export interface PairSet {
  /** As the postings have them: stemmed words and whole identifiers, without the terms of definitions. Each once. */
  readonly terms: readonly string[];
  /** Repositories: negatives from the pair's own group are the hard ones. Each once. */
  readonly groups: readonly string[];
  /** By pair: index in `groups`, index in PAIR_KINDS. */
  readonly groupOf: Uint16Array;
  readonly kindOf: Uint8Array;
  /** The query's terms and how often each occurs (1 to 255). No query is empty. */
  readonly queryFrom: Uint32Array;
  readonly queryTerms: Uint32Array;
  readonly queryCounts: Uint8Array;
  /** The chunk's terms and their packed frequencies by field, never 0. No chunk is empty. */
  readonly docFrom: Uint32Array;
  readonly docTerms: Uint32Array;
  readonly docTfs: Int32Array;
  /** Terms of the path of the chunk's file; may be none. */
  readonly pathFrom: Uint32Array;
  readonly pathTerms: Uint32Array;
}

export interface Pair {
  readonly group: string;
  readonly kind: PairKind;
  /** Terms, repeats kept. */
  readonly query: readonly string[];
  /** Term -> packed frequencies. */
  readonly doc: ReadonlyMap<string, number>;
  readonly path: readonly string[];
}

export interface PairSetBuilder {
  /**
   * A pair without a query or without a chunk teaches nothing and is left out: false.
   * @throws RangeError beyond 65,535 groups or 2^32 - 1 entries of one list
   */
  add(pair: Pair): boolean;
  readonly count: number;
  /** The builder may go on afterwards; the set is a copy. */
  finish(): PairSet;
}

const MAX_GROUPS = 0xffff;
const MAX_COUNT = 0xff;

export function createPairSetBuilder(): PairSetBuilder {
  const terms = createNumbering();
  const groups = createNumbering();
  const groupOf = growing((length) => new Uint16Array(length));
  const kindOf = growing((length) => new Uint8Array(length));
  const queryFrom = growing((length) => new Uint32Array(length));
  const queryTerms = growing((length) => new Uint32Array(length));
  const queryCounts = growing((length) => new Uint8Array(length));
  const docFrom = growing((length) => new Uint32Array(length));
  const docTerms = growing((length) => new Uint32Array(length));
  const docTfs = growing((length) => new Int32Array(length));
  const pathFrom = growing((length) => new Uint32Array(length));
  const pathTerms = growing((length) => new Uint32Array(length));
  for (const from of [queryFrom, docFrom, pathFrom]) from.push(0);

  return {
    add({ group, kind, query, doc, path }) {
      if (query.length === 0 || doc.size === 0) return false;
      const groupNumber = groups.numberOf(group);
      if (groupNumber >= MAX_GROUPS) throw new RangeError(`a pair set has at most ${MAX_GROUPS} groups`);
      groupOf.push(groupNumber);
      kindOf.push(PAIR_KINDS.indexOf(kind));
      for (const [term, count] of sortedCounts(query.map(terms.numberOf))) {
        queryTerms.push(term);
        queryCounts.push(Math.min(count, MAX_COUNT));
      }
      const entries = [...doc].map(([term, tf]): [number, number] => [terms.numberOf(term), tf]);
      for (const [term, tf] of entries.sort((a, b) => a[0] - b[0])) {
        docTerms.push(term);
        docTfs.push(tf);
      }
      for (const [term] of sortedCounts(path.map(terms.numberOf))) pathTerms.push(term);
      queryFrom.push(queryTerms.length);
      docFrom.push(docTerms.length);
      pathFrom.push(pathTerms.length);
      return true;
    },
    get count() {
      return kindOf.length;
    },
    finish: () => ({
      terms: [...terms.all],
      groups: [...groups.all],
      groupOf: groupOf.taken(),
      kindOf: kindOf.taken(),
      queryFrom: queryFrom.taken(),
      queryTerms: queryTerms.taken(),
      queryCounts: queryCounts.taken(),
      docFrom: docFrom.taken(),
      docTerms: docTerms.taken(),
      docTfs: docTfs.taken(),
      pathFrom: pathFrom.taken(),
      pathTerms: pathTerms.taken(),
    }),
  };
}

function createNumbering() {
  const all: string[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (text: string): number => {
    let number = numbers.get(text);
    if (number === undefined) numbers.set(text, (number = all.push(text) - 1));
    return number;
  };
  return { all, numberOf };
}

/** Number -> how often it occurs, numbers ascending. */
function sortedCounts(numbers: readonly number[]): [number, number][] {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return [...counts].sort((a, b) => a[0] - b[0]);
}

type NumberArray = Uint8Array | Uint16Array | Uint32Array | Int32Array;

interface Growing<A extends NumberArray> {
  readonly length: number;
  push(value: number): void;
  taken(): A;
}

const FIRST_ROOM = 1 << 10;

function growing<A extends NumberArray>(make: (length: number) => A): Growing<A> {
  let array = make(FIRST_ROOM);
  let length = 0;
  return {
    get length() {
      return length;
    },
    push(value) {
      if (length === array.length) {
        const larger = make(length * 2);
        larger.set(array);
        array = larger;
      }
      array[length++] = value;
    },
    taken: () => array.slice(0, length) as A,
  };
}
