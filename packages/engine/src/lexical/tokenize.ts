/**
 * Text -> terms, the same for documents and queries. Knows no postings and no ranking.
 *
 * An identifier yields its parts (camelCase, snake_case, digits, acronyms), lower-cased and stemmed, and, when
 * it has several parts, itself as one term without separators, so that `max_tokens`, `maxTokens` and
 * `MaxTokens` meet. Scripts without spaces go through `Intl.Segmenter`, long words as bigrams too.
 */
import { stemmer } from 'stemmer';

const MAX_IDENTIFIER = 128;
const MAX_TERM = 64;
const MAX_PARTS = 24;
/** Identifiers repeat: most lookups hit. Emptied when full, so that memory stays bounded. */
const CACHE_LIMIT = 100_000;

export interface IdentifierTerms {
  /** Stemmed parts, in order, repeats kept. */
  readonly parts: readonly string[];
  /** The identifier as one term; undefined when it has one part only. */
  readonly whole: string | undefined;
}

const cache = new Map<string, IdentifierTerms>();
const NO_TERMS: IdentifierTerms = { parts: [], whole: undefined };

const isLower = (c: number) => c >= 97 && c <= 122;
const isUpper = (c: number) => c >= 65 && c <= 90;
const isDigit = (c: number) => c >= 48 && c <= 57;
const isWordChar = (c: number) => isLower(c) || isUpper(c) || isDigit(c) || c === 95 || c === 36;
/** 1 for each ASCII character of identifiers. */
export const wordChars: Uint8Array = Uint8Array.from({ length: 128 }, (_, c) => (isWordChar(c) ? 1 : 0));

/** Splits an ASCII identifier into raw lower-case parts: `HTTPServer2_x` -> http, server, 2, x. */
export function splitIdentifier(identifier: string): string[] {
  const parts: string[] = [];
  let start = 0;
  const push = (end: number) => {
    if (end > start && parts.length < MAX_PARTS) parts.push(identifier.slice(start, end).toLowerCase());
    start = end;
  };
  for (let i = 0; i < identifier.length; i++) {
    const c = identifier.charCodeAt(i);
    if (c === 95 || c === 36) {
      push(i);
      start = i + 1;
      continue;
    }
    if (i === start) continue;
    const before = identifier.charCodeAt(i - 1);
    const startsWord = isUpper(c) && (isLower(before) || isDigit(before));
    const endsAcronym = isLower(c) && isUpper(before) && i - 1 > start;
    const changesClass = isDigit(c) !== isDigit(before);
    if (endsAcronym) {
      push(i - 1);
    } else if (startsWord || changesClass) {
      push(i);
    }
  }
  push(identifier.length);
  return parts;
}

/** Stemming is the slowest step of all, and words are far fewer than identifiers. Emptied when full, as `cache` is. */
const stems = new Map<string, string>();

/** Stem of a lower-case word; words of three letters or fewer and those with digits stay as they are. */
export function stem(word: string): string {
  if (word.length <= 3 || isDigit(word.charCodeAt(0))) return word;
  let stemmed = stems.get(word);
  if (stemmed === undefined) {
    if (stems.size >= CACHE_LIMIT) stems.clear();
    stemmed = stemmer(word);
    stems.set(word, stemmed);
  }
  return stemmed;
}

/** Longer names (a heading, a key of a data file) are told apart by this many characters. */
const MAX_NAME = 200;

/** One name for all spellings of an identifier: lower case, separators removed. `_` and `$` alone stay as they are. */
export function normalizeName(name: string): string {
  const plain = exactName(name).toLowerCase();
  return plain.replace(/[_$\-\s]+/g, '') || plain.trim();
}

/** A name as written, bounded. */
export function exactName(name: string): string {
  return name.slice(0, MAX_NAME).toWellFormed();
}

/** Terms of an ASCII identifier; none of one too long to have been written by hand. */
export function identifierTerms(identifier: string): IdentifierTerms {
  const known = cache.get(identifier);
  if (known) return known;
  if (identifier.length > MAX_IDENTIFIER) return NO_TERMS;
  const own = detach(identifier);
  const terms = computeTerms(own);
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(own, terms);
  return terms;
}

function computeTerms(identifier: string): IdentifierTerms {
  const raw = splitIdentifier(identifier);
  const parts = raw.filter((part) => part.length > 1 && part.length <= MAX_TERM).map(stem);
  const joined = raw.length > 1 ? raw.join('') : undefined;
  const whole = joined !== undefined && joined.length > 1 && joined.length <= MAX_TERM ? joined : undefined;
  return { parts, whole };
}

/** V8 makes a slice this long a view that keeps its whole text alive; shorter ones are copies. */
const SLICE_KEEPS_TEXT = 13;

/** A copy: terms are kept for long, and must not keep the files they came from. */
function detach(text: string): string {
  return text.length < SLICE_KEEPS_TEXT ? text : Buffer.from(text, 'utf16le').toString('utf16le');
}

export interface TermSink {
  /** A part of an identifier or a word; counts towards the length of the field. */
  word(term: string): void;
  /** A whole identifier of several parts; adds no length. */
  whole(term: string): void;
}

/**
 * Calls the sink for each term of `text`, in order. Linear in the text, whatever it holds.
 * `term-counter.ts` has the same loop for indexing.
 */
export function tokenize(text: string, sink: TermSink): void {
  const { length } = text;
  let i = 0;
  while (i < length) {
    const c = text.charCodeAt(i);
    if (c >= 128) {
      i = c >= 0xaa ? foreignRun(text, i, sink) : i + 1;
      continue;
    }
    if (wordChars[c] === 0) {
      i++;
      continue;
    }
    const start = i;
    while (i < length && isWordChar(text.charCodeAt(i))) i++;
    if (i < length && joinsForeignLetter(text, i)) i = foreignRun(text, start, sink);
    else emitIdentifier(text.slice(start, i), sink);
  }
}

/** "na" before "ïve": whether the word that ends here goes on in another alphabet, as one run. */
export function joinsForeignLetter(text: string, at: number): boolean {
  const c = text.charCodeAt(at);
  return c >= 0xaa && isLetter(c) && !isUnspaced(c);
}

function emitIdentifier(identifier: string, sink: TermSink): void {
  const { parts, whole } = identifierTerms(identifier);
  for (const part of parts) sink.word(part);
  if (whole !== undefined) sink.whole(whole);
}

const LETTER = /[\p{L}\p{M}\p{N}]/u;
const isSurrogate = (code: number) => code >= 0xd800 && code <= 0xdfff;
const isLetter = (code: number) => isSurrogate(code) || LETTER.test(String.fromCharCode(code));
const isSeparator = (code: number) => code === 95 || code === 36;

/** Scripts written without spaces between words: Thai, Lao, Myanmar, Hangul, Khmer, kana, Han. */
function isUnspaced(code: number): boolean {
  if (code < 0x0e00) return false;
  return (
    code <= 0x0eff ||
    (code >= 0x1000 && code <= 0x109f) ||
    (code >= 0x1100 && code <= 0x11ff) ||
    (code >= 0x1780 && code <= 0x17ff) ||
    (code >= 0x3005 && code <= 0x3007) ||
    (code >= 0x3040 && code <= 0x318f) ||
    (code >= 0x3400 && code <= 0x9fff) ||
    (code >= 0xac00 && code <= 0xd7af) ||
    (code >= 0xd840 && code <= 0xd87f) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xff66 && code <= 0xff9f)
  );
}

/** A run is cut here: normalising takes time quadratic in the length of a run of combining marks. */
const MAX_RUN = 512;

/**
 * Emits the word at `start`, which holds letters beyond ASCII; returns the index after it. It ends where writing
 * with spaces meets writing without: an identifier inside a Chinese sentence stays an identifier. What stands before
 * the last separator of a leading ASCII part is an identifier of its own, so that no letter is read twice.
 */
export function foreignRun(text: string, start: number, sink: TermSink): number {
  let from = start;
  let at = start;
  for (; at < text.length && isWordChar(text.charCodeAt(at)); at++) {
    if (isSeparator(text.charCodeAt(at))) from = at + 1;
  }
  if (from > start) emitIdentifier(text.slice(start, from), sink);
  if (at - from > MAX_IDENTIFIER) from = at;
  const end = endOfRun(text, from);
  if (end === from) return from + 1;
  const run = text.slice(from, end).toWellFormed();
  if (isUnspaced(text.charCodeAt(from))) emitUnspaced(run, sink);
  else emitSpaced(run, sink);
  return end;
}

function endOfRun(text: string, start: number): number {
  const limit = Math.min(text.length, start + MAX_RUN);
  const unspaced = isUnspaced(text.charCodeAt(start));
  let end = start;
  for (; end < limit; end++) {
    const c = text.charCodeAt(end);
    if (c < 128) {
      if (unspaced || !isWordChar(c) || isSeparator(c)) break;
      continue;
    }
    if (!isLetter(c)) break;
    const isLow = c >= 0xdc00 && c <= 0xdfff;
    if (!isLow && isUnspaced(c) !== unspaced && !MARK.test(text.charAt(end))) break;
  }
  // Never between the halves of a surrogate pair.
  const cutsPair = end === limit && end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800;
  return cutsPair && end - 1 > start ? end - 1 : end;
}

const MARK = /\p{M}/u;
/** Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic. Vowel signs of Indic scripts are letters to a reader. */
const ACCENTS = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f]+/g;
const HUMP = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})/u;

/** Words with accents removed; those left in plain letters are stemmed, so that they meet their plain spelling. */
function emitSpaced(run: string, sink: TermSink): void {
  const plain = run.normalize('NFKD').replace(ACCENTS, '').normalize('NFC');
  for (const word of plain.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []) {
    if (word.length > MAX_IDENTIFIER) continue;
    const parts = word.split(HUMP).map((part) => part.toLowerCase());
    for (const part of parts) {
      if (part.length > MAX_TERM || /^[a-z\d]$/.test(part)) continue;
      sink.word(detach(/^[a-z]+$/.test(part) ? stem(part) : part));
    }
    const whole = parts.join('');
    if (parts.length > 1 && whole.length <= MAX_TERM) sink.whole(whole);
  }
}

let segmenter: Intl.Segmenter | undefined;

/** Words by dictionary, and bigrams of the longer ones, because dictionaries cut differently in other surroundings. */
function emitUnspaced(run: string, sink: TermSink): void {
  segmenter ??= new Intl.Segmenter('und', { granularity: 'word' });
  for (const { segment, isWordLike } of segmenter.segment(run.normalize('NFKC').toLowerCase())) {
    if (!isWordLike || segment.length > MAX_TERM) continue;
    sink.word(detach(segment));
    const characters = [...segment];
    if (characters.length <= 2) continue;
    for (let i = 0; i + 1 < characters.length; i++) sink.word(`${characters[i]}${characters[i + 1]}`);
  }
}

/** All terms of a text as lists; for queries and tests. */
export function termsOf(text: string): { readonly words: string[]; readonly wholes: string[] } {
  const words: string[] = [];
  const wholes: string[] = [];
  tokenize(text, { word: (term) => words.push(term), whole: (term) => wholes.push(term) });
  return { words, wholes };
}
