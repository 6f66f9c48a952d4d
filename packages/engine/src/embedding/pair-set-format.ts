/**
 * A pair set as bytes, little-endian; the arrays lie as they are in memory, so that half a gigabyte opens without a copy:
 *
 *   magic (8) | crc32 of the rest (4) | version (4) | pairs (4) | terms (4) | groups (4) | entries of queries, docs, paths (12)
 *   | bytes of strings (4) | the arrays in the order of `arraysOf`, each padded to 4 bytes | terms, then groups: UTF-8, NUL after each
 */
import { crc32 } from 'node:zlib';

import { PAIR_KINDS, type PairSet } from './pair-set.ts';

const MAGIC = 'CXPAIRS\n';
const VERSION = 1;
/** Bytes before the arrays. */
const HEADER = 44;
/** The checksum covers what comes after it. */
const CHECKED_FROM = 12;

interface Counts {
  readonly pairs: number;
  readonly terms: number;
  readonly groups: number;
  readonly query: number;
  readonly doc: number;
  readonly path: number;
}

/** @throws RangeError for a set that `decodePairSet` would refuse: a mistake of who made it */
export function encodePairSet(set: PairSet): Uint8Array {
  checkPairSet(set);
  const strings = new TextEncoder().encode([...set.terms, ...set.groups].map((text) => `${text}\0`).join(''));
  const counts: Counts = {
    pairs: set.kindOf.length,
    terms: set.terms.length,
    groups: set.groups.length,
    query: set.queryTerms.length,
    doc: set.docTerms.length,
    path: set.pathTerms.length,
  };
  const stringsAt = layoutOf(counts).end;
  const bytes = new Uint8Array(stringsAt + strings.length);
  const { arrays } = layoutOf(counts);
  for (const { name, at } of arrays) {
    const array = set[name];
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
  }
  bytes.set(strings, stringsAt);
  bytes.set(new TextEncoder().encode(MAGIC));
  const view = new DataView(bytes.buffer);
  const { pairs, terms, groups, query, doc, path } = counts;
  [VERSION, pairs, terms, groups, query, doc, path, strings.length].forEach((value, i) => {
    view.setUint32(CHECKED_FROM + i * 4, value, true);
  });
  view.setUint32(8, crc32(bytes.subarray(CHECKED_FROM)), true);
  return bytes;
}

/**
 * Views into `bytes` where their alignment allows it: the caller must not change them afterwards.
 * @throws RangeError that says what is wrong with bytes which no `encodePairSet` of this version wrote
 */
export function decodePairSet(bytes: Uint8Array): PairSet {
  if (bytes.length < HEADER || new TextDecoder('latin1').decode(bytes.subarray(0, 8)) !== MAGIC)
    throw new RangeError('this is no pair set: it begins with something else');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (i: number): number => view.getUint32(CHECKED_FROM + i * 4, true);
  if (word(0) !== VERSION)
    throw new RangeError(`the pair set has version ${word(0)}, this program reads ${VERSION}`);
  const counts: Counts = {
    pairs: word(1),
    terms: word(2),
    groups: word(3),
    query: word(4),
    doc: word(5),
    path: word(6),
  };
  const { arrays, end } = layoutOf(counts);
  if (end + word(7) !== bytes.length)
    throw new RangeError(
      `the pair set should have ${end + word(7)} bytes and has ${bytes.length}: it was cut off`,
    );
  if (crc32(bytes.subarray(CHECKED_FROM)) !== view.getUint32(8, true))
    throw new RangeError('the pair set does not match its checksum: it is damaged');
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const found = Object.fromEntries(
    arrays.map(({ name, at, length, make }) => [name, make(aligned.buffer, aligned.byteOffset + at, length)]),
  ) as unknown as Omit<PairSet, 'terms' | 'groups'>;
  const strings = new TextDecoder('utf-8', { fatal: true }).decode(aligned.subarray(end)).split('\0');
  if (strings.length !== counts.terms + counts.groups + 1)
    throw new RangeError('the pair set has another number of terms than it says');
  const set = { terms: strings.slice(0, counts.terms), groups: strings.slice(counts.terms, -1), ...found };
  checkPairSet(set);
  return set;
}

interface Place {
  readonly name: Exclude<keyof PairSet, 'terms' | 'groups'>;
  readonly at: number;
  readonly length: number;
  readonly make: (buffer: ArrayBufferLike, at: number, length: number) => PairSet[Place['name']];
}

const u8: Place['make'] = (buffer, at, length) => new Uint8Array(buffer, at, length);
const u16: Place['make'] = (buffer, at, length) => new Uint16Array(buffer, at, length);
const u32: Place['make'] = (buffer, at, length) => new Uint32Array(buffer, at, length);
const i32: Place['make'] = (buffer, at, length) => new Int32Array(buffer, at, length);

function layoutOf({ pairs, query, doc, path }: Counts): { arrays: Place[]; end: number } {
  const table = [
    ['groupOf', pairs, 2, u16],
    ['kindOf', pairs, 1, u8],
    ['queryFrom', pairs + 1, 4, u32],
    ['queryTerms', query, 4, u32],
    ['queryCounts', query, 1, u8],
    ['docFrom', pairs + 1, 4, u32],
    ['docTerms', doc, 4, u32],
    ['docTfs', doc, 4, i32],
    ['pathFrom', pairs + 1, 4, u32],
    ['pathTerms', path, 4, u32],
  ] as const;
  let end = HEADER;
  const arrays = table.map(([name, length, width, make]) => {
    const at = end;
    end += Math.ceil((length * width) / 4) * 4;
    return { name, at, length, make };
  });
  return { arrays, end };
}

/** What the trainer relies on without looking. @throws RangeError */
function checkPairSet(set: PairSet): void {
  const pairs = set.kindOf.length;
  const require = (holds: boolean, what: string): void => {
    if (!holds) throw new RangeError(`not a valid pair set: ${what}`);
  };
  require(set.groupOf.length === pairs, 'not as many groups as kinds');
  require(set.queryCounts.length === set.queryTerms.length &&
    set.docTfs.length === set.docTerms.length, 'terms without frequencies');
  require(set.groupOf.every((group) => group < set.groups.length), 'a group that has no name');
  require(set.kindOf.every((kind) => kind < PAIR_KINDS.length), 'an unknown kind of pair');
  require(set.queryCounts.every((count) => count > 0) &&
    set.docTfs.every((tf) => tf > 0), 'a term that does not occur');
  const listed = [...set.terms, ...set.groups];
  require(listed.every((text) => !text.includes('\0')), 'a term with a NUL in it');
  require(areLists(set.queryFrom, set.queryTerms, pairs, set.terms.length, 1), 'the lists of query terms');
  require(areLists(set.docFrom, set.docTerms, pairs, set.terms.length, 1), 'the lists of chunk terms');
  require(areLists(set.pathFrom, set.pathTerms, pairs, set.terms.length, 0), 'the lists of path terms');
}

/** Whether `from` cuts `values` into one list a pair, each ascending, of known terms and of `min` or more. */
function areLists(
  from: Uint32Array,
  values: Uint32Array,
  pairs: number,
  terms: number,
  min: number,
): boolean {
  if (from.length !== pairs + 1 || from[0] !== 0 || from[pairs] !== values.length) return false;
  for (let pair = 0; pair < pairs; pair++) {
    const start = from[pair] as number;
    const end = from[pair + 1] as number;
    if (end < start + min || end > values.length) return false;
    for (let i = start + 1; i < end; i++) {
      if ((values[i] as number) <= (values[i - 1] as number)) return false;
    }
    if (end > start && (values[end - 1] as number) >= terms) return false;
  }
  return true;
}
