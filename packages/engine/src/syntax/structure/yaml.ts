/**
 * YAML -> its first levels of keys, by indentation. Documents of Kubernetes become sections named `Kind/name`;
 * the paths of an OpenAPI description get a third level. Block scalars are text; flow collections are not looked into.
 */
import type { SymbolDef } from '../../model/parsed-file.ts';
import type { Draft } from './draft.ts';
import { draft, lastTextLine, maxSymbols, readerLines, takeCommentAbove, unquote } from './draft.ts';

/** Top-level keys under which a third level is worth having. */
const deepKeys: ReadonlySet<string> = new Set(['paths', 'components', 'definitions', 'spec', 'webhooks']);
/** Keys that name an item of a list: steps of a play or a workflow, hooks, matrix rows. */
const namingKeys: ReadonlySet<string> = new Set(['name', 'id', 'key', 'alias', 'job', 'repo', 'task']);

interface Level {
  readonly indent: number;
  readonly symbol: number;
}

interface Reading {
  readonly lines: readonly string[];
  readonly symbols: Draft[];
  /** Open keys of the document, outermost first. */
  levels: Level[];
  /** Symbol of the Kubernetes document, -1 outside one. */
  document: number;
}

export function yamlKeys(text: string): SymbolDef[] {
  const lines = readerLines(text);
  const reading: Reading = { lines, symbols: [], levels: [], document: -1 };
  let scalarIndent = -1;
  for (let index = 0; index < lines.length && reading.symbols.length < maxSymbols; index += 1) {
    const line = lines[index] ?? '';
    const indent = indentOf(line);
    if (indent === -1) continue;
    if (scalarIndent !== -1) {
      if (indent > scalarIndent) continue;
      scalarIndent = -1;
    }
    if (line.startsWith('---')) startDocument(reading, index + 1);
    const entry = readEntry(line, indent);
    if (entry === undefined) continue;
    if (entry.isScalar) scalarIndent = entry.isItem ? indent : entry.indent;
    if (index === 0 || reading.document === -1) nameDocument(reading, index, entry);
    addEntry(reading, index + 1, entry);
  }
  closeLevels(reading, -1, lines.length);
  return reading.symbols;
}

interface Entry {
  readonly key: string;
  readonly value: string;
  readonly indent: number;
  readonly isItem: boolean;
  /** The value is a block scalar: deeper lines are text. */
  readonly isScalar: boolean;
}

function readEntry(line: string, indent: number): Entry | undefined {
  const isItem = line.startsWith('- ', indent);
  const start = isItem ? indent + 2 + Math.max(0, indentOf(line.slice(indent + 2))) : indent;
  const rest = line.slice(start);
  const keyEnd = keyEndOf(rest);
  if (keyEnd <= 0) return undefined;
  const key = unquote(rest.slice(0, keyEnd));
  const value = rest.slice(keyEnd + 1).trim();
  return {
    key,
    value,
    indent: start,
    isItem,
    isScalar: /^(?:[!&]\S*\s+)*[|>][-+0-9]*\s*(?:#|$)/.test(value.slice(0, 120)),
  };
}

/** Position of the colon that ends the key, -1 when the line has no key. */
function keyEndOf(text: string): number {
  const first = text[0] ?? '';
  if (
    first === '#' ||
    first === '{' ||
    first === '[' ||
    first === '&' ||
    first === '*' ||
    first === '!' ||
    first === '%'
  )
    return -1;
  let at = 0;
  if (first === '"' || first === "'") {
    at = text.indexOf(first, 1) + 1;
    if (at === 0) return -1;
  }
  for (let colon = text.indexOf(':', at); colon !== -1; colon = text.indexOf(':', colon + 1)) {
    const next = text[colon + 1];
    if (next === undefined || next === ' ' || next === '\t')
      return text.lastIndexOf(' #', colon) === -1 ? colon : -1;
  }
  return -1;
}

function addEntry(reading: Reading, line: number, entry: Entry): void {
  const { symbols } = reading;
  // The dash stands where its parent's keys may stand, too: `steps:` and `- name:` share a column in many files.
  const column = entry.isItem ? entry.indent - 1 : entry.indent;
  closeLevels(reading, column, line - 1);
  const depth = reading.levels.length;
  const top = symbols[reading.levels[0]?.symbol ?? -1];
  const isDeep = top !== undefined && deepKeys.has(top.name);
  if (depth > (isDeep ? 2 : 1)) return;
  const parent = reading.levels.at(-1)?.symbol ?? reading.document;
  if (entry.isItem && !(namingKeys.has(entry.key) && entry.value !== '' && !entry.isScalar)) {
    if (!entry.isItem || depth > 0) return;
  }
  const isNamedItem = entry.isItem && namingKeys.has(entry.key) && entry.value !== '';
  const symbol = draft('key', isNamedItem ? unquote(entry.value) : entry.key, line, parent);
  takeCommentAbove(symbol, reading.lines, (text) => text.startsWith('#'));
  reading.levels.push({ indent: column, symbol: symbols.length });
  symbols.push(symbol);
}

/** Ends the keys that stand at `indent` or deeper. */
function closeLevels(reading: Reading, indent: number, line: number): void {
  const { levels, symbols, lines } = reading;
  while (levels.length > 0 && (levels.at(-1)?.indent ?? 0) >= indent) {
    const symbol = symbols[levels.pop()?.symbol ?? -1];
    if (symbol !== undefined)
      symbol.end = lastTextLine(lines, skipCommentsUp(lines, line, symbol.start), symbol.start);
  }
  if (indent === -1) closeDocument(reading, line);
}

/** Comments between two keys belong to the later one. */
function skipCommentsUp(lines: readonly string[], line: number, floor: number): number {
  let at = line;
  while (at > floor && /^\s*(?:#.*)?$/.test(lines[at - 1] ?? '')) at -= 1;
  return at;
}

function closeDocument(reading: Reading, line: number): void {
  const document = reading.symbols[reading.document];
  if (document !== undefined) document.end = lastTextLine(reading.lines, line, document.start);
  reading.document = -1;
}

function startDocument(reading: Reading, line: number): void {
  closeLevels(reading, -1, line - 1);
}

/** A document that says `apiVersion`, `kind` and `metadata.name` is named so; found by looking at its first lines. */
function nameDocument(reading: Reading, index: number, entry: Entry): void {
  if (entry.indent !== 0 || (entry.key !== 'apiVersion' && entry.key !== 'kind') || reading.levels.length > 0)
    return;
  const { lines } = reading;
  let kind = '';
  let name = '';
  let hasVersion = false;
  let inMetadata = false;
  let childIndent = 0;
  for (let at = index; at < Math.min(lines.length, index + 60); at += 1) {
    const line = lines[at] ?? '';
    if (at > index && line.startsWith('---')) break;
    const indent = indentOf(line);
    if (indent === 0) {
      inMetadata = line.startsWith('metadata:');
      childIndent = 0;
    } else if (inMetadata && childIndent === 0 && indent > 0) childIndent = indent;
    if (line.startsWith('apiVersion:')) hasVersion = true;
    if (line.startsWith('kind:')) kind = unquote(line.slice(5));
    if (inMetadata && indent === childIndent && indent > 0 && name === '' && line.trim().startsWith('name:'))
      name = unquote(line.trim().slice(5));
  }
  if (!hasVersion || kind === '' || name === '') return;
  reading.document = reading.symbols.length;
  const symbol = draft('section', `${kind}/${name}`, index + 1);
  reading.symbols.push(symbol);
}

/** Columns of leading spaces, -1 for a blank line. */
function indentOf(line: string): number {
  let at = 0;
  while (at < line.length && (line[at] === ' ' || line[at] === '\t')) at += 1;
  return at === line.length ? -1 : at;
}
