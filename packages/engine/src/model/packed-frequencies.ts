/**
 * How the term frequencies of a chunk's fields share one integer: five of six bits each,
 * `name scope doc signature body`, body lowest. Postings hold them so, and the embedding reads them so.
 */
import type { ChunkFields } from './parsed-file.ts';

/** Lowest bits first. Body is the most frequent field, so that most packed values are small numbers. */
export const FIELDS = [
  'body',
  'signature',
  'doc',
  'scope',
  'name',
] as const satisfies readonly (keyof ChunkFields)[];
export type Field = (typeof FIELDS)[number];
export const FIELD_COUNT = FIELDS.length;

/** Terms of defined names carry this prefix in the postings, which no word can have; their words are counted under `name`. */
export const DEFINITION_PREFIX = '=';
/** And terms of neighbouring words in string literals this one; they are counted as one word of the body. */
export const PHRASE_PREFIX = '"';

/** Whether a term of the postings is a word of the text, not what a definition is called and no phrase. */
export function isWordTerm(term: string): boolean {
  return !term.startsWith(DEFINITION_PREFIX) && !term.startsWith(PHRASE_PREFIX);
}

export const BITS = 6;
/** Frequencies above this count as this. */
export const MAX_TF = (1 << BITS) - 1;
