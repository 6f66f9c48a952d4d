/** One request on its way through the server: what came, who asks, when to stop, and what the end will tell. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '../access/principal.ts';
import type { RequestEnd } from '../observe/request-events.ts';

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** Filled in by whoever learns it. */
export type Note = Partial<
  Mutable<
    Pick<
      RequestEnd,
      | 'door'
      | 'era'
      | 'rpcMethod'
      | 'operation'
      | 'repository'
      | 'repositories'
      | 'error'
      | 'fast'
      | 'result'
      | 'traceId'
      | 'isStream'
      | 'requestBytes'
      | 'responseBytes'
    >
  >
>;

export interface Exchange {
  readonly id: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Without the query. */
  readonly path: string;
  readonly remote: string;
  /** Aborts when the client goes away, at the hard deadline, and at the end of a shutdown. */
  readonly signal: AbortSignal;
  readonly note: Note;
  /** Of the JSON-RPC message, once it was read: a refusal names it. */
  rpcId?: unknown;
  /** Told when the answer becomes a stream. */
  streaming(): void;
  /** Runs a call of an operation under the eyes of the observers. */
  observed<T>(meta: unknown, work: () => Promise<T>): Promise<T>;
}

/** An exchange whose asker is known. */
export interface KnownExchange extends Exchange {
  readonly principal: Principal;
}
