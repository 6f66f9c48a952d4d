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

const isLower = (c: number) => c >= 97 && c <= 122;
const isUpper = (c: number) => c >= 65 && c <= 90;
const isDigit = (c: number) => c >= 48 && c <= 57;
const isWordChar = (c: number) => isLower(c) || isUpper(c) || isDigit(c) || c === 95 || c === 36;

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

/** Stem of a lower-case word; words of three letters or fewer and those with digits stay as they are. */
export function stem(word: string): string {
  if (word.length <= 3 || isDigit(word.charCodeAt(0))) return word;
  return stemmer(word);
}

/** One name for all spellings of an identifier: lower case, separators removed. */
export function normalizeName(name: string): string {
  return name.replace(/[_$\-\s]+/g, '').toLowerCase();
}

/** Terms of an ASCII identifier. */
export function identifierTerms(identifier: string): IdentifierTerms {
  const known = cache.get(identifier);
  if (known) return known;
  const raw = identifier.length > MAX_IDENTIFIER ? [] : splitIdentifier(identifier);
  const parts = raw.filter((part) => part.length > 1 && part.length <= MAX_TERM).map(stem);
  const joined = raw.length > 1 ? raw.join('') : undefined;
  const whole = joined !== undefined && joined.length > 1 && joined.length <= MAX_TERM ? joined : undefined;
  const terms = { parts, whole };
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(identifier, terms);
  return terms;
}

/** Scripts written without spaces between words: Han, kana, Hangul, Thai, Lao, Khmer, Myanmar. */
const UNSPACED = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]|[\ud840-\ud87f]/;
let segmenter: Intl.Segmenter | undefined;

function foreignTerms(run: string): string[] {
  const text = run.normalize('NFKC').toLowerCase();
  if (!UNSPACED.test(text)) {
    const words = text.normalize('NFD').match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
    return words
      .map((word) => word.replace(/\p{M}+/gu, '').normalize('NFC'))
      .filter((word) => word.length > 0 && word.length <= MAX_TERM);
  }
  segmenter ??= new Intl.Segmenter('und', { granularity: 'word' });
  const terms: string[] = [];
  for (const { segment, isWordLike } of segmenter.segment(text)) {
    if (!isWordLike || segment.length > MAX_TERM) continue;
    terms.push(segment);
    const characters = [...segment];
    if (characters.length > 2) {
      for (let i = 0; i + 1 < characters.length; i++) terms.push(`${characters[i]}${characters[i + 1]}`);
    }
  }
  return terms;
}

export interface TermSink {
  /** A part of an identifier or a word; counts towards the length of the field. */
  word(term: string): void;
  /** A whole identifier of several parts; adds no length. */
  whole(term: string): void;
}

/** Calls the sink for each term of `text`, in order. */
export function tokenize(text: string, sink: TermSink): void {
  const length = text.length;
  let i = 0;
  while (i < length) {
    const c = text.charCodeAt(i);
    if (c < 128) {
      if (!isWordChar(c)) {
        i++;
        continue;
      }
      const start = i;
      while (i < length && isWordChar(text.charCodeAt(i))) i++;
      // "naive" beside "ï": a word that goes on in another alphabet is one foreign run.
      if (i < length && text.charCodeAt(i) >= 0xc0 && isLetter(text.charCodeAt(i))) {
        i = foreignRun(text, start, sink);
        continue;
      }
      emitIdentifier(text.slice(start, i), sink);
    } else if (c >= 0xaa) {
      i = foreignRun(text, i, sink);
    } else {
      i++;
    }
  }
}

function emitIdentifier(identifier: string, sink: TermSink): void {
  const { parts, whole } = identifierTerms(identifier);
  for (const part of parts) sink.word(part);
  if (whole !== undefined) sink.whole(whole);
}

const LETTER = /[\p{L}\p{M}\p{N}]/u;
const isLetter = (code: number) => (code >= 0xd800 && code <= 0xdfff) || LETTER.test(String.fromCharCode(code));

/** Reads letters from `start` until something that is no letter; returns the index after it. */
function foreignRun(text: string, start: number, sink: TermSink): number {
  let end = start;
  while (end < text.length) {
    const c = text.charCodeAt(end);
    if (c < 128 ? !isWordChar(c) || c === 95 || c === 36 : !isLetter(c)) break;
    end++;
  }
  if (end === start) return start + 1;
  for (const term of foreignTerms(text.slice(start, end))) sink.word(term);
  return end;
}

/** All terms of a text as lists; for queries and tests. */
export function termsOf(text: string): { readonly words: string[]; readonly wholes: string[] } {
  const words: string[] = [];
  const wholes: string[] = [];
  tokenize(text, { word: (term) => words.push(term), whole: (term) => wholes.push(term) });
  return { words, wholes };
}
