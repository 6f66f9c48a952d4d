/** What a client throws: a code to branch on, a sentence, the next step. Depends on nothing of ours but types. */
import type { ErrorBody, WireErrorCode } from './contract/index.ts';

/** `unreachable`: no answer came, or one that is none of ours. */
export type ClientErrorCode = WireErrorCode | 'unreachable';

export class ConexusClientError extends Error {
  override readonly name = 'ConexusClientError';
  readonly code: ClientErrorCode;
  readonly advice: string;
  /** Of HTTP. undefined: no answer came, or it came from a process. */
  readonly status: number | undefined;
  /** Of a server that has too much to do. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    { code, message, advice }: { code: ClientErrorCode; message: string; advice: string },
    more: { readonly status?: number; readonly retryAfterSeconds?: number; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause });
    this.code = code;
    this.advice = advice;
    this.status = more.status;
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}

export function cancelled(cause: unknown): ConexusClientError {
  return new ConexusClientError(
    {
      code: 'cancelled',
      message: 'The call was cancelled',
      advice: 'Repeat it if you still need the answer.',
    },
    { cause },
  );
}

export function timedOut(cause?: unknown): ConexusClientError {
  return new ConexusClientError(
    { code: 'timeout', message: 'No answer came in time', advice: 'Narrow the call, or raise timeoutMs.' },
    { cause },
  );
}

/** undefined: the value is no error as the contract has it. */
export function wireError(value: unknown): ErrorBody['error'] | undefined {
  const error = isObject(value) ? value['error'] : undefined;
  if (!isObject(error) || typeof error['code'] !== 'string') return undefined;
  return error as ErrorBody['error'];
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
