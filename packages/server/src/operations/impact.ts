/** `conexus impact`: what depends on a definition, a file or a change. Knows the engine's request, not how it is followed. */
import type { ImpactAnswer } from '@conexus/engine';
import { ImpactInput, ImpactOutput } from '@conexus/sdk/contract';
import { invalidArgument } from '../errors.ts';
import { cursorScope, readCursor } from './cursor.ts';
import type { ImpactResult } from './impact-result.ts';
import { impactOutcome } from './impact-text.ts';
import type { CallContext, WorkspaceProvider } from './operation.ts';
import { callOptions, defineOperation } from './operation.ts';
import { normalizePath, targetOf } from './paths.ts';
import { LINES_ALIASES, RANKED_CLI_DEFAULTS } from './ranked-arguments.ts';
import { shellWord } from './shell-word.ts';

const NAME = 'impact';

export const impact = defineOperation({
  name: NAME,
  title: 'Show the impact of a change',
  description:
    'What depends on a definition, a file or the changes of the working tree, directly and over others; which tests to run; which public names it touches; and what could not be resolved.',
  input: ImpactInput,
  output: ImpactOutput,
  aliases: {
    ...LINES_ALIASES,
    name: 'target',
    symbol: 'target',
    file: 'target',
    since: 'diff',
    revision: 'diff',
    rev: 'diff',
    base: 'diff',
    max_depth: 'depth',
  },
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  channel: 'markdown',
  tool: false,
  help: {
    command: 'impact',
    summary: 'Show what depends on a definition, a file or your changes, and which tests to run.',
    details: [
      'TARGET is a name (Store.publish), an id, a file, or path:line. With --diff REV instead: what the working tree changed',
      'since HEAD left that revision (HEAD: what is not committed; main: what this branch did). Objects of git are read,',
      'nothing of the repository is run. Goes back over calls, uses, inheritance, overriding and imports.',
      'Tests that reach the change come first; those found by name or by past commits are said to be so. What could not be',
      'resolved, and so may hide more, is counted and listed.',
    ],
    positional: { argument: 'target', valueName: 'TARGET', required: false },
    defaults: RANKED_CLI_DEFAULTS,
    withoutValue: { diff: 'HEAD' },
    examples: [
      { command: 'conexus impact Store.publish', says: 'of a definition' },
      { command: 'conexus impact src/store.ts --depth 2', says: 'of a file, two steps' },
      { command: 'conexus impact --diff', says: 'of what is not committed' },
      { command: 'conexus impact --diff main --json', says: 'of a branch, for a program' },
    ],
  },
  handler: ask,
  outcome: (result) => impactOutcome(result),
});

async function ask(
  workspaces: WorkspaceProvider,
  args: ImpactInput,
  ctx: CallContext,
): Promise<ImpactResult> {
  const { target = '', diff } = args;
  if (diff === undefined && target.trim() === '')
    throw invalidArgument(
      'Neither a target nor a diff is given',
      'Name a symbol or a file, or compare the working tree with a revision: --diff HEAD.',
    );
  if (diff !== undefined && target.trim() !== '')
    throw invalidArgument('Both a target and a diff are given', 'Give one of them.');
  const scope = cursorScope(NAME, workspaces);
  const position = args.cursor === undefined ? undefined : readCursor(scope, args, args.cursor);
  const workspace = await workspaces.ready(ctx);
  const offset = position?.offset ?? 0;
  const answer: ImpactAnswer = await workspace.impact(
    {
      ...(diff === undefined
        ? { target: targetOf(workspace.root, target) }
        : { since: diff.trim() || 'HEAD' }),
      ...(args.path !== undefined && { path: normalizePath(workspace.root, args.path) }),
      all: args.all,
      depth: args.depth,
      limit: args.limit,
      offset,
    },
    callOptions(workspaces, ctx),
  );
  const isMoved = position !== undefined && position.generation !== answer.freshness.generation;
  const notes = [
    ...workspaces.notes(),
    ...(isMoved ? ['the index changed since the page before; a line may be repeated or missing'] : []),
  ];
  return { answer, args, offset, scope, notes, again: (name) => `conexus impact ${shellWord(name)}` };
}
