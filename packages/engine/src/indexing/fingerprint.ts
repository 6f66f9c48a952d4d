/**
 * Names everything that derived data depends on besides bytes and language. Raise a number when its stage
 * changes what it produces: old data is then not found, and files are derived anew.
 */
import { SEGMENT_VERSION } from '../lexical/segment-header.ts';

const SYNTAX = 6;
const CHUNKING = 3;
const TOKENIZER = 5;
const OUTLINE = 2;
/** Raise it, too, when other text is blanked: what was a secret all along must go. */
const BLANKED = 1;

/** Of facts, which are made after the index and lie beside it. Raised, they are made anew, and nothing else is. */
export const FACTS_VERSION = 19;

export const FINGERPRINT = `x${SYNTAX}c${CHUNKING}t${TOKENIZER}o${OUTLINE}b${BLANKED}s${SEGMENT_VERSION}`;
