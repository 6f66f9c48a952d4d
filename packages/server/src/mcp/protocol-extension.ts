/**
 * What a program that embeds the server may add to its protocol: methods, names and capabilities of its own, over the same
 * listener, guard and error mapper. No setting leads here; the official conformance suite's fixtures are what it is for.
 */
import type {
  JSONRPCRequest,
  Result,
  Server,
  ServerCapabilities,
  ServerContext,
  ServerOptions,
} from '@modelcontextprotocol/server';

export type ProtocolHandler = (request: JSONRPCRequest, ctx: ServerContext) => Promise<Result>;

export interface ProtocolExtension {
  readonly capabilities: ServerCapabilities;
  readonly requestState: NonNullable<ServerOptions['requestState']>;
  /** Goes around our own handler of a method, or gives it back. */
  around(method: string, own: ProtocolHandler): ProtocolHandler;
  /** Adds methods that we do not have. */
  extend(server: Server): void;
}
