/** Numbers that a seed and the number of a message decide, so that any message can be made again alone. */

export interface Random {
  /** 0 to below 1. */
  next(): number;
  /** 0 to below `limit`, whole. */
  below(limit: number): number;
  of<T>(list: readonly T[]): T;
  chance(share: number): boolean;
}

/** mulberry32 (Tommy Ettinger, public domain), started from both. */
export function randomOf(seed: number, number: number): Random {
  let state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) + Math.imul(number + 1, 0xc2b2ae35)) | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    of: (list) => list[below(list.length)] as never,
    chance: (share) => next() < share,
  };
}
