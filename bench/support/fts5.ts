/**
 * SQLite FTS5 over the same chunks and the same terms: the baseline of query latency. Texts are tokenized by our tokenizer
 * before they go in, so that the two differ in the index and not in what a word is.
 */
import { DatabaseSync } from 'node:sqlite';
import type { Workspace } from '@conexus/engine';
import { termsOf } from '../../packages/engine/src/lexical/tokenize.ts';

const COLUMNS = ['name', 'scope', 'signature', 'doc', 'body'] as const;

export interface Fts5Baseline {
  readonly chunks: number;
  search(
    terms: readonly string[],
    limit: number,
  ): readonly { readonly path: string; readonly start: number; readonly end: number }[];
  close(): void;
}

export async function buildFts5(file: string, workspace: Workspace): Promise<Fts5Baseline> {
  const db = new DatabaseSync(file);
  db.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;
    CREATE TABLE place (id INTEGER PRIMARY KEY, path TEXT, start INTEGER, end INTEGER);
    CREATE VIRTUAL TABLE chunk USING fts5(${COLUMNS.join(', ')}, content='', tokenize='unicode61 remove_diacritics 0')`);
  const insert = db.prepare(`INSERT INTO chunk (rowid, ${COLUMNS.join(', ')}) VALUES (?, ?, ?, ?, ?, ?)`);
  const place = db.prepare('INSERT INTO place VALUES (?, ?, ?, ?)');
  let chunks = 0;
  db.exec('BEGIN');
  for (const { path } of await workspace.files({ limit: 1e9 })) {
    for (const { start, end, fields } of await workspace.chunks(path)) {
      const texts = COLUMNS.map((column) => wordsOf(fields[column] ?? ''));
      insert.run(++chunks, ...(texts as [string, string, string, string, string]));
      place.run(chunks, path, start, end);
    }
  }
  db.exec("COMMIT; INSERT INTO chunk (chunk) VALUES ('optimize')");
  const query = db.prepare(
    `SELECT path, start, end FROM (SELECT rowid AS id FROM chunk WHERE chunk MATCH ? ORDER BY bm25(chunk, 4, 2, 2, 1.5, 1) LIMIT ?) JOIN place USING (id)`,
  );
  return {
    chunks,
    search: (terms, limit) =>
      query.all(
        terms.map((term) => `"${term.replaceAll('"', '')}"`).join(' OR '),
        limit,
      ) as unknown as ReturnType<Fts5Baseline['search']>,
    close: () => db.close(),
  };
}

function wordsOf(text: string): string {
  const { words, wholes } = termsOf(text);
  return [...words, ...wholes].join(' ');
}
