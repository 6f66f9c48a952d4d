/** Members of classes: found through the bases in linear order (C3), and found again when a base or a member comes later. */
import { addTo } from '../../model/add-to.ts';
import type { Place } from './flow.ts';
import type { State } from './state.ts';
import { Structural } from './structural.ts';
import type { Value } from './values.ts';

/** A place that holds the member, or a class outside the workspace that may have it. */
export type Member = { readonly place: Place; readonly holder: Value } | { readonly outside: Value };

interface LookUp {
  /** In the order in which they are run again: of one name together. */
  readonly number: number;
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
const maxBelow = 4_096;
/** More than there ever are. */
const maxLookUps = 2 ** 30;
/** Nobody inherits so deep. */
const maxDepth = 200;

export class Members {
  readonly #state: State;
  readonly #lookUps = new Map<Value, Map<string, LookUp[]>>();
  readonly #byName = new Map<string, LookUp[]>();
  readonly #nameNumbers = new Map<string, number>();
  #count = 0;
  readonly #orders = new Map<Value, readonly Value[]>();
  #visits = 0;
  /** A base was found after members were looked for. */
  #isStale = false;
  /** Where look-ups start that may give something else since; undefined: everywhere. */
  #stale: Set<Value> | undefined = new Set();
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
      const { kind } = state.data(owner);
      if (kind === 'class') this.#again(owner, name);
      else if (kind === 'builtin') this.#change(owner);
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
      this.#change(value);
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
    const lookUp: LookUp = { number: this.#numberOf(name), start, after, name, found, last: undefined };
    let names = this.#lookUps.get(start);
    if (names === undefined) {
      names = new Map();
      this.#lookUps.set(start, names);
    }
    addTo(names, name, lookUp);
    addTo(this.#byName, name, lookUp);
    this.#run(lookUp);
  }

  #numberOf(name: string): number {
    let number = this.#nameNumbers.get(name);
    if (number === undefined) {
      number = this.#nameNumbers.size;
      this.#nameNumbers.set(name, number);
    }
    return number * maxLookUps + this.#count++;
  }

  /** Looks again for what a later found base may have changed; false when there is nothing to do. */
  refresh(): boolean {
    if (!this.#isStale) return false;
    this.#isStale = false;
    const starts = this.#stale ?? this.#lookUps.keys();
    this.#stale = new Set();
    const lookUps: LookUp[] = [];
    for (const start of starts)
      for (const list of this.#lookUps.get(start)?.values() ?? []) lookUps.push(...list);
    this.#runAll(lookUps);
    return true;
  }

  /** Something has a new member: only what inherits from it may find another one, and what was not looked at since it got a base. */
  #again(owner: Value, name: string): void {
    const all = this.#byName.get(name);
    if (all === undefined) return;
    const below = this.#startsBy(owner);
    const stale = this.#stale;
    const lookUps: LookUp[] = [];
    const ofStart = (start: Value) => lookUps.push(...(this.#lookUps.get(start)?.get(name) ?? []));
    if (below === undefined || stale === undefined) lookUps.push(...all);
    else if (below.size + stale.size < all.length) {
      ofStart(owner);
      for (const start of below) if (start !== owner) ofStart(start);
      for (const start of stale) if (start !== owner && !below.has(start)) ofStart(start);
    } else
      for (const lookUp of all) {
        const { start } = lookUp;
        if (start === owner || below.has(start) || stale.has(start)) lookUps.push(lookUp);
      }
    this.#runAll(lookUps);
  }

  #runAll(lookUps: LookUp[]): void {
    if (lookUps.length > 1) lookUps.sort((a, b) => a.number - b.number);
    for (const lookUp of lookUps) this.#run(lookUp);
  }

  #change(value: Value): void {
    const below = this.#startsBy(value);
    if (below === undefined) this.#stale = undefined;
    else this.#stale?.add(value);
    for (const start of below ?? []) this.#stale?.add(start);
  }

  /** What inherits from here; undefined: everything may. */
  #startsBy(value: Value): ReadonlySet<Value> | undefined {
    const universal = this.#universal;
    if (universal !== undefined && (universal === value || this.order(universal).includes(value)))
      return undefined;
    const below = this.#below(value);
    return below.size > maxBelow ? undefined : below;
  }

  #run(lookUp: LookUp): void {
    const whole = this.order(lookUp.start);
    const start = this.#state.data(lookUp.start);
    const isTyped =
      start.kind === 'class' && this.#state.classes[start.index]?.file.profile.typed !== undefined;
    // Compiled code has what the workspace declares; what is outside may have the rest.
    const order =
      isTyped && !whole.every((holder) => this.#isOurs(holder))
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
        if (found.has(sub) || found.size > maxBelow) continue;
        found.add(sub);
        open.push(sub);
      }
    }
    return found;
  }

  /** The class and all it inherits from, in the order in which members are looked for. */
  order(of: Value): readonly Value[] {
    const known = this.#orders.get(of);
    if (known !== undefined) return known;
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
      // Of what one name may be, the classes of the workspace are known to have what they have.
      classes.sort((a, b) => Number(!this.#isOurs(a)) - Number(!this.#isOurs(b)));
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
