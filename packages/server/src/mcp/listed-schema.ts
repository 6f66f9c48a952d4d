/**
 * The schema of a tool as a model is shown it. Every word of it is paid for in every conversation, so it has what a model
 * chooses by: names, types, descriptions, short lists of values. Bounds on lengths, long lists and arguments for programs
 * stay out; the full schema decides when the tool is called. Knows no operation by name.
 */
import type { Operation } from '../operations/operation.ts';

type Schema = Readonly<Record<string, unknown>>;

/** What a model does not choose by; who goes beyond a bound is told it. */
const UNLISTED_KEYS = new Set([
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minimum',
  'maximum',
  'pattern',
]);
/** Longer lists of values are shown by example, in the description. */
const MAX_VALUES = 10;

export function listedSchema(operation: Operation): Schema {
  const schema = operation.inputSchema();
  const unlisted = new Set(operation.unlisted);
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>)
    .filter(([name]) => !unlisted.has(name))
    .map(([name, property]) => [name, listedProperty(property)]);
  return { ...schema, properties: Object.fromEntries(properties) };
}

function listedProperty(property: Schema): Schema {
  const kept = Object.entries(property)
    .filter(([key, value]) => !UNLISTED_KEYS.has(key) && !isLongList(key, value) && value !== false)
    .map(([key, value]) => [key, key === 'items' ? listedProperty(value as Schema) : value]);
  return Object.fromEntries(kept);
}

function isLongList(key: string, value: unknown): boolean {
  return key === 'enum' && Array.isArray(value) && value.length > MAX_VALUES;
}
