/** What the graph of a workspace is resolved from: facts of its files and its configurations, within a bound. */
import { createHash } from 'node:crypto';
import { isConfiguration, maxConfigurationBytes } from '../analysis/call-graph.ts';
import type { GraphInput } from '../graph/resolve-packed.ts';
import type { GraphFile } from '../graph/result/code-graph.ts';
import { emptyGraph, type GraphData } from '../graph/result/graph-data.ts';
import type { FileRecord } from '../lexical/index-view.ts';
import type { UnreadFile } from '../model/call-graph.ts';
import type { FilePath } from '../model/file.ts';
import type { Source } from '../ports/source.ts';
import { referenceLanguages } from '../syntax/references/read-references.ts';
import type { KeptFacts } from './kept-facts.ts';

export interface FactsParts {
  readonly source: Source;
  /** In another thread. */
  resolve(input: GraphInput, signal: AbortSignal): Promise<GraphData>;
  /** The same of few files, which does not wait for that thread. */
  resolveFew(input: GraphInput, signal: AbortSignal): Promise<GraphData>;
}

export interface Collected {
  /** Files that have facts, in order of path. */
  readonly records: readonly FileRecord[];
  readonly unread: readonly UnreadFile[];
  /** Files whose facts could not be made, because they changed since the index saw them. */
  readonly pending: readonly FilePath[];
  /** Names what is resolved. */
  readonly signature: string;
  /** Once: the facts are moved to the thread. */
  resolve(signal: AbortSignal): Promise<GraphData>;
}

/**
 * Packed facts that are resolved together, of about as much source; the thread takes some five times as much memory. Files beyond are
 * left out, tests and the like first, and listed as too large.
 */
const MAX_FACTS_BYTES = 108 << 20;

/**
 * Source whose facts are made: in repositories they were .6 to 1.3 of it. Files beyond would be left out of the resolution anyway.
 */
const MAX_SOURCE_BYTES = 4 * MAX_FACTS_BYTES;

/** Those of the files whose facts the resolution may use, in their order: what is neither test nor example first. */
export function withinSource(
  files: readonly FileRecord[],
  maxBytes: number = MAX_SOURCE_BYTES,
): readonly FileRecord[] {
  const code = files.filter(hasFacts);
  const kept = codeFirst(code, maxBytes, ({ stamp }) => stamp.size);
  return code.filter((file) => kept.has(file));
}

/** The files that fit, what is neither test nor example first. One that does not fit leaves room for smaller ones. */
function codeFirst(
  files: readonly FileRecord[],
  maxBytes: number,
  sizeOf: (file: FileRecord, at: number) => number,
): ReadonlySet<FileRecord> {
  const kept = new Set<FileRecord>();
  let left = maxBytes;
  for (const isFirst of [true, false]) {
    for (const [at, file] of files.entries()) {
      const size = sizeOf(file, at);
      if ((file.kind === 'code') !== isFirst || size > left) continue;
      left -= size;
      kept.add(file);
    }
  }
  return kept;
}

/** What a graph keeps of a file. */
export function graphFileOf({ path, hash, kind, language }: FileRecord): GraphFile {
  return { path, hash, kind, language };
}

/** Files whose calls are followed. */
export function hasFacts({ path, language }: Pick<FileRecord, 'path' | 'language'>): boolean {
  return referenceLanguages.includes(language) && !isConfiguration(path);
}

export function isPartOfGraph({ path, language }: Pick<FileRecord, 'path' | 'language'>): boolean {
  return referenceLanguages.includes(language) || isConfiguration(path);
}

/** undefined: the view changed while it was read, or `signal`; ask again. `files`: in order of path. */
export async function collectFacts(
  { source, resolve }: FactsParts,
  facts: KeptFacts,
  files: readonly FileRecord[],
  signal: AbortSignal,
): Promise<Collected | undefined> {
  const code = files.filter(hasFacts);
  const packed = await facts.read(code, signal);
  if (!packed) return undefined;
  const configurations = configurationsOf(source, files);
  const unread: UnreadFile[] = [];
  const pending: FilePath[] = [];
  const wanted = new Set(withinSource(files));
  const kept = codeFirst(code, MAX_FACTS_BYTES, (_, at) => packed[at]?.length ?? 0);
  const records: FileRecord[] = [];
  const input: { path: FilePath; facts: Uint8Array }[] = [];
  const hash = createHash('sha256');
  for (const [path, text] of configurations) hash.update(`${path}\0${text}\0`);
  for (const [i, record] of code.entries()) {
    const facts = packed[i];
    const { path } = record;
    if (facts === undefined && !wanted.has(record)) unread.push({ path, reason: 'too_large' });
    else if (facts === undefined) pending.push(path);
    else if (facts.length === 0) unread.push({ path, reason: 'not_parsed' });
    else if (!kept.has(record)) unread.push({ path, reason: 'too_large' });
    else {
      records.push(record);
      input.push({ path, facts });
      hash.update(`${path}\0`).update(facts);
    }
  }
  const isPartial = unread.some(({ reason }) => reason === 'too_large');
  return {
    records,
    unread,
    pending,
    signature: hash.digest('hex'),
    async resolve(signal) {
      if (input.length === 0) return emptyGraph;
      const data = await resolve({ files: input, configurations }, signal);
      return isPartial ? { ...data, isPartial } : data;
    },
  };
}

export function configurationsOf(source: Source, files: readonly FileRecord[]): Map<FilePath, string> {
  const found = new Map<FilePath, string>();
  for (const { path } of files) {
    const bytes = isConfiguration(path) ? source.read(path)?.bytes : undefined;
    if (bytes && bytes.length <= maxConfigurationBytes) found.set(path, new TextDecoder().decode(bytes));
  }
  return found;
}
