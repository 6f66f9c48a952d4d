/** A file's bytes -> what the index keeps of them. Depends on bytes and language only, so that blobs can be shared. */
import { chunkFields } from '../chunking/chunk-fields.ts';
import { chunkFile } from '../chunking/chunk-file.ts';
import type { ChunkDocument } from '../lexical/segment-builder.ts';
import type { LanguageId } from '../model/file.ts';
import { encodeOutline } from '../model/outline.ts';
import type { Chunk, ParsedFile } from '../model/parsed-file.ts';
import { splitLines } from '../model/skip-rules.ts';
import { parseFile } from '../syntax/parse-file.ts';

export interface DerivedFile {
  readonly outline: Uint8Array;
  readonly documents: readonly ChunkDocument[];
  readonly errorCount: number;
  /** Time in the parser and the reader of outlines. */
  readonly parseMs: number;
}

/** The language must be loaded. Never throws on bad source. */
export function deriveFile(text: string, language: LanguageId): DerivedFile {
  const started = performance.now();
  const parsed = parseFile(text, language);
  const parseMs = performance.now() - started;
  const lines = splitLines(text);
  const chunks = chunkFile(lines, parsed);
  return {
    outline: encodeOutline(parsed, chunks),
    documents: chunkDocuments(lines, parsed, chunks),
    errorCount: parsed.errorCount,
    parseMs,
  };
}

/** Chunks with their fields, and the names each one defines. */
export function chunkDocuments(
  lines: readonly string[],
  parsed: ParsedFile,
  chunks: readonly Chunk[],
): ChunkDocument[] {
  const defined = definitionsByChunk(parsed, chunks);
  return chunks.map((chunk, i) => {
    const own = parsed.symbols[chunk.symbol];
    const names = defined.get(i) ?? [];
    const ownDefinition = own !== undefined && names.includes(chunk.symbol);
    const ordered = ownDefinition
      ? [chunk.symbol, ...names.filter((index) => index !== chunk.symbol)]
      : names;
    return {
      start: chunk.start,
      end: chunk.end,
      symbol: chunk.symbol,
      kind: own?.kind,
      fields: chunkFields(lines, parsed, chunk),
      definitions: ordered.map((index) => parsed.symbols[index]?.name ?? ''),
      ownDefinition,
    };
  });
}

/** A symbol is defined in the chunk that holds its name's line. */
function definitionsByChunk(parsed: ParsedFile, chunks: readonly Chunk[]): Map<number, number[]> {
  const byChunk = new Map<number, number[]>();
  parsed.symbols.forEach((symbol, index) => {
    const at = chunkAt(chunks, symbol.nameLine);
    // `impl Foo` is named Foo, and defines something else.
    if (at < 0 || symbol.kind === 'implementation') return;
    const list = byChunk.get(at);
    if (list) list.push(index);
    else byChunk.set(at, [index]);
  });
  return byChunk;
}

/** Index of the chunk that holds the line, -1 for none. */
function chunkAt(chunks: readonly Chunk[], line: number): number {
  let low = 0;
  let high = chunks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((chunks[middle] as Chunk).end < line) low = middle + 1;
    else high = middle;
  }
  const chunk = chunks[low];
  return chunk && chunk.start <= line ? low : -1;
}
