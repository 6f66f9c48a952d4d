import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeOutline, encodeOutline } from './outline.ts';
import { type Chunk, SYMBOL_KINDS, type SymbolDef } from './parsed-file.ts';

const line = fc.integer({ min: 0, max: 3_000_000 });

const symbolList = fc
  .array(
    fc.record({
      name: fc.string({ unit: 'binary' }).map((name) => name.replaceAll('\0', '').toWellFormed()),
      kind: fc.constantFrom(...SYMBOL_KINDS),
      start: line,
      end: line,
      nameLine: line,
      headEnd: line,
      doc: fc.option(fc.record({ start: fc.integer({ min: 1, max: 9000 }), lines: fc.nat(500) })),
      up: fc.nat(),
    }),
    { maxLength: 30 },
  )
  .map((list) =>
    list.map<SymbolDef>(({ doc, up, ...rest }, i) => ({
      ...rest,
      docStart: doc?.start ?? 0,
      docEnd: doc ? doc.start + doc.lines : 0,
      parent: i === 0 ? -1 : (up % (i + 1)) - 1,
    })),
  );
const chunkList = fc.array(
  fc.record<Chunk>({ start: line, end: line, symbol: fc.integer({ min: -1, max: 100_000 }) }),
  { maxLength: 30 },
);

test('what is written is read, whatever the numbers', () => {
  fc.assert(
    fc.property(symbolList, chunkList, line, line, (symbols, chunks, lineCount, errorCount) => {
      const parsed = { language: 'x', lineCount, errorCount, symbols };
      expect(decodeOutline(encodeOutline(parsed, chunks))).toEqual({
        lineCount,
        errorCount,
        symbols,
        chunks,
      });
    }),
    { numRuns: 200 },
  );
});

test('a NUL in a name does not shift the names after it', () => {
  const at = {
    kind: 'function',
    start: 1,
    end: 1,
    nameLine: 1,
    headEnd: 1,
    docStart: 0,
    docEnd: 0,
    parent: -1,
  } as const;
  const symbols = [
    { ...at, name: 'a\0b' },
    { ...at, name: 'c' },
  ];
  const read = decodeOutline(encodeOutline({ language: 'x', lineCount: 1, errorCount: 0, symbols }, []));
  expect(read.symbols.map(({ name }) => name)).toEqual(['a b', 'c']);
});

test('an outline is small beside what it tells', () => {
  const symbols = Array.from({ length: 100 }, (_, i): SymbolDef => {
    const start = 10 + i * 12;
    return {
      name: `method${i}`,
      kind: 'method',
      start,
      end: start + 9,
      nameLine: start,
      headEnd: start,
      docStart: start - 2,
      docEnd: start - 1,
      parent: i === 0 ? -1 : 0,
    };
  });
  const chunks = symbols.map(({ start, end }, symbol): Chunk => ({ start, end, symbol }));
  const bytes = encodeOutline({ language: 'x', lineCount: 2000, errorCount: 0, symbols }, chunks);
  expect(bytes.length).toBeLessThan(100 * (8 + 1 + 9 + 3));
});
