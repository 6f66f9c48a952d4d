/** What reading and writing attributes and elements does, by the kind of value. */
import type { Constant } from '../model/code-facts.ts';
import type { Calls } from './calls.ts';
import type { Place } from './flow.ts';
import { functionMethods, generatorMethods, promiseMethods } from './known-methods.ts';
import type { Member, Members } from './members.ts';
import type { Modules } from './modules.ts';
import { anyKey, type FileState, type State } from './state.ts';
import type { Value } from './values.ts';

/** Where a read stands: what a property calls there is called from there. */
export interface Where {
  readonly file: FileState;
  readonly at: number;
  readonly line: number;
}

const maxNameParts = 5;

export class Access {
  readonly #state: State;
  readonly #members: Members;
  readonly #modules: Modules;
  readonly #found = new Map<Value, Map<string, Place>>();
  /** Set once; properties call their getters. */
  calls!: Calls;

  constructor(state: State, members: Members, modules: Modules) {
    this.#state = state;
    this.#members = members;
    this.#modules = modules;
  }

  /** `to` gets what `value.name` may be. */
  get(value: Value, name: string, to: Place, where: Where): void {
    const { flow, values } = this.#state;
    const data = this.#state.data(value);
    switch (data.kind) {
      case 'instance':
        this.#getFromInstance(value, name, to, where);
        return;
      case 'class':
        this.#getFromClass(value, name, to, where);
        return;
      case 'module':
        this.#modules.member(data.file, name, to);
        return;
      case 'folder':
        this.#modules.inFolder(data.path, name, to);
        return;
      case 'external':
      case 'builtin':
        if (!where.file.profile.keysAreNames || !promiseMethods.has(name)) this.#addOutside(value, name, to);
        return;
      case 'builtinValue':
        if (hasMethod(where, data.type, name))
          flow.add(to, values.of({ kind: 'builtin', name: `${data.type}.${name}` }));
        return;
      case 'constant': {
        const { textType, numberType } = where.file.profile;
        const type = typeof data.value === 'string' ? textType : numberType;
        if (hasMethod(where, type, name))
          flow.add(to, values.of({ kind: 'builtin', name: `${type}.${name}` }));
        return;
      }
      case 'container':
        this.#getFromContainer(value, name, to, where);
        return;
      case 'super':
        this.#getFromSuper(data.owner, data.receiver, name, to, where);
        return;
      case 'function':
        this.#getFromFunction(value, name, to, where);
        return;
      case 'bound':
        if (functionMethods.has(name)) flow.add(to, values.of({ kind: 'functionMethod', fn: value, name }));
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

  #getFromInstance(value: Value, name: string, to: Place, where: Where): void {
    const { flow } = this.#state;
    const data = this.#state.data(value);
    if (data.kind !== 'instance') return;
    if (where.file.profile.typed) {
      this.#getTyped(value, data.of, name, to, where);
      return;
    }
    if (where.file.profile.keysAreNames) this.#bindAll(this.#inherited(value, name), value, to, where);
    else {
      flow.flow(this.#state.field(value, name), to);
      this.#bindAll(this.#classMember(data.of, name), value, to, where);
    }
    if (name === '__class__' || name === 'constructor') flow.add(to, data.of);
  }

  /** Declared members; what is declared nowhere is kept by the instance. A part that is embedded is the receiver of its own methods. */
  #getTyped(value: Value, of: Value, name: string, to: Place, where: Where): void {
    const { flow, values } = this.#state;
    flow.flow(this.#state.field(value, name), to);
    if (where.file.profile.typed === 'nominal') {
      this.#bindAll(this.#classMember(of, name), value, to, where);
      return;
    }
    this.#members.look(of, name, (member) => {
      if ('outside' in member) return this.#addOutside(member.outside, name, to);
      if (member.holder === of) return this.#bindAll(member.place, value, to, where);
      const holder = this.#state.data(member.holder);
      const { facts } = this.#state.classes[
        holder.kind === 'class' ? holder.index : 0
      ] as State['classes'][number];
      const field = this.#memberPlace(of, facts.path.slice(facts.path.lastIndexOf('.') + 1));
      const part = values.of({ kind: 'instance', of: member.holder });
      // An embedded interface runs what was put there.
      if (facts.isInterface && field !== undefined)
        flow.on(field, (inner) => this.get(inner, name, to, where));
      else this.#bindAll(member.place, part, to, where);
    });
  }

  /** Place of a declared field of a class or what it inherits from. */
  #memberPlace(of: Value, name: string): Place | undefined {
    for (const holder of this.#members.order(of)) {
      const place = this.#state.existingField(holder, name);
      if (place !== undefined) return place;
    }
    return undefined;
  }

  #bindAll(members: Place, receiver: Value, to: Place, where: Where): void {
    this.#state.flow.on(members, (found) => this.#bind(found, receiver, to, where));
  }

  /** Place of what a class or its bases have under a name, as it stands in them. */
  #classMember(cls: Value, name: string): Place {
    return this.#memo(cls, name, (place) =>
      this.#members.look(cls, name, (member) => {
        if ('outside' in member) this.#addOutside(member.outside, name, place);
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
      if (data.kind === 'instance') flow.flow(this.#classMember(data.of, name), place);
      if (name.startsWith('__proto')) return;
      flow.on(this.#state.field(value, '__proto__'), (parent) => {
        const { kind } = this.#state.data(parent);
        if (kind === 'instance' || kind === 'container') flow.flow(this.#inherited(parent, name), place);
        else if (kind === 'external' || kind === 'builtin') this.#addOutside(parent, name, place);
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

  #addOutside(holder: Value, name: string, to: Place): void {
    const { flow, values } = this.#state;
    const data = this.#state.data(holder);
    if (data.kind !== 'external' && data.kind !== 'builtin') return;
    const shown = name.replace(/^static /, '');
    // `a.b().c().d()…` of something unknown says no more than its beginning.
    const full = data.name.split('.').length < maxNameParts ? `${data.name}.${shown}` : data.name;
    flow.add(to, values.of({ kind: data.kind, name: full }));
  }

  /** What a member becomes when it is read through a receiver. */
  #bind(found: Value, receiver: Value, to: Place, where: Where): void {
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
        if (getter.kind !== 'function') return;
        const { facts } = this.#state.functions[getter.index] as State['functions'][number];
        const site = this.#state.implicitSite(where.file, where.at, where.line, facts.path);
        this.calls.enter(site, data.getter, [], to, where.file, receiver);
        return;
      }
      case 'static':
        flow.add(to, data.fn);
        return;
      case 'classMethod': {
        const of = this.#state.data(receiver);
        const cls = of.kind === 'instance' ? of.of : receiver;
        flow.add(to, values.of({ kind: 'bound', fn: data.fn, receiver: cls }));
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
      this.#bindAll(this.#classMember(value, `static ${name}`), value, to, where);
      return;
    }
    flow.on(this.#classMember(value, name), (found) => {
      const { kind } = this.#state.data(found);
      if (kind === 'static' || kind === 'classMethod') this.#bind(found, value, to, where);
      else flow.add(to, found);
    });
  }

  #getFromSuper(owner: Value, receiver: Value, name: string, to: Place, where: Where): void {
    const data = this.#state.data(receiver);
    const start = data.kind === 'instance' ? data.of : receiver;
    const isBelow = this.#members.order(start).includes(owner);
    const key = where.file.profile.keysAreNames && data.kind === 'class' ? `static ${name}` : name;
    const found = (member: Member) => {
      if ('outside' in member) this.#addOutside(member.outside, name, to);
      else this.#bindAll(member.place, receiver, to, where);
    };
    this.#members.look(isBelow ? start : owner, key, found, owner);
  }

  #getFromFunction(value: Value, name: string, to: Place, where: Where): void {
    const { flow, values } = this.#state;
    if (where.file.profile.keysAreNames) {
      if (functionMethods.has(name)) flow.add(to, values.of({ kind: 'functionMethod', fn: value, name }));
      if (name === 'prototype') flow.add(to, values.of({ kind: 'instance', of: value }));
      flow.on(this.#state.field(value, name), (found) => this.#bind(found, value, to, where));
      return;
    }
    if (name === '__call__' || name === '__wrapped__' || name === '__func__') flow.add(to, value);
    flow.flow(this.#state.field(value, name), to);
  }

  #getFromContainer(value: Value, name: string, to: Place, where: Where): void {
    const { flow, values } = this.#state;
    const data = this.#state.data(value);
    if (data.kind !== 'container') return;
    if (where.file.profile.keysAreNames) {
      this.#bindAll(this.#inherited(value, name), value, to, where);
    }
    if (hasMethod(where, data.type, name))
      flow.add(to, values.of({ kind: 'containerMethod', of: value, name }));
  }

  set(value: Value, name: string, from: Place, where: Where): void {
    const { flow } = this.#state;
    const data = this.#state.data(value);
    switch (data.kind) {
      case 'class':
        if (where.file.profile.typed) {
          flow.flow(from, this.#memberPlace(value, name) ?? this.#state.field(value, name));
          return;
        }
        flow.flow(from, this.#state.field(value, where.file.profile.keysAreNames ? `static ${name}` : name));
        return;
      case 'module':
        flow.flow(from, this.#modules.assigned(data.file, name));
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
        if (where.file.profile.typed) {
          flow.flow(from, this.#memberPlace(data.of, name) ?? this.#state.field(value, name));
          return;
        }
        flow.flow(from, this.#state.field(value, name));
        return;
      case 'container':
        flow.flow(from, this.#state.field(value, name));
        return;
      default:
        return;
    }
  }

  /** The field of a constant key. */
  keyName(key: Constant, where: Where): string {
    if (typeof key === 'number') return `[n:${key}]`;
    return where.file.profile.keysAreNames ? key : `[s:${key}]`;
  }

  getItem(value: Value, key: Constant | undefined, to: Place, where: Where): void {
    const { flow } = this.#state;
    const data = this.#state.data(value);
    switch (data.kind) {
      case 'container': {
        if (key === undefined) {
          flow.on(this.#state.every(value), (found) => this.#bindElement(found, value, to, where));
          return;
        }
        const name = this.keyName(key, where);
        for (const field of [name, anyKey])
          flow.on(this.#state.field(value, field), (found) => this.#bindElement(found, value, to, where));
        return;
      }
      case 'external':
      case 'class':
      case 'builtin':
        // `List[int]`: the type with its arguments is the type.
        if (where.file.profile.keysAreNames && typeof key === 'string') this.get(value, key, to, where);
        else flow.add(to, value);
        return;
      case 'instance':
        if (where.file.profile.typed === 'structural') {
          this.#itemsOf(value, key, to, where);
          return;
        }
        if (where.file.profile.keysAreNames) {
          if (key !== undefined) this.get(value, this.keyName(key, where), to, where);
          return;
        }
        this.callMethod(value, '__getitem__', to, where);
        return;
      case 'function':
      case 'module':
      case 'bound':
        // A generic function with its types.
        if (where.file.profile.typed) flow.add(to, value);
        if (where.file.profile.keysAreNames && typeof key === 'string') this.get(value, key, to, where);
        return;
      default:
        return;
    }
  }

  /** Elements of a named list or table, kept by the instance or declared by its type. */
  #itemsOf(value: Value, key: Constant | undefined, to: Place, where: Where): void {
    const { flow } = this.#state;
    const data = this.#state.data(value);
    if (data.kind !== 'instance') return;
    if (key === undefined) flow.flow(this.#state.every(value), to);
    else
      for (const field of [this.keyName(key, where), anyKey]) flow.flow(this.#state.field(value, field), to);
    const declared = this.#memberPlace(data.of, anyKey);
    if (declared !== undefined) flow.flow(declared, to);
  }

  #bindElement(found: Value, holder: Value, to: Place, where: Where): void {
    if (where.file.profile.keysAreNames) this.#bind(found, holder, to, where);
    else this.#state.flow.add(to, found);
  }

  setItem(value: Value, key: Constant | undefined, from: Place, where: Where): void {
    const data = this.#state.data(value);
    const name = key === undefined ? anyKey : this.keyName(key, where);
    if (data.kind === 'container') this.#state.flow.flow(from, this.#state.field(value, name));
    else if (data.kind === 'instance' && where.file.profile.typed === 'structural')
      this.#state.flow.flow(from, this.#itemPlace(value, data.of, key, name));
    else if (where.file.profile.keysAreNames && key !== undefined) this.set(value, name, from, where);
    else if (data.kind === 'instance' && !where.file.profile.keysAreNames)
      this.callMethod(value, '__setitem__', undefined, where);
  }

  /** `T{x}`: the first field of a struct; otherwise an element. */
  #itemPlace(value: Value, of: Value, key: Constant | undefined, name: string): Place {
    const data = this.#state.data(of);
    const cls = data.kind === 'class' ? this.#state.classes[data.index] : undefined;
    const field = typeof key === 'number' ? cls?.facts.members[key]?.[0] : undefined;
    if (field !== undefined && field !== anyKey)
      return this.#memberPlace(of, field) ?? this.#state.field(value, field);
    return this.#memberPlace(of, anyKey) ?? this.#state.field(value, name);
  }

  /** Each element of what a loop runs over. `key`: place of the first of two names. */
  each(value: Value, to: Place, where: Where, key?: Place): void {
    const { flow, values } = this.#state;
    const data = this.#state.data(value);
    switch (data.kind) {
      case 'container':
        if (data.type === 'dict') {
          this.#state.onField(value, (name) => {
            if (name.startsWith('[s:'))
              flow.add(to, values.of({ kind: 'constant', value: name.slice(3, -1) }));
          });
          return;
        }
        // A channel has no keys: its elements go to the first name.
        flow.flow(this.#state.every(value), data.type === 'chan' ? (key ?? to) : to);
        return;
      case 'function':
      case 'bound':
        if (where.file.profile.typed === 'structural') this.#rangeOver(value, key ?? to, to, where);
        return;
      case 'generator': {
        const { file, facts } = this.#state.functions[data.fn] as State['functions'][number];
        if (facts.yields !== undefined) flow.flow(file.place + facts.yields, to);
        return;
      }
      case 'external':
        flow.add(to, value);
        return;
      case 'instance': {
        if (where.file.profile.typed === 'structural') {
          this.#itemsOf(value, undefined, to, where);
          return;
        }
        const iterator = flow.place();
        this.callMethod(
          value,
          where.file.profile.keysAreNames ? '[Symbol.iterator]' : '__iter__',
          iterator,
          where,
        );
        if (!where.file.profile.keysAreNames) this.callMethod(value, '__aiter__', iterator, where);
        flow.on(iterator, (made) => {
          const { kind } = this.#state.data(made);
          if (kind !== 'instance') return this.each(made, to, where);
          this.callMethod(made, where.file.profile.keysAreNames ? 'next' : '__next__', to, where);
          if (!where.file.profile.keysAreNames) this.callMethod(made, '__anext__', to, where);
        });
        return;
      }
      default:
        return;
    }
  }

  /** A function that a loop ranges over is called with what passes elements on. */
  #rangeOver(fn: Value, first: Place, second: Place, where: Where): void {
    const { flow, values } = this.#state;
    const argument = flow.place();
    flow.add(argument, values.of({ kind: 'sink', first, second }));
    const site = this.#state.implicitSite(where.file, where.at, where.line, 'range');
    this.calls.apply(site, fn, [{ value: argument }], flow.place(), where);
  }

  /** A call that the source does not write, of a method that the workspace defines. */
  callMethod(value: Value, name: string, to: Place | undefined, where: Where): void {
    const { flow } = this.#state;
    const method = flow.place();
    const site = this.#state.implicitSite(where.file, where.at, where.line, name);
    this.get(value, name, method, where);
    flow.on(method, (callee) => this.calls.apply(site, callee, [], to ?? flow.place(), where));
  }
}

/** Types of which the methods are not listed may have any. */
function hasMethod({ file }: Where, type: string, name: string): boolean {
  return file.profile.methods.get(type)?.has(name) ?? true;
}
