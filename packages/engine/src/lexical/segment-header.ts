/**
 * The header of a segment: columns of its documents and the first term of each page, read whole when it is opened.
 *
 *   version (1 byte) | length of the rest unpacked, u32 | zstd of: documents, blobs, pages as u32 | documents of each blob, u32 |
 *   start i32[n] | symbol i32[n] | lines u16[n] | lengths u16[5 n] (field-major) | kind u8[n] | first terms, joined by NUL
 *
 * All little endian. Within a blob, `start` is kept as its distance from the end of the chunk before, and `symbol` as that
 * from the one before: next to nothing once packed. Columns of whole width, because every process unpacks them on opening.
 */
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { FIELD_COUNT } from './fields.ts';

export const SEGMENT_VERSION = 2;

/** Bytes of a document in the columns. */
const DOC_BYTES = 4 + 4 + 2 + 2 * FIELD_COUNT + 1;
const PREFIX_BYTES = 5;
const COUNTS = 3;

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

export interface SegmentHeader {
  readonly docs: DocTable;
  /** First term of each page. */
  readonly pageTerms: readonly string[];
}

export function encodeHeader(table: DocTable, pageTerms: readonly string[]): Uint8Array {
  const { count: n, blobDocs, lines, lengths, kind } = table;
  const { start, symbol } = distances(table);
  const counts = Uint32Array.from([n, blobDocs.length, pageTerms.length, ...blobDocs]);
  const body = Buffer.concat(
    [counts, start, symbol, lines, lengths, kind, new TextEncoder().encode(pageTerms.join('\0'))].map(
      ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
    ),
  );
  const packed = zstdCompressSync(body);
  const header = new Uint8Array(PREFIX_BYTES + packed.length);
  header[0] = SEGMENT_VERSION;
  new DataView(header.buffer).setUint32(1, body.length, true);
  header.set(packed, PREFIX_BYTES);
  return header;
}

function distances({ start, symbol, lines, blobDocs }: DocTable): { start: Int32Array; symbol: Int32Array } {
  const gaps = Int32Array.from(start);
  const steps = Int32Array.from(symbol);
  eachFollowing(blobDocs, (doc) => {
    gaps[doc] = (start[doc] as number) - (start[doc - 1] as number) - (lines[doc - 1] as number);
    steps[doc] = (symbol[doc] as number) - (symbol[doc - 1] as number);
  });
  return { start: gaps, symbol: steps };
}

/** Documents that are not the first of their blob, ascending. */
function eachFollowing(blobDocs: readonly number[], visit: (doc: number) => void): void {
  let doc = 0;
  for (const count of blobDocs) {
    const end = doc + count;
    for (let at = doc + 1; at < end; at++) visit(at);
    doc = end;
  }
}

/** @throws RangeError when the bytes are not a header of this version */
export function decodeHeader(bytes: Uint8Array): SegmentHeader {
  const body = unpacked(bytes);
  const take = taker(body);
  const [n = 0, blobs = 0, pages = 0] = new Uint32Array(body.buffer, take(4 * COUNTS), COUNTS);
  if (COUNTS * 4 + 4 * blobs + n * DOC_BYTES > body.length)
    throw new RangeError('segment header has another length than its documents');
  const blobDocs = Array.from(new Uint32Array(body.buffer, take(4 * blobs), blobs));
  const docs: DocTable = {
    count: n,
    start: new Int32Array(body.buffer, take(4 * n), n),
    symbol: new Int32Array(body.buffer, take(4 * n), n),
    lines: new Uint16Array(body.buffer, take(2 * n), n),
    lengths: new Uint16Array(body.buffer, take(2 * n * FIELD_COUNT), n * FIELD_COUNT),
    kind: new Uint8Array(body.buffer, take(n), n),
    blobDocs,
  };
  const text = new TextDecoder().decode(body.subarray(take(0)));
  const pageTerms = text === '' && pages === 0 ? [] : text.split('\0');
  const isWhole = blobDocs.reduce((sum, count) => sum + count, 0) === n && pageTerms.length === pages;
  if (!isWhole) throw new RangeError('segment header does not add up');
  const { start, symbol, lines } = docs;
  eachFollowing(blobDocs, (doc) => {
    start[doc] = (start[doc] as number) + (start[doc - 1] as number) + (lines[doc - 1] as number);
    symbol[doc] = (symbol[doc] as number) + (symbol[doc - 1] as number);
  });
  return { docs, pageTerms };
}

/** In memory of its own: the columns are views of it. */
function unpacked(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  if (bytes.length < PREFIX_BYTES || bytes[0] !== SEGMENT_VERSION)
    throw new RangeError(`segment version ${bytes[0]}`);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1, true);
  let body: Uint8Array;
  try {
    body = zstdDecompressSync(bytes.subarray(PREFIX_BYTES), { maxOutputLength: Math.max(1, length) });
  } catch {
    throw new RangeError('segment header is not readable');
  }
  if (body.length !== length || length < COUNTS * 4) throw new RangeError('segment header is cut off');
  return new Uint8Array(body);
}

/** Offsets of one column after the other. */
function taker(body: Uint8Array): (bytes: number) => number {
  let at = 0;
  return (bytes) => {
    const from = at;
    at += bytes;
    if (at > body.length) throw new RangeError('segment header is cut off');
    return from;
  };
}
