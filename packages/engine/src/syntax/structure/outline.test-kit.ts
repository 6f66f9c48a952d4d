/** Text in, text out for the tests of the structure readers: the outline of a sample, one symbol a line. */
import type { SymbolDef } from '../../model/parsed-file.ts';
import { languageById } from '../registry.ts';

/** `kind name start-end [head N] [doc A-B]`, indented by depth. */
export function showSymbols(symbols: readonly SymbolDef[]): string {
  return symbols
    .map((symbol) => {
      const head = symbol.headEnd > symbol.start ? ` head ${symbol.headEnd}` : '';
      const doc = symbol.docStart > 0 ? ` doc ${symbol.docStart}-${symbol.docEnd}` : '';
      return `${'  '.repeat(depthOf(symbols, symbol))}${symbol.kind} ${symbol.name} ${symbol.start}-${symbol.end}${head}${doc}`;
    })
    .join('\n');
}

/** Outline of a text in a language read by structure. */
export function outline(language: string, text: string): string {
  return showSymbols(languageById(language)?.structure?.(text) ?? []);
}

/** A template without its first line break and common indentation. */
export function sample(text: string): string {
  const lines = text
    .replace(/^\n/, '')
    .replace(/\n[ ]*$/, '\n')
    .split('\n');
  const indents = lines
    .filter((line) => line.trim() !== '')
    .map((line) => line.length - line.trimStart().length);
  const common = Math.min(...indents);
  return lines.map((line) => line.slice(common)).join('\n');
}

function depthOf(symbols: readonly SymbolDef[], symbol: SymbolDef): number {
  let depth = 0;
  for (let at = symbol.parent; at !== -1 && depth < 20; at = symbols[at]?.parent ?? -1) depth += 1;
  return depth;
}
