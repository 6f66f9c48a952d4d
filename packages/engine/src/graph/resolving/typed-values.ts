/** Whether a value can be of a declared type in a compiled language. */
import type { Members } from './members.ts';
import type { State } from './state.ts';
import type { Value } from './values.ts';

/** Functions and what stands for them, and types of which nothing is known. */
const functionTypes = new Set(['Function']);

export function admitsTyped(state: State, members: Members, type: Value, value: Value): boolean {
  const of = state.data(type);
  const is = state.data(value);
  // Several results are taken apart before anything gets one.
  if (is.kind === 'container' && is.type === 'results') return false;
  switch (of.kind) {
    case 'class':
      return admitsClass(state, members, type, value);
    case 'builtin':
      return admitsNamed(state, of.name, value);
    case 'builtinValue':
      return admitsNamed(state, of.type, value);
    case 'container':
      return is.kind === 'container' || is.kind === 'external' || is.kind === 'instance';
    case 'external':
      // Of what comes from outside the declared type says all that is known.
      return is.kind === 'external'
        ? is.name === of.name
        : is.kind !== 'constant' && is.kind !== 'builtinValue';
    default:
      return true;
  }
}

function admitsClass(state: State, members: Members, type: Value, value: Value): boolean {
  const of = state.data(type);
  const is = state.data(value);
  if (of.kind !== 'class') return true;
  const { facts, file } = state.classes[of.index] as State['classes'][number];
  const isStructural = file.profile.typed === 'structural';
  const isInterface = facts.isInterface === true;
  switch (is.kind) {
    case 'instance':
      if (is.of === type) return true;
      if (isStructural && !isInterface) return false;
      return members.order(is.of).includes(type) || (isStructural && members.satisfies(is.of, type));
    case 'many':
      return facts.isCallable === true || isInterface;
    case 'function':
    case 'bound':
      return (
        facts.isCallable === true || (isInterface && !isStructural && file.profile.invokers === undefined)
      );
    case 'container':
      return !isInterface && !facts.members.some(([name]) => name !== '[*]');
    case 'builtinValue':
    case 'constant':
      return isInterface && file.profile.typed === 'traits';
    default:
      return false;
  }
}

/** Types of the language: numbers, texts, functions; any other name may hold everything. */
function admitsNamed(state: State, name: string, value: Value): boolean {
  const is = state.data(value);
  const isFunction =
    is.kind === 'function' || is.kind === 'bound' || is.kind === 'sink' || is.kind === 'many';
  if (functionTypes.has(name)) return isFunction || is.kind === 'instance' || is.kind === 'external';
  // Of foreign errors no more is known than that they are errors.
  if (name === 'error') return is.kind === 'instance' || is.kind === 'builtinValue';
  if (!primitive.test(name)) return true;
  if (is.kind === 'constant') return typeof is.value === 'string' ? name === 'string' : name !== 'string';
  return is.kind === 'builtinValue' ? is.type === name : false;
}

const primitive =
  /^(string|bool|boolean|byte|rune|char|short|int|long|float|double|u?int\d*|uintptr|float(32|64)|complex\d+|enum)$/;
