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

/**
 * Blocks of 2^k numbers in one array, given back by their size: many lists and tables that grow, without an object for each. Offsets begin
 * at 1, so that 0 can mean none.
 */
export class Blocks {
  numbers = new Int32Array(1 << 12);
  #used = 1;
  /** Blocks that were given back, by their `power`. */
  readonly #free: number[][] = [];

  /** Offset of a block of `1 << power` zeros. */
  take(power: number): number {
    const size = 1 << power;
    const old = this.#free[power]?.pop();
    if (old !== undefined) {
      this.numbers.fill(0, old, old + size);
      return old;
    }
    const at = this.#used;
    this.#used += size;
    if (this.#used > this.numbers.length) {
      const grown = new Int32Array(Math.max(2 * this.numbers.length, this.#used));
      grown.set(this.numbers);
      this.numbers = grown;
    }
    return at;
  }

  give(at: number, power: number): void {
    const free = this.#free[power];
    if (free === undefined) this.#free[power] = [at];
    else free.push(at);
  }
}

/** A set of rows of four numbers: open addressing, at most half full. */
export class RowSet {
  #rows = new Int32Array(1 << 12);
  #slots = new Int32Array(1 << 11);
  #size = 0;

  /** False: the row was there. */
  add(a: number, b: number, c: number, d: number): boolean {
    const slot = this.#slotOf(a, b, c, d);
    if (this.#slots[slot] !== 0) return false;
    const at = 4 * this.#size;
    if (at + 4 > this.#rows.length) {
      const grown = new Int32Array(2 * this.#rows.length);
      grown.set(this.#rows);
      this.#rows = grown;
    }
    const rows = this.#rows;
    rows[at] = a;
    rows[at + 1] = b;
    rows[at + 2] = c;
    rows[at + 3] = d;
    this.#size += 1;
    this.#slots[slot] = this.#size;
    if (2 * this.#size > this.#slots.length) this.#grow();
    return true;
  }

  #grow(): void {
    this.#slots = new Int32Array(2 * this.#slots.length);
    const rows = this.#rows;
    for (let i = 0; i < this.#size; i++) {
      const [a, b, c, d] = [rows[4 * i], rows[4 * i + 1], rows[4 * i + 2], rows[4 * i + 3]] as number[];
      this.#slots[this.#slotOf(a as number, b as number, c as number, d as number)] = i + 1;
    }
  }

  #slotOf(a: number, b: number, c: number, d: number): number {
    const slots = this.#slots;
    const rows = this.#rows;
    const mask = slots.length - 1;
    const hash = a ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35) ^ Math.imul(d, 0x27d4eb2f);
    let slot = spread(hash) & mask;
    for (let row = slots[slot] as number; row !== 0; row = slots[slot] as number) {
      const at = 4 * (row - 1);
      if (rows[at] === a && rows[at + 1] === b && rows[at + 2] === c && rows[at + 3] === d) return slot;
      slot = (slot + 1) & mask;
    }
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
export function spread(number: number): number {
  let hash = Math.imul(number ^ (number >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return hash ^ (hash >>> 16);
}
