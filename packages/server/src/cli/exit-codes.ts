/** What the process ends with. Stable: scripts rely on it. */
import type { SafeError } from '../errors.ts';

export const EXIT = { ok: 0, empty: 1, usage: 2, failure: 3, interrupted: 130 } as const;

export const EXIT_HELP =
  '0 found or done · 1 nothing found · 2 wrong usage · 3 environment or other error · 130 interrupted';

const USAGE_CODES = new Set<SafeError['code']>(['invalid_argument', 'invalid_pattern', 'path_outside_root']);

export function exitCodeOf(error: SafeError): number {
  if (error.code === 'cancelled') return EXIT.interrupted;
  return USAGE_CODES.has(error.code) ? EXIT.usage : EXIT.failure;
}
