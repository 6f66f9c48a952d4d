/**
 * Recognises text that a parser must not be given: not for what it says but for what it costs. Some grammars' scanners
 * look ahead over a run of one character again and again, where no time limit reaches them (10,000 `#` as Swift: 3 s,
 * and four times that for twice as many); deep nesting makes the parser recurse; and recovering from thousands of
 * characters that belong to no language takes time that grows with their square (25,000 as Scala: 6 s).
 */

/** Banners of `=====` are shorter. */
const maxRun = 1_000;
/** Nobody's code is nested deeper. */
const maxNesting = 1_000;
/** Control characters, halves of characters and invisible marks; decoded binary data is full of them. */
const maxStrange = 500;

export function isHostile(text: string): boolean {
  let previous = 0;
  let run = 0;
  let nesting = 0;
  let strange = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 126 || code < 9) {
      if (isStrange(code, text.charCodeAt(at + 1)) && ++strange > maxStrange) return true;
      // The second half of a pair was looked at with the first.
      if (code >= 0xd800 && code <= 0xdbff) at += 1;
    } else if (isPunctuation(code)) {
      run = code === previous ? run + 1 : 1;
      if (run > maxRun) return true;
      if (code === 40 || code === 91 || code === 123) nesting += 1;
      else if ((code === 41 || code === 93 || code === 125) && nesting > 0) nesting -= 1;
      if (nesting > maxNesting) return true;
    }
    previous = code;
  }
  return false;
}

function isPunctuation(code: number): boolean {
  return (
    (code > 32 && code < 48) ||
    (code > 57 && code < 65) ||
    (code > 90 && code < 97 && code !== 95) ||
    code > 122
  );
}

function isStrange(code: number, next: number): boolean {
  if (code < 9 || code === 127) return true;
  if (code >= 0xd800 && code <= 0xdbff) return !(next >= 0xdc00 && next <= 0xdfff);
  if (code >= 0xdc00 && code <= 0xdfff) return true;
  return (
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x202a && code <= 0x202e) ||
    code >= 0xfffd ||
    code === 0xfeff
  );
}
