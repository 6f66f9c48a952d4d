/**
 * The SDK's low-level server with the exact code for malformed params: SDK 2.4 answers them with "internal error" and its
 * validator's dump, and JSON-RPC has -32602 for what is the client's fault.
 */
import type { Implementation, ServerOptions } from '@modelcontextprotocol/server';
import { ProtocolError, ProtocolErrorCode, Server } from '@modelcontextprotocol/server';
import { inline } from '../render/text.ts';
import type { ProtocolExtension, ProtocolHandler } from './protocol-extension.ts';

const SHOWN_ISSUES = 3;

export class ExactServer extends Server {
  /** undefined while the SDK's constructor registers its own methods. */
  private readonly extension: ProtocolExtension | undefined;

  constructor(info: Implementation, options: ServerOptions, extension?: ProtocolExtension) {
    super(info, options);
    this.extension = extension;
  }

  protected override _wrapHandler(method: string, handler: ProtocolHandler): ProtocolHandler {
    const wrapped = super._wrapHandler(method, this.extension?.around(method, handler) ?? handler);
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
