/** The abstract values that variables may hold, interned: a number each, so that sets of them are sets of numbers. */
import type { Constant } from '../../model/code-facts.ts';

/** Number of a value. */
export type Value = number;

export type ValueData =
  /** Stands for values that a place does not take any more. */
  | { readonly kind: 'many' }
  /** A function of the workspace, by its number over all files. */
  | { readonly kind: 'function'; readonly index: number }
  | { readonly kind: 'class'; readonly index: number }
  /** Of a class, or of a function that is called with `new`: one for all places that make one. */
  | {
      readonly kind: 'instance';
      readonly of: Value;
      /** Known by a declared type alone: may be of any class below. */
      readonly isDeclared?: true;
    }
  | { readonly kind: 'bound'; readonly fn: Value; readonly receiver: Value }
  | { readonly kind: 'module'; readonly file: number }
  /** A package without code of its own, by its folder. */
  | { readonly kind: 'folder'; readonly path: string }
  /** A list, dictionary or object, by the place that makes it. */
  | { readonly kind: 'container'; readonly type: string; readonly place: string }
  | { readonly kind: 'constant'; readonly value: Constant }
  /** A value of a built-in type, e.g. `str`. */
  | { readonly kind: 'builtinValue'; readonly type: string }
  /** A function, class or module of the language. */
  | { readonly kind: 'builtin'; readonly name: string }
  /** A method of a container, e.g. `append` of this list. */
  | { readonly kind: 'containerMethod'; readonly of: Value; readonly name: string }
  /** Something of a package outside the workspace, or what calling it gives. */
  | { readonly kind: 'external'; readonly name: string }
  | { readonly kind: 'super'; readonly owner: Value; readonly receiver: Value; readonly isOwn?: true }
  | { readonly kind: 'property'; readonly getter: Value }
  /** `setter` and the like of a property: called, it gives the property. */
  | { readonly kind: 'propertyPart'; readonly property: Value }
  | { readonly kind: 'static'; readonly fn: Value }
  | { readonly kind: 'classMethod'; readonly fn: Value }
  /** Called, it gives what is in a place; no code of the source. */
  | { readonly kind: 'accessor'; readonly place: number }
  /** A type of functions, by its number over all files. */
  | { readonly kind: 'functionType'; readonly index: number }
  /** Called, it calls a function with arguments that are not followed. */
  | { readonly kind: 'within'; readonly fn: Value }
  /** Called, it passes its arguments to the names of a loop: `for k, v := range f`. */
  | { readonly kind: 'sink'; readonly first: number; readonly second: number }
  | { readonly kind: 'generator'; readonly fn: number }
  /** What, called, gives the next value of a generator. */
  | { readonly kind: 'generatorMethod'; readonly fn: number }
  /** `call`, `apply` or `bind` of a function. */
  | { readonly kind: 'functionMethod'; readonly fn: Value; readonly name: string };

export class Values {
  readonly #data: ValueData[] = [];
  readonly #byKey = new Map<string, Value>();
  /** What most values are, by their parts: a text for each question would cost more than the answer. */
  readonly #byPart = new Map<ValueData['kind'], Map<number, Value>>();
  readonly #bound = new Map<Value, Map<Value, Value>>();

  of(data: ValueData): Value {
    switch (data.kind) {
      case 'function':
      case 'class':
        return this.#byNumber(data.kind, data.index, data);
      case 'instance':
        return this.#byNumber(data.kind, 2 * data.of + (data.isDeclared === true ? 1 : 0), data);
      case 'module':
        return this.#byNumber(data.kind, data.file, data);
      case 'bound': {
        let receivers = this.#bound.get(data.fn);
        if (receivers === undefined) {
          receivers = new Map();
          this.#bound.set(data.fn, receivers);
        }
        return this.#in(receivers, data.receiver, data);
      }
      default:
        return this.#in(this.#byKey, keyOf(data), data);
    }
  }

  #byNumber(kind: ValueData['kind'], number: number, data: ValueData): Value {
    let values = this.#byPart.get(kind);
    if (values === undefined) {
      values = new Map();
      this.#byPart.set(kind, values);
    }
    return this.#in(values, number, data);
  }

  #in<Key>(values: Map<Key, Value>, key: Key, data: ValueData): Value {
    let value = values.get(key);
    if (value === undefined) {
      value = this.#data.length;
      this.#data.push(data);
      values.set(key, value);
    }
    return value;
  }

  data(value: Value): ValueData {
    return this.#data[value] as ValueData;
  }

  get size(): number {
    return this.#data.length;
  }
}

function keyOf(data: ValueData): string {
  let key: string = data.kind;
  for (const part of Object.values(data)) key += `\0${typeof part === 'number' ? `#${part}` : part}`;
  return key;
}
