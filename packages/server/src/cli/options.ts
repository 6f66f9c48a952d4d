/** Flags of a command, derived from the schema of its operation. Knows no command by name. */
import type { ParseArgsOptionsConfig } from 'node:util';
import { parseArgs } from 'node:util';
import { invalidArgument } from '../errors.ts';
import type { Operation } from '../operations/operation.ts';

export interface Flag {
  readonly name: string;
  readonly short?: string;
  /** Name of the operation's argument; undefined for flags of the command line itself. */
  readonly argument?: string;
  readonly valueName?: string;
  /** Meant where the value is left out. */
  readonly withoutValue?: string;
  readonly multiple: boolean;
  readonly choices: readonly string[];
  readonly help: string;
}

export const ROOT_FLAG: Flag = {
  name: 'root',
  valueName: 'DIR',
  multiple: false,
  choices: [],
  help: 'The repository. Default: CONEXUS_ROOT, CLAUDE_PROJECT_DIR, the working folder.',
};
export const JSON_FLAG: Flag = {
  name: 'json',
  multiple: false,
  choices: [],
  help: 'Print JSON for programs.',
};
export const HELP_FLAG: Flag = {
  name: 'help',
  short: 'h',
  multiple: false,
  choices: [],
  help: 'Show this help.',
};

interface PropertySchema {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly items?: { readonly enum?: readonly string[] };
  readonly default?: unknown;
}

/** Arguments whose values may hold commas. */
const WHOLE_VALUES = new Set(['paths', 'open_files']);
const VALUE_NAMES: Readonly<Record<string, string>> = {
  path: 'PATH',
  lang: 'NAME',
  kind: 'KIND',
  'symbol-kind': 'KIND',
  limit: 'N',
  depth: 'N',
  diff: 'REV',
  'max-tokens': 'N',
  cursor: 'CURSOR',
  'active-file': 'FILE',
  'open-file': 'FILE',
  detail: 'LEVEL',
};

export function flagsOf(operation: Operation): readonly Flag[] {
  const properties = (operation.inputSchema()['properties'] ?? {}) as Record<string, PropertySchema>;
  const own: Flag[] = [];
  for (const [argument, property] of Object.entries(properties)) {
    if (argument === operation.help.positional?.argument || operation.help.hidden?.includes(argument))
      continue;
    const name = operation.help.flags?.[argument] ?? argument.replaceAll('_', '-');
    const withoutValue = operation.help.withoutValue?.[argument];
    const choices = property.enum ?? property.items?.enum ?? [];
    const preset = operation.help.defaults?.[argument] ?? property.default;
    const forPeople = argument === 'max_tokens' && preset !== property.default ? property.default : undefined;
    const help = [
      property.description ?? '',
      preset === undefined || preset === false
        ? ''
        : forPeople === undefined
          ? `Default ${String(preset)}.`
          : `Default ${String(forPeople)}, with --json ${String(preset)}.`,
    ];
    own.push({
      name,
      argument,
      ...(property.type !== 'boolean' && { valueName: VALUE_NAMES[name] ?? 'VALUE' }),
      ...(withoutValue !== undefined && { withoutValue }),
      multiple: property.type === 'array',
      choices,
      help: help.filter((part) => part !== '').join(' '),
    });
  }
  return [...own, ROOT_FLAG, JSON_FLAG, HELP_FLAG];
}

export interface ParsedFlags {
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly positionals: readonly string[];
}

/** @throws UserError invalid_argument, with the nearest flag that exists */
export function parseFlags(command: string, flags: readonly Flag[], argv: readonly string[]): ParsedFlags {
  const options: ParseArgsOptionsConfig = {};
  for (const flag of flags) {
    options[flag.name] = {
      type: flag.valueName === undefined ? 'boolean' : 'string',
      multiple: flag.multiple,
      ...(flag.short !== undefined && { short: flag.short }),
    };
  }
  try {
    const { values, positionals } = parseArgs({
      args: withValues(flags, argv),
      options,
      allowPositionals: true,
      strict: true,
    });
    return { values: values as ParsedFlags['values'], positionals };
  } catch (error) {
    throw flagError(command, flags, error);
  }
}

/** `--diff` at the end or before another flag stands for `--diff=HEAD`. */
function withValues(flags: readonly Flag[], argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  return argv.map((word, i) => {
    const flag = flags.find(({ name }) => word === `--${name}`);
    if (flag?.withoutValue === undefined || (end >= 0 && i > end)) return word;
    const next = argv[i + 1];
    return next === undefined || next.startsWith('-') ? `${word}=${flag.withoutValue}` : word;
  });
}

function flagError(command: string, flags: readonly Flag[], error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error);
  const unknown = /^Unknown option '(-{0,2}[^']*)'/.exec(message)?.[1];
  if (unknown !== undefined) {
    const near = nearest(
      unknown.replace(/^-+/, ''),
      flags.map((flag) => flag.name),
    );
    const hint = near === undefined ? '' : `Did you mean --${near}? `;
    return invalidArgument(
      `Unknown option ${unknown}`,
      `${hint}See "conexus ${command} --help"; write -- before text that begins with a dash.`,
    );
  }
  return invalidArgument(message.split('\n')[0] ?? message, `See "conexus ${command} --help".`);
}

/** Values as the operation takes them. */
export function argumentsOf(flags: readonly Flag[], values: ParsedFlags['values']): Record<string, unknown> {
  const args: Record<string, unknown> = {};
  for (const flag of flags) {
    const value = values[flag.name];
    if (flag.argument === undefined || value === undefined) continue;
    args[flag.argument] =
      Array.isArray(value) && !WHOLE_VALUES.has(flag.argument)
        ? value.flatMap((part: string) => part.split(','))
        : value;
  }
  return args;
}

/** The candidate within two edits, if any. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = 3;
  for (const candidate of candidates) {
    const distance = editDistance(word.slice(0, 40), candidate);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, swap));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
