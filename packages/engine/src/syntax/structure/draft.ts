/**
 * What the structure readers share: making symbols, tidy names, limits, sections closed by level, comments above.
 * Knows no language. All readers are linear in the text and never throw; a file with more than `maxSymbols`
 * definitions keeps the first ones.
 */
import type { SymbolDef, SymbolKind } from '../../model/parsed-file.ts';

/** A symbol still being read: its end is not known yet. */
export type Draft = { -readonly [Key in keyof SymbolDef]: SymbolDef[Key] };

export const maxSymbols = 20_000;
/** Characters of a line that the readers look at; outlines do not need more. */
export const lineCap = 2000;
const nameCap = 160;

/** A symbol of one line; the reader moves `end` and `headEnd` as it learns more. */
export function draft(kind: SymbolKind, name: string, line: number, parent = -1): Draft {
  return {
    name: tidyName(name),
    kind,
    start: line,
    end: line,
    nameLine: line,
    headEnd: line,
    docStart: 0,
    docEnd: 0,
    parent,
  };
}

/** One line, single spaces, bounded length. */
export function tidyName(text: string): string {
  const tidy = text
    .slice(0, nameCap * 3)
    .replace(/\s+/g, ' ')
    .trim();
  return tidy.length > nameCap ? tidy.slice(0, nameCap).trimEnd() : tidy;
}

/** Lines without `\r`, each cut to what a reader looks at. Index 0 is line 1. */
export function readerLines(text: string): string[] {
  return text.split('\n').map((line) => {
    const capped = line.length > lineCap ? line.slice(0, lineCap) : line;
    return capped.endsWith('\r') ? capped.slice(0, -1) : capped;
  });
}

export interface Heading {
  readonly level: number;
  readonly name: string;
  /** First line: the overline or the text. */
  readonly start: number;
  readonly nameLine: number;
  readonly headEnd: number;
}

/** Headings in line order -> sections that nest by level and reach to the next heading of the same or a higher level. */
export function sectionsOf(headings: readonly Heading[], lines: readonly string[]): SymbolDef[] {
  const sections: Draft[] = [];
  const open: { readonly level: number; readonly index: number }[] = [];
  const close = (level: number, end: number): void => {
    while (open.length > 0 && (open.at(-1)?.level ?? 0) >= level) {
      const section = sections[open.pop()?.index ?? -1];
      if (section !== undefined)
        section.end = Math.max(section.headEnd, lastTextLine(lines, end, section.headEnd));
    }
  };
  for (const heading of headings.slice(0, maxSymbols)) {
    close(heading.level, heading.start - 1);
    const section = draft('section', heading.name, heading.start, open.at(-1)?.index ?? -1);
    section.nameLine = heading.nameLine;
    section.headEnd = heading.headEnd;
    section.end = heading.headEnd;
    open.push({ level: heading.level, index: sections.length });
    sections.push(section);
  }
  close(0, lines.length);
  return sections;
}

/** Last non-blank line not after `from`, not before `floor`. */
export function lastTextLine(lines: readonly string[], from: number, floor: number): number {
  let line = Math.min(from, lines.length);
  while (line > floor && (lines[line - 1] ?? '').trim() === '') line -= 1;
  return line;
}

/** Sets the doc range to the comment lines directly above `symbol.start`, at most 200. */
export function takeCommentAbove(
  symbol: Draft,
  lines: readonly string[],
  isComment: (line: string) => boolean,
): void {
  let first = symbol.start;
  const floor = Math.max(1, symbol.start - 200);
  while (first > floor && isComment((lines[first - 2] ?? '').trim())) first -= 1;
  if (first === symbol.start) return;
  symbol.docStart = first;
  symbol.docEnd = symbol.start - 1;
}

/** Text without the quotes around it. */
export function unquote(text: string): string {
  const trimmed = text.trim();
  const quote = trimmed[0];
  const isQuoted =
    trimmed.length > 1 && (quote === '"' || quote === "'" || quote === '`') && trimmed.endsWith(quote);
  return isQuoted ? trimmed.slice(1, -1) : trimmed;
}
