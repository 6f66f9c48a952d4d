/**
 * Small values of blobs, compressed many together: one by one they take half as much again, or twice. A value's row says where
 * it lies in which pack; a pack goes with the last of its values, and is written anew when half of it is dead.
 * Must not know what the bytes mean.
 */
import { promisify } from 'node:util';
import { constants, crc32, zstdCompress, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { BlobId } from '../../../ports/store.ts';
import { all, type Connection, get, run } from './connection.ts';
import { checked, corrupt } from './errors.ts';

/** A kind of value: rows in the table of this name, packs in `<name>_pack`. */
export interface PackKind {
  readonly name: 'outline' | 'facts';
  /** Bytes before compression after which a pack is full: whoever reads one value unpacks its neighbours, too. */
  readonly fullAt: number;
  readonly level: number;
}

/** A page of hits shows a few files: unpacking takes 20 us each, as it would for a value alone. */
export const OUTLINES: PackKind = { name: 'outline', fullAt: 16 << 10, level: 6 };
/** Read by whoever reads those of all files. */
export const FACTS: PackKind = { name: 'facts', fullAt: 512 << 10, level: 9 };

export interface PackedValue {
  readonly blob: BlobId;
  readonly bytes: Uint8Array;
}

/** Values ready to be written. */
export interface Pack {
  readonly values: readonly PackedValue[];
  readonly length: number;
  /** Compressed; undefined where all are empty. */
  readonly bytes: Uint8Array | undefined;
}

function groupsOf(values: readonly PackedValue[], { fullAt }: PackKind): PackedValue[][] {
  const groups: PackedValue[][] = [];
  let length = fullAt;
  for (const value of values) {
    if (length >= fullAt) {
      groups.push([]);
      length = 0;
    }
    groups.at(-1)?.push(value);
    length += value.bytes.length;
  }
  return groups;
}

const packOptions = ({ level }: PackKind) => ({
  params: { [constants.ZSTD_c_compressionLevel]: level },
});

const compress = promisify(zstdCompress);

/** Besides other work: it takes milliseconds. */
export function packAsync(values: readonly PackedValue[], kind: PackKind): Promise<readonly Pack[]> {
  return Promise.all(
    unpacked(values, kind).map(async ({ whole, ...rest }) => {
      return { ...rest, bytes: whole && (await compress(whole, packOptions(kind))) };
    }),
  );
}

export function packSync(values: readonly PackedValue[], kind: PackKind): readonly Pack[] {
  return unpacked(values, kind).map(({ whole, ...rest }) => {
    return { ...rest, bytes: whole && zstdCompressSync(whole, packOptions(kind)) };
  });
}

/** `whole`: undefined where all are empty. */
function unpacked(values: readonly PackedValue[], kind: PackKind) {
  return groupsOf(values, kind).map((group) => {
    const whole = Buffer.concat(group.map(({ bytes }) => bytes));
    return { values: group, length: whole.length, whole: whole.length === 0 ? undefined : whole };
  });
}

type Row = readonly [pack: number | null, start: number, length: number];

/** Reads values within one transaction, unpacking each pack once. undefined: the blob has none. */
export function packReader(c: Connection, { name }: PackKind): (blob: BlobId) => Uint8Array | undefined {
  const packs = new Map<number, Uint8Array>();
  return (blob) => {
    const row = get<Row>(c, `SELECT pack, start, length FROM ${name} WHERE blob = ?`, blob);
    if (row === undefined) return undefined;
    const [pack, start, length] = row;
    if (pack === null) return new Uint8Array();
    let bytes = packs.get(pack);
    if (!bytes) packs.set(pack, (bytes = readPack(c, name, pack)));
    if (start + length > bytes.length) throw corrupt(c.file, `${name} of blob ${blob} runs past its pack`);
    // A copy: it may be moved to a thread, or kept without its neighbours.
    return Uint8Array.prototype.slice.call(bytes, start, start + length);
  };
}

function readPack(c: Connection, name: string, pack: number): Uint8Array {
  const sql = `SELECT length, crc, bytes FROM ${name}_pack WHERE id = ?`;
  const row = get<[number, number, Uint8Array]>(c, sql, pack);
  if (row === undefined) throw corrupt(c.file, `pack ${pack} of ${name} is missing`);
  const packed = checked(c, `pack ${pack} of ${name}`, row[2], row[1]);
  try {
    return zstdDecompressSync(packed, { maxOutputLength: row[0] });
  } catch (error) {
    throw corrupt(c.file, `pack ${pack} of ${name} is damaged`, error);
  }
}

/** Within a write transaction. Its blobs exist, and have no value of this kind. */
export function insertPack(
  c: Connection,
  { name }: PackKind,
  { values, length, bytes }: Pack,
  isWanted: (blob: BlobId) => boolean = () => true,
): void {
  const wanted = values.some(({ blob, bytes: own }) => own.length > 0 && isWanted(blob));
  const insert = `INSERT INTO ${name}_pack (length, crc, bytes) VALUES (?, ?, ?)`;
  const pack = bytes && wanted ? run(c, insert, length, crc32(bytes), bytes) : null;
  let start = 0;
  for (const { blob, bytes: own } of values) {
    const sql = `INSERT OR REPLACE INTO ${name} (blob, pack, start, length) VALUES (?, ?, ?, ?)`;
    if (isWanted(blob)) run(c, sql, blob, own.length === 0 ? null : pack, start, own.length);
    start += own.length;
  }
}

/** Within a write transaction. Amortized, a value is packed again once: a pack that is has half its size. */
export function removeValues(c: Connection, kind: PackKind, blobs: readonly BlobId[]): void {
  const { name } = kind;
  const touched = new Set<number>();
  for (const blob of blobs) {
    const pack = get<[number | null]>(c, `SELECT pack FROM ${name} WHERE blob = ?`, blob)?.[0];
    run(c, `DELETE FROM ${name} WHERE blob = ?`, blob);
    if (pack !== undefined && pack !== null) touched.add(pack);
  }
  for (const pack of touched) tidy(c, kind, pack);
}

function tidy(c: Connection, kind: PackKind, pack: number): void {
  const { name } = kind;
  const left = all<[number, number]>(c, `SELECT blob, length FROM ${name} WHERE pack = ?`, pack);
  const live = left.reduce((sum, [, length]) => sum + length, 0);
  const length = get<[number]>(c, `SELECT length FROM ${name}_pack WHERE id = ?`, pack)?.[0] ?? 0;
  if (left.length > 0 && live * 2 >= length) return;
  const read = packReader(c, kind);
  const values = left.map(([blob]) => ({ blob, bytes: read(blob) as Uint8Array }));
  run(c, `DELETE FROM ${name} WHERE pack = ?`, pack);
  run(c, `DELETE FROM ${name}_pack WHERE id = ?`, pack);
  for (const smaller of packSync(values, kind)) insertPack(c, kind, smaller);
}
