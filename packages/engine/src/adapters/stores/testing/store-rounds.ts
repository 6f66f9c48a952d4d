/**
 * Publications that prove themselves: round n of a writer sets every one of its files to content `n`, so that a
 * snapshot with two contents, or some files, of one writer was torn. For tests and benchmarks; not part of the engine.
 */
import type { ManifestDelta, ManifestRow, Publication } from '../../../ports/store.ts';
import { entry, segment } from './store-samples.ts';

export const PATHS_PER_WRITER = 20;
export const PAGE_BYTES = 3_000;

/** One file per writer and slot, all with the writer's current round as content. */
export function round(workspace: number, writer: string, n: number): Publication {
  const names = Array.from({ length: PATHS_PER_WRITER }, (_, i) => `${writer}-${n}-${i}`);
  const pages = names.map((_, i) => new Uint8Array(PAGE_BYTES).fill((n + i) % 256));
  return {
    workspace,
    segments: [{ ...segment(...names), pages }],
    upserts: names.map((name, i) => entry(`${writer}/${i}=${name}`)),
    deletes: [`${writer}/${n % 2 === 0 ? 'even' : 'odd'}`],
    meta: { [writer]: String(n) },
  };
}

/** Checks that every writer's files are of one round, and complete; returns the round by writer. @throws on a torn snapshot */
export function checkRounds(rows: readonly ManifestRow[]): ReadonlyMap<string, number> {
  const rounds = new Map<string, number>();
  const counts = new Map<string, number>();
  for (const row of rows) {
    const [writer = '', n = ''] = row.blob.hash.split('-');
    const known = rounds.get(writer);
    if (known !== undefined && known !== Number(n))
      throw new Error(`torn: ${writer} has rounds ${known} and ${n}`);
    rounds.set(writer, Number(n));
    counts.set(writer, (counts.get(writer) ?? 0) + 1);
  }
  for (const [writer, count] of counts) {
    if (count !== PATHS_PER_WRITER) throw new Error(`torn: ${writer} has ${count} files`);
  }
  return rounds;
}

/** Follows a workspace as a reader does, by deltas. */
export function applyDelta(rows: Map<string, ManifestRow>, delta: ManifestDelta): void {
  if (delta.full) rows.clear();
  const moved = new Map(delta.moved.map((blob) => [blob.id, blob]));
  for (const path of delta.deletes) rows.delete(path);
  for (const row of delta.upserts) rows.set(row.path, row);
  for (const [path, row] of rows) {
    const place = moved.get(row.blob.id);
    if (place !== undefined) rows.set(path, { ...row, blob: place });
  }
}
