/** A resolved graph in few bytes, with the files it was made of. */
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { UnreadFile } from '../../model/call-graph.ts';
import { packPlain } from '../../model/plain-packing.ts';
import { unpackPlain } from '../../model/plain-unpacking.ts';
import type { GraphFile } from './code-graph.ts';
import type { GraphData } from './graph-data.ts';

/** A graph, and of which bytes it speaks. */
export interface ResolvedGraph {
  readonly data: GraphData;
  /** Of `data.paths`, in the same order. */
  readonly files: readonly GraphFile[];
  readonly unread: readonly UnreadFile[];
  /** Names all files, their bytes and languages. */
  readonly signature: string;
  /** Names all facts: files may change and say the same. */
  readonly factsSignature: string;
}

export function packGraph(graph: ResolvedGraph): Uint8Array {
  const lists = (table: Readonly<Record<string, Int32Array | Uint8Array>>) =>
    Object.fromEntries(Object.entries(table).map(([name, column]) => [name, [...column]]));
  const { symbols, edges, unresolved, ...rest } = graph.data;
  const plain = {
    ...graph,
    data: { ...rest, symbols: lists(symbols), edges: lists(edges), unresolved: lists(unresolved) },
    files: graph.files.map(({ path, hash, kind, language }) => ({ path, hash, kind, language })),
  };
  return zstdCompressSync(packPlain(plain));
}

/** The bytes must be whole: the store has checked them. */
export function unpackGraph(bytes: Uint8Array): ResolvedGraph {
  type Lists<T> = { readonly [K in keyof T]: readonly number[] };
  const plain = unpackPlain(zstdDecompressSync(bytes)) as Omit<ResolvedGraph, 'data'> & {
    readonly data: Omit<GraphData, 'symbols' | 'edges' | 'unresolved'> & {
      readonly symbols: Lists<GraphData['symbols']>;
      readonly edges: Lists<GraphData['edges']>;
      readonly unresolved: Lists<GraphData['unresolved']>;
    };
  };
  const { symbols, edges, unresolved } = plain.data;
  const wide = (list: readonly number[]) => Int32Array.from(list);
  return {
    ...plain,
    data: {
      ...plain.data,
      symbols: {
        id: wide(symbols.id),
        file: wide(symbols.file),
        kind: Uint8Array.from(symbols.kind),
        start: wide(symbols.start),
        end: wide(symbols.end),
      },
      edges: {
        kind: Uint8Array.from(edges.kind),
        from: wide(edges.from),
        to: wide(edges.to),
        file: wide(edges.file),
        line: wide(edges.line),
      },
      unresolved: {
        from: wide(unresolved.from),
        text: wide(unresolved.text),
        file: wide(unresolved.file),
        line: wide(unresolved.line),
      },
    },
  };
}
