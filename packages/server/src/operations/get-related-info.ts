/** `get_related_info` / `conexus related`: why lines are as they are, and what hangs on them. Knows the engine's request, not its sources. */
import type { RelatedRequest } from '@conexus/engine';
import { RelatedInput, RelatedOutput } from '@conexus/sdk/contract';
import { invalidArgument } from '../errors.ts';
import { cursorScope, readCursor } from './cursor.ts';
import { callOptions, defineOperation } from './operation.ts';
import { targetOf } from './paths.ts';
import { generationNotes } from './ranked.ts';
import { RANKED_CLI_DEFAULTS } from './ranked-arguments.ts';
import { relatedOutcome } from './related-outcome.ts';

const NAME = 'get_related_info';

export const getRelatedInfo = defineOperation({
  name: NAME,
  title: 'Get related information',
  description: `Tells why code is as it is and what hangs on it: the commits that made its lines, the tickets and pull requests they name, decisions (ADRs) and documents that mention it, its tests, callers and the files usually changed with it.
Use it before you change a file, a definition or lines, or to learn what a ticket touched. Each entry has its proof: path:line with hash, or a commit.`,
  input: RelatedInput,
  output: RelatedOutput,
  aliases: {
    symbol: 'target',
    path: 'target',
    file: 'target',
    file_path: 'target',
    ticket: 'target',
    commit: 'target',
    hash: 'target',
    issue: 'target',
    name: 'target',
    query: 'target',
    id: 'target',
    sections: 'include',
    kinds: 'include',
    types: 'include',
    after: 'since',
    from_date: 'since',
    max_results: 'limit',
    count: 'limit',
    n: 'limit',
    top_k: 'limit',
    tokens: 'max_tokens',
    token_budget: 'max_tokens',
    budget: 'max_tokens',
    page: 'cursor',
    page_token: 'cursor',
    next_cursor: 'cursor',
  },
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  channel: 'markdown',
  tool: true,
  unlisted: ['cursor'],
  help: {
    command: 'related',
    summary: 'Show what belongs to a file, lines, a definition, a ticket or a commit, with proof.',
    details: [
      'The commits that made the lines (as git blame would say), tickets and pull requests that they name, decisions and',
      'documents that mention it, tests, callers, files changed with it. TARGET is a path, path:10-40, the name of a',
      'definition, a ticket such as #123 or ABC-123, or the hash of a commit: what it changed, and what names it. A file',
      'that was deleted is looked up in the history.',
    ],
    positional: { argument: 'target', valueName: 'TARGET', required: true },
    flags: { include: 'include' },
    defaults: RANKED_CLI_DEFAULTS,
    examples: [
      { command: 'conexus related src/net/retry.ts:10-40', says: 'who made these lines, and why' },
      { command: 'conexus related Store.publish --include callers --include tests', says: 'two sections' },
      { command: 'conexus related "#123" --json', says: 'a ticket, for a program' },
    ],
  },
  async handler(workspaces, args, ctx) {
    const scope = cursorScope(NAME, workspaces);
    const position = args.cursor === undefined ? undefined : readCursor(scope, args, args.cursor);
    const since = args.since === undefined ? undefined : dayOf(args.since);
    const workspace = await workspaces.ready(ctx);
    const request: RelatedRequest = {
      target: targetOf(workspace.root, args.target),
      ...(args.include !== undefined && { include: args.include }),
      ...(since !== undefined && { since }),
      limit: args.limit,
      offset: position?.offset ?? 0,
    };
    const answer = await workspace.related(request, callOptions(workspaces, ctx));
    const notes = [...workspaces.notes(), ...generationNotes(position, answer.freshness)];
    return { scope, answer, offset: position?.offset ?? 0, args, notes };
  },
  outcome: (result) => relatedOutcome(result),
});

/** @throws UserError invalid_argument */
function dayOf(text: string): number {
  const time = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(text))
    throw invalidArgument(`"since" is no day: ${text}`, 'Give a day such as 2024-05-31.');
  return time / 1000;
}
