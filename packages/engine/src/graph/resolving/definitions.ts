/** Functions and classes of all files by the numbers of their ids, and which of them a place holds. */

import { moduleId } from '../result/report.ts';
import type { Place } from './flow.ts';
import type { FileState, FunctionState, State } from './state.ts';
import type { Value } from './values.ts';

export interface Definitions {
  readonly state: State;
  readonly ids: Names;
  /** Number of the id of each function and class. */
  readonly functions: readonly number[];
  readonly classes: readonly number[];
}

/** Texts, each once, by number. */
export class Names {
  readonly list: string[] = [];
  readonly #numbers = new Map<string, number>();

  of(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.list.length;
      this.list.push(text);
      this.#numbers.set(text, number);
    }
    return number;
  }

  /** The texts in order, and the place of each in it by its number. */
  sorted(): { readonly list: readonly string[]; readonly rank: Int32Array } {
    const list = [...this.list].sort();
    const rank = new Int32Array(list.length);
    list.forEach((text, i) => {
      rank[this.of(text)] = i;
    });
    return { list, rank };
  }
}

/** The function under what binds or decorates it. */
export function functionOf(state: State, value: Value): FunctionState | undefined {
  const data = state.data(value);
  switch (data.kind) {
    case 'function':
      return state.functions[data.index];
    case 'bound':
    case 'static':
    case 'classMethod':
      return functionOf(state, data.fn);
    case 'property':
      return functionOf(state, data.getter);
    default:
      return undefined;
  }
}

/** Ids of the definitions that a place holds. */
export function definedAt(
  { state, ids, functions, classes }: Definitions,
  place: Place,
  withOutside: boolean,
  withModules = false,
): number[] {
  const found = new Set<number>();
  for (const value of state.flow.valuesAt(place)) {
    const data = state.data(value);
    const fn = functionOf(state, value);
    if (fn) found.add(functions[fn.index] as number);
    else if (data.kind === 'class') found.add(classes[data.index] as number);
    else if (withOutside && data.kind === 'external') found.add(ids.of(`<external>.${data.name}`));
    else if (withOutside && data.kind === 'builtin') found.add(ids.of(`<builtin>.${data.name}`));
    else if (withModules && data.kind === 'module')
      found.add(ids.of(moduleId((state.files[data.file] as FileState).path)));
  }
  return [...found];
}

export const lastName = (path: string): string => path.slice(path.lastIndexOf('.') + 1);
