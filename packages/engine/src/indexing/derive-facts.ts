/** A file's text -> what it says of the flow of values, for the call graph. Depends on bytes and language only, so that contents share it. */
import type { LanguageId } from '../model/file.ts';
import { packFacts } from '../model/packed-facts.ts';
import { readReferences } from '../syntax/references/read-references.ts';

/** A language whose calls are not followed, or a text that cannot be read so. */
export const NO_FACTS = new Uint8Array();

/** Packed; the store compresses many together. The language must be loaded. Never throws on bad source. */
export function deriveFacts(text: string, language: LanguageId): Uint8Array {
  const facts = readReferences(text, language);
  // A copy: what is moved to a thread must not be part of a larger buffer.
  return facts === undefined ? NO_FACTS : packFacts(facts).slice();
}
