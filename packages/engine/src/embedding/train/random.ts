/** Seeded random numbers, the same on every machine. Plain arithmetic: no function whose last digit may differ. */

export interface Random {
  /** Uniform in [0, 1), 32 bits. */
  next(): number;
  /** Uniform integer in [0, limit). */
  below(limit: number): number;
  /** Mean 0, deviation 1, nearly normal: the sum of twelve uniform numbers. */
  normal(): number;
}

/** mulberry32 (Tommy Ettinger, public domain): 2^32 states, plenty for shuffles and initial weights. */
export function createRandom(seed: number): Random {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    below: (limit) => Math.floor(next() * limit),
    normal() {
      let sum = -6;
      for (let i = 0; i < 12; i++) sum += next();
      return sum;
    },
  };
}

/** Fisher-Yates, in place. */
export function shuffle<A extends Uint32Array | number[]>(items: A, random: Random): A {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const other = items[j] as number;
    items[j] = items[i] as number;
    items[i] = other;
  }
  return items;
}
