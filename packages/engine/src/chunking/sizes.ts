/**
 * How long chunks are: the one table of the chunker's numbers, and which kinds of definition it treats alike.
 * Changing anything here changes every index: the pipeline's fingerprint must change with it.
 */
import type { SymbolKind } from '../model/parsed-file.ts';

/** All in lines, where a line longer than `lineWidth` counts for several. */
export const sizes = {
  /** A definition this short is folded with its neighbours, unless its doc comment makes it worth a chunk. */
  tinyDefinition: 3,
  tinyWithDoc: 6,
  /** A class and its methods stay one chunk up to here. */
  wholeContainer: 15,
  /** A function keeps its nested functions up to here. */
  wholeFunction: 80,
  /** A definition longer than `definitionMax` is cut into parts of about `part`. */
  definitionMax: 120,
  part: 60,
  partMin: 30,
  partMax: 90,
  /** Blocks between definitions, and groups of small ones. */
  blockMax: 50,
  block: 40,
  blockMin: 12,
  /** A class head with so many small members in it is cut as a block. */
  manyMembers: 8,
  /** Stray lines between two chunks join one of them up to here. */
  strayMax: 3,
  lineWidth: 160,
  /** Characters of a line that are taken into a chunk's text and count for its length. */
  lineCap: 2000,
  /** Extents nest no deeper: what is below belongs to the chunk above. */
  depthMax: 24,
  /** Names folded into one chunk, and the length of each, at most. */
  namesMax: 200,
  nameCap: 200,
} as const;

/** Definitions that hold others: their own chunk is the head, their members are chunks. */
export const containerKinds: ReadonlySet<SymbolKind> = new Set<SymbolKind>([
  'module',
  'namespace',
  'class',
  'interface',
  'struct',
  'enum',
  'trait',
  'section',
  'test',
  'message',
  'service',
  'implementation',
]);

/** Data: packed into groups however long each is, as far as a group has room. */
export const packedKinds: ReadonlySet<SymbolKind> = new Set<SymbolKind>(['key', 'rule']);

/** Kinds whose first lines are text rather than a header, unless the chunk is theirs alone. */
export const headlessKinds: ReadonlySet<SymbolKind> = new Set<SymbolKind>([
  'field',
  'property',
  'constant',
  'variable',
  'key',
  'rule',
]);

/** A head that says nothing but its name joins the chunk that follows. */
export const transparentKinds: ReadonlySet<SymbolKind> = new Set<SymbolKind>([
  'section',
  'module',
  'namespace',
  'implementation',
]);
