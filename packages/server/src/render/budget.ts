/** Fitting text into a token bound. Knows no operation and no format. */
import { estimateTokens } from './text.ts';

/** Cuts at the end; `…` says so. */
export function clipTokens(text: string, maxTokens: number): string {
  if (estimateTokens(text) <= maxTokens) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (estimateTokens(`${text.slice(0, middle)}…`) <= maxTokens) low = middle;
    else high = middle - 1;
  }
  // Not between the halves of a surrogate pair.
  const last = text.charCodeAt(low - 1);
  if (last >= 0xd800 && last <= 0xdbff) low--;
  return `${text.slice(0, low)}…`;
}

/** An item in decreasing sizes; the first that fits is taken. */
export type Variants = Iterable<string>;

/**
 * Takes items from the front while they fit; order is rank, so nothing is skipped for a smaller one behind it. Only
 * the last item taken may be a smaller variant: when an item has to shrink, what follows would only get crumbs.
 */
export function fitItems<Item>(
  items: readonly Item[],
  maxTokens: number,
  variants: (item: Item, index: number) => Variants,
): { readonly texts: readonly string[]; readonly tokens: number } {
  const texts: string[] = [];
  let used = 0;
  for (const [index, item] of items.entries()) {
    let first = true;
    let taken = false;
    for (const text of variants(item, index)) {
      // Two line breaks between items.
      const cost = estimateTokens(text) + 1;
      if (used + cost <= maxTokens) {
        texts.push(text);
        used += cost;
        taken = true;
        break;
      }
      first = false;
    }
    if (!taken || !first) break;
  }
  return { texts, tokens: used };
}
