/**
 * The one place where each request passes at its start and at its end: metrics, logs and the audit log hook in here.
 * Holds no text of a request: no query, no path, no key.
 */
import type { WireErrorCode } from '@conexus/sdk/contract';
import { estimateTokens } from '../render/text.ts';

export type Outcome =
  | 'ok'
  /** The caller's fault; also a repository that does not exist for him. */
  | 'user_error'
  /** Wrong or missing key, or a scope that it lacks. */
  | 'denied'
  /** Rate, concurrency, or the server is going down. */
  | 'limited'
  /** There is no index yet to answer from. */
  | 'not_ready'
  | 'timeout'
  /** The client went away. */
  | 'cancelled'
  | 'internal';

export interface RequestEnd {
  readonly id: string;
  readonly door: 'mcp' | 'rest' | 'health' | 'document' | 'none';
  /** Of MCP: how the request was spoken. */
  readonly era?: 'legacy' | 'modern' | undefined;
  /** JSON-RPC method, from the fixed list of those that exist. */
  readonly rpcMethod?: string | undefined;
  /** Name of an operation that exists. */
  readonly operation?: string | undefined;
  /** Name of a repository that exists for the asker. */
  readonly repository?: string | undefined;
  /** Instead of it, where one call asked several. */
  readonly repositories?: readonly string[] | undefined;
  readonly principal?: string | undefined;
  readonly remote: string;
  readonly status: number;
  readonly outcome: Outcome;
  readonly error?: WireErrorCode | undefined;
  readonly ms: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** Set where traces are made. */
  readonly traceId?: string | undefined;
  /** What an operation gave, without what it says. */
  readonly result?: ResultSize | undefined;
  /** The answer was a stream. */
  readonly isStream?: boolean | undefined;
  /** Answered without the SDK. */
  readonly fast?: boolean | undefined;
}

export interface ResultSize {
  readonly format: 'markdown' | 'structured';
  /** Estimated. */
  readonly tokens: number;
  readonly empty: boolean;
  readonly truncated: boolean;
}

/** A request that is about to be worked on. */
export interface RequestStart {
  readonly id: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly note: { traceId?: string | undefined };
}

/** A call of an operation inside a request, with the `_meta` of MCP. */
export interface CallStart {
  readonly id: string;
  readonly meta: unknown;
}

export interface RequestObserver {
  started?(): void;
  /** Runs the work, so that what it does belongs to the request. */
  around?<T>(request: RequestStart, work: () => Promise<T>): Promise<T>;
  /** The same of a call inside it. */
  aroundCall?<T>(call: CallStart, work: () => Promise<T>): Promise<T>;
  /** The answer of a request has become a stream. */
  streaming?(): void;
  ended?(end: RequestEnd): void;
}

export function resultSize(
  { empty, truncated = false }: { readonly empty: boolean; readonly truncated?: boolean },
  format: ResultSize['format'],
  text: string,
): ResultSize {
  return { format, tokens: estimateTokens(text), empty, truncated };
}

export function outcomeOf(error: WireErrorCode | undefined): Outcome {
  switch (error) {
    case undefined:
      return 'ok';
    case 'timeout':
    case 'cancelled':
    case 'internal':
      return error;
    case 'unauthenticated':
    case 'forbidden':
      return 'denied';
    case 'overloaded':
      return 'limited';
    case 'not_indexed':
    case 'not_ready':
      return 'not_ready';
    case 'invalid_argument':
    case 'invalid_pattern':
    case 'path_outside_root':
    case 'path_not_found':
    case 'repository_not_found':
    case 'no_history':
      return 'user_error';
    default:
      // The machine, the repository or a provider: nothing that the asker could mend.
      return 'internal';
  }
}
