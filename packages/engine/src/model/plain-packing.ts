/**
 * Plain data (objects, arrays, texts, numbers, booleans; nothing is a class, no cycles) in few bytes. Made for thousands of small
 * objects of a few shapes: a shape, its keys and the types of their values, is written once; whole numbers as differences
 * from the last value under the same key, which in lists of numbered things is mostly 1.
 *
 *   texts: count, then length in bytes and UTF-8 of each | shapes: count, then number of keys, and key and type of each | the value
 *
 * All numbers are varints, signed ones in zigzag. A field whose value is `undefined` is left out.
 */

/** A value's type: a code below, or `FIRST_SHAPE` plus the number of a shape. */
const INTEGER = 0;
const TEXT = 1;
const TRUE = 2;
const FALSE = 3;
const NULL = 4;
/** A number that is not whole, as text. */
const NUMBER = 5;
const MIXED_LIST = 6;
/** A list whose elements have one type, which stands before them. */
const EVEN_LIST = 7;
const FIRST_SHAPE = 8;

type Plain =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Plain[]
  | { readonly [key: string]: Plain };

/** Whole numbers beyond this are written as text: differences must fit 53 bits. */
const maxInteger = 2 ** 31;

/** `known`: texts that both sides have anyway, in a fixed order. */
export function packPlain(value: unknown, known: readonly string[] = []): Uint8Array {
  const packer = new Packer(known);
  const body = new Bytes();
  packer.put(body, value as Plain);
  const head = new Bytes();
  packer.putTables(head, known.length);
  return concatenated(head.taken(), body.taken());
}

/** The bytes must be whole, and packed with the same `known`: the store has checked them. */
export function unpackPlain(bytes: Uint8Array, known: readonly string[] = []): unknown {
  return new Unpacker(bytes, known).read();
}

interface Shape {
  readonly keys: readonly number[];
  readonly types: readonly number[];
}

/** The first fields of objects, and what may follow them. */
interface Fields extends Shape {
  readonly next: Map<number, Fields>;
  /** Number of the shape with these fields alone, -1 for none. */
  shape: number;
}

/** More than any data has: a key and a type make one number. */
const maxShapes = 2 ** 26;

class Packer {
  readonly #texts = new Map<string, number>();
  readonly #fields: Fields = { next: new Map(), keys: [], types: [], shape: -1 };
  readonly #byNumber: Shape[] = [];
  /** By key: what differences are from. */
  readonly #last: number[] = [];
  readonly #encoder = new TextEncoder();

  constructor(known: readonly string[]) {
    for (const text of known) this.#text(text);
  }

  put(out: Bytes, value: Plain): void {
    const type = this.#typeOf(value);
    out.number(type);
    this.#putAs(out, type, value, 0);
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

  /** Shapes are found field by field: a text for each object would cost more than the object. */
  #shapeOf(value: { readonly [key: string]: Plain }): number {
    let at = this.#fields;
    for (const key in value) {
      const field = value[key];
      if (field === undefined) continue;
      const number = this.#text(key);
      const type = this.#typeOf(field);
      const step = number * maxShapes + type;
      let next = at.next.get(step);
      if (next === undefined) {
        next = { next: new Map(), keys: [...at.keys, number], types: [...at.types, type], shape: -1 };
        at.next.set(step, next);
      }
      at = next;
    }
    if (at.shape < 0) {
      at.shape = this.#byNumber.length;
      this.#byNumber.push(at);
    }
    return FIRST_SHAPE + at.shape;
  }

  /** `key`: number of the key that the value stands under. */
  #putAs(out: Bytes, type: number, value: Plain, key: number): void {
    switch (type) {
      case INTEGER:
        out.signed((value as number) - (this.#last[key] ?? 0));
        this.#last[key] = value as number;
        return;
      case TEXT:
        out.number(this.#text(value as string));
        return;
      case NUMBER:
        out.number(this.#text(String(value)));
        return;
      case MIXED_LIST: {
        const list = value as readonly Plain[];
        out.number(list.length);
        for (const one of list) {
          const own = this.#typeOf(one);
          out.number(own);
          this.#putAs(out, own, one, key);
        }
        return;
      }
      case EVEN_LIST: {
        const list = value as readonly Plain[];
        out.number(list.length);
        const own = this.#typeOf(list[0]);
        out.number(own);
        for (const one of list) this.#putAs(out, own, one, key);
        return;
      }
      default: {
        if (type < FIRST_SHAPE) return;
        const shape = this.#byNumber[type - FIRST_SHAPE] as Shape;
        let at = 0;
        for (const name in value as object) {
          const field = (value as { readonly [key: string]: Plain })[name];
          if (field === undefined) continue;
          this.#putAs(out, shape.types[at] as number, field, shape.keys[at] as number);
          at += 1;
        }
      }
    }
  }

  #text(text: string): number {
    let number = this.#texts.get(text);
    if (number === undefined) {
      number = this.#texts.size;
      this.#texts.set(text, number);
    }
    return number;
  }

  putTables(out: Bytes, known: number): void {
    const own = [...this.#texts.keys()].slice(known);
    out.number(own.length);
    for (const text of own) {
      const bytes = this.#encoder.encode(text);
      out.number(bytes.length);
      out.raw(bytes);
    }
    out.number(this.#byNumber.length);
    for (const { keys, types } of this.#byNumber) {
      out.number(keys.length);
      for (const [i, key] of keys.entries()) {
        out.number(key);
        out.number(types[i] as number);
      }
    }
  }
}

interface ReadShape {
  readonly keys: string[];
  readonly numbers: number[];
  readonly types: number[];
}

class Unpacker {
  readonly #bytes: Uint8Array;
  #at = 0;
  readonly #texts: string[];
  readonly #shapes: ReadShape[] = [];
  readonly #last: number[] = [];

  constructor(bytes: Uint8Array, known: readonly string[]) {
    this.#bytes = bytes;
    this.#texts = [...known];
  }

  read(): unknown {
    const decoder = new TextDecoder();
    for (let left = this.#number(); left > 0; left--) {
      const length = this.#number();
      this.#texts.push(decoder.decode(this.#bytes.subarray(this.#at, this.#at + length)));
      this.#at += length;
    }
    for (let left = this.#number(); left > 0; left--) {
      const shape = { keys: [] as string[], numbers: [] as number[], types: [] as number[] };
      for (let fields = this.#number(); fields > 0; fields--) {
        const number = this.#number();
        shape.numbers.push(number);
        shape.keys.push(this.#texts[number] as string);
        shape.types.push(this.#number());
      }
      this.#shapes.push(shape);
    }
    return this.#value(this.#number(), 0);
  }

  #value(type: number, key: number): Plain {
    switch (type) {
      case INTEGER: {
        const value = (this.#last[key] ?? 0) + this.#signed();
        this.#last[key] = value;
        return value;
      }
      case TEXT:
        return this.#texts[this.#number()] as string;
      case TRUE:
        return true;
      case FALSE:
        return false;
      case NULL:
        return null;
      case NUMBER:
        return Number(this.#texts[this.#number()]);
      case MIXED_LIST: {
        const length = this.#number();
        const list: Plain[] = [];
        for (let i = 0; i < length; i++) list.push(this.#value(this.#number(), key));
        return list;
      }
      case EVEN_LIST: {
        const length = this.#number();
        const own = this.#number();
        const list: Plain[] = [];
        for (let i = 0; i < length; i++) list.push(this.#value(own, key));
        return list;
      }
      default: {
        const { keys, numbers, types } = this.#shapes[type - FIRST_SHAPE] as ReadShape;
        const value: Record<string, Plain> = {};
        for (let i = 0; i < keys.length; i++)
          value[keys[i] as string] = this.#value(types[i] as number, numbers[i] as number);
        return value;
      }
    }
  }

  #number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#bytes[this.#at++] as number;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  #signed(): number {
    const value = this.#number();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}

/** A buffer that grows. */
class Bytes {
  #bytes = new Uint8Array(1 << 12);
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

function concatenated(a: Uint8Array, b: Uint8Array): Uint8Array {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
