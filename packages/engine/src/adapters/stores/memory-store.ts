/**
 * The store in memory: the same port, for tests and for sessions that must leave no trace. Several handles may share
 * one database, as processes share a file. Written for clarity, not for size: deltas look at the whole manifest.
 */
import { ConexusError } from '../../model/errors.ts';
import type { FilePath, SkippedFile } from '../../model/file.ts';
import {
  type BlobFacts,
  BlobGoneError,
  type BlobId,
  type BlobKey,
  type BlobRecord,
  type FactsVersion,
  type ManifestDelta,
  type ManifestEntry,
  type ManifestRow,
  type MergedSegment,
  type NewSegment,
  type Publication,
  SegmentGoneError,
  type SegmentId,
  type SegmentVectors,
  type Store,
  type StoreStats,
  type WorkspaceId,
} from '../../ports/store.ts';

interface BlobData {
  readonly key: BlobKey;
  readonly outline: Uint8Array;
  facts: Uint8Array | undefined;
  record: BlobRecord;
  /** Sequence of the last merge that moved it. */
  moved: number;
}

interface SegmentData {
  readonly header: Uint8Array;
  readonly pages: readonly Uint8Array[];
  readonly documents: number;
  readonly vectors: Map<string, Uint8Array>;
}

interface RowData {
  /** undefined: deleted. */
  readonly entry: Omit<ManifestEntry, 'blob'> | undefined;
  readonly blob: BlobId;
  readonly seq: number;
}

interface WorkspaceData {
  readonly root: string;
  readonly rows: Map<FilePath, RowData>;
  readonly meta: Map<string, string>;
  skipped: readonly SkippedFile[];
  generation: number;
  /** Sequence of the newest tombstone that was dropped. */
  floor: number;
  cleared: boolean;
}

export interface MemoryDatabase {
  readonly blobs: Map<BlobId, BlobData>;
  readonly byKey: Map<string, BlobId>;
  readonly segments: Map<SegmentId, SegmentData>;
  readonly workspaces: Map<WorkspaceId, WorkspaceData>;
  readonly assets: Map<string, Uint8Array>;
  readonly tombstoneWrites: number;
  sequence: number;
  /** Sequence of the last write that moved or removed segments. */
  places: number;
  /** Version of the facts, 0 before there are any. */
  facts: FactsVersion;
  lastBlob: BlobId;
  lastSegment: SegmentId;
}

export function createMemoryDatabase(options: { readonly tombstoneWrites?: number } = {}): MemoryDatabase {
  return {
    blobs: new Map(),
    byKey: new Map(),
    segments: new Map(),
    workspaces: new Map(),
    assets: new Map(),
    tombstoneWrites: options.tombstoneWrites ?? 1_000,
    sequence: 0,
    places: 0,
    facts: 0,
    lastBlob: 0,
    lastSegment: 0,
  };
}

export function openMemoryStore(db: MemoryDatabase = createMemoryDatabase()): Store {
  return {
    openWorkspace: async (root) => openWorkspace(db, root),
    generation: async (workspace) => generation(db, workspace),
    readManifest: async (workspace, since) => readManifest(db, workspace, since),
    readSkipped: async (workspace) => db.workspaces.get(workspace)?.skipped ?? [],
    readMeta: async (workspace, key) => db.workspaces.get(workspace)?.meta.get(key),
    findBlobs: async (keys) => keys.map((key) => findBlob(db, key)?.record),
    readOutlines: async (blobs) => readOutlines(db, blobs),
    readFacts: async (blobs, version) => readFacts(db, blobs, version),
    withoutFacts: async (blobs, version) =>
      blobs.filter((blob) => db.facts !== version || db.blobs.get(blob)?.facts === undefined),
    writeFacts: async (facts, version) => writeFacts(db, facts, version),
    readSegmentHeader: async (segment) => segmentData(db, segment).header.slice(),
    readPages: async (segment, pages) => readPages(db, segment, pages),
    readSegmentBlobs: async (segment) => readSegmentBlobs(db, segment),
    orphans: async (segment) => orphans(db, segment),
    publish: async (publication) => publish(db, publication),
    merge: async (merged) => merge(db, merged),
    readVectors: async (segment, model) => segmentData(db, segment).vectors.get(model)?.slice(),
    vectorModels: async (segment) => [...(db.segments.get(segment)?.vectors.keys() ?? [])].sort(),
    writeVectors: async (model, vectors) => {
      for (const { segment, bytes } of vectors) db.segments.get(segment)?.vectors.set(model, bytes.slice());
    },
    forgetVectors: async (model) => {
      for (const { vectors } of db.segments.values()) vectors.delete(model);
    },
    readAsset: async (name) => db.assets.get(name)?.slice(),
    removeAsset: async (name) => void db.assets.delete(name),
    writeAsset: async (name, bytes) => void db.assets.set(name, bytes.slice()),
    clear: async (workspace) => clear(db, workspace),
    stats: async () => stats(db),
    close: async () => {},
  };
}

function openWorkspace(db: MemoryDatabase, root: string): WorkspaceId {
  for (const [id, workspace] of db.workspaces) {
    if (workspace.root !== root) continue;
    workspace.cleared = false;
    return id;
  }
  const id = db.workspaces.size + 1;
  const empty = { rows: new Map(), meta: new Map(), skipped: [], generation: 0, floor: 0, cleared: false };
  db.workspaces.set(id, { root, ...empty });
  return id;
}

function generation(db: MemoryDatabase, workspace: WorkspaceId): number {
  const own = db.workspaces.get(workspace)?.generation ?? 0;
  return own === 0 ? 0 : Math.max(own, db.places);
}

function readManifest(db: MemoryDatabase, workspace: WorkspaceId, since: number): ManifestDelta {
  const now = generation(db, workspace);
  const data = db.workspaces.get(workspace);
  const full = since <= 0 || since < (data?.floor ?? 0) || since > now;
  const upserts: ManifestRow[] = [];
  const deletes: FilePath[] = [];
  const moved: BlobRecord[] = [];
  for (const [path, row] of data?.rows ?? []) {
    const blob = db.blobs.get(row.blob);
    if (row.entry !== undefined && blob !== undefined) {
      if (full || row.seq > since) upserts.push({ ...row.entry, blob: blob.record });
      if (!full && blob.moved > since) moved.push(blob.record);
    } else if (!full && row.seq > since) {
      deletes.push(path);
    }
  }
  return {
    generation: now,
    full,
    upserts,
    deletes,
    segments: [...db.segments.keys()],
    moved: [...new Set(moved)],
  };
}

function keyName(key: BlobKey): string {
  return `${key.language}\0${key.fingerprint}\0${key.hash}`;
}

function findBlob(db: MemoryDatabase, key: BlobKey): BlobData | undefined {
  return db.blobs.get(db.byKey.get(keyName(key)) ?? 0);
}

function checkBlobs(db: MemoryDatabase, blobs: readonly BlobId[]): void {
  const gone = blobs.filter((blob) => !db.blobs.has(blob));
  if (gone.length > 0) throw new BlobGoneError(gone);
}

function readFacts(
  db: MemoryDatabase,
  blobs: readonly BlobId[],
  version: FactsVersion,
): readonly (Uint8Array | undefined)[] {
  checkBlobs(db, blobs);
  return blobs.map((blob) => (db.facts === version ? db.blobs.get(blob)?.facts?.slice() : undefined));
}

function writeFacts(db: MemoryDatabase, facts: readonly BlobFacts[], version: FactsVersion): boolean {
  const all = [...db.blobs.values()];
  if (db.facts > version && all.some((data) => data.facts !== undefined)) return false;
  if (db.facts !== version) for (const data of all) data.facts = undefined;
  db.facts = version;
  for (const { blob, bytes } of facts) {
    const data = db.blobs.get(blob);
    if (data) data.facts = bytes.slice();
  }
  return true;
}

function readOutlines(db: MemoryDatabase, blobs: readonly BlobId[]): readonly Uint8Array[] {
  checkBlobs(db, blobs);
  return blobs.flatMap((blob) => db.blobs.get(blob)?.outline.slice() ?? []);
}

function segmentData(db: MemoryDatabase, segment: SegmentId): SegmentData {
  const data = db.segments.get(segment);
  if (data === undefined) throw new SegmentGoneError(segment);
  return data;
}

function readPages(db: MemoryDatabase, segment: SegmentId, pages: readonly number[]): readonly Uint8Array[] {
  const data = segmentData(db, segment);
  return pages.map((number) => {
    const page = data.pages[number];
    if (page === undefined) throw new RangeError(`segment ${segment} has no page ${number}`);
    return page.slice();
  });
}

function readSegmentBlobs(db: MemoryDatabase, segment: SegmentId): readonly BlobRecord[] {
  segmentData(db, segment);
  const records = [...db.blobs.values()]
    .map((blob) => blob.record)
    .filter((record) => record.segment === segment);
  return records.sort((a, b) => a.ordinal - b.ordinal);
}

/** Blobs that a manifest of any workspace names. */
function wantedBlobs(db: MemoryDatabase): ReadonlySet<BlobId> {
  const rows = [...db.workspaces.values()].flatMap((workspace) => [...workspace.rows.values()]);
  return new Set(rows.filter((row) => row.entry !== undefined).map((row) => row.blob));
}

function orphans(db: MemoryDatabase, segment: SegmentId): readonly number[] {
  const all = wantedBlobs(db);
  const placed = readSegmentBlobs(db, segment).filter((record) => all.has(record.id));
  const wanted = new Set(placed.map((record) => record.ordinal));
  return Array.from({ length: segmentData(db, segment).documents }, (_, i) => i).filter(
    (i) => !wanted.has(i),
  );
}

function publish(db: MemoryDatabase, publication: Publication): number {
  const workspace = db.workspaces.get(publication.workspace);
  if (workspace === undefined) {
    const what = `The index has no workspace ${publication.workspace}.`;
    throw new ConexusError('not_indexed', what, 'Open the workspace again.');
  }
  // Everything that can fail comes before the first change.
  const brought = new Set(
    publication.segments.flatMap((segment) => segment.blobs.map((blob) => keyName(blob.key))),
  );
  const keys = publication.upserts.map((entry) => entry.blob);
  const missing = keys.filter((key) => !brought.has(keyName(key)) && findBlob(db, key) === undefined);
  if (missing.length > 0) throw new BlobGoneError(missing.map((key) => key.hash));

  db.sequence += 1;
  for (const segment of publication.segments) addSegment(db, segment, publication.replace ?? false);
  for (const path of publication.deletes) {
    const row = workspace.rows.get(path);
    if (row?.entry !== undefined) workspace.rows.set(path, { entry: undefined, blob: 0, seq: db.sequence });
  }
  for (const { blob, ...entry } of publication.upserts) {
    workspace.rows.set(entry.path, { entry, blob: db.byKey.get(keyName(blob)) ?? 0, seq: db.sequence });
  }
  for (const [key, value] of Object.entries(publication.meta ?? {})) workspace.meta.set(key, value);
  workspace.skipped = publication.skipped ?? workspace.skipped;
  pruneTombstones(db, workspace);
  workspace.generation = db.sequence;
  workspace.cleared = false;
  return db.sequence;
}

function addSegment(db: MemoryDatabase, segment: NewSegment, replace: boolean): void {
  if (!replace && segment.blobs.every((blob) => findBlob(db, blob.key) !== undefined)) return;
  const vectors = segment.vectors ? [segment.vectors] : [];
  const id = insertSegment(db, segment.header, segment.pages, segment.blobs.length, vectors);
  segment.blobs.forEach(({ key, outline }, ordinal) => {
    const data = { key, outline: outline.slice(), facts: undefined };
    const known = findBlob(db, key);
    if (known === undefined) {
      db.lastBlob += 1;
      const record = { id: db.lastBlob, hash: key.hash, language: key.language, segment: id, ordinal };
      db.blobs.set(db.lastBlob, { ...data, record, moved: 0 });
      db.byKey.set(keyName(key), db.lastBlob);
    } else if (replace) {
      const record = { ...known.record, segment: id, ordinal };
      db.blobs.set(record.id, { ...data, record, moved: db.sequence });
      db.places = db.sequence;
    }
  });
}

function insertSegment(
  db: MemoryDatabase,
  header: Uint8Array,
  pages: readonly Uint8Array[],
  documents: number,
  vectors: readonly SegmentVectors[],
): SegmentId {
  db.lastSegment += 1;
  db.segments.set(db.lastSegment, {
    header: header.slice(),
    pages: pages.map((page) => page.slice()),
    documents,
    vectors: new Map(vectors.map(({ model, bytes }) => [model, bytes.slice()])),
  });
  return db.lastSegment;
}

function pruneTombstones(db: MemoryDatabase, workspace: WorkspaceData): void {
  for (const [path, row] of workspace.rows) {
    if (row.entry !== undefined || row.seq > db.sequence - db.tombstoneWrites) continue;
    workspace.rows.delete(path);
    workspace.floor = Math.max(workspace.floor, row.seq);
  }
}

function merge(db: MemoryDatabase, merged: MergedSegment): boolean {
  const from = [...new Set(merged.from)];
  if (from.length === 0 || !from.every((segment) => db.segments.has(segment))) return false;
  const kept = new Set(merged.blobs);
  const present = new Set(
    from.flatMap((segment) => readSegmentBlobs(db, segment).map((record) => record.id)),
  );
  if (kept.size !== merged.blobs.length || merged.blobs.some((blob) => !present.has(blob))) return false;
  const wanted = wantedBlobs(db);
  const leftOut = [...present].filter((blob) => !kept.has(blob));
  if (leftOut.some((blob) => wanted.has(blob))) return false;

  db.sequence += 1;
  db.places = db.sequence;
  for (const blob of leftOut) removeBlob(db, blob);
  if (merged.blobs.length > 0) {
    const { header, pages, blobs, vectors = [] } = merged;
    const segment = insertSegment(db, header, pages, blobs.length, vectors);
    merged.blobs.forEach((id, ordinal) => {
      const blob = db.blobs.get(id);
      if (blob === undefined) return;
      blob.record = { ...blob.record, segment, ordinal };
      blob.moved = db.sequence;
    });
  }
  for (const segment of from) db.segments.delete(segment);
  return true;
}

function removeBlob(db: MemoryDatabase, id: BlobId): void {
  const blob = db.blobs.get(id);
  if (blob !== undefined) db.byKey.delete(keyName(blob.key));
  db.blobs.delete(id);
}

function clear(db: MemoryDatabase, id: WorkspaceId): void {
  const workspace = db.workspaces.get(id);
  db.sequence += 1;
  if (workspace !== undefined) {
    workspace.rows.clear();
    workspace.meta.clear();
    workspace.skipped = [];
    workspace.generation = db.sequence;
    workspace.floor = db.sequence;
    workspace.cleared = true;
  }
  const wanted = wantedBlobs(db);
  for (const blob of [...db.blobs.keys()]) if (!wanted.has(blob)) removeBlob(db, blob);
  const used = new Set([...db.blobs.values()].map((blob) => blob.record.segment));
  const empty = [...db.segments.keys()].filter((segment) => !used.has(segment));
  for (const segment of empty) db.segments.delete(segment);
  if (empty.length > 0) db.places = db.sequence;
}

function stats(db: MemoryDatabase): StoreStats {
  const arrays = [
    ...[...db.segments.values()].flatMap((segment) => [
      segment.header,
      ...segment.pages,
      ...segment.vectors.values(),
    ]),
    ...[...db.blobs.values()].flatMap(({ outline, facts }) => (facts ? [outline, facts] : [outline])),
    ...db.assets.values(),
  ];
  const workspaces = [...db.workspaces.values()].filter((workspace) => !workspace.cleared).length;
  const bytes = arrays.reduce((sum, array) => sum + array.byteLength, 0);
  return { bytes, segments: db.segments.size, blobs: db.blobs.size, workspaces };
}
