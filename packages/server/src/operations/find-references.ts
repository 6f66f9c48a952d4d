/** `find_references` for agents, `conexus callers`, `callees`, `references`, `definition` for people: one question, four words. */
import type { Relation } from '@conexus/engine';
import { FindReferencesInput, RelationInput, RelationsOutput } from '@conexus/sdk/contract';
import type { Operation, OperationHelp } from './operation.ts';
import { defineOperation } from './operation.ts';
import { LINES_ALIASES, RANKED_CLI_DEFAULTS } from './ranked-arguments.ts';
import { askRelations } from './relations.ts';
import { relationsOutcome } from './relations-text.ts';
import { shellWord } from './shell-word.ts';

const ALIASES = {
  ...LINES_ALIASES,
  symbol: 'name',
  function: 'name',
  method: 'name',
  class: 'name',
  identifier: 'name',
  query: 'name',
  target: 'name',
  file: 'path',
  file_path: 'path',
  folder: 'path',
  scope: 'path',
  max_depth: 'depth',
  levels: 'depth',
  merge: 'all',
  debug: 'explain',
} as const;

const READS = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };

export const findReferences = defineOperation({
  name: 'find_references',
  title: 'Find callers and references',
  description: `Who calls a definition, what it calls, where it is named or defined: path, line and the line itself, resolved through imports, classes and types.
Use it before you change or remove something, instead of grepping its name. Unresolved calls that may be more are listed apart.`,
  input: FindReferencesInput,
  output: RelationsOutput,
  aliases: { ...ALIASES, kind: 'relation', type: 'relation', direction: 'relation' },
  unlisted: ['path', 'all', 'limit', 'explain'],
  annotations: READS,
  channel: 'markdown',
  tool: true,
  help: {
    command: 'find_references',
    summary:
      'Find callers, callees, references or the definition (over MCP and HTTP; commands of their own here).',
    details: [],
    examples: [],
  },
  handler: (workspaces, { relation, ...args }, ctx) =>
    askRelations(
      'find_references',
      relation,
      { workspaces, args: { relation, ...args } as typeof args, ctx },
      (name) => `find_references ${JSON.stringify({ relation, name })}`,
    ),
  outcome: (result) => relationsOutcome(result),
});

interface Words {
  readonly title: string;
  readonly description: string;
  readonly help: Pick<OperationHelp, 'summary' | 'details' | 'examples'>;
}

const NAMES = [
  'NAME is a name (publish, Store.publish), an id (src.store.Store.publish), a file, or path:line. Where several',
  'definitions have the name, they are listed with the next call; --path narrows, --all takes them together.',
];
const OPEN = [
  'Calls that could not be resolved and may be more are listed at the end, and what the graph does not cover is said:',
  'nothing found is no proof that there is nothing.',
];

const COMMANDS: Readonly<Record<Relation, Words>> = {
  callers: {
    title: 'List callers',
    description:
      'Lists every call of a definition, with its line, and the unresolved calls that may be more.',
    help: {
      summary: 'List who calls a definition, with the line of each call.',
      details: [...NAMES, ...OPEN],
      examples: [
        { command: 'conexus callers Store.publish', says: 'direct callers' },
        {
          command: 'conexus callers src/store.ts:120 --depth 3',
          says: 'of what stands there, over three steps',
        },
        { command: 'conexus callers publish --path src/store.ts --json', says: 'for a program' },
      ],
    },
  },
  callees: {
    title: 'List callees',
    description:
      'Lists what a definition calls, with the line of each call, and the calls that could not be resolved.',
    help: {
      summary: 'List what a definition calls, with the line of each call.',
      details: NAMES,
      examples: [{ command: 'conexus callees Store.publish --depth 2', says: 'and what those call' }],
    },
  },
  references: {
    title: 'List references',
    description:
      'Lists every line that names a definition: calls, imports, subclasses, overriding methods, other uses.',
    help: {
      summary: 'List where a definition is named: calls, imports, subclasses, other uses.',
      details: [...NAMES, ...OPEN],
      examples: [{ command: 'conexus references Store', says: 'all of them' }],
    },
  },
  definition: {
    title: 'Find a definition',
    description: 'Shows where a name is defined.',
    help: {
      summary: 'Show where a name is defined.',
      details: NAMES,
      examples: [{ command: 'conexus definition publish --all', says: 'every definition of the name' }],
    },
  },
};

/** A command each, because that is what people type; the tool above is one, because models pay for every tool. */
export const RELATION_COMMANDS: readonly Operation[] = Object.entries(COMMANDS).map(([relation, words]) =>
  relationCommand(relation as Relation, words),
);

function relationCommand(relation: Relation, { title, description, help }: Words): Operation {
  return defineOperation({
    name: relation,
    title,
    description,
    input: RelationInput,
    output: RelationsOutput,
    aliases: ALIASES,
    annotations: READS,
    channel: 'markdown',
    tool: false,
    help: {
      command: relation,
      ...help,
      positional: { argument: 'name', valueName: 'NAME', required: true },
      defaults: RANKED_CLI_DEFAULTS,
    },
    handler: (workspaces, args, ctx) =>
      askRelations(
        relation,
        relation,
        { workspaces, args, ctx },
        (name) => `conexus ${relation} ${shellWord(name)}`,
      ),
    outcome: (result) => relationsOutcome(result),
  });
}
