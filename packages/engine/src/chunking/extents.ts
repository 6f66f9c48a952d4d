/**
 * Symbols -> a tree of line ranges that nest or follow one another, never overlap.
 * Trusts nothing about the symbols: ranges outside the file are clamped, ranges that share a line with the
 * one before begin on the next line, ranges that have no line of their own are left out (their names still count).
 */
import type { SymbolDef } from '../model/parsed-file.ts';
import { sizes } from './sizes.ts';

/** The lines of a definition with its doc comment. */
export interface Extent {
  readonly symbol: number;
  readonly from: number;
  readonly to: number;
  readonly children: Extent[];
}

export function extentsOf(symbols: readonly SymbolDef[], lineCount: number): Extent[] {
  const ranges: { symbol: number; from: number; to: number }[] = [];
  for (const [symbol, definition] of symbols.entries()) {
    const { start, end, docStart, docEnd } = definition;
    const hasDocBefore = docStart > 0 && docStart < start && docEnd < start;
    const from = Math.max(1, hasDocBefore ? docStart : start);
    const to = Math.min(lineCount, Math.max(end, start));
    if (from <= to) ranges.push({ symbol, from, to });
  }
  ranges.sort((a, b) => a.from - b.from || b.to - a.to || a.symbol - b.symbol);

  const roots: Extent[] = [];
  const open: Extent[] = [];
  for (const range of ranges) {
    while (open.length > 0 && !(range.to <= (open.at(-1)?.to ?? 0))) open.pop();
    if (open.length >= sizes.depthMax) continue;
    const parent = open.at(-1);
    const siblings = parent?.children ?? roots;
    const from = Math.max(range.from, parent?.from ?? 1, (siblings.at(-1)?.to ?? 0) + 1);
    if (from > range.to) continue;
    const extent: Extent = { symbol: range.symbol, from, to: range.to, children: [] };
    siblings.push(extent);
    open.push(extent);
  }
  return roots;
}
