/**
 * Brings a workspace's published index up to date with its working tree.
 * Walk -> plan -> (hash, to find what the store already has) -> derive -> publish, batch by batch: what is
 * published survives a kill, and the next run goes on from there. Readers see each batch at once or not at all.
 */
import type { FileEntry, FilePath, FileStamp, SkippedFile } from '../model/file.ts';
import type { IndexProgress, IndexReport } from '../model/search.ts';
import type { Source } from '../ports/source.ts';
import {
  BlobGoneError,
  type BlobKey,
  type ManifestEntry,
  type ManifestRow,
  type NewBlob,
  type Store,
  type WorkspaceId,
} from '../ports/store.ts';
import type { BatchResult, BatchTask, DerivedBlob, LanguageCount, ReadFile } from './batch.ts';
import { FINGERPRINT } from './fingerprint.ts';
import { inParallel } from './in-parallel.ts';
import { workInLanes } from './lanes.ts';
import { batchesOf, planWork } from './plan-work.ts';
import { createProgressMeter, type ProgressMeter } from './progress.ts';

export interface IndexTarget {
  readonly source: Source;
  readonly store: Store;
  readonly workspace: WorkspaceId;
  readonly maxFileBytes: number;
  /** Batches that may run at a time. */
  readonly parallel: number;
  /** `more` hands out further paths of the same batch; an empty list ends it. */
  run(task: BatchTask, more?: () => readonly FilePath[]): Promise<BatchResult>;
  /** Called after each publication, so that the caller's view follows. */
  published(generation: number): void | Promise<void>;
}

export interface IndexRun {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: IndexProgress) => void) | undefined;
  /** Derive everything again. The index that is there answers until it is replaced, batch by batch. */
  readonly rebuild?: boolean | undefined;
}

/**
 * Bytes of source per batch, and so per segment. The first of each thread is small: something can be found early, and a
 * small repository is spread over all threads. The others are large: few segments, whose memory is still bounded.
 */
const FIRST_BATCH_BYTES = 1 << 20;
const BATCH_BYTES = 12 << 20;
/** What a thread is handed at a time. */
const PART_BYTES = 256 << 10;
/** Hashing is cheap: smaller batches keep both cores busy and the progress moving. */
const HASH_BATCH_BYTES = 4 << 20;
const HASH_BATCH_FILES = 1000;

interface Tally {
  indexed: number;
  reused: number;
  chunks: number;
  bytes: number;
  parseErrors: number;
  generation: number;
  /** What the store has is derived again, and takes the place of what it had. */
  readonly replace: boolean;
  readonly skipped: SkippedFile[];
  readonly gone: FilePath[];
  readonly byLanguage: Record<string, LanguageCount>;
}

export async function indexWorkspace(target: IndexTarget, run: IndexRun = {}): Promise<IndexReport> {
  const started = performance.now();
  const meter = createProgressMeter(run.onProgress);
  meter.phase('walking');
  const walk = await target.source.walk(run.signal);
  const manifest = await target.store.readManifest(target.workspace, 0);
  const known = {
    stamps: new Map<FilePath, FileStamp>(manifest.upserts.map((row) => [row.path, row.stamp])),
    skipped: await target.store.readSkipped(target.workspace),
  };
  // Stamps say that bytes are the same, not that an older pipeline would have made the same of them.
  const outdated =
    (await target.store.readMeta(target.workspace, 'complete')) !== FINGERPRINT && known.stamps.size > 0;
  const plan = planWork(
    walk.files,
    known,
    target.maxFileBytes,
    run.rebuild || (outdated && (await hasOldBlobs(target, manifest.upserts))),
  );
  const tally: Tally = {
    indexed: 0,
    reused: 0,
    chunks: 0,
    bytes: 0,
    parseErrors: 0,
    generation: manifest.generation,
    replace: run.rebuild ?? false,
    skipped: [...walk.skipped, ...plan.skipped],
    gone: [],
    byLanguage: {},
  };
  meter.total(plan.changed.length, sizeOf(plan.changed));
  meter.phase('indexing');

  const storeHasBlobs = !run.rebuild && (await target.store.stats()).blobs > 0;
  const toDerive = storeHasBlobs ? await reuseKnown(target, plan.changed, run, meter, tally) : plan.changed;
  await deriveAll(target, toDerive, run, meter, tally);

  const complete = !run.signal?.aborted;
  await publishRest(target, plan.removed, tally, complete ? walk.ignoredCount : undefined);
  meter.phase('done');
  return {
    files: walk.files.length - tally.skipped.length + walk.skipped.length,
    indexed: tally.indexed,
    reused: tally.reused + plan.unchanged,
    removed: plan.removed.length,
    chunks: tally.chunks,
    bytes: tally.bytes,
    skipped: countReasons(tally.skipped, walk.ignoredCount),
    parseErrors: tally.parseErrors,
    byLanguage: tally.byLanguage,
    generation: tally.generation,
    ms: performance.now() - started,
    complete,
  };
}

/** Whether the manifest names data of another pipeline: the store does not know its blobs under this one's key. */
async function hasOldBlobs(target: IndexTarget, rows: readonly ManifestRow[]): Promise<boolean> {
  const found = await target.store.findBlobs(rows.map((row) => keyOf(row.blob)));
  return found.some((record) => record === undefined);
}

/** Hashes the files and publishes those whose derived data the store has; returns the others. */
async function reuseKnown(
  target: IndexTarget,
  entries: readonly FileEntry[],
  run: IndexRun,
  meter: ProgressMeter,
  tally: Tally,
): Promise<FileEntry[]> {
  const unknown: FileEntry[] = [];
  const batches = batchesOf(entries, HASH_BATCH_BYTES, HASH_BATCH_FILES);
  await inParallel(batches, target.parallel, run.signal, async (batch) => {
    const result = await target.run({ type: 'hash', paths: batch.map((entry) => entry.path) });
    const records = await target.store.findBlobs(result.files.map(keyOf));
    const found = result.files.filter((_, i) => records[i] !== undefined);
    const foundPaths = new Set(found.map((file) => file.path));
    const readPaths = new Set(result.files.map((file) => file.path));
    const missing = batch.filter((entry) => readPaths.has(entry.path) && !foundPaths.has(entry.path));
    try {
      await publish(target, { segments: [], upserts: found.map(manifestEntry) }, tally);
    } catch (error) {
      if (!(error instanceof BlobGoneError)) throw error;
      // Evicted between the look-up and the publication: derive them like new ones.
      unknown.push(...batch.filter((entry) => readPaths.has(entry.path)));
      return;
    }
    tally.skipped.push(...result.skipped);
    tally.gone.push(...result.gone);
    tally.reused += found.length;
    unknown.push(...missing);
    const doneBytes = sizeOf(batch) - sizeOf(missing);
    meter.done(batch.length - missing.length, doneBytes);
  });
  return unknown;
}

async function deriveAll(
  target: IndexTarget,
  entries: readonly FileEntry[],
  run: IndexRun,
  meter: ProgressMeter,
  tally: Tally,
): Promise<void> {
  await workInLanes(entries, {
    parallel: target.parallel,
    signal: run.signal,
    partBytes: PART_BYTES,
    firstBatchBytes: FIRST_BATCH_BYTES,
    batchBytes: BATCH_BYTES,
    run: (part, more) => target.run({ type: 'derive', ...part }, more),
    async done(result, done) {
      await publishDerived(target, result, tally);
      meter.done(done.length, sizeOf(done));
    },
    async giveUp({ path, stamp }) {
      const task = { type: 'derive', paths: [path], suspect: true, asText: true } as const;
      await publishDerived(target, await target.run(task), tally);
      meter.done(1, stamp.size);
    },
  });
}

async function publishDerived(target: IndexTarget, result: BatchResult, tally: Tally): Promise<void> {
  const segments = result.segment
    ? [
        {
          ...result.segment,
          vectors: result.vectors,
          blobs: result.blobs.map(newBlob),
        },
      ]
    : [];
  await publish(target, { segments, upserts: result.files.map(manifestEntry) }, tally);
  count(result, tally);
}

async function publish(
  target: IndexTarget,
  what: Pick<Parameters<Store['publish']>[0], 'segments' | 'upserts'>,
  tally: Tally,
): Promise<void> {
  if (what.upserts.length === 0) return;
  const generation = await target.store.publish({
    workspace: target.workspace,
    deletes: [],
    replace: tally.replace,
    ...what,
  });
  tally.generation = Math.max(tally.generation, generation);
  await target.published(generation);
}

async function publishRest(
  target: IndexTarget,
  removed: readonly FilePath[],
  tally: Tally,
  /** Undefined when the run was stopped. */
  ignored: number | undefined,
): Promise<void> {
  const isComplete = ignored !== undefined;
  const generation = await target.store.publish({
    workspace: target.workspace,
    segments: [],
    upserts: [],
    // A file that turned binary or vanished since the walk must not stay.
    deletes: [...removed, ...tally.gone, ...tally.skipped.map((file) => file.path)],
    ...(isComplete
      ? { skipped: tally.skipped, meta: { complete: FINGERPRINT, ignored: String(ignored) } }
      : {}),
  });
  tally.generation = generation;
  await target.published(generation);
}

function count(result: BatchResult, tally: Tally): void {
  tally.indexed += result.files.length;
  tally.chunks += result.chunks;
  tally.bytes += result.bytes;
  tally.parseErrors += result.parseErrors;
  tally.skipped.push(...result.skipped);
  tally.gone.push(...result.gone);
  for (const [language, counts] of Object.entries(result.byLanguage)) {
    const sum = (tally.byLanguage[language] ??= { files: 0, bytes: 0, parseMs: 0 });
    sum.files += counts.files;
    sum.bytes += counts.bytes;
    sum.parseMs += counts.parseMs;
  }
}

export const keyOf = (file: Pick<ReadFile, 'hash' | 'language'>): BlobKey => ({
  hash: file.hash,
  language: file.language,
  fingerprint: FINGERPRINT,
});

export const newBlob = (blob: DerivedBlob): NewBlob => ({
  key: keyOf(blob),
  outline: blob.outline,
});

export const manifestEntry = (file: ReadFile): ManifestEntry => ({
  path: file.path,
  blob: keyOf(file),
  stamp: file.stamp,
  kind: file.kind,
  traits: file.traits,
});

const sizeOf = (entries: readonly FileEntry[]) => entries.reduce((sum, entry) => sum + entry.stamp.size, 0);

export function countReasons(skipped: readonly SkippedFile[], ignored: number): IndexReport['skipped'] {
  const counts: Record<string, number> = ignored > 0 ? { ignored } : {};
  for (const { reason } of skipped) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
