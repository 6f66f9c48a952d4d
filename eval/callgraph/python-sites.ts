/** What a Python file calls, reads and defines, by its syntax alone: the places that an oracle is asked about. */
import { loadLanguage, readTree } from '../../packages/engine/src/syntax/parse-file.ts';
import {
  childOf,
  type PlainNode,
  plainTree,
} from '../../packages/engine/src/syntax/references/plain-tree.ts';

/** 0-based, in UTF-16 units, as the language server protocol counts. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Name {
  readonly name: string;
  readonly at: Position;
  /** 1-based line of the name: a chain of calls runs over several. */
  readonly line: number;
}

/** A function or class by its qualified name; `at`: where its name stands. */
export interface Defined {
  readonly path: string;
  readonly at: Position;
}

export interface PythonFile {
  readonly path: string;
  readonly text: string;
  /** Without a name: what is called is no name and no attribute. */
  readonly calls: readonly { readonly line: number; readonly text: string; readonly callee?: Name }[];
  /** Names and attributes that are read and not called, decorators among them. */
  readonly reads: readonly Name[];
  readonly functions: readonly Defined[];
  readonly classes: readonly (Defined & { readonly bases: readonly Name[] })[];
  readonly properties: ReadonlySet<string>;
  /** Qualified names of functions that pytest calls for who asks for them by name. */
  readonly fixtures: ReadonlySet<string>;
  /** 1-based lines of decorators: what these give is called without being named. */
  readonly decorated: ReadonlySet<number>;
}

interface Growing extends PythonFile {
  readonly calls: { line: number; text: string; callee?: Name }[];
  readonly reads: Name[];
  readonly functions: Defined[];
  readonly classes: (Defined & { bases: Name[] })[];
  readonly properties: Set<string>;
  readonly fixtures: Set<string>;
  readonly decorated: Set<number>;
}

export const loadPython = () => loadLanguage('python');

/** undefined for what cannot be parsed. */
export function readPythonFile(path: string, text: string): PythonFile | undefined {
  const root = readTree(text, 'python', (tree) => plainTree(tree, text));
  if (root === undefined) return undefined;
  const file: Growing = {
    path,
    text,
    calls: [],
    reads: [],
    functions: [],
    classes: [],
    properties: new Set(),
    fixtures: new Set(),
    decorated: new Set(),
  };
  visit(file, root, '');
  return file;
}

function visit(file: Growing, node: PlainNode, owner: string): void {
  switch (node.type) {
    case 'function_definition':
    case 'class_definition': {
      const name = childOf(node, 'name');
      if (name === undefined) return;
      const path = owner === '' ? textOf(file, name) : `${owner}.${textOf(file, name)}`;
      if (node.type === 'class_definition') {
        const list = childOf(node, 'superclasses')?.children ?? [];
        const bases = list.flatMap((base) => nameOf(file, headOf(base)) ?? []);
        file.classes.push({ path, at: positionOf(file, name), bases });
      } else file.functions.push({ path, at: positionOf(file, name) });
      for (const child of node.children)
        visit(file, child, child.field === 'body' || child.field === 'parameters' ? path : owner);
      return;
    }
    case 'decorator':
      file.decorated.add(node.line);
      break;
    case 'decorated_definition': {
      const definition = childOf(node, 'definition');
      const name = definition && childOf(definition, 'name');
      const isProperty = node.children.some(
        (child) => child.type === 'decorator' && /property\b|\.setter\b/.test(textOf(file, child)),
      );
      if (name && isProperty) file.properties.add(textOf(file, name));
      const isFixture = node.children.some(
        (child) => child.type === 'decorator' && /^@[\w.]*fixture\b/.test(textOf(file, child)),
      );
      if (name && isFixture)
        file.fixtures.add(owner === '' ? textOf(file, name) : `${owner}.${textOf(file, name)}`);
      break;
    }
    case 'call': {
      const callee = childOf(node, 'function');
      if (callee === undefined) break;
      const name = nameOf(file, callee);
      const text = textOf(file, node).split('\n')[0]?.slice(0, 70) ?? '';
      file.calls.push({ line: name?.line ?? callee.line, text, ...(name && { callee: name }) });
      if (callee.type !== 'identifier') for (const child of callee.children) visit(file, child, owner);
      for (const child of node.children) if (child !== callee) visit(file, child, owner);
      return;
    }
    case 'keyword_argument': {
      const value = childOf(node, 'value');
      if (value) visit(file, value, owner);
      return;
    }
    case 'identifier':
    case 'attribute': {
      const name = node.field === 'attribute' ? undefined : nameOf(file, node);
      if (name) file.reads.push(name);
      break;
    }
  }
  for (const child of node.children) visit(file, child, owner);
}

/** `Generic` of `Generic[T]`. */
function headOf(node: PlainNode): PlainNode {
  return node.type === 'subscript' ? (childOf(node, 'value') ?? node) : node;
}

function nameOf(file: PythonFile, node: PlainNode): Name | undefined {
  const name = node.type === 'attribute' ? childOf(node, 'attribute') : node;
  if (name?.type !== 'identifier') return undefined;
  return { name: textOf(file, name), at: positionOf(file, name), line: name.line };
}

function positionOf(file: PythonFile, node: PlainNode): Position {
  return { line: node.line - 1, character: node.start - (file.text.lastIndexOf('\n', node.start - 1) + 1) };
}

function textOf(file: PythonFile, node: PlainNode): string {
  return file.text.slice(node.start, node.end);
}
