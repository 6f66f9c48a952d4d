import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SymbolDef } from '../../model/parsed-file.ts';
import { structureLanguages } from '../languages/structure-languages.ts';

/** What makes careless scanners quadratic: openers without closers, quotes, one long line. Long enough to tell. */
const unit = 40_000;
const repeated = [
  '[',
  '{',
  '(',
  '<',
  '"',
  "'",
  '`',
  '#',
  '=',
  '-',
  '$',
  ':',
  '\\',
  ' ',
  '\n',
  '\t',
  '*',
  '/',
  ';',
  '@',
  'a',
  '.',
  ',',
  '"""',
  '{"a":',
  '[{"a":[',
  '<a b="',
  '<!--',
  '/*',
  '//',
  '--',
  '$a$',
  '<<EOF ',
  '<<A\n',
  '#{',
  'a: |\n',
  '- a: ',
  'a:\n ',
  '[a]\n',
  'a=[\n',
  'a = """',
  '# a\n',
  '#a\n===\n',
  'a\n---\n',
  '```\n',
  '<script>',
  '</script>',
  '<h1>',
  '<a\n',
  '=begin\n',
  'create table a (',
  'create function f begin ',
  'message a {',
  'function f(',
  'def f(\n',
  'a(\n',
  'a \\\n',
  'FROM a AS b\n',
  'a: b\n',
  '.\\"',
  'end\n',
  `${'x'.repeat(300)}(`,
  'a b c d ',
  '/**/',
  "''",
  '{}',
  '[]()',
  '![](',
  '"source": [',
  '\u2028',
  '{#',
  '@a(\n',
  "'\n",
];

const hostile = repeated.map((piece) => piece.repeat(Math.ceil(unit / piece.length)));
/** Ten times what the slowest took where this was written; the square of 40,000 steps takes longer. */
const limitMs = 700;
/** Readers by line patterns share one engine that looks at 240 characters of a line: a few texts are enough. */
const patternTexts = 6;

function expectSound(symbols: readonly SymbolDef[], lineCount: number): void {
  for (const [index, symbol] of symbols.entries()) {
    const isSound =
      symbol.start >= 1 &&
      symbol.end <= lineCount &&
      symbol.start <= symbol.headEnd &&
      symbol.headEnd <= symbol.end &&
      symbol.nameLine >= symbol.start &&
      symbol.nameLine <= symbol.end &&
      symbol.parent < index &&
      symbol.name.length <= 200 &&
      (symbol.docStart === 0
        ? symbol.docEnd === 0
        : symbol.docStart <= symbol.docEnd && symbol.docEnd <= lineCount);
    if (!isSound) expect.fail(`symbol ${index} of ${lineCount} lines: ${JSON.stringify(symbol)}`);
  }
}

function timed(read: () => readonly SymbolDef[]): { symbols: readonly SymbolDef[]; took: number } {
  const started = performance.now();
  const symbols = read();
  return { symbols, took: performance.now() - started };
}

describe.each(structureLanguages.map((language) => [language.id, language] as const))('%s', (_, language) => {
  it('takes linear time on hostile text', { timeout: 60_000 }, () => {
    const isPattern = language.structure?.toString().includes('patternOutline') ?? false;
    for (const [index, text] of hostile.entries()) {
      if (isPattern && index % Math.ceil(hostile.length / patternTexts) !== 0) continue;
      const read = (): readonly SymbolDef[] => {
        language.embedded?.(text);
        return language.structure?.(text) ?? [];
      };
      let { symbols, took } = timed(read);
      // A busy machine must not fail the test: only what is slow three times is slow.
      for (let again = 0; again < 2 && took > limitMs; again += 1) ({ symbols, took } = timed(read));
      if (took > limitMs) expect.fail(`${JSON.stringify(repeated[index])} took ${Math.round(took)} ms`);
      if (symbols.length < 1000) expectSound(symbols, text.split('\n').length);
    }
  });

  it('gives sound symbols for any text', () => {
    const word = fc.oneof(
      fc.constantFrom(
        ...repeated.filter((piece) => piece.length < 40),
        'name',
        'class A {',
        '}\n',
        '\n',
        '  ',
        '\r\n',
        'end',
        '"k": 1,\n',
      ),
      fc.string({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60, size: 'max' }), (words) => {
        const text = words.join('');
        expectSound(language.structure?.(text) ?? [], text.split('\n').length);
        for (const piece of language.embedded?.(text) ?? [])
          expect(text.split('\n').length).toBeGreaterThanOrEqual(piece.startLine);
      }),
      { numRuns: 25, seed: 3 },
    );
  });
});
