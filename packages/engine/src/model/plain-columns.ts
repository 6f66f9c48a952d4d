/** What packing and unpacking share: codes of types, roles of columns, and how texts are joined. See plain-packing.ts. */
import { textTable } from './text-table.ts';

/** A value's type: a code below, or `FIRST_SHAPE` plus the number of a shape. */
export const INTEGER = 0;
export const TEXT = 1;
export const TRUE = 2;
export const FALSE = 3;
export const NULL = 4;
/** A number that is not whole, as text. */
export const NUMBER = 5;
export const MIXED_LIST = 6;
/** A list whose elements have one type, which stands before them. */
export const EVEN_LIST = 7;
export const FIRST_SHAPE = 8;

export type Plain =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Plain[]
  | { readonly [key: string]: Plain };

/** Whole numbers beyond this are written as text: differences must fit 53 bits. */
export const maxInteger = 2 ** 31;

/** Columns of a place, which is a field of a shape, or 0 for the whole: elements of a list stand at its place. */
export const INTEGERS = 0;
export const TEXTS = 1;
export const TYPES = 2;
export const LENGTHS = 3;
export const ROLES = 4;

/** Texts are joined by NUL. */
export const escaped = (text: string) =>
  text.includes('\0') || text.includes('\x01')
    ? text.replaceAll('\x01', '\x01\x02').replaceAll('\0', '\x01\x01')
    : text;
export const unescaped = (text: string) =>
  text.includes('\x01') ? text.replaceAll('\x01\x01', '\0').replaceAll('\x01\x02', '\x01') : text;

/** Keys of an object, as numbers of texts, and the types of what stands under them. */
export interface Shape {
  readonly keys: readonly number[];
  readonly types: readonly number[];
}

/** What both sides have anyway, in a fixed order. */
export interface Known {
  readonly texts: readonly string[];
  /** Their keys are among the texts. */
  readonly shapes: readonly Shape[];
}

export const NOTHING_KNOWN: Known = { texts: [], shapes: [] };

const MARKS = textTable<number>({
  $: TEXT,
  '#': INTEGER,
  '!': TRUE,
  '?': FALSE,
  '*': MIXED_LIST,
  '=': EVEN_LIST,
});

/**
 * `shapes`: a line each, of keys with a mark behind: `$` text, `#` whole number, `!` true, `?` false, `=` list of one type,
 * `*` another list.
 */
export function known(words: string, shapes = ''): Known {
  const lines = shapes
    .split('\n')
    .map((line) => line.split(' ').map((field) => [field.slice(0, -1), field.at(-1)] as const));
  const keys = shapes === '' ? [] : lines.flat().map(([key]) => key);
  const texts = [...new Set([...words.split(/\s+/), ...keys])];
  const numbers = new Map(texts.map((text, i) => [text, i]));
  return {
    texts,
    shapes:
      shapes === ''
        ? []
        : lines.map((line) => ({
            keys: line.map(([key]) => numbers.get(key) as number),
            types: line.map(([, mark]) => MARKS[mark ?? ''] as number),
          })),
  };
}
