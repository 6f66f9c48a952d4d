/** For tests: a text in, its outline as text out, one line per symbol. */

import type { ParsedFile } from '../../model/parsed-file.ts';
import { loadLanguage, parseFile } from '../parse-file.ts';

/** `kind name start-end head H doc D-D in parent`; `name@L` where the name is not on the first line. */
export async function outlineText(language: string, text: string): Promise<string> {
  await loadLanguage(language);
  return renderOutline(parseFile(text, language));
}

export function renderOutline(parsed: ParsedFile): string {
  const lines = parsed.symbols.map((symbol) => {
    const name = symbol.nameLine === symbol.start ? symbol.name : `${symbol.name}@${symbol.nameLine}`;
    const head = symbol.headEnd === symbol.end ? '' : ` head ${symbol.headEnd}`;
    const doc = symbol.docStart === 0 ? '' : ` doc ${symbol.docStart}-${symbol.docEnd}`;
    const parent = symbol.parent === -1 ? '' : ` in ${parsed.symbols[symbol.parent]?.name}`;
    return `${symbol.kind} ${name} ${symbol.start}-${symbol.end}${head}${doc}${parent}`;
  });
  if (parsed.errorCount > 0) lines.push(`(${parsed.errorCount} syntax errors)`);
  return `\n${lines.join('\n')}\n`;
}
