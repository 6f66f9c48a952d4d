/** XML -> its elements of the first levels, named by what identifies them (id, name, artifactId) or by their tag. */
import type { SymbolDef } from '../../model/parsed-file.ts';
import type { Draft } from './draft.ts';
import { draft, maxSymbols } from './draft.ts';
import type { Tag } from './markup.ts';
import { scanTags, xmlSyntax } from './markup.ts';

const maxDepth = 3;
/** Attributes that identify an element, the most telling first (lower case, without namespace). */
const namingAttributes = ['id', 'name', 'key', 'include', 'update', 'ref'];
/** Child elements whose text names their parent: Maven, plists, feeds. */
const namingChildren: ReadonlySet<string> = new Set(['artifactId', 'name', 'id', 'key']);

interface Open {
  readonly name: string;
  readonly symbol: number;
}

export function xmlElements(text: string): SymbolDef[] {
  const symbols: Draft[] = [];
  const open: Open[] = [];
  scanTags(text, xmlSyntax, (tag) => {
    if (tag.isClosing) closeElement(open, symbols, tag);
    else openElement(text, open, symbols, tag);
    return symbols.length < maxSymbols;
  });
  return symbols;
}

function openElement(text: string, open: Open[], symbols: Draft[], tag: Tag): void {
  // The root says little; its children are the first level.
  const depth = open.length;
  const isWanted = depth > 0 && depth <= maxDepth;
  const parent = open.slice(0, maxDepth + 1).findLast((element) => element.symbol !== -1)?.symbol ?? -1;
  const parentSymbol = symbols[parent];
  if (
    isWanted &&
    parentSymbol !== undefined &&
    namingChildren.has(tag.name) &&
    parent === open.at(-1)?.symbol
  ) {
    const close = text.slice(tag.after, tag.after + 200).indexOf('<');
    const value = close === -1 ? '' : text.slice(tag.after, tag.after + close).trim();
    if (value !== '' && !parentSymbol.name.includes(' ')) parentSymbol.name = `${parentSymbol.name} ${value}`;
  }
  const name = nameOf(tag);
  const isLeafDetail = depth > 1 && name === tag.name && (tag.isEmpty || depth === maxDepth);
  let symbol = -1;
  if (isWanted && !isLeafDetail) {
    symbol = symbols.length;
    const element = draft('key', name, tag.line, parent);
    element.headEnd = tag.endLine;
    element.end = tag.endLine;
    symbols.push(element);
  }
  if (!tag.isEmpty && open.length < 1000) open.push({ name: tag.name, symbol });
}

function closeElement(open: Open[], symbols: readonly Draft[], tag: Tag): void {
  // An end tag without a start is passed over; one that skips unclosed elements closes them, too.
  const depth = open.slice(-20).findLastIndex((element) => element.name === tag.name);
  if (depth === -1) return;
  const keep = Math.max(0, open.length - 20) + depth;
  for (const element of open.splice(keep)) {
    const symbol = symbols[element.symbol];
    if (symbol !== undefined) symbol.end = Math.max(symbol.end, tag.endLine);
  }
}

function nameOf(tag: Tag): string {
  let best = namingAttributes.length;
  let value = '';
  for (const [attribute, text] of tag.attributes) {
    const rank = namingAttributes.indexOf(attribute.slice(attribute.indexOf(':') + 1).toLowerCase());
    if (rank === -1 || rank >= best || text === '') continue;
    best = rank;
    value = text;
  }
  return value === '' ? tag.name : `${tag.name} ${value}`;
}
