/**
 * A walk of a tree in a thread of its own, while the calling thread reads the index it is compared with. The result comes back as
 * one text and one array of numbers: as objects, copying it would take as long as the walk. Knows no walk: the entry script does.
 */
import { Worker } from 'node:worker_threads';
import type { FileEntry, SkippedFile } from '../../model/file.ts';
import type { WalkResult } from '../../ports/source.ts';

export interface PackedWalk {
  /** Joined by NUL, which no path has. */
  readonly paths: string;
  /** Per file: size, mtime, ctime, inode; the last as its 64 bits. */
  readonly stamps: BigInt64Array<ArrayBuffer>;
  readonly skipped: readonly SkippedFile[];
  readonly ignoredCount: number;
}

const PER_FILE = 4;

export function packWalk({ files, skipped, ignoredCount }: WalkResult): PackedWalk {
  const stamps = new BigInt64Array(files.length * PER_FILE);
  files.forEach(({ stamp }, i) => {
    stamps[i * PER_FILE] = BigInt(stamp.size);
    stamps[i * PER_FILE + 1] = stamp.mtimeNs;
    stamps[i * PER_FILE + 2] = stamp.ctimeNs;
    stamps[i * PER_FILE + 3] = stamp.inode;
  });
  return { paths: files.map(({ path }) => path).join('\0'), stamps, skipped, ignoredCount };
}

export function unpackWalk({ paths, stamps, skipped, ignoredCount }: PackedWalk): WalkResult {
  const inodes = new BigUint64Array(stamps.buffer);
  const names = stamps.length === 0 ? [] : paths.split('\0');
  const files = names.map((path, i): FileEntry => {
    const at = i * PER_FILE;
    const stamp = {
      size: Number(stamps[at]),
      mtimeNs: stamps[at + 1] as bigint,
      ctimeNs: stamps[at + 2] as bigint,
      inode: inodes[at + 3] as bigint,
    };
    return { path, stamp };
  });
  return { files, skipped, ignoredCount };
}

/** A walk keeps its list, and little else. */
const LIMITS = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 512 };

/** `entry`: script that gets the root as its data and posts a `PackedWalk`. Begins at once. @throws Error the thread ended before */
export function walkInThread(entry: URL, root: string): Promise<WalkResult> {
  const worker = new Worker(entry, { name: 'conexus-walk', resourceLimits: LIMITS, workerData: root });
  // Who gives up meanwhile does not wait for it.
  worker.unref();
  const { promise, resolve, reject } = Promise.withResolvers<WalkResult>();
  worker.once('message', (packed: PackedWalk) => {
    resolve(unpackWalk(packed));
    void worker.terminate();
  });
  worker.once('error', reject);
  worker.once('exit', (code) => reject(new Error(`the thread that lists files ended with ${code}`)));
  return promise;
}
