/**
 * Work on many files by several threads that draw parts from a common queue, so that none is idle while there is work. A file
 * that ends its thread is found and given up alone.
 */
import type { FileEntry, FilePath } from '../model/file.ts';
import { batchesOf } from './plan-work.ts';
import { WorkerLostError } from './worker-pool.ts';

export interface LaneWork<Result> {
  readonly parallel: number;
  readonly signal: AbortSignal | undefined;
  /** What a thread is handed at a time. */
  readonly partBytes: number;
  /** What is handed out for one result: parts follow each other until it is reached. */
  readonly firstBatchBytes: number;
  readonly batchBytes: number;
  /** `more` hands out further paths of the same batch; an empty list ends it. `suspect`: one of the files may have ended a thread. */
  run(
    part: { readonly paths: readonly FilePath[]; readonly suspect?: boolean },
    more?: () => readonly FilePath[],
  ): Promise<Result>;
  done(result: Result, entries: readonly FileEntry[]): Promise<void>;
  /** The file ends each thread that reads it. */
  giveUp(entry: FileEntry): Promise<void>;
}

const PART_FILES = 100;

/** Parts that one thread was handed, and what became of them. */
interface Filled<Result> {
  readonly parts: readonly FileEntry[][];
  readonly result: Result | WorkerLostError;
}

/**
 * Each lane fills one batch after the other. When a thread is lost, the parts it held last are taken apart to find the file; the rest
 * of its batch goes back to the queue. Ends early, without an error, with the signal.
 */
export async function workInLanes<Result>(
  entries: readonly FileEntry[],
  work: LaneWork<Result>,
): Promise<void> {
  const queue = batchesOf(entries, work.partBytes, PART_FILES);
  const lanes = Math.min(work.parallel, queue.length);
  let failed = false;
  const isOver = () => queue.length === 0 || failed || work.signal?.aborted === true;
  const fill = async (limit: number): Promise<Filled<Result>> => {
    const parts: FileEntry[][] = [];
    let bytes = 0;
    const more = (): FilePath[] => {
      const part = bytes < limit && !isOver() ? queue.shift() : undefined;
      if (!part) return [];
      parts.push(part);
      bytes += sizeOf(part);
      return pathsOf(part);
    };
    try {
      return { parts, result: await work.run({ paths: more() }, more) };
    } catch (error) {
      if (!(error instanceof WorkerLostError)) throw error;
      return { parts, result: error };
    }
  };
  const finish = async ({ parts, result }: Filled<Result>) => {
    if (!(result instanceof WorkerLostError)) return work.done(result, parts.flat());
    const stuck = parts.flat()[(result.stuckIn ?? 0) - 1];
    if (stuck) {
      queue.unshift(...parts.map((part) => part.filter((entry) => entry !== stuck)));
      return work.giveUp(stuck);
    }
    // The thread asks one part ahead, so it was at work on one of the last two.
    queue.unshift(...parts.slice(0, -2));
    await findBad(parts.slice(-2).flat(), work);
  };
  const start = (limit: number) => {
    const filling = fill(limit);
    // Awaited later; a failure until then is not lost, and no unhandled one either.
    filling.catch(() => {});
    return filling;
  };
  const lane = async () => {
    try {
      let filling: Promise<Filled<Result>> | undefined = start(work.firstBatchBytes);
      while (filling) {
        const filled: Filled<Result> = await filling;
        // The thread goes on with the next batch while this one is kept.
        filling = isOver() ? undefined : start(work.batchBytes);
        await finish(filled);
        // A lost thread's parts are back in the queue.
        filling ??= isOver() ? undefined : start(work.batchBytes);
      }
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** Halves the files until the one that ends threads is alone. */
async function findBad<Result>(suspects: readonly FileEntry[], work: LaneWork<Result>): Promise<void> {
  if (suspects.length === 0 || work.signal?.aborted) return;
  try {
    await work.done(await work.run({ paths: pathsOf(suspects), suspect: true }), suspects);
  } catch (error) {
    if (!(error instanceof WorkerLostError)) throw error;
    if (suspects.length === 1) return work.giveUp(suspects[0] as FileEntry);
    const middle = suspects.length >> 1;
    await findBad(suspects.slice(0, middle), work);
    await findBad(suspects.slice(middle), work);
  }
}

const pathsOf = (entries: readonly FileEntry[]): FilePath[] => entries.map((entry) => entry.path);
const sizeOf = (entries: readonly FileEntry[]) => entries.reduce((sum, entry) => sum + entry.stamp.size, 0);
