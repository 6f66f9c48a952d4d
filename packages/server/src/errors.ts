/**
 * What of an error a user or a model may see. Knows the shape of the engine's errors, not the engine: importing it
 * would load the parsers before the first answer.
 */
import { randomUUID } from 'node:crypto';
import type { WireErrorCode } from '@conexus/sdk/contract';
import { ERROR_CODES } from '@conexus/sdk/contract';

/** An error whose text may leave the process. */
export interface SafeError {
  readonly code: WireErrorCode;
  readonly message: string;
  readonly advice: string;
  /** Of what is worth another try: when. */
  readonly retryAfterMs?: number | undefined;
}

/** The server's own errors. The same name as the engine's, because callers treat both alike. */
export class UserError extends Error implements SafeError {
  override readonly name = 'ConexusError';
  readonly code: WireErrorCode;
  readonly advice: string;
  readonly retryAfterMs: number | undefined;

  constructor(
    code: WireErrorCode,
    message: string,
    advice: string,
    { retryAfterMs, ...options }: ErrorOptions & { readonly retryAfterMs?: number | undefined } = {},
  ) {
    super(message, options);
    this.code = code;
    this.advice = advice;
    this.retryAfterMs = retryAfterMs;
  }
}

export function invalidArgument(message: string, advice: string): UserError {
  return new UserError('invalid_argument', message, advice);
}

/** undefined: not an error made for users; its text may hold paths, code or third-party words. */
export function asSafeError(error: unknown): SafeError | undefined {
  if (!(error instanceof Error) || error.name !== 'ConexusError') return undefined;
  const { code, advice, retryAfterMs } = error as Partial<SafeError>;
  if (typeof code !== 'string' || typeof advice !== 'string') return undefined;
  if (!ERROR_CODES.includes(code as WireErrorCode)) return undefined;
  return {
    code: code as WireErrorCode,
    message: error.message,
    advice,
    ...(typeof retryAfterMs === 'number' && { retryAfterMs }),
  };
}

/** What nobody expected, under the id that the log and the asker have. */
export interface Defect {
  readonly id: string;
  readonly error: unknown;
}

/** A line for operators; with a defect where it is about one. */
export type DefectLog = (line: string, defect?: Defect) => void;

/** Turns anything thrown into what may be shown; what may not goes to `log` under an id. */
export function toSafeError(error: unknown, log: DefectLog): SafeError {
  const safe = asSafeError(error);
  if (safe !== undefined) return safe;
  const id = randomUUID().slice(0, 8);
  log(`error ${id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`, {
    id,
    error,
  });
  return {
    code: 'internal',
    message: `An internal error occurred (error id ${id}).`,
    advice: `Try again; if it persists, look for "error ${id}" in the log of Conexus and report it.`,
  };
}

/** `what and why — next step`: one line for a terminal or a model. */
export function errorLine(error: SafeError): string {
  return `${error.message.replace(/[.\s]+$/, '')} — ${error.advice}`;
}
