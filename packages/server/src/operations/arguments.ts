/**
 * Arguments as agents send them -> arguments of the schema. Agents invent names (`q`, `top_k`), send one string where
 * a list is wanted and numbers as text; what has one plain meaning is taken, everything else is refused with the
 * names that exist. Knows no operation.
 */
import type * as z from 'zod/v4';
import type { UserError } from '../errors.ts';
import { invalidArgument } from '../errors.ts';
import { inline } from '../render/text.ts';

interface Target<Input extends z.ZodObject> {
  readonly name: string;
  readonly input: Input;
  readonly aliases: Readonly<Record<string, string>>;
}

/** How a door spells what it is given: a command has flags. */
export interface ArgumentWords {
  readonly operation: string;
  spell(argument: string): string;
  readonly advice: string;
}

/** @throws UserError invalid_argument */
export function readArguments<Input extends z.ZodObject>(
  target: Target<Input>,
  schema: Record<string, unknown>,
  raw: unknown,
  words?: ArgumentWords,
): z.infer<Input> {
  const renamed = renameArguments(target, propertiesOf(schema), raw ?? {});
  const parsed = target.input.safeParse(renamed);
  if (parsed.success) return parsed.data;
  throw refusal(target, parsed.error, words);
}

type PropertySchema = { readonly type?: string; readonly items?: unknown };

function propertiesOf(schema: Record<string, unknown>): ReadonlyMap<string, PropertySchema> {
  return new Map(Object.entries((schema['properties'] ?? {}) as Record<string, PropertySchema>));
}

function renameArguments(
  target: Target<z.ZodObject>,
  properties: ReadonlyMap<string, PropertySchema>,
  raw: unknown,
): Record<string, unknown> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    throw invalidArgument(
      `The arguments of ${target.name} are not an object`,
      `Send an object with: ${listNames(properties)}.`,
    );
  }
  const names = new Map<string, string>();
  for (const [alias, name] of Object.entries(target.aliases)) names.set(fold(alias), name);
  for (const name of properties.keys()) names.set(fold(name), name);

  const result: Record<string, unknown> = {};
  // Exact names first, so that an alias beside its own name is seen as the duplicate it is.
  const entries = Object.entries(raw).sort(
    ([a], [b]) => Number(properties.has(b)) - Number(properties.has(a)),
  );
  for (const [key, value] of entries) {
    // Many agents send null for "not given".
    if (value === null || value === undefined) continue;
    const name = names.get(fold(key));
    const property = name === undefined ? undefined : properties.get(name);
    if (name === undefined || property === undefined) {
      throw invalidArgument(
        `${target.name} has no argument "${inline(key, 60)}"`,
        `Valid arguments: ${listNames(properties)}.`,
      );
    }
    const coerced = coerce(property, value);
    if (Object.hasOwn(result, name)) {
      if (JSON.stringify(result[name]) === JSON.stringify(coerced)) continue;
      throw invalidArgument(
        `"${inline(key, 60)}" repeats the argument "${name}" with another value`,
        `Give "${name}" once.`,
      );
    }
    result[name] = coerced;
  }
  return result;
}

/** `maxResults`, `max_results` and `max-results` are one name. */
function fold(key: string): string {
  return key.toLowerCase().replace(/[_-]/g, '');
}

function coerce(property: PropertySchema, value: unknown): unknown {
  if (property.type === 'array' && !Array.isArray(value)) {
    if (typeof value !== 'string') return value;
    return jsonArray(value) ?? [value];
  }
  if (typeof value !== 'string') return value;
  if ((property.type === 'integer' || property.type === 'number') && /^\s*-?\d+(\.\d+)?\s*$/.test(value))
    return Number(value);
  if (property.type === 'boolean' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  return value;
}

function jsonArray(text: string): unknown[] | undefined {
  if (!text.trimStart().startsWith('[') || text.length > 10_000) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function listNames(properties: ReadonlyMap<string, unknown>): string {
  return [...properties.keys()].join(', ');
}

/** Zod's issues name the field and the bound; only the first three are told, they are fixed one by one anyway. */
function refusal(
  target: Target<z.ZodObject>,
  error: z.ZodError,
  { operation, spell, advice }: ArgumentWords = wordsOf(target, error.issues.length),
): UserError {
  const told = error.issues.slice(0, 3).map((issue) => {
    const [argument, ...rest] = issue.path.map(String);
    return argument === undefined
      ? issue.message
      : `"${inline([spell(argument), ...rest].join('.'), 60)}": ${missing(issue) ?? inline(issue.message, 400)}`;
  });
  return invalidArgument(`Invalid arguments for ${operation}: ${told.join('; ')}`, advice);
}

function wordsOf({ name, input }: Target<z.ZodObject>, issues: number): ArgumentWords {
  const valid = Object.keys(input.shape).join(', ');
  return {
    operation: name,
    spell: (argument) => argument,
    advice: `Correct ${issues === 1 ? 'it' : 'them'} and repeat the call; valid arguments: ${valid}.`,
  };
}

function missing(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) return 'is required';
  if (issue.code === 'too_small' && issue.origin === 'string' && issue.minimum === 1)
    return 'must not be empty';
  return undefined;
}
