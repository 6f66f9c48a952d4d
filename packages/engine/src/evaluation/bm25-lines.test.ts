import { expect, test } from 'vitest';
import { createLinesBaseline } from './bm25-lines.ts';
import { splitTerms } from './line-terms.ts';

function rank(files: Readonly<Record<string, string>>, query: string, limit = 10): string {
  const baseline = createLinesBaseline([query]);
  for (const [path, text] of Object.entries(files)) baseline.add(path, text.split('\n'));
  return baseline.rank(query, limit).join(' ');
}

test('splits identifiers, and drops stop words and single letters', () => {
  expect(splitTerms('the parseHTTPResponse_v2 of x, größeÄndern')).toEqual([
    'parse',
    'http',
    'response',
    'größe',
    'ändern',
  ]);
});

test('rare words count more, and long chunks less', () => {
  const files = {
    'a.ts': 'parse list',
    'b.ts': 'parse invoice',
    'c.ts': `parse ${'word '.repeat(8)}invoice`,
    'd.ts': 'nothing',
  };
  expect(rank(files, 'parse the invoice')).toBe('b.ts c.ts a.ts');
  expect(rank(files, 'parse the invoice', 1)).toBe('b.ts');
});

test('the best of the chunks of 40 lines speaks for a file, and its path for each chunk', () => {
  const far = `${'filler line\n'.repeat(40)}round invoice`;
  expect(rank({ 'a.ts': `round ${'x1 filler\n'.repeat(79)}invoice`, 'b.ts': far }, 'round invoice')).toBe(
    'b.ts a.ts',
  );
  expect(rank({ 'src/invoice.ts': 'nothing', 'b.ts': 'nothing' }, 'invoice')).toBe('src/invoice.ts');
});

test('equal files keep their order, no word means no answer, no file neither', () => {
  expect(rank({ 'b.ts': 'parse', 'a.ts': 'parse' }, 'parse')).toBe('b.ts a.ts');
  expect(rank({ 'a.ts': 'parse' }, 'the of')).toBe('');
  expect(rank({}, 'parse')).toBe('');
});
