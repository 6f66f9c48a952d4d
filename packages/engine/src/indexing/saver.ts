/**
 * When the overlay is published: soon after the last edit, and again and again, ever later, while that fails.
 * Must not know what is published; what could not be is kept by its owner.
 */
export interface Saver {
  /** There is something to save. */
  schedule(): void;
  /** Saves now; a save that is running is waited for first. Rejects when it fails, and is tried again later. */
  flush(): Promise<void>;
  /** Why the last attempt failed; undefined when it did not. */
  readonly error: unknown;
  /** Nothing is scheduled any more. */
  close(): void;
}

const AFTER_MS = 400;
/** A stream of edits postpones saving no longer than this. */
const WITHIN_MS = 5_000;
/** After a failure (a full disk, a busy store) the pause doubles from the first to the second. */
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;

export function createSaver(save: () => Promise<void>): Saver {
  let timer: NodeJS.Timeout | undefined;
  let postponedUntil = 0;
  let retryMs = 0;
  let lastError: unknown;
  let saving: Promise<void> = Promise.resolve();
  let closed = false;

  const schedule = () => {
    if (closed) return;
    const now = performance.now();
    if (timer === undefined) postponedUntil = retryMs > 0 ? now : now + WITHIN_MS;
    else if (now >= postponedUntil) return;
    clearTimeout(timer);
    // A failure is kept in `error`, for the status to show.
    timer = setTimeout(() => void flush().catch(() => {}), Math.max(AFTER_MS, retryMs));
    timer.unref();
  };

  const attempt = async () => {
    try {
      await save();
      retryMs = 0;
      lastError = undefined;
    } catch (error) {
      retryMs = Math.min(LAST_RETRY_MS, Math.max(FIRST_RETRY_MS, retryMs * 2));
      lastError = error;
      schedule();
      throw error;
    }
  };

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    saving = saving.then(attempt, attempt);
    return saving;
  };

  return {
    schedule,
    flush,
    get error() {
      return lastError;
    },
    close() {
      closed = true;
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
