import { expect, it } from 'vitest';
import { progressClause, progressShare } from './freshness.ts';

const counts = { filesDone: 3, filesTotal: 3, bytesDone: 9, bytesTotal: 9 };

it('says that the index is whole while the model learns its words', () => {
  const learning = { phase: 'learning', ...counts, elapsedMs: 3_200 } as const;
  const resolving = { phase: 'resolving', ...counts, elapsedMs: 1_100 } as const;
  expect(progressClause(resolving)).toBe('following calls and imports, 1.1 s');
  expect(progressShare(resolving)).toBe(1);
  expect(progressClause(learning)).toBe('learning the words of this repository, 3.2 s');
  expect(progressShare(learning)).toBe(1);
});

it('counts files by their bytes while their calls are read', () => {
  const facts = { phase: 'facts', ...counts, filesDone: 1, bytesDone: 6, elapsedMs: 10 } as const;
  expect(progressClause({ ...facts, remainingMs: 2_000 })).toBe(
    'reading calls of 1 of 3 files (66 %), about 2.0 s left',
  );
  expect(progressShare(facts)).toBeCloseTo(2 / 3);
});

it('counts files while it indexes', () => {
  const indexing = { phase: 'indexing', ...counts, filesDone: 1, bytesDone: 3, elapsedMs: 10 } as const;
  expect(progressClause(indexing)).toBe('1 of 3 files (33 %)');
});
