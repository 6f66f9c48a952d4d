/** Taking items and lines while a token bound lasts: for answers of several sections under one budget. Knows no operation. */
import { estimateTokens } from '../render/text.ts';

export interface TokenRoom {
  readonly left: number;
  /** Items from the front while they fit into this share of what is left, each as `text` says it. */
  take<Item>(items: readonly Item[], share: number, text: (item: Item) => string): Item[];
  spend(tokens: number): void;
}

export function tokenRoom(tokens: number): TokenRoom {
  let left = tokens;
  return {
    get left() {
      return left;
    },
    take(items, share, text) {
      const kept = [];
      let room = Math.floor(left * share);
      for (const item of items) {
        const cost = estimateTokens(text(item)) + 1;
        if (cost > room) break;
        kept.push(item);
        room -= cost;
        left -= cost;
      }
      return kept;
    },
    spend(used) {
      left -= used;
    },
  };
}
