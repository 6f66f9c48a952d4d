/**
 * Recognises text that a parser must not be given: not for what it says but for what it costs. Some grammars' scanners
 * look ahead over a run of one character again and again, where no time limit reaches them (10,000 `#` as Swift: 3 s,
 * and four times that for twice as many), and deep nesting makes the parser recurse.
 */

/** Banners of `=====` are shorter; nobody's code is nested deeper. */
const maxRun = 1_000;
const maxNesting = 1_000;

export function isHostile(text: string): boolean {
  let previous = 0;
  let run = 0;
  let nesting = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isWord(code)) {
      previous = code;
      continue;
    }
    run = code === previous ? run + 1 : 1;
    previous = code;
    if (run > maxRun && code > 32) return true;
    if (code === 40 || code === 91 || code === 123) {
      nesting += 1;
      if (nesting > maxNesting) return true;
    } else if ((code === 41 || code === 93 || code === 125) && nesting > 0) {
      nesting -= 1;
    }
  }
  return false;
}

function isWord(code: number): boolean {
  return code > 122
    ? code > 126
    : code >= 97 || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;
}
