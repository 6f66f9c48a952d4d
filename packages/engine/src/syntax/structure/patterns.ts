/**
 * Outline of languages without a grammar of ours: a definition is found by the shape of its first line, its end by
 * indentation. Good for names and places, not for odd layouts; it reads no expressions and knows nothing of strings.
 */
import type { SymbolDef, SymbolKind } from '../../model/parsed-file.ts';
import type { Draft } from './draft.ts';
import { draft, maxSymbols, readerLines, tidyName } from './draft.ts';

export interface PatternSyntax {
  /** Starts of comment lines. */
  readonly comments: readonly string[];
  readonly blockComments: readonly (readonly [open: string, close: string])[];
  /** Matched against a line without its indentation, first match wins; group 1 is the name. Anchored, linear. */
  readonly patterns: readonly (readonly [kind: SymbolKind, match: RegExp])[];
  /** Lines beginning so stand between a doc comment and its definition, and hold the doc (`@doc`). */
  readonly docAttributes?: readonly string[];
  /** Lines beginning so right above a definition belong to it. */
  readonly attributes?: readonly string[];
  /** Words that close a definition at its own indentation, besides brackets and `end`. */
  readonly closers?: readonly string[];
  /** Definitions deeper than this column are local. */
  readonly maxIndent?: number;
  readonly topLevelOnly?: boolean;
  /** These end at their closing word (lower case) only, whatever stands at their own column before it. */
  readonly closedBy?: { readonly kinds: readonly SymbolKind[]; readonly word: string };
  /** Consecutive definitions of one name are one: clauses and equations. */
  readonly extendSameName?: boolean;
  /** A definition ends where the next begins: labels. */
  readonly spansToNext?: boolean;
  /** Renames a `target` by a line in it, as `name = "x"` does. */
  readonly nameAttribute?: RegExp;
}

interface Open {
  readonly indent: number;
  readonly symbol: number;
}

interface Reading {
  /** The reader's own copy: doc strings in it are overwritten as comments. */
  readonly lines: string[];
  readonly syntax: PatternSyntax;
  readonly symbols: Draft[];
  readonly open: Open[];
  /** Last line with text, where a definition that is closed by its successor ends. */
  lastText: number;
  /** First line of the comments and attributes that stand right above, 0 for none; and of the attributes alone. */
  commentStart: number;
  attributeStart: number;
}

/** Characters of a line that patterns see: with them no pattern, however clumsy, can take long. */
const matchedLength = 240;
const membersOf: ReadonlySet<SymbolKind> = new Set<SymbolKind>([
  'class',
  'interface',
  'struct',
  'enum',
  'trait',
]);
const defaultClosers = ['}', ')', ']', 'end', 'End', 'END', '{', 'begin', 'then'];

export function patternOutline(text: string, syntax: PatternSyntax): SymbolDef[] {
  const lines = readerLines(text);
  const reading: Reading = {
    lines,
    syntax,
    symbols: [],
    open: [],
    lastText: 0,
    commentStart: 0,
    attributeStart: 0,
  };
  let closeMark = '';
  for (let index = 0; index < lines.length && reading.symbols.length < maxSymbols; index += 1) {
    const line = lines[index] ?? '';
    const trimmed = line.trim();
    if (closeMark !== '') {
      noteComment(reading, index + 1);
      if (trimmed.includes(closeMark)) closeMark = '';
      continue;
    }
    if (trimmed === '') {
      reading.commentStart = 0;
      reading.attributeStart = 0;
      continue;
    }
    const block = syntax.blockComments.find(([open]) => trimmed.startsWith(open));
    if (block !== undefined) {
      noteComment(reading, index + 1);
      if (!trimmed.includes(block[1], block[0].length)) closeMark = block[1];
    } else if (syntax.comments.some((mark) => trimmed.startsWith(mark))) noteComment(reading, index + 1);
    else readLine(reading, index + 1, trimmed, columnOf(line));
  }
  while (reading.open.length > 0) closeTop(reading, reading.lastText);
  return reading.symbols;
}

function noteComment(reading: Reading, line: number): void {
  if (reading.commentStart === 0) reading.commentStart = line;
}

function readLine(reading: Reading, line: number, trimmed: string, indent: number): void {
  const { syntax, open } = reading;
  if (syntax.docAttributes?.some((mark) => trimmed.startsWith(mark)) === true) {
    closeAt(reading, indent);
    noteComment(reading, line);
    skipDocString(reading, line, trimmed);
    return;
  }
  if (
    syntax.attributes?.some((mark) => trimmed.startsWith(mark)) === true &&
    matchLine(syntax, trimmed, indent) === undefined
  ) {
    closeAt(reading, indent);
    if (reading.attributeStart === 0) reading.attributeStart = line;
    reading.lastText = line;
    return;
  }
  if (syntax.closedBy !== undefined && trimmed.toLowerCase().startsWith(syntax.closedBy.word)) {
    while (open.length > 0 && !isClosedByWord(reading)) closeTop(reading, reading.lastText);
    closeTop(reading, line);
  } else if (isCloser(syntax, trimmed)) {
    while (open.length > 0 && (open.at(-1)?.indent ?? 0) > indent) closeTop(reading, reading.lastText);
    const top = open.at(-1);
    if (top?.indent === indent && !trimmed.startsWith('{') && !trimmed.startsWith('begin'))
      closeTop(reading, line);
  } else {
    const found = matchLine(syntax, trimmed, indent);
    if (found === undefined && indent === 0 && continuesLast(reading, trimmed)) {
      reading.lastText = line;
      reading.commentStart = 0;
      return;
    }
    if (syntax.spansToNext !== true || found !== undefined) closeAt(reading, indent);
    if (found !== undefined) addSymbol(reading, line, indent, found.kind, found.name);
    else renameTarget(reading, line, trimmed);
  }
  reading.lastText = line;
  reading.commentStart = 0;
  reading.attributeStart = 0;
}

/** Elixir writes documentation as `@doc """ ... """`: its lines are comment, not code. */
function skipDocString(reading: Reading, line: number, trimmed: string): void {
  if (!trimmed.endsWith('"""')) return;
  for (let index = line; index < Math.min(reading.lines.length, line + 400); index += 1) {
    if ((reading.lines[index] ?? '').trim() !== '"""') continue;
    reading.lines.fill(reading.syntax.comments[0] ?? '#', line, index + 1);
    return;
  }
}

function matchLine(
  syntax: PatternSyntax,
  trimmed: string,
  indent: number,
): { kind: SymbolKind; name: string } | undefined {
  if (indent > (syntax.topLevelOnly === true ? 0 : (syntax.maxIndent ?? 60))) return undefined;
  const text = trimmed.slice(0, matchedLength);
  for (const [kind, pattern] of syntax.patterns) {
    const match = pattern.exec(text);
    if (match !== null) return { kind, name: match[1] ?? match[0] };
  }
  return undefined;
}

function addSymbol(reading: Reading, line: number, indent: number, kind: SymbolKind, name: string): void {
  const { symbols, open, syntax } = reading;
  const last = symbols.at(-1);
  if (
    syntax.extendSameName === true &&
    last !== undefined &&
    last.name === name &&
    last.kind === kind &&
    open.length === 0
  ) {
    open.push({ indent, symbol: symbols.length - 1 });
    return;
  }
  const parent = open.at(-1)?.symbol ?? -1;
  const parentKind = symbols[parent]?.kind;
  const isMember = kind === 'function' && parentKind !== undefined && membersOf.has(parentKind);
  const symbol = draft(isMember ? 'method' : kind, name, line, parent);
  // Where the whole definition is one bracket, the bracket's end is no header's end.
  const isOneBracket = kind === 'target' || (reading.lines[line - 1] ?? '').trimStart().startsWith('(');
  symbol.headEnd = isOneBracket ? line : headEnd(reading.lines, line);
  symbol.end = symbol.headEnd;
  if (reading.attributeStart > 0) symbol.start = reading.attributeStart;
  if (reading.commentStart > 0 && reading.commentStart < symbol.start) {
    symbol.docStart = reading.commentStart;
    symbol.docEnd = symbol.start - 1;
  }
  open.push({ indent, symbol: symbols.length });
  symbols.push(symbol);
}

/** The header goes on while its parentheses are open, for some lines. */
function headEnd(lines: readonly string[], line: number): number {
  let depth = 0;
  for (let at = line; at <= Math.min(lines.length, line + 30); at += 1) {
    for (const char of (lines[at - 1] ?? '').slice(0, matchedLength)) {
      if (char === '(') depth += 1;
      else if (char === ')') depth -= 1;
    }
    if (depth <= 0) return at;
  }
  return line;
}

function renameTarget(reading: Reading, line: number, trimmed: string): void {
  const { nameAttribute } = reading.syntax;
  const symbol = reading.symbols[reading.open.at(-1)?.symbol ?? -1];
  if (nameAttribute === undefined || symbol?.kind !== 'target' || symbol.nameLine !== symbol.start) return;
  const name = nameAttribute.exec(trimmed.slice(0, matchedLength))?.[1];
  if (name === undefined) return;
  symbol.name = tidyName(name);
  symbol.nameLine = line;
  symbol.headEnd = line;
  symbol.end = line;
}

/** Equations follow their type: a line at the margin that begins with the name of the last definition belongs to it. */
function continuesLast(reading: Reading, trimmed: string): boolean {
  const last = reading.symbols.at(-1);
  if (reading.syntax.extendSameName !== true || last?.kind !== 'function' || !trimmed.startsWith(last.name))
    return false;
  if (/^[\w']/.test(trimmed.slice(last.name.length, last.name.length + 1))) return false;
  const index = reading.symbols.length - 1;
  if (reading.open.at(-1)?.symbol !== index) reading.open.push({ indent: 0, symbol: index });
  return true;
}

/** A line at this column ends every definition that began at it or deeper. */
function closeAt(reading: Reading, indent: number): void {
  while (
    reading.open.length > 0 &&
    (reading.open.at(-1)?.indent ?? 0) >= indent &&
    !isClosedByWord(reading)
  ) {
    closeTop(reading, reading.lastText);
  }
}

function isClosedByWord(reading: Reading): boolean {
  const kind = reading.symbols[reading.open.at(-1)?.symbol ?? -1]?.kind;
  return kind !== undefined && (reading.syntax.closedBy?.kinds.includes(kind) ?? false);
}

function closeTop(reading: Reading, line: number): void {
  const symbol = reading.symbols[reading.open.pop()?.symbol ?? -1];
  if (symbol !== undefined) symbol.end = Math.max(symbol.end, line);
}

function isCloser(syntax: PatternSyntax, trimmed: string): boolean {
  const word = /^[\w@]+|^[\])}]+|^\{|^-->/.exec(trimmed)?.[0] ?? '';
  if (/^[\])}]/.test(word)) return true;
  return (
    defaultClosers.includes(word) ||
    (syntax.closers?.some((closer) => closer.toLowerCase() === word.toLowerCase()) ?? false)
  );
}

function columnOf(line: string): number {
  let column = 0;
  for (const char of line) {
    if (char === ' ') column += 1;
    else if (char === '\t') column += 4;
    else break;
  }
  return column;
}
