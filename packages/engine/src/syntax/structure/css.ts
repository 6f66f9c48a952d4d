/** CSS, SCSS and Less -> rules, at-rules, mixins, functions, variables and custom properties. Reads no values. */
import type { SymbolDef, SymbolKind } from '../../model/parsed-file.ts';
import type { Block, BlockSyntax } from './blocks.ts';
import { readBlocks } from './blocks.ts';
import { draft, maxSymbols } from './draft.ts';

const plain: BlockSyntax = { lineComments: [], blockComment: ['/*', '*/'], quotes: '"\'', maxDepth: 3 };
const withLineComments: BlockSyntax = { ...plain, lineComments: ['//'] };

export function cssRules(text: string): SymbolDef[] {
  return rulesOf(readBlocks(text, plain));
}

/** SCSS and Less also have `//` comments; a URL without quotes is cut by them, which costs its line only. */
export function scssRules(text: string): SymbolDef[] {
  return rulesOf(readBlocks(text, withLineComments));
}

function rulesOf(blocks: readonly Block[]): SymbolDef[] {
  const symbols: SymbolDef[] = [];
  const symbolOf = new Map<number, number>();
  for (const [index, block] of blocks.entries()) {
    if (symbols.length >= maxSymbols) break;
    const named = nameRule(block);
    if (named === undefined) continue;
    symbolOf.set(index, symbols.length);
    const parent = symbolOf.get(block.parent) ?? -1;
    const { start, end, headEnd, docStart, docEnd } = block;
    symbols.push({ ...draft(named.kind, named.name, start, parent), end, headEnd, docStart, docEnd });
  }
  return symbols;
}

function nameRule({ head, isBlock, depth }: Block): { kind: SymbolKind; name: string } | undefined {
  const callable = /^@(mixin|function)\s+([\w-]+)/.exec(head);
  if (callable !== null) return { kind: 'function', name: callable[2] ?? '' };
  if (isBlock) {
    if (head === '') return undefined;
    const lessMixin = /^\.([\w-]+)\s*\([^()]*\)$/.exec(head);
    return lessMixin === null ? { kind: 'rule', name: head } : { kind: 'function', name: lessMixin[1] ?? '' };
  }
  const property = /^(--[\w-]+|\$[\w-]+|@[\w-]+(?=\s*:))\s*:/.exec(head);
  if (property === null) return undefined;
  // `$x: 1` inside a rule is local; a custom property is looked for wherever it stands.
  const name = property[1] ?? '';
  if (name.startsWith('--')) return { kind: 'property', name };
  return depth === 0 ? { kind: 'variable', name } : undefined;
}
