import { expect, test } from 'vitest';
import { segmentUnknown } from './segment-unknown.ts';

const words = [
  'config',
  'handl',
  'error',
  'file',
  'name',
  'read',
  'dir',
  'rea',
  'ddir',
  '接続',
  '再',
  '試行',
  'ion',
];
const ranks = new Map(words.map((word, i) => [word, i]));
const segment = (term: string) => segmentUnknown(term, ranks).map((i) => words[i]);

test('a compound is cut into its words, the frequent ones first choice', () => {
  expect(segment('confighandl')).toEqual(['config', 'handl']);
  expect(segment('readdir')).toEqual(['read', 'dir']);
  expect(segment('filename')).toEqual(['file', 'name']);
});

test('letters that fit no word are passed over, unless there are too many', () => {
  expect(segment('errorhandler')).toEqual(['error', 'handl']);
  expect(segment('xqzfilevvkw')).toEqual([]);
  expect(segment('qwzx')).toEqual([]);
});

test('other scripts are cut down to single characters', () => {
  expect(segment('再接続試行')).toEqual(['再', '接続', '試行']);
});

test('numbers, hashes and enormous terms are no words', () => {
  for (const term of ['', 'a', '2024', 'file1234name', 'a'.repeat(65), 'file'.repeat(1000)]) {
    expect(segment(term)).toEqual([]);
  }
});

test('lone surrogates and control characters do no harm', () => {
  expect(segment('\ud800file\udc00')).toEqual(['file']);
  expect(segment('\u0000\u0001\u0002')).toEqual([]);
});
