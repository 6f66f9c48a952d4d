/**
 * The index as it answers now: what the store has published, under an overlay of files changed since.
 * Overlay segments have negative ids and live in memory until they are published; the view does not tell the
 * difference. One refresh runs at a time; requests that arrive meanwhile share the next one.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createIndexView, type FileRecord, type IndexView } from '../lexical/index-view.ts';
import { ConexusError } from '../model/errors.ts';
import { type FilePath, sameStamp } from '../model/file.ts';
import { skipByPath } from '../model/skip-rules.ts';
import type { Source, WalkResult, Watcher } from '../ports/source.ts';
import {
  type BlobRecord,
  type ManifestRow,
  SegmentGoneError,
  type SegmentVectors,
  type Store,
  type WorkspaceId,
} from '../ports/store.ts';
import { type BatchResult, type BatchTask, type DerivedBlob, isSettled, type ReadFile } from './batch.ts';
import { changedFiles, filesOfGoneFolders } from './changed-files.ts';
import { deriveEach } from './derive-each.ts';
import { type OverlayFile, type OverlaySegment, publishOverlay } from './publish-overlay.ts';
import { createRefreshQueue, type RefreshOptions, type RefreshReport } from './refresh-queue.ts';
import { createSaver } from './saver.ts';

export interface LiveIndexOptions {
  readonly source: Source;
  readonly store: Store;
  readonly workspace: WorkspaceId;
  readonly maxFileBytes: number;
  run(task: BatchTask): Promise<BatchResult>;
  /** Another one in this process publishes what both read. */
  readonly follows?: boolean;
  /** A walk that began when the first question had been asked: the first look ahead of it waits for this one. */
  readonly walked?: Promise<WalkResult> | undefined;
  /** Called after the overlay was published; the place to merge segments. */
  onFlushed?(): void;
}

export interface LiveIndex {
  readonly view: IndexView;
  /** Grows with every change of the view. A query that sees it move between two steps starts over. */
  readonly version: number;
  /** Grows whenever a file may have changed, also where its bytes turn out to be the same. */
  readonly changes: number;
  readonly generation: number;
  refresh(options?: RefreshOptions): Promise<RefreshReport>;
  /** Whether the file on disk has the stamp of the indexed one. Says nothing of others. */
  matches(path: FilePath): boolean;
  /** These files do not match the index; look at them at the next refresh whatever the watcher says. */
  suspect(paths: readonly FilePath[]): void;
  startWatching(): Promise<void>;
  isWatching(): boolean;
  /** Publishes the overlay now. When that fails the overlay stays, goes on answering, and is tried again later. */
  flush(): Promise<void>;
  /** Set while the last attempt to publish failed: how many files are kept in memory only, and why. */
  readonly unsaved: { readonly files: number; readonly error: unknown } | undefined;
  /** Store record of a live slot's blob; undefined while it is only in the overlay. */
  blobRecord(path: FilePath): BlobRecord | undefined;
  /** Vectors of a segment of the overlay, if they were made with it. */
  overlayVectors(segment: number): SegmentVectors | undefined;
  /** Encoded outline of an overlay file. */
  overlayOutline(path: FilePath): Uint8Array | undefined;
  close(): Promise<void>;
}

const DEFAULT_DEADLINE_MS = 2_000;
/** Files read between two looks at the clock. */
const READ_AT_ONCE = 64;
/** Merges elsewhere may replace segments between two reads; they do not keep doing so. */
const MAX_FOLLOW_ATTEMPTS = 5;
/** What the publication before closing may take. */
const LAST_FLUSH_MS = 1_000;

export async function openLiveIndex(options: LiveIndexOptions): Promise<LiveIndex> {
  const { source, store, workspace } = options;
  const view = createIndexView();
  const records = new Map<FilePath, BlobRecord>();
  const overlay = new Map<FilePath, OverlayFile>();
  const overlaySegments = new Map<number, OverlaySegment>();
  const deleted = new Set<FilePath>();
  /** Files with the published bytes and a newer stamp, to be published so that no later process reads them again. */
  const restamped = new Map<FilePath, ReadFile>();
  /** Stamps of files left out for their content. */
  const leftOut = new Map<FilePath, string>();
  const suspects = new Set<FilePath>();
  let backlog = new Set<FilePath>();
  let watcher: Watcher | undefined;
  let scanNeeded = true;
  /** A scan that the next refresh may take for its own, as long as nobody has published since. */
  let { walked } = options;
  let ahead: { readonly generation: number; readonly ms: number } | undefined;
  let generation = 0;
  let version = 0;
  let changeCount = 0;
  let nextOverlay = -1;
  let closed = false;

  const addStoreSegment = async (id: number) => {
    if (view.hasSegment(id)) return;
    const header = await store.readSegmentHeader(id);
    if (!view.hasSegment(id)) view.addSegment(id, header, (pages) => store.readPages(id, pages));
  };

  const setRow = (row: ManifestRow) => {
    records.set(row.path, row.blob);
    const { segment, ordinal, hash, language } = row.blob;
    view.setFile({
      path: row.path,
      hash,
      language,
      kind: row.kind,
      traits: row.traits,
      stamp: row.stamp,
      segment,
      ordinal,
    });
  };

  /** The overlay is newer than any publication of other bytes; a publication of the same bytes replaces it. */
  const accept = (row: ManifestRow) => {
    const dirty = overlay.get(row.path);
    if (dirty && dirty.file.hash !== row.blob.hash) return;
    if (deleted.has(row.path)) {
      if (source.stamp(row.path) === undefined) return;
      deleted.delete(row.path);
    }
    overlay.delete(row.path);
    if (!isScanDue() && view.file(row.path)?.hash !== row.blob.hash) {
      const stamp = source.stamp(row.path);
      if (!stamp || !sameStamp(stamp, row.stamp)) suspects.add(row.path);
    }
    setRow(row);
  };

  /**
   * Whether the next refresh compares every file with the disk. Otherwise what another process publishes must be
   * compared: it may have read the file before an edit that this one has seen, and the watcher tells of an edit once.
   */
  const isScanDue = () => scanNeeded || !watcher?.complete;

  const follow = async () => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await followOnce();
      } catch (error) {
        if (!(error instanceof SegmentGoneError) || attempt === MAX_FOLLOW_ATTEMPTS) throw error;
      }
    }
  };

  const followOnce = async () => {
    if ((await store.generation(workspace)) === generation) return;
    const delta = await store.readManifest(workspace, generation);
    for (const id of delta.segments) await addStoreSegment(id);
    version++;
    if (delta.full) {
      // The first manifest, or the index was cleared, or this reader is far behind: what it knew of the disk is void.
      scanNeeded = true;
      const present = new Set(delta.upserts.map((row) => row.path));
      for (const file of [...view.files()]) {
        if (!present.has(file.path) && !overlay.has(file.path)) forget(file.path);
      }
    }
    for (const path of delta.deletes) {
      if (!overlay.has(path)) {
        if (!deleted.has(path) && !isScanDue() && source.stamp(path)) suspects.add(path);
        forget(path);
      }
      deleted.delete(path);
    }
    const moved = new Map(delta.moved.map((record) => [record.id, record]));
    for (const row of delta.upserts) {
      const blob = moved.size > 0 ? moved.get(row.blob.id) : undefined;
      accept(blob ? { ...row, blob } : row);
    }
    if (moved.size > 0) relocate(moved);
    dropUnused(new Set(delta.segments));
    generation = delta.generation;
  };

  const relocate = (moved: ReadonlyMap<number, BlobRecord>) => {
    for (const [path, record] of records) {
      const to = moved.get(record.id);
      const file = view.file(path);
      if (!to || !file) continue;
      records.set(path, to);
      if (!overlay.has(path)) view.setFile({ ...file, segment: to.segment, ordinal: to.ordinal });
    }
  };

  const dropUnused = (wanted: ReadonlySet<number>) => {
    for (const segment of [...view.segments]) {
      if (segment.liveSlots > 0 || wanted.has(segment.id)) continue;
      view.dropSegment(segment.id);
      overlaySegments.delete(segment.id);
    }
  };

  const forget = (path: FilePath) => {
    view.removeFile(path);
    restamped.delete(path);
    overlay.delete(path);
    records.delete(path);
  };

  const remove = (path: FilePath) => {
    if (!view.file(path)) return;
    version++;
    forget(path);
    deleted.add(path);
    saver.schedule();
  };

  const isChanged = (path: FilePath): boolean => {
    const stamp = source.includes(path) ? source.stamp(path) : undefined;
    const file = view.file(path);
    if (!stamp || skipByPath(path, stamp.size, options.maxFileBytes) !== undefined) {
      remove(path);
      return false;
    }
    return !file || !sameStamp(file.stamp, stamp) || suspects.has(path);
  };

  /** Reads changed files into the overlay. */
  const read = async (paths: readonly FilePath[]) => {
    const hashes = await options.run({ type: 'hash', paths });
    dropUnread(hashes);
    const changed = hashes.files.filter((file) => {
      const known = view.file(file.path);
      if (known?.hash !== file.hash || known.language !== file.language) return true;
      restamp(file, known);
      return false;
    });
    if (changed.length === 0) return;
    for await (const result of deriveEach(
      options.run,
      changed.map((file) => file.path),
    ))
      addToOverlay(result);
  };

  /** Same bytes, new stamp: remembered, so that the next scan need not read the file. */
  const restamp = (file: ReadFile, known: FileRecord) => {
    const segment = view.segmentOfSlot(known.slot);
    view.setFile({
      ...known,
      stamp: file.stamp,
      segment: segment.id,
      ordinal: known.slot - segment.slotBase,
    });
    const dirty = overlay.get(file.path);
    if (dirty) overlay.set(file.path, { ...dirty, file });
    else if (isSettled(file.stamp)) restamped.set(file.path, file);
    if (restamped.size > 0) saver.schedule();
  };

  const dropUnread = (result: BatchResult) => {
    for (const path of result.gone) remove(path);
    for (const { path, stamp } of result.skipped) {
      remove(path);
      if (stamp !== undefined) leftOut.set(path, stamp);
    }
  };

  const addToOverlay = (result: BatchResult) => {
    dropUnread(result);
    if (!result.segment) return;
    version++;
    const id = nextOverlay--;
    const { pages } = result.segment;
    view.addSegment(id, result.segment.header, async (numbers) => numbers.map((n) => pages[n] as Uint8Array));
    overlaySegments.set(id, { encoded: result.segment, blobs: result.blobs, vectors: result.vectors });
    const ordinals = new Map(result.blobs.map((blob, i) => [`${blob.hash} ${blob.language}`, i]));
    for (const file of result.files) {
      const ordinal = ordinals.get(`${file.hash} ${file.language}`) as number;
      view.setFile({ ...file, segment: id, ordinal });
      records.delete(file.path);
      deleted.delete(file.path);
      restamped.delete(file.path);
      overlay.set(file.path, { file, blob: result.blobs[ordinal] as DerivedBlob, segment: id });
    }
    for (const segment of [...view.segments]) {
      if (segment.id >= 0 || segment.liveSlots > 0) continue;
      view.dropSegment(segment.id);
      overlaySegments.delete(segment.id);
    }
    saver.schedule();
  };

  const findChanges = async (early?: Promise<WalkResult>): Promise<'watcher' | 'scan'> => {
    if (watcher?.complete) {
      const changes = await watcher.drain();
      for (const path of changes.paths) backlog.add(path);
      if (changes.all) scanNeeded = true;
      if (changes.paths.size > 0) changeCount++;
      if (!scanNeeded) return 'watcher';
    }
    changeCount++;
    scanNeeded = false;
    if (leftOut.size === 0) {
      for (const { path, stamp } of await store.readSkipped(workspace))
        if (stamp !== undefined) leftOut.set(path, stamp);
    }
    const walk = (await early?.catch(() => undefined)) ?? (await source.walk());
    for (const path of changedFiles(walk.files, view, leftOut, options.maxFileBytes)) backlog.add(path);
    return 'scan';
  };

  const readBacklog = async (until: number) => {
    for (const path of suspects) backlog.add(path);
    for (const path of filesOfGoneFolders(backlog, view, source)) backlog.add(path);
    const waiting = [...backlog].filter(isChanged);
    backlog = new Set(waiting);
    suspects.clear();
    for (let at = 0; at < waiting.length && performance.now() < until && !closed; at += READ_AT_ONCE) {
      const paths = waiting.slice(at, at + READ_AT_ONCE);
      await read(paths);
      for (const path of paths) backlog.delete(path);
    }
  };

  const refreshOnce = async (refreshOptions: RefreshOptions): Promise<RefreshReport> => {
    const { deadlineMs = DEFAULT_DEADLINE_MS, followOnly, suspectsOnly } = refreshOptions;
    const scanned = ahead;
    ahead = undefined;
    const early = refreshOptions.ahead ? walked : undefined;
    walked = undefined;
    if (closed) throw new ConexusError('cancelled', 'The workspace was closed.', 'Open it again.');
    const started = performance.now();
    await follow();
    const known = watcher?.complete ? 'watcher' : 'scan';
    if (followOnly) return { pending: [], checkedBy: known, checkMs: 0 };
    const isScanned = !scanNeeded && !watcher && scanned?.generation === generation;
    const checkedBy = suspectsOnly || isScanned ? known : await findChanges(early);
    const checkMs = isScanned ? scanned.ms : performance.now() - started;
    if (refreshOptions.ahead) {
      ahead = { generation, ms: checkMs };
      return { pending: [...backlog], checkedBy, checkMs };
    }
    if (backlog.size > 0 || suspects.size > 0) await readBacklog(started + deadlineMs);
    return { pending: [...backlog], checkedBy, checkMs };
  };
  const saver = createSaver(async () => {
    const unpublished = { overlay, segments: overlaySegments, deleted, restamped };
    if (!options.follows && (await publishOverlay(store, workspace, unpublished))) options.onFlushed?.();
  });
  const queue = createRefreshQueue(refreshOnce);

  await follow();
  return {
    view,
    get version() {
      return version;
    },
    get changes() {
      return changeCount;
    },
    get generation() {
      return generation;
    },
    refresh: queue.refresh,
    matches(path) {
      const stamp = source.stamp(path);
      const file = view.file(path);
      return stamp !== undefined && file !== undefined && sameStamp(file.stamp, stamp);
    },
    suspect(paths) {
      for (const path of paths) suspects.add(path);
    },
    async startWatching() {
      if (watcher || closed) return;
      watcher = await source.watch();
      // Changes between the last scan and the first watched folder are found by one more scan.
      scanNeeded = true;
    },
    isWatching: () => watcher !== undefined,
    flush: saver.flush,
    get unsaved() {
      return saver.error === undefined
        ? undefined
        : { files: overlay.size + deleted.size, error: saver.error };
    },
    blobRecord: (path) => (overlay.has(path) ? undefined : records.get(path)),
    overlayVectors: (segment) => overlaySegments.get(segment)?.vectors,
    overlayOutline: (path) => overlay.get(path)?.blob.outline,
    async close() {
      closed = true;
      saver.close();
      await queue.idle();
      // What cannot be published now, say because another process is writing, is read again from the disk the next time.
      await Promise.race([saver.flush().catch(() => {}), sleep(LAST_FLUSH_MS, undefined, { ref: false })]);
      await watcher?.close();
    },
  };
}
