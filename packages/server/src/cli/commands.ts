/** Every command of the binary: those of operations and those that only exist here. A table; help, dispatch and completions read it. */

import type { Operation, OperationHelp } from '../operations/operation.ts';
import { COMMANDS } from '../operations/registry.ts';
import type { Flag } from './options.ts';
import { flagsOf, HELP_FLAG, JSON_FLAG, ROOT_FLAG } from './options.ts';
import { SERVER_COMMANDS } from './server-commands.ts';

export interface Command {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  readonly details: readonly string[];
  readonly examples: OperationHelp['examples'];
  flags(): readonly Flag[];
  /** First positional words that are known, for completions. */
  readonly words?: readonly string[];
  readonly operation?: Operation;
}

export const DUMPS = ['outline', 'chunks', 'symbols', 'plan'] as const;
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

const IN_FLAG: Flag = {
  name: 'in',
  valueName: 'FILE',
  multiple: false,
  choices: [],
  help: 'Queries, one JSON object a line; - reads standard input.',
};
const OUT_FLAG: Flag = {
  name: 'out',
  valueName: 'FILE',
  multiple: false,
  choices: [],
  help: 'Results, one JSON object a line; - writes standard output.',
};
const LIMIT_FLAG: Flag = {
  name: 'limit',
  valueName: 'N',
  multiple: false,
  choices: [],
  help: 'Results for each query. Default 20.',
};
const COMMITS_FLAG: Flag = {
  name: 'commits',
  valueName: 'N',
  multiple: false,
  choices: [],
  help: 'Past commits to ask about, 10 to 1000. Default 100.',
};
const ABLATE_FLAG: Flag = {
  name: 'ablate',
  multiple: false,
  choices: [],
  help: 'Measure also without each kind of evidence: history, paths, definitions and so on.',
};
const LOCATE_FLAG: Flag = { name: 'locate', multiple: false, choices: [], help: 'Plan as for locate.' };

function ofOperation(operation: Operation): Command {
  const { positional, command, summary, details, examples } = operation.help;
  const value =
    positional === undefined
      ? ''
      : positional.required
        ? ` ${positional.valueName}`
        : ` [${positional.valueName}]`;
  return {
    name: command,
    usage: `conexus ${command}${value} [options]`,
    summary,
    details,
    examples,
    operation,
    flags: () => flagsOf(operation),
  };
}

export const COMMAND_TABLE: readonly Command[] = [
  ...COMMANDS.map(ofOperation),
  {
    name: 'mcp',
    usage: 'conexus mcp [--root DIR]',
    summary: 'Serve MCP over standard input and output, for coding agents.',
    details: [
      'A client starts this; it answers at once, builds the index in the background at the first call, follows edits,',
      'and ends when its standard input closes. Logs go to standard error.',
    ],
    examples: [
      { command: 'claude mcp add conexus -- npx -y conexus mcp', says: 'in Claude Code' },
      { command: 'codex mcp add conexus -- npx -y conexus mcp', says: 'in Codex' },
    ],
    flags: () => [ROOT_FLAG, HELP_FLAG],
  },
  ...SERVER_COMMANDS,
  {
    name: 'batch',
    usage: 'conexus batch --in FILE --out FILE [options]',
    summary: 'Answer many queries from a file, for evaluations.',
    details: [
      'Reads lines {"id", "query"} (as search) or {"id", "task"} (as locate); other keys are ignored. Writes, in the same',
      'order, lines {"id", "results": [{"path", "start", "end", "score"}], "ms"}; paths are relative to the root, best',
      'first. Brings the index up to date once, before the first query.',
    ],
    examples: [
      {
        command: 'conexus batch --root ../api --in queries.jsonl --out run.jsonl --limit 20',
        says: 'a whole file',
      },
    ],
    flags: () => [ROOT_FLAG, IN_FLAG, OUT_FLAG, LIMIT_FLAG, HELP_FLAG],
  },
  {
    name: 'eval',
    usage: 'conexus eval [options]',
    summary: 'Measure on your own repository how well files are found.',
    details: [
      'Takes past commits as questions: the message is the task of "locate", the source files that the commit changed are',
      'the answer. Asked is an index of the code and the history as they were before all of these commits. Prints how',
      'often the right files come first, beside a plain text search on the same questions, and the worst misses.',
      'The old code is copied from git objects into CONEXUS_HOME and removed afterwards; the repository is not touched.',
    ],
    examples: [
      { command: 'conexus eval', says: 'the repository of the working folder' },
      {
        command: 'conexus eval --root ../api --commits 200 --ablate',
        says: 'more questions, and what each kind of evidence is worth',
      },
      { command: 'conexus eval --json > eval.json', says: 'every question with its answers' },
    ],
    flags: () => [COMMITS_FLAG, ABLATE_FLAG, ROOT_FLAG, JSON_FLAG, HELP_FLAG],
  },
  {
    name: 'dump',
    usage: 'conexus dump outline|chunks|symbols PATH, conexus dump plan QUERY [options]',
    summary: 'Print what the index made of a file or a query, for people who work on Conexus.',
    details: ['symbols without PATH lists those of every file.'],
    examples: [
      { command: 'conexus dump outline src/server.ts', says: 'definitions of a file as a tree' },
      {
        command: 'conexus dump plan "TypeError: x is not a function" --locate',
        says: 'how a query is understood',
      },
    ],
    words: DUMPS,
    flags: () => [LOCATE_FLAG, ROOT_FLAG, JSON_FLAG, HELP_FLAG],
  },
  {
    name: 'completions',
    usage: 'conexus completions bash|zsh|fish',
    summary: 'Print a completion script for your shell.',
    details: [],
    examples: [
      { command: 'source <(conexus completions bash)', says: 'in ~/.bashrc; the same with zsh' },
      { command: 'conexus completions fish > ~/.config/fish/completions/conexus.fish', says: 'for fish' },
    ],
    words: SHELLS,
    flags: () => [HELP_FLAG],
  },
];
