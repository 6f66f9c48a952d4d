/** What a value is assigned to, and patterns that take it apart. */
import type { Var } from '../../../model/code-facts.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { holderOfField } from '../../references/typed-classes.ts';
import { bindLocal, type JavaReader, operands } from './reader.ts';
import { addDeclaredType, typeOf } from './types.ts';

export function assignTo(r: JavaReader, target: PlainNode, value: Var): void {
  const { b } = r;
  switch (target.type) {
    case 'identifier': {
      const name = b.text(target);
      const binding = b.lookUp(name);
      if (binding) {
        b.assign(binding, value);
        return;
      }
      const holder = holderOfField(r, name);
      if (holder) b.set(holder.self, name, value, target);
      return;
    }
    case 'field_access': {
      const field = childOf(target, 'field');
      const object = childOf(target, 'object');
      if (field && object) b.set(r.evaluate(object), b.text(field), value, target);
      return;
    }
    case 'array_access': {
      const array = childOf(target, 'array');
      const index = childOf(target, 'index');
      if (array) b.setItem(r.evaluate(array), index && r.evaluate(index), value, target);
      return;
    }
    default:
      r.evaluate(target);
  }
}

/** `Circle c`, `Point(int x, var y)`. */
export function bindPattern(r: JavaReader, pattern: PlainNode, value: Var): void {
  const { b } = r;
  const parts = operands(pattern);
  if (pattern.type === 'type_pattern' || pattern.type === 'record_pattern_component') {
    const [type, name] = parts;
    const inner = parts.find((part) => part.type === 'record_pattern');
    if (inner) bindPattern(r, inner, value);
    else if (name?.type === 'identifier') {
      const to = b.variable();
      addDeclaredType(r, type, to);
      b.copy(to, value);
      bindLocal(r, name, to);
    }
    return;
  }
  if (pattern.type === 'record_pattern') {
    const [type, body] = parts;
    const of = b.variable();
    if (type)
      b.add({
        op: 'instance',
        to: of,
        type: typeOf(r, { ...type, type: type.type === 'identifier' ? 'type_identifier' : type.type }),
        isOnly: true,
      });
    b.copy(of, value);
    const components = body === undefined ? [] : operands(body);
    for (const [at, component] of components.entries())
      bindPattern(r, component, b.getItem(of, b.constant(at), component));
    return;
  }
  for (const part of parts) bindPattern(r, part, value);
}
