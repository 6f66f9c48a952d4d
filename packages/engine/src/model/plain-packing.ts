/**
 * Plain data (objects, arrays, texts, numbers, booleans; nothing is a class, no cycles) in few bytes. Made for thousands of small
 * objects of a few shapes: a shape, its keys and the types of their values, is written once, and what stands under one key of
 * one shape is a column of its own, which compresses twice as well as rows.
 *
 *   texts, in order of first use | keys | shapes: number, then of each its keys and the type of each | columns: number, of each what it
 *   holds and its length, as differences from the one before | bytes of the columns
 *
 * Numbers are varints, signed ones in zigzag. Whole numbers are differences: from the last value under the same key, or from
 * the last one written at all, whichever makes the column shorter. Texts are 0 for the next of the list, else twice how many
 * texts ago they were first used; twice its number and one for a text that both sides know.
 */

import {
  EVEN_LIST,
  escaped,
  FALSE,
  FIRST_SHAPE,
  INTEGER,
  INTEGERS,
  type Known,
  LENGTHS,
  MIXED_LIST,
  maxInteger,
  NOTHING_KNOWN,
  NULL,
  NUMBER,
  type Plain,
  ROLES,
  type Shape,
  TEXT,
  TEXTS,
  TRUE,
  TYPES,
} from './plain-columns.ts';

export function packPlain(value: unknown): Uint8Array {
  return plainPacker(NOTHING_KNOWN)(value);
}

/** For many values: what is known is prepared once. */
export function plainPacker(known: Known): (value: unknown) => Uint8Array {
  const texts = new Map(known.texts.map((text, i) => [text, i]));
  const shapes = new Shapes(known);
  return (value) => {
    try {
      return new Packer(texts, shapes).pack(value as Plain);
    } finally {
      shapes.forgetAdded();
    }
  };
}

/** The first fields of objects, and what may follow them. */
interface Fields extends Shape {
  readonly next: Map<number, Fields>;
  /** Number of the shape with these fields alone, -1 for none. */
  shape: number;
  /** Place of its first field; those of the others follow. */
  place: number;
}

/** More than any data has: a key and a type make one number. */
const maxShapes = 2 ** 26;

/** Shapes are found field by field: a text for each object would cost more than the object. */
class Shapes {
  readonly none: Fields = fieldsOf([], []);
  readonly #all: Fields[] = [];
  #places = 1;
  /** Steps that were not known. */
  readonly #added: (readonly [from: Fields, step: number])[] = [];
  readonly #knownPlaces: number;
  readonly #known: number;

  constructor({ shapes }: Known) {
    for (const { keys, types } of shapes) {
      let at = this.none;
      for (const [i, key] of keys.entries()) at = this.with(at, key, types[i] as number);
      this.numbered(at);
    }
    this.#added.length = 0;
    this.#known = this.#all.length;
    this.#knownPlaces = this.#places;
  }

  at(number: number): Fields {
    return this.#all[number] as Fields;
  }

  added(): readonly Shape[] {
    return this.#all.slice(this.#known);
  }

  forgetAdded(): void {
    for (const fields of this.#all.splice(this.#known)) fields.shape = -1;
    for (const [from, step] of this.#added.splice(0)) from.next.delete(step);
    this.#places = this.#knownPlaces;
  }

  with(fields: Fields, key: number, type: number): Fields {
    const step = key * maxShapes + type;
    let next = fields.next.get(step);
    if (next === undefined) {
      next = fieldsOf([...fields.keys, key], [...fields.types, type]);
      fields.next.set(step, next);
      this.#added.push([fields, step]);
    }
    return next;
  }

  numbered(fields: Fields): number {
    if (fields.shape < 0) {
      fields.shape = this.#all.length;
      fields.place = this.#places;
      this.#places += fields.keys.length;
      this.#all.push(fields);
    }
    return fields.shape;
  }
}

function fieldsOf(keys: readonly number[], types: readonly number[]): Fields {
  return { next: new Map(), keys, types, shape: -1, place: 0 };
}

class Packer {
  readonly #texts: Map<string, number>;
  readonly #keys: Map<string, number>;
  readonly #known: number;
  readonly #shapes: Shapes;
  /** By place and role; of integers, as differences under their key. */
  readonly #columns: Bytes[] = [];
  /** By place: integers as differences from the last of all. */
  readonly #following: Bytes[] = [];
  /** By key. */
  readonly #last: number[] = [];
  #lastOfAll = 0;

  constructor(texts: ReadonlyMap<string, number>, shapes: Shapes) {
    this.#texts = new Map(texts);
    this.#keys = new Map(texts);
    this.#known = texts.size;
    this.#shapes = shapes;
  }

  pack(value: Plain): Uint8Array {
    this.#put(value, 0, 0);
    const head = new Bytes();
    for (const table of [this.#texts, this.#keys]) {
      const own = [...table.keys()].slice(this.#known);
      const bytes = new TextEncoder().encode(own.map(escaped).join('\0'));
      head.number(own.length);
      head.number(bytes.length);
      head.raw(bytes);
    }
    const shapes = this.#shapes.added();
    head.number(shapes.length);
    for (const { keys, types } of shapes) {
      head.number(keys.length);
      for (const [i, key] of keys.entries()) {
        head.number(key);
        head.number(types[i] as number);
      }
    }
    const columns = this.#shortest();
    head.number(columns.length);
    let last = { id: 0, length: 0 };
    for (const { id, bytes } of columns) {
      head.number(id - last.id);
      head.signed(bytes.length - last.length);
      last = { id, length: bytes.length };
    }
    for (const { bytes } of columns) head.raw(bytes);
    return head.taken();
  }

  /** `id`: place, role and, of integers, which kind of differences. */
  #shortest(): { id: number; bytes: Uint8Array }[] {
    return Object.entries(this.#columns).map(([name, column]) => {
      const bytes = column.taken();
      const other = Number(name) % ROLES === INTEGERS ? this.#following[Number(name)]?.taken() : undefined;
      const isShorter = other !== undefined && other.length < bytes.length;
      return { id: Number(name) * 2 + (isShorter ? 1 : 0), bytes: isShorter ? other : bytes };
    });
  }

  #column(place: number, role: number): Bytes {
    return (this.#columns[place * ROLES + role] ??= new Bytes());
  }

  #typeOf(value: Plain): number {
    switch (typeof value) {
      case 'string':
        return TEXT;
      case 'number':
        return Number.isInteger(value) && Math.abs(value) < maxInteger ? INTEGER : NUMBER;
      case 'boolean':
        return value ? TRUE : FALSE;
      case 'object':
        if (value === null) return NULL;
        return Array.isArray(value) ? this.#listType(value) : this.#shapeOf(value as Record<string, Plain>);
      default:
        return NULL;
    }
  }

  #listType(list: readonly Plain[]): number {
    const first = list[0];
    if (typeof first === 'object' && first !== null) return MIXED_LIST;
    const type = this.#typeOf(first);
    return list.length > 0 && list.every((one) => this.#typeOf(one) === type) ? EVEN_LIST : MIXED_LIST;
  }

  #shapeOf(value: { readonly [key: string]: Plain }): number {
    let at = this.#shapes.none;
    for (const key in value) {
      const field = value[key];
      if (field !== undefined) at = this.#shapes.with(at, numberOf(this.#keys, key), this.#typeOf(field));
    }
    return FIRST_SHAPE + this.#shapes.numbered(at);
  }

  #put(value: Plain, place: number, key: number): void {
    const type = this.#typeOf(value);
    this.#column(place, TYPES).number(type);
    this.#putAs(type, value, place, key);
  }

  #putAs(type: number, value: Plain, place: number, key: number): void {
    switch (type) {
      case INTEGER:
        this.#putInteger(value as number, place, key);
        return;
      case TEXT:
        this.#putText(value as string, place);
        return;
      case NUMBER:
        this.#putText(String(value), place);
        return;
      case MIXED_LIST: {
        const list = value as readonly Plain[];
        this.#column(place, LENGTHS).number(list.length);
        for (const one of list) this.#put(one, place, key);
        return;
      }
      case EVEN_LIST: {
        const list = value as readonly Plain[];
        this.#column(place, LENGTHS).number(list.length);
        const own = this.#typeOf(list[0]);
        this.#column(place, TYPES).number(own);
        for (const one of list) this.#putAs(own, one, place, key);
        return;
      }
      default: {
        if (type < FIRST_SHAPE) return;
        const shape = this.#shapes.at(type - FIRST_SHAPE);
        let at = 0;
        for (const name in value as object) {
          const field = (value as { readonly [key: string]: Plain })[name];
          if (field === undefined) continue;
          this.#putAs(shape.types[at] as number, field, shape.place + at, shape.keys[at] as number);
          at += 1;
        }
      }
    }
  }

  #putInteger(value: number, place: number, key: number): void {
    this.#column(place, INTEGERS).signed(value - (this.#last[key] ?? 0));
    (this.#following[place * ROLES + INTEGERS] ??= new Bytes()).signed(value - this.#lastOfAll);
    this.#last[key] = value;
    this.#lastOfAll = value;
  }

  #putText(text: string, place: number): void {
    const count = this.#texts.size;
    const number = numberOf(this.#texts, text);
    this.#column(place, TEXTS).number(number < this.#known ? 2 * number + 1 : 2 * (count - number));
  }
}

function numberOf(table: Map<string, number>, text: string): number {
  let number = table.get(text);
  if (number === undefined) {
    number = table.size;
    table.set(text, number);
  }
  return number;
}

/** A buffer that grows. */
class Bytes {
  #bytes = new Uint8Array(32);
  #length = 0;

  number(value: number): void {
    if (this.#length + 10 > this.#bytes.length) this.#grow(10);
    let left = value;
    for (; left > 127; left = Math.floor(left / 128)) this.#bytes[this.#length++] = (left % 128) | 128;
    this.#bytes[this.#length++] = left;
  }

  signed(value: number): void {
    this.number(value < 0 ? -2 * value - 1 : 2 * value);
  }

  raw(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#bytes.length) this.#grow(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  taken(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(by: number): void {
    const grown = new Uint8Array(2 * this.#bytes.length + by);
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}
