/** Reads of a workspace: generation, manifest deltas, skipped files, meta. Must not know how they were published. */
import type { FileKind, FileTrait, SkippedFile } from '../../../model/file.ts';
import type { BlobId, BlobRecord, ManifestDelta, ManifestRow, WorkspaceId } from '../../../ports/store.ts';
import {
  all,
  allBigInts,
  type Connection,
  get,
  readTransaction,
  run,
  writeTransaction,
} from './connection.ts';
import { corrupt } from './errors.ts';
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

type RowColumns = readonly [
  path: string,
  blob: bigint,
  size: bigint,
  mtime: bigint,
  ctime: bigint,
  inode: bigint,
  kind: FileKind,
  traits: string,
];
const ALL_ROWS = `SELECT path, blob, size, mtime, ctime, inode, kind, traits FROM manifest
  WHERE workspace = ? AND blob IS NOT NULL`;

/**
 * 50,000 rows in about 60 ms: arrays, bigints read as such (splitting them in two numbers or writing them as text was
 * measured and is slower), and blobs by one pass over their table (a join takes twice as long in all).
 */
function rows(c: Connection, workspace: WorkspaceId, since: number): readonly ManifestRow[] {
  const found =
    since === 0
      ? allBigInts<RowColumns>(c, ALL_ROWS, workspace)
      : allBigInts<RowColumns>(c, `${ALL_ROWS} AND seq > ?`, workspace, since);
  const blobOf = blobLookup(c, found.length);
  const traitLists = new Map<string, readonly FileTrait[]>([['', []]]);
  return found.map((row) => {
    const blob = blobOf(Number(row[1]));
    // Must not look like a file that is not there.
    if (blob === undefined) throw corrupt(c.file, 'data of a file is missing');
    let traits = traitLists.get(row[7]);
    if (traits === undefined) {
      traits = row[7].split(',') as FileTrait[];
      traitLists.set(row[7], traits);
    }
    return {
      path: row[0],
      blob,
      stamp: { size: Number(row[2]), mtimeNs: row[3], ctimeNs: row[4], inode: BigInt.asUintN(64, row[5]) },
      kind: row[6],
      traits,
    };
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
  const records = new Map<BlobId, BlobRecord>();
  for (const [id, hash, pipeline, segment, ordinal] of all<[number, string, number, number, number]>(
    c,
    sql,
  )) {
    const language = languages.get(pipeline);
    if (language !== undefined) records.set(id, { id, hash, language, segment, ordinal });
  }
  return (id) => records.get(id);
}

function deletes(c: Connection, workspace: WorkspaceId, since: number): readonly string[] {
  const sql = 'SELECT path FROM manifest WHERE workspace = ? AND blob IS NULL AND seq > ?';
  return all<[string]>(c, sql, workspace, since).map(([path]) => path);
}

function moved(c: Connection, workspace: WorkspaceId, since: number) {
  // `> 0` lets SQLite use the partial index, which it cannot do for a parameter alone.
  const sql = `SELECT ${BLOB_COLUMNS} FROM ${BLOB_TABLES} WHERE b.moved > ? AND b.moved > 0
    AND EXISTS (SELECT 1 FROM manifest m WHERE m.blob = b.id AND m.workspace = ?)`;
  return all<BlobColumns>(c, sql, since, workspace).map(toBlobRecord);
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
