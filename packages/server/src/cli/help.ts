/** `--help` from the command table. Text only. */
import { SETTING_HELP } from '../config/settings.ts';
import type { Command } from './commands.ts';
import { COMMAND_TABLE } from './commands.ts';
import { EXIT_HELP } from './exit-codes.ts';
import type { Flag } from './options.ts';

const WIDTH = 96;

export function overviewHelp(): string {
  const commands = COMMAND_TABLE.map((command) => row(command.name, command.summary, 14));
  return [
    'Conexus tells you, and coding agents, where things are in a repository: fresh, with file and line.',
    '',
    'Usage: conexus COMMAND [options]',
    '',
    'Commands:',
    ...commands,
    '',
    'Start here:',
    '  conexus search "where are sessions invalidated"    in any repository; the first search builds the index',
    '  conexus locate - < issue.md                        the files to read for an issue',
    '  conexus mcp                                        for an agent (see: conexus mcp --help)',
    '',
    'Environment:',
    ...SETTING_HELP.map(({ name, help }) => row(name, help, 25)),
    '',
    `Exit codes: ${EXIT_HELP}.`,
    'Nothing is written into the repository. Nothing leaves this machine unless you set CONEXUS_EMBEDDER or',
    'CONEXUS_RERANKER to a service elsewhere. "conexus COMMAND --help" tells more.',
  ].join('\n');
}

export function commandHelp(command: Command): string {
  const lines = [
    `Usage: ${command.usage}`,
    '',
    command.summary,
    ...command.details,
    '',
    'Options:',
    ...command.flags().map(flagHelp),
  ];
  if (command.examples.length > 0) {
    lines.push('', 'Examples:');
    for (const example of command.examples) lines.push(`  ${example.command}`, `      ${example.says}`);
  }
  lines.push('', `Exit codes: ${EXIT_HELP}.`);
  return lines.join('\n');
}

function flagHelp(flag: Flag): string {
  const short = flag.short === undefined ? '' : `-${flag.short}, `;
  const value = flag.valueName === undefined ? '' : ` ${flag.valueName}`;
  const choices = flag.choices.length === 0 ? '' : ` One of ${flag.choices.join(', ')}.`;
  return row(
    `${short}--${flag.name}${value}`,
    `${flag.help}${choices}${flag.multiple ? ' Repeatable.' : ''}`,
    22,
  );
}

/** Two columns, the second wrapped. */
function row(left: string, right: string, column: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of right.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > WIDTH - column - 2) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.map((text, i) => `  ${(i === 0 ? left : '').padEnd(column)} ${text}`).join('\n');
}
