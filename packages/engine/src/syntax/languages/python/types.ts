/** Python annotations: the instances that a declared type promises. */
import type { Var } from '../../../model/code-facts.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { operands, type PythonReader } from './reader.ts';

/** Types that stand for what is in their brackets. */
const transparent = new Set(['Optional', 'Union', 'Annotated', 'Awaitable', 'Final', 'ClassVar', 'Self']);
/** Types whose last bracket is what they yield or hold. */
const holders = new Set(
  'list List Sequence MutableSequence Iterable Iterator Collection set Set frozenset FrozenSet tuple Tuple dict Dict Mapping MutableMapping deque Deque AsyncIterator AsyncIterable Generator'.split(
    ' ',
  ),
);
const dotted = /^[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*)*$/u;

/** Annotations are evaluated where they stand, and may call: `Annotated[int, Field(gt=0)]`. */
export function evaluateCalls(r: PythonReader, node: PlainNode): void {
  if (node.type === 'call') r.evaluate(node);
  else if (node.type !== 'string') for (const child of node.children) evaluateCalls(r, child);
}

/** Adds to `to` what a value of the type can be. */
export function addDeclaredType(r: PythonReader, node: PlainNode, to: Var): void {
  const { b } = r;
  switch (node.type) {
    case 'type':
    case 'parenthesized_expression': {
      const inner = operands(node)[0];
      if (inner) addDeclaredType(r, inner, to);
      return;
    }
    case 'identifier':
    case 'attribute':
      addNamed(r, b.text(node), node, to);
      return;
    case 'member_type':
      addNamed(r, b.text(node), node, to);
      return;
    case 'string': {
      const name = b
        .text(node)
        .replace(/^["']+|["']+$/g, '')
        .trim();
      if (dotted.test(name)) addNamed(r, name, node, to);
      return;
    }
    case 'binary_operator':
    case 'list':
    case 'union_type':
      for (const part of operands(node)) addDeclaredType(r, part, to);
      return;
    case 'subscript':
    case 'generic_type':
      addGeneric(r, node, to);
      return;
  }
}

function addNamed(r: PythonReader, name: string, node: PlainNode, to: Var): void {
  const { b } = r;
  if (!dotted.test(name)) return;
  if (/^(\w+\.)?Self$/.test(name) && r.self !== undefined) {
    b.add({ op: 'instance', to, type: r.self });
    return;
  }
  const [first, ...rest] = name.split('.');
  let type = b.readTypeAt(node, first as string);
  for (const part of rest) type = b.get(type, part, node);
  b.add({ op: 'instance', to, type });
}

function addGeneric(r: PythonReader, node: PlainNode, to: Var): void {
  const { b } = r;
  const parts = operands(node);
  const head = childOf(node, 'value') ?? parts[0];
  if (head === undefined) return;
  const name = b.text(head).split('.').at(-1) ?? '';
  const args = parts
    .filter((part) => part !== head)
    .flatMap((part) => (part.type === 'type_parameter' ? operands(part) : [part]));
  if (transparent.has(name)) {
    // What follows the type in `Annotated` is about it.
    for (const arg of name === 'Annotated' ? args.slice(0, 1) : args) addDeclaredType(r, arg, to);
  } else if (holders.has(name)) {
    const held = b.container('list');
    const item = b.variable();
    const all = name.toLowerCase() === 'tuple' || name === 'Generator';
    for (const [at, arg] of args.entries())
      addDeclaredType(r, arg, all || at === args.length - 1 ? item : b.variable());
    b.setItem(held, undefined, item, node);
    b.copy(to, held);
  } else if (name === 'Callable' || name === 'type' || name === 'Type') {
    for (const arg of args) addDeclaredType(r, arg, b.variable());
  } else if (name !== 'Literal') {
    addNamed(r, b.text(head), head, to);
    for (const arg of args) addDeclaredType(r, arg, b.variable());
  }
}
