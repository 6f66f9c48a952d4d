/**
 * The bytes of a segment: a header read whole, and pages of postings read one by one.
 *
 * Header: u32 length of JSON | JSON | padding to 4 | per-document columns, little endian:
 *   start i32[n] | symbol i32[n] | lines u16[n] | lengths u16[5 n] (field-major) | kind u8[n]
 * Page: entries in term order: shared prefix length | rest of term | documents | byte length | postings
 * Postings: per document: gap to the previous one, then `tf << 1` when only the body has the term,
 *   else `packed << 1 | 1` (see fields.ts).
 */
import { ByteReader, ByteWriter } from './bytes.ts';
import { FIELD_COUNT, MAX_TF } from './fields.ts';

export const SEGMENT_VERSION = 1;
/**
 * A page is closed when it passes this size; a long posting list makes a page of its own. With its last term and the row
 * around it, it fills one page of SQLite (4,061 bytes of payload), and a look-up decodes two thousand bytes on average.
 */
const PAGE_BYTES = 3900;

/** Bytes of a document in the columns of the header. */
const DOC_BYTES = 4 + 4 + 2 + 2 * FIELD_COUNT + 1;

/** Columns of the documents of a segment; document `i` is a chunk. */
export interface DocTable {
  readonly count: number;
  readonly start: Int32Array;
  /** Number of lines of the chunk. */
  readonly lines: Uint16Array;
  /** Index in the outline's symbols, -1 for none. */
  readonly symbol: Int32Array;
  /** `lengths[field * count + doc]`: terms in the field. */
  readonly lengths: Uint16Array;
  /** Index in SYMBOL_KINDS + 1; 0 for code outside any definition. */
  readonly kind: Uint8Array;
  /** Documents per blob, in ordinal order. */
  readonly blobDocs: readonly number[];
}

export interface Postings {
  /** Ascending document numbers. */
  readonly docs: Int32Array;
  /** Packed frequencies, see fields.ts. */
  readonly tfs: Int32Array;
}

export interface EncodedSegment {
  readonly header: Uint8Array;
  readonly pages: readonly Uint8Array[];
}

export interface SegmentHeader {
  readonly docs: DocTable;
  /** First term of each page. */
  readonly pageTerms: readonly string[];
}

interface HeaderJson {
  readonly version: number;
  readonly docs: number;
  readonly blobDocs: readonly number[];
  readonly pageTerms: readonly string[];
}

/** Writes terms in ascending order into pages. */
export class PageWriter {
  private readonly pages: Uint8Array[] = [];
  private readonly pageTerms: string[] = [];
  private readonly page = new ByteWriter(PAGE_BYTES * 2);
  private readonly list = new ByteWriter(1024);
  private previous = '';

  add(term: string, docs: ArrayLike<number>, tfs: ArrayLike<number>): void {
    if (docs.length === 0) return;
    this.encodeList(docs, tfs);
    if (this.page.length > 0 && this.page.length + this.list.length > PAGE_BYTES) this.closePage();
    if (this.page.length === 0) {
      this.pageTerms.push(term);
      this.previous = '';
    }
    const shared = sharedPrefix(this.previous, term);
    this.page.varint(shared);
    this.page.string(term.slice(shared));
    this.page.varint(docs.length);
    this.page.varint(this.list.length);
    this.page.bytes(this.list.taken());
    this.previous = term;
  }

  /** Hot loop, written out: a call per varint would double its time. No value has more than 31 bits. */
  private encodeList(docs: ArrayLike<number>, tfs: ArrayLike<number>): void {
    const bytes = this.list.spaceFor(docs.length * 10);
    let at = this.list.length;
    let last = 0;
    for (let i = 0; i < docs.length; i++) {
      const doc = docs[i] as number;
      const tf = tfs[i] as number;
      let value = doc - last;
      last = doc;
      for (; value > 127; value >>>= 7) bytes[at++] = (value & 127) | 128;
      bytes[at++] = value;
      value = tf <= MAX_TF ? tf * 2 : tf * 2 + 1;
      for (; value > 127; value >>>= 7) bytes[at++] = (value & 127) | 128;
      bytes[at++] = value;
    }
    this.list.length = at;
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

function encodeHeader(table: DocTable, pageTerms: readonly string[]): Uint8Array {
  const json: HeaderJson = {
    version: SEGMENT_VERSION,
    docs: table.count,
    blobDocs: table.blobDocs,
    pageTerms,
  };
  const text = new TextEncoder().encode(JSON.stringify(json));
  const columnsAt = Math.ceil((4 + text.length) / 4) * 4;
  const n = table.count;
  const header = new Uint8Array(columnsAt + n * DOC_BYTES);
  new DataView(header.buffer).setUint32(0, text.length, true);
  header.set(text, 4);
  let at = columnsAt;
  for (const column of [table.start, table.symbol, table.lines, table.lengths, table.kind]) {
    header.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
    at += column.byteLength;
  }
  return header;
}

/** @throws RangeError when the bytes are not a header of this version */
export function decodeHeader(bytes: Uint8Array): SegmentHeader {
  if (bytes.length < 4) throw new RangeError('segment header is cut off');
  // Columns need alignment, and the store may hand out a view into a larger buffer.
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  const textLength = new DataView(aligned.buffer, aligned.byteOffset).getUint32(0, true);
  if (textLength > bytes.length - 4) throw new RangeError('segment header is cut off');
  const json = parseHeader(aligned.subarray(4, 4 + textLength));
  const n = json.docs;
  let at = Math.ceil((4 + textLength) / 4) * 4;
  if (at + n * DOC_BYTES !== bytes.length)
    throw new RangeError('segment header has another length than its documents');
  const take = (bytesEach: number, count = n) => {
    const offset = aligned.byteOffset + at;
    at += bytesEach * count;
    return offset;
  };
  const docs: DocTable = {
    count: n,
    start: new Int32Array(aligned.buffer, take(4), n),
    symbol: new Int32Array(aligned.buffer, take(4), n),
    lines: new Uint16Array(aligned.buffer, take(2), n),
    lengths: new Uint16Array(aligned.buffer, take(2, n * FIELD_COUNT), n * FIELD_COUNT),
    kind: new Uint8Array(aligned.buffer, take(1), n),
    blobDocs: json.blobDocs,
  };
  return { docs, pageTerms: json.pageTerms };
}

function parseHeader(text: Uint8Array): HeaderJson {
  let json: Partial<HeaderJson> | null;
  try {
    json = JSON.parse(new TextDecoder().decode(text)) as Partial<HeaderJson> | null;
  } catch {
    throw new RangeError('segment header is not readable');
  }
  if (json?.version !== SEGMENT_VERSION) throw new RangeError(`segment version ${json?.version}`);
  const { docs, blobDocs, pageTerms } = json;
  const isCount = (value: unknown) => Number.isInteger(value) && (value as number) >= 0;
  const holds =
    isCount(docs) &&
    Array.isArray(blobDocs) &&
    blobDocs.every(isCount) &&
    blobDocs.reduce((sum, count) => sum + count, 0) === docs &&
    Array.isArray(pageTerms) &&
    pageTerms.every((term) => typeof term === 'string');
  if (!holds) throw new RangeError('segment header does not add up');
  return json as HeaderJson;
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
  const reader = new ByteReader(page);
  let term = '';
  while (reader.position < reader.end) {
    const shared = reader.varint();
    if (shared > term.length) throw new RangeError('term shares more than there is');
    term = term.slice(0, shared) + reader.string();
    const count = reader.varint();
    const length = reader.varint();
    const start = reader.position;
    // A posting takes at least two bytes: a false count must not make the reader allocate.
    if (start + length > page.length || count * 2 > length)
      throw new RangeError('postings run past the page');
    const goOn = visit(term, () => decodePostings(page, start, start + length, count));
    if (!goOn) return;
    reader.position = start + length;
  }
}

/** Hot loop: varints are read inline, because a call per byte would double its time. */
function decodePostings(page: Uint8Array, start: number, end: number, count: number): Postings {
  const docs = new Int32Array(count);
  const tfs = new Int32Array(count);
  let at = start;
  let doc = 0;
  let isAscending = true;
  for (let i = 0; i < count; i++) {
    let value = 0;
    let shift = 0;
    let byte = page[at++] as number;
    while (byte > 127) {
      value |= (byte & 127) << shift;
      shift += 7;
      byte = page[at++] as number;
    }
    const gap = value | (byte << shift);
    if (gap <= 0 && (i > 0 || gap < 0)) isAscending = false;
    doc += gap;
    docs[i] = doc;
    value = 0;
    shift = 0;
    byte = page[at++] as number;
    while (byte > 127) {
      value |= (byte & 127) << shift;
      shift += 7;
      byte = page[at++] as number;
    }
    tfs[i] = (value | (byte << shift)) >>> 1;
  }
  if (at !== end || !isAscending) throw new RangeError('postings do not fit their length');
  return { docs, tfs };
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
  const reader = new ByteReader(page);
  let matched = 0;
  while (reader.position < reader.end) {
    const shared = reader.varint();
    const rest = reader.varint();
    const at = reader.position;
    if (at + rest > page.length) throw new RangeError('term runs past the page');
    reader.position = at + rest;
    const count = reader.varint();
    const length = reader.varint();
    const start = reader.position;
    if (start + length > page.length || count * 2 > length)
      throw new RangeError('postings run past the page');
    if (shared < matched) return undefined;
    if (shared === matched) {
      let i = 0;
      while (i < rest && matched < wanted.length && page[at + i] === wanted[matched]) {
        i++;
        matched++;
      }
      if (matched === wanted.length)
        return i === rest ? decodePostings(page, start, start + length, count) : undefined;
      if (i < rest && (page[at + i] as number) > (wanted[matched] as number)) return undefined;
    }
    reader.position = start + length;
  }
  return undefined;
}
