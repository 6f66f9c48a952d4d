/**
 * Finds the comment that documents a definition by looking at the lines above it. Works on text alone: walking to
 * earlier siblings in a tree costs more than the whole outline, and grammars disagree on where comments hang.
 */

export interface CommentMarkers {
  readonly line: readonly string[];
  readonly block: readonly (readonly [open: string, close: string])[];
}

export interface LineRange {
  readonly start: number;
  readonly end: number;
}

/** Longest doc comment we follow upwards; a longer one is cut at the top. Keeps a hostile file linear. */
const maxDocLines = 400;

/**
 * The comment that ends on the line directly above `line` (1-based), without a blank line between.
 * Callers with many definitions on one line must ask once: a line can be a megabyte long.
 */
export function docAbove(lines: LineSource, line: number, markers: CommentMarkers): LineRange | undefined {
  const lowest = Math.max(line - maxDocLines, 1);
  let start = line;
  while (start > lowest) {
    const text = lines.trimmed(start - 1);
    if (text === '') break;
    if (isLineComment(text, markers)) {
      start -= 1;
      continue;
    }
    const opening = blockStart(lines, start - 1, text, lowest, markers);
    if (opening === undefined) break;
    start = opening;
  }
  return start === line ? undefined : { start, end: line - 1 };
}

/** Whether a trimmed line holds nothing but a line comment. */
export function isLineComment(trimmed: string, markers: CommentMarkers): boolean {
  // A shebang is no documentation.
  return markers.line.some((marker) => trimmed.startsWith(marker)) && !trimmed.startsWith('#!');
}

function blockStart(
  lines: LineSource,
  last: number,
  lastText: string,
  lowest: number,
  markers: CommentMarkers,
): number | undefined {
  for (const [open, close] of markers.block) {
    if (!lastText.endsWith(close)) continue;
    for (let line = last; line >= lowest; line--) {
      const text = lines.trimmed(line);
      if (text.startsWith(open)) return line;
      // Code before the comment: it belongs to that code.
      if (text.includes(open)) return undefined;
    }
  }
  return undefined;
}

/** Lines of a text by number, cut lazily. */
export interface LineSource {
  readonly count: number;
  /** The line (1-based) without white space at either end; empty outside the text. */
  trimmed(line: number): string;
  /** Number of white-space characters the line begins with. */
  indentOf(line: number): number;
}

/** Cuts lines on demand: most lines of a file are never looked at. A final newline begins no line. */
export function lineSource(text: string): LineSource {
  const starts: number[] = [];
  if (text !== '') starts.push(0);
  for (let at = text.indexOf('\n'); at !== -1 && at + 1 < text.length; at = text.indexOf('\n', at + 1)) {
    starts.push(at + 1);
  }
  return {
    count: starts.length,
    trimmed(line) {
      const start = starts[line - 1];
      if (start === undefined) return '';
      return text.slice(start, starts[line] ?? text.length).trim();
    },
    indentOf(line) {
      const start = starts[line - 1] ?? text.length;
      let at = start;
      while (text[at] === ' ' || text[at] === '\t') at += 1;
      return at - start;
    },
  };
}
