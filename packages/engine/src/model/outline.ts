/** The outline of a blob as the store keeps it: symbols and chunks as arrays, JSON in UTF-8. */
import { type Chunk, type ParsedFile, SYMBOL_KINDS, type SymbolDef, type SymbolKind } from './parsed-file.ts';

export interface Outline {
  readonly lineCount: number;
  readonly errorCount: number;
  readonly symbols: readonly SymbolDef[];
  readonly chunks: readonly Chunk[];
}

type SymbolRow = readonly [string, number, number, number, number, number, number, number, number];
type OutlineRow = readonly [lineCount: number, errorCount: number, symbols: readonly SymbolRow[], chunks: readonly (readonly [number, number, number])[]];

export function encodeOutline(parsed: ParsedFile, chunks: readonly Chunk[]): Uint8Array {
  const symbols = parsed.symbols.map<SymbolRow>((s) => [
    s.name,
    SYMBOL_KINDS.indexOf(s.kind),
    s.start,
    s.end,
    s.nameLine,
    s.headEnd,
    s.docStart,
    s.docEnd,
    s.parent,
  ]);
  const row: OutlineRow = [parsed.lineCount, parsed.errorCount, symbols, chunks.map((c) => [c.start, c.end, c.symbol])];
  return new TextEncoder().encode(JSON.stringify(row));
}

export function decodeOutline(bytes: Uint8Array): Outline {
  const [lineCount, errorCount, symbols, chunks] = JSON.parse(new TextDecoder().decode(bytes)) as OutlineRow;
  return {
    lineCount,
    errorCount,
    symbols: symbols.map(([name, kind, start, end, nameLine, headEnd, docStart, docEnd, parent]) => ({
      name,
      kind: SYMBOL_KINDS[kind] as SymbolKind,
      start,
      end,
      nameLine,
      headEnd,
      docStart,
      docEnd,
      parent,
    })),
    chunks: chunks.map(([start, end, symbol]) => ({ start, end, symbol })),
  };
}

/** `Store.publish`: names of the enclosing symbols and its own, outermost first. */
export function qualifiedName(symbols: readonly SymbolDef[], index: number): string {
  const names: string[] = [];
  for (let i = index; i >= 0 && names.length < 16; i = (symbols[i] as SymbolDef).parent) {
    names.unshift((symbols[i] as SymbolDef).name);
  }
  return names.join('.');
}
