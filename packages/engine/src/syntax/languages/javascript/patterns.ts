/** What an assignment of JavaScript does to its target: names, patterns, members. */
import type { Var } from '../../../model/code-facts.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { readKey, slotPath } from './keys.ts';
import { commonModule, declareName, operands, type ScriptReader, stringValue } from './reader.ts';

/** `declare`: bind in the innermost scope, whatever outer ones have. */
export function assignTo(r: ScriptReader, target: PlainNode | undefined, value: Var, declare = false): void {
  const { b } = r;
  switch (target?.type) {
    case 'identifier':
    case 'shorthand_property_identifier_pattern': {
      const name = b.text(target);
      if (name === 'exports' && b.lookUp(name) === undefined) commonModule(r);
      const binding = declare ? declareName(r, name) : b.lookUp(name);
      if (binding !== undefined) b.assign(binding, value);
      return;
    }
    case 'member_expression':
      assignMember(r, target, value);
      return;
    case 'subscript_expression':
      assignItem(r, target, value);
      return;
    case 'assignment_pattern':
    case 'object_assignment_pattern': {
      const given = childOf(target, 'right');
      const either = given === undefined ? value : b.union([value, r.evaluate(given)]);
      assignTo(r, childOf(target, 'left'), either, declare);
      return;
    }
    case 'object_pattern':
      unpackObject(r, target, value, declare);
      return;
    case 'array_pattern':
      unpackArray(r, target, value, declare);
      return;
    case 'rest_pattern':
    case 'parenthesized_expression':
    case 'non_null_expression':
    case 'as_expression':
      assignTo(r, operands(target)[0], value, declare);
      return;
  }
}

function assignMember(r: ScriptReader, target: PlainNode, value: Var): void {
  const { b } = r;
  const object = childOf(target, 'object');
  const property = childOf(target, 'property');
  if (object === undefined || property === undefined) return;
  const name = b.text(property);
  b.set(r.evaluate(object), name, value, target);
  b.writeSlot(slotPath(r, target), name, value);
}

function assignItem(r: ScriptReader, target: PlainNode, value: Var): void {
  const { b } = r;
  const object = childOf(target, 'object');
  const index = childOf(target, 'index');
  if (object === undefined || index === undefined) return;
  const on = r.evaluate(object);
  const name = stringValue(r, index);
  if (name !== undefined) b.set(on, name, value, target);
  else b.setItem(on, readKey(r, index), value, target);
  b.writeSlot(slotPath(r, target), name ?? b.text(index), value);
}

function unpackObject(r: ScriptReader, pattern: PlainNode, value: Var, declare: boolean): void {
  const { b } = r;
  for (const part of operands(pattern)) {
    if (part.type === 'pair_pattern') {
      const key = childOf(part, 'key');
      const name =
        key && (stringValue(r, key) ?? (key.type === 'computed_property_name' ? undefined : b.text(key)));
      assignTo(
        r,
        childOf(part, 'value'),
        name === undefined ? b.getItem(value, undefined, part) : b.get(value, name, part),
        declare,
      );
    } else if (part.type === 'rest_pattern') assignTo(r, part, value, declare);
    else {
      const named = part.type === 'object_assignment_pattern' ? childOf(part, 'left') : part;
      if (named) assignTo(r, part, b.get(value, b.text(named), part), declare);
    }
  }
}

function unpackArray(r: ScriptReader, pattern: PlainNode, value: Var, declare: boolean): void {
  const { b } = r;
  // Holes are not nodes: count the commas.
  let index = 0;
  let end = pattern.start + 1;
  for (const part of operands(pattern)) {
    index += (b.text({ ...pattern, start: end, end: part.start }).match(/,/g) ?? []).length;
    if (part.type === 'rest_pattern') {
      const rest = b.variable();
      b.add({ op: 'slice', to: rest, from: value, start: index });
      assignTo(r, part, rest, declare);
    } else assignTo(r, part, b.getItem(value, b.constant(index), part), declare);
    end = part.end;
  }
}
