/** For progress that nothing tells of: asked for again and again. */
const TICK_MS = 200;

/** Returns what ends it. */
export function everySoOften(tell: () => void): () => void {
  const timer = setInterval(tell, TICK_MS);
  return () => clearInterval(timer);
}
