/** What the fields of a chunk mean to the lexical index: bounds of lengths, and the terms of definitions. */
export {
  BITS,
  DEFINITION_PREFIX,
  FIELD_COUNT,
  FIELDS,
  type Field,
  isWordTerm,
  MAX_TF,
  PHRASE_PREFIX,
} from '../model/packed-frequencies.ts';

/** Field lengths above this count as this; keeps the tables of length norms small. */
export const MAX_LENGTH = 4095;

/** `DEFINITION_PREFIX` is that of all spellings of a name; this one of the name as written. */
export const EXACT_DEFINITION_PREFIX = '==';
/** Frequency of a definition's terms: the chunk's own symbol, or a small one folded into it. */
export const OWN_DEFINITION = 2;
export const FOLDED_DEFINITION = 1;
