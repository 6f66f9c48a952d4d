/** Facts by blob, made after the blob was published. Must not know what the bytes mean. */
import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import { type BlobFacts, BlobGoneError, type BlobId } from '../../../ports/store.ts';
import { type Connection, get, readTransaction } from './connection.ts';
import { FACTS, groupsOf, insertPack, type Pack, packOptions, packReader, removeValues } from './packs.ts';

export function readFacts(c: Connection, blobs: readonly BlobId[]): readonly (Uint8Array | undefined)[] {
  return readTransaction(c, () => {
    const gone = blobs.filter((blob) => !isThere(c, blob));
    if (gone.length > 0) throw new BlobGoneError(gone);
    return blobs.map(packReader(c, FACTS));
  });
}

const isThere = (c: Connection, blob: BlobId) =>
  get(c, 'SELECT 1 FROM blob WHERE id = ?', blob) !== undefined;

/** The table's key says it: no facts are read. */
export function withoutFacts(c: Connection, blobs: readonly BlobId[]): readonly BlobId[] {
  return readTransaction(c, () =>
    blobs.filter((blob) => get(c, 'SELECT 1 FROM facts WHERE blob = ?', blob) === undefined),
  );
}

const compress = promisify(zstdCompress);

/** Before the transaction: it takes milliseconds. */
export async function packFacts(facts: readonly BlobFacts[]): Promise<readonly Pack[]> {
  return Promise.all(
    groupsOf(facts, FACTS).map(async (values) => {
      const whole = Buffer.concat(values.map(({ bytes }) => bytes));
      const bytes = whole.length === 0 ? undefined : await compress(whole, packOptions(FACTS));
      return { values, length: whole.length, bytes };
    }),
  );
}

/** Within a write transaction. Blobs that are gone are left out. */
export function writeFacts(c: Connection, packs: readonly Pack[]): void {
  for (const pack of packs) {
    const present = pack.values.map(({ blob }) => blob).filter((blob) => isThere(c, blob));
    removeValues(c, FACTS, present);
    const wanted = new Set(present);
    insertPack(c, FACTS, pack, (blob) => wanted.has(blob));
  }
}
