/**
 * Sets of values that flow along edges until nothing changes: inclusion-based points-to analysis after Andersen, with difference
 * propagation (Pearce, Kelly and Hankin, 2004). Knows no language and no meaning of a value.
 */
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
/** Half of what a set of numbers can hold. */
const maxEdges = 2 ** 23;

export class Flow {
  readonly #values: (Set<Value> | undefined)[] = [];
  readonly #next: (Place[] | undefined)[] = [];
  readonly #edges = new Set<number>();
  readonly #listeners: (Listener[] | undefined)[] = [];
  readonly #pending: (Value[] | undefined)[] = [];
  readonly #filters: (((value: Value) => boolean) | undefined)[] = [];
  #late: { readonly listener: Listener; readonly told: readonly Value[] }[] = [];
  #queue: Place[] = [];
  #places = 0;
  readonly #minorKind: (value: Value) => number;
  /** For each place, how many values of each minor kind it holds: a byte for each. */
  readonly #minor: (number | undefined)[] = [];
  readonly #major: (number | undefined)[] = [];
  #stepsLeft: number;
  /** The bound on steps was reached. */
  isCut = false;
  /** Some place held more values than are followed. */
  isFull = false;

  /** `minorKind`: not 0 for values of which a place keeps only a few of each such kind. */
  constructor(maxSteps: number, minorKind: (value: Value) => number) {
    this.#stepsLeft = maxSteps;
    this.#minorKind = minorKind;
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

  valuesAt(place: Place): ReadonlySet<Value> {
    return this.#values[place] ?? none;
  }

  isEmpty(place: Place): boolean {
    return (this.#values[place]?.size ?? 0) === 0;
  }

  /** From now on only values that pass get in. */
  filter(place: Place, passes: (value: Value) => boolean): void {
    this.#filters[place] ??= passes;
  }

  add(place: Place, value: Value): void {
    let values = this.#values[place];
    if (values === undefined) {
      values = new Set();
      this.#values[place] = values;
    }
    if (values.has(value) || this.#filters[place]?.(value) === false) return;
    if (values.size >= maxValues) {
      this.isFull = true;
      return;
    }
    const kind = this.#minorKind(value);
    if (kind > 0 && !this.#isRoom(place, kind)) return;
    values.add(value);
    const pending = this.#pending[place];
    if (pending !== undefined) pending.push(value);
    else {
      this.#pending[place] = [value];
      this.#queue.push(place);
    }
  }

  /** Counts one more value of a kind. */
  #isRoom(place: Place, kind: number): boolean {
    const table = kind > 4 ? this.#major : this.#minor;
    const counts = table[place] ?? 0;
    const shift = 8 * ((kind - 1) & 3);
    const most = kind > 4 ? maxOfKind : kind === 4 ? maxContainers : maxMinor;
    if (((counts >>> shift) & 255) >= most) {
      if (kind > 4) this.isFull = true;
      return false;
    }
    table[place] = counts + (1 << shift);
    return true;
  }

  /** Everything in `from` is, and will be, in `to`. */
  flow(from: Place, to: Place): void {
    if (from === to) return;
    const key = from * 2 ** 26 + to;
    if (this.#edges.has(key)) return;
    if (this.#edges.size >= maxEdges) {
      this.isCut = true;
      return;
    }
    this.#edges.add(key);
    const next = this.#next[from];
    if (next === undefined) this.#next[from] = [to];
    else next.push(to);
    const values = this.#values[from] ?? none;
    for (const value of values) this.add(to, value);
    this.#spend(1 + values.size);
  }

  /** Calls back once for each value in the place, now and later. */
  on(place: Place, listener: Listener): void {
    const listeners = this.#listeners[place];
    if (listeners === undefined) this.#listeners[place] = [listener];
    else listeners.push(listener);
    const values = this.#values[place];
    if (values === undefined) return;
    const pending = this.#pending[place];
    // What is pending will be told when its turn comes. The rest not now but in the loop: told at once, a chain of places would be
    // followed as deep as it is long.
    const told =
      pending === undefined ? [...values] : [...values].filter((value) => !pending.includes(value));
    if (told.length > 0) this.#late.push({ listener, told });
  }

  run(): void {
    while (this.#queue.length > 0 || this.#late.length > 0) {
      const late = this.#late;
      this.#late = [];
      for (const { listener, told } of late) {
        if (this.isCut) break;
        for (const value of told) listener(value);
        this.#spend(told.length);
      }
      const queue = this.#queue;
      this.#queue = [];
      for (const place of queue) {
        const fresh = this.#pending[place];
        this.#pending[place] = undefined;
        if (fresh !== undefined && !this.isCut) this.#settle(place, fresh);
      }
    }
  }

  #settle(place: Place, fresh: readonly Value[]): void {
    const listeners = this.#listeners[place];
    // Listeners and edges that come while this runs see the values themselves.
    const heard = listeners?.length ?? 0;
    for (let i = 0; i < heard; i++) for (const value of fresh) (listeners as Listener[])[i]?.(value);
    const next = this.#next[place];
    for (let i = 0; i < (next?.length ?? 0); i++)
      for (const value of fresh) this.add((next as Place[])[i] as Place, value);
    this.#spend(fresh.length * (1 + heard + (next?.length ?? 0)));
  }

  #spend(steps: number): void {
    this.#stepsLeft -= steps;
    if (this.#stepsLeft < 0) this.isCut = true;
  }
}

const none: ReadonlySet<Value> = new Set();
