/** Facts by blob, made after the blob was published. Must not know what the bytes mean. */
import { type BlobFacts, BlobGoneError, type BlobId, type FactsVersion } from '../../../ports/store.ts';
import { type Connection, get, readTransaction, run } from './connection.ts';
import { FACTS, insertPack, type Pack, packAsync, packReader, removeValues } from './packs.ts';

export function readFacts(
  c: Connection,
  blobs: readonly BlobId[],
  version: FactsVersion,
): readonly (Uint8Array | undefined)[] {
  return readTransaction(c, () => {
    const gone = blobs.filter((blob) => !isThere(c, blob));
    if (gone.length > 0) throw new BlobGoneError(gone);
    return versionOf(c) === version ? blobs.map(packReader(c, FACTS)) : blobs.map(() => undefined);
  });
}

const isThere = (c: Connection, blob: BlobId) =>
  get(c, 'SELECT 1 FROM blob WHERE id = ?', blob) !== undefined;

const versionOf = (c: Connection) => get<[number]>(c, 'SELECT facts FROM state WHERE id = 1')?.[0];

/** The table's key says it: no facts are read. */
export function withoutFacts(
  c: Connection,
  blobs: readonly BlobId[],
  version: FactsVersion,
): readonly BlobId[] {
  return readTransaction(c, () => {
    if (versionOf(c) !== version) return [...blobs];
    return blobs.filter((blob) => get(c, 'SELECT 1 FROM facts WHERE blob = ?', blob) === undefined);
  });
}

/** Where a newer version has been at work an older one keeps what it makes to itself: the two would go on undoing each other's work. */
export function hasNewerFacts(c: Connection, version: FactsVersion): boolean {
  return (versionOf(c) ?? 0) > version && get(c, 'SELECT 1 FROM facts LIMIT 1') !== undefined;
}

/** Before the transaction. */
export const packFacts = (facts: readonly BlobFacts[]): Promise<readonly Pack[]> => packAsync(facts, FACTS);

/** Within a write transaction. Blobs that are gone are left out. False: nothing is done, a newer version has made some. */
export function writeFacts(c: Connection, packs: readonly Pack[], version: FactsVersion): boolean {
  if (hasNewerFacts(c, version)) return false;
  if (versionOf(c) !== version) {
    run(c, 'DELETE FROM facts');
    run(c, 'DELETE FROM facts_pack');
    run(c, 'UPDATE state SET facts = ? WHERE id = 1', version);
  }
  for (const pack of packs) {
    const present = pack.values.map(({ blob }) => blob).filter((blob) => isThere(c, blob));
    removeValues(c, FACTS, present);
    const wanted = new Set(present);
    insertPack(c, FACTS, pack, (blob) => wanted.has(blob));
  }
  return true;
}
