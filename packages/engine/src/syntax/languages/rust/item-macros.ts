/**
 * Items inside macro calls (`cfg_rt! { pub fn f() {} }`, common in tokio, libc, std): the grammar keeps them as raw
 * tokens, so their text is read again as Rust. Works on lines: rustfmt puts both ends of such a call at one indentation.
 */
import type { EmbeddedText } from '../../language.ts';

const opening = /^([ \t]*)(?!macro_rules\b)[A-Za-z_][\w:]{0,80}![ \t]*([{(])[ \t]*\r?$/gm;
const holdsItems =
  /^[ \t]*(?:pub(?:\([^)\n]{0,40}\))?[ \t]+)?(?:(?:async|unsafe|const|extern)[ \t]+){0,4}(?:fn|struct|enum|trait|impl|mod|union|static)\b/m;

/** Depths at which a call without an end is met before the file is given up. */
const maxEndless = 20;

export function itemMacros(text: string): EmbeddedText[] {
  const found: EmbeddedText[] = [];
  const endless = new Set<string>();
  let counted = 0;
  let line = 1;
  opening.lastIndex = 0;
  for (let match = opening.exec(text); match !== null; match = opening.exec(text)) {
    const [whole, indent = '', bracket] = match;
    const start = match.index + whole.length + 1;
    if (endless.has(indent)) continue;
    const end = text.indexOf(`\n${indent}${bracket === '{' ? '}' : ')'}`, start - 1);
    if (end === -1) {
      // What follows at this depth has no end either; few depths are tried, so that the search stays linear.
      endless.add(indent);
      if (endless.size > maxEndless) break;
      continue;
    }
    const inner = text.slice(start, end);
    opening.lastIndex = end;
    if (!holdsItems.test(inner)) continue;
    line += countNewlines(text, counted, start);
    counted = start;
    found.push({ language: 'rust', startLine: line, text: inner });
  }
  return found;
}

function countNewlines(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', start); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
