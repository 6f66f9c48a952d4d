/**
 * Reads one regular file that may be hostile: a link, a pipe that never ends, a file that changes while it is read.
 * Knows nothing of workspaces; callers pass absolute paths they may read.
 */
import type { BigIntStats } from 'node:fs';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { type FileStamp, sameStamp } from '../../model/file.ts';

/** Links are not followed, and a pipe is opened without waiting for its writer. Both flags are 0 on Windows. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const MAX_ATTEMPTS = 4;

export interface StampedBytes {
  readonly bytes: Uint8Array;
  readonly stamp: FileStamp;
}

export function toStamp(stats: BigIntStats): FileStamp {
  return { size: Number(stats.size), mtimeNs: stats.mtimeNs, ctimeNs: stats.ctimeNs, inode: stats.ino };
}

/**
 * Bytes with the stamp they had: read again when the file changed meanwhile.
 * undefined: gone, not a regular file, unreadable, larger than `maxBytes`, or never at rest.
 */
export function readRegularFile(path: string, maxBytes: number): StampedBytes | undefined {
  let file: number;
  try {
    file = openSync(path, OPEN_FLAGS);
  } catch {
    return undefined;
  }
  try {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const before = fstatSync(file, { bigint: true });
      if (!before.isFile() || before.size > BigInt(maxBytes)) return undefined;
      const bytes = readAll(file, Number(before.size));
      const after = toStamp(fstatSync(file, { bigint: true }));
      if (bytes.length === after.size && sameStamp(toStamp(before), after)) return { bytes, stamp: after };
    }
    return undefined;
  } catch {
    return undefined;
  } finally {
    closeSync(file);
  }
}

/** One byte more than expected is asked for, so that a file that grew shows. */
function readAll(file: number, size: number): Uint8Array {
  const buffer = new Uint8Array(size + 1);
  let length = 0;
  while (length < buffer.length) {
    const read = readSync(file, buffer, length, buffer.length - length, length);
    if (read === 0) break;
    length += read;
  }
  return buffer.subarray(0, length);
}
