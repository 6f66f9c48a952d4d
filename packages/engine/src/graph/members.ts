/** Members of classes: found through the bases in linear order (C3), and found again when a base or a member comes later. */
import type { Place } from './flow.ts';
import type { State } from './state.ts';
import { Structural } from './structural.ts';
import type { Value } from './values.ts';

/** A place that holds the member, or a class outside the workspace that may have it. */
export type Member = { readonly place: Place; readonly holder: Value } | { readonly outside: Value };

interface LookUp {
  readonly start: Value;
  /** Search begins behind this class: `super`. */
  readonly after: Value | undefined;
  readonly name: string;
  readonly found: (member: Member) => void;
  last: Place | Value | undefined;
}

const maxBases = 64;
/** What is written at one place as a base and may be more classes passes through code that says nothing. */
const maxOfOne = 8;
/** Bases in cycles have more ways through them than there is time. */
const maxVisits = 1_024;
/** Nobody inherits so deep. */
const maxDepth = 200;

export class Members {
  readonly #state: State;
  readonly #lookUps = new Map<string, LookUp[]>();
  readonly #orders = new Map<Value, readonly Value[]>();
  #visits = 0;
  /** A base was found after members were looked for. */
  #isStale = false;
  readonly #bases = new Map<Value, Place[]>();
  /** Bases that are asked before the class. */
  readonly #before = new Set<Place>();
  /** Stands for every type: `impl<T> Trait for T`. */
  #universal: Value | undefined;
  readonly #subclasses = new Map<Value, Set<Value>>();
  #structural: Structural | undefined;

  constructor(state: State) {
    this.#state = state;
    state.onNewField = (owner, name) => {
      if (state.data(owner).kind === 'class') this.#again(name);
    };
    for (const { value, facts, file } of state.classes)
      for (const [at, base] of facts.bases.entries()) {
        this.addBase(value, file.place + base);
        if (at < (facts.prepended ?? 0)) this.#before.add(file.place + base);
      }
  }

  /** What the place holds is a base of the class, or of a type of the language. */
  addBase(value: Value, place: Place): void {
    const places = this.#bases.get(value);
    if (places === undefined) this.#bases.set(value, [place]);
    else if (places.includes(place)) return;
    else places.push(place);
    const data = this.#state.data(value);
    if (data.kind === 'builtin' && data.name === '%any') this.#universal = value;
    this.#state.flow.on(place, (of) => {
      const known = this.#subclasses.get(of);
      if (known === undefined) this.#subclasses.set(of, new Set([value]));
      else known.add(value);
      // Only what inherits from here is ordered anew.
      this.#orders.delete(value);
      for (const below of this.#below(value)) this.#orders.delete(below);
      this.#isStale = true;
    });
  }

  /** Whether the class or what it inherits from has the member, in the workspace. */
  has(of: Value, name: string): boolean {
    const isAt = (holder: Value) => this.#state.existingField(holder, name) !== undefined;
    return (
      this.order(of).some(isAt) || (this.#universal !== undefined && this.order(this.#universal).some(isAt))
    );
  }

  /** Tells of the member, and again should a later found base or assignment put another one before it. */
  look(start: Value, name: string, found: (member: Member) => void, after?: Value): void {
    const lookUp: LookUp = { start, after, name, found, last: undefined };
    const list = this.#lookUps.get(name);
    if (list === undefined) this.#lookUps.set(name, [lookUp]);
    else list.push(lookUp);
    this.#run(lookUp);
  }

  /** Looks again for what a later found base may have changed; false when there is nothing to do. */
  refresh(): boolean {
    if (!this.#isStale) return false;
    this.#isStale = false;
    for (const name of [...this.#lookUps.keys()]) this.#again(name);
    return true;
  }

  #again(name: string): void {
    for (const lookUp of [...(this.#lookUps.get(name) ?? [])]) this.#run(lookUp);
  }

  #run(lookUp: LookUp): void {
    const whole = this.order(lookUp.start);
    const start = this.#state.data(lookUp.start);
    const isTyped =
      start.kind === 'class' && this.#state.classes[start.index]?.file.profile.typed !== undefined;
    // Compiled code has what the workspace declares; what is outside may have the rest.
    const order = isTyped
      ? [...whole].sort((a, b) => Number(!this.#isOurs(a)) - Number(!this.#isOurs(b)))
      : whole;
    const universal = this.#universal;
    const all = universal === undefined ? order : [...order, ...this.order(universal)];
    const skip = lookUp.after === undefined ? 0 : all.indexOf(lookUp.after) + 1;
    for (let i = skip; i < all.length; i++) {
      const holder = all[i] as Value;
      const isOurs = this.#isOurs(holder);
      const place = isOurs ? this.#state.existingField(holder, lookUp.name) : undefined;
      if (isOurs && place === undefined) continue;
      const key = place ?? -1 - holder;
      if (lookUp.last === key) return;
      lookUp.last = key;
      lookUp.found(place === undefined ? { outside: holder } : { place, holder });
      return;
    }
  }

  #isOurs(value: Value): boolean {
    const { kind } = this.#state.data(value);
    return (
      kind === 'class' ||
      (kind === 'builtin' && (this.#bases.has(value) || this.#state.fieldNames(value).length > 0))
    );
  }

  /** Classes whose bases name this one, and theirs; of an interface that is satisfied by methods, what has them. */
  descendants(of: Value): ReadonlySet<Value> {
    const data = this.#state.data(of);
    const cls = data.kind === 'class' ? this.#state.classes[data.index] : undefined;
    if (cls?.file.profile.typed !== 'structural') return this.#below(of);
    if (cls.facts.isInterface !== true) return new Set();
    this.#structural ??= new Structural(this.#state, this);
    return this.#structural.implementers(of);
  }

  /** By its methods alone. */
  satisfies(of: Value, type: Value): boolean {
    this.#structural ??= new Structural(this.#state, this);
    return this.#structural.satisfies(of, type);
  }

  #below(of: Value): ReadonlySet<Value> {
    const found = new Set<Value>();
    const open = [of];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const sub of this.#subclasses.get(next) ?? []) {
        if (found.has(sub) || found.size > 4_096) continue;
        found.add(sub);
        open.push(sub);
      }
    }
    return found;
  }

  /** The class and all it inherits from, in the order in which members are looked for. */
  order(of: Value): readonly Value[] {
    this.#visits = 0;
    return this.#order(of, new Map()).order;
  }

  /**
   * `open`: what is being ordered, with its depth. `lowest`: of what is open, the highest up that the order depends on: inside a cycle it
   * depends on where one began, and is not kept.
   */
  #order(of: Value, open: Map<Value, number>): { readonly order: readonly Value[]; readonly lowest: number } {
    const known = this.#orders.get(of);
    if (known !== undefined) return { order: known, lowest: Number.POSITIVE_INFINITY };
    const depth = open.size;
    if (this.#state.data(of).kind !== 'class' && !this.#bases.has(of))
      return { order: [of], lowest: Number.POSITIVE_INFINITY };
    const met = open.get(of);
    if (met !== undefined || depth >= maxDepth || ++this.#visits > maxVisits)
      return { order: [of], lowest: met ?? 0 };
    open.set(of, depth);
    const bases = this.#basesOf(of);
    const above = bases.map((base) => this.#order(base, open));
    open.delete(of);
    const lowest = Math.min(Number.POSITIVE_INFINITY, ...above.map((one) => one.lowest));
    const merged = [of, ...mergeOrders([...above.map((one) => one.order), bases])];
    const front = this.#basesBefore(of);
    const order =
      front.length === 0 ? merged : [...front, ...merged.filter((value) => !front.includes(value))];
    if (lowest < depth) return { order, lowest };
    this.#orders.set(of, order);
    return { order, lowest: Number.POSITIVE_INFINITY };
  }

  #basesBefore(of: Value): Value[] {
    if (this.#before.size === 0) return [];
    const places = (this.#bases.get(of) ?? []).filter((place) => this.#before.has(place));
    return places.flatMap((place) => [...this.#state.flow.valuesAt(place)].filter((value) => value !== of));
  }

  #basesOf(of: Value): Value[] {
    const found: Value[] = [];
    for (const base of this.#bases.get(of) ?? []) {
      const classes = this.#state.flow.valuesAt(base).filter((value) => {
        const { kind } = this.#state.data(value);
        return kind === 'class' || kind === 'external' || kind === 'builtin';
      });
      for (const value of classes.slice(0, maxOfOne))
        if (!found.includes(value) && found.length < maxBases) found.push(value);
    }
    return found;
  }
}

/** C3; where the orders contradict each other, the first that is left goes first. */
function mergeOrders(given: readonly (readonly Value[])[]): Value[] {
  let lists = given.map((list) => [...list]).filter((list) => list.length > 0);
  const merged: Value[] = [];
  while (lists.length > 0) {
    const isInTail = (value: Value) => lists.some((list) => list.indexOf(value, 1) > 0);
    const head =
      lists.map((list) => list[0] as Value).find((value) => !isInTail(value)) ?? (lists[0]?.[0] as Value);
    merged.push(head);
    lists = lists.map((list) => list.filter((value) => value !== head)).filter((list) => list.length > 0);
  }
  return merged;
}
