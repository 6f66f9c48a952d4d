/** The bound of an analysis, and that its pages together say everything once. */
import type { AnalysisAnswer } from '@conexus/engine';
import { AnalyzeInput, AnalyzeOutput } from '@conexus/sdk/contract';
import { expect, test } from 'vitest';
import { makeStyle } from '../render/style.ts';
import { estimateTokens } from '../render/text.ts';
import { type AnalysisResult, analysisOutcome } from './analysis-outcome.ts';
import { readCursor } from './cursor.ts';

const HASH = 'ab'.repeat(16);

/** Sections with so many claims of so many characters. */
function answerOf(counts: readonly number[], chars: number): AnalysisAnswer {
  const names = ['overview', 'call_graph', 'side_effects', 'limitations'] as const;
  const sections = counts.map((count, i) => ({
    name: names[i] ?? ('tests' as const),
    claims: Array.from({ length: count }, (_, n) => ({
      text: `${names[i]} ${n} ${'é \u202e`x` '.repeat(1 + chars / 8)}`,
      evidence: [
        {
          path: `src/file-${n % 7}.ts`,
          start: n + 1,
          end: n + 2,
          hash: HASH,
          resolution: 'inferred' as const,
        },
      ],
    })),
    omitted: 0,
  }));
  const subject = {
    name: 'Store.load',
    kind: 'method',
    path: 'src/a.ts',
    start: 1,
    end: 9,
    hash: HASH,
    language: 'typescript',
    head: 'load() {\n```\n',
  } as const;
  return {
    route: 'symbol',
    subjects: [subject, { ...subject, name: 'Other.load' }],
    candidates: [{ id: 'a.Third.load', path: 'a.ts', start: 3 }],
    sections,
    gates: [
      { name: 'evidence', state: 'passed', checked: 9, dropped: 0, detail: 'every claim has evidence' },
    ],
    steps: [{ name: 'route', ms: 1.234, outcome: 'symbol', failed: false }],
    notes: ['Behaviour is not read from COBOL.'],
    freshness: { state: 'fresh', generation: 3, pending: [], pendingCount: 0, checkedBy: 'scan', checkMs: 1 },
    ms: 5,
  };
}

function resultOf(answer: AnalysisAnswer, given: object, offset = 0): AnalysisResult {
  const args = AnalyzeInput.parse({ target: 'Store.load', ...given });
  return { scope: 'analyze', answer, offset, args, notes: [] };
}

test('text and structure keep max_tokens, whatever is to be said', () => {
  for (const counts of [
    [0, 0],
    [1, 0, 3],
    [40, 1, 2],
    [200, 200, 200, 200],
  ])
    for (const chars of [10, 200, 5_000])
      for (const max_tokens of [300, 500, 1_000, 4_000, 20_000]) {
        const result = resultOf(answerOf(counts, chars), { max_tokens, explain: max_tokens > 400 });
        const outcome = analysisOutcome(result);
        const label = JSON.stringify({ counts, chars, max_tokens });
        expect(estimateTokens(outcome.markdown()), label).toBeLessThanOrEqual(max_tokens);
        expect(estimateTokens(outcome.terminal(makeStyle(false), max_tokens)), label).toBeLessThanOrEqual(
          max_tokens,
        );
        const structure = outcome.structured();
        expect(estimateTokens(JSON.stringify(structure)), label).toBeLessThanOrEqual(max_tokens);
        expect(AnalyzeOutput.safeParse(structure).error, label).toBeUndefined();
      }
});

test('the pages together have every claim once, and each names the next call', () => {
  const answer = answerOf([30, 3, 0, 17], 60);
  const seen: string[] = [];
  let offset = 0;
  for (let page = 0; page < 60; page++) {
    const result = resultOf(answer, { max_tokens: 1_000 }, offset);
    const text = analysisOutcome(result).markdown();
    const pageClaims = [...text.matchAll(/^- ((?:overview|call_graph|limitations) \d+)/gm)].map(
      ([, name]) => name ?? '',
    );
    seen.push(...pageClaims);
    const cursor = /"cursor": "([^"]+)"/.exec(text)?.[1];
    if (cursor === undefined) break;
    expect(text).toMatch(/\d+ more claims? left out\. Next:/);
    offset = readCursor('analyze', result.args, cursor).offset;
  }
  expect(seen.length).toBe(50);
  expect(new Set(seen).size).toBe(50);
});

test('what the repository wrote can neither close a fence nor turn the text around', () => {
  const text = analysisOutcome(resultOf(answerOf([2], 20), { max_tokens: 4_000 })).markdown();
  expect(text).not.toContain('\u202e');
  expect(text).toContain('````typescript');
  expect(analysisOutcome(resultOf(answerOf([2], 20), {})).terminal(makeStyle(false), 4_000)).not.toContain(
    '\u202e',
  );
});
