/** What search and locate ask of the engine alike, from arguments as agents write them, and what they give back. */
import type { LocateRequest, Workspace } from '@conexus/engine';
import { cursorScope, readCursor } from './cursor.ts';
import type { CallContext, WorkspaceProvider } from './operation.ts';
import { contextOf, filterOf } from './paths.ts';
import { engineTokens, generationNotes, type RankedArguments, type RankedResult } from './ranked.ts';

type RankedRequest = Omit<LocateRequest, 'task'>;
type Arguments = RankedArguments &
  Parameters<typeof filterOf>[1] &
  Parameters<typeof contextOf>[1] &
  Required<Pick<RankedRequest, 'detail' | 'explain'>>;

/** `ask` gets an open workspace and what both operations ask of it. `asked` is what the answer names. */
export async function rankedAnswer(
  name: string,
  { workspaces, args, ctx }: { workspaces: WorkspaceProvider; args: Arguments; ctx: CallContext },
  asked: string,
  ask: (workspace: Workspace, request: RankedRequest) => Promise<RankedResult['answer']>,
): Promise<RankedResult> {
  const scope = cursorScope(name, workspaces);
  const position = args.cursor === undefined ? undefined : readCursor(scope, args, args.cursor);
  const workspace = await workspaces.ready(ctx);
  const offset = position?.offset ?? 0;
  const answer = await ask(workspace, {
    filter: filterOf(workspace.root, args),
    context: contextOf(workspace.root, args),
    limit: args.limit,
    offset,
    maxTokens: engineTokens(args.max_tokens),
    detail: args.detail,
    explain: args.explain,
  });
  const notes = [...workspaces.notes(), ...generationNotes(position, answer.freshness)];
  return { scope, asked, answer, offset, args, notes };
}
