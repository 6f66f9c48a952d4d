/** Errors a user can act on. Each says what failed, why, and what to do next. */

export type ErrorCode =
  | 'root_missing'
  | 'root_not_directory'
  | 'root_unreadable'
  | 'path_outside_root'
  | 'path_not_found'
  | 'invalid_pattern'
  | 'invalid_argument'
  | 'not_indexed'
  | 'not_ready'
  | 'no_history'
  | 'store_corrupt'
  | 'store_full'
  | 'store_busy'
  | 'store_unwritable'
  | 'ripgrep_missing'
  | 'thread_lost'
  | 'embedder_auth'
  | 'embedder_limited'
  | 'embedder_unavailable'
  | 'embedder_rejected'
  | 'embedder_bad_reply'
  | 'embedder_missing'
  | 'cancelled'
  | 'timeout';

/** The only error type whose text reaches users and models. */
export class ConexusError extends Error {
  override readonly name = 'ConexusError';
  readonly code: ErrorCode;
  /** What to do next, as an imperative sentence. */
  readonly advice: string;
  /** Of what is worth another try: when. */
  readonly retryAfterMs: number | undefined;

  /** `message`: what failed and why, without stack or third-party text. */
  constructor(
    code: ErrorCode,
    message: string,
    advice: string,
    { retryAfterMs, ...options }: ErrorOptions & { readonly retryAfterMs?: number } = {},
  ) {
    super(message, options);
    this.code = code;
    this.advice = advice;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * Of work whose asker ended it: the asker's own reason when it is one for users, e.g. a deadline. Told by its name, because callers of the
 * engine have a class of their own for it.
 */
export function cancelledBy(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error && reason.name === 'ConexusError'
    ? reason
    : new ConexusError('cancelled', 'The request was cancelled.', 'Send it again.');
}
