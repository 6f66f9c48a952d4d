/**
 * Worker threads that help to scan vectors. They start when first woken (the scan at hand does not wait for them) and end
 * when nobody has woken them for a while. Knows nothing of scans: the entry script does.
 */
import { availableParallelism, loadavg } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { ScanThreads } from '../../ports/scan-threads.ts';

/** To the thread: work in this memory, or, without one, in the last again. */
export interface ScanWake {
  readonly memory?: WebAssembly.Memory;
}

interface Helper {
  readonly worker: Worker;
  /** Known to the thread. Weak: an index that was closed must not stay in memory for its sake. */
  memory: WeakRef<WebAssembly.Memory> | undefined;
}

export interface ScanThreadsOptions {
  readonly idleMs?: number;
  /** Whether threads are better left asleep now; measures the machine unless given. */
  readonly isBusy?: () => boolean;
}

const IDLE_MS = 10_000;
/** A helper keeps nothing on its heap. */
const LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 32 };

/** `entry`: script that gets a `ScanWake` per message. */
export function createScanThreads(
  entry: URL,
  count: number,
  { idleMs = IDLE_MS, isBusy = isMachineBusy }: ScanThreadsOptions = {},
): ScanThreads {
  const helpers: (Helper | undefined)[] = [];
  let idle: NodeJS.Timeout | undefined;

  const hire = (index: number): Helper => {
    const worker = new Worker(entry, {
      name: 'conexus-scan',
      resourceLimits: LIMITS,
    });
    const helper: Helper = { worker, memory: undefined };
    const leave = () => {
      if (helpers[index] === helper) helpers[index] = undefined;
    };
    // One that fails is missed by nobody; the next wake starts another.
    worker.on('error', leave);
    worker.on('exit', leave);
    worker.unref();
    return helper;
  };

  const wakeOne = (index: number, memory: WebAssembly.Memory) => {
    const helper = (helpers[index] ??= hire(index));
    const known = helper.memory?.deref() === memory;
    helper.worker.postMessage((known ? {} : { memory }) satisfies ScanWake);
    if (!known) helper.memory = new WeakRef(memory);
  };

  const close = async () => {
    clearTimeout(idle);
    idle = undefined;
    await Promise.all(helpers.splice(0).map((helper) => helper?.worker.terminate()));
  };

  return {
    count,
    wake(memory) {
      if (isBusy()) return;
      try {
        for (let index = 0; index < count; index++) wakeOne(index, memory);
      } catch {
        // The system gives no more threads: the caller does the work.
      }
      idle ??= setTimeout(() => void close(), idleMs).unref();
      idle.refresh();
    },
    close,
  };
}

/**
 * More is waiting than there are processors: a thread that wakes up takes its turn from somebody, often from the one that woke
 * it (measured at a load of 15 on two processors: 10 ms with a helper, 1.7 without). Windows tells no load: never busy.
 */
const isMachineBusy = (): boolean => (loadavg()[0] ?? 0) > availableParallelism();
