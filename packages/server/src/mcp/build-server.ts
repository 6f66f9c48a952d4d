/**
 * One factory for both protocol eras. The low-level server, because lists are paged and argument errors are ours
 * (ADR 0005). A fresh instance for each connection; what costs time is made once a process.
 */
import type { Server, ServerContext } from '@modelcontextprotocol/server';
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import type { SafeError } from '../errors.ts';
import { errorLine, invalidArgument, toSafeError } from '../errors.ts';
import { withDeadline } from '../operations/deadline.ts';
import type { CallContext, Operation, WorkspaceProvider } from '../operations/operation.ts';
import { TOOLS } from '../operations/registry.ts';
import { VERSION } from '../version.ts';
import { ExactServer } from './exact-server.ts';
import { INSTRUCTIONS } from './instructions.ts';
import type { Log } from './log.ts';
import { completePrompt, getPrompt, listPrompts } from './prompts.ts';
import type { ProtocolExtension } from './protocol-extension.ts';
import { completePath, listResources, listResourceTemplates, readResource } from './resources.ts';
import { callTool, listTools, toolContext } from './tools.ts';

export interface McpDependencies {
  readonly workspaces: WorkspaceProvider;
  readonly log: Log;
  /** Default: those of one repository. */
  readonly tools?: readonly Operation[];
  /** See ToolServer. Default: none. */
  readonly unlisted?: readonly Operation[];
  /** Default: those for one repository. */
  readonly instructions?: string;
  /** Present where askers differ in what they may do: holds for every call of a tool. */
  readonly authorize?: CallContext['authorize'];
  /** Told of each error that an answer words. */
  readonly onError?: (error: SafeError) => void;
  /** The client is connected: time to prepare what the first call needs. */
  readonly onConnected?: () => void;
  readonly extension?: ProtocolExtension | undefined;
}

export const SERVER_INFO = {
  name: 'conexus',
  title: 'Conexus',
  version: VERSION,
  description: 'Tells coding agents where things are, fresh, with file:line proof.',
};

export const CAPABILITIES = { tools: {}, resources: {}, prompts: {}, completions: {} };
export const CACHE_HINT = { ttlMs: 300_000, cacheScope: 'public' } as const;

export function buildMcpServer({
  workspaces,
  log,
  onConnected,
  tools = TOOLS,
  unlisted = [],
  instructions = INSTRUCTIONS,
  authorize,
  onError,
  extension,
}: McpDependencies): Server {
  const options = {
    capabilities: { ...CAPABILITIES, ...extension?.capabilities },
    ...(extension !== undefined && { requestState: extension.requestState }),
    instructions,
    cacheHints: {
      'tools/list': CACHE_HINT,
      'server/discover': CACHE_HINT,
      'resources/templates/list': CACHE_HINT,
      'prompts/list': CACHE_HINT,
    },
  };
  const server = new ExactServer(SERVER_INFO, options, extension);
  extension?.extend(server);
  if (onConnected !== undefined) server.oninitialized = onConnected;

  /** Resources have no `isError`: what a user can act on becomes the protocol error's text. */
  const guarded = async <Result>(
    ctx: ServerContext,
    work: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> => {
    try {
      return await withDeadline(workspaces.settings.deadlineMs, ctx.mcpReq.signal, work);
    } catch (error) {
      if (error instanceof ProtocolError) {
        onError?.(invalidArgument(error.message, ''));
        throw error;
      }
      const safe = toSafeError(error, log);
      onError?.(safe);
      throw new ProtocolError(
        safe.code === 'internal' ? ProtocolErrorCode.InternalError : ProtocolErrorCode.InvalidParams,
        errorLine(safe),
      );
    }
  };

  server.setRequestHandler('tools/list', () => {
    // Clients of 2026-07-28 send no `initialized`; the list of tools is what they ask first.
    onConnected?.();
    return { tools: listTools(tools) };
  });
  server.setRequestHandler('tools/call', (request, ctx) =>
    callTool({ tools, unlisted, workspaces, log }, request.params, {
      ...toolContext(ctx),
      ...(authorize !== undefined && { authorize }),
      ...(onError !== undefined && { onError }),
    }),
  );
  server.setRequestHandler('resources/list', (request, ctx) =>
    guarded(ctx, (signal) => listResources(workspaces, { signal }, request.params?.cursor)),
  );
  server.setRequestHandler('resources/templates/list', () => listResourceTemplates());
  server.setRequestHandler('resources/read', (request, ctx) =>
    guarded(ctx, (signal) => readResource(workspaces, { signal }, request.params.uri)),
  );
  server.setRequestHandler('prompts/list', () => ({ prompts: listPrompts() }));
  server.setRequestHandler('prompts/get', (request, ctx) =>
    guarded(ctx, (signal) =>
      getPrompt(
        { workspaces, tools },
        { signal, ...(authorize !== undefined && { authorize }) },
        request.params,
      ),
    ),
  );
  server.setRequestHandler('completion/complete', (request, ctx) =>
    guarded(ctx, async () => {
      const { ref, argument } = request.params;
      return ref.type === 'ref/resource'
        ? completePath(workspaces, ref.uri, argument)
        : completePrompt(workspaces, ref.name, argument);
    }),
  );
  return server;
}
