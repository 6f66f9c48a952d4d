/** Why a request is not answered, in the words of HTTP, of JSON-RPC and of our own errors. Each door renders its part. */
import type { WireErrorCode } from '@conexus/sdk/contract';
import type { SafeError } from '../errors.ts';

/** JSON-RPC codes of refusals that the protocol names; the others get the one of the SDK. */
export const RPC = {
  parse: -32_700,
  invalidRequest: -32_600,
  methodNotFound: -32_601,
  invalidParams: -32_602,
  internal: -32_603,
  refused: -32_000,
} as const;

export class Refusal extends Error implements SafeError {
  readonly status: number;
  readonly code: WireErrorCode;
  readonly advice: string;
  readonly rpcCode: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    { code, message, advice }: SafeError,
    more: { readonly rpcCode?: number; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.advice = advice;
    this.rpcCode = more.rpcCode ?? RPC.refused;
    this.headers = more.headers ?? {};
  }
}

/** A request that is wrong in itself. */
export function badRequest(status: number, message: string, advice: string, rpcCode?: number): Refusal {
  return new Refusal(
    status,
    { code: 'invalid_argument', message, advice },
    rpcCode === undefined ? {} : { rpcCode },
  );
}

export function overloaded(status: 429 | 503, message: string, retryAfterSeconds: number): Refusal {
  const advice = `Try again in ${retryAfterSeconds} s, with fewer requests at once.`;
  return new Refusal(
    status,
    { code: 'overloaded', message, advice },
    { headers: { 'retry-after': String(retryAfterSeconds) } },
  );
}
