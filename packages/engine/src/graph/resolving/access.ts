/** What reading and writing attributes and elements does, by the kind of value. */

import {
  functionMethods,
  generatorMethods,
  promiseMethods,
  rootMethods,
} from '../languages/known-methods.ts';
import type { Calls, PlacedArgument } from './calls.ts';
import { Elements } from './elements.ts';
import type { Place } from './flow.ts';
import { bareName, memberName } from './foreign-names.ts';
import { getFromFunction } from './function-members.ts';
import { Lists } from './lists.ts';
import { hasMethod, isOutside } from './member-names.ts';
import type { Member, Members } from './members.ts';
import type { Modules } from './modules.ts';
import { anyKey, isSetterKey, type State, setterKey, type Where } from './state.ts';
import { Traits } from './traits.ts';
import { TypedAccess } from './typed-access.ts';
import type { Value, ValueData } from './values.ts';

export class Access {
  readonly #state: State;
  readonly #members: Members;
  readonly modules: Modules;
  readonly #typed: TypedAccess;
  readonly elements: Elements;
  readonly traits: Traits;
  readonly lists: Lists;
  readonly #found = new Map<Value, Map<string, Place>>();
  /** Members read through a receiver; through a class, which binds only what says so. */
  readonly #bindAction: number;
  readonly #bindToClassAction: number;
  /** Set once; properties call their getters. */
  calls!: Calls;

  constructor(state: State, members: Members, modules: Modules) {
    this.#state = state;
    this.#members = members;
    this.modules = modules;
    this.traits = new Traits(state, members, this);
    this.#typed = new TypedAccess(state, members, this);
    this.lists = new Lists(state, this.#typed);
    this.elements = new Elements(state, this, this.#typed);
    this.#bindAction = state.flow.action((found, receiver, to, where) =>
      this.bind(found, receiver, to, state.where(where)),
    );
    this.#bindToClassAction = state.flow.action((found, receiver, to, where) => {
      const { kind } = state.data(found);
      const isRun = kind === 'property' && state.where(where).file.profile.typed === 'nominal';
      if (isRun || kind === 'static' || kind === 'classMethod')
        this.bind(found, receiver, to, state.where(where));
      else state.flow.add(to, found);
    });
  }

  /** `to` gets what `value.name` may be. */
  get(value: Value, name: string, to: Place, where: Where): void {
    const { flow, values } = this.#state;
    const data = this.#state.data(value);
    if (data.kind === 'many') {
      flow.add(to, value);
      return;
    }
    if (this.#state.extensionNames.has(name) && where.file.profile.typed === 'nominal' && isOutside(data)) {
      this.bindAll(this.#state.extension(name), value, to, where);
      return;
    }
    if (where.file.profile.typed === 'traits' && this.traits.get(value, name, to, where)) return;
    switch (data.kind) {
      case 'instance':
        this.#getFromInstance(value, name, to, where);
        return;
      case 'class':
        this.#getFromClass(value, name, to, where);
        return;
      case 'module':
        this.modules.member(data.file, name, to);
        return;
      case 'folder':
        this.modules.inFolder(data.path, name, to);
        return;
      case 'external':
      case 'builtin':
        if (!where.file.profile.keysAreNames || !promiseMethods.has(name)) this.addOutside(value, name, to);
        return;
      case 'builtinValue':
        this.#getFromKnown(data.type, name, to, where);
        return;
      case 'constant': {
        const { textType, numberType } = where.file.profile;
        const type = typeof data.value === 'string' ? textType : numberType;
        this.#getFromKnown(type, name, to, where);
        return;
      }
      case 'container':
        this.#getFromContainer(value, name, to, where);
        return;
      case 'super':
        this.#getFromSuper(data, name, to, where);
        return;
      case 'function':
        getFromFunction(this.#state, this, { value, name, to, where });
        return;
      case 'bound':
        if (where.file.profile.typed === 'nominal' || where.file.profile.hasStatics)
          getFromFunction(this.#state, this, { value, name, to, where });
        else if (functionMethods.has(name))
          flow.add(to, values.of({ kind: 'functionMethod', fn: value, name }));
        else if (name === '__self__') flow.add(to, data.receiver);
        else this.get(data.fn, name, to, where);
        return;
      case 'property':
        if (name === 'setter' || name === 'deleter' || name === 'getter')
          flow.add(to, values.of({ kind: 'propertyPart', property: value }));
        return;
      case 'generator':
        if (generatorMethods.has(name)) flow.add(to, values.of({ kind: 'generatorMethod', fn: data.fn }));
        return;
      default:
        return;
    }
  }

  /** A method of a type of the language; where those are classes of a library, of that. */
  #getFromKnown(type: string, name: string, to: Place, where: Where): void {
    const { flow, values } = this.#state;
    const full = `${type}.${bareName(name)}`;
    if (where.file.profile.typed === 'nominal') {
      if (type.includes('.')) flow.add(to, values.of({ kind: 'external', name: full }));
      // Methods that the language does not give its own types are extensions from outside.
      else if (where.file.profile.methods.has(type)) flow.add(to, values.of({ kind: 'builtin', name: full }));
    } else if (hasMethod(where, type, name)) flow.add(to, values.of({ kind: 'builtin', name: full }));
  }

  #getFromInstance(value: Value, name: string, to: Place, where: Where): void {
    const { flow } = this.#state;
    const data = this.#state.data(value);
    if (data.kind !== 'instance') return;
    if (where.file.profile.typed) {
      if (name === '__class__') flow.add(to, data.of);
      this.#typed.get(value, data.of, name, to, where);
      return;
    }
    if (where.file.profile.keysAreNames) this.bindAll(this.#inherited(value, name), value, to, where);
    else {
      flow.flow(this.#state.field(value, name), to);
      this.bindAll(this.classMember(data.of, name), value, to, where);
    }
    if (name === '__class__' || name === 'constructor') flow.add(to, data.of);
  }

  bindAll(members: Place, receiver: Value, to: Place, where: Where): void {
    this.#state.flow.tell(members, this.#bindAction, receiver, to, where.number);
  }

  /** Place of what a class or its bases have under a name, as it stands in them. */
  classMember(cls: Value, name: string): Place {
    return this.#memo(cls, name, (place) =>
      this.#members.look(cls, name, (member) => {
        if ('outside' in member) this.addOutside(member.outside, name, place);
        else this.#state.flow.flow(member.place, place);
      }),
    );
  }

  /** The same through an object of JavaScript: its own, its class's, its prototypes'. */
  #inherited(value: Value, name: string): Place {
    const { flow } = this.#state;
    return this.#memo(value, name, (place) => {
      const data = this.#state.data(value);
      flow.flow(this.#state.field(value, name), place);
      if (data.kind === 'instance') {
        flow.flow(this.classMember(data.of, name), place);
        // `[key: string]: T` is what stands under a name that is not declared.
        const isNamed = name === anyKey || isSetterKey(name) || this.#members.has(data.of, name);
        if (!isNamed && this.#members.has(data.of, anyKey))
          flow.flow(this.classMember(data.of, anyKey), place);
      }
      if (name.startsWith('__proto')) return;
      flow.on(this.#state.field(value, '__proto__'), (parent) => {
        const { kind } = this.#state.data(parent);
        if (kind === 'instance' || kind === 'container') flow.flow(this.#inherited(parent, name), place);
        else if (kind === 'external' || kind === 'builtin') this.addOutside(parent, name, place);
      });
    });
  }

  /** The place is known before it is filled: prototypes may go in circles. */
  #memo(owner: Value, name: string, fill: (place: Place) => void): Place {
    let places = this.#found.get(owner);
    if (places === undefined) {
      places = new Map();
      this.#found.set(owner, places);
    }
    let place = places.get(name);
    if (place === undefined) {
      place = this.#state.flow.place();
      places.set(name, place);
      fill(place);
    }
    return place;
  }

  addOutside(holder: Value, name: string, to: Place): void {
    const { flow, values } = this.#state;
    const data = this.#state.data(holder);
    if (data.kind !== 'external' && data.kind !== 'builtin') return;
    if (name === '__class__') {
      flow.add(to, holder);
      return;
    }
    const shown = bareName(name);
    if (rootMethods.has(data.name) && !rootMethods.get(data.name)?.has(shown)) return;
    flow.add(to, values.of({ kind: data.kind, name: memberName(data.name, shown) }));
  }

  /** What a member becomes when it is read through a receiver. `isGuess`: it is one of many that may be read. */
  bind(found: Value, receiver: Value, to: Place, where: Where, isGuess = false): void {
    const { flow, values } = this.#state;
    const data = this.#state.data(found);
    switch (data.kind) {
      case 'function': {
        const { facts, file } = this.#state.functions[data.index] as State['functions'][number];
        const takesReceiver = file.profile.hasReceiverParameter || facts.receiver !== undefined;
        flow.add(to, takesReceiver ? values.of({ kind: 'bound', fn: found, receiver }) : found);
        return;
      }
      case 'property': {
        const getter = this.#state.data(data.getter);
        const facts = getter.kind === 'function' && this.#state.functions[getter.index]?.facts;
        if (!facts) return;
        const site = this.#state.implicitSite(where.file, where.at, where.line, facts.path);
        site.isGuess ||= isGuess;
        this.calls.enter(site, data.getter, [], to, where.file, receiver);
        return;
      }
      case 'static':
        flow.add(to, data.fn);
        return;
      case 'classMethod': {
        const on = this.#state.data(receiver);
        flow.add(
          to,
          values.of({ kind: 'bound', fn: data.fn, receiver: on.kind === 'instance' ? on.of : receiver }),
        );
        return;
      }
      default:
        flow.add(to, found);
    }
  }

  #getFromClass(value: Value, name: string, to: Place, where: Where): void {
    const { flow, values } = this.#state;
    if (where.file.profile.keysAreNames) {
      if (name === 'prototype') flow.add(to, values.of({ kind: 'instance', of: value }));
      if (functionMethods.has(name)) flow.add(to, values.of({ kind: 'functionMethod', fn: value, name }));
      this.bindAll(this.classMember(value, `static ${name}`), value, to, where);
      return;
    }
    if (where.file.profile.typed === 'gradual') {
      if (name === '__class__') flow.add(to, value);
      if (where.file.profile.hasStatics === true) this.#getStatic(value, name, to, where);
      else this.bindAll(this.classMember(value, name), value, to, where);
      return;
    }
    if (name.startsWith('type ')) {
      this.#members.look(value, name.slice(5), (member) => {
        if ('place' in member) flow.flow(member.place, to);
      });
      return;
    }
    if (where.file.profile.typed === 'nominal' && name === 'new')
      flow.add(to, values.of({ kind: 'bound', fn: value, receiver: value }));
    flow.tell(this.classMember(value, name), this.#bindToClassAction, value, to, where.number);
  }

  /** A method of the class itself, of a module that extends it, or what every class has. */
  #getStatic(value: Value, name: string, to: Place, where: Where): void {
    const { flow, values } = this.#state;
    const key = name.endsWith(')') ? `static ${name}` : name;
    this.bindAll(this.classMember(value, key), value, to, where);
    if (this.#members.has(value, key)) return;
    if (name === 'new()') flow.add(to, value);
    else if (name.endsWith(')')) {
      const extended = flow.place();
      for (const each of this.#members.order(value)) this.modules.globs?.look(each, name, extended);
      this.bindAll(extended, value, to, where);
      if (where.file.profile.wrapperMethods?.get(bareName(name)) === 'opaque')
        flow.add(to, values.of({ kind: 'containerMethod', of: value, name }));
    }
  }

  #getFromSuper(
    { owner, receiver, isOwn }: ValueData & { readonly kind: 'super' },
    name: string,
    to: Place,
    where: Where,
  ): void {
    const data = this.#state.data(receiver);
    const start = data.kind === 'instance' ? data.of : receiver;
    const isBelow = isOwn !== true && this.#members.order(start).includes(owner);
    const { keysAreNames, hasStatics } = where.file.profile;
    const key = (keysAreNames || hasStatics) && data.kind === 'class' ? `static ${name}` : name;
    const found = (member: Member) => {
      if ('outside' in member) this.addOutside(member.outside, name, to);
      else this.bindAll(member.place, receiver, to, where);
    };
    this.#members.look(isBelow ? start : owner, key, found, isOwn ? undefined : owner);
  }

  #getFromContainer(value: Value, name: string, to: Place, where: Where): void {
    const { flow, values } = this.#state;
    const data = this.#state.data(value);
    if (data.kind !== 'container') return;
    if (where.file.profile.keysAreNames) {
      this.bindAll(this.#inherited(value, name), value, to, where);
    }
    const { wrapperMethods } = where.file.profile;
    // Where methods have their numbers of arguments in their names, a bare name is a field.
    const isField = where.file.profile.isLinked !== undefined && !name.endsWith(')');
    // Parts of a tuple have names where its type gives them some.
    if (where.file.profile.typed === 'nominal' && !name.endsWith(')')) {
      if (data.type === 'tuple') flow.flow(this.#state.field(value, name), to);
      if (/^([Vv]alues|entries)$/.test(name)) flow.add(to, value);
    }
    const isMethod =
      !isField && (wrapperMethods?.has(name.replace(/\(.*\)$/, '')) ?? hasMethod(where, data.type, name));
    if (isMethod) flow.add(to, values.of({ kind: 'containerMethod', of: value, name }));
  }

  set(value: Value, name: string, from: Place, where: Where): void {
    const { flow } = this.#state;
    const data = this.#state.data(value);
    if (this.#state.setters.has(name) && where.file.profile.typed === undefined)
      this.callMethod(value, setterKey(name), undefined, where, [{ value: from }]);
    switch (data.kind) {
      case 'class':
        if (where.file.profile.typed) {
          flow.flow(from, this.#typed.memberPlace(value, name) ?? this.#state.field(value, name));
          return;
        }
        flow.flow(from, this.#state.field(value, where.file.profile.keysAreNames ? `static ${name}` : name));
        return;
      case 'module':
        flow.flow(from, this.modules.assigned(data.file, name));
        return;
      case 'bound':
        this.set(data.fn, name, from, where);
        return;
      case 'function':
        if (name === 'prototype' && where.file.profile.keysAreNames) {
          const made = this.#state.values.of({ kind: 'instance', of: value });
          flow.flow(from, this.#state.field(made, '__proto__'));
          return;
        }
        flow.flow(from, this.#state.field(value, name));
        return;
      case 'instance':
      case 'container': {
        const isTyped = data.kind === 'instance' && where.file.profile.typed !== undefined;
        const declared = isTyped ? this.#typed.memberPlace(data.of, name) : undefined;
        flow.flow(from, declared ?? this.#state.field(value, name));
        return;
      }
      default:
        return;
    }
  }

  /** A call that the source does not write, of a method that the workspace defines. */
  callMethod(
    value: Value,
    name: string,
    to: Place | undefined,
    where: Where,
    args: readonly PlacedArgument[] = [],
  ): void {
    const { flow } = this.#state;
    const data = this.#state.data(value);
    // Every object may be written as if it were an array: few are.
    const isGradual = where.file.profile.typed === 'gradual' && data.kind === 'instance';
    if (isGradual && !this.#members.has(data.of, name)) return;
    const method = flow.place();
    const site = this.#state.implicitSite(where.file, where.at, where.line, name);
    this.get(value, name, method, where);
    flow.on(method, (callee) => this.calls.apply(site, callee, args, to ?? flow.place(), where));
  }
}
