/**
 * Notices that the kernel may have dropped events. Node does not pass on inotify's overflow event, but what the queue held is
 * delivered in one go: a run of events almost as long as the queue means that more may have been lost.
 * The queue belongs to the process, so the count does, too.
 */
import { readFileSync } from 'node:fs';
import { MAX_PENDING_PATHS } from './change-log.ts';

const QUEUE_FILE = '/proc/sys/fs/inotify/max_queued_events';

let limit: number | undefined;
let count = 0;
const suspects = new Set<() => void>();

/** Calls back when events may have been lost. Returns the function that ends it. */
export function onSuspectedLoss(listener: () => void): () => void {
  suspects.add(listener);
  return () => void suspects.delete(listener);
}

/** Counts one event of the current turn of the event loop. */
export function countEvent(): void {
  if (count === 0) setImmediate(beginTurn);
  count++;
  limit ??= burstLimit();
  if (count === limit) for (const listener of suspects) listener();
}

function beginTurn(): void {
  count = 0;
}

function burstLimit(): number {
  try {
    const queue = Number.parseInt(readFileSync(QUEUE_FILE, 'utf8'), 10);
    return queue > 0 ? Math.min(MAX_PENDING_PATHS, Math.floor(queue / 2)) : MAX_PENDING_PATHS;
  } catch {
    return MAX_PENDING_PATHS;
  }
}
