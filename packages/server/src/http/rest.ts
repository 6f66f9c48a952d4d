/** Operations as `POST /v1/<operation>`: arguments in, structure out, or markdown where that is asked for. Knows no operation by name. */
import type { DefectLog, SafeError } from '../errors.ts';
import { toSafeError } from '../errors.ts';
import { resultSize } from '../observe/request-events.ts';
import { withDeadline } from '../operations/deadline.ts';
import type { Operation, Scope, WorkspaceProvider } from '../operations/operation.ts';
import type { KnownExchange } from './exchange.ts';
import { Refusal } from './refusal.ts';
import type { Reply } from './reply.ts';
import { jsonReply } from './reply.ts';

export interface RestCall {
  readonly exchange: KnownExchange;
  readonly operation: Operation;
  readonly args: Readonly<Record<string, unknown>>;
  readonly workspaces: WorkspaceProvider;
  readonly authorize: (needed: Scope) => void;
  readonly challenge: (needed: SafeError) => Reply;
  readonly log: DefectLog;
}

export async function answerRest(call: RestCall): Promise<Reply> {
  const { exchange, operation, args, workspaces, authorize } = call;
  exchange.note.operation = operation.name;
  try {
    const outcome = await exchange.observed(undefined, () =>
      withDeadline(workspaces.settings.deadlineMs, exchange.signal, (signal) =>
        operation.call(workspaces, args, {
          signal,
          authorize,
          wordError: (error) => toSafeError(error, call.log),
        }),
      ),
    );
    const isMarkdown = wantsMarkdown(exchange.request.headers.accept);
    const reply: Reply = isMarkdown
      ? { status: 200, headers: MARKDOWN_TYPE, body: outcome.markdown() }
      : jsonReply(200, outcome.structured());
    exchange.note.result = resultSize(outcome, isMarkdown ? 'markdown' : 'structured', String(reply.body));
    return reply;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const safe = toSafeError(error, call.log);
    exchange.note.error = safe.code;
    return safe.code === 'forbidden'
      ? call.challenge(safe)
      : errorReply(statusOf(safe), safe, retryHeaders(safe));
  }
}

const MARKDOWN_TYPE = { 'content-type': 'text/markdown; charset=utf-8' };

function wantsMarkdown(accept = ''): boolean {
  return accept.includes('text/markdown') && !accept.includes('application/json');
}

export function errorReply(
  status: number,
  { code, message, advice }: SafeError,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return jsonReply(status, { error: { code, message, advice } }, headers);
}

/** Where the error says when to try again. */
export function retryHeaders({ retryAfterMs }: SafeError): Readonly<Record<string, string>> {
  return retryAfterMs === undefined
    ? {}
    : { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1_000))) };
}

export function statusOf({ code }: SafeError): number {
  switch (code) {
    case 'invalid_argument':
    case 'invalid_pattern':
    case 'path_outside_root':
      return 400;
    case 'unauthenticated':
      return 401;
    case 'forbidden':
      return 403;
    case 'path_not_found':
    case 'repository_not_found':
      return 404;
    case 'not_indexed':
    case 'no_history':
      return 409;
    case 'cancelled':
      return 499;
    case 'timeout':
      return 504;
    case 'internal':
      return 500;
    default:
      // The repository, its index or our own state cannot be used now; another time they may.
      return 503;
  }
}
