/** What a value is assigned to in C#, and patterns that take it apart. */
import type { Var } from '../../../model/code-facts.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { holderOfField, keyOf } from '../../references/typed-classes.ts';
import { bareName, bindLocal, type CSharpReader, operands } from './reader.ts';
import { addDeclaredType } from './types.ts';

export function assignTo(r: CSharpReader, target: PlainNode, value: Var): void {
  const { b } = r;
  switch (target.type) {
    case 'identifier': {
      const name = bareName(r, target);
      const binding = b.lookUp(name);
      if (binding) {
        b.assign(binding, value);
        return;
      }
      const holder = holderOfField(r, name);
      if (holder) assignMember(r, holder.self, name, value, target);
      return;
    }
    case 'member_access_expression': {
      const object = childOf(target, 'expression');
      const name = childOf(target, 'name');
      if (object && name) assignMember(r, r.evaluate(object), bareName(r, name), value, target);
      return;
    }
    case 'element_access_expression': {
      const object = childOf(target, 'expression');
      const list = childOf(target, 'subscript');
      const [key] = list === undefined ? [] : operands(list);
      if (object) b.setItem(r.evaluate(object), key && r.evaluate(key), value, target);
      return;
    }
    case 'tuple_expression':
    case 'tuple_pattern':
    case 'declaration_expression':
      bindPattern(r, target, value);
      return;
    default:
      r.evaluate(target);
  }
}

/** A property runs its setter; by custom a name with a small letter is a field. */
export function assignMember(r: CSharpReader, on: Var, name: string, value: Var, node: PlainNode): void {
  r.b.set(on, name, value, node);
  if (/^[A-Z]/.test(name)) r.b.implicit(on, keyOf(`set_${name}`, 1), [value], node);
}

/** `Foo f`, `{ A: Foo f }`, `(var a, var b)`, `Foo or Bar`. */
export function bindPattern(r: CSharpReader, pattern: PlainNode, value: Var): void {
  const { b } = r;
  switch (pattern.type) {
    case 'identifier':
      bindLocal(r, pattern, value);
      return;
    case 'declaration_pattern':
    case 'declaration_expression':
    case 'var_pattern':
    case 'recursive_pattern': {
      const to = b.variable();
      addDeclaredType(r, childOf(pattern, 'type'), to);
      b.copy(to, value);
      const name = childOf(pattern, 'name');
      if (name && /tuple_pattern|parenthesized/.test(name.type)) bindPattern(r, name, to);
      else bindLocal(r, name, to);
      for (const part of operands(pattern)) if (part.field === null) bindPattern(r, part, to);
      return;
    }
    case 'tuple_expression':
    case 'tuple_pattern':
    case 'positional_pattern_clause':
    case 'parenthesized_variable_designation':
      bindComponents(r, pattern, value);
      return;
    case 'property_pattern_clause':
      for (const part of operands(pattern)) bindProperty(r, part, value);
      return;
    case 'constant_pattern':
      for (const part of operands(pattern)) if (part.type !== 'identifier') r.evaluate(part);
      return;
    default:
      for (const part of operands(pattern)) if (part.children.length > 0) bindPattern(r, part, value);
  }
}

/** `isPair`: the value may stand for the second of two, as an element of a dictionary does for the value of its key. */
export function bindComponents(r: CSharpReader, pattern: PlainNode, value: Var, isPair = false): void {
  const parts = operands(pattern);
  const mayBePair = isPair && parts.length === 2;
  if (!mayBePair) r.b.implicit(value, keyOf('Deconstruct', parts.length), [], pattern);
  for (const [at, part] of parts.entries()) {
    const item = r.b.getItem(value, r.b.constant(at), part);
    bindComponent(r, part, mayBePair && at === 1 ? r.b.union([item, value]) : item);
  }
}

function bindComponent(r: CSharpReader, part: PlainNode, item: Var): void {
  const inner = part.type === 'argument' || part.type === 'subpattern' ? operands(part).at(-1) : part;
  if (inner === undefined) return;
  // In `(a, b) = x` the names may be known.
  if (part.type === 'argument' && inner.type !== 'declaration_expression') assignTo(r, inner, item);
  else bindPattern(r, inner, item);
}

function bindProperty(r: CSharpReader, part: PlainNode, value: Var): void {
  const [name, inner] = operands(part);
  if (name === undefined || inner === undefined) return;
  bindPattern(r, inner, r.b.get(value, bareName(r, name), part));
}
