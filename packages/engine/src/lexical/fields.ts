/**
 * The fields of a chunk and how their term frequencies share one integer.
 * A posting holds five frequencies of six bits each: `name scope doc signature body`, body lowest.
 */
import type { ChunkFields } from '../model/parsed-file.ts';

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

export const BITS = 6;
/** Frequencies above this count as this. */
export const MAX_TF = (1 << BITS) - 1;
/** Field lengths above this count as this; keeps the tables of length norms small. */
export const MAX_LENGTH = 4095;

/** Terms of defined names carry a prefix, which no word can have: one for all spellings of a name, one for the name as written. */
export const DEFINITION_PREFIX = '=';
export const EXACT_DEFINITION_PREFIX = '==';
/** Frequency of a definition's terms: the chunk's own symbol, or a small one folded into it. */
export const OWN_DEFINITION = 2;
export const FOLDED_DEFINITION = 1;
