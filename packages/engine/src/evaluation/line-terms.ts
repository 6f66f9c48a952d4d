/** Terms of a baseline: words and the parts of identifiers, in lower case. No stemming. */

const WORD = /[\p{L}\p{N}_]+/gu;
const PART = /\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}]+|\p{N}+/gu;

/** Words of English sentences, and a few with which commit messages and issues ask. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  `a about after all also an and any are as at be been before being between both but by can could did do does done each for
  from had has have having how if in instead into is it its just may more most no not now of off on one only or other our
  out over same should so some such than that the their them then there these they this those to too up use used using via
  was we were what when where which while who why will with would you your`.split(/\s+/),
);

/** `parseHTTPResponse_v2` -> parse, http, response: single letters and digits, and stop words, are left out. */
export function splitTerms(text: string): string[] {
  const terms: string[] = [];
  for (const [word] of text.matchAll(WORD)) {
    for (const [part] of word.matchAll(PART)) {
      const term = part.toLowerCase();
      if (term.length > 1 && !STOP_WORDS.has(term)) terms.push(term);
    }
  }
  return terms;
}
