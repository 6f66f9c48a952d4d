/** Types of Go as far as they say which class, interface or container a value is of. */
import type { Var } from '../../../model/code-facts.ts';
import { childOf, childrenOf, type PlainNode } from '../../references/plain-tree.ts';
import { type GoReader, operands } from './reader.ts';

/** Type of what is of no known type; few values are followed through it. */
const typeParameter = '%parameter';
const basic =
  /^(bool|string|u?int(8|16|32|64)?|uintptr|byte|rune|float(32|64)|complex(64|128)|error|any|comparable)$/;

export function isBasic(r: GoReader, name: string): boolean {
  return basic.test(name) && r.b.lookUp(name) === undefined;
}

/** Adds to `to` what a value of the type can be, and keeps out what cannot. */
export function addDeclaredType(r: GoReader, node: PlainNode | undefined, to: Var): void {
  if (node !== undefined) r.b.add({ op: 'instance', to, type: typeOf(r, node), isOnly: true });
}

/** The zero value of a declared name: a struct is there at once. */
export function addZeroValue(r: GoReader, node: PlainNode, to: Var): void {
  if (
    /^(type_identifier|qualified_type|generic_type|slice_type|map_type|array_type|struct_type)$/.test(
      node.type,
    )
  )
    r.b.add({ op: 'instance', to, type: typeOf(r, node), isMade: true });
}

export function typeOf(r: GoReader, node: PlainNode): Var {
  const { b } = r;
  switch (node.type) {
    case 'type_identifier':
    case 'identifier': {
      const name = b.text(node);
      return isBasic(r, name) ? b.builtin(name) : b.readTypeAt(node, name);
    }
    case 'qualified_type': {
      const holder = childOf(node, 'package');
      const name = childOf(node, 'name');
      if (holder === undefined || name === undefined) return b.variable();
      return b.get(b.readTypeAt(holder), b.text(name), node);
    }
    case 'generic_type': {
      const head = childOf(node, 'type');
      return head === undefined ? b.variable() : typeOf(r, head);
    }
    case 'pointer_type':
    case 'parenthesized_type':
    case 'type_elem':
    case 'type_constraint':
    case 'negated_type': {
      const [inner, ...more] = operands(node);
      return inner === undefined || more.length > 0 ? b.variable() : typeOf(r, inner);
    }
    case 'slice_type':
    case 'array_type':
    case 'implicit_length_array_type':
      return containerOf(r, 'slice', childOf(node, 'element'), node);
    case 'map_type':
      return containerOf(r, 'map', childOf(node, 'value'), node);
    case 'channel_type':
      return containerOf(r, 'chan', childOf(node, 'value') ?? operands(node).at(-1), node);
    case 'function_type':
      return b.builtin('Function');
    case 'interface_type':
      return operands(node).length === 0 ? b.builtin('any') : classValue(r, r.interfaceBody(node));
    case 'struct_type':
      return classValue(r, r.structBody(node));
    default:
      return b.variable();
  }
}

function classValue(r: GoReader, index: number): Var {
  const to = r.b.variable();
  r.b.add({ op: 'class', to, index });
  return to;
}

function containerOf(r: GoReader, kind: string, element: PlainNode | undefined, node: PlainNode): Var {
  const { b } = r;
  const held = b.container(kind);
  if (element === undefined || (element.type === 'type_identifier' && isBasic(r, b.text(element))))
    return held;
  const item = b.variable();
  addDeclaredType(r, element, item);
  b.setItem(held, undefined, item, node);
  return held;
}

/** A type parameter may be what its constraint names; of `any` nothing is known. */
export function declareTypeParameters(r: GoReader, node: PlainNode): void {
  const { b } = r;
  for (const parameter of childOf(node, 'type_parameters')?.children ?? []) {
    const constraint = childOf(parameter, 'type');
    for (const name of childrenOf(parameter, 'name')) {
      const binding = b.declare(b.text(name));
      const inner = constraint && operands(constraint);
      const only = inner?.length === 1 ? inner[0] : undefined;
      const isAny = only === undefined || /^(any|comparable)$/.test(b.text(only));
      b.copy(binding.all, isAny ? b.builtin(typeParameter) : typeOf(r, only));
    }
  }
}

/** The names of the type parameters of a receiver, `T` in `(s *Stack[T])`: they stand for anything. */
export function declareReceiverParameters(r: GoReader, type: PlainNode | undefined): void {
  const generic = type && (type.type === 'generic_type' ? type : operands(type)[0]);
  if (generic?.type !== 'generic_type') return;
  for (const argument of childOf(generic, 'type_arguments')?.children ?? []) {
    const name = argument.type === 'type_elem' ? operands(argument)[0] : argument;
    if (name?.type === 'type_identifier')
      r.b.copy(r.b.declare(r.b.text(name)).all, r.b.builtin(typeParameter));
  }
}
