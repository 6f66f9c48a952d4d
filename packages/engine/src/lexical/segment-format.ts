/**
 * The bytes of a segment: a header read whole, and pages of postings read one by one.
 *
 * Header: see segment-header.ts.
 * Page: entries in term order: lengths of shared prefix and rest of the term | rest | size | postings (posting-bits.ts)
 * Lengths: a nibble each, 15: that much and a varint more. Size: length in bytes * 2 + 1 for a single posting, else their
 *   number * 2, then the length.
 */
import { ByteReader, ByteWriter } from './bytes.ts';
import { decodePostings, type Postings, PostingWriter } from './posting-bits.ts';
import { type DocTable, encodeHeader } from './segment-header.ts';

/**
 * A page is closed when it passes this size; a long posting list makes a page of its own. With its last term and the row
 * around it, it fills one page of SQLite (4,061 bytes of payload), and a look-up passes two thousand bytes on average.
 */
const PAGE_BYTES = 3900;

export interface EncodedSegment {
  readonly header: Uint8Array;
  readonly pages: readonly Uint8Array[];
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Longer rests of terms are rare: a word has at most 64 characters, a name 200. */
const REST_BYTES = 256;

/** A length of at least this much does not fit its nibble. */
const LONG = 15;

/** Writes terms in ascending order into pages. */
export class PageWriter {
  private readonly pages: Uint8Array[] = [];
  private readonly pageTerms: string[] = [];
  private readonly page = new ByteWriter(PAGE_BYTES * 2);
  private readonly list = new PostingWriter();
  private readonly rest = new Uint8Array(REST_BYTES);
  private previous = '';

  /** The postings are those at `from` to `to` of the arrays: all, unless told otherwise. */
  add(term: string, docs: ArrayLike<number>, tfs: ArrayLike<number>, from = 0, to = docs.length): void {
    if (from === to) return;
    const list = this.list.write(docs, tfs, from, to);
    if (this.page.length > 0 && this.page.length + list.length > PAGE_BYTES) this.closePage();
    if (this.page.length === 0) {
      this.pageTerms.push(term);
      this.previous = '';
    }
    this.putTerm(term, sharedPrefix(this.previous, term));
    if (to - from === 1) this.page.varint(list.length * 2 + 1);
    else {
      this.page.varint((to - from) * 2);
      this.page.varint(list.length);
    }
    this.page.bytes(list);
    this.previous = term;
  }

  private putTerm(term: string, shared: number): void {
    const rest = this.restOf(term, shared);
    this.page.byte((Math.min(shared, LONG) << 4) | Math.min(rest.length, LONG));
    if (shared >= LONG) this.page.varint(shared - LONG);
    if (rest.length >= LONG) this.page.varint(rest.length - LONG);
    this.page.bytes(rest);
  }

  /** UTF-8; valid until the next call. Nearly all terms are short and ASCII: no call and no bytes of its own for each. */
  private restOf(term: string, from: number): Uint8Array {
    const length = term.length - from;
    for (let i = 0; i < length; i++) {
      const c = term.charCodeAt(from + i);
      if (c > 127 || i === REST_BYTES) return encoder.encode(term.slice(from));
      this.rest[i] = c;
    }
    return this.rest.subarray(0, length);
  }

  private closePage(): void {
    this.pages.push(this.page.take());
  }

  finish(table: DocTable): EncodedSegment {
    if (this.page.length > 0) this.closePage();
    return { header: encodeHeader(table, this.pageTerms), pages: this.pages };
  }
}

/** Length of the common prefix, never cutting a surrogate pair. */
function sharedPrefix(a: string, b: string): number {
  const limit = Math.min(a.length, b.length);
  let i = 0;
  while (i < limit && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  if (i > 0 && (a.charCodeAt(i - 1) & 0xfc00) === 0xd800) i--;
  return i;
}

/** Number of the page that would hold the term, -1 when it sorts before all. */
export function pageOf(pageTerms: readonly string[], term: string): number {
  let low = 0;
  let high = pageTerms.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pageTerms[middle] as string) <= term) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * Calls back for each term of a page in order, until it returns false. `read` decodes the postings.
 * @throws RangeError when the bytes are not a page
 */
export function scanPage(page: Uint8Array, visit: (term: string, read: () => Postings) => boolean): void {
  const reader = new EntryReader(page);
  let term = '';
  while (reader.next()) {
    const { shared, restAt, restEnd, start, end, count } = reader;
    if (shared > term.length) throw new RangeError('term shares more than there is');
    term = term.slice(0, shared) + decoder.decode(page.subarray(restAt, restEnd));
    if (!visit(term, () => decodePostings(page, start, end, count))) return;
  }
}

/** Walks the entries of a page without making anything of them. */
class EntryReader {
  private readonly reader: ByteReader;
  /** Characters that the term has in common with the one before. */
  shared = 0;
  /** The rest of the term. */
  restAt = 0;
  restEnd = 0;
  /** Postings, and how many they are. */
  start = 0;
  end = 0;
  count = 0;

  constructor(page: Uint8Array) {
    this.reader = new ByteReader(page);
  }

  /** @throws RangeError when the bytes are not a page */
  next(): boolean {
    const { reader } = this;
    if (reader.position >= reader.end) return false;
    const lengths = reader.byte();
    this.shared = lengths >> 4 === LONG ? LONG + reader.varint() : lengths >> 4;
    const rest = (lengths & LONG) === LONG ? LONG + reader.varint() : lengths & LONG;
    this.restAt = reader.position;
    this.restEnd = this.restAt + rest;
    reader.skip(rest);
    const size = reader.varint();
    this.count = size % 2 === 1 ? 1 : size / 2;
    const length = size % 2 === 1 ? (size - 1) / 2 : reader.varint();
    this.start = reader.position;
    this.end = this.start + length;
    reader.skip(length);
    return true;
  }
}

/** @throws RangeError when the bytes are not a page */
export function findInPage(page: Uint8Array, wanted: string): Postings | undefined {
  const ascii = asciiOf(wanted);
  if (ascii) return findAscii(page, ascii);
  let found: Postings | undefined;
  scanPage(page, (term, read) => {
    if (term === wanted) found = read();
    return term < wanted;
  });
  return found;
}

function asciiOf(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c > 127) return undefined;
    bytes[i] = c;
  }
  return bytes;
}

/**
 * Finds a term without making strings of the others. `matched` is how many characters the term before has in common with
 * the wanted one. A term that shares more than that with the one before differs from the wanted one at the same place, and
 * is smaller, too; one that shares less is larger, and so are all after it. (A byte of a character beyond ASCII
 * is larger than any wanted one, as the character is.)
 */
function findAscii(page: Uint8Array, wanted: Uint8Array): Postings | undefined {
  const entry = new EntryReader(page);
  let matched = 0;
  while (entry.next()) {
    if (entry.shared < matched) return undefined;
    if (entry.shared > matched) continue;
    const { restAt, restEnd } = entry;
    let at = restAt;
    while (at < restEnd && matched < wanted.length && page[at] === wanted[matched]) {
      at++;
      matched++;
    }
    if (matched === wanted.length)
      return at === restEnd ? decodePostings(page, entry.start, entry.end, entry.count) : undefined;
    if (at < restEnd && (page[at] as number) > (wanted[matched] as number)) return undefined;
  }
  return undefined;
}
