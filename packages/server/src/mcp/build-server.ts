/**
 * One factory for both protocol eras. The low-level server, because lists are paged and argument errors are ours
 * (ADR 0005). A fresh instance for each connection; what costs time is made once a process.
 */
import type { ServerContext } from '@modelcontextprotocol/server';
import { ProtocolError, ProtocolErrorCode, Server } from '@modelcontextprotocol/server';
import { errorLine, toSafeError } from '../errors.ts';
import type { WorkspaceProvider } from '../operations/operation.ts';
import { VERSION } from '../version.ts';
import { withDeadline } from './deadline.ts';
import { INSTRUCTIONS } from './instructions.ts';
import type { Log } from './log.ts';
import { completePath, listResources, listResourceTemplates, readResource } from './resources.ts';
import { callTool, listTools } from './tools.ts';

export interface McpDependencies {
  readonly workspaces: WorkspaceProvider;
  readonly log: Log;
  /** The client is connected: time to prepare what the first call needs. */
  readonly onConnected?: () => void;
}

const SERVER_INFO = {
  name: 'conexus',
  title: 'Conexus',
  version: VERSION,
  description: 'Tells coding agents where things are, fresh, with file:line proof.',
};

export function buildMcpServer({ workspaces, log, onConnected }: McpDependencies): Server {
  const server = new Server(SERVER_INFO, {
    capabilities: { tools: {}, resources: {}, completions: {} },
    instructions: INSTRUCTIONS,
    cacheHints: {
      'tools/list': { ttlMs: 300_000, cacheScope: 'public' },
      'server/discover': { ttlMs: 300_000, cacheScope: 'public' },
      'resources/templates/list': { ttlMs: 300_000, cacheScope: 'public' },
    },
  });
  if (onConnected !== undefined) server.oninitialized = onConnected;

  /** Resources have no `isError`: what a user can act on becomes the protocol error's text. */
  const guarded = async <Result>(
    ctx: ServerContext,
    work: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> => {
    try {
      return await withDeadline(workspaces.settings.deadlineMs, ctx.mcpReq.signal, work);
    } catch (error) {
      if (error instanceof ProtocolError) throw error;
      const safe = toSafeError(error, log);
      throw new ProtocolError(
        safe.code === 'internal' ? ProtocolErrorCode.InternalError : ProtocolErrorCode.InvalidParams,
        errorLine(safe),
      );
    }
  };

  server.setRequestHandler('tools/list', () => {
    // Clients of 2026-07-28 send no `initialized`; the list of tools is what they ask first.
    onConnected?.();
    return { tools: listTools() };
  });
  server.setRequestHandler('tools/call', (request, ctx) => callTool(workspaces, request.params, ctx, log));
  server.setRequestHandler('resources/list', (request, ctx) =>
    guarded(ctx, (signal) => listResources(workspaces, { signal }, request.params?.cursor)),
  );
  server.setRequestHandler('resources/templates/list', () => listResourceTemplates());
  server.setRequestHandler('resources/read', (request, ctx) =>
    guarded(ctx, (signal) => readResource(workspaces, { signal }, request.params.uri)),
  );
  server.setRequestHandler('completion/complete', (request, ctx) =>
    guarded(ctx, async () => {
      const { ref, argument } = request.params;
      if (ref.type !== 'ref/resource')
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'There are no prompts to complete.');
      return completePath(workspaces, ref.uri, argument);
    }),
  );
  return server;
}
