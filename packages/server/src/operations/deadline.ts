/** One deadline for each call: an answer leaves in time even when what works on it does not stop. */
import { UserError } from '../errors.ts';

/** Runs `work` with a signal that aborts on the caller's cancellation and at the deadline. */
export async function withDeadline<Result>(
  deadlineMs: number,
  cancelled: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  let stop: (error: Error) => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = (error) => {
      reject(error);
      controller.abort(error);
    };
  });
  // Nobody may be waiting for it any more when it rejects.
  stopped.catch(() => undefined);
  const onCancel = () =>
    stop(
      new UserError(
        'cancelled',
        'The call was cancelled by the client',
        'Repeat it if you still need the answer.',
      ),
    );
  const timer = setTimeout(() => {
    stop(
      new UserError(
        'timeout',
        `The call took longer than ${Math.round(deadlineMs / 100) / 10} s`,
        'Narrow it (paths, languages, a smaller limit), or check index_control {"action":"status"}.',
      ),
    );
  }, deadlineMs);
  if (cancelled.aborted) onCancel();
  else cancelled.addEventListener('abort', onCancel, { once: true });
  try {
    return await Promise.race([work(controller.signal), stopped]);
  } finally {
    clearTimeout(timer);
    cancelled.removeEventListener('abort', onCancel);
  }
}
