/**
 * The SDK's low-level server with the exact code for malformed params: SDK 2.4 answers them with "internal error" and its
 * validator's dump, and JSON-RPC has -32602 for what is the client's fault.
 */
import type { JSONRPCRequest, Result, ServerContext } from '@modelcontextprotocol/server';
import { ProtocolError, ProtocolErrorCode, Server } from '@modelcontextprotocol/server';
import { inline } from '../render/text.ts';

type Handler = (request: JSONRPCRequest, ctx: ServerContext) => Promise<Result>;

const SHOWN_ISSUES = 3;

export class ExactServer extends Server {
  protected override _wrapHandler(method: string, handler: Handler): Handler {
    const wrapped = super._wrapHandler(method, handler);
    return async (request, ctx) => {
      try {
        return await wrapped(request, ctx);
      } catch (error) {
        const issues = issuesOf(error);
        if (issues === undefined) throw error;
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Invalid params for ${method}: ${issues}`);
      }
    };
  }
}

/** The validator throws its list of issues as JSON in the message. undefined: thrown by something else. */
function issuesOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || error instanceof ProtocolError || !error.message.startsWith('['))
    return undefined;
  try {
    const issues = JSON.parse(error.message) as readonly { path?: readonly unknown[]; message?: string }[];
    return issues
      .slice(0, SHOWN_ISSUES)
      .map(({ path = [], message = '' }) => inline(`"${path.join('.')}": ${message}`, 160))
      .join('; ');
  } catch {
    return undefined;
  }
}
