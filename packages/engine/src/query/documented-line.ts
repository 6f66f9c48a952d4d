/** Which line a line of a comment is about: the one below it, where the comment stands right above something. Reads text, knows no language. */

/** Longer comments are about a file. */
const maxLines = 400;

const lineComment =
  /^\s*(?:\/\/|#(?!\s*(?:include|define|undef|if|ifdef|ifndef|elif|else|endif|pragma|error|line)\b|!?\[)|--(?!-?>)|;;|\/\*.*\*\/\s*$)/;
/** What may stand between a comment and its definition. */
const annotation = /^\s*(?:@\w|#!?\[)/;
const blockStart = /^\s*\/\*/;
const blockEnd = /\*\/\s*$/;

/** 1-based. The line itself where it is no comment, or where an empty line or the end of the file follows the comment. */
export function documentedLine(lines: readonly string[], line: number): number {
  let isInside = isInBlock(lines, line);
  for (let at = line; at <= Math.min(lines.length, line + maxLines); at++) {
    const text = lines[at - 1] ?? '';
    if (isInside) isInside = !blockEnd.test(text);
    else if (blockStart.test(text) && !text.includes('*/')) isInside = true;
    else if (!lineComment.test(text) && !annotation.test(text)) return text.trim() === '' ? line : at;
  }
  return line;
}

function isInBlock(lines: readonly string[], line: number): boolean {
  for (let at = line - 1; at >= Math.max(1, line - maxLines); at--) {
    const text = lines[at - 1] ?? '';
    if (text.includes('*/')) return false;
    if (blockStart.test(text)) return true;
  }
  return false;
}
