/** Which methods run where only a declared type is known, and calls of types and of methods without a receiver. */
import type { Access } from './access.ts';
import type { Calls, PlacedArgument } from './calls.ts';
import type { Place } from './flow.ts';
import type { Members } from './members.ts';
import type { CallSite, FileState, FunctionState, FunctionType, State, Where } from './state.ts';
import type { Value, ValueData } from './values.ts';

/** A declared type with more classes below it does not tell what runs. */
const maxImplementations = 48;

/** Where overloads are told apart by their number of parameters. */
export function overloadKey(name: string, parameters: number): string {
  return `${name}(${parameters})`;
}

export class TypedCalls {
  readonly #state: State;
  readonly #members: Members;
  readonly #access: Access;
  readonly #calls: Calls;
  readonly #below = new Map<Value, ReadonlySet<string>>();

  constructor(state: State, members: Members, access: Access, calls: Calls) {
    this.#state = state;
    this.#members = members;
    this.#access = access;
    this.#calls = calls;
  }

  /** `A::m` called with an A: the first argument is the receiver, and its class tells what runs. */
  callUnbound(
    site: CallSite,
    fn: FunctionState,
    args: readonly PlacedArgument[],
    to: Place,
    file: FileState,
  ): void {
    const { flow } = this.#state;
    const [first, ...rest] = args;
    if (first === undefined || first.spread !== undefined) return;
    const bare = fn.facts.path.slice(fn.facts.path.lastIndexOf('.') + 1);
    flow.on(first.value, (receiver) => {
      if (this.#state.data(receiver).kind !== 'instance') return;
      const method = flow.place();
      const name = overloadKey(bare, fn.facts.parameters.length);
      this.#access.get(receiver, name, method, this.#whereOf(site, file));
      flow.on(method, (found) => {
        const data = this.#state.data(found);
        if (data.kind === 'bound') this.#calls.enter(site, data.fn, rest, to, file, data.receiver);
      });
    });
  }

  /** `Trait::method(&x)` is `x.method()`. False: no such call. */
  callOfTrait(
    site: CallSite,
    index: number,
    args: readonly PlacedArgument[],
    to: Place,
    where: Where,
  ): boolean {
    const { flow } = this.#state;
    const { file, facts } = this.#state.functions[index] as FunctionState;
    const [self, ...rest] = args;
    if (file.profile.typed !== 'traits' || facts.owner < 0 || self === undefined) return false;
    if (facts.parameters[0]?.name !== 'self') return false;
    const name = facts.path.slice(facts.path.lastIndexOf('.') + 1);
    const method = flow.place();
    flow.on(self.value, (value) => this.#access.get(value, name, method, where));
    flow.on(method, (found) => this.#calls.apply(site, found, rest, to, where));
    return true;
  }

  #whereOf(site: CallSite, file: FileState): Where {
    return file === site.file ? this.#state.outside(site) : this.#state.newWhere(file, 0, site.line);
  }

  /** A method is called on what is only promised to be of a class, and a class below has one of its own. */
  mayBeOverridden({ facts }: FunctionState, receiver: Value): boolean {
    const data = this.#state.data(receiver);
    if (data.kind !== 'instance' || !this.#state.promised.has(data.of) || facts.owner < 0) return false;
    return this.#namesBelow(data.of).has(facts.path.slice(facts.path.lastIndexOf('.') + 1));
  }

  /** What classes below have as their own; bases that are found later do not count. */
  #namesBelow(of: Value): ReadonlySet<string> {
    let names = this.#below.get(of);
    if (names === undefined) {
      names = new Set([...this.#members.descendants(of)].flatMap((below) => this.#state.fieldNames(below)));
      this.#below.set(of, names);
    }
    return names;
  }

  /** Whether what a type says that a function gives counts: not before it is clear that no function is known in its stead. */
  isTrusted(site: CallSite, fn: FunctionState, to: Place): boolean {
    const { promises } = this.#state;
    if (promises !== undefined) promises.push({ site, result: fn.file.place + fn.facts.result, to });
    return promises === undefined && !callsOurs(site, this.#state);
  }

  /** Who is called is not known; what the type says of it is. */
  #callOfType(site: CallSite, type: FunctionType, to: Place): void {
    const { flow, promises } = this.#state;
    if (promises !== undefined) promises.push({ site, result: type.result, to });
    else if (!callsOurs(site, this.#state)) flow.flow(type.result, to);
  }

  isDeclared(value: Value): boolean {
    const data = this.#state.data(value);
    return data.kind === 'instance' && data.isDeclared === true;
  }

  /** A declared method runs in whatever implements it. False: nothing does. */
  enterImplementations(
    site: CallSite,
    fn: FunctionState,
    args: readonly PlacedArgument[],
    to: Place,
    file: FileState,
    receiver: Value | undefined,
  ): boolean {
    if (fn.facts.owner < 0 || (receiver === undefined && fn.facts.isStatic !== true)) return false;
    const { flow, values } = this.#state;
    const { typed } = fn.file.profile;
    const declared = receiver === undefined ? undefined : this.#state.data(receiver);
    // What a declared type says holds for what is below it, not for all that shares the method.
    const owner =
      (typed === 'nominal' || typed === 'gradual') && declared?.kind === 'instance'
        ? declared.of
        : this.#state.classValue(fn.file.firstClass + fn.facts.owner);
    const bare = fn.facts.path.slice(fn.facts.path.lastIndexOf('.') + 1);
    const name =
      typed === 'nominal'
        ? overloadKey(bare, fn.facts.parameters.length)
        : typed === 'gradual'
          ? `${bare}()`
          : bare;
    const all = this.#members.descendants(owner);
    if (typed !== undefined && all.size > maxImplementations) return false;
    let isAny = false;
    for (const below of all) {
      const type = this.#state.data(below);
      const made = values.of(
        type.kind === 'builtin' ? { kind: 'builtinValue', type: type.name } : { kind: 'instance', of: below },
      );
      if (typed === 'structural') {
        isAny = true;
        const bound = flow.place();
        this.#access.get(made, name, bound, this.#whereOf(site, file));
        flow.on(bound, (found) => {
          const data = this.#state.data(found);
          if (data.kind !== 'bound') return;
          site.isGuess = true;
          this.#calls.enter(site, data.fn, args, to, file, data.receiver);
        });
        continue;
      }
      const own = this.#state.existingField(below, name);
      if (own === undefined) continue;
      isAny = true;
      flow.on(own, (found) => {
        const data = this.#state.data(found);
        if (data.kind !== 'function') return;
        site.isGuess = true;
        this.#calls.enter(site, found, args, to, file, receiver === undefined ? undefined : made);
      });
    }
    return isAny;
  }

  /** `T(x)`: the value as a T. What can be called or has elements keeps that. */
  convert(cls: Value, args: readonly PlacedArgument[], to: Place, where: Where): void {
    const { flow, values } = this.#state;
    const data = this.#state.data(cls);
    const facts = data.kind === 'class' ? this.#state.classes[data.index]?.facts : undefined;
    const [given] = args;
    if (given === undefined || facts === undefined) return;
    if (facts.isInterface === true) {
      flow.flow(given.value, to);
      return;
    }
    const made = values.of({ kind: 'instance', of: cls });
    flow.add(to, made);
    if (facts.isCallable === true) flow.flow(given.value, this.#state.field(made, '__call__'));
    else
      flow.on(given.value, (value) => {
        const { kind } = this.#state.data(value);
        if (kind !== 'container') return;
        const items = flow.place();
        this.#access.elements.each(value, items, where, items);
        this.#access.elements.setItem(made, undefined, items, where);
      });
  }

  /** What is called without being code of the source. */
  give(
    site: CallSite,
    data: ValueData & {
      readonly kind: 'accessor' | 'builtinValue' | 'functionType' | 'sink' | 'many' | 'propertyPart';
    },
    args: readonly PlacedArgument[],
    to: Place,
  ): void {
    const { flow } = this.#state;
    if (data.kind === 'many') {
      site.isCut = true;
      return;
    }
    if (data.kind === 'builtinValue') {
      // `T(x)` of a parameter of types converts.
      if (data.type === '%parameter') site.isKnown = true;
      return;
    }
    if (data.kind === 'functionType') {
      this.#callOfType(site, this.#state.functionTypes[data.index] as FunctionType, to);
      return;
    }
    site.isKnown = true;
    if (data.kind === 'propertyPart') flow.add(to, data.property);
    else if (data.kind === 'accessor') flow.flow(data.place, to);
    else
      for (const [at, { value }] of args.slice(0, 2).entries())
        flow.flow(value, at === 0 ? data.first : data.second);
  }
}

/** Some function with a body is known that is called there. */
export function callsOurs({ targets }: CallSite, { functions }: State): boolean {
  for (const target of targets)
    if (typeof target === 'number' && functions[target]?.facts.isPromise !== true) return true;
  return false;
}
