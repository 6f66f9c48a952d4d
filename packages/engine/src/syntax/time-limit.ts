/**
 * A limit on the time this thread spends, not on the time that passes: on a busy machine the same text must give the
 * same outline.
 */
export interface TimeLimit {
  readonly exceeded: () => boolean;
}

export function timeLimit(limitMs: number): TimeLimit {
  const wallEnd = performance.now() + limitMs;
  const start = process.threadCpuUsage();
  return {
    exceeded: () => {
      // The clock is cheap to ask; processor time, which never runs faster, is asked only after it.
      if (performance.now() < wallEnd) return false;
      const { user, system } = process.threadCpuUsage(start);
      return user + system >= limitMs * 1_000;
    },
  };
}
