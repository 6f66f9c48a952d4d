/**
 * Sets of values by place, each in the order in which they came. Nine places in ten hold one value or none: these are a number in a
 * column; what holds more has a list, and from `maxScanned` on a table.
 */
import { Column, NumberSet } from './columns.ts';
import type { Value } from './values.ts';

interface Table {
  readonly set: NumberSet;
  /** How many values of each kind there are. */
  readonly counts: Uint16Array;
}

const maxScanned = 16;
const kinds = 8;

export class ValueSets {
  /** 0: nothing. Below: one value, as -1 - value. Above: number of the list, from 1. */
  readonly #slots = new Column();
  readonly #lists: Value[][] = [];
  readonly #tables = new Map<number, Table>();
  readonly #kindOf: (value: Value) => number;

  /** `kindOf`: from 0 to 7. */
  constructor(kindOf: (value: Value) => number) {
    this.#kindOf = kindOf;
  }

  size(place: number): number {
    const slot = this.#slots.get(place);
    if (slot <= 0) return slot === 0 ? 0 : 1;
    return (this.#lists[slot - 1] as Value[]).length;
  }

  at(place: number, index: number): Value {
    const slot = this.#slots.get(place);
    return slot < 0 ? -1 - slot : ((this.#lists[slot - 1] as Value[])[index] as Value);
  }

  values(place: number): readonly Value[] {
    const slot = this.#slots.get(place);
    if (slot === 0) return none;
    return slot < 0 ? [-1 - slot] : (this.#lists[slot - 1] as Value[]);
  }

  has(place: number, value: Value): boolean {
    const slot = this.#slots.get(place);
    if (slot <= 0) return slot === -1 - value;
    const list = this.#lists[slot - 1] as Value[];
    if (list.length <= maxScanned) return list.includes(value);
    return (this.#tables.get(slot) as Table).set.has(value);
  }

  /** How many values of the kind the place holds. */
  count(place: number, kind: number): number {
    const table = this.#tables.get(this.#slots.get(place));
    if (table !== undefined) return table.counts[kind] as number;
    let count = 0;
    for (const value of this.values(place)) if (this.#kindOf(value) === kind) count += 1;
    return count;
  }

  /** Adds what is not there yet. */
  add(place: number, value: Value): void {
    const slot = this.#slots.get(place);
    if (slot === 0) {
      this.#slots.set(place, -1 - value);
      return;
    }
    if (slot < 0) {
      this.#lists.push([-1 - slot, value]);
      this.#slots.set(place, this.#lists.length);
      return;
    }
    const list = this.#lists[slot - 1] as Value[];
    list.push(value);
    if (list.length < maxScanned) return;
    const table = this.#tables.get(slot);
    if (table === undefined) this.#tables.set(slot, this.#tableOf(list));
    else {
      table.set.add(value);
      (table.counts[this.#kindOf(value)] as number) += 1;
    }
  }

  #tableOf(list: readonly Value[]): Table {
    const counts = new Uint16Array(kinds);
    for (const value of list) (counts[this.#kindOf(value)] as number) += 1;
    return { set: new NumberSet(list), counts };
  }
}

const none: readonly Value[] = [];
