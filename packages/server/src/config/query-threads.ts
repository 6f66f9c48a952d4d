/** How many threads answer searches when nobody has said. Each holds postings, vectors and outlines of every repository that it is asked about. */
import { availableParallelism, totalmem } from 'node:os';

const GB = 2 ** 30;

/** A core stays for HTTP, which answers searches, too; the machine's memory, or that of the container. */
export function defaultQueryThreads(
  cores = availableParallelism(),
  bytes = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY),
): number {
  if (cores >= 8 && bytes >= 15 * GB) return 2;
  // A machine that is sold as having 8 GB has somewhat less.
  return cores >= 2 && bytes >= 7.5 * GB ? 1 : 0;
}
