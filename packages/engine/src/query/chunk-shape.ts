/** What kind of thing a chunk is, as far as ranking cares. */
import { SYMBOL_KINDS, type SymbolKind } from '../model/parsed-file.ts';

export type ChunkShape = 'callable' | 'type' | 'value' | 'test' | 'section' | 'block';

const SHAPES: Readonly<Record<SymbolKind, ChunkShape>> = {
  function: 'callable',
  method: 'callable',
  constructor: 'callable',
  macro: 'callable',
  service: 'type',
  class: 'type',
  interface: 'type',
  struct: 'type',
  enum: 'type',
  trait: 'type',
  type: 'type',
  message: 'type',
  table: 'type',
  implementation: 'type',
  module: 'block',
  namespace: 'block',
  property: 'value',
  field: 'value',
  constant: 'value',
  variable: 'value',
  key: 'value',
  rule: 'value',
  target: 'value',
  test: 'test',
  section: 'section',
};

/** `code`: of the document table, 0 for code outside any definition. */
export function shapeOf(code: number): ChunkShape {
  const kind = SYMBOL_KINDS[code - 1];
  return kind === undefined ? 'block' : SHAPES[kind];
}
