/**
 * Sets of values that flow along edges until nothing changes: inclusion-based points-to analysis after Andersen, with difference
 * propagation (Pearce, Kelly and Hankin, 2004). Knows no language and no meaning of a value.
 */
import { Column, EdgeList } from './columns.ts';
import { ValueSets } from './value-sets.ts';
import type { Value } from './values.ts';

/** A place that holds values: a variable of a file or a field of a value. */
export type Place = number;
type Listener = (value: Value) => void;
/** What is done with a value at a place where somebody listens, with what was kept for the listener. */
export type Action = (value: Value, a: number, b: number, c: number) => void;

/** How many values of each kind a place takes, by the number of the kind: see `kindOf` in `state.ts`. */
interface Bounds {
  readonly perKind: readonly number[];
  /** The same where many of other kinds are, too: code that passes everything on. */
  readonly mixed: readonly number[];
  /** The smallest of these. */
  readonly least: number;
  /** Of what a place holds already, so many are told to who comes now, and that there are more. */
  readonly told: number;
}

const fewOthers = 16;
/** The more work is done, the less a place takes: all ends, and what was cut is said at the places where it was. */
const bounds: readonly (Bounds & { readonly from: number })[] = [
  {
    from: 0,
    perKind: [2_000, 16, 16, 16, 48, 256, 256, 256],
    mixed: [1_000, 16, 16, 16, 48, 64, 64, 64],
    least: 16,
    told: 4_096,
  },
  {
    from: 0.6,
    perKind: [256, 8, 8, 8, 24, 64, 64, 64],
    mixed: [64, 8, 8, 8, 24, 32, 32, 32],
    least: 8,
    told: 64,
  },
  { from: 0.8, perKind: [64, 4, 4, 4, 4, 16, 16, 16], mixed: [8, 4, 4, 4, 4, 8, 8, 8], least: 4, told: 8 },
  {
    from: 0.9,
    perKind: [16, 2, 2, 2, 2, 4, 4, 4],
    mixed: [2, 2, 2, 2, 2, 2, 2, 2],
    least: 2,
    told: 2,
  },
];
/** An edge takes 24 bytes and is gone through again and again. */
const maxEdges = 2 ** 22;
const stepsOfEdge = 4;

export class Flow {
  readonly #values: ValueSets;
  /** How many of the values of a place were passed on. */
  readonly #told = new Column();
  readonly #edges = new EdgeList();
  readonly #listeners = new ListenerLists();
  readonly #filters: ((value: Value) => boolean)[] = [];
  /** Number of the filter of a place, from 1. */
  readonly #filterOf = new Column();
  #late: Late[] = [];
  /** What is told of one place. */
  #delta = new Int32Array(1 << 6);
  #queue: Place[] = [];
  #places = 0;
  readonly #kindOf: (value: Value) => number;
  readonly #many: Value;
  readonly #maxSteps: number;
  #steps = 0;
  #bounds = bounds[0] as Bounds;
  #isFull = false;
  /** The bound on steps was reached: nothing moves any more. */
  isCut = false;

  /** `many` stands at a place for what it does not take any more; it flows on like any value. */
  constructor(maxSteps: number, kindOf: (value: Value) => number, many: Value) {
    this.#maxSteps = maxSteps;
    this.#kindOf = kindOf;
    this.#many = many;
    this.#values = new ValueSets(kindOf);
  }

  place(): Place {
    return this.#places++;
  }

  /** Numbers for `count` places in a row. */
  reserve(count: number): Place {
    const first = this.#places;
    this.#places += count;
    return first;
  }

  /** As they are now. */
  valuesAt(place: Place): readonly Value[] {
    return this.#values.values(place);
  }

  size(place: Place): number {
    return this.#values.size(place);
  }

  /** Nothing is known that the place holds. */
  isEmpty(place: Place): boolean {
    const size = this.#values.size(place);
    return size === 0 || (size === 1 && this.#values.at(place, 0) === this.#many);
  }

  /** Some place took less than there was. */
  get isPartial(): boolean {
    return this.isCut || this.#isFull || this.#bounds !== bounds[0];
  }

  /** From now on only values that pass get in. */
  filter(place: Place, passes: (value: Value) => boolean): void {
    if (this.#filterOf.get(place) > 0) return;
    this.#filters.push(passes);
    this.#filterOf.set(place, this.#filters.length);
  }

  add(place: Place, value: Value): void {
    if (this.#values.has(place, value)) return;
    const filter = this.#filterOf.get(place);
    if (filter > 0 && this.#filters[filter - 1]?.(value) === false) return;
    const size = this.#values.size(place);
    if (size >= this.#bounds.least && value !== this.#many && !this.#isRoom(place, this.#kindOf(value), size))
      return;
    this.#values.add(place, value);
    if (this.#told.get(place) === size) this.#queue.push(place);
  }

  #isRoom(place: Place, kind: number, size: number): boolean {
    const own = this.#values.count(place, kind);
    const { perKind, mixed } = this.#bounds;
    if (own < ((size - own > fewOthers ? mixed : perKind)[kind] as number)) return true;
    // Of what says little when there is much of it nothing is missed.
    if (kind > 0 && kind < 5) return false;
    this.#isFull = true;
    this.add(place, this.#many);
    return false;
  }

  /** Everything in `from` is, and will be, in `to`. */
  flow(from: Place, to: Place): void {
    if (from === to || this.#edges.has(from, to)) return;
    if (this.#edges.size >= maxEdges) {
      this.isCut = true;
      return;
    }
    this.#edges.add(from, to);
    const size = this.#values.size(from);
    const end = Math.min(size, this.#bounds.told);
    for (let i = 0; i < end; i++) this.add(to, this.#values.at(from, i));
    if (end < size) this.add(to, this.#many);
    this.#spend(stepsOfEdge + end);
  }

  /** Calls back once for each value in the place, now and later. */
  on(place: Place, listener: Listener): void {
    this.#listen(place, this.#listeners.add(place, closure, this.#listeners.keep(listener), 0, 0));
  }

  /** An action for `tell`. */
  action(action: Action): number {
    return this.#listeners.act(action);
  }

  /** `on` for what there is a million times of: no closure, only numbers. */
  tell(place: Place, action: number, a: number, b: number, c: number): void {
    this.#listen(place, this.#listeners.add(place, action, a, b, c));
  }

  #listen(place: Place, listener: number): void {
    // What is not passed on yet will be told when its turn comes. The rest not now but in the loop: told at once, a chain of places
    // would be followed as deep as it is long.
    const count = this.#told.get(place);
    if (count > 0) this.#late.push({ listener, place, count });
  }

  run(): void {
    while (this.#queue.length > 0 || this.#late.length > 0) {
      const late = this.#late;
      this.#late = [];
      for (const { listener, place, count } of late) {
        if (this.isCut) break;
        const end = Math.min(count, this.#bounds.told);
        for (let i = 0; i < end; i++) this.#listeners.call(listener, this.#values.at(place, i));
        if (end < count) this.#listeners.call(listener, this.#many);
        this.#spend(end);
      }
      const queue = this.#queue;
      this.#queue = [];
      for (const place of queue) {
        if (this.isCut) return;
        this.#settle(place);
      }
    }
  }

  /** Passes on what came since the last time. */
  #settle(place: Place): void {
    const from = this.#told.get(place);
    const until = this.#values.size(place);
    const count = until - from;
    this.#told.set(place, until);
    if (count > this.#delta.length) this.#delta = new Int32Array(2 * count);
    const delta = this.#delta;
    this.#values.read(place, from, until, delta);
    const heard = this.#listeners.tellAll(place, delta, count);
    let next = 0;
    for (let edge = this.#edges.first(place); edge > 0; edge = this.#edges.after(edge)) {
      next += 1;
      const to = this.#edges.to(edge);
      for (let i = 0; i < count; i++) this.add(to, delta[i] as Value);
    }
    this.#spend(count * (1 + heard + next));
  }

  #spend(steps: number): void {
    this.#steps += steps;
    const share = this.#steps / this.#maxSteps;
    if (share > 1) this.isCut = true;
    else if (share > 0.6) this.#bounds = bounds.findLast(({ from }) => share > from) as Bounds;
  }
}

/** A listener that came when `count` values had been passed on. */
interface Late {
  readonly listener: number;
  readonly place: Place;
  readonly count: number;
}

/** Number of the action that calls a closure. */
const closure = 0;

/** Who listens at which place, in the order in which they came: an action and three numbers. Numbered from 1. */
class ListenerLists {
  readonly #closures: Listener[] = [];
  readonly #actions: Action[] = [(value, at) => (this.#closures[at] as Listener)(value)];
  readonly #action = new Column();
  readonly #a = new Column();
  readonly #b = new Column();
  readonly #c = new Column();
  readonly #after = new Column();
  readonly #first = new Column();
  readonly #last = new Column();
  #size = 0;

  act(action: Action): number {
    return this.#actions.push(action) - 1;
  }

  keep(listener: Listener): number {
    return this.#closures.push(listener) - 1;
  }

  add(place: Place, action: number, a: number, b: number, c: number): number {
    const number = ++this.#size;
    this.#action.set(number, action);
    this.#a.set(number, a);
    this.#b.set(number, b);
    this.#c.set(number, c);
    const last = this.#last.get(place);
    if (last === 0) this.#first.set(place, number);
    else this.#after.set(last, number);
    this.#last.set(place, number);
    return number;
  }

  call(listener: number, value: Value): void {
    const action = this.#actions[this.#action.get(listener)] as Action;
    action(value, this.#a.get(listener), this.#b.get(listener), this.#c.get(listener));
  }

  /** Tells all who listen now; those who come meanwhile see the values themselves. Gives how many there are. */
  tellAll(place: Place, values: Int32Array, count: number): number {
    const last = this.#last.get(place);
    if (last === 0) return 0;
    let heard = 0;
    for (let number = this.#first.get(place); ; number = this.#after.get(number)) {
      for (let i = 0; i < count; i++) this.call(number, values[i] as Value);
      heard += 1;
      if (number === last) return heard;
    }
  }
}
