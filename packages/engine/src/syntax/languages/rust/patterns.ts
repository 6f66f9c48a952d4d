/** Patterns of Rust: what the names in them are bound to. */
import type { Var } from '../../../model/code-facts.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { readPath } from './paths.ts';
import { operands, type RustReader } from './reader.ts';

/** Binds names in the scope that is there; a name with a capital is a constant or a variant. */
export function bindPattern(r: RustReader, node: PlainNode, value: Var): void {
  const { b } = r;
  switch (node.type) {
    case 'identifier':
    case 'shorthand_field_identifier':
      bindName(r, b.text(node), value);
      return;
    case 'match_pattern':
    case 'ref_pattern':
    case 'mut_pattern':
    case 'reference_pattern':
    case 'parenthesized_pattern':
    case 'box_pattern':
      for (const part of operands(node)) if (part.field !== 'condition') bindPattern(r, part, value);
      return;
    case 'or_pattern':
      b.branches(operands(node).map((part) => () => bindPattern(r, part, value)));
      return;
    case 'captured_pattern':
      for (const part of operands(node)) bindPattern(r, part, value);
      return;
    case 'tuple_pattern':
    case 'slice_pattern':
      bindParts(r, node, value);
      return;
    case 'tuple_struct_pattern':
      bindTupleStruct(r, node, value);
      return;
    case 'struct_pattern':
      bindStruct(r, node, value);
      return;
  }
}

function bindName(r: RustReader, name: string, value: Var): void {
  if (/^[A-Z]/.test(name) || name === '_') return;
  r.b.assign(r.b.declare(name), value);
}

function bindParts(r: RustReader, node: PlainNode, value: Var): void {
  const { b } = r;
  const parts = operands(node);
  const rest = parts.findIndex((part) => part.type === 'remaining_field_pattern');
  for (const [index, part] of parts.entries()) {
    const isAligned = node.type === 'tuple_pattern' && (rest < 0 || index < rest);
    bindPattern(r, part, b.getItem(value, isAligned ? b.constant(index) : undefined, part));
  }
}

function bindTupleStruct(r: RustReader, node: PlainNode, value: Var): void {
  const { b } = r;
  const type = childOf(node, 'type');
  const parts = operands(node).filter((part) => part !== type);
  const name = type === undefined ? '' : b.text(type);
  if (/^(Some|Ok|Err|(Poll::)?Ready|Break|Continue)$/.test(name) && !r.defined.has(name)) {
    const held = b.get(value, name === 'Err' ? '.err' : '.*', node);
    for (const part of parts) bindPattern(r, part, held);
    return;
  }
  const made = type === undefined ? value : ofType(r, type, value);
  const rest = parts.findIndex((part) => part.type === 'remaining_field_pattern');
  for (const [index, part] of parts.entries())
    if (rest < 0 || index < rest) bindPattern(r, part, b.get(made, `.${index}`, part));
}

/** The value as far as it is of the type that a pattern names. */
function ofType(r: RustReader, type: PlainNode, value: Var): Var {
  const to = r.b.variable();
  r.b.add({ op: 'instance', to, type: readPath(r, type), isOnly: true });
  r.b.copy(to, value);
  return to;
}

function bindStruct(r: RustReader, node: PlainNode, value: Var): void {
  const { b } = r;
  const type = childOf(node, 'type');
  const made = type === undefined ? value : ofType(r, type, value);
  for (const part of node.children) {
    if (part.type !== 'field_pattern') continue;
    const name = childOf(part, 'name');
    if (name === undefined) continue;
    const field = b.get(made, `.${b.text(name)}`, part);
    bindPattern(r, childOf(part, 'pattern') ?? name, field);
  }
}
