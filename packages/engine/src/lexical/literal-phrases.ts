/**
 * Neighbouring words of string literals as terms of their own, so that a message is found by its text: its words alone are common, in
 * that order they are not. Biword indexing (Manning, Raghavan, Schütze: Introduction to Information Retrieval, 2.4.1), where phrases are
 * asked for and nowhere else: prose and code would fill the dictionary with pairs. Knows no language's literals but what nearly all
 * have: quotes, a backslash that escapes, the end on the same line. What only looks like one costs a term that nobody asks for.
 */
import { PHRASE_PREFIX } from './fields.ts';
import { termsOf } from './tokenize.ts';

/** Calls back for each pair of neighbours inside the literals of a text. Linear in the text. */
export function literalPhrases(text: string, visit: (term: string) => void): void {
  /** Up to here no quote of this kind closes a literal, so that a line is read once for each kind. */
  const openUntil = new Map<number, number>();
  for (let from = nextQuote(text, 0); from < text.length; ) {
    let last = from;
    const quote = text.charCodeAt(from);
    if (from >= (openUntil.get(quote) ?? 0) && opensLiteral(text, from)) {
      const end = endOfLiteral(text, from);
      if (text.charCodeAt(end) === quote) {
        const literal = text.slice(from + 1, end);
        if (IS_PROSE.test(literal)) for (const term of phrasesOf(literal)) visit(term);
        last = end;
      } else openUntil.set(quote, end);
    }
    from = nextQuote(text, last + 1);
  }
}

/** Neighbouring words of a text, so many at a time, in order, each phrase once. */
export function phrasesOf(text: string, length = 2): ReadonlySet<string> {
  const { words } = termsOf(text);
  const phrases = new Set<string>();
  for (let i = 0; i + length <= words.length; i++)
    phrases.add(PHRASE_PREFIX + words.slice(i, i + length).join(' '));
  return phrases;
}

/** The pairs that a phrase of three and more words consists of; none of any other term. */
export function pairsOfPhrase(term: string): readonly string[] {
  if (!term.startsWith(PHRASE_PREFIX)) return [];
  const words = term.slice(PHRASE_PREFIX.length).split(' ');
  return words.length < 3 ? [] : words.slice(1).map((word, i) => `${PHRASE_PREFIX}${words[i]} ${word}`);
}

/** Three words with spaces between: no path, key or type of content, of which code has more than of messages. */
const IS_PROSE = /\S\s+\S+\s+\S/;

const [DOUBLE, SINGLE, BACKTICK, BACKSLASH, NEWLINE] = [34, 39, 96, 92, 10];

function nextQuote(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === DOUBLE || c === SINGLE || c === BACKTICK) return i;
  }
  return text.length;
}

/** Not the apostrophe of "don't" nor a Rust lifetime's, as far as one can tell; after a prefix such as Python's `f` it opens. */
function opensLiteral(text: string, at: number): boolean {
  if (text.charCodeAt(at) !== SINGLE) return true;
  return (
    !/[\w)\]]$/.test(text.slice(Math.max(0, at - 1), at)) ||
    /(?:^|\W)[bBfFrRuUL]{1,2}$/.test(text.slice(Math.max(0, at - 3), at))
  );
}

/** Where the quote at `from` is met again; else the end of the line. */
function endOfLiteral(text: string, from: number): number {
  const quote = text.charCodeAt(from);
  for (let i = from + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === quote || c === NEWLINE) return i;
    if (c === BACKSLASH && text.charCodeAt(i + 1) !== NEWLINE) i++;
  }
  return text.length;
}
