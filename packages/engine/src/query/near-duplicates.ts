/**
 * Passages that are the same but for a few lines: one is shown, the others are named beside it. Compares lines as sets,
 * without their indentation (Jaccard index). Knows no ranking and reads nothing.
 */

/** Share of the lines of both that both have. */
const SAME = 0.9;
/** Shorter passages resemble each other by chance. */
const MIN_LINES = 5;

export interface NearDuplicates {
  /** The number of the passage shown before that this one nearly equals; undefined: it is new, and takes the next number. */
  twinOf(lines: readonly string[]): number | undefined;
}

export function createNearDuplicates(): NearDuplicates {
  const shown: ReadonlySet<string>[] = [];
  return {
    twinOf(lines) {
      const own = new Set(lines.map((line) => line.trim()).filter((line) => line !== ''));
      const twin = own.size < MIN_LINES ? -1 : shown.findIndex((other) => resembles(own, other));
      if (twin >= 0) return twin;
      shown.push(own);
      return undefined;
    },
  };
}

function resembles(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  if (small.size < SAME * large.size) return false;
  let common = 0;
  for (const line of small) if (large.has(line)) common++;
  return common >= SAME * (a.size + b.size - common);
}
