/** A file's text -> what it says of the flow of values, for the call graph. Depends on bytes and language only, so that contents share it. */
import { zstdCompressSync } from 'node:zlib';
import type { LanguageId } from '../model/file.ts';
import { packFacts } from '../model/packed-facts.ts';
import { readReferences } from '../syntax/references/read-references.ts';

/** A language whose calls are not followed, or a text that cannot be read so. */
export const NO_FACTS = new Uint8Array();

/** Packed and compressed. The language must be loaded. Never throws on bad source. */
export function deriveFacts(text: string, language: LanguageId): Uint8Array {
  const facts = readReferences(text, language);
  // Not as a Buffer: its `slice` is no copy, and what is moved to a thread would be lost here.
  return facts === undefined ? NO_FACTS : new Uint8Array(zstdCompressSync(packFacts(facts)));
}
