/**
 * Facts of a workspace's contents: made in the background where the store has none, one process at a time, and kept by content. What
 * was made before a kill is there afterwards. Knows no graph.
 */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { type BatchResult, type BatchTask, type DerivedFacts, NOTHING_READ } from '../indexing/batch.ts';
import { NO_FACTS } from '../indexing/derive-facts.ts';
import { FACTS_VERSION, FINGERPRINT } from '../indexing/fingerprint.ts';
import { workInLanes } from '../indexing/lanes.ts';
import type { LiveIndex } from '../indexing/live-index.ts';
import { createProgressMeter, type ProgressMeter } from '../indexing/progress.ts';
import { untilAborted } from '../indexing/until-aborted.ts';
import type { FileRecord } from '../lexical/index-view.ts';
import type { FilePath } from '../model/file.ts';
import type { IndexProgress } from '../model/search.ts';
import { type BlobFacts, BlobGoneError, type BlobId, type Store } from '../ports/store.ts';

export interface KeptFactsParts {
  readonly store: Store;
  /** Files that may be read at a time. */
  readonly parallel: number;
  run(task: BatchTask, more?: () => readonly FilePath[]): Promise<BatchResult>;
  /** Marks this process as the one that makes facts; undefined while another one does. Ends with the process. */
  takeFactsTurn(): { release(): void } | undefined;
}

export interface KeptFacts {
  /** Of the run that makes facts now. */
  readonly progress: IndexProgress | undefined;
  /**
   * Makes what is missing of these files. What still is afterwards is not on disk as the view has it: the view is behind.
   * Ends early with the signal.
   */
  fill(files: readonly FileRecord[], signal: AbortSignal): Promise<void>;
  /** In the order of the files; undefined: not made. No bytes: it says nothing. undefined for all: the view moved, ask again. */
  read(
    files: readonly FileRecord[],
    signal: AbortSignal,
  ): Promise<readonly (Uint8Array | undefined)[] | undefined>;
  /** Of contents that need not be in the view any more, in their order; undefined: not kept, or no longer. */
  readContents(
    contents: readonly Pick<FileRecord, 'hash' | 'language'>[],
  ): Promise<readonly (Uint8Array | undefined)[]>;
  /** How many of the files have none yet. */
  missing(files: readonly FileRecord[]): Promise<number>;
}

/** Bytes of source for one result: what a kill loses, and how long another task waits for a thread (about 0.2 s). */
const PART_BYTES = 256 << 10;
/** So few are read in this thread, as a refresh does. */
const FEW_FILES = 4;
/** Blobs looked up between two turns of the event loop: about a millisecond. */
const READ_AT_ONCE = 200;
const TURN_POLL_MS = 500;
/** Whoever has the turn and makes nothing for this long is not waited for: working twice is wasteful, but correct. */
const TURN_PATIENCE_MS = 20_000;

const keyOf = ({ hash, language }: Pick<FileRecord, 'hash' | 'language'>) => `${hash} ${language}`;

interface Place {
  readonly file: FileRecord;
  /** Where the store has the content. */
  readonly blob?: BlobId;
  /** A file with it is not published yet. */
  readonly isUnpublished: boolean;
}

/** Contents without facts, by key. */
type Missing = ReadonlyMap<string, Place>;
type KeyedFacts = BlobFacts & { readonly key: string };

interface State extends KeptFactsParts {
  readonly live: LiveIndex;
  /** Facts of contents that are not published yet, or could not be written: about as much as their source. */
  readonly unwritten: Map<string, Uint8Array>;
  meter: ProgressMeter | undefined;
}

export function openKeptFacts(parts: KeptFactsParts, live: LiveIndex): KeptFacts {
  const { store, parallel, run, takeFactsTurn } = parts;
  const state: State = { store, parallel, run, takeFactsTurn, live, unwritten: new Map(), meter: undefined };
  return {
    get progress() {
      return state.meter?.current;
    },
    async fill(files, signal) {
      try {
        await fill(state, files, signal);
      } finally {
        state.meter = undefined;
      }
    },
    read: (files, signal) => read(state, files, signal),
    readContents: (contents) => readContents(state, contents),
    missing: async (files) => (await lookUp(state, files)).size,
  };
}

/** Where the content of a file is; undefined: the view has another one by now. */
function placeOf({ live }: State, file: FileRecord): { readonly blob: BlobId | undefined } | undefined {
  const now = live.view.file(file.path);
  if (now === undefined || keyOf(now) !== keyOf(file)) return undefined;
  return { blob: live.blobRecord(file.path)?.id };
}

async function lookUp(state: State, files: readonly FileRecord[]): Promise<Missing> {
  const { store, unwritten } = state;
  const stored = new Map<BlobId, FileRecord>();
  const unpublished = new Map<string, FileRecord>();
  for (const file of files) {
    const place = placeOf(state, file);
    if (place?.blob !== undefined) stored.set(place.blob, file);
    else if (place) unpublished.set(keyOf(file), file);
  }
  const missing = new Map<string, Place>();
  const late: KeyedFacts[] = [];
  const blobs = [...stored.keys()];
  for (let from = 0; from < blobs.length; from += READ_AT_ONCE) {
    for (const blob of await store.withoutFacts(blobs.slice(from, from + READ_AT_ONCE), FACTS_VERSION)) {
      const file = stored.get(blob) as FileRecord;
      const key = keyOf(file);
      const bytes = unwritten.get(key);
      if (bytes) late.push({ blob, bytes, key });
      else missing.set(key, { file, blob, isUnpublished: unpublished.has(key) });
    }
    await nextTurn();
  }
  for (const [key, file] of unpublished)
    if (!unwritten.has(key) && !missing.has(key)) missing.set(key, { file, isUnpublished: true });
  const wanted = new Set([...unpublished.keys(), ...late.map(({ key }) => key)]);
  for (const key of unwritten.keys()) if (!wanted.has(key)) unwritten.delete(key);
  await write(state, late);
  return missing;
}

/** A store that cannot be written now, or that a newer version writes to: they are kept here, and written the next time. */
async function write({ store, unwritten }: State, facts: readonly KeyedFacts[]): Promise<void> {
  if (facts.length === 0) return;
  const isWritten = await store.writeFacts(facts, FACTS_VERSION).catch(() => false);
  if (!isWritten) for (const { key, bytes } of facts) unwritten.set(key, bytes);
}

async function keep(state: State, found: readonly DerivedFacts[], missing: Missing): Promise<void> {
  const written: KeyedFacts[] = [];
  for (const { bytes, ...content } of found) {
    const key = keyOf(content);
    const place = missing.get(key);
    // Another content than the view has: the file was changed since.
    if (place === undefined) continue;
    if (place.isUnpublished) state.unwritten.set(key, bytes);
    if (place.blob !== undefined) written.push({ blob: place.blob, bytes, key });
  }
  await write(state, written);
}

async function fill(state: State, files: readonly FileRecord[], signal: AbortSignal): Promise<void> {
  let missing = await lookUp(state, files);
  if (missing.size === 0) return;
  const meter = createProgressMeter();
  state.meter = meter;
  meter.phase('facts');
  meter.total(missing.size, sizeOf(filesOf(missing)));
  let since = performance.now();
  while (missing.size > 0 && !signal.aborted) {
    const isOurs = [...missing.values()].every(({ blob }) => blob === undefined);
    const turn = isOurs ? undefined : state.takeFactsTurn();
    if (isOurs || turn || performance.now() - since > TURN_PATIENCE_MS) {
      try {
        // Another process may have made them between the look and the turn.
        return await make(state, turn ? await lookUp(state, files) : missing, signal);
      } finally {
        turn?.release();
      }
    }
    await untilAborted(sleep(TURN_POLL_MS, undefined, { ref: false }), signal, undefined);
    const left = await lookUp(state, files);
    const done = [...missing].filter(([key]) => !left.has(key)).map(([, { file }]) => file);
    if (done.length > 0) since = performance.now();
    meter.done(done.length, sizeOf(done));
    missing = left;
  }
}

async function make(state: State, missing: Missing, signal: AbortSignal): Promise<void> {
  const files = filesOf(missing);
  const run = (task: BatchTask, more?: () => readonly FilePath[]) =>
    untilAborted(state.run(task, more), signal, NOTHING_READ);
  if (files.length <= FEW_FILES && sizeOf(files) <= PART_BYTES) {
    await keep(state, (await run({ type: 'facts', paths: files.map(({ path }) => path) })).facts, missing);
    return;
  }
  const byPath = new Map(files.map((file) => [file.path, file]));
  await workInLanes(files, {
    // Who watches answers questions meanwhile.
    parallel: state.live.isWatching() ? Math.max(1, state.parallel - 1) : state.parallel,
    signal,
    partBytes: PART_BYTES,
    firstBatchBytes: 1,
    batchBytes: 1,
    run: (part, more) => run({ type: 'facts', ...part }, more),
    async done({ facts }, done) {
      if (signal.aborted) return;
      await keep(state, facts, missing);
      state.meter?.done(done.length, sizeOf(done));
    },
    async giveUp({ path, stamp }) {
      const { hash, language } = byPath.get(path) as FileRecord;
      await keep(state, [{ hash, language, bytes: NO_FACTS }], missing);
      state.meter?.done(1, stamp.size);
    },
  });
}

async function read(
  state: State,
  files: readonly FileRecord[],
  signal: AbortSignal,
): ReturnType<KeptFacts['read']> {
  const found: (Uint8Array | undefined)[] = [];
  const stored: { readonly at: number; readonly blob: BlobId }[] = [];
  // Looked up at once: later the view may be another one.
  for (const [at, file] of files.entries()) {
    const place = placeOf(state, file);
    // A copy: it is moved to the thread that resolves.
    found[at] = place && state.unwritten.get(keyOf(file))?.slice();
    if (place?.blob !== undefined) stored.push({ at, blob: place.blob });
  }
  for (let from = 0; from < stored.length; from += READ_AT_ONCE) {
    if (signal.aborted) return undefined;
    const part = stored.slice(from, from + READ_AT_ONCE);
    try {
      const facts = await state.store.readFacts(
        part.map(({ blob }) => blob),
        FACTS_VERSION,
      );
      for (const [i, { at }] of part.entries()) found[at] = facts[i] ?? found[at];
    } catch (error) {
      if (error instanceof BlobGoneError) return undefined;
      throw error;
    }
  }
  return found;
}

async function readContents(
  { store, unwritten }: State,
  contents: Parameters<KeptFacts['readContents']>[0],
): ReturnType<KeptFacts['readContents']> {
  const keys = contents.map(({ hash, language }) => ({ hash, language, fingerprint: FINGERPRINT }));
  const blobs = await store.findBlobs(keys);
  try {
    const ids = blobs.flatMap((blob) => blob?.id ?? []);
    const facts = await store.readFacts(ids, FACTS_VERSION);
    let at = 0;
    return blobs.map((blob, i) => {
      const kept = blob && facts[at++];
      return kept ?? unwritten.get(keyOf(contents[i] as FileRecord));
    });
  } catch (error) {
    if (error instanceof BlobGoneError) return contents.map(() => undefined);
    throw error;
  }
}

const filesOf = (missing: Missing) => [...missing.values()].map(({ file }) => file);
const sizeOf = (files: readonly Pick<FileRecord, 'stamp'>[]) =>
  files.reduce((sum, { stamp }) => sum + stamp.size, 0);
