/**
 * The text of a chunk by field, as the lexical index weighs it. Every line goes to one field; names come from
 * the symbols. Knows no language: headers and doc comments are where the symbols say.
 */
import type { Chunk, ChunkFields, ParsedFile, SymbolDef } from '../model/parsed-file.ts';
import { containerKinds, headlessKinds, sizes } from './sizes.ts';

/** Indexes of a file's symbols by the line of their name, made once a file. */
const orders = new WeakMap<ParsedFile, Int32Array>();

const BODY = 0;
const SIGNATURE = 1;
const DOC = 2;

export function chunkFields(lines: readonly string[], parsed: ParsedFile, chunk: Chunk): ChunkFields {
  const within = symbolsNamedIn(parsed, chunk);
  const own = parsed.symbols[chunk.symbol];
  const fieldOf = assignLines(parsed, chunk, within);
  const texts: [string[], string[], string[]] = [[], [], []];
  for (let line = chunk.start; line <= chunk.end; line += 1) {
    const text = (lines[line - 1] ?? '').slice(0, sizes.lineCap);
    const field = fieldOf[line - chunk.start];
    texts[field === SIGNATURE ? SIGNATURE : field === DOC ? DOC : BODY].push(text);
  }
  return {
    name: namesOf(parsed, chunk, within, own).join(' '),
    scope: scopeOf(parsed, chunk, own).join(' '),
    signature: texts[SIGNATURE].join('\n'),
    doc: texts[DOC].join('\n'),
    body: texts[BODY].join('\n'),
  };
}

function assignLines(parsed: ParsedFile, chunk: Chunk, within: readonly number[]): Uint8Array {
  const fieldOf = new Uint8Array(chunk.end - chunk.start + 1);
  const mark = (from: number, to: number, field: number): void => {
    const last = Math.min(to, chunk.end);
    for (let line = Math.max(from, chunk.start); line <= last; line += 1) fieldOf[line - chunk.start] = field;
  };
  const shown = within.includes(chunk.symbol) ? within : [chunk.symbol, ...within];
  for (const index of shown) {
    const symbol = parsed.symbols[index];
    if (symbol !== undefined && symbol.docStart > 0) mark(symbol.docStart, symbol.docEnd, DOC);
  }
  for (const index of shown) {
    const symbol = parsed.symbols[index];
    if (symbol === undefined || (headlessKinds.has(symbol.kind) && index !== chunk.symbol)) continue;
    // A docstring inside the header's range keeps its lines; a one-line definition is all header.
    const hasDocInside = symbol.docStart > symbol.start && symbol.docEnd <= symbol.headEnd;
    mark(symbol.start, hasDocInside ? symbol.docStart - 1 : symbol.headEnd, SIGNATURE);
  }
  return fieldOf;
}

function namesOf(
  parsed: ParsedFile,
  chunk: Chunk,
  within: readonly number[],
  own: SymbolDef | undefined,
): string[] {
  const names = new Set<string>();
  if (own !== undefined && !isContinued(chunk, own)) names.add(own.name.slice(0, sizes.nameCap));
  for (const index of within) {
    if (names.size >= sizes.namesMax) break;
    const name = parsed.symbols[index]?.name ?? '';
    if (name !== '') names.add(name.slice(0, sizes.nameCap));
  }
  return [...names];
}

function scopeOf(parsed: ParsedFile, chunk: Chunk, own: SymbolDef | undefined): string[] {
  const scope: string[] = [];
  if (own === undefined) return scope;
  if (isContinued(chunk, own)) scope.push(own.name.slice(0, sizes.nameCap));
  let current = chunk.symbol;
  for (let depth = 0; depth < sizes.depthMax; depth += 1) {
    const parent = parsed.symbols[current]?.parent ?? -1;
    const symbol = parsed.symbols[parent];
    // Parents come before children; anything else would be a loop.
    if (symbol === undefined || parent >= current) break;
    if (!isNamedIn(chunk, symbol)) scope.push(symbol.name.slice(0, sizes.nameCap));
    current = parent;
  }
  return scope.reverse();
}

/** A later piece of a container names it as its scope; its doc comment and the parts of a function repeat the name. */
function isContinued(chunk: Chunk, own: SymbolDef): boolean {
  if (!containerKinds.has(own.kind) || own.kind === 'section' || own.kind === 'test') return false;
  return chunk.start > own.nameLine;
}

function isNamedIn(chunk: Chunk, symbol: SymbolDef): boolean {
  return symbol.nameLine >= chunk.start && symbol.nameLine <= chunk.end;
}

/** Indexes of the symbols whose name stands in the chunk, in line order. */
function symbolsNamedIn(parsed: ParsedFile, chunk: Chunk): number[] {
  const order = orderOf(parsed);
  const lineAt = (position: number): number => parsed.symbols[order[position] ?? -1]?.nameLine ?? 0;
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (lineAt(middle) < chunk.start) low = middle + 1;
    else high = middle;
  }
  const found: number[] = [];
  for (let position = low; position < order.length && lineAt(position) <= chunk.end; position += 1) {
    found.push(order[position] ?? -1);
  }
  return found;
}

function orderOf(parsed: ParsedFile): Int32Array {
  const known = orders.get(parsed);
  if (known !== undefined) return known;
  const order = Int32Array.from(parsed.symbols.keys());
  order.sort((a, b) => (parsed.symbols[a]?.nameLine ?? 0) - (parsed.symbols[b]?.nameLine ?? 0) || a - b);
  orders.set(parsed, order);
  return order;
}
