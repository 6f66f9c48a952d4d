/**
 * Operations as MCP tools: list, call, errors, progress. User errors are results with `isError` and the next step;
 * nothing else that is thrown reaches the model. Knows no operation by name.
 */
import type { IndexProgress } from '@conexus/engine';
import type { CallToolResult, ProgressNotification, ServerContext, Tool } from '@modelcontextprotocol/server';
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import type { SafeError } from '../errors.ts';
import { errorLine, toSafeError } from '../errors.ts';
import { withDeadline } from '../operations/deadline.ts';
import type { CallContext, Operation, Outcome, WorkspaceProvider } from '../operations/operation.ts';
import { progressClause, progressShare } from '../render/freshness.ts';
import { inline } from '../render/text.ts';
import { listedSchema } from './listed-schema.ts';
import type { Log } from './log.ts';

/** Our own client asks for structure with this key of `_meta`, value "structured". */
export const OUTPUT_META_KEY = 'conexus/output';

/** Made once a process: every connection lists the same tools in the same order. */
const listed = new WeakMap<readonly Operation[], Tool[]>();

export function listTools(tools: readonly Operation[]): Tool[] {
  let list = listed.get(tools);
  if (list === undefined) {
    list = tools.map((operation) => ({
      name: operation.name,
      title: operation.title,
      description: operation.description,
      inputSchema: listedSchema(operation) as Tool['inputSchema'],
      annotations: { ...operation.annotations },
    }));
    listed.set(tools, list);
  }
  return list;
}

export interface ToolCall {
  readonly name: string;
  readonly arguments?: Record<string, unknown> | undefined;
}

/** What of a request a call of a tool needs, whichever way it came. */
export interface ToolContext {
  readonly signal: AbortSignal;
  readonly meta: Readonly<Record<string, unknown>> | undefined;
  readonly notify: (notification: ProgressNotification) => Promise<void>;
  readonly authorize?: CallContext['authorize'];
  /** Told of the error that a result with `isError` words. */
  readonly onError?: (error: SafeError) => void;
  /** Told of what was answered. `text`: of the content, or of the structure. */
  readonly onOutcome?: (outcome: Outcome, format: 'markdown' | 'structured', text: () => string) => void;
}

export interface ToolServer {
  readonly tools: readonly Operation[];
  /** Not listed, and answered to a client that asks for structure: programs need more than models do. */
  readonly unlisted?: readonly Operation[];
  readonly workspaces: WorkspaceProvider;
  readonly log: Log;
}

export function toolContext({ mcpReq }: ServerContext): ToolContext {
  return {
    signal: mcpReq.signal,
    meta: mcpReq._meta,
    notify: (notification) => mcpReq.notify(notification),
  };
}

/** @throws ProtocolError for a tool that does not exist; everything else is a result */
export async function callTool(
  { tools, unlisted = [], workspaces, log }: ToolServer,
  call: ToolCall,
  ctx: ToolContext,
): Promise<CallToolResult> {
  const structuredOnly = ctx.meta?.[OUTPUT_META_KEY] === 'structured';
  const callable = structuredOnly ? [...tools, ...unlisted] : tools;
  const operation = callable.find((tool) => tool.name === call.name);
  if (operation === undefined) {
    const names = tools.map((tool) => tool.name).join(', ');
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      `Unknown tool "${inline(call.name, 60)}"; the tools are: ${names}`,
    );
  }
  try {
    const { authorize } = ctx;
    const outcome = await withDeadline(workspaces.settings.deadlineMs, ctx.signal, (signal) =>
      operation.call(workspaces, call.arguments, {
        signal,
        wordError: (error) => toSafeError(error, log),
        ...progressOf(ctx),
        ...(authorize !== undefined && { authorize }),
      }),
    );
    const result = toResult(operation, outcome, structuredOnly);
    ctx.onOutcome?.(outcome, structuredOnly ? 'structured' : 'markdown', () => textOf(result));
    return result;
  } catch (error) {
    const safe = toSafeError(error, log);
    ctx.onError?.(safe);
    const { code, message, advice } = safe;
    return {
      isError: true,
      content: [{ type: 'text', text: errorLine(safe) }],
      ...(structuredOnly && { structuredContent: { error: { code, message, advice } } }),
    };
  }
}

function textOf({ content, structuredContent }: CallToolResult): string {
  const [first] = content;
  return first?.type === 'text' ? first.text : JSON.stringify(structuredContent);
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
function progressOf(ctx: ToolContext): { onProgress?: (progress: IndexProgress) => void } {
  const progressToken = ctx.meta?.['progressToken'];
  if (typeof progressToken !== 'string' && typeof progressToken !== 'number') return {};
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
      void ctx.notify({ method: 'notifications/progress', params }).catch(() => undefined);
    },
  };
}
