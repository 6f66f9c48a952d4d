/** Whatever a repository names its files and definitions, answers about the graph keep their bound and their promises. */
import type { GraphSymbol, ImpactAnswer, RelationItem, RelationsAnswer } from '@conexus/engine';
import { ImpactInput, ImpactOutput, RelationInput, RelationsOutput } from '@conexus/sdk/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeStyle } from '../render/style.ts';
import { estimateTokens } from '../render/text.ts';
import { impactOutcome } from './impact-text.ts';
import type { Outcome } from './operation.ts';
import { relationsOutcome } from './relations-text.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 400 });
const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 900 });
const count = fc.nat(100_000);
const line = fc.integer({ min: 1, max: 100_000 });
const resolution = fc.constantFrom('exact', 'inferred', 'named', 'unresolved');
const state = fc.constantFrom('found', 'several', 'none');
const kind = fc.constantFrom('calls', 'imports', 'inherits', 'overrides', 'uses');

const symbol: fc.Arbitrary<GraphSymbol> = fc.record({
  id: name,
  name,
  kind: fc.constantFrom('module', 'class', 'interface', 'function', 'method', 'constant', 'macro'),
  path: name,
  start: line,
  end: line,
  hash: fc.constant('0123456789abcdef0123456789abcdef'),
  language: fc.constant('typescript'),
  fileKind: fc.constantFrom('code', 'test'),
  isExported: fc.boolean(),
});
const item: fc.Arbitrary<RelationItem> = fc.record({
  symbol: name,
  via: name,
  callee: text,
  depth: fc.integer({ min: 1, max: 10 }),
  kind,
  resolution,
  path: name,
  line,
  hash: fc.constant('0123456789abcdef0123456789abcdef'),
  text,
});
const freshness = fc.record({
  state: fc.constantFrom('fresh', 'pending', 'building'),
  commit: fc.constant('1a2b3c4d5e6f'),
  branch: fc.string({ maxLength: 200 }),
  generation: count,
  pending: fc.array(name, { maxLength: 20 }),
  pendingCount: count,
  checkedBy: fc.constantFrom('watcher', 'scan'),
  checkMs: fc.constant(1.5),
});
const coverage = fc.record({
  symbols: count,
  isPartial: fc.boolean(),
  languages: fc.array(fc.constantFrom('typescript', 'python', 'go'), { maxLength: 3 }),
  uncovered: fc.array(fc.record({ language: fc.constantFrom('ruby', 'lua'), files: count }), {
    maxLength: 5,
  }),
  unreadCount: count,
  unread: fc.array(fc.record({ path: name, reason: fc.constant('syntax_errors' as const) }), {
    maxLength: 20,
  }),
});
const common = {
  state,
  targets: fc.array(symbol, { maxLength: 8 }),
  candidates: fc.array(symbol, { maxLength: 20 }),
  candidateCount: count,
  droppedCount: count,
  isCut: fc.boolean(),
  coverage,
  notes: fc.array(text, { maxLength: 6 }),
  freshness,
  ms: fc.constant(1),
};
const relations: fc.Arbitrary<RelationsAnswer> = fc.record({
  ...common,
  relation: fc.constantFrom('callers', 'callees', 'references', 'definition'),
  items: fc.array(item, { maxLength: 40 }),
  resolvedCount: count,
  unresolvedCount: count,
  fileCount: count,
  nextOffset: count,
  mentions: fc.record({
    word: fc.constant('word'),
    truncated: fc.boolean(),
    hits: fc.array(
      fc.record({ path: name, line, start: line, end: line, hash: fc.constant('0'), lineText: text }),
      { maxLength: 20 },
    ),
  }),
});
const impact: fc.Arbitrary<ImpactAnswer> = fc.record({
  ...common,
  compared: fc.record({ commit: fc.constant('1a2b3c4d5e6f'), subject: text }),
  changed: fc.array(
    fc.record({
      path: name,
      change: fc.constantFrom('added', 'changed', 'deleted', 'moved'),
      lines: count,
      symbols: fc.array(name, { maxLength: 10 }),
      deleted: fc.array(name, { maxLength: 10 }),
    }),
    { maxLength: 10 },
  ),
  dependents: fc.array(
    fc.record({
      symbol: name,
      kind,
      resolution: fc.constantFrom('exact', 'inferred'),
      depth: line,
      through: fc.array(name, { minLength: 1, maxLength: 10 }),
      isTest: fc.boolean(),
      path: name,
      line,
      hash: fc.constant('0'),
      text,
    }),
    { maxLength: 30 },
  ),
  dependentCount: count,
  directCount: count,
  files: fc.array(fc.record({ path: name, depth: line, symbols: count, isTest: fc.boolean() }), {
    maxLength: 20,
  }),
  fileCount: count,
  tests: fc.array(
    fc.record({ path: name, found: fc.constantFrom('graph', 'name', 'history'), depth: line, because: text }),
    { maxLength: 20 },
  ),
  testCount: count,
  publicNames: fc.array(fc.record({ symbol: name, because: text, isChanged: fc.boolean() }), {
    maxLength: 20,
  }),
  publicCount: count,
  exactShare: fc.double({ min: 0, max: 1, noNaN: true }),
  unresolved: fc.array(item, { maxLength: 20 }),
  unresolvedCount: count,
  furtherUnresolvedCount: count,
  nextOffset: count,
});
const tokens = fc.integer({ min: 600, max: 6_000 });
const rest = { offset: 0, scope: 'x', notes: ['a note of the server'], again: (id: string) => `again ${id}` };

function holds(outcome: Outcome, maxTokens: number): void {
  expect(estimateTokens(outcome.markdown())).toBeLessThanOrEqual(maxTokens);
  expect(estimateTokens(JSON.stringify(outcome.structured()))).toBeLessThanOrEqual(maxTokens);
  const plain = outcome.terminal(makeStyle(false), maxTokens);
  expect(estimateTokens(plain)).toBeLessThanOrEqual(maxTokens);
  // Colours take no room: the same is shown with them.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes of colours begin with one
  expect(outcome.terminal(makeStyle(true), maxTokens).replace(/\u001b\[\d+m/g, '')).toBe(plain);
}

describe('answers about the graph', () => {
  it('keep max_tokens for any names, lines and counts, and their schema', () => {
    fc.assert(
      fc.property(relations, name, tokens, (answer, asked, max_tokens) => {
        const args = RelationInput.parse({ name: asked, max_tokens });
        const outcome = relationsOutcome({ answer, args, ...rest });
        RelationsOutput.parse(outcome.structured());
        holds(outcome, max_tokens);
      }),
      { numRuns: 150, seed: 7 },
    );
    fc.assert(
      fc.property(impact, name, tokens, (answer, target, max_tokens) => {
        const args = ImpactInput.parse({ target, max_tokens });
        const outcome = impactOutcome({ answer, args, ...rest });
        ImpactOutput.parse(outcome.structured());
        holds(outcome, max_tokens);
      }),
      { numRuns: 150, seed: 8 },
    );
  });

  it('never word an empty list as zero, and are complete only where nothing is open', () => {
    fc.assert(
      fc.property(relations, (any) => {
        const answer = {
          ...any,
          state: 'found' as const,
          items: [],
          resolvedCount: 0,
          relation: 'callers' as const,
        };
        const args = RelationInput.parse({ name: 'x' });
        const outcome = relationsOutcome({ answer, args, ...rest });
        expect(outcome.markdown()).not.toMatch(/^0 /);
        const isOpen =
          answer.unresolvedCount > 0 || answer.coverage.unreadCount > 0 || answer.coverage.isPartial;
        if (isOpen) {
          expect(outcome.markdown()).toMatch(/^No caller .* was resolved, which does not prove/s);
          expect(outcome.structured()['complete']).toBe(false);
        }
      }),
      { numRuns: 100, seed: 9 },
    );
  });
});
