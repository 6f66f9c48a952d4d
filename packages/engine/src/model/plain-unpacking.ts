/** Plain data out of what `packPlain` wrote. */
import {
  EVEN_LIST,
  FALSE,
  FIRST_SHAPE,
  INTEGER,
  INTEGERS,
  type Known,
  LENGTHS,
  MIXED_LIST,
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
  unescaped,
} from './plain-columns.ts';

/** The bytes must be whole, and packed with the same `known`: the store has checked them. */
export function unpackPlain(bytes: Uint8Array, known: Known = NOTHING_KNOWN): unknown {
  return new Unpacker(bytes, known).value(0, 0);
}

interface ReadShape extends Shape {
  readonly names: readonly string[];
  readonly place: number;
}

interface ReadColumn {
  at: number;
  /** Differences are from the last integer of all. */
  readonly isFollowing: boolean;
}

class Unpacker {
  readonly #bytes: Uint8Array;
  readonly #texts: readonly string[];
  readonly #shapes: ReadShape[] = [];
  #places = 1;
  readonly #columns: ReadColumn[] = [];
  readonly #head: ReadColumn = { at: 0, isFollowing: false };
  readonly #last: number[] = [];
  #lastOfAll = 0;
  readonly #known: readonly string[];
  /** Texts of its own that were met so far. */
  #met = 0;

  constructor(bytes: Uint8Array, { texts, shapes }: Known) {
    this.#bytes = bytes;
    this.#known = texts;
    this.#texts = this.#readTexts();
    const names = [...texts, ...this.#readTexts()];
    for (const { keys, types } of shapes) this.#addShape(names, keys, types);
    this.#readShapes(names);
    this.#readColumns();
  }

  #readTexts(): string[] {
    const count = this.#number(this.#head);
    const length = this.#number(this.#head);
    const from = this.#head.at;
    this.#head.at += length;
    if (count === 0) return [];
    return new TextDecoder()
      .decode(this.#bytes.subarray(from, from + length))
      .split('\0')
      .map(unescaped);
  }

  #addShape(names: readonly string[], keys: readonly number[], types: readonly number[]): void {
    this.#shapes.push({ names: keys.map((key) => names[key] as string), keys, types, place: this.#places });
    this.#places += keys.length;
  }

  #readShapes(names: readonly string[]): void {
    for (let left = this.#number(this.#head); left > 0; left--) {
      const keys: number[] = [];
      const types: number[] = [];
      for (let fields = this.#number(this.#head); fields > 0; fields--) {
        keys.push(this.#number(this.#head));
        types.push(this.#number(this.#head));
      }
      this.#addShape(names, keys, types);
    }
  }

  #readColumns(): void {
    const lengths: { column: ReadColumn; length: number }[] = [];
    let id = 0;
    let last = 0;
    for (let left = this.#number(this.#head); left > 0; left--) {
      id += this.#number(this.#head);
      last += signed(this.#number(this.#head));
      const column = { at: 0, isFollowing: id % 2 === 1 };
      this.#columns[Math.floor(id / 2)] = column;
      lengths.push({ column, length: last });
    }
    let { at } = this.#head;
    for (const { column, length } of lengths) {
      column.at = at;
      at += length;
    }
  }

  value(place: number, key: number): Plain {
    return this.#valueOf(this.#next(place, TYPES), place, key);
  }

  #valueOf(type: number, place: number, key: number): Plain {
    switch (type) {
      case INTEGER:
        return this.#integer(place, key);
      case TEXT:
        return this.#text(place);
      case TRUE:
        return true;
      case FALSE:
        return false;
      case NULL:
        return null;
      case NUMBER:
        return Number(this.#text(place));
      case MIXED_LIST: {
        const length = this.#next(place, LENGTHS);
        const list: Plain[] = [];
        for (let i = 0; i < length; i++) list.push(this.value(place, key));
        return list;
      }
      case EVEN_LIST: {
        const length = this.#next(place, LENGTHS);
        const own = this.#next(place, TYPES);
        const list: Plain[] = [];
        for (let i = 0; i < length; i++) list.push(this.#valueOf(own, place, key));
        return list;
      }
      default: {
        const { names, keys, types, place: first } = this.#shapes[type - FIRST_SHAPE] as ReadShape;
        const value: Record<string, Plain> = {};
        for (let i = 0; i < names.length; i++)
          value[names[i] as string] = this.#valueOf(types[i] as number, first + i, keys[i] as number);
        return value;
      }
    }
  }

  #integer(place: number, key: number): number {
    const column = this.#columns[place * ROLES + INTEGERS] as ReadColumn;
    const difference = signed(this.#number(column));
    const value = (column.isFollowing ? this.#lastOfAll : (this.#last[key] ?? 0)) + difference;
    this.#last[key] = value;
    this.#lastOfAll = value;
    return value;
  }

  #text(place: number): string {
    const code = this.#next(place, TEXTS);
    if (code % 2 === 1) return this.#known[(code - 1) / 2] as string;
    return this.#texts[code === 0 ? this.#met++ : this.#met - code / 2] as string;
  }

  #next(place: number, role: number): number {
    return this.#number(this.#columns[place * ROLES + role] as ReadColumn);
  }

  #number(column: ReadColumn): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#bytes[column.at++] as number;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }
}

const signed = (zigzag: number) => (zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2);
