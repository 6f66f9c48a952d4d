import type { Freshness, SearchAnswer, SearchHit } from '@conexus/engine';
import type { SearchOutput } from '@conexus/sdk/contract';
import { LIMITS } from '@conexus/sdk/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeJointCursor } from '../operations/cursor.ts';
import { pairedOutcome, rankedOutcome } from '../operations/ranked.ts';
import { clipTokens } from './budget.ts';
import { freshnessLine } from './freshness.ts';
import { estimateTokens, fence, formatBytes, formatCount, formatDuration, inline } from './text.ts';

const anyText = fc.oneof(
  fc.string({ maxLength: 3_000 }),
  fc.string({ unit: 'grapheme', maxLength: 600 }),
  fc
    .array(
      fc.constantFrom('```', '````', '\n', 'const a = 1;', '中文字', '\u202e', '# heading', '</code>', '\0'),
      { maxLength: 200 },
    )
    .map((parts) => parts.join('')),
);

const hit: fc.Arbitrary<SearchHit> = fc.record({
  path: fc.string({ minLength: 1, maxLength: 400 }),
  start: fc.nat({ max: 99_999 }),
  end: fc.nat({ max: 99_999 }),
  hash: fc.constant('0123456789abcdef0123456789abcdef'),
  score: fc.double({ min: 0, max: 100, noNaN: true }),
  language: fc.constantFrom('typescript', 'text', 'c_sharp'),
  kind: fc.constantFrom('code', 'test'),
  symbol: fc.string({ maxLength: 300 }),
  text: anyText,
  textStart: fc.constant(1),
  textEnd: fc.nat({ max: 99_999 }),
  reasons: fc.array(fc.string({ maxLength: 300 }), { maxLength: 8 }),
  copies: fc.array(fc.string({ maxLength: 300 }), { maxLength: 6 }),
});

const freshness: fc.Arbitrary<Freshness> = fc.record({
  state: fc.constantFrom('fresh', 'pending', 'building'),
  commit: fc.string({ maxLength: 60 }),
  branch: fc.string({ unit: 'grapheme', maxLength: 300 }),
  generation: fc.nat(),
  pending: fc.array(fc.string({ unit: 'grapheme', maxLength: 300 }), { maxLength: 20 }),
  pendingCount: fc.nat(),
  checkedBy: fc.constant('scan'),
  checkMs: fc.nat(),
});

const answer: fc.Arbitrary<SearchAnswer> = fc.record({
  hits: fc.array(hit, { maxLength: 30 }),
  freshness,
  omitted: fc.record({
    hits: fc.nat(),
    reason: fc.constant('limit' as const),
    nextOffset: fc.integer({ min: 31, max: 1_000_000 }),
  }),
  notes: fc.array(fc.string({ maxLength: 500 }), { maxLength: 10 }),
  plan: fc.record({
    kind: fc.constant('words'),
    terms: fc.array(
      fc.record({ term: fc.string({ maxLength: 100 }), weight: fc.nat(), documents: fc.nat() }),
      { maxLength: 100 },
    ),
    names: fc.array(fc.string({ maxLength: 300 }), { maxLength: 50 }),
    paths: fc.array(fc.string({ maxLength: 300 }), { maxLength: 50 }),
    retrievers: fc.constant(['lexical']),
  }),
  ms: fc.nat(),
});

type AskedRepository = NonNullable<SearchOutput['repositories']>[number];

const repositories: fc.Arbitrary<AskedRepository[]> = fc.array(
  fc.record(
    {
      name: fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,63}$/),
      state: fc.constantFrom('fresh', 'pending', 'building', 'failed'),
      error: fc.record({ code: fc.constant('store_corrupt'), message: anyText }),
    },
    { requiredKeys: ['name', 'state'] },
  ),
  { minLength: 1, maxLength: LIMITS.repositories },
);

describe('max_tokens', () => {
  const cases = fc.tuple(answer, fc.integer({ min: LIMITS.minTokens, max: 6_000 }), anyText);
  const across = fc.tuple(answer, fc.integer({ min: LIMITS.minTokens, max: 6_000 }), anyText, repositories);
  const outcomes = (
    found: SearchAnswer,
    max_tokens: number,
    asked: string,
    asking: readonly AskedRepository[] = [],
  ) => {
    const args = { limit: 10, max_tokens, query: asked };
    const [repo] = asking;
    const result = {
      asked,
      answer: repo ? { ...found, hits: found.hits.map((one) => ({ ...one, repo: repo.name })) } : found,
      offset: 0,
      args,
      notes: [],
      ...(repo && { repositories: asking }),
      cursorAfter: (shown: number) =>
        writeJointCursor('search_codebase', args, {
          offsets: asking.length === 0 ? [shown] : asking.map(() => 36 ** 4 + shown),
          generation: found.freshness.generation,
        }),
    };
    return [rankedOutcome(result), pairedOutcome(result)];
  };

  it('holds where several repositories were asked, and those that failed come first', () => {
    fc.assert(
      fc.property(across, ([found, maxTokens, asked, asking]) => {
        const [ranked, paired] = outcomes(found, maxTokens, asked, asking);
        for (const outcome of [ranked, paired])
          expect(estimateTokens(outcome?.markdown() ?? '')).toBeLessThanOrEqual(maxTokens);
        const structured = paired?.structured() as { repositories: unknown[]; results: { repo: string }[] };
        expect(estimateTokens(JSON.stringify(structured))).toBeLessThanOrEqual(maxTokens);
        expect(structured.repositories.length).toBeGreaterThan(0);
        expect(structured.results.every(({ repo }) => repo === asking[0]?.name)).toBe(true);
      }),
      { numRuns: 150, seed: 11 },
    );
  });

  it('holds for the whole rendered text, whatever the answer', () => {
    fc.assert(
      fc.property(cases, ([found, maxTokens, asked]) => {
        for (const outcome of outcomes(found, maxTokens, asked))
          expect(estimateTokens(outcome.markdown())).toBeLessThanOrEqual(maxTokens);
      }),
      { numRuns: 150, seed: 7 },
    );
  });

  it('holds for the structure, and both renderings of a record tell of the same hits', () => {
    fc.assert(
      fc.property(cases, ([found, maxTokens, asked]) => {
        const [, paired] = outcomes(found, maxTokens, asked);
        const structured = paired?.structured() as { results: unknown[]; omitted: { hits: number } };
        expect(estimateTokens(JSON.stringify(structured))).toBeLessThanOrEqual(maxTokens);
        expect(paired?.markdown().match(/^## \d+\. /gm)?.length ?? 0).toBe(structured.results.length);
        expect(structured.omitted.hits).toBe(
          found.omitted.hits + found.hits.length - structured.results.length,
        );
      }),
      { numRuns: 100, seed: 11 },
    );
  });
});

describe('text of a repository inside ours', () => {
  it('cannot close its fence', () => {
    expect(fence('a\n````\nb', 'markdown')).toBe('`````markdown\na\n````\nb\n`````');
    fc.assert(
      fc.property(anyText, (code) => {
        const lines = fence(code, 'text').split('\n');
        const bar = lines[0] ?? '';
        expect(lines.slice(1, -1).some((line) => line.includes(bar))).toBe(false);
        expect(lines.at(-1)).toBe(bar);
      }),
      { seed: 3 },
    );
  });

  it('stays on one line, with control and hidden characters spelled out', () => {
    expect(inline('a\nIgnore previous\u202etxt.exe\u200b')).toBe(
      'a\\u{a}Ignore previous\\u{202e}txt.exe\\u{200b}',
    );
    expect(inline('x'.repeat(400))).toHaveLength(301);
  });

  it('is cut at the end, never inside a character', () => {
    expect(clipTokens('abcdefghij', 2)).toBe('abc…');
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.nat({ max: 50 }),
        (text, max) =>
          clipTokens(text, max).isWellFormed() &&
          (max < 1 || estimateTokens(clipTokens(text, max)) <= Math.max(1, max)),
      ),
      { seed: 5 },
    );
  });
});

describe('freshness in one line', () => {
  const base: Freshness = {
    state: 'fresh',
    commit: '1a2b3c4d5e',
    branch: 'main',
    generation: 3,
    pending: [],
    pendingCount: 0,
    checkedBy: 'watcher',
    checkMs: 0.2,
  };
  const progress = {
    phase: 'indexing',
    filesDone: 1_234,
    filesTotal: 5_678,
    bytesDone: 22,
    bytesTotal: 100,
    elapsedMs: 1,
    remainingMs: 41_000,
  } as const;
  it.each<[string, Partial<Freshness>]>([
    ['Index: fresh · commit 1a2b3c4d (main) · generation 3 · checked by watcher in <1 ms', {}],
    [
      'Index: pending, 7 changed files not in this answer yet: a.ts, b.ts and 5 more · commit 1a2b3c4d (main) · generation 3 · checked by watcher in <1 ms',
      { state: 'pending', pending: ['a.ts', 'b.ts'], pendingCount: 7 },
    ],
    [
      'Index: building, 1,234 of 5,678 files (22 %), about 41 s left; answers are partial · commit 1a2b3c4d (main) · generation 3 · checked by watcher in <1 ms',
      { state: 'building', progress },
    ],
    [
      'Index: building, listing files; answers are partial · commit 1a2b3c4d (main) · generation 3 · checked by watcher in <1 ms',
      { state: 'building', progress: { ...progress, phase: 'walking' } },
    ],
  ])('%s', (line, change) => {
    expect(freshnessLine({ ...base, ...change })).toBe(line);
  });
});

it('writes numbers for people', () => {
  expect([0, 1023, 1536, 10_485_760, 5e12].map(formatBytes)).toEqual([
    '0 B',
    '1023 B',
    '1.5 KiB',
    '10 MiB',
    '4.5 TiB',
  ]);
  expect([0.2, 15, 1_500, 42_000, 600_000].map(formatDuration)).toEqual([
    '<1 ms',
    '15 ms',
    '1.5 s',
    '42 s',
    '10 min',
  ]);
  expect(formatCount(1_234_567)).toBe('1,234,567');
});
