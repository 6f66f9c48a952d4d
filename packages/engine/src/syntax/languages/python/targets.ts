/** What a Python assignment does to its target. */
import type { Var } from '../../../model/code-facts.ts';
import { childOf, childrenOf, type PlainNode } from '../../references/plain-tree.ts';
import { constantKey, readKey, slotPath } from './keys.ts';
import { operands, type PythonReader } from './reader.ts';

interface How {
  /** Bind in the innermost scope, whatever outer ones have: comprehensions, parameters. */
  readonly declare?: boolean;
}

const sequences = new Set([
  'pattern_list',
  'tuple_pattern',
  'list_pattern',
  'tuple',
  'list',
  'expression_list',
]);

export function assignTo(r: PythonReader, target: PlainNode | undefined, value: Var, how: How = {}): void {
  const { b } = r;
  if (target === undefined) return;
  switch (target.type) {
    case 'identifier': {
      const name = b.text(target);
      const binding = how.declare ? b.declare(name) : (b.lookUp(name) ?? b.declare(name));
      if (r.assignedFromInside.has(name)) binding.isOrdered = false;
      b.assign(binding, value);
      return;
    }
    case 'attribute':
      assignAttribute(r, target, value);
      return;
    case 'subscript':
      assignItem(r, target, value);
      return;
    case 'as_pattern_target':
    case 'parenthesized_expression': {
      const inner = operands(target)[0];
      assignTo(r, inner, value, how);
      return;
    }
    case 'list_splat_pattern':
      assignTo(r, operands(target)[0], value, how);
      return;
    default:
      if (sequences.has(target.type)) unpack(r, target, value, how);
      else r.evaluate(target);
  }
}

function assignAttribute(r: PythonReader, target: PlainNode, value: Var): void {
  const { b } = r;
  const object = childOf(target, 'object');
  const attribute = childOf(target, 'attribute');
  if (object === undefined || attribute === undefined) return;
  const name = b.text(attribute);
  b.set(r.evaluate(object), name, value, target);
  b.writeSlot(slotPath(r, target), `.${name}`, value);
}

function assignItem(r: PythonReader, target: PlainNode, value: Var): void {
  const { b } = r;
  const object = childOf(target, 'value');
  const [key] = childrenOf(target, 'subscript');
  if (object === undefined || key === undefined) return;
  const constant = constantKey(r, key);
  b.setItem(r.evaluate(object), readKey(r, key), value, target);
  if (constant === undefined) {
    b.forgetSlots();
    return;
  }
  b.writeSlot(slotPath(r, target), constant, value);
}

function unpack(r: PythonReader, target: PlainNode, value: Var, how: How): void {
  const { b } = r;
  const parts = operands(target);
  const star = parts.findIndex((part) => part.type === 'list_splat_pattern');
  parts.forEach((part, index) => {
    if (star < 0 || index < star) assignTo(r, part, b.getItem(value, b.constant(index), part), how);
    else if (index === star) {
      const rest = b.variable();
      b.add({ op: 'slice', to: rest, from: value, start: index });
      assignTo(r, part, rest, how);
    } else assignTo(r, part, b.getItem(value, undefined, part), how);
  });
}

/** `a, *b, c = x, y, z` with the values written out: each target has its own. False when they do not fit. */
export function unpackLiteral(r: PythonReader, target: PlainNode, source: PlainNode): boolean {
  if (!sequences.has(target.type) || !sequences.has(source.type)) return false;
  const targets = operands(target);
  const sources = operands(source);
  if (sources.some((item) => item.type === 'list_splat')) return false;
  const star = targets.findIndex((part) => part.type === 'list_splat_pattern');
  const isFitting = star < 0 ? targets.length === sources.length : targets.length - 1 <= sources.length;
  if (!isFitting || targets.length === 0) return false;
  const values = sources.map((item) => r.evaluate(item));
  const taken = sources.length - targets.length + 1;
  targets.forEach((part, index) => {
    if (index === star) {
      const rest = r.b.container('list');
      for (const [at, value] of values.slice(star, star + taken).entries()) r.b.setKey(rest, at, value, part);
      assignTo(r, part, rest);
    } else assignTo(r, part, values[star >= 0 && index > star ? index + taken - 1 : index] as Var);
  });
  return true;
}
