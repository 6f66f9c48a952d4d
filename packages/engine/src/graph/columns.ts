/** Columns of numbers that grow, and a table over pairs of them: what millions of places and edges are kept in without an object each. */

/** A list of 32-bit numbers; what was never set is 0. */
export class Column {
  #numbers = new Int32Array(1 << 10);

  get(at: number): number {
    return at < this.#numbers.length ? (this.#numbers[at] as number) : 0;
  }

  set(at: number, value: number): void {
    if (at >= this.#numbers.length) {
      const grown = new Int32Array(Math.max(2 * this.#numbers.length, at + 1));
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    this.#numbers[at] = value;
  }
}

/** A set of small numbers, from 0 on: open addressing, at most half full. */
export class NumberSet {
  /** One more than the number; 0 is free. */
  #slots: Int32Array;
  #size = 0;

  constructor(numbers: readonly number[]) {
    this.#slots = new Int32Array(64);
    for (const number of numbers) this.add(number);
  }

  has(number: number): boolean {
    return this.#slots[this.#slotOf(number)] !== 0;
  }

  add(number: number): void {
    const slot = this.#slotOf(number);
    if (this.#slots[slot] !== 0) return;
    this.#slots[slot] = number + 1;
    this.#size += 1;
    if (2 * this.#size <= this.#slots.length) return;
    const old = this.#slots;
    this.#slots = new Int32Array(2 * old.length);
    for (const kept of old) if (kept !== 0) this.#slots[this.#slotOf(kept - 1)] = kept;
  }

  #slotOf(number: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = spread(number) & mask;
    while (slots[slot] !== 0 && slots[slot] !== number + 1) slot = (slot + 1) & mask;
    return slot;
  }
}

/** Edges between numbered places, each once, in the order in which they came. Edges are numbered from 1. */
export class EdgeList {
  readonly #from = new Column();
  readonly #to = new Column();
  readonly #after = new Column();
  readonly #first = new Column();
  readonly #last = new Column();
  /** Numbers of edges by their ends. */
  #slots = new Int32Array(1 << 12);
  size = 0;

  has(from: number, to: number): boolean {
    return this.#slots[this.#slotOf(from, to)] !== 0;
  }

  add(from: number, to: number): void {
    this.size += 1;
    this.#from.set(this.size, from);
    this.#to.set(this.size, to);
    this.#slots[this.#slotOf(from, to)] = this.size;
    const last = this.#last.get(from);
    if (last === 0) this.#first.set(from, this.size);
    else this.#after.set(last, this.size);
    this.#last.set(from, this.size);
    if (2 * this.size > this.#slots.length) this.#grow();
  }

  /** The first edge of a place, 0 for none; then `after`. */
  first(from: number): number {
    return this.#first.get(from);
  }

  after(edge: number): number {
    return this.#after.get(edge);
  }

  to(edge: number): number {
    return this.#to.get(edge);
  }

  #grow(): void {
    this.#slots = new Int32Array(2 * this.#slots.length);
    for (let edge = 1; edge <= this.size; edge++)
      this.#slots[this.#slotOf(this.#from.get(edge), this.#to.get(edge))] = edge;
  }

  #slotOf(from: number, to: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = spread(from ^ Math.imul(to, 0x85ebca6b)) & mask;
    for (let edge = slots[slot] as number; edge !== 0; edge = slots[slot] as number) {
      if (this.#to.get(edge) === to && this.#from.get(edge) === from) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}

/** The last step of MurmurHash3. */
function spread(number: number): number {
  let hash = Math.imul(number ^ (number >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return hash ^ (hash >>> 16);
}
