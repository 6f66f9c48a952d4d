/** What is wrong with settings, gathered so that all of it is said at once. Knows no setting. */
import { invalidArgument } from '../errors.ts';
import type { RawSettings } from './settings.ts';

export interface Problem {
  readonly message: string;
  /** An imperative sentence. */
  readonly fix: string;
}

/** The settings of one resolution, with what was found wrong so far. */
export interface SettingReader {
  readonly raw: RawSettings;
  readonly problems: Problem[];
}

/** @throws UserError invalid_argument where there are problems */
export function refuseProblems(problems: readonly Problem[]): void {
  const [first] = problems;
  if (first === undefined) return;
  if (problems.length === 1) throw invalidArgument(first.message, first.fix);
  const list = problems.map(({ message }, i) => `(${i + 1}) ${message}`).join('; ');
  const fixes = problems.map(({ fix }, i) => `(${i + 1}) ${fix}`).join(' ');
  throw invalidArgument(`${problems.length} settings are wrong: ${list}`, fixes);
}

/** An empty variable is one that is not set. */
export function readText({ raw }: SettingReader, name: string): string | undefined {
  return raw.env[name] || undefined;
}

export function readInteger(
  reader: SettingReader,
  name: string,
  min: number,
  max: number,
): number | undefined {
  const text = readText(reader, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  reader.problems.push({
    message: `The environment variable ${name} is "${text.slice(0, 40)}", not a whole number from ${min} to ${max}`,
    fix: `Correct or unset ${name}.`,
  });
  return undefined;
}

/** undefined, and a problem, for a word that is none of the choices. */
export function readChoice<T extends string>(
  reader: SettingReader,
  name: string,
  choices: readonly T[],
): T | undefined {
  const text = readText(reader, name);
  const choice = choices.find((each) => each === text?.toLowerCase());
  if (text !== undefined && choice === undefined)
    reader.problems.push({
      message: `The environment variable ${name} is "${text.slice(0, 40)}", not one of: ${choices.join(', ')}`,
      fix: `Set ${name} to one of them, or unset it.`,
    });
  return choice;
}
