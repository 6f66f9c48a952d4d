/**
 * The outline of a blob as the store keeps it: symbols and chunks as differences in few bytes, because a store holds one
 * for each file. All numbers are varints, signed ones in zigzag:
 *
 *   lines | errors | symbols | chunks | bytes of names | names in UTF-8, each with a NUL after it |
 *   per symbol: kind, start - last start, end - start, name line - start, header end - start, own number - parent (0: none),
 *     0 for no doc comment, else 1 + length, and its start - start |
 *   per chunk: start - last end, end - start, symbol - last symbol
 */
import { type Chunk, type ParsedFile, SYMBOL_KINDS, type SymbolDef, type SymbolKind } from './parsed-file.ts';

export interface Outline {
  readonly lineCount: number;
  readonly errorCount: number;
  readonly symbols: readonly SymbolDef[];
  readonly chunks: readonly Chunk[];
}

export function encodeOutline(parsed: ParsedFile, chunks: readonly Chunk[]): Uint8Array {
  const { symbols } = parsed;
  const names = new TextEncoder().encode(
    symbols.map(({ name }) => `${name.replaceAll('\0', ' ')}\0`).join(''),
  );
  const head = [parsed.lineCount, parsed.errorCount, symbols.length, chunks.length, names.length];
  const rest: number[] = [];
  let last = 0;
  symbols.forEach(({ kind, start, end, nameLine, headEnd, docStart, docEnd, parent }, i) => {
    rest.push(SYMBOL_KINDS.indexOf(kind), zigzag(start - last), zigzag(end - start));
    rest.push(zigzag(nameLine - start), zigzag(headEnd - start), parent < 0 ? 0 : i - parent);
    if (docStart > 0) rest.push(1 + Math.max(0, docEnd - docStart), zigzag(docStart - start));
    else rest.push(0);
    last = start;
  });
  let lastEnd = 0;
  let lastSymbol = 0;
  for (const { start, end, symbol } of chunks) {
    rest.push(zigzag(start - lastEnd), zigzag(end - start), zigzag(symbol - lastSymbol));
    lastEnd = end;
    lastSymbol = symbol;
  }
  const before = varints(head);
  const after = varints(rest);
  const bytes = new Uint8Array(before.length + names.length + after.length);
  bytes.set(before);
  bytes.set(names, before.length);
  bytes.set(after, before.length + names.length);
  return bytes;
}

/** The bytes must be whole: the store has checked them. */
export function decodeOutline(bytes: Uint8Array): Outline {
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] as number;
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const signed = (): number => {
    const value = next();
    return (value >>> 1) ^ -(value & 1);
  };
  const [lineCount, errorCount, symbolCount, chunkCount, nameBytes] = [
    next(),
    next(),
    next(),
    next(),
    next(),
  ];
  const names = new TextDecoder().decode(bytes.subarray(at, at + nameBytes)).split('\0');
  at += nameBytes;
  const symbols: SymbolDef[] = [];
  let last = 0;
  for (let i = 0; i < symbolCount; i++) {
    const kind = SYMBOL_KINDS[next()] as SymbolKind;
    const start = last + signed();
    const end = start + signed();
    const nameLine = start + signed();
    const headEnd = start + signed();
    const up = next();
    const docLines = next();
    const docStart = docLines === 0 ? 0 : start + signed();
    const docEnd = docLines === 0 ? 0 : docStart + docLines - 1;
    const parent = up === 0 ? -1 : i - up;
    symbols.push({ name: names[i] as string, kind, start, end, nameLine, headEnd, docStart, docEnd, parent });
    last = start;
  }
  const chunks: Chunk[] = [];
  let lastEnd = 0;
  let lastSymbol = 0;
  for (let i = 0; i < chunkCount; i++) {
    const start = lastEnd + signed();
    lastEnd = start + signed();
    lastSymbol += signed();
    chunks.push({ start, end: lastEnd, symbol: lastSymbol });
  }
  return { lineCount, errorCount, symbols, chunks };
}

const zigzag = (value: number): number => (value << 1) ^ (value >> 31);

function varints(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 5);
  let at = 0;
  for (const value of values) {
    let left = value >>> 0;
    for (; left > 127; left >>>= 7) bytes[at++] = (left & 127) | 128;
    bytes[at++] = left;
  }
  return bytes.subarray(0, at);
}

/** `Store.publish`: names of the enclosing symbols and its own, outermost first. */
export function qualifiedName(symbols: readonly SymbolDef[], index: number): string {
  const names: string[] = [];
  for (let i = index; i >= 0 && names.length < 16; i = (symbols[i] as SymbolDef).parent) {
    names.unshift((symbols[i] as SymbolDef).name);
  }
  return names.join('.');
}
