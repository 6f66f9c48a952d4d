import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { afterEach, expect, test, vi } from 'vitest';
import type { ScanThreads } from '../../ports/scan-threads.ts';
import { headerOf } from '../../vectors/scan-job.ts';
import { instantiateScan, type ScanKernel } from '../../vectors/scan-kernel.ts';
import { randomRows, randomVector } from '../../vectors/testing/reference.ts';
import { createVectorSpace, type VectorSpace } from '../../vectors/vector-space.ts';
import { createScanThreads } from './scan-threads.ts';

const entry = new URL('../../scan-worker.ts', import.meta.url);
const dims = 256;
const rows = randomRows(40_000, dims, 1);
const opened: ScanThreads[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((threads) => threads.close()));
});

function threadsOf(count: number, idleMs?: number): ScanThreads {
  const threads = createScanThreads(entry, count, { isBusy: () => false, ...(idleMs ? { idleMs } : {}) });
  opened.push(threads);
  return threads;
}

function spaceWith(threads?: ScanThreads): VectorSpace {
  const space = createVectorSpace({ dims, threadedBytes: 0, threads });
  space.addBlock(3, rows.subarray(0, 30_001 * dims));
  space.addBlock(1, rows.subarray(30_001 * dims));
  space.addBlock(2, rows.subarray(0, 101 * dims)); // equal scores in two blocks
  return space;
}

const mask = (block: number) => (block === 3 ? new Uint8Array(3_751).fill(0b1010_1101) : undefined);

/** Asks until helpers have taken part, which `took` tells; the answers of all turns. */
async function answers(space: VectorSpace, turns: number) {
  const all = [];
  for (let turn = 0; turn < turns; turn++) {
    const query = space.query(randomVector(dims, turn));
    all.push(query.search(50), query.search(200, mask));
    await sleep(5);
  }
  return all;
}

test('the result does not depend on how many threads help', async () => {
  const alone = await answers(spaceWith(), 20);
  for (const count of [1, 2, 3]) {
    const space = spaceWith(threadsOf(count));
    await answers(space, 1);
    await sleep(400); // threads that have started take part
    expect(await answers(space, 20)).toEqual(alone);
  }
});

test('threads do take part, in one index after another, and in memory that grew or moved', async () => {
  let helped = 0;
  const threads = threadsOf(1);
  // This thread lets the helper go first.
  const watched: ScanThreads = {
    ...threads,
    wake(memory) {
      const { words } = headerOf(memory);
      const published = Atomics.load(words, 0);
      threads.wake(memory);
      const end = performance.now() + 3_000;
      while (Atomics.load(words, 0) === published && performance.now() < end);
      if (Atomics.load(words, 0) !== published) helped++;
    },
  };
  const spaces = [spaceWith(watched), spaceWith(watched)];
  const alone = spaceWith();
  for (let round = 0; round < 4; round++) {
    for (const space of spaces) {
      space.addBlock(10 + round, rows);
      const query = randomVector(dims, round);
      if (!alone.has(10 + round)) alone.addBlock(10 + round, rows);
      expect(space.query(query).search(20)).toEqual(alone.query(query).search(20));
    }
  }
  for (const space of spaces) for (const id of [1, 3, 10, 11, 12, 13]) space.dropBlock(id);
  const query = randomVector(dims, 77);
  const fresh = createVectorSpace({ dims });
  fresh.addBlock(2, rows.subarray(0, 101 * dims));
  for (const space of spaces) expect(space.query(query).search(20)).toEqual(fresh.query(query).search(20));
  expect(helped).toBeGreaterThanOrEqual(8);
});

test('idle threads end, and start again when they are needed', async () => {
  let running = 0;
  const count = (worker: Worker) => {
    running++;
    worker.once('exit', () => running--);
  };
  process.on('worker', count);
  try {
    const space = spaceWith(threadsOf(2, 150));
    expect(running).toBe(0);
    const before = await answers(space, 2);
    expect(running).toBe(2);
    await vi.waitFor(() => expect(running).toBe(0), 5_000);
    expect(await answers(space, 2)).toEqual(before);
    expect(running).toBe(2);
  } finally {
    process.off('worker', count);
  }
});

test('on a busy machine no thread is started', async () => {
  const started = vi.fn();
  process.on('worker', started);
  try {
    const threads = createScanThreads(entry, 2, { isBusy: () => true });
    opened.push(threads);
    expect(await answers(spaceWith(threads), 3)).toEqual(await answers(spaceWith(), 3));
    expect(started).not.toHaveBeenCalled();
  } finally {
    process.off('worker', started);
  }
});

test('a thread that hangs or dies in the middle of a part costs nothing but its room', async () => {
  const hanging: ScanThreads = {
    count: 1,
    wake(memory) {
      // Claims a part, as a thread does, and never does it.
      Atomics.sub(headerOf(memory).words, 0, 1);
    },
    close: async () => {},
  };
  const space = spaceWith(hanging);
  expect(await answers(space, 5)).toEqual(await answers(spaceWith(), 5));
});

test('a thread that comes back late spoils no later answer', async () => {
  const kernels = new Map<WebAssembly.Memory, ScanKernel>();
  const late: (() => void)[] = [];
  const slow: ScanThreads = {
    count: 1,
    wake(memory) {
      for (const write of late.splice(0, 1)) write();
      const { words } = headerOf(memory);
      let kernel = kernels.get(memory);
      if (!kernel) kernels.set(memory, (kernel = instantiateScan(memory)));
      const index = (Atomics.sub(words, 0, 1) & 0xfff) - 1;
      const [query = 0, k = 0, parts = 0, heaps = 0] = words.slice(1, 5);
      const heap = heaps + index * Math.ceil((4 + 8 * k) / 16) * 16;
      late.push(() => kernel.scan(parts + index * 28, query, heap, k, Number.NEGATIVE_INFINITY));
    },
    close: async () => {},
  };
  const space = spaceWith(slow);
  const before = space.bytes;
  expect(await answers(space, 40)).toEqual(await answers(spaceWith(), 40));
  expect(space.bytes).toBeLessThan(before * 1.3);
});

test('a script that cannot be run leaves the work to the caller', async () => {
  const threads = createScanThreads(new URL('./no-such-script.ts', import.meta.url), 2, {
    isBusy: () => false,
  });
  opened.push(threads);
  expect(await answers(spaceWith(threads), 10)).toEqual(await answers(spaceWith(), 10));
});
