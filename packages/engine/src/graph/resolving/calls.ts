/** What calling a value does: arguments flow into parameters, results out, and the site learns its target. */
import type { Argument } from '../../model/code-facts.ts';
import type { Access } from './access.ts';
import type { Builtins } from './builtins.ts';
import { RowSet } from './columns.ts';
import type { Place } from './flow.ts';
import type { Members } from './members.ts';
import {
  anyKey,
  type CallSite,
  type FileState,
  type FunctionState,
  type State,
  type Where,
} from './state.ts';
import { overloadKey, TypedCalls } from './typed-calls.ts';
import type { Value } from './values.ts';

export interface PlacedArgument extends Omit<Argument, 'value'> {
  readonly value: Place;
}

const maxPositional = 64;

export class Calls {
  readonly #state: State;
  readonly #members: Members;
  readonly #access: Access;
  readonly #typed: TypedCalls;
  /** Functions with their receivers, by site and place of the result. */
  readonly #entered = new RowSet();
  readonly #instances = new Set<string>();
  builtins!: Builtins;

  constructor(state: State, members: Members, access: Access) {
    this.#state = state;
    this.#members = members;
    this.#access = access;
    this.#typed = new TypedCalls(state, members, access, this);
  }

  /** `where` is that of the site. */
  apply(
    site: CallSite,
    callee: Value,
    args: readonly PlacedArgument[],
    to: Place,
    where: Where,
    isNew = false,
  ): void {
    const { flow, values } = this.#state;
    const data = this.#state.data(callee);
    switch (data.kind) {
      case 'function':
        if (isNew) {
          const made = values.of({ kind: 'instance', of: callee });
          flow.add(to, made);
          this.enter(site, callee, args, flow.place(), where.file, made);
        } else if (!this.#typed.callOfTrait(site, data.index, args, to, where))
          this.enter(site, callee, args, to, where.file);
        return;
      case 'bound':
        if (isNew || this.#state.data(data.fn).kind !== 'function')
          this.apply(site, data.fn, args, to, where, isNew);
        else this.enter(site, data.fn, args, to, where.file, data.receiver);
        return;
      case 'class':
        this.#construct(site, callee, args, to, where);
        return;
      case 'instance':
        this.#callInstance(site, callee, args, to, where);
        return;
      case 'super':
        this.#callSuper(site, data.owner, data.receiver, args, where);
        return;
      case 'external':
        this.#callExternal(site, callee, args, to);
        return;
      case 'builtin':
        site.isKnown = true;
        this.builtins.call(site, data.name, args, to, where, isNew);
        return;
      case 'containerMethod':
        site.isKnown = true;
        this.builtins.callContainer(site, data.of, data.name, args, to, where);
        return;
      case 'accessor':
      case 'builtinValue':
      case 'functionType':
      case 'sink':
      case 'many':
      case 'propertyPart':
        this.#typed.give(site, data, args, to);
        return;
      case 'generatorMethod':
        site.isKnown = true;
        this.#nextOf(data.fn, to);
        return;
      case 'functionMethod':
        site.isKnown = true;
        this.#callFunctionMethod(site, data.fn, data.name, args, to, where);
        return;
      case 'within':
      case 'static':
      case 'classMethod':
        this.apply(site, data.fn, data.kind === 'within' ? [] : args, to, where, isNew);
        return;
      default:
        return;
    }
  }

  #nextOf(generator: number, to: Place): void {
    const { file, facts } = this.#state.functions[generator] as FunctionState;
    if (facts.yields !== undefined) this.#state.flow.flow(file.place + facts.yields, to);
  }

  /** Calls a function of the workspace. */
  enter(
    site: CallSite,
    callee: Value,
    args: readonly PlacedArgument[],
    to: Place,
    file: FileState,
    receiver?: Value,
  ): void {
    const data = this.#state.data(callee);
    if (data.kind !== 'function') return;
    const { flow, values } = this.#state;
    const fn = this.#state.functions[data.index] as FunctionState;
    const { typed } = fn.file.profile;
    site.targets.add(data.index);
    if (receiver !== undefined && this.#typed.mayBeOverridden(fn, receiver))
      this.#guessAt(site, fn, receiver);
    if (!this.#isNew(site, data.index, receiver, to)) return;
    let first = 0;
    if (typed === 'nominal' && receiver === undefined && fn.facts.receiver !== undefined) {
      this.#typed.callUnbound(site, fn, args, to, file);
      return;
    }
    if (receiver !== undefined) {
      if (fn.facts.receiver !== undefined) flow.add(fn.file.place + fn.facts.receiver, receiver);
      else if (fn.file.profile.hasReceiverParameter) {
        const parameter = fn.facts.parameters[0];
        if (parameter?.rest === undefined && parameter) flow.add(fn.file.place + parameter.value, receiver);
        first = parameter?.rest === undefined ? 1 : 0;
      }
    }
    this.#passArguments(fn, args, first);
    const isDeclared = typed !== undefined && receiver !== undefined && this.#typed.isDeclared(receiver);
    if ((fn.facts.signature === true && this.#mayBeBelow(fn, receiver)) || isDeclared) {
      const isCertain =
        this.#typed.enterImplementations(site, fn, args, to, file, receiver) && typed !== undefined;
      // What runs is known: what the signature promises adds nothing.
      if (isCertain && fn.facts.signature === true) return;
    }
    if (fn.facts.isPromise === true && !this.#typed.isTrusted(site, fn, to)) return;
    if (fn.facts.yields !== undefined) flow.add(to, values.of({ kind: 'generator', fn: data.index }));
    else flow.flow(fn.file.place + fn.facts.result, to);
  }

  /** Where types are trusted, a value is of its very class, too, if anybody makes one: known when all is. */
  #guessAt(site: CallSite, { file }: FunctionState, receiver: Value): void {
    const data = this.#state.data(receiver);
    if (file.profile.trustsTypes && data.kind === 'instance') this.#state.unsure.push({ site, of: data.of });
    else site.isGuess = true;
  }

  /** Whether a signature is called on something that may be of any class below. Where a class may call what it stands before, only on its own. */
  #mayBeBelow({ file, facts }: FunctionState, receiver: Value | undefined): boolean {
    if (file.profile.typed !== undefined || !file.profile.hasReceiverParameter || facts.owner < 0)
      return true;
    const data = receiver === undefined ? undefined : this.#state.data(receiver);
    return data?.kind === 'instance' && data.of === this.#state.classValue(file.firstClass + facts.owner);
  }

  /** Whether the function is called from there for the first time, on the receiver and with the result in the place. */
  #isNew(site: CallSite, index: number, receiver: Value | undefined, to: Place): boolean {
    return this.#entered.add(site.number, to, index, (receiver ?? -1) + 1);
  }

  #passArguments(fn: FunctionState, args: readonly PlacedArgument[], first: number): void {
    const { flow } = this.#state;
    const { parameters } = fn.facts;
    const placeOf = (index: number) => fn.file.place + (parameters[index]?.value ?? 0);
    const restIndex = parameters.findIndex((parameter) => parameter.rest === 'star');
    const keywordsIndex = parameters.findIndex((parameter) => parameter.rest === 'keywords');
    const takesPosition = (index: number) => {
      const parameter = parameters[index];
      return parameter !== undefined && parameter.rest === undefined && parameter.keywordOnly !== true;
    };
    let position = first;
    for (const arg of args) {
      if (arg.spread === 'star') {
        for (let index = position, at = 0; takesPosition(index) && at < maxPositional; index++, at++)
          this.#passElement(arg.value, at, placeOf(index));
        if (restIndex >= 0) {
          const rest = this.rest(fn, restIndex);
          flow.on(arg.value, (list) => {
            if (this.#state.data(list).kind === 'container')
              flow.flow(this.#state.every(list), this.#state.field(rest, anyKey));
          });
        }
      } else if (arg.spread === 'keywords') this.#passKeywords(fn, arg.value, keywordsIndex);
      else if (arg.name !== undefined) {
        const index = parameters.findIndex(({ name, rest }) => name === arg.name && rest === undefined);
        if (index >= 0) flow.flow(arg.value, placeOf(index));
        else if (keywordsIndex >= 0)
          flow.flow(arg.value, this.#state.field(this.rest(fn, keywordsIndex), `[s:${arg.name}]`));
      } else {
        if (takesPosition(position)) flow.flow(arg.value, placeOf(position));
        else if (restIndex >= 0) {
          const at = position - Math.max(first, restIndex);
          flow.flow(arg.value, this.#state.field(this.rest(fn, restIndex), `[n:${at}]`));
        }
        position += 1;
      }
    }
  }

  #passElement(list: Place, at: number, to: Place): void {
    const { flow } = this.#state;
    flow.on(list, (value) => {
      if (this.#state.data(value).kind !== 'container') return;
      flow.flow(this.#state.field(value, `[n:${at}]`), to);
      flow.flow(this.#state.field(value, anyKey), to);
    });
  }

  #passKeywords(fn: FunctionState, given: Place, keywordsIndex: number): void {
    const { flow } = this.#state;
    flow.on(given, (value) => {
      if (this.#state.data(value).kind !== 'container') return;
      for (const parameter of fn.facts.parameters) {
        if (parameter.rest !== undefined) continue;
        flow.flow(this.#state.field(value, `[s:${parameter.name}]`), fn.file.place + parameter.value);
      }
      // The whole dictionary, so that keys stay told apart.
      const rest = fn.facts.parameters[keywordsIndex];
      if (rest !== undefined) flow.add(fn.file.place + rest.value, value);
    });
  }

  /** The list or dictionary that a rest parameter holds: one for the function. */
  rest(fn: FunctionState, index: number): Value {
    const { flow, values } = this.#state;
    const parameter = fn.facts.parameters[index];
    const list = fn.file.profile.keysAreNames ? 'array' : 'tuple';
    const type = parameter?.rest === 'star' ? list : 'dict';
    const made = values.of({ kind: 'container', type, place: `rest ${fn.index} ${type}` });
    flow.add(fn.file.place + (parameter?.value ?? 0), made);
    return made;
  }

  #construct(site: CallSite, cls: Value, args: readonly PlacedArgument[], to: Place, where: Where): void {
    const { flow, values } = this.#state;
    site.isKnown = true;
    const made = values.of({ kind: 'instance', of: cls });
    this.#state.made.add(cls);
    flow.add(to, made);
    const data = this.#state.data(cls);
    const file = data.kind === 'class' ? this.#state.classes[data.index]?.file : undefined;
    if (file?.profile.typed === 'structural') {
      this.#typed.convert(cls, args, to, where);
      return;
    }
    if (data.kind === 'class') (site.classes ??= new Set()).add(data.index);
    if (file?.profile.typed === 'traits') {
      for (const [index, { value }] of args.entries()) flow.flow(value, this.#state.field(made, `.${index}`));
      return;
    }
    const bare = file?.profile.constructorName ?? '__init__';
    const name = file?.profile.typed === 'nominal' ? overloadKey(bare, args.length) : bare;
    const own = data.kind === 'class' ? this.#state.classes[data.index] : undefined;
    const components = own?.facts.components ?? [];
    if (components.length === args.length)
      for (const [at, { value }] of args.entries())
        flow.flow(value, (own?.file.place ?? 0) + (components[at] as number));
    this.#members.look(cls, name, (member) => {
      if ('outside' in member) return this.#constructOutside(site, member.outside, name);
      flow.on(member.place, (found) => {
        if (this.#state.data(found).kind === 'function')
          this.enter(site, found, args, flow.place(), where.file, made);
      });
    });
    if (file?.profile.hasReceiverParameter) this.#allocate(site, cls, args, to, where);
  }

  /** What Python calls before the constructor, with the class: what it gives is the instance, or stands for it. */
  #allocate(site: CallSite, cls: Value, args: readonly PlacedArgument[], to: Place, where: Where): void {
    const { flow } = this.#state;
    this.#members.look(cls, '__new__', (member) => {
      if ('outside' in member) return;
      flow.on(member.place, (found) => {
        const data = this.#state.data(found);
        const fn = data.kind === 'static' ? data.fn : found;
        if (this.#state.data(fn).kind === 'function') this.enter(site, fn, args, to, where.file, cls);
      });
    });
  }

  #constructOutside(site: CallSite, holder: Value, name: string): void {
    const data = this.#state.data(holder);
    if (site.file.profile.typed) return;
    if (data.kind === 'external') site.targets.add(`<external>.${data.name}.${name}`);
  }

  #callInstance(
    site: CallSite,
    instance: Value,
    args: readonly PlacedArgument[],
    to: Place,
    where: Where,
  ): void {
    // What is called may be an instance again, even the same.
    const key = `${site.number} on ${instance} ${to} ${args.map(({ value }) => value)}`;
    if (this.#instances.has(key)) return;
    this.#instances.add(key);
    const method = this.#state.flow.place();
    this.#access.get(instance, '__call__', method, where);
    this.#state.flow.on(method, (callee) => {
      if (this.#state.data(callee).kind !== 'builtin') this.apply(site, callee, args, to, where);
    });
  }

  /** `super(…)` in a constructor. */
  #callSuper(
    site: CallSite,
    owner: Value,
    receiver: Value,
    args: readonly PlacedArgument[],
    where: Where,
  ): void {
    const { flow } = this.#state;
    site.isKnown = true;
    const bare = where.file.profile.constructorName;
    const name = where.file.profile.typed === 'nominal' ? overloadKey(bare, args.length) : bare;
    this.#members.look(
      owner,
      name,
      (member) => {
        if ('outside' in member) return;
        flow.on(member.place, (found) => {
          if (this.#state.data(found).kind === 'function')
            this.enter(site, found, args, flow.place(), where.file, receiver);
        });
      },
      owner,
    );
  }

  #callExternal(site: CallSite, callee: Value, args: readonly PlacedArgument[], to: Place): void {
    const { flow } = this.#state;
    const data = this.#state.data(callee);
    if (data.kind !== 'external') return;
    if (site.implicit === 'operator') {
      // Elements of a list that inherits from a foreign one may be of the workspace.
      const isOpaque = site.file.profile.resultsAreOpaque && /\.__(iter|next|getitem)__$/.test(data.name);
      flow.add(to, isOpaque ? this.#state.values.of({ kind: 'external', name: `${data.name}()` }) : callee);
      return;
    }
    site.targets.add(`<external>.${data.name}`);
    const where = this.#state.outside(site);
    if (this.builtins.callOutside(site, data.name, args, to, where)) return;
    if (site.implicit === 'decorator') {
      // What a foreign decorator gives behaves as what it was given, as far as callers are concerned.
      for (const arg of args) flow.flow(arg.value, to);
      return;
    }
    // Of what it gives nothing is known but where it is from.
    const isTold = !site.file.profile.resultsAreOpaque || data.name.endsWith('()');
    flow.add(to, isTold ? callee : this.#state.values.of({ kind: 'external', name: `${data.name}()` }));
  }

  #callFunctionMethod(
    site: CallSite,
    fn: Value,
    name: string,
    args: readonly PlacedArgument[],
    to: Place,
    where: Where,
  ): void {
    const { flow, values } = this.#state;
    const data = this.#state.data(fn);
    const target = data.kind === 'bound' ? data.fn : fn;
    const [self, ...rest] = args;
    const given =
      name === 'apply' ? rest.slice(0, 1).map((arg) => ({ ...arg, spread: 'star' as const })) : rest;
    const withReceiver = (receiver: Value | undefined) => {
      if (name === 'bind')
        flow.add(to, receiver === undefined ? target : values.of({ kind: 'bound', fn: target, receiver }));
      else if (receiver !== undefined) this.enter(site, target, given, to, where.file, receiver);
    };
    if (name !== 'bind') this.apply(site, target, given, to, where);
    else withReceiver(undefined);
    if (self !== undefined) flow.on(self.value, withReceiver);
  }
}
