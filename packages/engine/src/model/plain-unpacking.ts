/** Plain data out of what `packPlain` wrote. */
import {
  EVEN_LIST,
  FALSE,
  FIRST_SHAPE,
  INTEGER,
  INTEGERS,
  LENGTHS,
  MIXED_LIST,
  NULL,
  NUMBER,
  type Plain,
  ROLES,
  TEXT,
  TEXTS,
  TRUE,
  TYPES,
  unescaped,
} from './plain-columns.ts';

/** The bytes must be whole, and packed with the same `known`: the store has checked them. */
export function unpackPlain(bytes: Uint8Array, known: readonly string[] = []): unknown {
  return new Unpacker(bytes, known).value(0, 0);
}

interface ReadShape {
  readonly keys: string[];
  readonly numbers: number[];
  readonly types: number[];
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
  readonly #columns: ReadColumn[] = [];
  readonly #head: ReadColumn = { at: 0, isFollowing: false };
  readonly #last: number[] = [];
  #lastOfAll = 0;
  /** Texts met so far, those known among them. */
  #met: number;

  constructor(bytes: Uint8Array, known: readonly string[]) {
    this.#bytes = bytes;
    this.#met = known.length;
    this.#texts = [...known, ...this.#readTexts()];
    this.#readShapes([...known, ...this.#readTexts()]);
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

  #readShapes(names: readonly string[]): void {
    let place = 1;
    for (let left = this.#number(this.#head); left > 0; left--) {
      const shape: ReadShape = { keys: [], numbers: [], types: [], place };
      for (let fields = this.#number(this.#head); fields > 0; fields--) {
        const number = this.#number(this.#head);
        shape.numbers.push(number);
        shape.keys.push(names[number] as string);
        shape.types.push(this.#number(this.#head));
        place += 1;
      }
      this.#shapes.push(shape);
    }
  }

  #readColumns(): void {
    const lengths: { column: ReadColumn; length: number }[] = [];
    for (let left = this.#number(this.#head); left > 0; left--) {
      const id = this.#number(this.#head);
      const column = { at: 0, isFollowing: id % 2 === 1 };
      this.#columns[Math.floor(id / 2)] = column;
      lengths.push({ column, length: this.#number(this.#head) });
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
        const { keys, numbers, types, place: first } = this.#shapes[type - FIRST_SHAPE] as ReadShape;
        const value: Record<string, Plain> = {};
        for (let i = 0; i < keys.length; i++)
          value[keys[i] as string] = this.#valueOf(types[i] as number, first + i, numbers[i] as number);
        return value;
      }
    }
  }

  #integer(place: number, key: number): number {
    const column = this.#columns[place * ROLES + INTEGERS] as ReadColumn;
    const zigzag = this.#number(column);
    const difference = zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
    const value = (column.isFollowing ? this.#lastOfAll : (this.#last[key] ?? 0)) + difference;
    this.#last[key] = value;
    this.#lastOfAll = value;
    return value;
  }

  #text(place: number): string {
    const back = this.#next(place, TEXTS);
    return this.#texts[back === 0 ? this.#met++ : this.#met - back] as string;
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
