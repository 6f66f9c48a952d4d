/** Entry of the binary: finds the command, shows help, maps errors to exit codes. Loads a command's code only when it runs. */
import { processSettings } from '../config/settings.ts';
import { invalidArgument, toSafeError } from '../errors.ts';
import { VERSION } from '../version.ts';
import type { Command } from './commands.ts';
import { COMMAND_TABLE, SHELLS } from './commands.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { commandHelp, overviewHelp } from './help.ts';
import type { ParsedFlags } from './options.ts';
import { nearest, parseFlags } from './options.ts';
import { processTerminal } from './terminal.ts';

export async function main(argv: readonly string[]): Promise<void> {
  const code = await run(argv).catch((error: unknown) => reportError(error, argv.includes('--json')));
  process.exitCode = code;
  // Workers or watchers of a failed command must not keep the process; what was written to a pipe must leave first.
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}

async function run(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const topic = name === 'help' ? rest[0] : undefined;
    print(topic === undefined ? overviewHelp() : commandHelp(findCommand(topic)));
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  if (name === '--version' || name === '-v' || name === 'version') {
    print(VERSION);
    return EXIT.ok;
  }
  const command = findCommand(name);
  const parsed = parseFlags(name, command.flags(), rest);
  if (parsed.values['help'] === true) {
    print(commandHelp(command));
    return EXIT.ok;
  }
  return runCommand(command, parsed);
}

async function runCommand(command: Command, parsed: ParsedFlags): Promise<number> {
  const settings = processSettings(rootOf(command, parsed));
  if (command.name === 'mcp') {
    if (parsed.positionals.length > 0)
      throw invalidArgument(
        `Unexpected argument "${parsed.positionals[0]}"`,
        'Give the repository with --root.',
      );
    const { serveMcpOverStdio } = await import('../mcp/serve-stdio.ts');
    await serveMcpOverStdio(settings);
    return EXIT.ok;
  }
  if (command.name === 'completions') return printCompletions(parsed.positionals[0]);
  const terminal = processTerminal(settings);
  if (command.operation !== undefined) {
    const { runOperation } = await import('./run-operation.ts');
    return runOperation({ operation: command.operation, flags: command.flags(), parsed }, settings, terminal);
  }
  if (command.name === 'batch') {
    const { runBatch } = await import('./batch.ts');
    return runBatch(parsed, settings, terminal);
  }
  const { runDump } = await import('./dump.ts');
  return runDump(parsed, settings, terminal);
}

/** `index ROOT` says the same as `index --root ROOT`. */
function rootOf(command: Command, { values, positionals }: ParsedFlags): string | undefined {
  const flag = typeof values['root'] === 'string' ? values['root'] : undefined;
  if (flag === '') throw invalidArgument('--root is empty', 'Give the folder of the repository.');
  return command.operation?.help.positional?.argument === 'root' ? (positionals[0] ?? flag) : flag;
}

async function printCompletions(shell: string | undefined): Promise<number> {
  const known = SHELLS.find((name) => name === shell);
  if (known === undefined)
    throw invalidArgument(`Unknown shell "${shell ?? ''}"`, `Say one of: ${SHELLS.join(', ')}.`);
  const { completionScript } = await import('./completions.ts');
  print(completionScript(known));
  return EXIT.ok;
}

function findCommand(name: string): Command {
  const command = COMMAND_TABLE.find((candidate) => candidate.name === name);
  if (command !== undefined) return command;
  const near = nearest(
    name,
    COMMAND_TABLE.map((candidate) => candidate.name),
  );
  throw invalidArgument(
    `Unknown command "${name.slice(0, 60)}"`,
    `${near === undefined ? '' : `Did you mean "${near}"? `}See "conexus --help".`,
  );
}

function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

function reportError(error: unknown, json: boolean): number {
  const safe = toSafeError(error, (line) => process.stderr.write(`conexus: ${line}\n`));
  if (json)
    print(
      JSON.stringify({
        error: safe instanceof Error ? { code: safe.code, message: safe.message, advice: safe.advice } : safe,
      }),
    );
  process.stderr.write(`conexus: ${safe.message.replace(/[.\s]+$/, '')}.\n  ${safe.advice}\n`);
  return exitCodeOf(safe);
}
