import { describe, expect, it } from 'vitest';
import type { FileRecord, ViewSegment } from '../lexical/index-view.ts';
import type { Features } from './features.ts';
import { explainHit, rank } from './rank.ts';
import type { Candidate } from './retrieve.ts';
import { WEIGHTS } from './weights.ts';

const NONE: Features = {
  chunk: 0,
  file: 0,
  path: 0,
  definition: 0,
  foldedDefinition: 0,
  mention: 0,
  trace: 0,
  history: 0,
  context: 0,
  coverage: 0,
  name: 0,
  exact: 0,
  meaning: 0,
  eachWord: 0,
  line: 0,
  pathMeaning: 0,
};

/** A function in file number `file`. */
const candidate = (doc: number, file: number, features: Partial<Features>): Candidate => ({
  doc,
  slot: file,
  file: { id: file, path: `src/f${file}.ts`, kind: 'code', traits: [] } as unknown as FileRecord,
  segment: {} as ViewSegment,
  tier: 0,
  shape: 'callable',
  features: { ...NONE, ...features },
});

describe('the order of a file’s chunks', () => {
  const wishes = { kinds: new Set<never>(), traits: new Set<never>() };
  const candidates = [
    candidate(1, 1, { chunk: 1, eachWord: 0.2 }),
    candidate(2, 1, { chunk: 0.9, eachWord: 0.6 }),
    candidate(3, 2, { chunk: 0.95, eachWord: 0.9 }),
  ];
  const { search } = WEIGHTS;

  it('is decided word by word, and no file moves', () => {
    const plain = rank(candidates, { ...search, eachWord: 0 }, wishes);
    const ordered = rank(candidates, search, wishes);
    expect(plain.map(({ doc }) => doc)).toEqual([1, 3, 2]);
    expect(ordered.map(({ doc }) => doc)).toEqual([2, 3, 1]);
    expect(ordered.map(({ file, score }) => [file.id, score])).toEqual(
      plain.map(({ file, score }) => [file.id, score]),
    );
  });

  it('is a term of the explanation: the terms still sum up to the score', () => {
    const [first] = rank(candidates, search, wishes);
    if (!first) throw new Error('no hit');
    const terms = explainHit(first, search);
    const demotion = terms.find(({ name }) => name === 'demotion')?.value ?? 0;
    const sum = terms.reduce((total, { name, value }) => total + (name === 'demotion' ? 0 : value), 0);
    expect(terms.some(({ name, value }) => name === 'eachWord' && value > 0)).toBe(true);
    expect(sum * demotion).toBeCloseTo(first.score, 12);
  });
});
