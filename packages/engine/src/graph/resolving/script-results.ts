/** What functions and methods of JavaScript give, as far as it is a text, a number or plain data. */
import type { Place } from './flow.ts';
import { anyKey, type State } from './state.ts';
import type { Value } from './values.ts';

const textList = /^(split|match|matchAll|exec)$/;
const number = /^(indexOf|lastIndexOf|search|charCodeAt|codePointAt|localeCompare)$/;
const text = /^(to\w*String|toFixed|toPrecision|toExponential|join)$/;
const truth = /^(includes|startsWith|endsWith)$/;

/** Of a method of a value of the language. */
export function addMethodResult(state: State, type: string, method: string, to: Place): void {
  const { flow, values } = state;
  if (textList.test(method)) flow.add(to, texts(state));
  else if (number.test(method)) flow.add(to, values.of({ kind: 'builtinValue', type: 'number' }));
  else if (text.test(method) || (type === 'string' && !truth.test(method)))
    flow.add(to, values.of({ kind: 'builtinValue', type: 'string' }));
}

/** Of a function by its full name. */
export function addFunctionResult(state: State, name: string, to: Place): void {
  const { flow, values } = state;
  switch (name) {
    case 'Object.keys':
    case 'Object.getOwnPropertyNames':
      flow.add(to, texts(state));
      return;
    // Plain data: what is called on it is of the language.
    case 'JSON.parse':
      flow.add(to, values.of({ kind: 'builtin', name }));
      return;
    case 'JSON.stringify':
      flow.add(to, values.of({ kind: 'builtinValue', type: 'string' }));
  }
}

/** A list of texts: one for all, because nothing is put into it. */
function texts(state: State): Value {
  const { flow, values } = state;
  const list = values.of({ kind: 'container', type: 'array', place: 'strings' });
  flow.add(state.field(list, anyKey), values.of({ kind: 'builtinValue', type: 'string' }));
  return list;
}
