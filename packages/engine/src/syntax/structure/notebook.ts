/**
 * Jupyter notebooks -> one section a cell, named by its first heading, definition or line. Lines are those of the JSON file, so that a
 * place in an answer is a place on the disk. Follows the brackets of the JSON; builds no object of it.
 */
import type { SymbolDef } from '../../model/parsed-file.ts';
import type { Draft } from './draft.ts';
import { draft, lineCap, maxSymbols } from './draft.ts';

/** A cell as nbformat writes it, one JSON token a line: the usual form, and the only one with useful lines. */
export function notebookCells(text: string): SymbolDef[] {
  const lines = text.split('\n');
  const cells: Draft[] = [];
  let cellIndent = -1;
  let sourceIndent = -1;
  let openIndent = -1;
  let open: Draft | undefined;
  for (const [index, raw] of lines.entries()) {
    if (cells.length >= maxSymbols) break;
    const line = raw.slice(0, lineCap);
    const trimmed = line.trim();
    const indent = line.length - line.trimStart().length;
    if (cellIndent === -1) {
      if (trimmed.startsWith('"cells":')) cellIndent = indent;
      continue;
    }
    if (open === undefined) {
      if (indent <= cellIndent && trimmed.startsWith(']')) break;
      if (trimmed.startsWith('{')) {
        open = draft('section', '', index + 1);
        sourceIndent = -1;
        openIndent = indent;
      }
      continue;
    }
    if (sourceIndent === -1 && trimmed.startsWith('"source":')) {
      sourceIndent = indent;
      nameCell(open, trimmed.slice(9).trim().replace(/^\[/, ''), index + 1);
    } else if (sourceIndent !== -1 && indent > sourceIndent) nameCell(open, trimmed, index + 1);
    else if (sourceIndent !== -1 && trimmed.startsWith(']')) sourceIndent = Number.MAX_SAFE_INTEGER;
    if (indent <= openIndent && trimmed.startsWith('}')) {
      open.end = index + 1;
      if (open.name === '') open.name = 'cell';
      cells.push(open);
      open = undefined;
    }
  }
  return cells;
}

/** Takes the first line that says something: a heading, a definition, otherwise any text. */
function nameCell(cell: Draft, quoted: string, line: number): void {
  if (cell.name !== '' || !quoted.startsWith('"')) return;
  const source = quoted
    .replace(/",?$/, '')
    .slice(1)
    .split('\\n')
    .map((text) => text.replaceAll('\\"', '"').trim())
    .find((text) => text !== '' && !/^(?:%|import |from |!|#\s*$|[-=*]{3})/.test(text));
  if (source === undefined) return;
  const definition = /^(?:async )?(?:def|class) (\w+)/.exec(source);
  cell.name = definition?.[1] ?? source.replace(/^#{1,6}\s*/, '').slice(0, 160);
  cell.nameLine = line;
}
