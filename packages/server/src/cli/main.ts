/** Entry of the binary: finds the command, shows help, maps errors to exit codes. Loads a command's code only when it runs. */
import type { Settings } from '../config/settings.ts';
import { resolveSettings } from '../config/settings.ts';
import { invalidArgument, toSafeError } from '../errors.ts';
import { VERSION } from '../version.ts';
import type { Command } from './commands.ts';
import { COMMAND_TABLE, SHELLS } from './commands.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { commandHelp, overviewHelp } from './help.ts';
import type { Host } from './host.ts';
import { processHost, withLineEnd } from './host.ts';
import type { ParsedFlags } from './options.ts';
import { nearest, parseFlags } from './options.ts';

export async function main(argv: readonly string[]): Promise<void> {
  // `conexus search x | head -1` closes the pipe early; that is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 3));
  const code = await runCli(argv, processHost());
  process.exitCode = code;
  // Workers or watchers of a failed command must not keep the process; what was written to a pipe must leave first.
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}

/** The exit code. Never throws. */
export async function runCli(argv: readonly string[], host: Host): Promise<number> {
  try {
    return await run(argv, host);
  } catch (error) {
    return reportError(error, argv.includes('--json'), host);
  }
}

async function run(argv: readonly string[], host: Host): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const topic = name === 'help' ? rest[0] : undefined;
    await host.out(withLineEnd(topic === undefined ? overviewHelp() : commandHelp(findCommand(topic))));
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  if (name === '--version' || name === '-v' || name === 'version') {
    await host.out(`${VERSION}\n`);
    return EXIT.ok;
  }
  const command = findCommand(name);
  const parsed = parseFlags(name, command.flags(), rest);
  if (parsed.values['help'] === true) {
    await host.out(withLineEnd(commandHelp(command)));
    return EXIT.ok;
  }
  return runCommand(command, parsed, host);
}

async function runCommand(command: Command, parsed: ParsedFlags, host: Host): Promise<number> {
  if (command.name === 'completions') return printCompletions(parsed.positionals[0], host);
  const resolve = () => resolveSettings({ ...host, root: rootOf(command, parsed) });
  if (command.name === 'serve') {
    const { runServe } = await import('./serve.ts');
    return runServe(parsed, resolve, host);
  }
  const settings = resolve();
  if (command.name === 'mcp') return serveMcp(parsed, settings);
  if (command.operation !== undefined) {
    const { runOperation } = await import('./run-operation.ts');
    return runOperation({ operation: command.operation, flags: command.flags(), parsed }, settings, host);
  }
  if (command.name === 'keys') {
    const { runKeys } = await import('./keys.ts');
    return runKeys(parsed, settings, host);
  }
  if (command.name === 'audit') {
    const { runAudit } = await import('./audit.ts');
    return runAudit(parsed, settings, host);
  }
  if (command.name === 'batch') {
    const { runBatch } = await import('./batch.ts');
    return runBatch(parsed, settings, host);
  }
  if (command.name === 'eval') {
    const { runEval } = await import('./eval.ts');
    return runEval(parsed, settings, host);
  }
  const { runDump } = await import('./dump.ts');
  return runDump(parsed, settings, host);
}

async function serveMcp({ positionals: [unexpected] }: ParsedFlags, settings: Settings): Promise<number> {
  if (unexpected !== undefined) {
    throw invalidArgument(`Unexpected argument "${unexpected}"`, 'Give the repository with --root.');
  }
  const { serveMcpOverStdio } = await import('../mcp/serve-stdio.ts');
  await serveMcpOverStdio(settings);
  return EXIT.ok;
}

/** `index ROOT` says the same as `index --root ROOT`. */
function rootOf(command: Command, { values, positionals }: ParsedFlags): string | undefined {
  const flag = typeof values['root'] === 'string' ? values['root'] : undefined;
  if (flag === '') throw invalidArgument('--root is empty', 'Give the folder of the repository.');
  return command.operation?.help.positional?.argument === 'root' ? (positionals[0] ?? flag) : flag;
}

async function printCompletions(shell: string | undefined, host: Host): Promise<number> {
  const known = SHELLS.find((name) => name === shell);
  if (known === undefined)
    throw invalidArgument(`Unknown shell "${shell ?? ''}"`, `Say one of: ${SHELLS.join(', ')}.`);
  const { completionScript } = await import('./completions.ts');
  await host.out(completionScript(known));
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

async function reportError(error: unknown, json: boolean, host: Host): Promise<number> {
  const safe = toSafeError(error, (line) => host.err(`conexus: ${line}\n`));
  const { code, message, advice } = safe;
  if (json) await host.out(`${JSON.stringify({ error: { code, message, advice } })}\n`);
  host.err(`conexus: ${message.replace(/[.\s]+$/, '')}.\n  ${advice}\n`);
  return exitCodeOf(safe);
}
