/**
 * Rate (token bucket) and concurrency for each principal, and concurrency of all. Refuses at once instead of queueing:
 * a queue hides an overload until every answer in it is late. In memory of one process (ADR 0013).
 */
import type { Refusal } from './refusal.ts';
import { overloaded } from './refusal.ts';

export interface LimitSettings {
  readonly in_flight: number;
  readonly principal_in_flight: number;
  readonly principal_rate: number;
  readonly principal_burst: number;
}

export interface Limits {
  /** @throws Refusal 503 when nobody is let in */
  room(): void;
  /** Returns what to call at the end of the request. @throws Refusal 429, 503 */
  enter(principal: string): () => void;
}

interface Account {
  readonly bucket: Bucket;
  inFlight: number;
}

export function makeLimits(settings: LimitSettings, now: () => number = () => performance.now()): Limits {
  const accounts = boundedMap<Account>(10_000, ({ inFlight }) => inFlight === 0);
  let total = 0;
  const room = (): void => {
    if (total >= settings.in_flight) throw refused(503, 'The server has too many requests at once', 1_000);
  };
  return {
    room,
    enter(principal) {
      const account = accounts.get(principal, () => ({
        bucket: makeBucket(settings.principal_rate, settings.principal_burst, now),
        inFlight: 0,
      }));
      const waitMs = account.bucket.take();
      if (waitMs > 0) throw refused(429, 'Too many requests with this key in a short time', waitMs);
      if (account.inFlight >= settings.principal_in_flight)
        throw refused(429, 'Too many requests with this key at once', 1_000);
      room();
      account.inFlight++;
      total++;
      let left = false;
      return () => {
        if (left) return;
        left = true;
        account.inFlight--;
        total--;
      };
    },
  };
}

function refused(status: 429 | 503, message: string, waitMs: number): Refusal {
  return overloaded(status, message, Math.max(1, Math.ceil(waitMs / 1_000)));
}

export interface Bucket {
  /** 0: taken; else milliseconds until there is one to take. */
  take(): number;
}

/** Holds `burst` tokens at most and gains `rate` a second. */
export function makeBucket(rate: number, burst: number, now: () => number): Bucket {
  let tokens = burst;
  let at = now();
  return {
    take() {
      const time = now();
      tokens = Math.min(burst, tokens + ((time - at) / 1_000) * rate);
      at = time;
      if (tokens < 1) return ((1 - tokens) / rate) * 1_000;
      tokens--;
      return 0;
    },
  };
}

/** The least recently used that may go goes, so that a flood of names takes no memory. */
export function boundedMap<Value>(
  size: number,
  mayGo: (value: Value) => boolean,
): { get(name: string, make: () => Value): Value } {
  const map = new Map<string, Value>();
  return {
    get(name, make) {
      const value = map.get(name) ?? make();
      map.delete(name);
      map.set(name, value);
      if (map.size > size) {
        for (const [oldest, candidate] of map) {
          if (!mayGo(candidate)) continue;
          map.delete(oldest);
          break;
        }
      }
      return value;
    },
  };
}
