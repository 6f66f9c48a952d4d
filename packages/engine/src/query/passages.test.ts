import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileRecord } from '../lexical/index-view.ts';
import type { Outline } from '../model/outline.ts';
import type { SymbolDef } from '../model/parsed-file.ts';
import {
  estimateTokens,
  type PlacedHit,
  type SelectOptions,
  type Span,
  selectPassages,
  spanOf,
} from './passages.ts';

/** `name start-end [head] [doc a-b] [< parent]`, one definition a line; then `| start-end symbol` for chunks. */
function outlineOf(text: string): Outline {
  const [defs = '', chunks = ''] = text.split('|');
  const symbols = [
    ...defs.matchAll(/(\w+) (\d+)-(\d+)(?: head (\d+))?(?: doc (\d+)-(\d+))?(?: < (\d+))?/g),
  ].map<SymbolDef>(([, name = '', start, end, head, docStart, docEnd, parent]) => ({
    name,
    kind: 'function',
    start: Number(start),
    end: Number(end),
    nameLine: Number(start),
    headEnd: Number(head ?? start),
    docStart: Number(docStart ?? 0),
    docEnd: Number(docEnd ?? 0),
    parent: Number(parent ?? -1),
  }));
  return {
    lineCount: 1000,
    errorCount: 0,
    symbols,
    chunks: [...chunks.matchAll(/(\d+)-(\d+) (-?\d+)/g)].map(([, start, end, symbol]) => ({
      start: Number(start),
      end: Number(end),
      symbol: Number(symbol),
    })),
  };
}

const span = (outline: Outline, chunk: number, name?: string): string => {
  const { start, end, symbol } = spanOf(
    outline,
    outline.chunks[chunk] as Span,
    name ? (found) => found.name === name : undefined,
  );
  return `${start}-${end} ${outline.symbols[symbol]?.name ?? '-'}`;
};

describe('the span of a hit', () => {
  it('is the whole definition with its comment, when it is not too long', () => {
    const outline = outlineOf('parse 10-40 doc 5-9 | 5-20 0, 21-40 0, 41-60 -1');
    expect([0, 1, 2].map((chunk) => span(outline, chunk))).toEqual(['5-40 parse', '5-40 parse', '41-60 -']);
  });

  it('is the part that matched of a long definition, or of one whose members stand apart', () => {
    const outline = outlineOf(
      'Long 1-300 Short 301-330 run 310-320 < 1 | 1-150 0, 301-309 1, 310-320 2, 321-330 1',
    );
    expect(span(outline, 0)).toBe('1-150 Long');
    expect(span(outline, 1)).toBe('301-309 Short');
    expect(span(outline, 2)).toBe('310-320 run');
  });

  it('is the small definition asked for by name', () => {
    const outline = outlineOf('first 1-3 second 5-8 doc 4-4 | 1-20 -1');
    expect(span(outline, 0, 'second')).toBe('4-8 second');
    expect(span(outline, 0, 'unknown')).toBe('1-20 -');
  });

  it('of a chunk without an outline is the chunk', () => {
    expect(spanOf(outlineOf(''), { start: 3, end: 9, symbol: 7 })).toEqual({ start: 3, end: 9, symbol: 7 });
  });
});

function fileOf(path: string, hash = 'h'): FileRecord {
  const stamp = { size: 1, mtimeNs: 1n, ctimeNs: 1n, inode: 1n };
  return { id: 0, slot: 0, path, hash, language: 'text', kind: 'code', traits: [], stamp };
}

interface Hit {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly hash?: string;
}

const lines = Array.from({ length: 1000 }, (_, i) => `line ${i + 1} ${'x'.repeat(i % 50)}`);

function select(
  hits: readonly Hit[],
  options: Partial<SelectOptions> = {},
  disk: Readonly<Record<string, string>> = {},
) {
  const place = (at: number): PlacedHit & Span => {
    const { path, start, end, hash } = hits[at] as Hit;
    const file = fileOf(path, hash);
    return {
      file,
      score: 1,
      chunk: { start, end, symbol: -1 },
      outline: outlineOf(''),
      copies: [],
      start,
      end,
      symbol: -1,
    };
  };
  const read = (path: string) => (disk[path] === 'gone' ? undefined : { hash: disk[path] ?? 'h', lines });
  return selectPassages(
    { length: hits.length, place },
    { read },
    { limit: 10, offset: 0, maxTokens: 4000, detail: 'full', ...options },
  );
}

const shown = ({ hits }: ReturnType<typeof select>) =>
  hits.map(({ path, start, end }) => `${path}:${start}-${end}`).join(' ');
const tokensOf = ({ hits }: ReturnType<typeof select>) =>
  hits.reduce((sum, { path, text }) => {
    const body =
      text === undefined
        ? 0
        : text.split('\n').reduce((all, line) => all + estimateTokens(line.length + 1), 0);
    return sum + 30 + estimateTokens(path.length) + body;
  }, 0);

describe('passages', () => {
  it('are the lines on disk, each span once', () => {
    const found = select([
      { path: 'a', start: 1, end: 5 },
      { path: 'a', start: 5, end: 9 },
      { path: 'b', start: 1, end: 2 },
      { path: 'a', start: 6, end: 7 },
    ]);
    expect(shown(found)).toBe('a:1-5 b:1-2 a:6-7');
    expect(found.hits[1]).toMatchObject({ text: 'line 1 \nline 2 x', textStart: 1, textEnd: 2 });
    expect(found.omitted).toEqual({ hits: 0, reason: 'none' });
  });

  it('of files that have other bytes now are not shown, and named', () => {
    const found = select(
      [
        { path: 'a', start: 1, end: 5 },
        { path: 'b', start: 1, end: 5 },
        { path: 'c', start: 1, end: 5 },
      ],
      {},
      { a: 'other', b: 'gone' },
    );
    expect(shown(found)).toBe('c:1-5');
    expect(found.stale).toEqual(['a', 'b']);
  });

  it('say how many are left, why, and where to go on', () => {
    const hits = Array.from({ length: 20 }, (_, i) => ({ path: `f${i}`, start: 1, end: 50 }));
    expect(select(hits, { limit: 3 }).omitted).toEqual({ hits: 17, reason: 'limit', nextOffset: 3 });
    const tight = select(hits, { maxTokens: 1500 });
    expect(tight.omitted).toMatchObject({ reason: 'max_tokens', nextOffset: tight.hits.length });
    expect(select(hits, { offset: 25 })).toEqual({
      hits: [],
      stale: [],
      omitted: { hits: 0, reason: 'none' },
    });
    expect(select([]).omitted).toEqual({ hits: 0, reason: 'none' });
  });

  it('are places only, or signatures, when less is asked for', () => {
    const hits = [{ path: 'a', start: 10, end: 50 }];
    expect(select(hits, { detail: 'locations' }).hits[0]?.text).toBeUndefined();
    expect(select(hits, { detail: 'signatures' }).hits[0]).toMatchObject({ textStart: 10, textEnd: 12 });
  });

  it('of which the first does not fit are cut, down to a place alone', () => {
    const hits = [{ path: 'a', start: 100, end: 200 }];
    const cut = select(hits, { maxTokens: 80 }).hits[0];
    expect(cut?.textStart).toBe(100);
    expect(cut?.textEnd).toBeLessThan(110);
    expect(select(hits, { maxTokens: 32 }).hits[0]).toMatchObject({ path: 'a', start: 100, end: 200 });
    expect(select(hits, { maxTokens: 32 }).hits[0]?.text).toBeUndefined();
    expect(select(hits, { maxTokens: 10 })).toMatchObject({
      hits: [],
      omitted: { hits: 1, reason: 'max_tokens', nextOffset: 0 },
    });
  });
});

describe('near-duplicates', () => {
  // All files of this test have the same lines, so equal line numbers are equal passages.
  const hits = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((path) => ({ path, start: 1, end: 20 }));
  const other = { path: 'z', start: 30, end: 50 };

  it('are named with the hit they resemble; more than five are counted', () => {
    const found = select([...hits, other], { fold: true });
    expect(shown(found)).toBe('a:1-20 z:30-50');
    expect(found.hits[0]?.similar?.map(({ path, start, end }) => `${path}:${start}-${end}`)).toEqual(
      ['b', 'c', 'd', 'e', 'f'].map((path) => `${path}:1-20`),
    );
    expect(found.hits[0]?.similarCount).toBe(7);
    expect(found.hits[1]?.similar).toBeUndefined();
    expect(select([...hits, other], { fold: false, limit: 20, maxTokens: 9000 }).hits).toHaveLength(9);
  });

  it('of a hit on an earlier page stay folded', () => {
    expect(shown(select([...hits, other], { fold: true, limit: 1 }))).toBe('a:1-20');
    expect(shown(select([...hits, other], { fold: true, offset: 1 }))).toBe('z:30-50');
  });

  it('keep the budget: a twin without room is counted, not named', () => {
    const alone = tokensOf(select(hits.slice(0, 1)));
    const [found] = select(hits, { fold: true, maxTokens: alone + 3 }).hits;
    expect(found?.similarCount).toBe(7);
    expect(found?.similar ?? []).toHaveLength(0);
  });
});

const anyHits = fc
  .array(
    fc.record({
      path: fc.constantFrom('a', 'src/b.ts', 'some/deep/folder/with/a/long/name/c.py'),
      start: fc.integer({ min: 1, max: 900 }),
      length: fc.nat(90),
    }),
    { maxLength: 40 },
  )
  .map((list) => list.map(({ path, start, length }) => ({ path, start, end: start + length })));

describe('whatever is ranked', () => {
  it('the budget holds, and no line is shown twice', () => {
    fc.assert(
      fc.property(anyHits, fc.nat(3000), fc.integer({ min: 1, max: 15 }), (hits, maxTokens, limit) => {
        const found = select(hits, { maxTokens, limit });
        expect(tokensOf(found)).toBeLessThanOrEqual(maxTokens);
        expect(found.hits.length).toBeLessThanOrEqual(limit);
        for (const [i, a] of found.hits.entries()) {
          expect(a.text ?? '').toBe(
            a.text === undefined ? '' : lines.slice(a.start - 1, a.textEnd).join('\n'),
          );
          expect(
            found.hits.slice(i + 1).some((b) => b.path === a.path && b.start <= a.end && b.end >= a.start),
          ).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('pages together are the list, without repeats, whatever their sizes', () => {
    fc.assert(
      fc.property(
        anyHits,
        fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 120, max: 2000 })), {
          minLength: 1,
        }),
        (hits, sizes) => {
          const whole = select(hits, { limit: 1000, maxTokens: 1e9 });
          const pages: string[] = [];
          let offset: number | undefined = 0;
          for (let page = 0; offset !== undefined; page++) {
            const [limit = 1, maxTokens = 1] = sizes[page % sizes.length] ?? [];
            const found = select(hits, { offset, limit, maxTokens });
            if (found.hits.length > 0) pages.push(shown(found));
            expect(found.omitted.nextOffset ?? Number.MAX_SAFE_INTEGER).toBeGreaterThan(offset);
            offset = found.omitted.nextOffset;
          }
          expect(pages.join(' ')).toBe(shown(whole));
        },
      ),
      { numRuns: 200 },
    );
  });
});
