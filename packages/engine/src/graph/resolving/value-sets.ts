/**
 * Sets of values by place, each in the order in which they came. Nine places in ten hold one value or none: these are a number in a
 * column; what holds more has a list, and from `maxScanned` on a table: blocks of one array, so that millions of sets are no objects.
 */
import { Blocks, Column, spread } from './columns.ts';
import type { Value } from './values.ts';

const maxScanned = 16;
const kinds = 8;
/** 2^2 values, 2^6 slots, 2^3 kinds. */
const firstList = 2;
const firstTable = 6;
const countsPower = 3;

export class ValueSets {
  /** 0: nothing. Below: one value, as -1 - value. Above: number of the list, from 1. */
  readonly #slots = new Column();
  readonly #blocks = new Blocks();
  /** Of each list: its block, how many it holds, and, from `maxScanned` on, the blocks of its table and counts. */
  readonly #list = new Column();
  readonly #size = new Column();
  /** Open addressing, at most half full; one more than the value, 0 is free. */
  readonly #table = new Column();
  readonly #tablePower = new Column();
  /** How many values of each kind there are. */
  readonly #counts = new Column();
  #lists = 0;
  readonly #kindOf: (value: Value) => number;

  /** `kindOf`: from 0 to 7. */
  constructor(kindOf: (value: Value) => number) {
    this.#kindOf = kindOf;
  }

  size(place: number): number {
    const slot = this.#slots.get(place);
    if (slot <= 0) return slot === 0 ? 0 : 1;
    return this.#size.get(slot);
  }

  at(place: number, index: number): Value {
    const slot = this.#slots.get(place);
    return slot < 0 ? -1 - slot : (this.#blocks.numbers[this.#list.get(slot) + index] as Value);
  }

  /** Copies the values from one on into `target`, from its beginning. */
  read(place: number, from: number, until: number, target: Int32Array): void {
    const slot = this.#slots.get(place);
    if (slot < 0) {
      target[0] = -1 - slot;
      return;
    }
    const list = this.#list.get(slot);
    const { numbers } = this.#blocks;
    for (let i = from; i < until; i++) target[i - from] = numbers[list + i] as Value;
  }

  /** As they are now. */
  values(place: number): readonly Value[] {
    const slot = this.#slots.get(place);
    if (slot === 0) return none;
    if (slot < 0) return [-1 - slot];
    const list = this.#list.get(slot);
    return Array.from(this.#blocks.numbers.subarray(list, list + this.#size.get(slot)));
  }

  has(place: number, value: Value): boolean {
    const slot = this.#slots.get(place);
    if (slot <= 0) return slot === -1 - value;
    const size = this.#size.get(slot);
    const { numbers } = this.#blocks;
    if (size >= maxScanned) return numbers[this.#slotOf(slot, value)] !== 0;
    const list = this.#list.get(slot);
    for (let at = list; at < list + size; at++) if (numbers[at] === value) return true;
    return false;
  }

  /** How many values of the kind the place holds. */
  count(place: number, kind: number): number {
    const slot = this.#slots.get(place);
    const size = this.size(place);
    if (size >= maxScanned) return this.#blocks.numbers[this.#counts.get(slot) + kind] as number;
    let count = 0;
    for (let i = 0; i < size; i++) if (this.#kindOf(this.at(place, i)) === kind) count += 1;
    return count;
  }

  /** Adds what is not there yet. */
  add(place: number, value: Value): void {
    const slot = this.#slots.get(place);
    if (slot === 0) this.#slots.set(place, -1 - value);
    else if (slot < 0) {
      const list = ++this.#lists;
      const at = this.#blocks.take(firstList);
      this.#blocks.numbers[at] = -1 - slot;
      this.#blocks.numbers[at + 1] = value;
      this.#list.set(list, at);
      this.#size.set(list, 2);
      this.#slots.set(place, list);
    } else this.#append(slot, value);
  }

  #append(list: number, value: Value): void {
    const size = this.#size.get(list);
    // A list is full when it holds a power of two.
    if (size >= 1 << firstList && (size & (size - 1)) === 0) this.#growList(list, size);
    this.#blocks.numbers[this.#list.get(list) + size] = value;
    this.#size.set(list, size + 1);
    if (size + 1 === maxScanned) {
      this.#table.set(list, this.#blocks.take(firstTable));
      this.#tablePower.set(list, firstTable);
      this.#counts.set(list, this.#blocks.take(countsPower));
      this.#enter(list, 0);
    } else if (size + 1 > maxScanned) {
      if (2 * (size + 1) > 1 << this.#tablePower.get(list)) this.#growTable(list);
      else this.#enter(list, size);
    }
  }

  #growList(list: number, size: number): void {
    const power = Math.log2(size);
    const at = this.#blocks.take(power + 1);
    const old = this.#list.get(list);
    this.#blocks.numbers.copyWithin(at, old, old + size);
    this.#blocks.give(old, power);
    this.#list.set(list, at);
  }

  #growTable(list: number): void {
    const power = this.#tablePower.get(list);
    this.#blocks.give(this.#table.get(list), power);
    this.#table.set(list, this.#blocks.take(power + 1));
    this.#tablePower.set(list, power + 1);
    this.#blocks.numbers.fill(0, this.#counts.get(list), this.#counts.get(list) + kinds);
    this.#enter(list, 0);
  }

  /** What stands in the list from there on gets into its table and counts. */
  #enter(list: number, from: number): void {
    const { numbers } = this.#blocks;
    const first = this.#list.get(list);
    const counts = this.#counts.get(list);
    for (let at = first + from; at < first + this.#size.get(list); at++) {
      const value = numbers[at] as Value;
      numbers[this.#slotOf(list, value)] = value + 1;
      (numbers[counts + this.#kindOf(value)] as number) += 1;
    }
  }

  /** Where the value stands in the table of the list, or would. */
  #slotOf(list: number, value: Value): number {
    const { numbers } = this.#blocks;
    const table = this.#table.get(list);
    const mask = (1 << this.#tablePower.get(list)) - 1;
    let slot = spread(value) & mask;
    for (let found = numbers[table + slot]; found !== 0 && found !== value + 1; found = numbers[table + slot])
      slot = (slot + 1) & mask;
    return table + slot;
  }
}

const none: readonly Value[] = [];
