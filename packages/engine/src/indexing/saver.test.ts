import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSaver } from './saver.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('what was scheduled', () => {
  it('is saved once, soon after the last call', async () => {
    const save = vi.fn(async () => {});
    const saver = createSaver(save);
    for (let i = 0; i < 5; i++) {
      saver.schedule();
      await vi.advanceTimersByTimeAsync(300);
    }
    expect(save).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(200);
    expect(save).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(save).toHaveBeenCalledTimes(1);
  });

  it('is saved within seconds of an endless stream of calls', async () => {
    const save = vi.fn(async () => {});
    const saver = createSaver(save);
    for (let i = 0; i < 60; i++) {
      saver.schedule();
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(save).toHaveBeenCalledTimes(1);
  });

  it('is tried again ever later while it fails, whatever is scheduled meanwhile, and at once when it works', async () => {
    const times: number[] = [];
    let isFull = true;
    const saver = createSaver(async () => {
      times.push(Math.round(performance.now()));
      if (isFull) throw new Error('full');
    });
    saver.schedule();
    await vi.advanceTimersByTimeAsync(401);
    expect(saver.error).toBeInstanceOf(Error);
    for (let i = 0; i < 200; i++) {
      saver.schedule();
      await vi.advanceTimersByTimeAsync(1_000);
    }
    const pauses = times.slice(1).map((time, i) => Math.round((time - (times[i] as number)) / 1_000));
    expect(pauses.slice(0, 7)).toEqual([1, 2, 4, 8, 16, 32, 60]);
    isFull = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(saver.error).toBeUndefined();
    const before = times.length;
    saver.schedule();
    await vi.advanceTimersByTimeAsync(401);
    expect(times.length).toBe(before + 1);
  });
});

describe('flush', () => {
  it('waits for a save that is running, and one that fails is not in the way of the next', async () => {
    const order: string[] = [];
    let fails = true;
    const saver = createSaver(async () => {
      order.push('begin');
      await new Promise((resolve) => setTimeout(resolve, 10));
      order.push('end');
      if (fails) throw new Error('busy');
    });
    const first = saver.flush();
    const failed = expect(first).rejects.toThrow('busy');
    const second = saver.flush().catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(10);
    fails = false;
    await failed;
    await vi.advanceTimersByTimeAsync(10);
    expect(await second).toBeUndefined();
    expect(order).toEqual(['begin', 'end', 'begin', 'end']);
  });

  it('nothing is scheduled after closing', async () => {
    const save = vi.fn(async () => {});
    const saver = createSaver(save);
    saver.schedule();
    saver.close();
    saver.schedule();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(save).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});
