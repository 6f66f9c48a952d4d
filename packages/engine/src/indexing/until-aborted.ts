/** Waiting for work that cannot be stopped, for as long as somebody wants it. Leaves no listener behind. */

/** `instead` as soon as the signal aborts; the work goes on, and how it ends no longer matters. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined, instead: T): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const stop = () => resolve(instead);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work
      .then(resolve, (error: unknown) => (signal.aborted ? stop() : reject(error)))
      .finally(() => signal.removeEventListener('abort', stop));
  });
}
