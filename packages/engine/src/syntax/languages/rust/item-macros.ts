/**
 * Items inside macro calls (`cfg_rt! { pub fn f() {} }`, common in tokio, libc, std): the grammar keeps them as raw
 * tokens, so their text is read again as Rust. Works on lines: rustfmt puts both ends of such a call at one indentation.
 */
import type { EmbeddedText } from '../../language.ts';

const opening = /^[ \t]*(?!macro_rules\b)[A-Za-z_][\w:]*![ \t]*[{(][ \t]*\r?$/;
const closing = /^[ \t]*[})];?[ \t]*\r?$/;
const holdsItems =
  /^[ \t]*(?:pub(?:\([^)\n]*\))?[ \t]+)?(?:async |unsafe |const |extern )*(?:fn|struct|enum|trait|impl|mod|union|static)\b/m;

export function itemMacros(text: string): EmbeddedText[] {
  if (!text.includes('! {') && !text.includes('!{')) return [];
  const found: EmbeddedText[] = [];
  const lines = text.split('\n');
  for (let first = 0; first < lines.length; first++) {
    const line = lines[first] ?? '';
    if (line.length > 200 || !opening.test(line)) continue;
    const indent = indentOf(line);
    let last = first + 1;
    while (last < lines.length && !isClosing(lines[last] ?? '', indent)) last += 1;
    if (last >= lines.length) continue;
    const inner = lines.slice(first + 1, last).join('\n');
    if (holdsItems.test(inner)) found.push({ language: 'rust', startLine: first + 2, text: inner });
    first = last;
  }
  return found;
}

function isClosing(line: string, indent: number): boolean {
  return line.length < 200 && closing.test(line) && indentOf(line) === indent;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
