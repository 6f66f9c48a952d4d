/**
 * Blanks out macros that C's grammar cannot know to be decoration (`class ABSL_EXPORT Foo`, `API_CALL` on a line of
 * its own): with them it reads a class as a function, or loses what follows. Lengths and line breaks stay, so that
 * every position in the tree holds for the real text.
 */

/** `class EXPORT Foo`, `struct ALIGNED(8) Foo`: a macro between the keyword and the name. */
const afterKeyword =
  /\b(class|struct|union)([ \t]+)([A-Z][A-Z0-9_]{2,}(?:\([^()\n]{0,80}\))?)(?=[ \t]+(?!final\b)[A-Za-z_]\w*\b(?![ \t]*[;=),[]))/g;
/** Macros whose names say that they are attributes. */
const attribute =
  /\b[A-Z][A-Z0-9_]{0,40}_(?:EXPORT|API|ATTRIBUTE_[A-Z0-9_]+|INLINE|NOINLINE|NODISCARD|DEPRECATED|NORETURN|MUST_USE_RESULT|GUARDED_BY|LOCKS_REQUIRED|LOCKS_EXCLUDED|EXCLUSIVE_LOCK_FUNCTION|UNLOCK_FUNCTION|SHARED_LOCK_FUNCTION|NO_THREAD_SAFETY_ANALYSIS|CONST_INIT|PRINTF_ATTRIBUTE|NONNULL|UNUSED|PACKED)\b(?:\((?:[^()\n]|\([^()\n]{0,40}\)){0,120}\))?/g;
/** A macro alone on its line, with nothing open before it and no body after it. */
const aloneOnLine = /^[ \t]*[A-Z][A-Z0-9_]{3,}(?:\([^()\n]{0,200}\))?[ \t]*\r?$/gm;

export function maskMacros(text: string): string {
  return text
    .replace(
      afterKeyword,
      (_all, keyword: string, gap: string, macro: string) => keyword + gap + blank(macro),
    )
    .replace(attribute, (macro, ...rest) => (isDefined(text, rest.at(-2) as number) ? macro : blank(macro)))
    .replace(aloneOnLine, (line, at: number) =>
      standsAlone(text, at, at + line.length) ? blank(line) : line,
    );
}

/** Only the first `#define NAME` of a line defines; there the macro must stay. */
function isDefined(text: string, at: number): boolean {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  return /^\s*#/.test(text.slice(lineStart, Math.min(at, lineStart + 200)));
}

function standsAlone(text: string, start: number, end: number): boolean {
  let before = start - 1;
  while (before >= 0 && isSpace(text.charCodeAt(before))) before -= 1;
  let after = end;
  while (after < text.length && isSpace(text.charCodeAt(after))) after += 1;
  const opened = before >= 0 && !'{};/>'.includes(text[before] ?? '');
  // A preprocessor line above ends without any of these characters.
  const lineStart = text.lastIndexOf('\n', before) + 1;
  const afterDirective =
    before >= 0 && /^\s*#/.test(text.slice(lineStart, Math.min(lineStart + 40, before + 1)));
  // A body, an argument list, or the one member of an enum.
  const isMember = text[after] === '}' && text[before] === '{';
  const closes = isMember || text[after] === '{' || text[after] === ',' || text[after] === '(';
  return (!opened || afterDirective) && !closes && text[start - 2] !== '\\';
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

function blank(text: string): string {
  return text.replaceAll(/[^\r\n\t]/g, ' ');
}
