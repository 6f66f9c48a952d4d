import { expect, test } from 'vitest';
import { docAbove, lineSource } from './doc-comments.ts';

const slashes = { line: ['//'], block: [['/*', '*/']] } as const;
const hash = { line: ['#'], block: [['=begin', '=end']] } as const;

/** The lines of the comment above the last line of the text. */
function docOf(text: string, markers: Parameters<typeof docAbove>[2] = slashes): string {
  const lines = lineSource(text);
  const doc = docAbove(lines, lines.count, markers);
  return doc === undefined ? 'none' : `${doc.start}-${doc.end}`;
}

test.each([
  ['// a\n// b\nf', '1-2'],
  ['/// a\nf', '1-1'],
  ['/**\n * a\n */\nf', '1-3'],
  ['/* a */\nf', '1-1'],
  ['// a\n/* b */\nf', '1-2'],
  ['// a\n\nf', 'none'],
  ['x = 1; // a\nf', 'none'],
  ['x = 1; /* a\n b */\nf', 'none'],
  ['no comment */\nf', 'none'],
  ['f', 'none'],
  ['   \t// indented\r\nf', '1-1'],
])('%j', (text, expected) => {
  expect(docOf(text)).toBe(expected);
});

test('a shebang documents nothing', () => {
  expect(docOf('#!/bin/sh\n# a\nf', hash)).toBe('2-2');
});

test('block comments by keyword', () => {
  expect(docOf('=begin\na\n=end\nf', hash)).toBe('1-3');
});

test('a comment of a thousand lines is cut at the top', () => {
  expect(docOf(`${'// a\n'.repeat(1_000)}f`)).toBe('601-1000');
});

test('a final newline begins no line', () => {
  expect(lineSource('').count).toBe(0);
  expect(lineSource('a').count).toBe(1);
  expect(lineSource('a\n').count).toBe(1);
  expect(lineSource('\n').count).toBe(1);
  expect(lineSource('a\n\n').count).toBe(2);
  expect(lineSource('a\n b').indentOf(2)).toBe(1);
  expect(lineSource('a').trimmed(9)).toBe('');
});
