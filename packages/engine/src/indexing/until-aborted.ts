/** Waiting for work that cannot be stopped, for as long as somebody wants it. Leaves no listener behind. */

/**
 * `instead` as soon as the signal aborts, or `graceMs` later for work that notices by itself and has something to give;
 * the work may go on, and how it ends no longer matters.
 */
export function untilAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  instead: T,
  graceMs = 0,
): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const give = () => resolve(instead);
    const stop = () => {
      if (graceMs > 0) timer = setTimeout(give, graceMs);
      else give();
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    work
      .then(resolve, (error: unknown) => (signal.aborted ? give() : reject(error)))
      .finally(() => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
      });
  });
}
