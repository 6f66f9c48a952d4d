/** Runs an operation as a command: flags and standard input -> arguments, outcome -> text or JSON and exit code. */
import { LIMITS } from '@conexus/sdk/contract';
import type { Settings } from '../config/settings.ts';
import { invalidArgument } from '../errors.ts';
import type { ArgumentWords } from '../operations/arguments.ts';
import type { Operation } from '../operations/operation.ts';
import { commandWorkspaces } from '../workspaces/command-workspaces.ts';
import { EXIT } from './exit-codes.ts';
import type { Host } from './host.ts';
import { hostStyle, withLineEnd } from './host.ts';
import type { Flag, ParsedFlags } from './options.ts';
import { argumentsOf } from './options.ts';
import { progressBar } from './progress-bar.ts';

export interface OperationRun {
  readonly operation: Operation;
  readonly flags: readonly Flag[];
  readonly parsed: ParsedFlags;
}

export async function runOperation(
  { operation, flags, parsed }: OperationRun,
  settings: Settings,
  host: Host,
): Promise<number> {
  const args = {
    ...operation.help.defaults,
    ...argumentsOf(flags, parsed.values),
    ...(await positionalArguments(operation, parsed, host)),
  };
  const bar = progressBar(host);
  const signal = host.interruption();
  const workspaces = commandWorkspaces(settings, host.loadEngine, bar.show);
  try {
    const words = wordsOf(operation, flags);
    const outcome = await operation.call(workspaces, args, { signal, onProgress: bar.show, words });
    bar.clear();
    const isJson = parsed.values['json'] === true;
    const text = isJson
      ? JSON.stringify(outcome.structured())
      : outcome.terminal(hostStyle(host, settings), terminalTokens(parsed));
    await host.out(withLineEnd(text));
    if (signal.aborted) return EXIT.interrupted;
    if (outcome.failed === true) return EXIT.failure;
    return outcome.empty ? EXIT.empty : EXIT.ok;
  } finally {
    bar.clear();
    await workspaces.close();
  }
}

/** What a person reads is bounded like what a model reads, unless he says otherwise; the operation has checked the number. */
function terminalTokens({ values }: ParsedFlags): number {
  const given = values['max-tokens'];
  return given === undefined ? LIMITS.defaultTokens : Number(given);
}

function wordsOf({ help: { command } }: Operation, flags: readonly Flag[]): ArgumentWords {
  return {
    operation: `conexus ${command}`,
    spell(argument) {
      const flag = flags.find((one) => one.argument === argument);
      return flag ? `--${flag.name}` : argument;
    },
    advice: `See "conexus ${command} --help".`,
  };
}

async function positionalArguments(
  operation: Operation,
  { positionals }: ParsedFlags,
  host: Host,
): Promise<Record<string, unknown>> {
  const { positional, command } = operation.help;
  // ROOT of `index` is a setting, resolved before.
  if (positional === undefined || positional.argument === 'root') {
    if (positionals.length > (positional === undefined ? 0 : 1)) {
      throw invalidArgument(
        `Unexpected argument "${positionals.at(-1)}"`,
        `See "conexus ${command} --help".`,
      );
    }
    return {};
  }
  if (positionals.length === 0 && !positional.required) return {};
  if (positionals.length === 0) {
    throw invalidArgument(
      `${positional.valueName} is missing`,
      `For example: ${operation.help.examples[0]?.command ?? `conexus ${command} --help`}`,
    );
  }
  if (positionals.length > 1 && positional.argument === 'pattern') {
    throw invalidArgument(
      `${command} takes one pattern`,
      'Quote a pattern with spaces; give folders with --path.',
    );
  }
  // Unquoted words are one query.
  const isInput = positionals.length === 1 && positionals[0] === '-';
  if (isInput && positional.argument === 'task') return { task: await readTask(host) };
  const text = isInput ? await host.readInput(4 * LIMITS.queryChars) : positionals.join(' ');
  return { [positional.argument]: text };
}

/** What a failing test prints may be any number of pages: it begins with what was run and ends with what went wrong. */
async function readTask(host: Host): Promise<string> {
  const text = await host.readInput(MAX_TASK_INPUT);
  if (text.length <= LIMITS.queryChars) return text;
  const half = LIMITS.queryChars / 2 - 10;
  host.err(`The input has more than ${LIMITS.queryChars} characters: its beginning and its end are used.\n`);
  return `${text.slice(0, half).toWellFormed()}\n\n${text.slice(-half).toWellFormed()}`;
}

const MAX_TASK_INPUT = 64 << 20;
