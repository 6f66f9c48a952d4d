import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { IndexProgress } from '../model/search.ts';
import { createProgressMeter } from './progress.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

test('the time left follows the bytes done, and is not guessed from next to nothing', () => {
  const meter = createProgressMeter();
  expect(meter.current.remainingMs).toBeUndefined();
  meter.total(100, 1000);
  meter.phase('indexing');
  vi.advanceTimersByTime(1000);
  meter.done(1, 10);
  expect(meter.current.remainingMs).toBeUndefined();
  meter.done(9, 240);
  expect(meter.current).toMatchObject({ filesDone: 10, bytesDone: 250, elapsedMs: 1000, remainingMs: 3000 });
  vi.advanceTimersByTime(1000);
  meter.done(90, 750);
  expect(meter.current.remainingMs).toBe(0);
});

test('every step is reported; without bytes there is no estimate', () => {
  const seen: IndexProgress[] = [];
  const meter = createProgressMeter((progress) => seen.push(progress));
  meter.phase('walking');
  meter.total(2, 0);
  meter.phase('indexing');
  meter.done(2, 0);
  meter.phase('done');
  expect(seen.map(({ phase, filesDone }) => `${phase} ${filesDone}`)).toEqual([
    'walking 0',
    'walking 0',
    'indexing 0',
    'indexing 2',
    'done 2',
  ]);
  expect(seen.every(({ remainingMs }) => remainingMs === undefined)).toBe(true);
});
