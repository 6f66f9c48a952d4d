/**
 * The one place where each request passes at its start and at its end: metrics, logs and the audit log hook in here.
 * Holds no text of a request: no query, no path, no key.
 */
import type { WireErrorCode } from '@conexus/sdk/contract';

export type Outcome =
  | 'ok'
  /** The caller's fault; also a repository that does not exist for him. */
  | 'user_error'
  /** Wrong or missing key, or a scope that it lacks. */
  | 'denied'
  /** Rate, concurrency, or the server is going down. */
  | 'limited'
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
  readonly principal?: string | undefined;
  readonly remote: string;
  readonly status: number;
  readonly outcome: Outcome;
  readonly error?: WireErrorCode | undefined;
  readonly ms: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** Answered without the SDK. */
  readonly fast?: boolean | undefined;
}

export interface RequestObserver {
  started?(): void;
  ended?(end: RequestEnd): void;
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
    case 'invalid_argument':
    case 'invalid_pattern':
    case 'path_outside_root':
    case 'path_not_found':
    case 'repository_not_found':
    case 'not_indexed':
    case 'no_history':
      return 'user_error';
    default:
      // The machine, the repository or a provider: nothing that the asker could mend.
      return 'internal';
  }
}
