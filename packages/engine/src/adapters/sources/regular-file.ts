/**
 * Reads one regular file that may be hostile: a link, a pipe that never ends, a file that changes while it is read.
 * Knows nothing of workspaces; callers pass absolute paths they may read.
 */
import type { BigIntStats } from 'node:fs';
import { closeSync, constants, fstatSync, openSync, readlinkSync, readSync } from 'node:fs';
import { type FileStamp, sameStamp } from '../../model/file.ts';

/** Links are not followed, and a pipe is opened without waiting for its writer. Both flags are 0 on Windows. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const MAX_ATTEMPTS = 4;

export interface StampedBytes {
  readonly bytes: Uint8Array;
  readonly stamp: FileStamp;
  /** Where the file was after it was read, by the real path; undefined: not known. */
  readonly path?: string | undefined;
}

export function toStamp(stats: BigIntStats): FileStamp {
  return { size: Number(stats.size), mtimeNs: stats.mtimeNs, ctimeNs: stats.ctimeNs, inode: stats.ino };
}

/**
 * Bytes with the stamp they had: read again when the file changed meanwhile.
 * undefined: gone, not a regular file, unreadable, larger than `maxBytes`, or never at rest. `locate`: with its path.
 */
export function readRegularFile(path: string, maxBytes: number, locate = false): StampedBytes | undefined {
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
      if (bytes.length === after.size && sameStamp(toStamp(before), after))
        return { bytes, stamp: after, path: locate ? pathOf(file) : undefined };
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
    length += read;
    // One byte less than it was asked for: the end, which another call would only confirm.
    if (read === 0 || length === size) break;
  }
  return buffer.subarray(0, length);
}

/** One call where Linux tells; asking for each folder on the way takes several. What was removed has another name there. */
function pathOf(file: number): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return readlinkSync(`/proc/self/fd/${file}`);
  } catch {
    return undefined;
  }
}
