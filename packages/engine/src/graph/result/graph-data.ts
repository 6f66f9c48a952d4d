/**
 * What was resolved, as columns of numbers over tables of text: what is stored, and what `CodeGraph` reads. Rows are in an order
 * that depends on what they say alone: by file, line, kind, source and target; each once.
 */
import type { GivenBy, GraphSymbolKind } from '../../model/code-graph.ts';
import type { FilePath } from '../../model/file.ts';

export const SYMBOL_KINDS: readonly GraphSymbolKind[] = [
  'module',
  'class',
  'interface',
  'function',
  'method',
];

/** Numbers point into the columns: `file` into `paths`, `id`, `from` and `to` into `ids`, `text` into `texts`. */
export interface GraphData {
  readonly paths: readonly FilePath[];
  /** Of definitions, and of what is outside the workspace; sorted. */
  readonly ids: readonly string[];
  /** In order of file and lines, the module first. */
  readonly symbols: {
    readonly id: Int32Array;
    readonly file: Int32Array;
    /** Number in `SYMBOL_KINDS`, plus 8 for what is exported. */
    readonly kind: Uint8Array;
    readonly start: Int32Array;
    readonly end: Int32Array;
  };
  readonly edges: {
    /** Number in `GRAPH_EDGE_KINDS`, plus 8 for what is inferred, 16, 32 or both for calls of what was given as an argument. */
    readonly kind: Uint8Array;
    readonly from: Int32Array;
    readonly to: Int32Array;
    readonly file: Int32Array;
    readonly line: Int32Array;
  };
  readonly texts: readonly string[];
  readonly unresolved: {
    readonly from: Int32Array;
    readonly text: Int32Array;
    readonly file: Int32Array;
    readonly line: Int32Array;
  };
  /** Numbers of files that were not read whole. */
  readonly withErrors: readonly number[];
  readonly isPartial: boolean;
}

export const EXPORTED = 8;
export const INFERRED = 8;
/** In order of their numbers, times 16: 0 is none. */
export const GIVEN_BY: readonly (GivenBy | undefined)[] = [undefined, 'own', 'around', 'kept'];

const none = new Int32Array(0);

export const emptyGraph: GraphData = {
  paths: [],
  ids: [],
  symbols: { id: none, file: none, kind: new Uint8Array(0), start: none, end: none },
  edges: { kind: new Uint8Array(0), from: none, to: none, file: none, line: none },
  texts: [],
  unresolved: { from: none, text: none, file: none, line: none },
  withErrors: [],
  isPartial: false,
};
