/**
 * Edits that change no more than lines: a comment, an empty line, a text. Where that is all that was edited since the graph was resolved, it
 * holds with other lines, and nothing is resolved. What a file said before is read from the store, which keeps it for a while.
 */

import { type MovedLines, movedLines, withMovedLines } from '../graph/result/moved-lines.ts';
import type { ResolvedGraph } from '../graph/result/packed-graph.ts';
import type { FileRecord } from '../lexical/index-view.ts';
import type { FilePath } from '../model/file.ts';
import { unpackFacts } from '../model/packed-facts.ts';
import { graphFileOf, hasFacts } from './facts.ts';
import type { KeptFacts } from './kept-facts.ts';
import { changedSince, type FilesOfView } from './near-graph.ts';

export interface LineEdits {
  /** The graph of the files as they are now; undefined: more than lines has changed, or it is not known what was there. */
  follow(
    newest: ResolvedGraph | undefined,
    now: FilesOfView,
    signal: AbortSignal,
  ): Promise<ResolvedGraph | undefined>;
}

/** More changed files at a time are a checkout or a formatter: all is resolved. */
const MAX_CHANGED = 16;

const keyOf = ({ hash, language }: Pick<FileRecord, 'hash' | 'language'>) => `${hash} ${language}`;

/** `signatureOf`: names a view with these files. */
export function openLineEdits(
  kept: KeptFacts,
  signatureOf: (files: readonly FileRecord[]) => string,
): LineEdits {
  /** Of the files that were edited last, by content: what was not published is in no store. */
  let edited: ReadonlyMap<string, Uint8Array> = new Map();

  const before = async (files: readonly Pick<FileRecord, 'hash' | 'language'>[]) => {
    const stored = await kept.readContents(files);
    return files.map((file, i) => edited.get(keyOf(file)) ?? stored[i]);
  };

  const edit: LineEdits['follow'] = async (newest, now, signal) => {
    if (!newest || newest.unread.some(({ reason }) => reason === 'too_large')) return undefined;
    const changed = changedSince(newest, now).filter(hasFacts);
    if (changed.length === 0 || changed.length > MAX_CHANGED) return undefined;
    const known = new Map(newest.files.map((file) => [file.path, file]));
    const old = changed.flatMap(({ path }) => known.get(path) ?? []);
    if (old.length < changed.length) return undefined;
    const byPath = new Map(old.map((file) => [file.path, file]));
    // Nothing else has changed: neither another file nor what says where imports lead.
    const files = now.files.map((file) => ({ ...file, ...byPath.get(file.path) }));
    // First: what is in no view any more is forgotten when facts are made.
    const said = await before(old);
    const facts = await factsNow(kept, changed, now, signal);
    if (!facts) return undefined;
    edited = new Map(changed.map((file, i) => [keyOf(file), facts[i] as Uint8Array]));
    if (signatureOf(files) !== newest.signature) return undefined;
    const moved = movedIn(changed, said, facts);
    const data = moved && withMovedLines(newest.data, moved);
    if (!data) return undefined;
    const paths = new Map(changed.map((file) => [file.path, graphFileOf(file)]));
    return {
      ...newest,
      data,
      files: newest.files.map((file) => paths.get(file.path) ?? file),
      signature: now.signature,
      // Of the facts as they were: whoever compares with it resolves anew.
      factsSignature: '',
    };
  };

  return {
    // Only an addition: should it fail, all is resolved.
    follow: (newest, now, signal) => edit(newest, now, signal).catch(() => undefined),
  };
}

/** undefined: the view moved, or a file says nothing now. */
async function factsNow(
  kept: KeptFacts,
  changed: readonly FileRecord[],
  now: FilesOfView,
  signal: AbortSignal,
): Promise<readonly Uint8Array[] | undefined> {
  // Of all files: facts of contents that are not published are kept for those that are asked for.
  await kept.fill(now.files.filter(hasFacts), signal);
  const facts = signal.aborted ? undefined : await kept.read(changed, signal);
  const found = facts?.filter((bytes) => bytes !== undefined && bytes.length > 0) as Uint8Array[] | undefined;
  return found?.length === changed.length ? found : undefined;
}

function movedIn(
  changed: readonly FileRecord[],
  before: readonly (Uint8Array | undefined)[],
  after: readonly Uint8Array[],
): ReadonlyMap<FilePath, MovedLines> | undefined {
  const moved = new Map<FilePath, MovedLines>();
  for (const [i, { path }] of changed.entries()) {
    const bytes = before[i];
    if (!bytes?.length) return undefined;
    const lines = movedLines(unpackFacts(bytes), unpackFacts(after[i] as Uint8Array));
    if (!lines) return undefined;
    moved.set(path, lines);
  }
  return moved;
}
