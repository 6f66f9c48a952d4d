/** Compares the edges of a call graph with those that a suite says are right. */

export interface Edges {
  readonly expected: ReadonlySet<string>;
  readonly found: ReadonlySet<string>;
}

export interface Score {
  readonly expected: number;
  readonly found: number;
  readonly right: number;
  /** Cases without a wrong edge, and without a missing one. */
  readonly complete: number;
  readonly sound: number;
  readonly cases: number;
}

export const noScore: Score = { expected: 0, found: 0, right: 0, complete: 0, sound: 0, cases: 0 };

export function scoreOf({ expected, found }: Edges): Score {
  const right = [...expected].filter((edge) => found.has(edge)).length;
  return {
    expected: expected.size,
    found: found.size,
    right,
    // Salis et al.: sound has no missing edge, complete no wrong one.
    sound: right === expected.size ? 1 : 0,
    complete: right === found.size ? 1 : 0,
    cases: 1,
  };
}

export function add(a: Score, b: Score): Score {
  return {
    expected: a.expected + b.expected,
    found: a.found + b.found,
    right: a.right + b.right,
    complete: a.complete + b.complete,
    sound: a.sound + b.sound,
    cases: a.cases + b.cases,
  };
}

export const share = (part: number, whole: number): string => (whole === 0 ? '–' : (part / whole).toFixed(3));
