/** Which frames of a trace tell the most. */
/** Python writes the innermost frame last. */
const INNERMOST_LAST = /\(most recent call last\)|", line \d+, in /;

/**
 * What a frame of a trace counts for, 1 for the innermost. The other end counts nearly as much: a text may hold several traces, and of
 * many formats nobody knows the order.
 */
export function nearTheError(text: string): (position: number, frames: number) => number {
  const innermostLast = INNERMOST_LAST.test(text);
  return (position, frames) => {
    const fromEnd = frames - 1 - position;
    const [inner, outer] = innermostLast ? [fromEnd, position] : [position, fromEnd];
    return 1 / (1 + 0.15 * Math.min(inner, outer + 1));
  };
}
