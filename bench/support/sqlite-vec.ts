/** sqlite-vec in `node:sqlite`: the same int8 rows in a virtual table, by cosine. */
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { getLoadablePath } from 'sqlite-vec';
import type { VectorSet } from './vector-sets.ts';

export interface SqliteVecBaseline {
  /** Bytes of the database. */
  readonly bytes: number;
  search(query: Int8Array, k: number): number[];
  close(): void;
}

export function buildSqliteVec(file: string, { rows, count, dims }: VectorSet): SqliteVecBaseline {
  const db = new DatabaseSync(file, { allowExtension: true });
  db.loadExtension(getLoadablePath());
  db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -2000000');
  db.exec(`CREATE VIRTUAL TABLE vectors USING vec0(row int8[${dims}] distance_metric=cosine)`);
  const insert = db.prepare('INSERT INTO vectors (rowid, row) VALUES (?, vec_int8(?))');
  db.exec('BEGIN');
  for (let row = 0; row < count; row++) insert.run(BigInt(row + 1), rows.slice(row * dims, (row + 1) * dims));
  db.exec('COMMIT');
  const nearest = db.prepare('SELECT rowid FROM vectors WHERE row MATCH vec_int8(?) AND k = ?');
  return {
    bytes: statSync(file).size,
    search: (query, k) => nearest.all(query, k).map(({ rowid }) => Number(rowid) - 1),
    close: () => db.close(),
  };
}
