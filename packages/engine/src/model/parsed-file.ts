/** What parsing makes of a file's text. Derived from bytes and language only, never from the path. */
import type { LanguageId } from './file.ts';

/** Order is part of the index format: append only. */
export const SYMBOL_KINDS = [
  'module',
  'namespace',
  'class',
  'interface',
  'struct',
  'enum',
  'trait',
  'type',
  'function',
  'method',
  'constructor',
  'property',
  'field',
  'constant',
  'variable',
  'macro',
  'test',
  'section',
  'key',
  'rule',
  'table',
  'message',
  'service',
  'target',
  /** Adds members to a type defined elsewhere: Rust `impl`, Swift and Scala extensions. Named after the type, but not its definition. */
  'implementation',
] as const;
export type SymbolKind = (typeof SYMBOL_KINDS)[number];

/**
 * One definition. All lines are 1-based and inclusive.
 * `start..end` covers the definition with its decorators, without its doc comment.
 */
export interface SymbolDef {
  readonly name: string;
  readonly kind: SymbolKind;
  readonly start: number;
  readonly end: number;
  /** Line that holds the name. */
  readonly nameLine: number;
  /** Last line of the header (signature), before the body; `start <= headEnd <= end`. */
  readonly headEnd: number;
  /** Doc comment before the definition or docstring inside it; both 0 when there is none. */
  readonly docStart: number;
  readonly docEnd: number;
  /** Index of the enclosing symbol in `ParsedFile.symbols`, -1 at top level. Parents come before children. */
  readonly parent: number;
}

export interface ParsedFile {
  readonly language: LanguageId;
  readonly lineCount: number;
  /** In source order; nested symbols after their parent. */
  readonly symbols: readonly SymbolDef[];
  /** Number of syntax errors the parser recovered from; 0 for languages read by structure or lines. */
  readonly errorCount: number;
}

/** A piece of a file that is ranked on its own. Chunks of a file cover it without overlap, in line order. */
export interface Chunk {
  readonly start: number;
  readonly end: number;
  /** Index in `ParsedFile.symbols` of the definition this chunk belongs to, -1 for code outside any. */
  readonly symbol: number;
}

/** The text of a chunk by field, as the lexical index weighs it. A line belongs to one field only, except `name`. */
export interface ChunkFields {
  /** Name of the chunk's own symbol, and of the small definitions folded into the chunk. */
  readonly name: string;
  /** Names of the enclosing symbols, outermost first. */
  readonly scope: string;
  readonly signature: string;
  readonly doc: string;
  readonly body: string;
}
