/** The k largest of a stream of scored items, ties broken by the lower item, so that the order is stable. */
export interface TopK {
  push(item: number, score: number): void;
  /** What has a lower score than this would not be kept. */
  readonly floor: number;
  /** Best first. */
  take(): { readonly item: number; readonly score: number }[];
}

/** `k` numbers are reserved at once. A binary min-heap of at most `k` pairs: O(n log k) time, O(k) memory. In typed arrays: it is in the innermost loop. */
export function createTopK(k: number): TopK {
  const items = new Float64Array(k);
  const scores = new Float64Array(k);
  let size = 0;
  /** Whether the first pair is to be dropped before the second. */
  const isWorse = (score: number, item: number, otherScore: number, otherItem: number) =>
    score < otherScore || (score === otherScore && item > otherItem);
  const put = (at: number, item: number, score: number) => {
    items[at] = item;
    scores[at] = score;
  };
  /** Moves better parents down from the hole at `from` until the pair fits into it. */
  const rise = (from: number, item: number, score: number) => {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isWorse(score, item, scores[parent] as number, items[parent] as number)) break;
      put(at, items[parent] as number, scores[parent] as number);
      at = parent;
    }
    put(at, item, score);
  };
  /** Moves worse children up into the hole at the root until the pair fits into it. */
  const sink = (item: number, score: number) => {
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      const right = child + 1;
      if (
        right < size &&
        isWorse(
          scores[right] as number,
          items[right] as number,
          scores[child] as number,
          items[child] as number,
        )
      )
        child = right;
      if (!isWorse(scores[child] as number, items[child] as number, score, item)) break;
      put(at, items[child] as number, scores[child] as number);
      at = child;
    }
    put(at, item, score);
  };
  return {
    push(item, score) {
      if (size < k) rise(size++, item, score);
      else if (k > 0 && isWorse(scores[0] as number, items[0] as number, score, item)) sink(item, score);
    },
    get floor() {
      if (size < k) return Number.NEGATIVE_INFINITY;
      return k > 0 ? (scores[0] as number) : Number.POSITIVE_INFINITY;
    },
    take() {
      const sorted: { item: number; score: number }[] = new Array(size);
      while (size > 0) {
        size--;
        sorted[size] = { item: items[0] as number, score: scores[0] as number };
        sink(items[size] as number, scores[size] as number);
      }
      return sorted;
    },
  };
}
