/** A syntax tree as plain data: read once with a cursor, because each look at a tree-sitter node leaves JavaScript. */
import type { Language, Tree } from 'web-tree-sitter';

export interface PlainNode {
  readonly type: string;
  readonly field: string | null;
  /** Offsets in the text. */
  readonly start: number;
  readonly end: number;
  /** 1-based, inclusive. */
  readonly line: number;
  readonly endLine: number;
  /** Named nodes, and unnamed ones that are words (`async`, `static`). */
  readonly children: readonly PlainNode[];
}

interface Growing extends PlainNode {
  readonly children: Growing[];
}

/** Larger trees belong to generated tables; reading them costs seconds and says nothing of calls. */
const maxNodes = 1_500_000;
const word = /^[a-z]+$/;

/** `text`: what was parsed, or has its length and line breaks. undefined for a tree with too many nodes. */
export function plainTree(tree: Tree, text: string): PlainNode | undefined {
  const cursor = tree.walk();
  const { fields } = tree.language;
  const kinds = kindsOf(tree.language);
  const lines = new LineFinder(text);
  try {
    // Every question to the cursor leaves JavaScript: what the number of a type or field says is looked up here.
    const read = (): Growing | undefined => {
      const id = cursor.nodeTypeId;
      const kind = kinds[id] ?? errorKind;
      if (!kind.isKept) return undefined;
      const field = cursor.currentFieldId;
      const start = cursor.startIndex;
      const end = cursor.endIndex;
      const line = lines.forward(start);
      return {
        type: kind.type,
        field: field === 0 ? null : (fields[field] ?? null),
        start,
        end,
        line,
        endLine: lines.from(line, end),
        children: [],
      };
    };
    const root = read();
    if (root === undefined) return undefined;
    // What is not kept has no children that are: a list of its own takes them.
    const parents: { readonly children: Growing[] }[] = [];
    let current: { readonly children: Growing[] } = root;
    let count = 1;
    for (;;) {
      if (cursor.gotoFirstChild()) parents.push(current);
      else {
        while (!cursor.gotoNextSibling()) {
          if (!cursor.gotoParent()) return root;
          parents.pop();
          if (parents.length === 0) return root;
        }
      }
      const node = read();
      if (node !== undefined) parents.at(-1)?.children.push(node);
      current = node ?? { children: [] };
      count += 1;
      if (count > maxNodes) return undefined;
    }
  } finally {
    cursor.delete();
  }
}

interface Kind {
  readonly type: string;
  readonly isKept: boolean;
}

const errorKind: Kind = { type: 'ERROR', isKept: true };
const kindsByLanguage = new WeakMap<Language, readonly Kind[]>();

function kindsOf(language: Language): readonly Kind[] {
  let kinds = kindsByLanguage.get(language);
  if (kinds === undefined) {
    kinds = language.types.map((type, id) => ({
      type,
      isKept: language.nodeTypeIsNamed(id) || word.test(type),
    }));
    kindsByLanguage.set(language, kinds);
  }
  return kinds;
}

/** Lines of offsets in a text, 1-based. */
class LineFinder {
  /** Offset of the line after the n-th. */
  readonly #ends: number[] = [];
  #line = 1;

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#ends.push(at + 1);
  }

  /** For offsets that grow from call to call. */
  forward(offset: number): number {
    while ((this.#ends[this.#line - 1] ?? Number.POSITIVE_INFINITY) <= offset) this.#line += 1;
    return this.#line;
  }

  /** For an offset at or behind the beginning of a line. */
  from(line: number, offset: number): number {
    if ((this.#ends[line - 1] ?? Number.POSITIVE_INFINITY) > offset) return line;
    let low = line;
    let high = this.#ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ends[middle] as number) <= offset) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  }
}

export function childOf(node: PlainNode, field: string): PlainNode | undefined {
  for (const child of node.children) if (child.field === field) return child;
  return undefined;
}

export function childrenOf(node: PlainNode, field: string): readonly PlainNode[] {
  return node.children.filter((child) => child.field === field);
}

export function hasWord(node: PlainNode, type: string): boolean {
  return node.children.some((child) => child.type === type && child.children.length === 0);
}
