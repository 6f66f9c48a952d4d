import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FileEntry, FileStamp } from '../model/file.ts';
import { stampText } from './batch.ts';
import { batchesOf, planWork } from './plan-work.ts';

const stamp = (size: number, mtime = 1n): FileStamp => ({ size, mtimeNs: mtime, ctimeNs: mtime, inode: 7n });
const entry = (path: string, size = 10, mtime = 1n): FileEntry => ({ path, stamp: stamp(size, mtime) });
const known = (...entries: FileEntry[]) => ({
  stamps: new Map(entries.map((e) => [e.path, e.stamp])),
  skipped: [],
});

function print(plan: ReturnType<typeof planWork>): string {
  return [
    `read ${plan.changed.map((e) => e.path).join(' ')}`,
    `forget ${plan.removed.join(' ')}`,
    `skip ${plan.skipped.map((e) => `${e.path}:${e.reason}`).join(' ')}`,
    `same ${plan.unchanged}`,
  ].join(', ');
}

test('files are read when new or when their stamp differs in anything', () => {
  const before = known(entry('a.ts'), entry('b.ts'), entry('c.ts'), entry('gone.ts'));
  const now = [entry('a.ts'), entry('b.ts', 11), entry('c.ts', 10, 2n), entry('new.ts')];
  expect(print(planWork(now, before, 1000))).toBe('read b.ts c.ts new.ts, forget gone.ts, skip , same 1');
  expect(print(planWork(now, before, 1000, true))).toBe(
    'read a.ts b.ts c.ts new.ts, forget gone.ts, skip , same 0',
  );
});

test('what its name or size leaves out is forgotten, with the reason', () => {
  const before = known(entry('a.ts'), entry('key.pem'));
  const now = [entry('a.ts', 2000), entry('key.pem'), entry('logo.png'), entry('package-lock.json')];
  expect(print(planWork(now, before, 1000))).toBe(
    'read , forget a.ts key.pem, skip a.ts:too_large key.pem:secret logo.png:binary package-lock.json:generated, same 0',
  );
});

test('what its content left out is not read again until its stamp changes', () => {
  const seen = stampText(stamp(10)) as string;
  const skipped = [
    { path: 'blob', reason: 'binary', stamp: seen },
    { path: 'old', reason: 'binary' },
  ] as const;
  const before = { stamps: new Map(), skipped };
  expect(print(planWork([entry('blob'), entry('old')], before, 1000))).toBe(
    'read old, forget , skip blob:binary, same 0',
  );
  expect(print(planWork([entry('blob', 12)], before, 1000))).toBe('read blob, forget , skip , same 0');
  expect(print(planWork([entry('blob')], before, 1000, true))).toBe('read blob, forget , skip , same 0');
});

test('a stamp that proves nothing never counts as the same', () => {
  const racy = { ...stamp(10), ctimeNs: 0n };
  const before = { stamps: new Map([['a.ts', racy]]), skipped: [] };
  expect(planWork([entry('a.ts')], before, 1000).changed).toHaveLength(1);
  expect(stampText(racy)).toBeUndefined();
});

test('batches hold every file once, in order, and pass a limit by one file at most', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(50), { maxLength: 60 }),
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 9 }),
      (sizes, bytes, files) => {
        const entries = sizes.map((size, i) => entry(`f${i}`, size));
        const batches = batchesOf(entries, bytes, files);
        expect(batches.flat()).toEqual(entries);
        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(files);
          expect(batch.slice(0, -1).reduce((sum, e) => sum + e.stamp.size, 0)).toBeLessThan(bytes);
        }
      },
    ),
  );
});
