/** Reads of a workspace: generation, manifest deltas, skipped files, meta. Must not know how they were published. */
import type { FileKind, FileTrait, SkippedFile } from '../../../model/file.ts';
import type { ManifestDelta, ManifestRow, WorkspaceId } from '../../../ports/store.ts';
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

const ROW_COLUMNS =
  'm.path, m.size, m.mtime, m.ctime, m.inode, m.kind, m.traits, b.id, b.hash, b.pipeline, b.segment, b.ordinal';
type RowColumns = readonly [
  path: string,
  size: bigint,
  mtime: bigint,
  ctime: bigint,
  inode: bigint,
  kind: FileKind,
  traits: string,
  blob: bigint | null,
  hash: string,
  pipeline: bigint,
  segment: bigint,
  ordinal: bigint,
];
/** LEFT JOIN: a row whose blob is missing is damage, and must not look like a file that is not there. */
const ALL_ROWS = `SELECT ${ROW_COLUMNS} FROM manifest m LEFT JOIN blob b ON b.id = m.blob
  WHERE m.workspace = ? AND m.blob IS NOT NULL`;

/**
 * 50,000 rows in about 90 ms: arrays, and bigints read as such (splitting them in two numbers or writing them as text
 * was measured and is slower). Languages are looked up here rather than joined: there are few.
 */
function rows(c: Connection, workspace: WorkspaceId, since: number): readonly ManifestRow[] {
  const found =
    since === 0
      ? allBigInts<RowColumns>(c, ALL_ROWS, workspace)
      : allBigInts<RowColumns>(c, `${ALL_ROWS} AND m.seq > ?`, workspace, since);
  if (found.length === 0) return [];
  const languages = new Map(all<[number, string]>(c, 'SELECT id, language FROM pipeline'));
  const traitLists = new Map<string, readonly FileTrait[]>([['', []]]);
  return found.map((row) => {
    if (row[7] === null) throw corrupt(c.file, 'data of a file is missing');
    let traits = traitLists.get(row[6]);
    if (traits === undefined) {
      traits = row[6].split(',') as FileTrait[];
      traitLists.set(row[6], traits);
    }
    return {
      path: row[0],
      stamp: { size: Number(row[1]), mtimeNs: row[2], ctimeNs: row[3], inode: BigInt.asUintN(64, row[4]) },
      kind: row[5],
      traits,
      blob: {
        id: Number(row[7]),
        hash: row[8],
        language: languages.get(Number(row[9])) ?? 'text',
        segment: Number(row[10]),
        ordinal: Number(row[11]),
      },
    };
  });
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
