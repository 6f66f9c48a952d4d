/**
 * Blanks out macros that C's grammar cannot know to be decoration (`class ABSL_EXPORT Foo`, `API_CALL` on a line of
 * its own): with them it reads a class as a function, or loses what follows. Lengths and line breaks stay, so that
 * every position in the tree holds for the real text. Works by shape alone; a macro it does not know stays.
 */

/** `class EXPORT Foo`, `struct ALIGNED(8) Foo`: a macro between the keyword and the name. */
const afterKeyword =
  /\b((?:class|struct|union)[ \t]+)([A-Z][A-Z0-9_]{2,60}(?:\([^()\n]{0,80}\))?)(?=[ \t]+(?!final\b)[A-Za-z_]\w*\b(?![ \t]*[;=),[]))/g;
/** `API static int name(`: what follows begins a declaration of its own, so the first word cannot be the type. */
const beforeType =
  /\b[A-Z][A-Z0-9_]{2,60}(?=[ \t]+(?:(?:static|inline|extern|constexpr|virtual|explicit|void|bool|int|char|unsigned|long|float|double|auto|template|friend)\b|[A-Za-z_][\w:]{0,60}(?:[ \t]+|[ \t]*[*&]+[ \t]*)[A-Za-z_]\w{0,80}[ \t]*[(;={[]))/g;
/** Names that say that they are attributes, wherever they stand: `int a GUARDED_BY(mu);`. */
const annotation =
  /\b[A-Z][A-Z0-9_]{0,40}_(?:(?:ATTRIBUTE_[A-Z0-9_]{1,40}|DEPRECATED|GUARDED_BY|LOCKS_REQUIRED|LOCKS_EXCLUDED|EXCLUSIVE_LOCK_FUNCTION|UNLOCK_FUNCTION|SHARED_LOCK_FUNCTION)\((?:[^()\n]|\([^()\n]{0,40}\)){0,120}\)|(?:ATTRIBUTE_[A-Z0-9_]{1,40}|CONST_INIT|MUST_USE_RESULT|NO_THREAD_SAFETY_ANALYSIS)\b)/g;
/** The same without arguments, after a declarator: `void f() NO_THREAD_SAFETY_ANALYSIS {`. */
const afterDeclarator =
  /(?<=\)[ \t]{0,8}(?:const[ \t]{1,8})?\n?[ \t]{0,40})[A-Z][A-Z0-9_]{3,60}(?=[ \t]*(?:\{|;[ \t]*\r?$))/gm;
/** A macro alone on its line. */
const aloneOnLine = /^[ \t]*[A-Z][A-Z0-9_]{3,60}(?:\([^()\n]{0,200}\))?[ \t]*\r?$/gm;

/** Comment lines looked past above a macro. */
const maxCommentLines = 100;

export function maskMacros(text: string): string {
  const inCode = (pattern: RegExp, masked: string): string => {
    const inDirective = directiveFinder(text);
    return masked.replace(pattern, (macro, at: number) => (inDirective(at) ? macro : blank(macro)));
  };
  let masked = text.replace(afterKeyword, (_all, keyword: string, macro: string) => keyword + blank(macro));
  masked = inCode(beforeType, masked);
  masked = inCode(annotation, masked);
  masked = inCode(afterDeclarator, masked);
  return masked.replace(aloneOnLine, (line, at: number) =>
    standsAlone(text, at, at + line.length) ? blank(line) : line,
  );
}

/** Tells for ascending positions whether their line is a directive: inside `#define` and its like macros must stay. */
function directiveFinder(text: string): (at: number) => boolean {
  let lineStart = 0;
  let looked = 0;
  return (at) => {
    // Only the text since the last question is searched: one line may hold a megabyte and all questions.
    const newline = text.slice(looked, at).lastIndexOf('\n');
    if (newline !== -1) lineStart = looked + newline + 1;
    looked = at;
    return isDirective(text, lineStart, at);
  };
}

function isDirective(text: string, lineStart: number, at: number): boolean {
  return /^\s*#/.test(text.slice(lineStart, Math.min(at, lineStart + 200)));
}

/** Nothing is open before the line, and what follows begins something new. */
function standsAlone(text: string, start: number, end: number): boolean {
  const before = codeBefore(text, start - 1);
  let after = end;
  while (after < text.length && isSpace(text.charCodeAt(after))) after += 1;
  const complete =
    before < 0 ||
    '{};/>'.includes(text[before] ?? '') ||
    isDirective(text, text.lastIndexOf('\n', before) + 1, before);
  const startsAnew = after >= text.length || /[A-Za-z_}#/~[]/.test(text[after] ?? '');
  const onlyMember = text[after] === '}' && text[before] === '{';
  return complete && startsAnew && !onlyMember && text[start - 2] !== '\\';
}

/** Position of the last character before `at` that is neither white space nor in a line comment; -1 for none. */
function codeBefore(text: string, at: number): number {
  let before = at;
  for (let line = 0; line < maxCommentLines; line++) {
    while (before >= 0 && isSpace(text.charCodeAt(before))) before -= 1;
    const lineStart = text.lastIndexOf('\n', before) + 1;
    const comment = text.slice(lineStart, before + 1).indexOf('//');
    if (before < 0 || comment === -1) return before;
    before = lineStart + comment - 1;
  }
  return before;
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

function blank(text: string): string {
  return text.replaceAll(/[^\r\n\t]/g, ' ');
}
