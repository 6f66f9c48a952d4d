/** `locate_relevant_files` / `conexus locate`: files for a task, each with its reasons. Knows the engine's request, not its ranking. */
import { LocateInput, LocateOutput } from '@conexus/sdk/contract';
import { invalidArgument } from '../errors.ts';
import { defineOperation } from './operation.ts';
import { pairedOutcome } from './ranked.ts';
import { rankedAcross } from './ranked-across.ts';
import { RANKED_ALIASES, RANKED_CLI_DEFAULTS, RANKED_FLAGS, RANKED_UNLISTED } from './ranked-arguments.ts';
import type { Question } from './ranked-request.ts';
import { rankedAnswer } from './ranked-request.ts';

const NAME = 'locate_relevant_files';

export const locateRelevantFiles = defineOperation({
  name: NAME,
  title: 'Locate files for a task',
  description: `Lists the files to read or change for a task, best first, each with lines and reasons.
Use it first when you start on an issue, bug report, stack trace or change request: give the whole text, do not shorten it. It uses names, paths and traces in the text, tests beside sources, and past commits that resemble the task.`,
  input: LocateInput,
  output: LocateOutput,
  aliases: {
    ...RANKED_ALIASES,
    query: 'task',
    q: 'task',
    text: 'task',
    issue: 'task',
    description: 'task',
    prompt: 'task',
    question: 'task',
    taskdescription: 'task',
  },
  unlisted: [...RANKED_UNLISTED, 'detail'],
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  channel: 'structured',
  tool: true,
  help: {
    command: 'locate',
    summary: 'List the files to read or change for a task, with reasons.',
    details: ['Give the whole issue text, error message or stack trace; - reads standard input.'],
    positional: { argument: 'task', valueName: 'TASK', required: true },
    flags: RANKED_FLAGS,
    defaults: RANKED_CLI_DEFAULTS,
    examples: [
      { command: 'conexus locate "Session expires too early after a password change"', says: 'a bug report' },
      { command: 'conexus locate - < issue.md', says: 'a whole issue text' },
      { command: 'npm test 2>&1 | conexus locate - --limit 5', says: 'what a failing test prints' },
    ],
  },
  async handler(workspaces, args, ctx) {
    return rankedAnswer(NAME, { workspaces, args, ctx }, questionOf(args));
  },
  async across(repositories, args, ctx) {
    return rankedAcross(NAME, { repositories, args, ctx }, questionOf(args));
  },
  outcome: (result) => pairedOutcome(result),
});

/** @throws UserError invalid_argument */
function questionOf({ task }: { readonly task: string }): Question {
  if (task.trim() === '')
    throw invalidArgument('The task is empty', 'Give the text of the issue, error or request.');
  return {
    asked: task,
    ask: (workspace, request, signal) => workspace.locate({ task, ...request }, { signal }),
  };
}
