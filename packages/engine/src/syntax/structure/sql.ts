/**
 * SQL of any dialect -> what it creates: tables with their columns, views, functions, procedures, triggers, indexes, types.
 * Splits statements by `;` outside strings, comments and bodies (dollar quotes, BEGIN ... END); reads no expressions.
 */
import type { SymbolDef, SymbolKind } from '../../model/parsed-file.ts';
import { textTable } from '../../model/text-table.ts';
import type { Draft } from './draft.ts';
import { draft, maxSymbols, readerLines, takeCommentAbove } from './draft.ts';

interface Token {
  readonly text: string;
  readonly line: number;
}

interface Scan {
  readonly text: string;
  at: number;
  line: number;
  /** Dollar quotes that had no end: after some, none is looked for, or a hostile file costs the square of its length. */
  unclosed: number;
  /** What ends statements after MySQL's `DELIMITER`, '' when it is the semicolon. */
  delimiter: string;
}

interface Statement {
  /** First tokens only: enough for a table of 1,500 columns. */
  readonly tokens: Token[];
  lastLine: number;
  /** BEGIN, CASE and the like that wait for their END. */
  depth: number;
  isRoutine: boolean;
  before: string;
}

const tokensMax = 6000;
const routineWords: ReadonlySet<string> = new Set(['FUNCTION', 'PROCEDURE', 'TRIGGER', 'PROC', 'EVENT']);
/** After END these close their own construct: `END IF;`. IF and LOOP open none of ours. */
const endWords: ReadonlySet<string> = new Set(['IF', 'LOOP', 'WHILE', 'REPEAT', 'FOR']);

const kinds = textTable<SymbolKind>({
  TABLE: 'table',
  VIEW: 'table',
  FUNCTION: 'function',
  PROCEDURE: 'function',
  PROC: 'function',
  TRIGGER: 'function',
  EVENT: 'function',
  AGGREGATE: 'function',
  INDEX: 'key',
  TYPE: 'type',
  DOMAIN: 'type',
  SCHEMA: 'namespace',
  DATABASE: 'namespace',
  SEQUENCE: 'key',
  POLICY: 'rule',
  RULE: 'rule',
  EXTENSION: 'key',
  ROLE: 'key',
  USER: 'key',
  STREAM: 'table',
  DICTIONARY: 'table',
});
/** Words between CREATE and the kind that say nothing about it. */
const fillers: ReadonlySet<string> = new Set([
  'OR',
  'REPLACE',
  'TEMP',
  'TEMPORARY',
  'UNLOGGED',
  'GLOBAL',
  'LOCAL',
  'UNIQUE',
  'MATERIALIZED',
  'RECURSIVE',
  'EXTERNAL',
  'FOREIGN',
  'VIRTUAL',
  'CLUSTERED',
  'NONCLUSTERED',
  'CONSTRAINT',
  'FULLTEXT',
  'SPATIAL',
  'CONCURRENTLY',
  'IF',
  'NOT',
  'EXISTS',
  'SECURE',
  'TRANSIENT',
  'EDITIONABLE',
  'NONEDITIONABLE',
  'FORCE',
  'ALTER',
  'DEFINER',
  'ALGORITHM',
  'UNDEFINED',
  'MERGE',
  'TEMPTABLE',
  'SQL',
  'SECURITY',
  'INVOKER',
  'ONLY',
  'COLUMNSTORE',
]);
const notColumns: ReadonlySet<string> = new Set([
  'PRIMARY',
  'FOREIGN',
  'UNIQUE',
  'CHECK',
  'CONSTRAINT',
  'KEY',
  'INDEX',
  'EXCLUDE',
  'LIKE',
  'FULLTEXT',
  'SPATIAL',
  'PERIOD',
  'PARTITION',
]);

export function sqlDefinitions(text: string): SymbolDef[] {
  const lines = readerLines(text);
  const symbols: Draft[] = [];
  const scan: Scan = { text, at: 0, line: 1, unclosed: 0, delimiter: '' };
  let statement = newStatement();
  const finish = (): void => {
    addDefinition(statement, symbols, lines);
    statement = newStatement();
  };
  for (
    let token = nextToken(scan);
    token !== undefined && symbols.length < maxSymbols;
    token = nextToken(scan)
  ) {
    const word = token.text.toUpperCase();
    const isBatchEnd =
      token.text === scan.delimiter || ((word === 'GO' || word === '/') && isAlone(lines, token.line, word));
    if (word === 'DELIMITER' && statement.tokens.length === 0) {
      readDelimiter(scan);
      continue;
    }
    if (isBatchEnd || (word === ';' && statement.depth === 0)) {
      if (!isBatchEnd) statement.lastLine = token.line;
      finish();
      continue;
    }
    // A CREATE at the margin begins anew, whatever an unclosed BEGIN before it said.
    if (word === 'CREATE' && statement.tokens.length > 0 && /^create\b/i.test(lines[token.line - 1] ?? ''))
      finish();
    addToken(statement, token, word);
  }
  finish();
  return symbols;
}

function newStatement(): Statement {
  return { tokens: [], lastLine: 0, depth: 0, isRoutine: false, before: '' };
}

function isAlone(lines: readonly string[], line: number, word: string): boolean {
  const text = (lines[line - 1] ?? '').trim().toUpperCase();
  return text === word || text === `${word};`;
}

function readDelimiter(scan: Scan): void {
  const end = indexOrEnd(scan.text, '\n', scan.at);
  const mark = scan.text.slice(scan.at, Math.min(end, scan.at + 20)).trim();
  scan.delimiter = mark === ';' ? '' : mark;
  moveTo(scan, end);
}

function addToken(statement: Statement, token: Token, word: string): void {
  if (statement.tokens.length < tokensMax) statement.tokens.push(token);
  statement.lastLine = token.line;
  if (statement.tokens.length < 12 && routineWords.has(word)) statement.isRoutine = true;
  if (statement.isRoutine) {
    const { before } = statement;
    // `END IF` closes an IF, which was not counted: the END before it is taken back.
    if (before === 'END' && endWords.has(word)) statement.depth += 1;
    else if (word === 'BEGIN' || word === 'CASE') statement.depth += before === 'END' ? 0 : 1;
    else if (word === 'END') statement.depth = Math.max(0, statement.depth - 1);
  }
  statement.before = word;
}

function addDefinition(statement: Statement, symbols: Draft[], lines: readonly string[]): void {
  const { tokens } = statement;
  const verb = tokens[0]?.text.toUpperCase();
  if (verb !== 'CREATE' && verb !== 'ALTER') return;
  let at = 1;
  while (at < 24 && fillers.has(tokens[at]?.text.toUpperCase() ?? '')) at += 1;
  // MySQL writes `DEFINER = user@host` between CREATE and the kind.
  while (at < 24 && kinds[tokens[at]?.text.toUpperCase() ?? ''] === undefined) at += 1;
  const kind = kinds[tokens[at]?.text.toUpperCase() ?? ''];
  if (kind === undefined) return;
  at += 1;
  while (at < 30 && fillers.has(tokens[at]?.text.toUpperCase() ?? '')) at += 1;
  const name = readName(tokens, at);
  const first = tokens[0];
  if (name === undefined || first === undefined) return;
  const symbol = draft(verb === 'ALTER' ? 'key' : kind, name.text, first.line);
  symbol.nameLine = name.line;
  symbol.headEnd = name.line;
  symbol.end = Math.max(statement.lastLine, name.line);
  takeCommentAbove(symbol, lines, (line) => line.startsWith('--') || line.startsWith('#'));
  symbols.push(symbol);
  if (verb === 'CREATE' && kind === 'table') addColumns(tokens, name.next, symbols, symbols.length - 1);
}

/** A name of up to four parts: `db.schema.table`. Only the last part is kept, as people look for it. */
function readName(
  tokens: readonly Token[],
  from: number,
): { text: string; line: number; next: number } | undefined {
  let at = from;
  let token = tokens[at];
  if (token === undefined || token.text === '(' || token.text === 'ON') return undefined;
  while (tokens[at + 1]?.text === '.' && at < from + 8) {
    at += 2;
    token = tokens[at] ?? token;
  }
  return { text: bareName(token.text), line: token.line, next: at + 1 };
}

function bareName(text: string): string {
  return text.replace(/^["'`[]/, '').replace(/["'`\]]$/, '');
}

function addColumns(tokens: readonly Token[], from: number, symbols: Draft[], table: number): void {
  if (tokens[from]?.text !== '(') return;
  let depth = 1;
  for (let at = from + 1; at < tokens.length && depth > 0 && symbols.length < maxSymbols; at += 1) {
    const token = tokens[at];
    if (token === undefined) return;
    const before = tokens[at - 1]?.text;
    if (token.text === '(') depth += 1;
    else if (token.text === ')') depth -= 1;
    else if (
      depth === 1 &&
      (before === ',' || at === from + 1) &&
      /^["'`[\p{L}_]/u.test(token.text) &&
      !notColumns.has(token.text.toUpperCase())
    ) {
      symbols.push(draft('field', bareName(token.text), token.line, table));
    }
  }
}

/** Words, quoted names and single marks; strings, numbers and comments are passed over. */
function nextToken(scan: Scan): Token | undefined {
  const { text } = scan;
  while (scan.at < text.length) {
    const start = scan.at;
    const char = text[start] ?? '';
    if (char === '\n') scan.line += 1;
    if (char <= ' ') {
      scan.at += 1;
    } else if (scan.delimiter !== '' && text.startsWith(scan.delimiter, start)) {
      scan.at += scan.delimiter.length;
      return { text: scan.delimiter, line: scan.line };
    } else if (text.startsWith('--', start)) moveTo(scan, indexOrEnd(text, '\n', start));
    else if (text.startsWith('/*', start)) moveTo(scan, indexOrEnd(text, '*/', start + 2) + 2);
    else if (char === "'") moveTo(scan, quoteEnd(text, start, "'"));
    else if (char === '$') {
      const dollar = /^\$(?:[A-Za-z_]\w{0,60})?\$/.exec(text.slice(start, start + 64))?.[0];
      const close =
        dollar === undefined || scan.unclosed > 50 ? -1 : text.indexOf(dollar, start + dollar.length);
      if (dollar === undefined || close === -1) {
        // Without an end it is MySQL's `DELIMITER $$`.
        scan.at += dollar?.length ?? 1;
        scan.unclosed += 1;
        if (dollar !== undefined) return { text: dollar, line: scan.line };
      } else moveTo(scan, close + dollar.length);
    } else return readToken(scan, char);
  }
  return undefined;
}

function readToken(scan: Scan, char: string): Token {
  const { text, line } = scan;
  const start = scan.at;
  if (char === '"' || char === '`') {
    moveTo(scan, quoteEnd(text, start, char));
  } else if (char === '[') {
    const close = text.slice(start, start + 130).indexOf(']');
    scan.at = close === -1 ? start + 1 : start + close + 1;
  } else {
    while (scan.at < text.length && isWordCode(text.charCodeAt(scan.at))) scan.at += 1;
    if (scan.at === start) scan.at += 1;
  }
  return { text: text.slice(start, Math.min(scan.at, start + 200)), line };
}

function quoteEnd(text: string, open: number, quote: string): number {
  const close = text.indexOf(quote, open + 1);
  return close === -1 ? text.length : close + 1;
}

function indexOrEnd(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at === -1 ? text.length : at;
}

function moveTo(scan: Scan, end: number): void {
  const to = Math.min(end, scan.text.length);
  for (; scan.at < to; scan.at += 1) if (scan.text.charCodeAt(scan.at) === 10) scan.line += 1;
}

function isWordCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code > 127
  );
}
