/**
 * JSON -> keys of its first levels with their lines. Accepts comments, trailing commas, single quotes and bare keys
 * (JSON5, JSONC) and does not mind broken text: it follows brackets and strings only.
 */
import type { SymbolDef } from '../../model/parsed-file.ts';
import type { Draft } from './draft.ts';
import { draft, maxSymbols } from './draft.ts';

const maxDepth = 3;

/** A place in the text and the line it is on. */
interface Cursor {
  readonly text: string;
  at: number;
  line: number;
}

interface Frame {
  readonly isObject: boolean;
  /** Symbol of the key whose value this bracket is, -1 for none. */
  readonly symbol: number;
}

interface Scan extends Cursor {
  readonly symbols: Draft[];
  readonly frames: Frame[];
  /** Brackets open below the levels that are recorded. */
  deeper: number;
  /** The last string or word: a key if a colon follows. */
  word: { readonly value: string; readonly line: number } | undefined;
  /** Symbol of the key whose value is being read, -1 for none. */
  keyed: number;
}

/** Keys at most three objects deep; arrays count as no level. */
export function jsonKeys(text: string): SymbolDef[] {
  const scan: Scan = { text, at: 0, line: 1, symbols: [], frames: [], deeper: 0, word: undefined, keyed: -1 };
  while (scan.at < text.length && scan.symbols.length < maxSymbols) {
    const char = text[scan.at] ?? '';
    const next = text[scan.at + 1];
    if (char === '"' || char === "'") {
      const { line } = scan;
      scan.word = { value: readString(scan, char), line };
      extendValue(scan);
    } else if (char === '/' && (next === '/' || next === '*')) skipComment(scan);
    else if (isWordChar(char)) {
      const { line } = scan;
      scan.word = { value: readWord(scan), line };
      extendValue(scan);
    } else {
      scan.at += 1;
      if (char === '\n') scan.line += 1;
      else readMark(scan, char);
    }
  }
  for (const frame of scan.frames) closeFrame(frame, scan.symbols, scan.line);
  return scan.symbols;
}

function readMark(scan: Scan, char: string): void {
  const { symbols, frames } = scan;
  if (char === ':') {
    if (scan.deeper === 0 && scan.word !== undefined && frames.at(-1)?.isObject === true) {
      scan.keyed = symbols.length;
      symbols.push(draft('key', scan.word.value, scan.word.line, enclosing(frames)));
    }
    scan.word = undefined;
  } else if (char === '{' || char === '[') {
    extendValue(scan);
    if (scan.deeper > 0 || objectDepth(frames) >= maxDepth || frames.length >= maxDepth * 2) scan.deeper += 1;
    else {
      frames.push({ isObject: char === '{', symbol: scan.keyed });
      scan.keyed = -1;
    }
  } else if (char === '}' || char === ']') {
    if (scan.deeper > 0) {
      extendValue(scan);
      scan.deeper -= 1;
    } else {
      closeFrame(frames.pop(), symbols, scan.line);
      scan.keyed = -1;
    }
    scan.word = undefined;
  } else if (char === ',' && scan.deeper === 0) scan.keyed = -1;
}

function extendValue(scan: Scan): void {
  const symbol = scan.symbols[scan.keyed];
  if (symbol !== undefined) symbol.end = Math.max(symbol.end, scan.line);
}

function closeFrame(frame: Frame | undefined, symbols: readonly Draft[], line: number): void {
  const symbol = symbols[frame?.symbol ?? -1];
  if (symbol !== undefined) symbol.end = Math.max(symbol.end, line);
}

function enclosing(frames: readonly Frame[]): number {
  return frames.findLast((frame) => frame.symbol !== -1)?.symbol ?? -1;
}

function objectDepth(frames: readonly Frame[]): number {
  return frames.reduce((depth, frame) => depth + (frame.isObject ? 1 : 0), 0);
}

/** Reads a quoted string; an unclosed one ends at the end of its line, so that one bad quote costs one line. */
function readString(cursor: Cursor, quote: string): string {
  const { text } = cursor;
  const start = cursor.at + 1;
  let at = start;
  while (at < text.length) {
    const char = text[at];
    if (char === quote || char === '\n') break;
    at += char === '\\' && text[at + 1] !== '\n' ? 2 : 1;
  }
  cursor.at = text[at] === quote ? at + 1 : at;
  return text.slice(start, Math.min(at, start + 400));
}

function readWord(cursor: Cursor): string {
  const start = cursor.at;
  while (cursor.at < cursor.text.length && isWordChar(cursor.text[cursor.at] ?? '')) cursor.at += 1;
  return cursor.text.slice(start, Math.min(cursor.at, start + 400));
}

function isWordChar(char: string): boolean {
  return (
    (char >= 'a' && char <= 'z') ||
    (char >= 'A' && char <= 'Z') ||
    (char >= '0' && char <= '9') ||
    char === '_' ||
    char === '$'
  );
}

function skipComment(cursor: Cursor): void {
  const { text } = cursor;
  const isBlock = text[cursor.at + 1] === '*';
  const close = isBlock ? text.indexOf('*/', cursor.at + 2) : text.indexOf('\n', cursor.at);
  const end = close === -1 ? text.length : close + (isBlock ? 2 : 0);
  for (let at = cursor.at; at < end; at += 1) if (text.charCodeAt(at) === 10) cursor.line += 1;
  cursor.at = end;
}
