/** What the four relations share: what is asked of the engine, paging, and how an answer is judged. Knows no rendering. */

import type { Relation, RelationsAnswer } from '@conexus/engine';
import { invalidArgument } from '../errors.ts';
import type { CursorPosition } from './cursor.ts';
import { cursorScope, readCursor, writeCursor } from './cursor.ts';
import { type CallContext, callOptions, type WorkspaceProvider } from './operation.ts';
import { normalizePath, targetOf } from './paths.ts';
import { seesAll } from './relation-outputs.ts';

export interface RelationArguments {
  readonly name: string;
  readonly path?: string | undefined;
  readonly all: boolean;
  readonly depth: number;
  readonly limit: number;
  readonly max_tokens: number;
  readonly cursor?: string | undefined;
  readonly explain: boolean;
}

export interface RelationsResult {
  readonly answer: RelationsAnswer;
  readonly args: RelationArguments;
  readonly offset: number;
  readonly scope: string;
  /** How the same is asked with another name. */
  readonly again: (name: string) => string;
  readonly notes: readonly string[];
}

export interface Asked {
  readonly workspaces: WorkspaceProvider;
  readonly args: RelationArguments;
  readonly ctx: CallContext;
}

export async function askRelations(
  operation: string,
  relation: Relation,
  { workspaces, args, ctx }: Asked,
  again: RelationsResult['again'],
): Promise<RelationsResult> {
  if (args.name.trim() === '')
    throw invalidArgument('The name is empty', 'Give a name, a file, or path:line.');
  const scope = cursorScope(operation, workspaces);
  const position = args.cursor === undefined ? undefined : readCursor(scope, args, args.cursor);
  const workspace = await workspaces.ready(ctx);
  const offset = position?.offset ?? 0;
  const answer = await workspace.relations(
    {
      relation,
      name: targetOf(workspace.root, args.name),
      ...(args.path !== undefined && { path: normalizePath(workspace.root, args.path) }),
      all: args.all,
      depth: args.depth,
      limit: args.limit,
      offset,
    },
    callOptions(workspaces, ctx),
  );
  return {
    answer,
    args,
    offset,
    scope,
    again,
    notes: [...workspaces.notes(), ...pageNotes(position, answer)],
  };
}

function pageNotes(position: CursorPosition | undefined, { freshness }: RelationsAnswer): readonly string[] {
  if (position === undefined || position.generation === freshness.generation) return [];
  return ['the index changed since the page before; a line may be repeated or missing'];
}

/** True: nothing inside the repository is known that could add to the list. */
export function isComplete({ answer }: RelationsResult): boolean {
  return (
    answer.state === 'found' &&
    answer.unresolvedCount === 0 &&
    answer.droppedCount === 0 &&
    answer.mentions === undefined &&
    answer.notes.length === 0 &&
    !answer.isCut &&
    answer.freshness.state === 'fresh' &&
    seesAll(answer.coverage)
  );
}

export interface Rest {
  readonly count: number;
  readonly reason: 'limit' | 'max_tokens' | 'none';
  readonly cursor?: string;
}

/** What comes after the first `shown` lines of the page. */
export function restAfter(result: RelationsResult, shown: number): Rest {
  const { answer } = result;
  return restOf(result, answer, answer.items.length, answer.resolvedCount + answer.unresolvedCount, shown);
}

/** `count` lines were answered of `total`. */
export function restOf(
  { offset, scope, args }: { readonly offset: number; readonly scope: string; readonly args: object },
  answer: Pick<RelationsAnswer, 'nextOffset' | 'freshness'>,
  items: number,
  total: number,
  shown: number,
): Rest {
  const isWhole = shown >= items;
  const next = isWhole ? answer.nextOffset : offset + shown;
  if (next === undefined || next >= total) return { count: 0, reason: 'none' };
  const reason = isWhole ? 'limit' : 'max_tokens';
  const count = total - next;
  if (next <= offset) return { count, reason };
  const cursor = writeCursor(scope, args, { offset: next, generation: answer.freshness.generation });
  return { count, reason, cursor };
}
