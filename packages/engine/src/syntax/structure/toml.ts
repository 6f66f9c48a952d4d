/** TOML and the INI family -> tables or sections with their keys, line by line. Values are skipped, not read. */
import type { SymbolDef, SymbolKind } from '../../model/parsed-file.ts';
import type { Draft } from './draft.ts';
import { draft, lastTextLine, maxSymbols, readerLines, takeCommentAbove } from './draft.ts';

export function tomlTables(text: string): SymbolDef[] {
  const lines = readerLines(text);
  const symbols: Draft[] = [];
  let table = -1;
  let index = 0;
  while (index < lines.length && symbols.length < maxSymbols) {
    const line = (lines[index] ?? '').trim();
    const header = tableName(line);
    if (header !== undefined) {
      closeTable(symbols[table], lines, index);
      table = symbols.length;
      symbols.push(withComment(draft('table', header, index + 1), lines));
      index += 1;
      continue;
    }
    const equals = line.startsWith('#') ? -1 : assignmentAt(line);
    if (equals <= 0) {
      index += 1;
      continue;
    }
    const key = draft('key', line.slice(0, equals).replaceAll('"', ''), index + 1, table);
    index = valueEnd(lines, index, line.slice(equals + 1)) + 1;
    key.end = index;
    symbols.push(withComment(key, lines));
  }
  closeTable(symbols[table], lines, lines.length);
  return symbols;
}

function withComment(symbol: Draft, lines: readonly string[]): Draft {
  takeCommentAbove(symbol, lines, (line) => line.startsWith('#') || line.startsWith(';'));
  return symbol;
}

/** `[a.b]` or `[[a.b]]`, also with a comment behind. */
function tableName(line: string): string | undefined {
  if (!line.startsWith('[')) return undefined;
  const isArray = line.startsWith('[[');
  const close = line.indexOf(isArray ? ']]' : ']');
  if (close === -1) return undefined;
  const rest = line.slice(close + (isArray ? 2 : 1)).trim();
  return rest === '' || rest.startsWith('#') ? line.slice(isArray ? 2 : 1, close).trim() : undefined;
}

/** Position of the `=` outside quotes. */
function assignmentAt(line: string): number {
  let quote = '';
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] ?? '';
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '=') return at;
  }
  return -1;
}

/** Index of the last line of a value: strings of three quotes and arrays run over several. */
function valueEnd(lines: readonly string[], from: number, value: string): number {
  let depth = 0;
  let multi = '';
  for (let index = from; index < lines.length; index += 1) {
    const line = index === from ? value : (lines[index] ?? '');
    for (let at = 0; at < line.length; at += 1) {
      const three = line.slice(at, at + 3);
      const char = line[at] ?? '';
      if (multi !== '') {
        if (three === multi) {
          multi = '';
          at += 2;
        }
      } else if (three === '"""' || three === "'''") {
        multi = three;
        at += 2;
      } else if (char === '"' || char === "'") {
        at = closingQuote(line, at, char);
      } else if (char === '#') break;
      else if (char === '[' || char === '{') depth += 1;
      else if (char === ']' || char === '}') depth -= 1;
    }
    if (depth <= 0 && multi === '') return index;
    // A table header at the margin means that a bracket was never closed.
    if (multi === '' && index > from && tableName(lines[index + 1]?.trimEnd() ?? '') !== undefined)
      return index;
  }
  return lines.length - 1;
}

function closingQuote(line: string, open: number, quote: string): number {
  for (let at = open + 1; at < line.length; at += 1) {
    if (line[at] === '\\' && quote === '"') at += 1;
    else if (line[at] === quote) return at;
  }
  return line.length;
}

function closeTable(table: Draft | undefined, lines: readonly string[], next: number): void {
  if (table === undefined) return;
  let end = next;
  // Comments right above the next header are its own.
  while (end > table.start && /^\s*(?:[#;].*)?$/.test(lines[end - 1] ?? '')) end -= 1;
  table.end = lastTextLine(lines, end, table.start);
}

/** `[section]`, `key = value`, `key: value`; continuation lines are indented or follow a backslash. */
export function iniSections(text: string): SymbolDef[] {
  const lines = readerLines(text);
  const symbols: Draft[] = [];
  let section = -1;
  let isContinued = false;
  for (const [index, raw] of lines.entries()) {
    if (symbols.length >= maxSymbols) break;
    const wasContinued = isContinued;
    isContinued = raw.endsWith('\\');
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';') || line.startsWith('!')) continue;
    if (line.startsWith('[') && line.endsWith(']')) {
      closeTable(symbols[section], lines, index);
      section = symbols.length;
      symbols.push(withComment(draft('section', line.slice(1, -1), index + 1), lines));
      continue;
    }
    const key = wasContinued ? undefined : iniKey(line, section !== -1);
    const last = symbols.at(-1);
    if (key !== undefined && (section === -1 || !/^\s/.test(raw) || isKeyIndent(raw))) {
      symbols.push(withComment(draft(keyKind, key, index + 1, section), lines));
    } else if (last !== undefined && last.kind === keyKind && /^\s/.test(raw)) last.end = index + 1;
  }
  closeTable(symbols[section], lines, lines.length);
  return symbols;
}

/** `key = value`, `key: value`, and `directive value` as daemons write it. */
function iniKey(line: string, inSection: boolean): string | undefined {
  if (line.startsWith('[')) return undefined;
  const end = line.search(/[=:]/);
  const key = end > 0 ? line.slice(0, end).trimEnd() : '';
  // Only `=` may follow a key of several words; a colon later in the line is part of a value.
  if (key !== '' && (line[end] === '=' || !/\s/.test(key))) return key;
  return inSection ? undefined : /^[A-Za-z][\w.-]*(?=\s|$)/.exec(line)?.[0];
}

const keyKind: SymbolKind = 'key';

/** git's configuration indents its keys by one tab. */
function isKeyIndent(line: string): boolean {
  return line.startsWith('\t') && !/^\t\s/.test(line);
}
