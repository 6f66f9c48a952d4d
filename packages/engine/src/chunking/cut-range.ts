/**
 * Cuts a long range of lines into pieces of about equal length where the text has its natural gaps: after blank
 * lines, at shallow indentation, never right before a closing bracket if that can be helped.
 * Knows lines only, no symbols and no language.
 */
import { sizes } from './sizes.ts';

/** What the cutter needs to know of each line, computed once a file. Index 0 is unused: lines count from 1. */
export interface LineShape {
  /** Column of the first character, -1 for a blank line. */
  readonly indent: Int16Array;
  /** `weight[n]`: length of lines 1..n together; long lines count for several. */
  readonly weight: Uint32Array;
  /** 1 for a line of closing brackets or `end`. */
  readonly closing: Uint8Array;
}

export interface CutSizes {
  readonly aim: number;
  readonly min: number;
  readonly max: number;
}

export interface LineRange {
  readonly start: number;
  readonly end: number;
}

const tabWidth = 4;
const maxIndent = 200;

export function shapeOf(lines: readonly string[]): LineShape {
  const indent = new Int16Array(lines.length + 1);
  const weight = new Uint32Array(lines.length + 1);
  const closing = new Uint8Array(lines.length + 1);
  let total = 0;
  // By index: a pair for each line of a repository is a tenth of what indexing allocates.
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] as string;
    total += 1 + Math.floor(Math.min(line.length, sizes.lineCap) / sizes.lineWidth);
    indent[index + 1] = indentOf(line);
    weight[index + 1] = total;
    closing[index + 1] = mayClose(line) && isClosing(line) ? 1 : 0;
  }
  return { indent, weight, closing };
}

export function lengthOf(shape: LineShape, start: number, end: number): number {
  return end < start ? 0 : (shape.weight[end] ?? 0) - (shape.weight[start - 1] ?? 0);
}

/** The range without blank lines at its ends; undefined when it has no others. */
export function trimBlank(shape: LineShape, start: number, end: number): LineRange | undefined {
  let first = start;
  let last = end;
  while (first <= last && shape.indent[first] === -1) first += 1;
  while (last >= first && shape.indent[last] === -1) last -= 1;
  return first <= last ? { start: first, end: last } : undefined;
}

/** `solid(line)`: whether a cut before this line would go through something that belongs together. */
export function cutRange(
  shape: LineShape,
  range: LineRange,
  cut: CutSizes,
  solid: (line: number) => boolean,
): LineRange[] {
  const pieces: LineRange[] = [];
  let start = range.start;
  while (lengthOf(shape, start, range.end) > cut.max) {
    const rest = lengthOf(shape, start, range.end);
    const aim = Math.min(cut.max, rest / Math.max(2, Math.round(rest / cut.aim)));
    const at = bestCut(shape, start, range.end, aim, cut, solid);
    if (at === undefined) break;
    pushTrimmed(shape, pieces, start, at - 1);
    start = at;
  }
  pushTrimmed(shape, pieces, start, range.end);
  return pieces;
}

function pushTrimmed(shape: LineShape, pieces: LineRange[], start: number, end: number): void {
  const trimmed = trimBlank(shape, start, end);
  if (trimmed !== undefined) pieces.push(trimmed);
}

/** The cheapest line to begin the next piece on. Looks at no more than `max` lines, so that cutting stays linear. */
function bestCut(
  shape: LineShape,
  start: number,
  end: number,
  aim: number,
  cut: CutSizes,
  solid: (line: number) => boolean,
): number | undefined {
  let best: number | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  for (let line = start + 1; line <= end; line += 1) {
    const before = lengthOf(shape, start, line - 1);
    if (before > cut.max && best !== undefined) break;
    const indent = shape.indent[line] ?? 0;
    if (indent === -1 || (before < cut.min && lengthOf(shape, start, line) <= cut.max)) continue;
    const afterText = shape.indent[line - 1] === -1 ? 0 : 12;
    const cost =
      (solid(line) ? 60 : 0) +
      Math.min(indent, 20) * 2 +
      afterText +
      (shape.closing[line] === 1 ? 25 : 0) +
      Math.abs(before - aim) * 0.4;
    if (cost < bestCost) {
      bestCost = cost;
      best = line;
    }
  }
  return best;
}

function indentOf(line: string): number {
  let column = 0;
  for (let index = 0; index < line.length && index < maxIndent; index += 1) {
    const code = line.charCodeAt(index);
    if (code === 32) column += 1;
    else if (code === 9) column += tabWidth;
    else if (!isBlankCode(code)) return Math.min(column, maxIndent);
  }
  return line.length > maxIndent && line.trim() !== '' ? maxIndent : -1;
}

function isBlankCode(code: number): boolean {
  return code === 13 || code === 12 || code === 11 || code === 0xa0 || code === 0xfeff;
}

/** By its first character; most lines need no closer look. */
function mayClose(line: string): boolean {
  if (line.length > maxIndent) return false;
  let at = 0;
  while (line.charCodeAt(at) === 32 || line.charCodeAt(at) === 9) at += 1;
  if (at === line.length) return false;
  const first = line.charCodeAt(at);
  // What else is white space, `trim` knows.
  return first < 32 || first > 127 || '])}efd<'.includes(line.charAt(at));
}

function isClosing(line: string): boolean {
  const text = line.trim();
  return /^[\])}]+[\])};,]*$/.test(text) || /^(end|fi|done|esac)[;,)]*$/.test(text) || text === '</script>';
}
