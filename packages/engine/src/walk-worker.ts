/** Entry of a thread that lists the files of one root and ends: a composition root of its own. */
import { parentPort, workerData } from 'node:worker_threads';
import { openDiskSource } from './adapters/sources/disk-source.ts';
import { packWalk } from './adapters/threads/walk-thread.ts';

const packed = packWalk(await openDiskSource(workerData as string).walk());
parentPort?.postMessage(packed, [packed.stamps.buffer]);
