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

/** A place with more stands for code that passes everything through; what more it would hold says little. */
const maxValues = 600;
/** More constants are no keys, more names of one call say nothing. */
const maxMinor = 16;
const maxContainers = 48;
/** More classes, or instances or methods of as many, flow through code that passes everything on. */
const maxOfKind = 64;
/** 24 bytes each. */
const maxEdges = 2 ** 23;

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
  #queue: Place[] = [];
  #places = 0;
  readonly #minorKind: (value: Value) => number;
  #stepsLeft: number;
  /** The bound on steps was reached. */
  isCut = false;
  /** Some place held more values than are followed. */
  isFull = false;

  /** `minorKind`: not 0 for values of which a place keeps only a few of each such kind. */
  constructor(maxSteps: number, minorKind: (value: Value) => number) {
    this.#stepsLeft = maxSteps;
    this.#minorKind = minorKind;
    this.#values = new ValueSets(minorKind);
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

  valuesAt(place: Place): readonly Value[] {
    return this.#values.values(place);
  }

  isEmpty(place: Place): boolean {
    return this.#values.size(place) === 0;
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
    if (size >= maxValues) {
      this.isFull = true;
      return;
    }
    const kind = this.#minorKind(value);
    if (kind > 0 && size >= maxMinor && !this.#isRoom(place, kind)) return;
    this.#values.add(place, value);
    if (this.#told.get(place) === size) this.#queue.push(place);
  }

  #isRoom(place: Place, kind: number): boolean {
    const most = kind > 4 ? maxOfKind : kind === 4 ? maxContainers : maxMinor;
    if (this.#values.count(place, kind) < most) return true;
    if (kind > 4) this.isFull = true;
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
    for (let i = 0; i < size; i++) this.add(to, this.#values.at(from, i));
    this.#spend(1 + size);
  }

  /** Calls back once for each value in the place, now and later. */
  on(place: Place, listener: Listener): void {
    this.#listeners.add(place, listener);
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
        for (let i = 0; i < count; i++) listener(this.#values.at(place, i));
        this.#spend(count);
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
    const values = this.#values;
    const from = this.#told.get(place);
    const until = values.size(place);
    this.#told.set(place, until);
    const heard = this.#listeners.tell(place, values, from, until);
    let next = 0;
    for (let edge = this.#edges.first(place); edge > 0; edge = this.#edges.after(edge)) {
      next += 1;
      const to = this.#edges.to(edge);
      for (let i = from; i < until; i++) this.add(to, values.at(place, i));
    }
    this.#spend((until - from) * (1 + heard + next));
  }

  #spend(steps: number): void {
    this.#stepsLeft -= steps;
    if (this.#stepsLeft < 0) this.isCut = true;
  }
}

/** A listener that came when `count` values had been passed on. */
interface Late {
  readonly listener: Listener;
  readonly place: Place;
  readonly count: number;
}

/** Who listens at which place, in the order in which they came. Numbered from 1. */
class ListenerLists {
  readonly #listeners: Listener[] = [];
  readonly #after = new Column();
  readonly #first = new Column();
  readonly #last = new Column();

  add(place: Place, listener: Listener): void {
    this.#listeners.push(listener);
    const number = this.#listeners.length;
    const last = this.#last.get(place);
    if (last === 0) this.#first.set(place, number);
    else this.#after.set(last, number);
    this.#last.set(place, number);
  }

  /** Tells all who listen now of the values from one on; those who come meanwhile see them themselves. Gives how many there are. */
  tell(place: Place, values: ValueSets, from: number, until: number): number {
    const last = this.#last.get(place);
    if (last === 0) return 0;
    let heard = 0;
    for (let number = this.#first.get(place); ; number = this.#after.get(number)) {
      const listener = this.#listeners[number - 1] as Listener;
      for (let i = from; i < until; i++) listener(values.at(place, i));
      heard += 1;
      if (number === last) return heard;
    }
  }
}
