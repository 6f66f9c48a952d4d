/** A syntax tree as plain data: read once with a cursor, because each look at a tree-sitter node leaves JavaScript. */
import type { Tree } from 'web-tree-sitter';

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

/** undefined for a tree with too many nodes. */
export function plainTree(tree: Tree): PlainNode | undefined {
  const cursor = tree.walk();
  try {
    const read = (): Growing => ({
      type: cursor.nodeType,
      field: cursor.currentFieldName,
      start: cursor.startIndex,
      end: cursor.endIndex,
      line: cursor.startPosition.row + 1,
      endLine: cursor.endPosition.row + 1,
      children: [],
    });
    const root = read();
    const parents: Growing[] = [];
    let current = root;
    let count = 1;
    for (;;) {
      if (cursor.gotoFirstChild()) {
        parents.push(current);
      } else {
        while (!cursor.gotoNextSibling()) {
          if (!cursor.gotoParent()) return root;
          parents.pop();
          if (parents.length === 0) return root;
        }
      }
      const isKept = cursor.nodeIsNamed || word.test(cursor.nodeType);
      current = read();
      if (isKept) parents.at(-1)?.children.push(current);
      count += 1;
      if (count > maxNodes) return undefined;
    }
  } finally {
    cursor.delete();
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
