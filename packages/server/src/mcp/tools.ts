/**
 * Operations as MCP tools: list, call, errors, progress. User errors are results with `isError` and the next step;
 * nothing else that is thrown reaches the model. Knows no operation by name.
 */
import type { IndexProgress } from '@conexus/engine';
import type { CallToolResult, ServerContext, Tool } from '@modelcontextprotocol/server';
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { errorLine, toSafeError } from '../errors.ts';
import type { Operation, Outcome, WorkspaceProvider } from '../operations/operation.ts';
import { TOOLS } from '../operations/registry.ts';
import { progressClause, progressShare } from '../render/freshness.ts';
import { inline } from '../render/text.ts';
import { withDeadline } from './deadline.ts';
import type { Log } from './log.ts';

/** Our own client asks for structure with this key of `_meta`, value "structured". */
export const OUTPUT_META_KEY = 'conexus/output';

/** Made once a process: every connection lists the same tools in the same order. */
let listed: Tool[] | undefined;

export function listTools(): Tool[] {
  listed ??= TOOLS.map((operation) => ({
    name: operation.name,
    title: operation.title,
    description: operation.description,
    inputSchema: operation.inputSchema() as Tool['inputSchema'],
    annotations: { ...operation.annotations },
  }));
  return listed;
}

export interface ToolCall {
  readonly name: string;
  readonly arguments?: Record<string, unknown> | undefined;
}

export async function callTool(
  workspaces: WorkspaceProvider,
  call: ToolCall,
  ctx: ServerContext,
  log: Log,
): Promise<CallToolResult> {
  const operation = TOOLS.find((tool) => tool.name === call.name);
  if (operation === undefined) {
    const names = TOOLS.map((tool) => tool.name).join(', ');
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      `Unknown tool "${inline(call.name, 60)}"; the tools are: ${names}`,
    );
  }
  try {
    const outcome = await withDeadline(workspaces.settings.deadlineMs, ctx.mcpReq.signal, (signal) =>
      operation.call(workspaces, call.arguments, { signal, ...progressOf(ctx) }),
    );
    return toResult(operation, outcome, ctx.mcpReq._meta?.[OUTPUT_META_KEY] === 'structured');
  } catch (error) {
    return { isError: true, content: [{ type: 'text', text: errorLine(toSafeError(error, log)) }] };
  }
}

function toResult(operation: Operation, outcome: Outcome, structuredOnly: boolean): CallToolResult {
  if (structuredOnly) return { content: [], structuredContent: outcome.structured() };
  const content: CallToolResult['content'] = [{ type: 'text', text: outcome.markdown() }];
  // Some clients drop the text when there is structure, so code-bearing answers carry none.
  return operation.channel === 'markdown'
    ? { content }
    : { content, structuredContent: outcome.structured() };
}

const PROGRESS_INTERVAL_MS = 250;

/** Progress strictly increases and comes at most four times a second. */
function progressOf(ctx: ServerContext): { onProgress?: (progress: IndexProgress) => void } {
  const progressToken = ctx.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return {};
  let last = -1;
  let lastAt = Number.NEGATIVE_INFINITY;
  return {
    onProgress(progress) {
      const value = Math.round(progressShare(progress) * 1000) / 10;
      const now = performance.now();
      if (value <= last || now - lastAt < PROGRESS_INTERVAL_MS) return;
      last = value;
      lastAt = now;
      const params = { progressToken, progress: value, total: 100, message: progressClause(progress) };
      void ctx.mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined);
    },
  };
}
