/** Facts of a workspace's files, from the store and from the overlay: what the graph is resolved from. */
import { createHash } from 'node:crypto';
import { isConfiguration, maxConfigurationBytes } from '../analysis/call-graph.ts';
import { emptyGraph, type GraphData } from '../graph/graph-data.ts';
import type { GraphInput } from '../graph/resolve-packed.ts';
import type { LiveIndex } from '../indexing/live-index.ts';
import type { FileRecord } from '../lexical/index-view.ts';
import type { UnreadFile } from '../model/call-graph.ts';
import type { FilePath } from '../model/file.ts';
import type { Source } from '../ports/source.ts';
import { BlobGoneError, type BlobId, type Store } from '../ports/store.ts';
import { referenceLanguages } from '../syntax/references/read-references.ts';

export interface FactsParts {
  readonly source: Source;
  readonly store: Store;
  /** In another thread. */
  resolve(input: GraphInput, signal: AbortSignal): Promise<GraphData>;
}

export interface Collected {
  /** Files that have facts, in order of path. */
  readonly records: readonly FileRecord[];
  readonly unread: readonly UnreadFile[];
  /** Names what is resolved. */
  readonly signature: string;
  /** Once: the facts are moved to the thread. */
  resolve(): Promise<GraphData>;
}

/** Blobs read between two turns of the event loop: about a millisecond. */
const READ_AT_ONCE = 200;
/**
 * Packed facts that are resolved together, about as much source; the thread takes some ten times as much memory. Files beyond are
 * left out, tests and the like first, and listed as too large.
 */
const MAX_FACTS_BYTES = 48 << 20;

export function isPartOfGraph({ path, language }: Pick<FileRecord, 'path' | 'language'>): boolean {
  return referenceLanguages.includes(language) || isConfiguration(path);
}

/** undefined: the view changed while it was read, or `signal`; ask again. `files`: in order of path. */
export async function collectFacts(
  { source, store, resolve }: FactsParts,
  live: LiveIndex,
  files: readonly FileRecord[],
  signal: AbortSignal,
): Promise<Collected | undefined> {
  const code = files.filter(({ path }) => !isConfiguration(path));
  const packed = await readPacked(store, live, code, signal);
  if (!packed) return undefined;
  const configurations = configurationsOf(source, files);
  const unread: UnreadFile[] = [];
  const kept = withinBound(code, packed);
  const records: FileRecord[] = [];
  const input: { path: FilePath; facts: Uint8Array }[] = [];
  const hash = createHash('sha256');
  for (const [path, text] of configurations) hash.update(`${path}\0${text}\0`);
  for (const [i, record] of code.entries()) {
    const facts = packed[i];
    const { path } = record;
    if (facts === undefined) unread.push({ path, reason: 'not_parsed' });
    else if (!kept.has(i)) unread.push({ path, reason: 'too_large' });
    else {
      records.push(record);
      input.push({ path, facts });
      hash.update(`${path}\0`).update(facts);
    }
  }
  const isPartial = kept.size < packed.filter((facts) => facts).length;
  return {
    records,
    unread,
    signature: hash.digest('hex'),
    async resolve() {
      if (input.length === 0) return emptyGraph;
      const data = await resolve({ files: input, configurations }, signal);
      return isPartial ? { ...data, isPartial } : data;
    },
  };
}

async function readPacked(
  store: Store,
  live: LiveIndex,
  code: readonly FileRecord[],
  signal: AbortSignal,
): Promise<readonly (Uint8Array | undefined)[] | undefined> {
  // Looked up at once: later the view may be another one.
  const found: (Uint8Array | undefined)[] = code.map(({ path }) => live.overlayFacts(path)?.slice());
  const stored: { readonly at: number; readonly blob: BlobId }[] = [];
  for (const [at, { path }] of code.entries()) {
    const record = live.blobRecord(path);
    if (record) stored.push({ at, blob: record.id });
  }
  for (let from = 0; from < stored.length; from += READ_AT_ONCE) {
    if (signal.aborted) return undefined;
    const part = stored.slice(from, from + READ_AT_ONCE);
    try {
      const facts = await store.readFacts(part.map(({ blob }) => blob));
      for (const [i, { at }] of part.entries()) found[at] = facts[i];
    } catch (error) {
      if (error instanceof BlobGoneError) return undefined;
      throw error;
    }
  }
  return found;
}

function configurationsOf(source: Source, files: readonly FileRecord[]): Map<FilePath, string> {
  const found = new Map<FilePath, string>();
  for (const { path } of files) {
    const bytes = isConfiguration(path) ? source.read(path)?.bytes : undefined;
    if (bytes && bytes.length <= maxConfigurationBytes) found.set(path, new TextDecoder().decode(bytes));
  }
  return found;
}

/** Numbers of the files that fit, what is neither test nor example first. */
function withinBound(
  code: readonly FileRecord[],
  packed: readonly (Uint8Array | undefined)[],
): ReadonlySet<number> {
  const kept = new Set<number>();
  let bytes = 0;
  for (const isFirst of [true, false]) {
    for (const [i, { kind }] of code.entries()) {
      const size = packed[i]?.length;
      if (size === undefined || (kind === 'code') !== isFirst || bytes + size > MAX_FACTS_BYTES) continue;
      bytes += size;
      kept.add(i);
    }
  }
  return kept;
}
