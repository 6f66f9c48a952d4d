import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ParsedFile, SymbolKind } from '../model/parsed-file.ts';
import { chunkFields, chunkFile } from './chunk-file.ts';
import { parsedFrom, showChunks } from './chunking.test-kit.ts';

const body = (count: number, indent = 4): string[] =>
  Array.from({ length: count }, (_, index) => `${' '.repeat(indent)}step(${index});`);

/** Chunks of `lines` with symbols in the kit's notation, as text. */
function check(lines: readonly string[], notation: string, expected: string): void {
  const shown = showChunks(lines, parsedFrom(lines, notation));
  expect(shown).toBe(
    expected
      .trim()
      .split('\n')
      .map((line) => line.trim())
      .join('\n'),
  );
}

describe('chunkFile', () => {
  it('gives a class its head and each method a chunk with its doc comment', () => {
    const lines = [
      "import { a } from './a';",
      "import { b } from './b';",
      '',
      '/** Keeps connections. */',
      'export class Pool {',
      '  size = 4;',
      '  idle: Connection[] = [];',
      '',
      '  /** Waits for a free one. */',
      '  async acquire() {',
      ...body(6),
      '  }',
      '',
      '  // Called by tests too.',
      '  release(connection) {',
      ...body(5),
      '  }',
      '}',
    ];
    check(
      lines,
      `class Pool 5-27 doc 4-4
       field size 6-6
       field idle 7-7
       method acquire 10-17 doc 9-9
       method release 20-26`,
      `4-7 Pool: | Pool size idle
       9-17 acquire: Pool | acquire
       19-27 release: Pool | release`.replace('4-7', '1-7'),
    );
  });

  it('folds small definitions together, and names them', () => {
    const lines = [
      'const A = 1;',
      'const B = 2;',
      '',
      'type C = string;',
      '',
      'function tiny() {',
      '  return A;',
      '}',
      '',
    ];
    check(
      lines,
      `constant A 1-1
       constant B 2-2
       type C 4-4
       function tiny 6-8`,
      '1-8 -: | A B C tiny',
    );
  });

  it('gives a lone small definition between large ones its own chunk', () => {
    const lines = [
      'function a() {',
      ...body(5),
      '}',
      '',
      '// The limit.',
      'const LIMIT = 5;',
      '',
      'function b() {',
      ...body(5),
      '}',
    ];
    check(
      lines,
      `function a 1-7
       constant LIMIT 10-10 doc 9-9
       function b 12-18`,
      `1-7 a: | a
       9-10 LIMIT: | LIMIT
       12-18 b: | b`,
    );
  });

  it('keeps a prototype with a long comment apart', () => {
    const lines = [
      '/*',
      ...Array.from({ length: 7 }, () => ' * text'),
      ' */',
      'int push(struct list *l);',
      '',
      'int pop(struct list *l);',
    ];
    check(
      lines,
      `function push 10-10 doc 1-9
       function pop 12-12`,
      `1-10 push: | push
       12-12 pop: | pop`,
    );
  });

  it('keeps a small class whole', () => {
    const lines = [
      'class NotFound extends Error {',
      '  constructor(path) {',
      '    super(path);',
      '    this.path = path;',
      '  }',
      '}',
    ];
    check(
      lines,
      `class NotFound 1-6
       constructor constructor 2-5`,
      '1-6 NotFound: | NotFound constructor',
    );
  });

  it('takes the functions out of an implementation block, whose header joins the first', () => {
    const lines = [
      'impl Quoter {',
      '    pub fn new(protected: &[u8]) -> Self {',
      ...body(8, 2),
      '    }',
      '',
      '    pub fn requote(&self, path: &[u8]) -> Vec<u8> {',
      ...body(8, 2),
      '    }',
      '}',
    ];
    check(
      lines,
      `implementation Quoter 1-23
       function new 2-11
       function requote 13-22`,
      `1-11 new: | new Quoter
       13-23 requote: Quoter | requote`,
    );
  });

  it('keeps nested functions inside a short function and takes them out of a long one', () => {
    const short = ['function outer() {', '  function inner() {', ...body(8), '  }', '  return inner;', '}'];
    check(short, 'function outer 1-13\n function inner 2-11', '1-13 outer: | outer inner');

    const long = [
      'function outer() {',
      ...body(40, 2),
      '  function inner() {',
      ...body(40),
      '  }',
      '  return inner;',
      '}',
    ];
    check(
      long,
      'function outer 1-85\n function inner 42-83',
      `1-41 outer: | outer
       42-85 inner: outer | inner`,
    );
  });

  it('cuts a long function at blank lines and repeats its name', () => {
    const lines = ['def run(self):', ...body(50), '', ...body(60), '', ...body(60)];
    check(
      lines,
      'function run 1-173',
      `1-51 run: | run
       53-112 run: | run
       114-173 run: | run`,
    );
  });

  it('cuts module code without definitions into blocks', () => {
    const lines = [...body(30, 0), '', ...body(35, 0), '', ...body(20, 0)];
    check(
      lines,
      '',
      `1-30 -: |
       32-66 -: |
       68-87 -: |`,
    );
  });

  it('gives stray lines to the chunk they touch', () => {
    const lines = ['function a() {', ...body(5), '}', 'a.max = 1;', '', 'function b() {', ...body(5), '}'];
    check(
      lines,
      'function a 1-7\n function b 10-16',
      `1-8 a: | a
       10-16 b: | b`,
    );
  });

  it('keeps the name on every part of a long comment before a class', () => {
    const lines = [
      ...Array.from({ length: 130 }, () => '# text'),
      'class Cop',
      '  MAX = 1',
      '',
      '  def a',
      ...body(20),
      '  end',
      'end',
    ];
    check(
      lines,
      `class Cop 131-156 doc 1-130
       constant MAX 132-132
       method a 134-155`,
      `1-66 Cop: | Cop
       67-132 Cop: | Cop MAX
       134-156 a: Cop | a`,
    );
  });

  it('names the container as the scope of its later pieces', () => {
    const fields = Array.from({ length: 90 }, (_, index) => `  V${index} = ${index},`);
    const lines = ['enum Code {', ...fields, '}'];
    const parsed = parsedFrom(
      lines,
      ['enum Code 1-92', ...fields.map((_, index) => `field V${index} ${index + 2}-${index + 2}`)].join('\n'),
    );
    const chunks = chunkFile(lines, parsed);
    expect(chunks.length).toBe(2);
    expect(chunks.map((chunk) => chunkFields(lines, parsed, chunk).scope)).toEqual(['', 'Code']);
    expect(chunks.map((chunk) => chunkFields(lines, parsed, chunk).name.split(' ')[0])).toEqual([
      'Code',
      expect.stringMatching(/^V\d+$/),
    ]);
  });

  it('makes a chunk of each section and joins a bare heading to the next', () => {
    const lines = [
      '# Title',
      '',
      '## Install',
      '',
      'Run it.',
      '',
      '## Use',
      '',
      'Like this.',
      '',
      '### Notes',
      'None.',
    ];
    check(
      lines,
      `section Title 1-12
       section Install 3-6
       section Use 7-12
       section Notes 11-12`,
      `1-5 Install: | Install Title
       7-9 Use: Title | Use
       11-12 Notes: Title Use | Notes`,
    );
  });

  it('packs keys into groups', () => {
    const lines = ['{', ...Array.from({ length: 70 }, (_, index) => `  "k${index}": ${index},`), '}'];
    const keys = Array.from({ length: 70 }, (_, index) => `key k${index} ${index + 2}-${index + 2}`).join(
      '\n',
    );
    const chunks = chunkFile(lines, parsedFrom(lines, keys));
    expect(chunks.map((chunk) => chunk.end - chunk.start + 1)).toEqual([36, 36]);
  });

  it('survives one line with everything in it, an empty file and blank lines', () => {
    expect(chunkFile([], parsedFrom([], ''))).toEqual([]);
    expect(chunkFile(['', '  ', '\t'], parsedFrom(['', '  ', '\t'], 'class A 1-3'))).toEqual([]);
    const lines = ['function a(){}function b(){}'];
    check(lines, 'function a 1-1\n function b 1-1', '1-1 a: | a b');
    const huge = ['x'.repeat(1_000_000)];
    const parsed = parsedFrom(huge, 'function x 1-1');
    expect(chunkFields(huge, parsed, { start: 1, end: 1, symbol: 0 }).signature.length).toBe(2000);
  });

  it('cuts long lines into shorter blocks', () => {
    const lines = Array.from({ length: 60 }, () => 'word '.repeat(400));
    const chunks = chunkFile(lines, parsedFrom(lines, ''));
    expect(Math.max(...chunks.map((chunk) => chunk.end - chunk.start + 1))).toBeLessThanOrEqual(6);
  });
});

describe('chunkFields', () => {
  it('gives every line to one field', () => {
    const lines = [
      '@cache',
      'def read(',
      '    path: str,',
      ') -> bytes:',
      '    """Read it.',
      '    Whole.',
      '    """',
      '    return open(path).read()',
    ];
    const parsed = parsedFrom(lines, 'function read 1-8 head 4 doc 5-7 at 2');
    const [chunk] = chunkFile(lines, parsed);
    expect(chunk && chunkFields(lines, parsed, chunk)).toEqual({
      name: 'read',
      scope: '',
      signature: lines.slice(0, 4).join('\n'),
      doc: lines.slice(4, 7).join('\n'),
      body: lines[7],
    });
  });

  it('takes headers of small functions as signatures, constants as text', () => {
    const lines = ['// Most.', 'const MAX = 1;', 'function a() { return 1; }'];
    const parsed = parsedFrom(lines, 'constant MAX 2-2 doc 1-1\n function a 3-3');
    expect(chunkFields(lines, parsed, { start: 1, end: 3, symbol: -1 })).toEqual({
      name: 'MAX a',
      scope: '',
      signature: lines[2],
      doc: lines[0],
      body: lines[1],
    });
  });
});

const kinds: SymbolKind[] = [
  'class',
  'function',
  'method',
  'field',
  'section',
  'key',
  'namespace',
  'test',
  'constant',
  'rule',
];
const anyLine = fc.oneof(
  fc.constantFrom('', '   ', '}', '  }', 'end', 'x = 1', '    call();', '\tdeep', '# heading', '// note'),
  fc.string({ maxLength: 12 }).map((text) => text.replaceAll('\n', ' ')),
);
const anyNumber = fc.integer({ min: -3, max: 330 });
const anySymbol = fc.record({
  name: fc.string({ maxLength: 5 }),
  kind: fc.constantFrom(...kinds),
  start: anyNumber,
  end: anyNumber,
  nameLine: anyNumber,
  headEnd: anyNumber,
  docStart: anyNumber,
  docEnd: anyNumber,
  parent: fc.integer({ min: -2, max: 40 }),
});
/** Either wild symbols, or sound ones: sorted, nested by chance, with a doc before. */
const anyParsed = fc
  .tuple(fc.array(anySymbol, { maxLength: 40, size: 'max' }), fc.boolean())
  .map(([symbols, sound]) =>
    sound
      ? symbols
          .map((symbol) => ({
            ...symbol,
            end: symbol.start + Math.abs(symbol.end % 90),
            headEnd: symbol.start,
            nameLine: symbol.start,
          }))
          .map((symbol) => ({
            ...symbol,
            docStart: Math.max(0, symbol.start - 3),
            docEnd: Math.max(0, symbol.start - 1),
            parent: -1,
          }))
          .sort((a, b) => a.start - b.start)
      : symbols,
  );

describe('for any text and any symbols', () => {
  it('chunks are in order, in range, disjoint and cover all text; fields keep every line once', () => {
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 320, size: 'max' }), anyParsed, (lines, symbols) => {
        const parsed: ParsedFile = { language: 'x', lineCount: lines.length, symbols, errorCount: 0 };
        const chunks = chunkFile(lines, parsed);
        let last = 0;
        const covered = new Set<number>();
        for (const chunk of chunks) {
          expect(chunk.start).toBeGreaterThan(last);
          expect(chunk.end).toBeGreaterThanOrEqual(chunk.start);
          expect(chunk.symbol).toBeGreaterThanOrEqual(-1);
          expect(chunk.symbol).toBeLessThan(symbols.length);
          last = chunk.end;
          for (let line = chunk.start; line <= chunk.end; line += 1) covered.add(line);
          const { signature, doc, body: rest } = chunkFields(lines, parsed, chunk);
          const kept = [signature, doc, rest]
            .join('\n')
            .split('\n')
            .sort()
            .filter((text) => text !== '');
          expect(kept).toEqual(
            lines
              .slice(chunk.start - 1, chunk.end)
              .sort()
              .filter((text) => text !== ''),
          );
        }
        expect(last).toBeLessThanOrEqual(lines.length);
        for (const [index, line] of lines.entries()) {
          if (line.trim() !== '') expect(covered.has(index + 1)).toBe(true);
        }
      }),
      { numRuns: 150, seed: 7 },
    );
  });

  it('stays linear on large files', () => {
    const lines = Array.from({ length: 100_000 }, (_, index) => (index % 7 === 6 ? '' : '  call();'));
    const symbols = lines
      .map((_, index) => `function f${index} ${index + 1}-${index + 1}`)
      .slice(0, 20_000)
      .join('\n');
    const parsed = { ...parsedFrom([], ''), symbols: parsedFrom([], '').symbols, lineCount: lines.length };
    const started = performance.now();
    chunkFile(lines, parsed);
    chunkFile(
      Array.from({ length: 20_000 }, () => '((((('),
      { ...parsed, symbols: symbolsOf(symbols) },
    );
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

/** Symbols of one line each, without the quadratic search for parents of the kit. */
function symbolsOf(notation: string): ParsedFile['symbols'] {
  return notation.split('\n').map((text, index) => ({
    name: text,
    kind: 'function',
    start: index + 1,
    end: 20_000,
    nameLine: index + 1,
    headEnd: index + 1,
    docStart: 0,
    docEnd: 0,
    parent: index - 1,
  }));
}
