/** A syntax tree as plain data: read once in a walk, because each look at a tree-sitter node leaves JavaScript. */
import type { Language, Tree } from 'web-tree-sitter';
import { walkTree } from '../tree-sitter-runtime.ts';

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
  children: Growing[];
}

/** Of all leaves, which are most nodes. Never written to. */
const none: Growing[] = [];

/** Larger trees belong to generated tables; reading them costs seconds and says nothing of calls. */
const maxNodes = 1_500_000;
const word = /^[a-z]+$/;

/** `text`: what was parsed, or has its length and line breaks. undefined for a tree with too many nodes. */
export function plainTree(tree: Tree, text: string): PlainNode | undefined {
  const { fields } = tree.language;
  const kinds = kindsOf(tree.language);
  const lines = new LineFinder(text);
  const walk = walkTree(tree);
  try {
    // Every question leaves JavaScript: what the number of a type or field says is looked up here.
    const read = (): Growing | undefined => {
      const kind = kinds[walk.typeId()] ?? errorKind;
      if (!kind.isKept) return undefined;
      const field = walk.fieldId();
      const start = walk.start();
      const end = walk.end();
      const line = lines.forward(start);
      return {
        type: kind.type,
        field: field === 0 ? null : (fields[field] ?? null),
        start,
        end,
        line,
        endLine: lines.from(line, end),
        children: none,
      };
    };
    const root = read();
    if (root === undefined) return undefined;
    // What is not kept has no children that are.
    const parents: (Growing | undefined)[] = [];
    let current: Growing | undefined = root;
    let count = 1;
    for (;;) {
      if (walk.toFirstChild()) parents.push(current);
      else {
        while (!walk.toNextSibling()) {
          if (!walk.toParent()) return root;
          parents.pop();
          if (parents.length === 0) return root;
        }
      }
      current = read();
      if (current !== undefined) addTo(parents[parents.length - 1], current);
      count += 1;
      if (count > maxNodes) return undefined;
    }
  } finally {
    walk.close();
  }
}

function addTo(parent: Growing | undefined, child: Growing): void {
  if (parent === undefined) return;
  if (parent.children === none) parent.children = [child];
  else parent.children.push(child);
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

/** The node with the line on which its name stands: a chain of calls runs over several. */
export function atLine(node: PlainNode, name: PlainNode | undefined): PlainNode {
  return name === undefined || name.line === node.line ? node : { ...node, line: name.line };
}
