/** Packed facts of all files -> their graph: what a thread is given, and gives. */
import type { FilePath } from '../model/file.ts';
import { unpackFacts } from '../model/packed-facts.ts';
import { resolveGraph } from './resolving/resolve.ts';
import type { GraphData } from './result/graph-data.ts';

export interface GraphInput {
  /** In order of path. */
  readonly files: readonly { readonly path: FilePath; readonly facts: Uint8Array }[];
  /** Files that say where imports lead, and their text. */
  readonly configurations: ReadonlyMap<FilePath, string>;
}

export function resolvePacked({ files, configurations }: GraphInput): GraphData {
  const unpacked = files.map(({ path, facts }) => ({ path, facts: unpackFacts(facts) }));
  return resolveGraph(unpacked, { configurations });
}
