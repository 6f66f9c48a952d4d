/** The k largest of a stream of scored items, ties broken by the lower item, so that the order is stable. */
export interface TopK {
  push(item: number, score: number): void;
  /** What has a lower score than this would not be kept. */
  readonly floor: number;
  /** Best first. */
  take(): { readonly item: number; readonly score: number }[];
}

/** A binary min-heap of at most `k` pairs: O(n log k) time, O(k) memory. */
export function createTopK(k: number): TopK {
  const items: number[] = [];
  const scores: number[] = [];
  const below = (a: number, b: number) => {
    const difference = (scores[a] as number) - (scores[b] as number);
    return difference < 0 || (difference === 0 && (items[a] as number) > (items[b] as number));
  };
  const swap = (a: number, b: number) => {
    [items[a], items[b]] = [items[b] as number, items[a] as number];
    [scores[a], scores[b]] = [scores[b] as number, scores[a] as number];
  };
  const sink = (from: number) => {
    for (let at = from; ; ) {
      let least = at;
      if (2 * at + 1 < items.length && below(2 * at + 1, least)) least = 2 * at + 1;
      if (2 * at + 2 < items.length && below(2 * at + 2, least)) least = 2 * at + 2;
      if (least === at) return;
      swap(at, least);
      at = least;
    }
  };
  return {
    push(item, score) {
      if (items.length < k) {
        items.push(item);
        scores.push(score);
        for (let at = items.length - 1; at > 0; ) {
          const parent = (at - 1) >> 1;
          if (!below(at, parent)) break;
          swap(at, parent);
          at = parent;
        }
        return;
      }
      const worst = scores[0];
      if (worst === undefined || score < worst || (score === worst && item >= (items[0] as number))) return;
      items[0] = item;
      scores[0] = score;
      sink(0);
    },
    get floor() {
      return items.length < k ? Number.NEGATIVE_INFINITY : (scores[0] ?? Number.POSITIVE_INFINITY);
    },
    take: () =>
      items
        .map((item, i) => ({ item, score: scores[i] as number }))
        .sort((a, b) => b.score - a.score || a.item - b.item),
  };
}
