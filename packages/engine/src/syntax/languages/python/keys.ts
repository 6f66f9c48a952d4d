/** Keys of attributes and elements, as variables and as slots of names; arguments of calls. */
import type { Argument, Var } from '../../../model/code-facts.ts';
import { childOf, childrenOf, type PlainNode } from '../../references/plain-tree.ts';
import { operands, type PythonReader } from './reader.ts';

const maxSlotParts = 4;

/** `a.b['c']` as a slot: a name with fields and constant keys. */
export function slotPath(r: PythonReader, node: PlainNode): string | undefined {
  const path: string[] = [];
  let at = node;
  while (at.type === 'attribute' || at.type === 'subscript') {
    const keys = childrenOf(at, 'subscript');
    const attribute = childOf(at, 'attribute');
    const field =
      attribute === undefined
        ? keys.length === 1 && constantKey(r, keys[0] as PlainNode)
        : `.${r.b.text(attribute)}`;
    const inner = childOf(at, at.type === 'attribute' ? 'object' : 'value');
    if (!field || inner === undefined || path.length >= maxSlotParts) return undefined;
    path.unshift(field);
    at = inner;
  }
  return at.type === 'identifier' ? r.b.slotOf(r.b.text(at), ...path) : undefined;
}

/** The constant a key is, as part of a slot's name; undefined for any other key. */
export function constantKey(r: PythonReader, key: PlainNode): string | undefined {
  if (key.type === 'integer') return `[n:${r.b.text(key)}]`;
  if (key.type !== 'string' || key.children.some((child) => child.type === 'interpolation')) return undefined;
  return `[s:${stringContent(r, key)}]`;
}

export function stringContent(r: PythonReader, node: PlainNode): string {
  return node.children
    .filter((child) => child.type === 'string_content')
    .map((child) => r.b.text(child))
    .join('');
}

/** The variable of a key; undefined for a key that can be anything, e.g. a negative number. */
export function readKey(r: PythonReader, key: PlainNode): Var | undefined {
  const value = r.evaluate(key);
  return key.type === 'unary_operator' || key.type === 'slice' ? undefined : value;
}

export function readArguments(r: PythonReader, list: PlainNode): readonly Argument[] {
  return operands(list).map((arg): Argument => {
    if (arg.type === 'keyword_argument') {
      return { value: evaluateField(r, arg, 'value'), name: r.b.text(childOf(arg, 'name') ?? arg) };
    }
    const inner = operands(arg)[0];
    if (arg.type === 'list_splat' && inner) return { value: r.evaluate(inner), spread: 'star' };
    if (arg.type === 'dictionary_splat' && inner) return { value: r.evaluate(inner), spread: 'keywords' };
    return { value: r.evaluate(arg) };
  });
}

export function evaluateField(r: PythonReader, node: PlainNode, field: string): Var {
  const child = childOf(node, field);
  return child === undefined ? r.b.variable() : r.evaluate(child);
}
