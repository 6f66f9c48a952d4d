/**
 * The outline of a file without its tree: definitions recognised by their first words, line by line. For files that
 * the parser gave up on (time limit), and for nothing else: it misses and misjudges what a tree would not.
 */
import type { SymbolDef, SymbolKind } from '../../model/parsed-file.ts';
import { textTable } from '../../model/text-table.ts';
import type { LineSource } from './doc-comments.ts';

const kindOfKeyword = textTable<SymbolKind>({
  class: 'class',
  interface: 'interface',
  struct: 'struct',
  enum: 'enum',
  trait: 'trait',
  protocol: 'interface',
  type: 'type',
  function: 'function',
  func: 'function',
  fun: 'function',
  fn: 'function',
  def: 'function',
  module: 'module',
  namespace: 'namespace',
});

/** Longest part of a line that is looked at. */
const maxLineLength = 300;
const definition =
  /^(?:(?:export|default|declare|public|private|protected|internal|abstract|static|final|async|pub|unsafe|extern|open|override|sealed|data) {1,4}){0,6}(class|interface|struct|enum|trait|protocol|type|function|func|fun|fn|def|module|namespace) {1,4}([\p{L}_$][\p{L}\p{N}_$]{0,199})/u;

export function lineOutline(lines: LineSource): SymbolDef[] {
  const found: {
    name: string;
    kind: SymbolKind;
    line: number;
    indent: number;
    parent: number;
    end: number;
  }[] = [];
  const open: number[] = [];
  let lastText = 0;
  for (let line = 1; line <= lines.count; line++) {
    const text = lines.trimmed(line).slice(0, maxLineLength);
    if (text === '') continue;
    const indent = lines.indentOf(line);
    // A line that is no deeper than an open definition ends it; a closing bracket belongs to it.
    for (;;) {
      const top = found[open.at(-1) ?? -1];
      if (top === undefined || top.line === line || indent > top.indent) break;
      top.end = /^[)\]}]/.test(text) || text === 'end' ? line : lastText;
      open.pop();
    }
    lastText = line;
    const match = definition.exec(text);
    const kind = match === null ? undefined : kindOfKeyword[match[1] ?? ''];
    if (match === null || kind === undefined) continue;
    found.push({ name: match[2] ?? '', kind, line, indent, parent: open.at(-1) ?? -1, end: line });
    open.push(found.length - 1);
  }
  for (const index of open) {
    const symbol = found[index];
    if (symbol !== undefined) symbol.end = lastText;
  }
  return found.map(({ name, kind, line, parent, end }) => ({
    name,
    kind,
    start: line,
    end: Math.max(line, end),
    nameLine: line,
    headEnd: line,
    docStart: 0,
    docEnd: 0,
    parent,
  }));
}
