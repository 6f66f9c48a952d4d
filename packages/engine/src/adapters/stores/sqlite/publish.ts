/**
 * The one transaction that moves a workspace to its next generation. Its cost follows the size of the publication,
 * never of the store: every statement goes through a key. Must not know how segments are built.
 */
import { ConexusError } from '../../../model/errors.ts';
import {
  BlobGoneError,
  type BlobId,
  type BlobKey,
  type NewSegment,
  type Publication,
} from '../../../ports/store.ts';
import { type Connection, get, run } from './connection.ts';
import {
  deletePaths,
  PACK_AT_ONCE,
  packIfMany,
  packLoose,
  pruneTombstones,
  upsertLoose,
} from './loose-rows.ts';
import { FACTS, insertPack, OUTLINES, packSync, removeValues } from './packs.ts';
import { insertSegment } from './segments.ts';
import { insertVectors } from './vectors.ts';

/** Within a write transaction. @throws BlobGoneError */
export function publish(c: Connection, publication: Publication): number {
  const { workspace } = publication;
  if (get(c, 'SELECT 1 FROM workspace WHERE id = ?', workspace) === undefined) {
    throw new ConexusError(
      'not_indexed',
      `The index has no workspace ${workspace}.`,
      'Open the workspace again.',
    );
  }
  const sequence = nextSequence(c);
  const blobs = blobFinder(c);
  const replaceAt = publication.replace ? sequence : undefined;
  for (const segment of publication.segments) addSegment(c, segment, blobs, replaceAt);
  deletePaths(c, workspace, publication.deletes, sequence);
  putRows(c, publication, blobs, sequence);
  writeLists(c, publication);
  pruneTombstones(c, workspace, sequence);
  run(
    c,
    'UPDATE workspace SET generation = ?, last_used = ?, cleared = 0 WHERE id = ?',
    sequence,
    Math.floor(c.options.now()),
    workspace,
  );
  return sequence;
}

/** Within a write transaction. */
export function nextSequence(c: Connection): number {
  const row = get<[number]>(c, 'UPDATE state SET sequence = sequence + 1 WHERE id = 1 RETURNING sequence');
  if (row === undefined) throw new Error('the store has no state row');
  return row[0];
}

interface BlobFinder {
  find(key: BlobKey): BlobId | undefined;
  insert(key: BlobKey, segment: number, ordinal: number): BlobId;
}

/** Remembers pipelines and blobs for one transaction: a publication names each blob twice. */
function blobFinder(c: Connection): BlobFinder {
  const pipelines = new Map<string, number>();
  const known = new Map<string, BlobId>();
  const pipelineOf = (key: BlobKey): number => {
    const name = `${key.language}\0${key.fingerprint}`;
    let id = pipelines.get(name);
    if (id === undefined) {
      const sql = 'SELECT id FROM pipeline WHERE language = ? AND fingerprint = ?';
      id =
        get<[number]>(c, sql, key.language, key.fingerprint)?.[0] ??
        run(c, 'INSERT INTO pipeline (language, fingerprint) VALUES (?, ?)', key.language, key.fingerprint);
      pipelines.set(name, id);
    }
    return id;
  };
  return {
    find(key) {
      const pipeline = pipelineOf(key);
      const name = `${pipeline}:${key.hash}`;
      const cached = known.get(name);
      if (cached !== undefined) return cached;
      const found = get<[number]>(
        c,
        'SELECT id FROM blob WHERE hash = ? AND pipeline = ?',
        key.hash,
        pipeline,
      )?.[0];
      if (found !== undefined) known.set(name, found);
      return found;
    },
    insert(key, segment, ordinal) {
      const pipeline = pipelineOf(key);
      const sql = 'INSERT INTO blob (hash, pipeline, segment, ordinal) VALUES (?, ?, ?, ?)';
      const id = run(c, sql, key.hash, pipeline, segment, ordinal);
      known.set(`${pipeline}:${key.hash}`, id);
      return id;
    },
  };
}

/**
 * A blob the store has keeps its place; a segment with nothing new (another process was first) is dropped. With
 * `replaceAt`, a sequence, known blobs move to the new segment, and every reader learns of it as of a merge.
 */
function addSegment(
  c: Connection,
  segment: NewSegment,
  blobs: BlobFinder,
  replaceAt: number | undefined,
): void {
  if (replaceAt === undefined && segment.blobs.every((blob) => blobs.find(blob.key) !== undefined)) return;
  const id = insertSegment(c, segment.blobs.length, segment.header, segment.pages);
  if (segment.vectors) insertVectors(c, id, segment.vectors);
  const outlines = new Map<BlobId, Uint8Array>();
  segment.blobs.forEach(({ key, outline }, ordinal) => {
    const known = blobs.find(key);
    if (known === undefined) outlines.set(blobs.insert(key, id, ordinal), outline);
    else if (replaceAt !== undefined) {
      const sql = 'UPDATE blob SET segment = ?, ordinal = ?, moved = ? WHERE id = ?';
      run(c, sql, id, ordinal, replaceAt, known);
      outlines.set(known, outline);
      run(c, 'UPDATE state SET places = ? WHERE id = 1', replaceAt);
    }
  });
  if (replaceAt !== undefined)
    for (const kind of [OUTLINES, FACTS]) removeValues(c, kind, [...outlines.keys()]);
  const values = Array.from(outlines, ([blob, bytes]) => ({ blob, bytes }));
  for (const pack of packSync(values, OUTLINES)) insertPack(c, OUTLINES, pack);
}

/** @throws BlobGoneError */
function putRows(c: Connection, publication: Publication, blobs: BlobFinder, sequence: number): void {
  const { workspace, upserts } = publication;
  const found = upserts.map(({ blob }) => blobs.find(blob));
  const missing = upserts.filter((_, i) => found[i] === undefined);
  if (missing.length > 0) throw new BlobGoneError(missing.map(({ blob }) => blob.hash));
  const rows = upserts.map((entry, i) => ({ ...entry, blob: found[i] as BlobId }));
  if (rows.length >= PACK_AT_ONCE) {
    packLoose(c, workspace, rows, sequence);
    return;
  }
  for (const row of rows) upsertLoose(c, workspace, row, row.blob, sequence);
  packIfMany(c, workspace);
}

function writeLists(c: Connection, publication: Publication): void {
  const { workspace, skipped, meta } = publication;
  if (skipped !== undefined) {
    const sql =
      'INSERT INTO skipped VALUES (?, ?) ON CONFLICT (workspace) DO UPDATE SET list = excluded.list';
    run(c, sql, workspace, JSON.stringify(skipped));
  }
  for (const [key, value] of Object.entries(meta ?? {})) {
    const sql =
      'INSERT INTO meta VALUES (?, ?, ?) ON CONFLICT (workspace, key) DO UPDATE SET value = excluded.value';
    run(c, sql, workspace, key, value);
  }
}
