/** Go expressions: from a node to the variable of its value, with the operations on the way. */
import type { Argument, Var } from '../../../model/code-facts.ts';
import { atLine, childOf, childrenOf, type PlainNode } from '../../references/plain-tree.ts';
import { readFunction } from './definitions.ts';
import { type GoReader, operands } from './reader.ts';
import { addDeclaredType, isBasic, typeOf } from './types.ts';

const maxKeyLength = 64;
/** A call whose only argument gives several values passes each. */
const maxResults = 6;

export function evaluate(r: GoReader, node: PlainNode): Var {
  const { b } = r;
  switch (node.type) {
    case 'identifier':
    case 'type_identifier':
    case 'package_identifier': {
      const name = b.text(node);
      return name === '_' ? b.variable() : b.readAt(node, name);
    }
    case 'selector_expression': {
      const field = childOf(node, 'field');
      const value = evaluateField(r, node, 'operand');
      return field === undefined ? value : b.get(value, b.text(field), atLine(node, field));
    }
    case 'call_expression':
      return readCall(r, node);
    case 'composite_literal':
      return readComposite(r, node);
    case 'func_literal':
      return readFunction(r, node);
    case 'index_expression':
      return readIndex(r, node);
    case 'slice_expression':
      return readSlice(r, node);
    case 'type_assertion_expression':
      return narrowed(r, evaluateField(r, node, 'operand'), childOf(node, 'type'));
    case 'type_conversion_expression': {
      const type = childOf(node, 'type');
      // `f[T](x)` looks the same: what f is tells.
      if (type?.type === 'generic_type') {
        const value = evaluateField(r, node, 'operand');
        return b.call(typeOf(r, type), [{ value }], node, { text: b.shortText(type) });
      }
      return convert(r, type && typeOf(r, type), evaluateField(r, node, 'operand'));
    }
    case 'unary_expression': {
      const value = evaluateField(r, node, 'operand');
      if (!b.text(node).startsWith('<-')) return /^[&*]/.test(b.text(node)) ? value : b.variable();
      return b.getItem(value, undefined, node);
    }
    case 'binary_expression':
      evaluateField(r, node, 'left');
      evaluateField(r, node, 'right');
      return b.variable();
    case 'type_instantiation_expression': {
      const type = childOf(node, 'type');
      return type === undefined ? b.variable() : evaluate(r, type);
    }
    case 'generic_type':
    case 'qualified_type':
    case 'pointer_type':
    case 'slice_type':
    case 'map_type':
    case 'array_type':
    case 'channel_type':
    case 'function_type':
    case 'interface_type':
    case 'struct_type':
      return typeOf(r, node);
    default:
      return readLiteral(r, node);
  }
}

function readLiteral(r: GoReader, node: PlainNode): Var {
  const { b } = r;
  switch (node.type) {
    case 'interpreted_string_literal':
      return node.end - node.start <= maxKeyLength
        ? b.constant(b.text(node).slice(1, -1))
        : b.builtin('string');
    case 'raw_string_literal':
      return b.builtin('string');
    case 'int_literal': {
      const value = Number(b.text(node).replaceAll('_', ''));
      return Number.isSafeInteger(value) ? b.constant(value) : b.builtin('int');
    }
    case 'parenthesized_expression': {
      const [inner] = operands(node);
      return inner === undefined ? b.variable() : evaluate(r, inner);
    }
    case 'literal_value': {
      for (const element of operands(node)) readElement(r, element);
      return b.variable();
    }
    case 'nil':
    case 'true':
    case 'false':
    case 'iota':
    case 'float_literal':
    case 'rune_literal':
    case 'imaginary_literal':
      return b.variable();
    default: {
      let last: Var | undefined;
      for (const child of operands(node)) last = evaluate(r, child);
      return node.type === 'expression_list' && last !== undefined ? last : b.variable();
    }
  }
}

export function evaluateField(r: GoReader, node: PlainNode, field: string): Var {
  const child = childOf(node, field);
  return child === undefined ? r.b.variable() : evaluate(r, child);
}

/** The value as far as it is of the type; a value of the type where none is known. */
export function narrowed(r: GoReader, value: Var, type: PlainNode | undefined): Var {
  const to = r.b.variable();
  addDeclaredType(r, type, to);
  r.b.copy(to, value);
  return to;
}

function convert(r: GoReader, type: Var | undefined, value: Var): Var {
  const to = r.b.variable();
  if (type !== undefined) r.b.add({ op: 'instance', to, type, isOnly: true });
  r.b.copy(to, value);
  return to;
}

// Calls

function readCall(r: GoReader, node: PlainNode): Var {
  const { b } = r;
  const callee = childOf(node, 'function');
  const given = childOf(node, 'arguments');
  if (callee === undefined || given === undefined) return b.variable();
  const name = callee.type === 'identifier' ? b.text(callee) : '';
  if (name !== '' && b.lookUp(name) === undefined) {
    const value = readBuiltin(r, name, node, given);
    if (value !== undefined) return value;
  }
  const parenthesized = callee.type === 'parenthesized_expression' ? operands(callee)[0] : undefined;
  if (parenthesized && /_type$/.test(parenthesized.type))
    return convert(r, typeOf(r, parenthesized), readArguments(r, given)[0]?.value ?? b.variable());
  const target = evaluate(r, callee);
  const args = readArguments(r, given);
  const field = childOf(callee, 'field');
  return b.call(target, args, atLine(node, field), { text: b.shortText(callee) });
}

/** Functions of the language that pass values on, and conversions; undefined for anything else. */
function readBuiltin(r: GoReader, name: string, node: PlainNode, given: PlainNode): Var | undefined {
  const { b } = r;
  const parts = operands(given);
  const [first, ...rest] = parts;
  if (isBasic(r, name)) {
    const value = first === undefined ? b.variable() : evaluate(r, first);
    return name === 'any' || name === 'error' ? value : b.builtin(name);
  }
  if (name !== 'new' && name !== 'make' && name !== 'append') return undefined;
  const noteCall = (args: readonly Argument[]) => b.call(b.read(name), args, node, { text: name });
  if (first === undefined) return noteCall([]);
  if (name !== 'append') {
    noteCall(rest.map((part) => ({ value: evaluate(r, part) })));
    const to = b.variable();
    b.add({ op: 'instance', to, type: typeOf(r, first), isMade: true });
    return to;
  }
  const list = evaluate(r, first);
  const to = b.container('slice');
  const values = rest.map((part) => {
    const inner = part.type === 'variadic_argument' ? operands(part)[0] : undefined;
    const value = evaluate(r, inner ?? part);
    return inner === undefined ? value : b.each(value, part);
  });
  const all = b.union([list, to]);
  for (const value of values) b.setItem(all, undefined, value, node);
  noteCall([]);
  return all;
}

export function readArguments(r: GoReader, list: PlainNode): readonly Argument[] {
  const { b } = r;
  const parts = operands(list);
  const [only] = parts;
  if (parts.length === 1 && only?.type === 'call_expression') {
    const value = evaluate(r, only);
    const others = Array.from({ length: maxResults - 1 }, (_, at) => ({
      value: b.getItem(value, b.constant(at + 1), only),
    }));
    const results = b.getItem(value, b.constant(0), only);
    return [{ value: b.union([value, results]) }, ...others];
  }
  return parts.map((part) => {
    const inner = part.type === 'variadic_argument' ? operands(part)[0] : undefined;
    return inner === undefined
      ? { value: evaluate(r, part) }
      : { value: evaluate(r, inner), spread: 'star' as const };
  });
}

// Elements

function readIndex(r: GoReader, node: PlainNode): Var {
  const { b } = r;
  const from = evaluateField(r, node, 'operand');
  const index = childOf(node, 'index');
  return b.getItem(from, index && evaluate(r, index), node);
}

function readSlice(r: GoReader, node: PlainNode): Var {
  const { b } = r;
  const from = evaluateField(r, node, 'operand');
  const start = childOf(node, 'start');
  for (const field of ['start', 'end', 'capacity']) {
    const part = childOf(node, field);
    if (part && part.type !== 'int_literal') evaluate(r, part);
  }
  const known = start === undefined ? 0 : start.type === 'int_literal' ? Number(b.text(start)) : -1;
  if (known === 0) return from;
  const to = b.variable();
  b.add({ op: 'slice', to, from, start: known });
  return to;
}

function readComposite(r: GoReader, node: PlainNode): Var {
  const type = childOf(node, 'type');
  const body = childOf(node, 'body');
  return type === undefined || body === undefined ? r.b.variable() : readOfType(r, type, body);
}

/** `T{…}`: a value that is made here, with its fields or elements. */
function readOfType(r: GoReader, type: PlainNode, body: PlainNode): Var {
  const { b } = r;
  const bare = type.type === 'pointer_type' ? (operands(type)[0] ?? type) : type;
  const isNamed = /^(type_identifier|qualified_type|generic_type|struct_type)$/.test(bare.type);
  const known = bare.type === 'type_identifier' ? r.types.get(b.text(bare)) : undefined;
  const kind = known?.kind ?? bare.type;
  let made: Var;
  if (isNamed) {
    made = b.variable();
    b.add({ op: 'instance', to: made, type: typeOf(r, bare), isMade: true });
  } else made = b.container(/^map/.test(kind) ? 'map' : 'slice');
  const inner = elementOf(known?.node ?? bare);
  operands(body).forEach((element, index) => {
    if (element.type !== 'keyed_element') {
      b.setKey(made, index, readElement(r, element, inner), element);
      return;
    }
    const key = childOf(element, 'key') ?? element.children[0];
    const value = readElement(r, childOf(element, 'value') ?? element.children.at(-1), inner);
    const name = key && operands(key)[0];
    const isField = isNamed && name !== undefined && /^(field_)?identifier$/.test(name.type);
    if (isField && (known === undefined || kind === 'struct_type')) b.set(made, b.text(name), value, element);
    if (!isField || kind !== 'struct_type')
      b.setItem(made, name === undefined || isField ? undefined : readElement(r, key), value, element);
  });
  return made;
}

function elementOf(type: PlainNode): PlainNode | undefined {
  return childOf(type, 'element') ?? (type.type === 'map_type' ? childOf(type, 'value') : undefined);
}

/** An element of a literal: `{…}` alone is a literal of the type of the elements. */
function readElement(r: GoReader, element: PlainNode | undefined, type?: PlainNode): Var {
  const { b } = r;
  if (element === undefined) return b.variable();
  const inner = element.type === 'literal_element' ? operands(element)[0] : element;
  if (inner === undefined) return b.variable();
  if (inner.type === 'literal_value' && type !== undefined) return readOfType(r, type, inner);
  if (inner.type === 'keyed_element') {
    for (const part of [...childrenOf(inner, 'key').slice(1), ...childrenOf(inner, 'value')])
      readElement(r, part);
    return b.variable();
  }
  return evaluate(r, inner);
}
