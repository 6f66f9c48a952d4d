/** Text in, text out for the chunker's tests: a short notation for symbols, and chunks printed one a line. */
import type { ParsedFile, SymbolDef, SymbolKind } from '../model/parsed-file.ts';
import { chunkFields, chunkFile } from './chunk-file.ts';

/** One symbol a line: `kind name start-end [head N] [doc A-B] [at N]`; parents are found by their ranges. */
export function symbolsFrom(notation: string): SymbolDef[] {
  const symbols: SymbolDef[] = [];
  for (const line of notation
    .split('\n')
    .map((text) => text.trim())
    .filter((text) => text !== '')) {
    const [kind = '', name = '', range = '', ...options] = line.split(' ');
    const [start = 0, end = 0] = range.split('-').map(Number);
    const option = (key: string): number[] =>
      (options[options.indexOf(key) + 1] ?? '').split('-').map(Number);
    const [docStart = 0, docEnd = 0] = options.includes('doc') ? option('doc') : [];
    const headEnd = options.includes('head') ? (option('head')[0] ?? start) : start;
    const nameLine = options.includes('at') ? (option('at')[0] ?? start) : start;
    const parent = symbols.findLastIndex((outer) => outer.start <= start && outer.end >= end);
    symbols.push({ name, kind: kind as SymbolKind, start, end, nameLine, headEnd, docStart, docEnd, parent });
  }
  return symbols;
}

export function parsedFrom(lines: readonly string[], notation: string): ParsedFile {
  return { language: 'typescript', lineCount: lines.length, symbols: symbolsFrom(notation), errorCount: 0 };
}

/** `start-end symbol: scope | name`, one chunk a line. */
export function showChunks(lines: readonly string[], parsed: ParsedFile): string {
  return chunkFile(lines, parsed)
    .map((chunk) => {
      const { name, scope } = chunkFields(lines, parsed, chunk);
      const symbol = parsed.symbols[chunk.symbol]?.name ?? '-';
      return `${chunk.start}-${chunk.end} ${symbol}: ${scope} | ${name}`.replace(':  |', ': |').trimEnd();
    })
    .join('\n');
}
