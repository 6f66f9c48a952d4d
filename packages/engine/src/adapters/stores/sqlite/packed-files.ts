/**
 * Many rows of a manifest as bytes, in two parts: what worktrees with the same files have in common (`listing`: paths,
 * blobs, sizes, kinds, traits), and the stamps, which each has for itself. Must not know tables.
 *
 *   listing   deflated: rows | paths | labels | per row: label, zigzag(blob - previous), size; lists of text are joined
 *             by NUL, which no path has, under their length in bytes
 *   stamps    per row: zigzag(mtime - previous), 0 or 1 + zigzag(ctime - mtime), zigzag(inode - previous): files are
 *             written one after the other, so that most of it is small. 0: the ctime is 0, which says it is no proof.
 */
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import type { FileKind, FileTrait } from '../../../model/file.ts';
import type { BlobId, ManifestRow } from '../../../ports/store.ts';

export interface PackedFile extends Omit<ManifestRow, 'blob'> {
  readonly blob: BlobId;
}

/** Rows of one listing on average. */
const ROWS = 128;
const MAX_ROWS = 1024;

/**
 * Cuts rows in path order where the path itself says so: worktrees that differ in a few files then share all listings
 * but those that hold these files.
 */
export function cutRows(rows: readonly PackedFile[]): PackedFile[][] {
  const pieces: PackedFile[][] = [];
  let piece: PackedFile[] | undefined;
  for (const row of rows) {
    if (!piece || piece.length >= MAX_ROWS || crc32(row.path) % ROWS === 0) pieces.push((piece = []));
    piece.push(row);
  }
  return pieces;
}

export function encodeListing(rows: readonly PackedFile[]): Uint8Array {
  const labels = new Map<string, number>();
  const columns: number[] = [];
  let last = 0;
  for (const { blob, kind, traits, stamp } of rows) {
    const label = [kind, ...traits].join(',');
    if (!labels.has(label)) labels.set(label, labels.size);
    putVarint(columns, labels.get(label) as number);
    putSigned(columns, BigInt(blob - last));
    putVarint(columns, stamp.size);
    last = blob;
  }
  const head: number[] = [];
  putVarint(head, rows.length);
  return deflateRawSync(
    Buffer.concat([
      Uint8Array.from(head),
      ...textList(rows.map(({ path }) => path)),
      ...textList([...labels.keys()]),
      Uint8Array.from(columns),
    ]),
  );
}

export function encodeStamps(rows: readonly PackedFile[]): Uint8Array {
  const bytes: number[] = [];
  let mtime = 0n;
  let inode = 0n;
  for (const { stamp } of rows) {
    putSigned(bytes, stamp.mtimeNs - mtime);
    if (stamp.ctimeNs === 0n) bytes.push(0);
    else putBig(bytes, 1n + zigzag(stamp.ctimeNs - stamp.mtimeNs));
    putSigned(bytes, stamp.inode - inode);
    mtime = stamp.mtimeNs;
    inode = stamp.inode;
  }
  return Uint8Array.from(bytes);
}

/** @throws RangeError, or an error of zlib, on bytes that the two encoders did not write */
export function decodeFiles(listing: Uint8Array, stamps: Uint8Array): PackedFile[] {
  const { paths, labels, columns } = openListing(listing);
  const kinds = labels.map((label) => {
    const [kind, ...traits] = label.split(',');
    return { kind: kind as FileKind, traits: traits as FileTrait[] };
  });
  const times = reader(stamps);
  let blob = 0;
  let mtime = 0n;
  let inode = 0n;
  const rows = paths.map((path): PackedFile => {
    const label = kinds[varint(columns)];
    blob += signedNumber(columns);
    const size = varint(columns);
    if (!label) throw new RangeError('a row has no kind');
    mtime += signed(times);
    const change = big(times);
    inode += signed(times);
    const ctimeNs = change === 0n ? 0n : mtime + unzigzag(change - 1n);
    const { kind, traits } = label;
    return { path, blob, stamp: { size, mtimeNs: mtime, ctimeNs, inode }, kind, traits };
  });
  if (times.at !== stamps.length) throw new RangeError('stamps and paths differ in number');
  return rows;
}

export function pathsOfListing(listing: Uint8Array): readonly string[] {
  return openListing(listing).paths;
}

export function blobsOfListing(listing: Uint8Array): BlobId[] {
  const { paths, columns } = openListing(listing);
  let blob = 0;
  return paths.map(() => {
    varint(columns);
    blob += signedNumber(columns);
    varint(columns);
    return blob;
  });
}

function openListing(bytes: Uint8Array) {
  const columns = reader(inflateRawSync(bytes));
  const count = varint(columns);
  const paths = takeList(columns);
  if (paths.length !== count) throw new RangeError('paths are missing');
  return { paths, labels: takeList(columns), columns };
}

function textList(texts: readonly string[]): Uint8Array[] {
  const text = Buffer.from(texts.join('\0'), 'utf8');
  const length: number[] = [];
  putVarint(length, text.length);
  return [Uint8Array.from(length), text];
}

interface Reader {
  readonly bytes: Buffer;
  at: number;
}

const reader = (bytes: Uint8Array): Reader => ({
  bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  at: 0,
});

function takeList(from: Reader): string[] {
  const length = varint(from);
  const start = from.at;
  from.at += length;
  if (from.at > from.bytes.length) throw new RangeError('a list runs past the end');
  return from.bytes.toString('utf8', start, from.at).split('\0');
}

function putVarint(bytes: number[], value: number): void {
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
}

function putBig(bytes: number[], value: bigint): void {
  if (value < SMALL) {
    putVarint(bytes, Number(value));
    return;
  }
  let rest = value;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) + 128);
  bytes.push(Number(rest));
}

const putSigned = (bytes: number[], value: bigint) => putBig(bytes, zigzag(value));
const zigzag = (value: bigint) => (value >= 0n ? value * 2n : -value * 2n - 1n);
const unzigzag = (value: bigint) => (value % 2n === 0n ? value / 2n : -(value + 1n) / 2n);

/** Numbers of up to seven bytes are read as doubles. */
const SMALL_BYTES = 7;
const SMALL = 2n ** 49n;
const MAX_SHIFT = 70n;

/** A number of at most seven bytes; -1, and nothing read, when it is longer. */
function small(from: Reader): number {
  const { bytes, at } = from;
  let value = 0;
  let scale = 1;
  for (let i = 0; i < SMALL_BYTES; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) throw new RangeError('a number runs past the end');
    if (byte < 128) {
      from.at = at + i + 1;
      return value + byte * scale;
    }
    value += (byte - 128) * scale;
    scale *= 128;
  }
  return -1;
}

function wide(from: Reader): bigint {
  let value = 0n;
  for (let shift = 0n; shift < MAX_SHIFT; shift += 7n) {
    const byte = from.bytes[from.at++];
    if (byte === undefined) throw new RangeError('a number runs past the end');
    value += BigInt(byte & 127) << shift;
    if (byte < 128) return value;
  }
  throw new RangeError('a number is too long');
}

function varint(from: Reader): number {
  const value = small(from);
  if (value < 0) throw new RangeError('a number is too long');
  return value;
}

function big(from: Reader): bigint {
  const value = small(from);
  return value < 0 ? wide(from) : BigInt(value);
}

function signedNumber(from: Reader): number {
  const value = varint(from);
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

function signed(from: Reader): bigint {
  const value = small(from);
  if (value < 0) return unzigzag(wide(from));
  return BigInt(value % 2 === 0 ? value / 2 : -(value + 1) / 2);
}
