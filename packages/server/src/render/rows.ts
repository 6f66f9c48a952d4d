/** Several lists under one bound: first items of all, then second ones, so that no long list starves another and one offset continues all. */

export interface Rows {
  /** Of each list, how many items fit. */
  readonly shown: readonly number[];
  /** Rows that fit whole: where a next page begins. 0 where not even the first does; of that row what fits is shown. */
  readonly rows: number;
}

/** `costOf` is asked once for each item that may be shown, in rows. */
export function fitRows<Item>(
  lists: readonly (readonly Item[])[],
  room: number,
  costOf: (item: Item, list: number, row: number) => number,
): Rows {
  const shown = lists.map(() => 0);
  const most = lists.reduce((longest, { length }) => Math.max(longest, length), 0);
  let left = room;
  for (let row = 0; row < most; row++) {
    const costs = lists.map((list, i) => (row < list.length ? costOf(list[row] as Item, i, row) : 0));
    const sum = costs.reduce((a, b) => a + b, 0);
    if (sum > left && row > 0) return { shown, rows: row };
    lists.forEach((list, i) => {
      const cost = costs[i] as number;
      if (row >= list.length || cost > left) return;
      left -= cost;
      shown[i] = row + 1;
    });
    if (sum > room) return { shown, rows: 0 };
  }
  return { shown, rows: most };
}
