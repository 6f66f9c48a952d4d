import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ParsedFile } from '../model/parsed-file.ts';
import { loadLanguage, parseFile } from './parse-file.ts';
import { languages } from './registry.ts';

/** What every outline promises, whatever the text. */
function expectSound({ symbols, lineCount }: ParsedFile): void {
  let previousStart = 1;
  for (const [index, symbol] of symbols.entries()) {
    const { start, end, nameLine, headEnd, docStart, docEnd, parent } = symbol;
    expect(symbol.name).not.toBe('');
    expect(start).toBeGreaterThanOrEqual(previousStart);
    previousStart = start;
    expect(start <= nameLine && nameLine <= end && start <= headEnd && headEnd <= end).toBe(true);
    expect(end).toBeLessThanOrEqual(lineCount);
    if (docStart !== 0) expect(docStart >= 1 && docStart <= docEnd && docEnd <= end).toBe(true);
    else expect(docEnd).toBe(0);
    expect(parent).toBeLessThan(index);
    const outer = symbols[parent];
    if (parent !== -1) expect(outer !== undefined && outer.start <= start && end <= outer.end).toBe(true);
  }
}

/** The samples of the languages' own tests: the first template string of each. */
function sampleOf(id: string): string {
  const folder = join(import.meta.dirname, 'languages', id);
  if (!readdirSync(folder).includes('outline.test.ts')) return 'export const a = <b>{() => 1}</b>;\n';
  return (
    /const sample = `((?:[^`\\]|\\.)*)`/s.exec(readFileSync(join(folder, 'outline.test.ts'), 'utf8'))?.[1] ??
    ''
  );
}

describe('outlines of damaged code are sound', () => {
  const trees = languages.filter((language) => language.reader === 'tree');
  test.each(trees.map((language) => language.id))('%s', async (id) => {
    await loadLanguage(id);
    const sample = sampleOf(id);
    expect(sample.length).toBeGreaterThan(20);
    expectSound(parseFile(sample, id));
    const cut = fc.tuple(
      fc.nat(sample.length),
      fc.nat(60),
      fc.constantFrom('', '{', '}', '(', ')', '"', '\n', '/*', '\r\n', '@'),
    );
    fc.assert(
      fc.property(fc.array(cut, { minLength: 1, maxLength: 6 }), (cuts) => {
        let text = sample;
        for (const [at, length, insert] of cuts) text = text.slice(0, at) + insert + text.slice(at + length);
        expectSound(parseFile(text, id));
      }),
      { numRuns: 40, seed: 7 },
    );
  });
});
