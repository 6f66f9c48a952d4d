import { expect, test } from 'vitest';
import { estimate, estimateDifference, scoreFiles } from './measures.ts';

const scores = (files: string, expected: string) => scoreFiles(files.split(' '), expected.split(' '));

test('scores by hand', () => {
  expect(scores('a b c', 'a')).toEqual({ 'R@1': 1, 'R@5': 1, 'R@10': 1, MRR: 1, 'nDCG@10': 1 });
  const second = scores('x a b', 'a b');
  expect(second).toMatchObject({ 'R@1': 0, 'R@5': 1, MRR: 0.5 });
  expect(second['nDCG@10']).toBeCloseTo((1 / Math.log2(3) + 1 / Math.log2(4)) / (1 + 1 / Math.log2(3)), 12);
  expect(scores('1 2 3 4 5 6 7 8 9 10 a', 'a')).toEqual({
    'R@1': 0,
    'R@5': 0,
    'R@10': 0,
    MRR: 1 / 11,
    'nDCG@10': 0,
  });
  expect(scores('x y', 'a')).toEqual({ 'R@1': 0, 'R@5': 0, 'R@10': 0, MRR: 0, 'nDCG@10': 0 });
  expect(scores('a x', 'a b')).toMatchObject({ 'R@1': 0.5, 'R@10': 0.5, MRR: 1 });
  expect(scoreFiles([], ['a'])['nDCG@10']).toBe(0);
});

test('an estimate is the same every time, and narrows with more values', () => {
  const values = Array.from({ length: 50 }, (_, i) => i % 2);
  const few = estimate(values.slice(0, 10));
  const many = estimate(values);
  expect(many).toEqual(estimate(values));
  expect(many.mean).toBe(0.5);
  expect(many.low).toBeLessThan(0.5);
  expect(many.high).toBeGreaterThan(0.5);
  expect(many.high - many.low).toBeLessThan(few.high - few.low);
  expect(many.high - many.low).toBeCloseTo(2 * 1.96 * Math.sqrt(0.25 / 50), 1);
  expect(estimate([])).toEqual({ mean: 0, low: 0, high: 0 });
});

test('a difference is taken task by task', () => {
  const theirs = [0, 0.5, 1, 0.2];
  const ours = theirs.map((value) => value + 0.1);
  const { mean, low, high } = estimateDifference(ours, theirs);
  expect([mean, low, high].map((value) => value.toFixed(6))).toEqual(['0.100000', '0.100000', '0.100000']);
});
