import { expect, it, vi } from 'vitest';
import { openLogWriter } from './log-writer.ts';

/** A place for so many bytes, then nothing, until it is given room. */
function place(room: number) {
  let text = '';
  return {
    give: (bytes: number) => (room += bytes),
    text: () => text,
    put(data: Uint8Array) {
      if (room === 0) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      const taken = Math.min(room, data.length);
      text += Buffer.from(data.subarray(0, taken));
      room -= taken;
      return taken;
    },
  };
}
const wordLoss = (lines: number, reason: string) => `(${lines} lost: ${reason})\n`;

it('a log that takes nothing keeps its lines, goes on where it stopped, and says what was lost', () => {
  vi.useFakeTimers();
  try {
    const disk = place(8);
    const log = openLogWriter({ put: disk.put, wordLoss, maxWaitingBytes: 12 });
    for (const line of ['one\n', 'two\n', 'three\n', 'four\n', 'five\n', 'six\n']) log.write(line);
    expect(disk.text()).toBe('one\ntwo\n');
    disk.give(2);
    vi.advanceTimersByTime(200);
    expect(disk.text()).toBe('one\ntwo\nth');
    disk.give(1_000);
    vi.advanceTimersByTime(200);
    log.write('seven\n');
    expect(disk.text()).toBe('one\ntwo\nthree\nfour\n(2 lost: ENOSPC)\nseven\n');
  } finally {
    vi.useRealTimers();
  }
});

it('the end of a process waits a moment for it, and no longer', async () => {
  const log = openLogWriter({ put: place(0).put, wordLoss });
  log.write('never\n');
  const started = performance.now();
  await log.close();
  expect(performance.now() - started).toBeLessThan(5_000);
});
