/** Turns what SQLite and the file system throw into errors a user can act on. Must not know tables or methods. */
import { crc32 } from 'node:zlib';
import { ConexusError } from '../../../model/errors.ts';

/** Primary result codes of SQLite (the low byte of an extended code). */
const SQLITE_PERM = 3;
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_READONLY = 8;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_AUTH = 23;
const SQLITE_NOTADB = 26;

/** Extended codes that mean something else than their primary code. */
const SQLITE_IOERR_SHORT_READ = 522;
const SQLITE_IOERR_SHMSIZE = 4874;
const SQLITE_IOERR_CORRUPTFS = 8458;
const SQLITE_READONLY_DBMOVED = 1032;

const UNWRITABLE_CODES = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOTDIR',
  'EISDIR',
  'ENOENT',
  'ELOOP',
  'ENAMETOOLONG',
]);

export function corrupt(file: string, why: string, cause?: unknown): ConexusError {
  return new ConexusError(
    'store_corrupt',
    `The index ${file} cannot be used: ${why}.`,
    'Index the workspace again; the damaged index is set aside and a new one is built.',
    cause === undefined ? undefined : { cause },
  );
}

export function busy(file: string, waitedMs: number, cause?: unknown): ConexusError {
  return new ConexusError(
    'store_busy',
    `The index ${file} is being written by another process and was not free within ${waitedMs} ms.`,
    'Try again; if it persists, stop the other Conexus processes that index this repository.',
    cause === undefined ? undefined : { cause },
  );
}

export function full(file: string, cause?: unknown): ConexusError {
  return new ConexusError(
    'store_full',
    `The index ${file} could not be written: the disk, or the space it may use, is full. The previous index still answers.`,
    'Free disk space or remove indexes that are no longer used, then index again.',
    cause === undefined ? undefined : { cause },
  );
}

export function unwritable(file: string, cause?: unknown): ConexusError {
  return new ConexusError(
    'store_unwritable',
    `The index ${file} cannot be opened for writing.`,
    'Make its folder writable for this user, or set CONEXUS_HOME to a folder that is.',
    cause === undefined ? undefined : { cause },
  );
}

/** Extended result code of an error thrown by `node:sqlite`, undefined for any other error. */
export function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}

export function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code !== undefined && ((code & 0xff) === SQLITE_BUSY || (code & 0xff) === SQLITE_LOCKED);
}

/** The typed error for what was thrown; anything that is not about storage comes back as it was. */
export function storeError(error: unknown, file: string, waitedMs = 0): unknown {
  const code = resultCode(error);
  if (code === undefined) return fileError(error, file);
  if (code === SQLITE_IOERR_SHORT_READ || code === SQLITE_IOERR_CORRUPTFS)
    return corrupt(file, 'it is damaged', error);
  if (code === SQLITE_IOERR_SHMSIZE) return full(file, error);
  if (code === SQLITE_READONLY_DBMOVED) return corrupt(file, 'it was moved or removed while in use', error);
  switch (code & 0xff) {
    case SQLITE_CORRUPT:
      return corrupt(file, 'it is damaged', error);
    case SQLITE_NOTADB:
      return corrupt(file, 'it is not an index', error);
    case SQLITE_FULL:
      return full(file, error);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return busy(file, waitedMs, error);
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_IOERR:
      return unwritable(file, error);
    default:
      return error;
  }
}

function fileError(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  // From reading a column: nothing we write is beyond its type.
  if (error.code === 'ERR_OUT_OF_RANGE') return corrupt(file, 'it is damaged', error);
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') return full(file, error);
  return UNWRITABLE_CODES.has(error.code) ? unwritable(file, error) : error;
}

/** The bytes, if they are what was written. @throws ConexusError store_corrupt */
export function checked(
  { file }: { readonly file: string },
  what: string,
  bytes: Uint8Array,
  crc: number,
): Uint8Array {
  // A damaged row may hold any type.
  if (!(bytes instanceof Uint8Array) || crc32(bytes) !== crc)
    throw corrupt(file, `${what} does not match its checksum`);
  return bytes;
}
