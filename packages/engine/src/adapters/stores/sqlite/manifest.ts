/** Reads of a workspace: generation, manifest deltas, skipped files, meta. Must not know how they were published. */
import type { SkippedFile } from '../../../model/file.ts';
import type { BlobId, BlobRecord, ManifestDelta, ManifestRow, WorkspaceId } from '../../../ports/store.ts';
import { all, type Connection, get, readTransaction, run, writeTransaction } from './connection.ts';
import { corrupt } from './errors.ts';
import { loosePaths, looseRows } from './loose-rows.ts';
import { packedBlobs, packedRows, removeBlocks } from './packed-manifest.ts';
import { BLOB_COLUMNS, BLOB_TABLES, type BlobColumns, toBlobRecord } from './segments.ts';

/** A workspace's `last_used` is only rewritten when this old: opening should not need the write lease. */
const LAST_USED_STEP_MS = 3_600_000;

export async function openWorkspace(c: Connection, root: string): Promise<WorkspaceId> {
  const sql = 'SELECT id, last_used FROM workspace WHERE root = ? AND cleared = 0';
  const found = readTransaction(c, () => get<[number, number]>(c, sql, root));
  const now = Math.floor(c.options.now());
  if (found !== undefined && Math.abs(now - found[1]) < LAST_USED_STEP_MS) return found[0];
  return writeTransaction(c, () => {
    const upsert = `INSERT INTO workspace (root, last_used) VALUES (?, ?)
      ON CONFLICT (root) DO UPDATE SET last_used = excluded.last_used, cleared = 0 RETURNING id`;
    const row = get<[number]>(c, upsert, root, now);
    if (row === undefined) throw new Error('the workspace was not registered');
    return row[0];
  });
}

/** Places count too, so that a reader learns of a merge before it asks for a segment that is gone. */
const GENERATION = `
SELECT CASE w.generation WHEN 0 THEN 0 ELSE max(w.generation, s.places) END
FROM workspace w, state s WHERE w.id = ? AND s.id = 1`;

export function generation(c: Connection, workspace: WorkspaceId): number {
  return get<[number]>(c, GENERATION, workspace)?.[0] ?? 0;
}

export function readManifest(c: Connection, workspace: WorkspaceId, since: number): ManifestDelta {
  return readTransaction(c, () => {
    const now = generation(c, workspace);
    const floor = get<[number]>(c, 'SELECT floor FROM workspace WHERE id = ?', workspace)?.[0] ?? 0;
    // A `since` from the future comes from a store that was rebuilt since.
    const full = since <= 0 || since < floor || since > now;
    const segments = all<[number]>(c, 'SELECT id FROM segment ORDER BY id').map(([id]) => id);
    if (full) {
      return { generation: now, full, upserts: rows(c, workspace, 0), deletes: [], segments, moved: [] };
    }
    return {
      generation: now,
      full,
      upserts: rows(c, workspace, since),
      deletes: deletes(c, workspace, since),
      segments,
      moved: moved(c, workspace, since),
    };
  });
}

/**
 * Changed rows, and of blocks with a change all that no changed row masks: more than asked for, which the port allows.
 * 50,000 rows in about 100 ms: stamps are bigints, and blobs come by one pass over their table (a join takes twice as
 * long in all).
 */
function rows(c: Connection, workspace: WorkspaceId, since: number): readonly ManifestRow[] {
  const changed = looseRows(c, workspace, since);
  const packed = packedRows(c, workspace, since);
  const masked = new Set(packed.length > 0 ? loosePaths(c, workspace) : []);
  const found = [...(masked.size > 0 ? packed.filter(({ path }) => !masked.has(path)) : packed), ...changed];
  // Of files with the same bytes the first one stands for all: the order must not depend on what is packed.
  if (changed.length > 0 && packed.length > 0) found.sort((a, b) => (a.path < b.path ? -1 : 1));
  const blobOf = blobLookup(c, found.length);
  return found.map((row) => {
    const blob = blobOf(row.blob);
    // Must not look like a file that is not there.
    if (blob === undefined) throw corrupt(c.file, 'data of a file is missing');
    const { path, stamp, kind, traits } = row;
    return { path, blob, stamp, kind, traits };
  });
}

/** For few rows one by one; for many, the whole table unless it is much larger than what is asked for. */
function blobLookup(c: Connection, count: number): (id: BlobId) => BlobRecord | undefined {
  const last = get<[number | null]>(c, 'SELECT max(id) FROM blob')?.[0] ?? 0;
  if (count * 4 < last) {
    return (id) => {
      const row = get<BlobColumns>(c, `SELECT ${BLOB_COLUMNS} FROM ${BLOB_TABLES} WHERE b.id = ?`, id);
      return row === undefined ? undefined : toBlobRecord(row);
    };
  }
  const languages = new Map(all<[number, string]>(c, 'SELECT id, language FROM pipeline'));
  const sql = 'SELECT id, hash, pipeline, segment, ordinal FROM blob';
  const records: BlobRecord[] = [];
  for (const [id, hash, pipeline, segment, ordinal] of all<[number, string, number, number, number]>(
    c,
    sql,
  )) {
    const language = languages.get(pipeline);
    if (language !== undefined) records[id] = { id, hash, language, segment, ordinal };
  }
  return (id) => records[id];
}

function deletes(c: Connection, workspace: WorkspaceId, since: number): readonly string[] {
  const sql = 'SELECT path FROM manifest WHERE workspace = ? AND blob IS NULL AND seq > ?';
  return all<[string]>(c, sql, workspace, since).map(([path]) => path);
}

function moved(c: Connection, workspace: WorkspaceId, since: number): readonly BlobRecord[] {
  // `> 0` lets SQLite use the partial index, which it cannot do for a parameter alone.
  const sql = `SELECT ${BLOB_COLUMNS},
    EXISTS (SELECT 1 FROM manifest m WHERE m.blob = b.id AND m.workspace = ?)
    FROM ${BLOB_TABLES} WHERE b.moved > ? AND b.moved > 0`;
  const found = all<readonly [...BlobColumns, number]>(c, sql, workspace, since);
  if (found.length === 0) return [];
  const packed = packedBlobs(c, workspace);
  return found
    .filter(([id, , , , , isLoose]) => isLoose === 1 || packed.has(id))
    .map(([id, hash, language, segment, ordinal]) => ({ id, hash, language, segment, ordinal }));
}

export function readSkipped(c: Connection, workspace: WorkspaceId): readonly SkippedFile[] {
  const row = get<[string]>(c, 'SELECT list FROM skipped WHERE workspace = ?', workspace);
  if (row === undefined) return [];
  try {
    return JSON.parse(row[0]) as SkippedFile[];
  } catch (error) {
    throw corrupt(c.file, 'its list of skipped files is damaged', error);
  }
}

export function readMeta(c: Connection, workspace: WorkspaceId, key: string): string | undefined {
  return get<[string]>(c, 'SELECT value FROM meta WHERE workspace = ? AND key = ?', workspace, key)?.[0];
}

/** Within a write transaction: everything of a workspace but its id. */
export function removeManifest(c: Connection, workspace: WorkspaceId, sequence: number): void {
  run(c, 'DELETE FROM manifest WHERE workspace = ?', workspace);
  removeBlocks(c, workspace);
  run(c, 'DELETE FROM meta WHERE workspace = ?', workspace);
  run(c, 'DELETE FROM skipped WHERE workspace = ?', workspace);
  run(
    c,
    'UPDATE workspace SET generation = ?, floor = ?, cleared = 1 WHERE id = ?',
    sequence,
    sequence,
    workspace,
  );
}
