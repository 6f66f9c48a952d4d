import { expect, test } from 'vitest';
import {
  aggregate,
  compareLines,
  type GoldenRank,
  matchesSymbol,
  parseQueries,
  renderRanks,
} from './ranks.ts';

const header = 'corpus\tkind\tquery\texpected\n';

test('a line is corpus, kind, query, path and symbol; an escaped line break becomes one', () => {
  const [query] = parseQueries(`${header}fixtures\ttrace\tTraceback:\\n  boom\tsrc/a.py#A.b\n`);
  expect(query).toEqual({
    corpus: 'fixtures',
    kind: 'trace',
    text: 'Traceback:\n  boom',
    path: 'src/a.py',
    symbol: 'A.b',
  });
});

test.each(['fixtures\tsymbol\tonly three', 'fixtures\tsymbol\t\tsrc/a.py', 'a\tb\tc\td\te'])(
  'a line with other fields is refused by its number: %j',
  (line) => {
    expect(() => parseQueries(header + line)).toThrow('line 2');
  },
);

function ranks(...all: (number | undefined)[]): GoldenRank[] {
  return all.map((rank, index) => ({
    query: { corpus: 'own', kind: 'words', text: `query ${index}`, path: 'a.ts' },
    rank,
    top: 'b.ts#B',
  }));
}

test('what is not found counts as nothing', () => {
  expect(aggregate(ranks(1, 2, undefined, 10))).toEqual({
    queries: 4,
    recallAt1: 0.25,
    recallAt5: 0.5,
    mrr: 0.4,
  });
});

test('the file shows rank, and the top hit where it is another', () => {
  const text = renderRanks(ranks(1, undefined));
  expect(text).toContain('own\twords\t1\tquery 0\ta.ts\n');
  expect(text).toContain('own\twords\t-\tquery 1\ta.ts\tb.ts#B\n');
  expect(text).toContain('all\tall\t2\t0.500\t0.500\t0.500\n');
});

test('a changed rank shows as a pair, equal texts as nothing', () => {
  expect(compareLines(renderRanks(ranks(1, 2)), renderRanks(ranks(1, 2)))).toEqual([]);
  const changes = compareLines(renderRanks(ranks(1, 2)), renderRanks(ranks(1, 3)));
  expect(changes.slice(0, 2)).toEqual([
    '- own\twords\t2\tquery 1\ta.ts\tb.ts#B',
    '+ own\twords\t3\tquery 1\ta.ts\tb.ts#B',
  ]);
});

test.each([
  ['A.b', 'A.b', true],
  ['A.b', 'N.A.b', true],
  ['A.b', 'N.A', true],
  ['A.b', 'A.b.inner', true],
  ['A.b', 'b', true],
  ['A.b', 'A::b', true],
  ['A.b', 'A.c', false],
  ['A.b', 'XA', false],
  ['A', undefined, false],
  [undefined, undefined, true],
] as const)('%s is shown by a hit named %s: %s', (expected, found, shown) => {
  expect(matchesSymbol(expected, found)).toBe(shown);
});
