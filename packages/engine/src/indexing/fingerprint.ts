/**
 * Names everything that derived data depends on besides bytes and language. Raise a number when its stage
 * changes what it produces: old data is then not found, and files are derived anew.
 */
import { SEGMENT_VERSION } from '../lexical/segment-header.ts';

const SYNTAX = 4;
const CHUNKING = 3;
const TOKENIZER = 3;
const OUTLINE = 2;
const FACTS = 10;
/** Raise it, too, when other text is blanked: what was a secret all along must go. */
const BLANKED = 1;

export const FINGERPRINT = `x${SYNTAX}c${CHUNKING}t${TOKENIZER}o${OUTLINE}f${FACTS}b${BLANKED}s${SEGMENT_VERSION}`;
