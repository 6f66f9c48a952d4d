/**
 * Methods of the language's own wrappers and collections (`unwrap`, `iter`, `map`), as a table of what they do with what is held. A value
 * that is no container stands for itself: `Box<T>`, `Arc<T>` and a lock are taken for what they hold.
 */
import type { Access } from '../resolving/access.ts';
import type { Calls, PlacedArgument } from '../resolving/calls.ts';
import type { Place } from '../resolving/flow.ts';
import { anyKey, type CallSite, type State, type Where } from '../resolving/state.ts';
import type { Value } from '../resolving/values.ts';

/**
 * `same`: gives what it is called on. `element`: gives what is held, or what the argument gives. `put`: the last argument is held from then on.
 * `merge`: what the arguments hold is held. `visit`: calls its argument with what is held and gives what it is called on. `map`: gives a
 * container of what the argument gives; `flatMap`: of what that holds. `fold`: gives what `f(initial, element)` gives.
 * `mapOr`: what either argument gives. `number`: pairs with numbers. `zip`: pairs with the argument's. `error`: calls its argument with
 * the error. `opaque`: a number or the like.
 */
export type WrapperMethod =
  | 'same'
  | 'element'
  | 'put'
  | 'merge'
  | 'visit'
  | 'map'
  | 'flatMap'
  | 'fold'
  | 'mapOr'
  | 'number'
  | 'zip'
  | 'error'
  | 'opaque';

interface Call {
  readonly site: CallSite;
  readonly on: Value;
  readonly args: readonly PlacedArgument[];
  readonly to: Place;
  readonly where: Where;
}

export class WrapperMethods {
  readonly #state: State;
  readonly #access: Access;
  readonly #calls: Calls;

  constructor(state: State, access: Access, calls: Calls) {
    this.#state = state;
    this.#access = access;
    this.#calls = calls;
  }

  /** A method of the language, of a container or of what stands for itself; `default` of a type. */
  call(full: string, call: Call): void {
    const name = full.replace(/\(.*\)$/, '');
    const { site, on, to, where } = call;
    const type = this.#state.data(this.#access.traits.typeOf(on));
    site.targets.add(type.kind === 'builtin' ? `<builtin>.${type.name}.${name}` : `<builtin>.${name}`);
    if (this.#state.data(on).kind === 'class')
      this.#state.flow.add(to, this.#state.values.of({ kind: 'instance', of: on }));
    else this.#run(where.file.profile.wrapperMethods?.get(name) ?? 'opaque', call);
  }

  /**
   * A function of the language or of a package: `Vec::new` and `Arc::new` by the type and the function, wherever they are imported from;
   * any other calls the functions it is given. False: nothing is known of what it gives.
   */
  build(site: CallSite, name: string, args: readonly PlacedArgument[], to: Place, where: Where): boolean {
    const { flow } = this.#state;
    const { containers, passing, wrapperMethods } = where.file.profile;
    if (wrapperMethods === undefined) return false;
    const short = name.split('.').slice(-2).join('.');
    const type = containers.get(short);
    const [first] = args;
    if (name === 'drop' && first)
      flow.on(first.value, (value) => this.#access.callMethod(value, 'drop', undefined, where));
    if (type !== undefined) {
      const place = `built ${site.file.number} ${site.from} ${site.line} ${site.text}`;
      const made = this.#state.values.of({ kind: 'container', type, place });
      const items = this.#state.field(made, anyKey);
      for (const arg of args) {
        if (name === 'vec!') flow.flow(arg.value, items);
        else flow.on(arg.value, (value) => this.#access.elements.each(value, items, where));
      }
      flow.add(to, made);
    } else if (passing.has(short) && first) flow.flow(first.value, to);
    else {
      this.#callGiven(site, args, to, where);
      return false;
    }
    return true;
  }

  /** Functions among the arguments run; what they give is what is waited for. */
  #callGiven(site: CallSite, args: readonly PlacedArgument[], to: Place, where: Where): void {
    for (const { value: place } of args) {
      this.#state.flow.on(place, (value) => {
        const { kind } = this.#state.data(value);
        if (kind !== 'function' && kind !== 'bound') return;
        site.isGuess = true;
        this.#calls.apply(site, value, [], to, where);
      });
    }
  }

  #run(method: WrapperMethod, call: Call): void {
    const { flow } = this.#state;
    const { on, args, to } = call;
    switch (method) {
      case 'same':
        flow.add(to, on);
        return;
      case 'element':
        this.#held(call, to);
        for (const arg of args) this.#orGives(call, arg, to);
        if (args.length > 0 && this.#isContainer(on)) flow.flow(to, this.#state.field(on, anyKey));
        return;
      case 'put':
        this.#put(call);
        return;
      case 'merge':
        flow.add(to, on);
        if (this.#isContainer(on))
          for (const arg of args) this.#elementsOf(call, arg.value, this.#state.field(on, anyKey));
        return;
      case 'visit':
        this.#callWith(call, args, [this.#items(call), this.#items(call)], flow.place());
        flow.add(to, on);
        return;
      case 'map':
      case 'flatMap':
        this.#map(call, method === 'flatMap');
        return;
      case 'fold':
        this.#fold(call);
        return;
      case 'mapOr':
        this.#callWith(call, args, [this.#items(call)], this.#into(to));
        for (const arg of args) flow.flow(arg.value, to);
        return;
      case 'number':
      case 'zip':
        this.#pair(call, method === 'zip');
        return;
      case 'error':
        this.#onError(call);
        return;
      case 'opaque':
        this.#callWith(call, args, [this.#items(call), this.#items(call)], flow.place());
    }
  }

  #isContainer(value: Value): boolean {
    return this.#state.data(value).kind === 'container';
  }

  /** A place of its own for each value that a method is called on: what was entered for one is not entered again for the same place. */
  #into(to: Place): Place {
    const place = this.#state.flow.place();
    this.#state.flow.flow(place, to);
    return place;
  }

  /** Place of what is held. */
  #items(call: Call): Place {
    const items = this.#state.flow.place();
    this.#access.elements.each(call.on, items, call.where);
    return items;
  }

  #held(call: Call, to: Place): void {
    if (this.#isContainer(call.on)) this.#state.flow.flow(this.#state.every(call.on), to);
    else this.#state.flow.add(to, call.on);
  }

  #orGives(call: Call, arg: PlacedArgument, to: Place): void {
    const { flow } = this.#state;
    flow.on(arg.value, (value) => {
      const { kind } = this.#state.data(value);
      if (kind === 'function' || kind === 'bound') this.#calls.apply(call.site, value, [], to, call.where);
      else if (kind !== 'constant' && kind !== 'builtinValue') flow.add(to, value);
    });
  }

  #put({ on, args, to }: Call): void {
    const { flow } = this.#state;
    const last = args.at(-1);
    if (last === undefined) return;
    if (this.#isContainer(on)) flow.flow(last.value, this.#state.field(on, anyKey));
    flow.add(to, on);
  }

  #elementsOf(call: Call, from: Place, to: Place): void {
    this.#state.flow.on(from, (value) => this.#access.elements.each(value, to, call.where));
  }

  /** Calls each function among the arguments. */
  #callWith(call: Call, args: readonly PlacedArgument[], given: readonly Place[], results: Place): void {
    for (const { value: place } of args) {
      this.#state.flow.on(place, (value) => {
        const { kind } = this.#state.data(value);
        if (kind !== 'function' && kind !== 'bound' && kind !== 'class' && kind !== 'builtin') return;
        const values = given.map((each) => ({ value: each }));
        this.#calls.apply(call.site, value, values, results, call.where);
      });
    }
  }

  #made(call: Call, role: string, type: string): Value {
    const { site } = call;
    const place = `${role} ${site.file.number} ${site.from} ${site.line} ${site.text}`;
    return this.#state.values.of({ kind: 'container', type, place });
  }

  #map(call: Call, isFlat: boolean): void {
    const { flow } = this.#state;
    const results = flow.place();
    const made = this.#made(call, 'map', 'Vec');
    const items = this.#state.field(made, anyKey);
    this.#callWith(call, call.args, [this.#items(call)], results);
    if (isFlat) this.#elementsOf(call, results, items);
    else flow.flow(results, items);
    if (this.#isContainer(call.on))
      flow.flow(this.#state.field(call.on, '.err'), this.#state.field(made, '.err'));
    flow.add(call.to, made);
  }

  #fold(call: Call): void {
    const { flow } = this.#state;
    const [initial] = call.args;
    if (call.args.length > 1 && initial) flow.flow(initial.value, call.to);
    this.#callWith(call, call.args.slice(-1), [call.to, this.#items(call)], this.#into(call.to));
  }

  #pair(call: Call, isZip: boolean): void {
    const { flow } = this.#state;
    const pair = this.#made(call, 'pair', 'tuple');
    const list = this.#made(call, 'pairs', 'Vec');
    this.#access.elements.each(call.on, this.#state.field(pair, isZip ? '[n:0]' : '[n:1]'), call.where);
    const [other] = call.args;
    if (isZip && other) this.#elementsOf(call, other.value, this.#state.field(pair, '[n:1]'));
    flow.add(this.#state.field(list, anyKey), pair);
    flow.add(call.to, list);
  }

  #onError(call: Call): void {
    const { flow } = this.#state;
    const errors = flow.place();
    const made = this.#made(call, 'error', 'Vec');
    if (this.#isContainer(call.on)) {
      flow.flow(this.#state.field(call.on, '.err'), errors);
      flow.flow(this.#state.every(call.on), this.#state.field(made, anyKey));
    }
    this.#callWith(call, call.args, [errors], this.#into(this.#state.field(made, '.err')));
    flow.add(call.to, made);
  }
}
