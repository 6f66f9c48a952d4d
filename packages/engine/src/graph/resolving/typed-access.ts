/** Fields, methods and elements of compiled languages: declared members, embedded parts, named lists. */
import type { Constant } from '../../model/code-facts.ts';
import type { Access } from './access.ts';
import type { Place } from './flow.ts';
import type { Members } from './members.ts';
import { anyKey, type State, type Where } from './state.ts';
import type { Value } from './values.ts';

/** More classes below do not tell which is meant. */
const maxBelow = 48;
/** What an assignment to a property or event of C# calls. */
const setter = /^(set|add|remove)_.*\(\d+\)$/;

export class TypedAccess {
  readonly #state: State;
  readonly #members: Members;
  readonly #access: Access;
  readonly #promotedPlaces = new Map<Value, Map<string, Place>>();
  readonly #belowPlaces = new Map<Value, Map<string, readonly (readonly [Value, Place])[]>>();

  constructor(state: State, members: Members, access: Access) {
    this.#state = state;
    this.#members = members;
    this.#access = access;
  }

  /** Declared members; what is declared nowhere is kept by the instance. A part that is embedded is the receiver of its own methods. */
  get(value: Value, of: Value, name: string, to: Place, where: Where): void {
    const { flow, values } = this.#state;
    if (!name.endsWith(')')) flow.flow(this.#state.field(value, name), to);
    if (where.file.profile.typed !== 'structural') {
      const { wrapperMethods, hasStatics } = where.file.profile;
      const known = wrapperMethods?.get(name.replace(/\(.*\)$/, ''));
      // A pointer that the language wraps stands for what it points to; every object has some methods.
      if (
        known !== undefined &&
        (!hasStatics || known === 'opaque' || known === 'same') &&
        name.includes('(') &&
        !this.#members.has(of, name)
      )
        flow.add(to, values.of({ kind: 'containerMethod', of: value, name }));
      // A method that stands outside any class is meant where the class has none.
      if (this.#state.extensionNames.has(name) && !this.#members.has(of, name))
        this.#access.bindAll(this.#state.extension(name), value, to, where);
      this.#access.bindAll(this.#access.classMember(of, name), value, to, where);
      if (where.file.profile.typed === 'nominal') this.#propertiesBelow(value, of, name, to, where);
      if (where.file.profile.typed === 'gradual') this.#fromBelow(value, of, name, to, where);
      return;
    }
    flow.flow(this.#promoted(value, of, name, where), to);
  }

  /** On what is only declared to be of a class, the properties that classes below have under the name may run. */
  #propertiesBelow(value: Value, of: Value, name: string, to: Place, where: Where): void {
    const { flow, values } = this.#state;
    const data = this.#state.data(value);
    const isSetter = setter.test(name);
    if (data.kind !== 'instance' || data.isDeclared !== true || (name.endsWith(')') && !isSetter)) return;
    for (const [below, place] of this.#placesBelow(of, name)) {
      const made = values.of({ kind: 'instance', of: below });
      if (isSetter) this.#access.bindAll(place, made, to, where);
      else
        flow.on(place, (found) => {
          if (this.#state.data(found).kind === 'property') this.#access.bind(found, made, to, where, true);
        });
    }
  }

  /** Classes below that have the member of their own, with its place; bases that are found later do not count. */
  #placesBelow(of: Value, name: string): readonly (readonly [Value, Place])[] {
    let names = this.#belowPlaces.get(of);
    if (names === undefined) {
      names = new Map();
      this.#belowPlaces.set(of, names);
    }
    let found = names.get(name);
    if (found === undefined) {
      const below = this.#members.descendants(of);
      found =
        below.size > maxBelow
          ? []
          : [...below].flatMap((cls) => {
              const place = this.#state.existingField(cls, name);
              return place === undefined ? [] : [[cls, place] as const];
            });
      names.set(name, found);
    }
    return found;
  }

  /** A trait, a module or a base class calls what only those that use it have. */
  #fromBelow(value: Value, of: Value, name: string, to: Place, where: Where): void {
    const { flow, values } = this.#state;
    const data = this.#state.data(value);
    if (data.kind !== 'instance' || data.isDeclared !== true || this.#members.has(of, name)) return;
    const below = [...this.#members.descendants(of)].filter((each) => this.#members.has(each, name));
    if (below.length > maxBelow) return;
    for (const each of below)
      flow.flow(this.#promotedFrom(values.of({ kind: 'instance', of: each }), each, name, where), to);
  }

  #promotedFrom(made: Value, of: Value, name: string, where: Where): Place {
    const place = this.#state.flow.place();
    this.#access.bindAll(this.#access.classMember(of, name), made, place, where);
    return place;
  }

  /**
   * Place of a method read through a value, shared by all reads: a wrapper may hold itself, and each way through wrappers of
   * wrappers would be followed on its own.
   */
  #promoted(value: Value, of: Value, name: string, where: Where): Place {
    const { flow, values } = this.#state;
    let places = this.#promotedPlaces.get(value);
    if (places === undefined) {
      places = new Map();
      this.#promotedPlaces.set(value, places);
    }
    const known = places.get(name);
    if (known !== undefined) return known;
    const to = flow.place();
    places.set(name, to);
    this.#members.look(of, name, (member) => {
      if ('outside' in member) return this.#access.addOutside(member.outside, name, to);
      if (member.holder === of) return this.#access.bindAll(member.place, value, to, where);
      const holder = this.#state.data(member.holder);
      const { facts } = this.#state.classes[
        holder.kind === 'class' ? holder.index : 0
      ] as State['classes'][number];
      const field = this.memberPlace(of, facts.path.slice(facts.path.lastIndexOf('.') + 1));
      const part = values.of({ kind: 'instance', of: member.holder });
      // An embedded interface runs what was put there.
      if (facts.isInterface && field !== undefined)
        flow.on(field, (inner) => this.#access.get(inner, name, to, where));
      else this.#access.bindAll(member.place, part, to, where);
    });
    return to;
  }

  /** Place of a declared field of a class or what it inherits from. */
  memberPlace(of: Value, name: string): Place | undefined {
    for (const holder of this.#members.order(of)) {
      const place = this.#state.existingField(holder, name);
      if (place !== undefined) return place;
    }
    return undefined;
  }

  /** Elements of a named list or table, kept by the instance or declared by its type. */
  items(value: Value, key: Constant | undefined, to: Place, where: Where): void {
    const { flow } = this.#state;
    const data = this.#state.data(value);
    if (data.kind !== 'instance') return;
    if (key === undefined) flow.flow(this.#state.every(value), to);
    else
      for (const field of [this.#access.elements.keyName(key, where), anyKey])
        flow.flow(this.#state.field(value, field), to);
    const declared = this.memberPlace(data.of, anyKey);
    if (declared !== undefined) flow.flow(declared, to);
  }

  /** Place of a field by its number in the constructor: what a pattern takes apart. */
  component(of: Value, at: number): Place | undefined {
    const data = this.#state.data(of);
    const cls = data.kind === 'class' ? this.#state.classes[data.index] : undefined;
    const variable = cls?.facts.components?.[at];
    return variable === undefined ? undefined : (cls as State['classes'][number]).file.place + variable;
  }

  /** `T{x}`: the first field of a struct; otherwise an element. */
  itemPlace(value: Value, of: Value, key: Constant | undefined, name: string): Place {
    const data = this.#state.data(of);
    const cls = data.kind === 'class' ? this.#state.classes[data.index] : undefined;
    const field = typeof key === 'number' ? cls?.facts.members[key]?.[0] : undefined;
    if (field !== undefined && field !== anyKey)
      return this.memberPlace(of, field) ?? this.#state.field(value, field);
    return this.memberPlace(of, anyKey) ?? this.#state.field(value, name);
  }

  /** A function that a loop ranges over is called with what passes elements on. */
  rangeOver(fn: Value, first: Place, second: Place, where: Where): void {
    const { flow, values } = this.#state;
    const argument = flow.place();
    flow.add(argument, values.of({ kind: 'sink', first, second }));
    const site = this.#state.implicitSite(where.file, where.at, where.line, 'range');
    this.#access.calls.apply(site, fn, [{ value: argument }], flow.place(), where);
  }
}
