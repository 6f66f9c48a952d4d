/** Whether a value can be of a declared type. Unknown types admit everything; an interface admits what has its members. */

import type { Profile } from '../languages/profile.ts';
import type { Place } from './flow.ts';
import type { Members } from './members.ts';
import type { State } from './state.ts';
import { admitsTyped } from './typed-values.ts';
import type { Value } from './values.ts';

/** Types of TypeScript that say nothing, as the reader of types gives them. */
const open = new Set(['any', 'unknown', 'object', 'Object', 'never', 'void']);
const callable = new Set(['Function', ...open]);

export function typeFilter(
  state: State,
  members: Members,
  type: Place,
  typed?: Profile['typed'],
): (value: Value) => boolean {
  const test = typed === undefined ? admits : admitsTyped;
  let verdicts: Map<Value, boolean> | undefined;
  let known = 0;
  return (value) => {
    const size = state.flow.size(type);
    if (size === 0) return true;
    if (size !== known) verdicts = undefined;
    known = size;
    verdicts ??= new Map();
    let verdict = verdicts.get(value);
    if (verdict === undefined) {
      const types = state.flow.valuesAt(type);
      if (verdicts.size >= maxThroughParameter && isTypeParameter(state, types)) return false;
      verdict = types.some((of) => test(state, members, of, value));
      verdicts.set(value, verdict);
    }
    return verdict;
  };
}

/** One generic function is shared by all who call it: what more passes through says nothing. */
const maxThroughParameter = 24;

function isTypeParameter(state: State, types: readonly Value[]): boolean {
  return types.some((type) => {
    const data = state.data(type);
    return data.kind === 'builtinValue' && data.type === '%parameter';
  });
}

function admits(state: State, members: Members, type: Value, value: Value): boolean {
  const of = state.data(type);
  const is = state.data(value);
  if (of.kind === 'class') {
    const { facts } = state.classes[of.index] as State['classes'][number];
    const isInterface = facts.isInterface === true;
    // What more there may be of a class is called by names that its members have.
    if (is.kind === 'many') return facts.isCallable === true;
    if (is.kind === 'instance')
      return (
        members.order(is.of).includes(type) ||
        (isInterface && hasMembers(state, members, is.of, facts.members))
      );
    if (is.kind === 'container') return is.type === 'object';
    const isCallable = /^(function|functionType|bound|class)$/.test(is.kind);
    if (isCallable) return isInterface && (facts.members.length === 0 || facts.isCallable === true);
    return is.kind !== 'constant' && is.kind !== 'builtinValue';
  }
  const name =
    of.kind === 'functionType'
      ? 'Function'
      : of.kind === 'builtin'
        ? of.name
        : of.kind === 'builtinValue'
          ? of.type
          : undefined;
  if (name === undefined) return of.kind !== 'container' || is.kind === 'container' || is.kind === 'external';
  if (open.has(name)) return true;
  switch (is.kind) {
    case 'many':
      return callable.has(name);
    case 'constant':
      return name.toLowerCase() === typeof is.value;
    case 'builtinValue':
      return name === is.type;
    case 'function':
    case 'functionType':
    case 'bound':
    case 'class':
      return callable.has(name);
    case 'instance':
      return members.order(is.of).some((base) => {
        const data = state.data(base);
        return data.kind === 'external' || (data.kind === 'builtin' && data.name === name);
      });
    case 'container':
      return is.type === 'object' && name !== 'string' && name !== 'number' && name !== 'boolean';
    default:
      return true;
  }
}

function hasMembers(
  state: State,
  members: Members,
  of: Value,
  wanted: readonly (readonly [name: string, value: number])[],
): boolean {
  const order = members.order(of);
  return wanted.every(([name]) => order.some((cls) => state.existingField(cls, name) !== undefined));
}
