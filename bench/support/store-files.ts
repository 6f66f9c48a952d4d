/** What indexes take on disk. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Files of the indexes below a home, with their logs. */
function indexFiles(home: string): string[] {
  const cache = join(home, 'cache');
  return readdirSync(cache, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.includes('index.sqlite'))
    .map((name) => join(cache, name));
}

/** Of the indexes below a home, when no process has them open. */
export function atRest(home: string): number {
  return indexFiles(home).reduce((sum, file) => sum + statSync(file).size, 0);
}

/** Of the vectors in an index. */
export function vectorBytes(file: string): number {
  const db = new DatabaseSync(file, { readOnly: true });
  const row = db.prepare('SELECT sum(length(bytes)) AS bytes FROM vector').get();
  db.close();
  return Number(row?.['bytes'] ?? 0);
}

/** Of the vectors in all indexes below a home. */
export function vectorsAtRest(home: string): number {
  return indexFiles(home)
    .filter((file) => file.endsWith('index.sqlite'))
    .reduce((sum, file) => sum + vectorBytes(file), 0);
}
