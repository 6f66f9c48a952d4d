/**
 * Counts a document's terms by number: `tokenize` for indexing, where the same identifiers come by the million.
 * An identifier is looked up by a hash made while it is scanned, so that one seen before costs no string and no split.
 * Delivers exactly the terms of `tokenize`. Knows no postings.
 */
import { BITS, MAX_LENGTH, MAX_TF } from './fields.ts';
import { foreignRun, identifierTerms, joinsForeignLetter, type TermSink, wordChars } from './tokenize.ts';

export interface TermCounter {
  /** Terms by number, in the order they were first met. */
  readonly terms: readonly string[];
  readonly numbers: ReadonlyMap<string, number>;
  /** Adds a field's text to the document; returns the field's length. */
  addField(text: string, field: number): number;
  /** Adds a term with this packed frequency, unless the document has it. */
  addTerm(term: string, tf: number): void;
  /** Calls back for each term of the document, then forgets the document. */
  takeDocument(visit: (term: number, tf: number) => void): void;
}

const FIRST_SLOTS = 1 << 12;

export function createTermCounter(): TermCounter {
  const terms: string[] = [];
  const numbers = new Map<string, number>();
  const identifiers = createIdentifierTable(numberOf);
  /** Packed frequencies of the current document, by term. */
  let counts = new Int32Array(FIRST_SLOTS);
  let touched = new Int32Array(256);
  let touchedCount = 0;
  let fieldBit = 1;
  let fieldMask = MAX_TF;
  let length = 0;

  function numberOf(term: string): number {
    let number = numbers.get(term);
    if (number === undefined) {
      number = terms.push(term) - 1;
      numbers.set(term, number);
      if (number >= counts.length) counts = doubled(counts);
    }
    return number;
  }

  const touch = (term: number) => {
    if (touchedCount === touched.length) touched = doubled(touched);
    touched[touchedCount++] = term;
  };

  const count = (term: number) => {
    const before = counts[term] as number;
    if (before === 0) touch(term);
    if ((before & fieldMask) !== fieldMask) counts[term] = before + fieldBit;
  };

  const foreign: TermSink = {
    word(term) {
      length++;
      count(numberOf(term));
    },
    whole: (term) => count(numberOf(term)),
  };

  const addIdentifier = (text: string, start: number, end: number, hash: number) => {
    const found = identifiers.find(text, start, end, hash);
    const { pool, from, to, words } = identifiers;
    const last = to[found] as number;
    for (let i = from[found] as number; i < last; i++) count(pool[i] as number);
    length += words[found] as number;
  };

  return {
    terms,
    numbers,
    addField(text, field) {
      fieldBit = 1 << (field * BITS);
      fieldMask = MAX_TF << (field * BITS);
      length = 0;
      scan(text, addIdentifier, foreign);
      return Math.min(length, MAX_LENGTH);
    },
    addTerm(term, tf) {
      const number = numberOf(term);
      if (counts[number] !== 0) return;
      touch(number);
      counts[number] = tf;
    },
    takeDocument(visit) {
      for (let i = 0; i < touchedCount; i++) {
        const term = touched[i] as number;
        visit(term, counts[term] as number);
        counts[term] = 0;
      }
      touchedCount = 0;
    },
  };
}

/** The loop of `tokenize`, with a hash of each identifier. */
function scan(
  text: string,
  onIdentifier: (text: string, start: number, end: number, hash: number) => void,
  foreign: TermSink,
): void {
  const { length } = text;
  let i = 0;
  while (i < length) {
    const c = text.charCodeAt(i);
    if (c >= 128) {
      i = c >= 0xaa ? foreignRun(text, i, foreign) : i + 1;
      continue;
    }
    if (wordChars[c] === 0) {
      i++;
      continue;
    }
    const start = i;
    let hash = c;
    for (i++; i < length; i++) {
      const next = text.charCodeAt(i);
      if (next >= 128 || wordChars[next] === 0) break;
      hash = Math.imul(hash, 31) + next;
    }
    if (i < length && joinsForeignLetter(text, i)) i = foreignRun(text, start, foreign);
    else onIdentifier(text, start, i, hash | 0);
  }
}

interface IdentifierTable {
  /** Number of the identifier `text[start..end)`. */
  find(text: string, start: number, end: number, hash: number): number;
  /** Terms of identifier `i`: `pool[from[i] .. to[i])`. */
  readonly pool: readonly number[];
  readonly from: readonly number[];
  readonly to: readonly number[];
  /** How many of its terms count towards the field's length. */
  readonly words: readonly number[];
}

/**
 * Open addressing with linear probing, at most half full. A slot holds the hash beside the number, and the characters lie
 * in one array: a look-up touches few cache lines, and keeps no text alive.
 */
function createIdentifierTable(numberOf: (term: string) => number): IdentifierTable {
  const pool: number[] = [];
  const from: number[] = [];
  const to: number[] = [];
  const words: number[] = [];
  /** Characters of identifier `i`: `chars[offsets[i] .. offsets[i + 1])`; all are ASCII. */
  let chars = new Uint8Array(FIRST_SLOTS * 8);
  let offsets = new Int32Array(FIRST_SLOTS);
  let count = 0;
  /** Pairs of hash and number plus one; number 0 is free. */
  let slots = new Int32Array(FIRST_SLOTS * 2);

  const place = (hash: number, marked: number) => {
    const mask = slots.length - 1;
    let at = spread(hash) & mask;
    while (slots[at + 1] !== 0) at = (at + 2) & mask;
    slots[at] = hash;
    slots[at + 1] = marked;
  };

  const grow = () => {
    const before = slots;
    slots = new Int32Array(before.length * 2);
    for (let at = 0; at < before.length; at += 2) {
      if (before[at + 1] !== 0) place(before[at] as number, before[at + 1] as number);
    }
  };

  const keepChars = (identifier: string) => {
    const start = offsets[count] as number;
    const end = start + identifier.length;
    while (end > chars.length) {
      const larger = new Uint8Array(chars.length * 2);
      larger.set(chars);
      chars = larger;
    }
    for (let i = 0; i < identifier.length; i++) chars[start + i] = identifier.charCodeAt(i);
    if (count + 2 > offsets.length) offsets = doubled(offsets);
    offsets[count + 1] = end;
  };

  const add = (identifier: string, hash: number): number => {
    const { parts, whole } = identifierTerms(identifier);
    keepChars(identifier);
    from.push(pool.length);
    for (const part of parts) pool.push(numberOf(part));
    if (whole !== undefined) pool.push(numberOf(whole));
    to.push(pool.length);
    words.push(parts.length);
    if (count * 4 >= slots.length) grow();
    place(hash, count + 1);
    return count++;
  };

  const isAt = (text: string, start: number, end: number, number: number): boolean => {
    const first = offsets[number] as number;
    if ((offsets[number + 1] as number) - first !== end - start) return false;
    for (let i = start, at = first; i < end; i++, at++) {
      if (text.charCodeAt(i) !== chars[at]) return false;
    }
    return true;
  };

  return {
    pool,
    from,
    to,
    words,
    find(text, start, end, hash) {
      const mask = slots.length - 1;
      for (let at = spread(hash) & mask; ; at = (at + 2) & mask) {
        const marked = slots[at + 1] as number;
        if (marked === 0) return add(text.slice(start, end), hash);
        if (slots[at] === hash && isAt(text, start, end, marked - 1)) return marked - 1;
      }
    },
  };
}

/** The low bits of a polynomial hash know little of the first characters. Even: slots come in pairs. */
const spread = (hash: number): number => (Math.imul(hash, 0x9e3779b1) >>> 8) << 1;

function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
