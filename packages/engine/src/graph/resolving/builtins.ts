/** What calls of built-in functions and of methods of containers do with the values they are given. */

import { callCollection } from '../languages/collections.ts';
import { WrapperMethods } from '../languages/wrapper-methods.ts';
import type { Access } from './access.ts';
import type { Calls, PlacedArgument } from './calls.ts';
import { castTo } from './declared-types.ts';
import type { Place } from './flow.ts';
import { addFunctionResult, addMethodResult } from './script-results.ts';
import { anyKey, type CallSite, type State, type Where } from './state.ts';
import type { Value } from './values.ts';

/** Methods that hand an element out. */
const taking = new Set(
  'get pop popitem popleft shift at find findLast setdefault __getitem__ next'.split(' '),
);
/** Methods whose last argument becomes an element. */
const putting = new Set('append appendleft add insert push unshift fill set put setdefault'.split(' '));
/** Methods that take over all elements of their argument. */
const merging = new Set('extend update concat extendleft union'.split(' '));
/** Methods that give a container with the same elements, or the container itself. */
const same = new Set(
  'copy slice filter reverse sort toSorted toReversed flat splice fill concat union difference intersection add set'.split(
    ' ',
  ),
);
/** Methods of containers that call the functions they are given with elements. */
const calling = new Set(
  'map filter forEach reduce reduceRight some every find findIndex findLast findLastIndex flatMap sort toSorted'.split(
    ' ',
  ),
);
const elements = new Set('values entries items keys'.split(' '));
/** What these give depends on what they are given. */
const opaque =
  /^(Proxy|Reflect|JSON|Object|Function|eval|Array|Promise|Map|Set|WeakMap|WeakRef|structuredClone|globalThis|Symbol)\b/;
/** Decorators that make a method read like an attribute. */
const properties = /(^|\.)\w*property$/;
const partials = new Set(['functools.partial', 'functools.partialmethod', 'functools.update_wrapper']);

export class Builtins {
  readonly #state: State;
  readonly #access: Access;
  readonly #calls: Calls;
  readonly #wrappers: WrapperMethods;

  constructor(state: State, access: Access, calls: Calls) {
    this.#state = state;
    this.#access = access;
    this.#calls = calls;
    this.#wrappers = new WrapperMethods(state, access, calls);
  }

  call(
    site: CallSite,
    name: string,
    args: readonly PlacedArgument[],
    to: Place,
    where: Where,
    isNew: boolean,
  ): void {
    const { flow, values } = this.#state;
    const { profile } = where.file;
    const [first] = args;
    if (site.implicit === 'decorator' && this.#decorate(name, first, to)) return;
    if (site.implicit !== undefined) return;
    site.targets.add(`<builtin>.${name}`);
    if (this.#wrappers.build(site, name, args, to, where)) return;
    if (first !== undefined && profile.passing.has(name)) flow.flow(first.value, to);
    const made = profile.containers.get(name);
    if (made !== undefined) this.#make(site, made, args, to);
    const kind = profile.callers.get(name);
    if (kind !== undefined) this.#callGiven(site, kind, args, to, where, profile.callbackAt?.get(name));
    if (name === 'next' && first)
      flow.on(first.value, (value) => this.#access.elements.each(value, to, where));
    if (name === 'iter' && first) flow.flow(first.value, to);
    if (name === 'getattr' || name === 'setattr') this.#byName(name, args, to, where);
    if (name === 'type' && first) flow.on(first.value, (value) => this.#typeOf(value, to));
    if (name === 'enumerate' || name === 'zip') this.#zip(site, name, args, to, where);
    if (name === 'Object.create' && first) {
      const made = values.of({
        kind: 'container',
        type: 'object',
        place: `create ${site.file.number} ${site.line}`,
      });
      flow.flow(first.value, this.#state.field(made, '__proto__'));
      flow.add(to, made);
    }
    if (name === 'Object.assign' && first) this.#assign(first, args.slice(1), to);
    if (name === 'Object.values' || name === 'Object.entries' || name === 'Array.from')
      this.#valuesOf(site, name, first, to);
    if (made === undefined && (profile.types.has(name) || isNew))
      flow.add(to, values.of({ kind: 'builtinValue', type: name }));
    else this.#resultOf(name, to, where);
  }

  #resultOf(name: string, to: Place, where: Where): void {
    const { flow, values } = this.#state;
    const { profile } = where.file;
    const [type, method] = name.split('.');
    if (profile.keysAreNames) addFunctionResult(this.#state, name, to);
    if (type !== undefined && profile.methods.has(type)) {
      if (profile.keysAreNames) addMethodResult(this.#state, type, method ?? '', to);
    } else if (
      profile.resultsAreBuiltin &&
      !opaque.test(name) &&
      !profile.callers.has(name) &&
      !profile.passing.has(name)
    )
      // What a function of the environment gives is of the environment, as far as its name says.
      flow.add(to, values.of({ kind: 'builtin', name }));
    if (type === 'str' && method !== undefined && !/^(find|index|count|rfind)$/.test(method))
      flow.add(to, values.of({ kind: 'builtinValue', type: /split/.test(method) ? 'list' : 'str' }));
  }

  #decorate(name: string, first: PlacedArgument | undefined, to: Place): boolean {
    const { flow, values } = this.#state;
    if (first === undefined) return false;
    const wrap = (make: (fn: Value) => Value) => flow.on(first.value, (fn) => flow.add(to, make(fn)));
    if (name === 'property' || name === '%getter') wrap((getter) => values.of({ kind: 'property', getter }));
    else if (name === 'staticmethod') wrap((fn) => values.of({ kind: 'static', fn }));
    else if (name === 'classmethod') wrap((fn) => values.of({ kind: 'classMethod', fn }));
    else flow.flow(first.value, to);
    return true;
  }

  /** `dict(a=x)`, `list()`: a container of its own, also of a type outside the workspace. */
  #make(site: CallSite, type: string, args: readonly PlacedArgument[], to: Place): void {
    const { flow } = this.#state;
    const made = this.#container(type, site, 'made');
    flow.add(to, made);
    for (const { name, value, spread } of args) {
      if (name !== undefined) flow.flow(value, this.#state.field(made, `[s:${name}]`));
      else if (spread !== 'star')
        flow.on(value, (given) => {
          const isElement = site.file.profile.typed && this.#state.data(given).kind !== 'container';
          if (isElement) flow.add(this.#state.field(made, anyKey), given);
          else this.#merge(made, given);
        });
    }
  }

  /** What calling something outside the workspace gives, where it is known; false elsewhere. */
  callOutside(
    site: CallSite,
    name: string,
    args: readonly PlacedArgument[],
    to: Place,
    where: Where,
  ): boolean {
    const { flow, values } = this.#state;
    const [first] = args;
    const { profile } = where.file;
    if (profile.wrapperMethods !== undefined) return this.#wrappers.build(site, name, args, to, where);
    const kind = profile.typed && profile.callers.get(name);
    if (kind) {
      this.#callGiven(site, kind, args, to, where);
      return true;
    }
    const made = profile.containers.get(name);
    if (made !== undefined) {
      this.#make(site, made, args, to);
      return true;
    }
    if (first === undefined) return false;
    if (profile.casts?.has(name)) return castTo(this.#state, args, to);
    if (profile.typed && profile.passing.has(name)) flow.flow(first.value, to);
    else if (partials.has(name)) flow.flow(first.value, to);
    else if (site.implicit === 'decorator' && properties.test(name))
      flow.on(first.value, (getter) => flow.add(to, values.of({ kind: 'property', getter })));
    else return false;
    return true;
  }

  /** `map(f, list)`: functions among the arguments are called with the elements of the others. */
  #callGiven(
    site: CallSite,
    kind: 'results' | 'elements' | 'element',
    args: readonly PlacedArgument[],
    to: Place,
    where: Where,
    callbackAt?: number,
  ): void {
    const { flow } = this.#state;
    const items = flow.place();
    const results = flow.place();
    // What a promise hands its function settles it.
    if (site.text === 'Promise')
      flow.add(items, this.#state.values.of({ kind: 'builtin', name: 'Promise.resolve' }));
    for (const [index, { value: place }] of args.entries()) {
      flow.on(place, (value) => {
        const data = this.#state.data(value);
        const isCallback = data.kind === 'function' || data.kind === 'bound';
        if (isCallback && callbackAt !== undefined && index !== callbackAt) return;
        if (isCallback) {
          this.#calls.apply(site, value, [{ value: items }, { value: items }], results, where);
        } else if (data.kind === 'class') this.#calls.apply(site, value, [{ value: items }], results, where);
        else this.#access.elements.each(value, items, where);
      });
    }
    if (kind === 'element') {
      flow.flow(items, to);
      return;
    }
    const made = this.#container('list', site, `call ${kind}`);
    flow.flow(kind === 'results' ? results : items, this.#state.field(made, anyKey));
    flow.add(to, made);
  }

  #container(type: string, site: CallSite, role: string): Value {
    const place = `${role} ${site.file.number} ${site.from} ${site.line} ${site.text}`;
    const isList = type === 'list' || type === 'tuple';
    const ours = site.file.profile.keysAreNames && isList ? 'array' : type;
    return this.#state.values.of({ kind: 'container', type: ours, place });
  }

  #byName(name: string, args: readonly PlacedArgument[], to: Place, where: Where): void {
    const { flow } = this.#state;
    const [object, key, third] = args;
    if (object === undefined || key === undefined) return;
    flow.on(key.value, (value) => {
      const data = this.#state.data(value);
      if (data.kind !== 'constant' || typeof data.value !== 'string') return;
      const attribute = data.value;
      flow.on(object.value, (on) => {
        if (name === 'getattr') this.#access.get(on, attribute, to, where);
        else if (third !== undefined) this.#access.set(on, attribute, third.value, where);
      });
    });
    if (name === 'getattr' && third !== undefined) flow.flow(third.value, to);
  }

  #typeOf(value: Value, to: Place): void {
    const data = this.#state.data(value);
    if (data.kind === 'instance') this.#state.flow.add(to, data.of);
  }

  #zip(site: CallSite, name: string, args: readonly PlacedArgument[], to: Place, where: Where): void {
    const { flow } = this.#state;
    const pair = this.#container('tuple', site, 'pair');
    const list = this.#container('list', site, 'pairs');
    args.forEach((arg, index) => {
      const at = name === 'enumerate' ? 1 : index;
      if (name === 'enumerate' && index > 0) return;
      const items = this.#state.field(pair, `[n:${at}]`);
      flow.on(arg.value, (value) => this.#access.elements.each(value, items, where));
    });
    flow.add(this.#state.field(list, anyKey), pair);
    flow.add(to, list);
  }

  /** What is assigned from is looked through as prototypes are: no copy of every member. */
  #assign(target: PlacedArgument, sources: readonly PlacedArgument[], to: Place): void {
    const { flow } = this.#state;
    flow.flow(target.value, to);
    flow.on(target.value, (on) => {
      for (const source of sources) flow.flow(source.value, this.#state.field(on, '__proto__'));
    });
  }

  #valuesOf(site: CallSite, name: string, first: PlacedArgument | undefined, to: Place): void {
    const { flow } = this.#state;
    if (first === undefined) return;
    const made = this.#container('list', site, name);
    flow.on(first.value, (value) => {
      const items = this.#state.field(made, anyKey);
      if (name !== 'Object.entries') return flow.flow(this.#state.every(value), items);
      const pair = this.#container('list', site, 'entry');
      flow.flow(this.#state.every(value), this.#state.field(pair, '[n:1]'));
      flow.add(items, pair);
    });
    flow.add(to, made);
  }

  callContainer(
    site: CallSite,
    container: Value,
    name: string,
    args: readonly PlacedArgument[],
    to: Place,
    where: Where,
  ): void {
    const { flow } = this.#state;
    const data = this.#state.data(container);
    if (site.implicit === 'operator') return;
    if (where.file.profile.wrapperMethods !== undefined) {
      this.#wrappers.call(name, { site, on: container, args, to, where });
      return;
    }
    if (data.kind !== 'container') return;
    if (where.file.profile.typed === 'nominal') {
      const tools = { state: this.#state, access: this.#access, calls: this.#calls };
      callCollection(tools, { site, container, name: name.replace(/\([\d*]*\)$/, ''), args, to, where });
      return;
    }
    site.targets.add(`<builtin>.${data.type}.${name}`);
    const last = args.at(-1);
    if (putting.has(name) && last !== undefined && !(name === 'set' && args.length < 2))
      flow.flow(last.value, this.#state.field(container, anyKey));
    if (merging.has(name))
      for (const arg of args) flow.on(arg.value, (value) => this.#merge(container, value));
    if (taking.has(name)) this.#take(container, args, to, where);
    if (same.has(name)) flow.add(to, container);
    if (elements.has(name)) this.#elementsOf(site, container, name, to);
    if (where.file.profile.keysAreNames) addMethodResult(this.#state, data.type, name, to);
    if (calling.has(name) && where.file.profile.keysAreNames)
      this.#callEach(site, container, name, args, to, where);
  }

  #merge(container: Value, value: Value): void {
    const { flow } = this.#state;
    const data = this.#state.data(value);
    if (data.kind !== 'container') return;
    const into = this.#state.data(container);
    if (into.kind === 'container' && into.type === 'dict') {
      if (value === container) return;
      this.#state.onField(value, (name, place) => {
        if (name.startsWith('[')) flow.flow(place, this.#state.field(container, name));
      });
    } else flow.flow(this.#state.every(value), this.#state.field(container, anyKey));
  }

  #take(container: Value, args: readonly PlacedArgument[], to: Place, where: Where): void {
    const { flow } = this.#state;
    const [key, otherwise] = args;
    if (otherwise !== undefined) flow.flow(otherwise.value, to);
    const data = this.#state.data(container);
    const isKeyed = data.kind === 'container' && data.type === 'dict' && key !== undefined;
    if (!isKeyed) {
      flow.flow(this.#state.every(container), to);
      return;
    }
    flow.flow(this.#state.field(container, anyKey), to);
    flow.on(key.value, (value) => {
      const constant = this.#state.data(value);
      if (constant.kind === 'constant') this.#access.elements.getItem(container, constant.value, to, where);
      else flow.flow(this.#state.every(container), to);
    });
    if (flow.isEmpty(key.value)) flow.flow(this.#state.every(container), to);
  }

  #elementsOf(site: CallSite, container: Value, name: string, to: Place): void {
    const { flow } = this.#state;
    if (name === 'keys') return;
    const list = this.#container('list', site, name);
    const items = this.#state.field(list, anyKey);
    if (name === 'values') flow.flow(this.#state.every(container), items);
    else {
      const pair = this.#container('tuple', site, 'item');
      flow.flow(this.#state.every(container), this.#state.field(pair, '[n:1]'));
      flow.add(items, pair);
    }
    flow.add(to, list);
  }

  #callEach(
    site: CallSite,
    container: Value,
    name: string,
    args: readonly PlacedArgument[],
    to: Place,
    where: Where,
  ): void {
    const { flow } = this.#state;
    const items = this.#state.every(container);
    const results = flow.place();
    const [callback, initial] = args;
    if (callback === undefined) return;
    const isReduce = name.startsWith('reduce');
    const isSort = name === 'sort' || name === 'toSorted';
    const given = isReduce
      ? [{ value: results }, { value: items }]
      : [{ value: items }, { value: isSort ? items : flow.place() }];
    flow.on(callback.value, (fn) => this.#calls.apply(site, fn, given, results, where));
    if (isReduce) {
      if (initial !== undefined) flow.flow(initial.value, results);
      flow.flow(results, to);
    } else if (name === 'map' || name === 'flatMap') {
      const made = this.#container('list', site, name);
      flow.flow(results, this.#state.field(made, anyKey));
      if (name === 'flatMap')
        flow.on(results, (value) => flow.flow(this.#state.every(value), this.#state.field(made, anyKey)));
      flow.add(to, made);
    }
  }
}
