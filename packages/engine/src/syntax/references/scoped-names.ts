/**
 * Scopes of one file, and which value of a name reaches which use. Knows no language and no node.
 *
 * Names are in static single assignment form: an assignment binds the name to the variable of the value, branches that
 * differ meet in a new variable, and a loop begins with one. A name that nested functions assign, and every use in a
 * nested function, goes through the one variable that all values of the name flow into.
 */
import type { Operation, Var } from '../../model/code-facts.ts';

export interface Binding {
  readonly id: number;
  readonly name: string;
  /** Every value the name ever has flows into this. */
  readonly all: Var;
  /** The function whose activation holds it. */
  readonly home: number;
  /** Assigned once in the source, or in a known order within its own function. */
  isOrdered: boolean;
}

export interface Scope {
  readonly parent: Scope | undefined;
  readonly names: Map<string, Binding>;
  /** Names in a class body are seen there and nowhere inside its functions. */
  readonly isClass: boolean;
  readonly home: number;
}

/** What reaches this point: bindings, and slots (`d['a']`, `self.x`) whose last assignment is known. */
interface Reaching {
  readonly bindings: Map<Binding, Var>;
  readonly slots: Map<string, Var>;
}

/** A file with more is data. */
const maxOperations = 400_000;

export class TooLarge extends Error {}

export class ScopedNames {
  readonly #operations: Operation[] = [];
  readonly #free = new Map<string, Var>();
  #variables = 0;
  #bindings = 0;
  /** undefined: nothing reaches this point (after `return`). */
  #now: Reaching | undefined = { bindings: new Map(), slots: new Map() };
  #assigned: Binding[] = [];
  /** Number of the function being read. */
  at = 0;
  scope: Scope = { parent: undefined, names: new Map(), isClass: false, home: 0 };

  variable(): Var {
    return this.#variables++;
  }

  add(operation: Operation): void {
    this.#operations.push(operation);
    if (this.#operations.length > maxOperations) throw new TooLarge();
  }

  copy(to: Var, from: Var): void {
    if (to !== from) this.add({ op: 'copy', to, from });
  }

  protected get collected(): { readonly variables: number; readonly operations: readonly Operation[] } {
    return { variables: this.#variables, operations: this.#operations };
  }

  // Scopes and names

  pushScope(isClass = false): Scope {
    this.scope = { parent: this.scope, names: new Map(), isClass, home: this.at };
    return this.scope;
  }

  popScope(): void {
    this.scope = this.scope.parent ?? this.scope;
  }

  declare(name: string, scope: Scope = this.scope): Binding {
    let binding = scope.names.get(name);
    if (binding === undefined) {
      binding = { id: this.#bindings++, name, all: this.variable(), home: scope.home, isOrdered: true };
      scope.names.set(name, binding);
    }
    return binding;
  }

  lookUp(name: string, from: Scope = this.scope): Binding | undefined {
    for (let scope: Scope | undefined = from; scope; scope = scope.parent) {
      if (scope.isClass && scope !== from) continue;
      const binding = scope.names.get(name);
      if (binding !== undefined) return binding;
    }
    return undefined;
  }

  read(name: string): Var {
    const binding = this.#isUnset(name) ? this.lookUp(name, this.#aroundClasses()) : this.lookUp(name);
    if (binding === undefined) return this.#freeName(name);
    return this.current(binding);
  }

  /** In a class body a name means what is outside until the body has bound it: `property = property(f)`. */
  #isUnset(name: string): boolean {
    const binding = this.scope.isClass ? this.scope.names.get(name) : undefined;
    if (binding === undefined || binding.home !== this.at || !binding.isOrdered) return false;
    return this.#now !== undefined && !this.#now.bindings.has(binding);
  }

  #aroundClasses(): Scope {
    let { scope } = this;
    while (scope.isClass && scope.parent !== undefined) scope = scope.parent;
    return scope;
  }

  current(binding: Binding): Var {
    if (binding.home !== this.at || !binding.isOrdered) return binding.all;
    return this.#now?.bindings.get(binding) ?? binding.all;
  }

  /** The name whenever it is read: for annotations, which may name what is defined later. */
  readAny(name: string): Var {
    return this.lookUp(name)?.all ?? this.#freeName(name);
  }

  #freeName(name: string): Var {
    let found = this.#free.get(name);
    if (found === undefined) {
      found = this.variable();
      this.#free.set(name, found);
      this.add({ op: 'free', to: found, name });
    }
    return found;
  }

  assign(binding: Binding, value: Var): void {
    this.copy(binding.all, value);
    if (binding.home !== this.at) return;
    this.#assigned.push(binding);
    if (this.#now === undefined) return;
    this.#now.bindings.set(binding, value);
    const prefix = `${binding.id} `;
    for (const slot of this.#now.slots.keys()) if (slot.startsWith(prefix)) this.#now.slots.delete(slot);
  }

  /** Reads code in which a name means less than before and after it; nobody else sees that. */
  narrowed(binding: Binding, narrow: (current: Var) => Var, read: () => void): void {
    if (binding.home !== this.at || !binding.isOrdered || this.#now === undefined) {
      read();
      return;
    }
    const before = this.current(binding);
    const value = narrow(before);
    this.#now.bindings.set(binding, value);
    read();
    if (this.#now?.bindings.get(binding) === value) this.#now.bindings.set(binding, before);
  }

  // Flow of control

  /** Nothing follows: `return`, `raise`, `break`. */
  stop(): void {
    this.#now = undefined;
  }

  /** Reads alternatives, each from the same beginning; after it what reaches the end of any. */
  branches(parts: readonly (() => void)[]): void {
    const before = this.#now;
    const ends: (Reaching | undefined)[] = [];
    for (const part of parts) {
      this.#now = fork(before);
      part();
      ends.push(this.#now);
    }
    this.#now = this.#merge(ends);
  }

  /** A body that runs any number of times, also none. */
  loop(body: () => void): void {
    const before = this.#now;
    const heads = new Map<Binding, Var>();
    const head = fork(before);
    head?.slots.clear();
    for (const [binding, value] of head?.bindings ?? []) {
      if (value === binding.all) continue;
      const joined = this.variable();
      this.copy(joined, value);
      head?.bindings.set(binding, joined);
      heads.set(binding, joined);
    }
    this.#now = head;
    const mark = this.#assigned.length;
    body();
    const written = new Set(this.#assigned.slice(mark));
    for (const [binding, joined] of heads) {
      // Whatever the body gives the name may be there when it begins again, also by `continue`.
      if (written.has(binding)) this.copy(joined, this.#now?.bindings.get(binding) ?? binding.all);
    }
    const after = fork(before);
    after?.slots.clear();
    for (const binding of written) after?.bindings.set(binding, this.#join(heads.get(binding), binding));
    this.#now = after;
  }

  #join(before: Var | undefined, binding: Binding): Var {
    const inside = this.#now?.bindings.get(binding) ?? binding.all;
    if (before === undefined) return inside;
    const joined = this.variable();
    this.copy(joined, before);
    this.copy(joined, inside);
    return joined;
  }

  /** A body that may end anywhere; what it assigned is uncertain for the handlers and after them. */
  attempt(body: () => void, handlers: readonly (() => void)[]): void {
    const mark = this.#assigned.length;
    const before = fork(this.#now);
    body();
    const ends = [this.#now];
    const written = new Set(this.#assigned.slice(mark));
    for (const handler of handlers) {
      this.#now = fork(before);
      this.#now?.slots.clear();
      for (const binding of written) this.#now?.bindings.set(binding, binding.all);
      handler();
      ends.push(this.#now);
    }
    this.#now = this.#merge(ends);
  }

  #merge(ends: readonly (Reaching | undefined)[]): Reaching | undefined {
    const alive = ends.filter((end) => end !== undefined);
    const [first, ...others] = alive;
    if (first === undefined || others.length === 0) return first;
    const bindings = new Map<Binding, Var>();
    for (const binding of new Set(alive.flatMap((end) => [...end.bindings.keys()]))) {
      const values = new Set(alive.flatMap((end) => end.bindings.get(binding) ?? []));
      const [only, ...more] = values;
      if (only === undefined) continue;
      let joined = only;
      if (more.length > 0) {
        joined = this.variable();
        for (const value of values) this.copy(joined, value);
      }
      bindings.set(binding, joined);
    }
    const slots = new Map(
      [...first.slots].filter(([slot, value]) => others.every((end) => end.slots.get(slot) === value)),
    );
    return { bindings, slots };
  }

  /** Reads what belongs to another function, in a new scope in which nothing is bound yet. */
  protected inActivation(index: number, read: () => void): void {
    const outer = { at: this.at, now: this.#now, assigned: this.#assigned };
    this.at = index;
    this.#now = { bindings: new Map(), slots: new Map() };
    this.#assigned = [];
    this.pushScope();
    read();
    this.popScope();
    this.at = outer.at;
    this.#now = outer.now;
    this.#assigned = outer.assigned;
  }

  // Slots: the last value given to a field of a name, as long as nothing can have changed it

  /** `path`: fields from the name on, e.g. `['a']` and `.b` of `d['a'].b`. */
  slotOf(base: string, ...path: readonly string[]): string | undefined {
    const binding = this.lookUp(base);
    if (binding === undefined || binding.home !== this.at || !binding.isOrdered) return undefined;
    return `${binding.id} ${path.join(' ')} `;
  }

  readSlot(slot: string | undefined): Var | undefined {
    return slot === undefined ? undefined : this.#now?.slots.get(slot);
  }

  writeSlot(slot: string | undefined, field: string, value: Var): void {
    if (this.#now === undefined) return;
    // Another name may hold the same object.
    const part = ` ${field} `;
    for (const key of this.#now.slots.keys()) if (key.includes(part)) this.#now.slots.delete(key);
    if (slot !== undefined) this.#now.slots.set(slot, value);
  }

  /** A call may change anything. */
  forgetSlots(): void {
    this.#now?.slots.clear();
  }
}

function fork(reaching: Reaching | undefined): Reaching | undefined {
  return reaching && { bindings: new Map(reaching.bindings), slots: new Map(reaching.slots) };
}
