/** What search and locate ask of the engine alike, from arguments as agents write them, and what they give back. */
import type { LocateRequest, Workspace } from '@conexus/engine';
import { cursorScope, readCursor, writeCursor } from './cursor.ts';
import type { CallContext, WorkspaceProvider } from './operation.ts';
import { contextOf, filterOf } from './paths.ts';
import { engineTokens, generationNotes, type RankedArguments, type RankedResult } from './ranked.ts';

export type RankedRequest = Omit<LocateRequest, 'task'>;
export type RequestArguments = RankedArguments &
  Parameters<typeof filterOf>[1] &
  Parameters<typeof contextOf>[1] &
  Required<Pick<RankedRequest, 'detail' | 'explain'>>;

export interface Question {
  /** As the answer names it. */
  readonly asked: string;
  /** Asks an open workspace what both operations ask of it. */
  ask(workspace: Workspace, request: RankedRequest, signal: AbortSignal): Promise<RankedResult['answer']>;
}

export async function rankedAnswer(
  name: string,
  { workspaces, args, ctx }: { workspaces: WorkspaceProvider; args: RequestArguments; ctx: CallContext },
  { asked, ask }: Question,
): Promise<RankedResult> {
  const scope = cursorScope(name, workspaces);
  const position = args.cursor === undefined ? undefined : readCursor(scope, args, args.cursor);
  const workspace = await workspaces.ready(ctx);
  const offset = position?.offset ?? 0;
  const answer = await ask(workspace, requestFor(workspace, args, offset), ctx.signal);
  const { generation } = answer.freshness;
  const notes = [...workspaces.notes(), ...generationNotes(position, answer.freshness)];
  const cursorAfter = (shown: number): string | undefined => {
    const next = shown < answer.hits.length ? offset + shown : answer.omitted.nextOffset;
    return next === undefined || next <= offset
      ? undefined
      : writeCursor(scope, args, { offset: next, generation });
  };
  return { asked, answer, offset, args, notes, cursorAfter };
}

/** From the position `offset` of the list on. */
export function requestFor(workspace: Workspace, args: RequestArguments, offset: number): RankedRequest {
  return {
    filter: filterOf(workspace.root, args),
    context: contextOf(workspace.root, args),
    limit: args.limit,
    offset,
    maxTokens: engineTokens(args.max_tokens),
    detail: args.detail,
    explain: args.explain,
  };
}
