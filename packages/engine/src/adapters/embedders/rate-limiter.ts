/**
 * Spaces requests so that neither requests nor tokens a minute pass their limits, and holds all lanes back when the
 * provider says wait. The generic cell rate algorithm (ITU-T I.371) with a burst of ten seconds' worth. Knows no provider.
 */
import { setTimeout as sleep } from 'node:timers/promises';

export interface RateLimits {
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
}

export interface RateLimiter {
  /** Resolves when a request of so many tokens may be sent. Rejects when aborted. */
  take(tokens: number, signal?: AbortSignal): Promise<void>;
  /** Counts a request that does not wait: a question somebody waits for. */
  count(tokens: number): void;
  /** Nothing is sent for this long. */
  pause(ms: number): void;
}

const BURST_MS = 10_000;
const MINUTE_MS = 60_000;

export function createRateLimiter(limits: RateLimits): RateLimiter {
  const { requestsPerMinute, tokensPerMinute } = limits;
  /** When what was taken so far will have been earned. */
  let requestsAt = 0;
  let tokensAt = 0;
  let pausedUntil = 0;

  const count = (tokens: number) => {
    const now = performance.now();
    if (requestsPerMinute) requestsAt = Math.max(now, requestsAt) + MINUTE_MS / requestsPerMinute;
    if (tokensPerMinute) tokensAt = Math.max(now, tokensAt) + (tokens * MINUTE_MS) / tokensPerMinute;
  };
  const readyAt = () => Math.max(pausedUntil, requestsAt - BURST_MS, tokensAt - BURST_MS);

  return {
    async take(tokens, signal) {
      for (let wait = readyAt() - performance.now(); wait > 0; wait = readyAt() - performance.now())
        await sleep(Math.ceil(wait), undefined, { signal, ref: true });
      signal?.throwIfAborted();
      count(tokens);
    },
    count,
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, performance.now() + ms);
    },
  };
}
