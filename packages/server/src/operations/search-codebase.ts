/** `search_codebase` / `conexus search`: passages for a query. Knows the engine's request, not its ranking. */
import type { SearchRequest } from '@conexus/engine';
import { SearchInput, SearchOutput } from '@conexus/sdk/contract';
import { invalidArgument } from '../errors.ts';
import { defineOperation } from './operation.ts';
import { normalizePath } from './paths.ts';
import { rankedOutcome } from './ranked.ts';
import { rankedAcross, refuseLike } from './ranked-across.ts';
import { RANKED_ALIASES, RANKED_CLI_DEFAULTS, RANKED_FLAGS, RANKED_UNLISTED } from './ranked-arguments.ts';
import type { Question } from './ranked-request.ts';
import { rankedAnswer } from './ranked-request.ts';

const NAME = 'search_codebase';

export const searchCodebase = defineOperation({
  name: NAME,
  title: 'Search code',
  description: `Finds where something is in this repository and returns the code, best first, as path:start-end with fenced lines.
Use it when you do not know the file: where a symbol is defined, a behaviour implemented, an error text or setting made. Write what you know: names, a phrase, an error message, a question.
Not for: reading a file you know, or every occurrence of one exact string (use grep).`,
  input: SearchInput,
  output: SearchOutput,
  aliases: {
    ...RANKED_ALIASES,
    q: 'query',
    text: 'query',
    question: 'query',
    search: 'query',
    searchquery: 'query',
    pattern: 'query',
    keywords: 'query',
    task: 'query',
    symbol: 'query',
    symbol_kind: 'symbol_kinds',
    similar_to: 'like',
    like_path: 'like',
  },
  unlisted: [...RANKED_UNLISTED, 'symbol_kinds'],
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  channel: 'markdown',
  tool: true,
  help: {
    command: 'search',
    summary: 'Find code for a query: names, a phrase, an error message, a question.',
    details: [
      'Builds the index first if there is none, then answers from the working tree as it is now.',
      'A query that is wholly in double quotes is matched exactly (of several quoted texts all are wanted), one in slashes as a',
      'regular expression: what lacks it is no result. Quotes within a question only lift what holds them.',
      'The query - reads standard input.',
      'With --like PATH:START-END instead of a query: other code that does what these lines do.',
    ],
    positional: { argument: 'query', valueName: 'QUERY', required: false },
    flags: RANKED_FLAGS,
    defaults: RANKED_CLI_DEFAULTS,
    examples: [
      { command: 'conexus search "where are sessions invalidated"', says: 'a question in words' },
      {
        command: 'conexus search parseConfig --symbol-kind function --path "src/**"',
        says: 'a definition, in one folder',
      },
      { command: 'conexus search --like src/net/retry.ts:10-40', says: 'code like these lines' },
      {
        command: 'pbpaste | conexus search - --limit 5 --json',
        says: 'an error text from standard input, for a program',
      },
    ],
  },
  async handler(workspaces, args, ctx) {
    return rankedAnswer(NAME, { workspaces, args, ctx }, questionOf(args));
  },
  async across(repositories, args, ctx) {
    refuseLike(args.like);
    return rankedAcross(NAME, { repositories, args, ctx }, questionOf(args));
  },
  outcome: (result) => rankedOutcome(result),
});

/** @throws UserError invalid_argument */
function questionOf(args: { query?: string | undefined; like?: string | undefined }): Question {
  const asked = askedFor(args);
  return {
    asked: asked.text,
    ask: (workspace, request, signal) =>
      workspace.search({ ...requestOf(workspace.root, asked), ...request }, { signal }),
  };
}

/** What is asked: words, or lines of a file. */
interface Asked {
  readonly text: string;
  readonly like?: string;
}

/** @throws UserError invalid_argument unless there is exactly one of the two */
function askedFor({ query = '', like }: { query?: string | undefined; like?: string | undefined }): Asked {
  if (like === undefined && query.trim() === '')
    throw invalidArgument('The query is empty', 'Say what to find: a name, a phrase or a question.');
  if (like === undefined) return { text: query };
  if (query.trim() !== '')
    throw invalidArgument(
      'Both query and like are given',
      'Give words, or lines that are like what you look for.',
    );
  return { text: `code like ${like}`, like };
}

function requestOf(root: string, { text, like }: Asked): Pick<SearchRequest, 'query' | 'like'> {
  return like === undefined ? { query: text } : { query: '', like: likeOf(root, like) };
}

/** A path is made relative, whatever it begins with; it is no name. */
const likeOf = (root: string, like: string): string => normalizePath(root, like.trim());
