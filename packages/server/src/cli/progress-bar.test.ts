import { expect, it } from 'vitest';
import { progressText } from './progress-bar.ts';

it('draws progress with an estimate', () => {
  expect(
    progressText({
      phase: 'indexing',
      filesDone: 50,
      filesTotal: 200,
      bytesDone: 25,
      bytesTotal: 100,
      elapsedMs: 1,
      remainingMs: 12_000,
    }),
  ).toBe(`Indexing [${'█'.repeat(6)}${'░'.repeat(18)}] 50 of 200 files (25 %), about 12 s left`);
});
