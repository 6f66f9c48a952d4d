/** Object literals of JavaScript. */
import type { Var } from '../../../model/code-facts.ts';
import { childOf, hasWord, type PlainNode } from '../../references/plain-tree.ts';
import { accessor, readFunction } from './definitions.ts';
import { readKey } from './keys.ts';
import { operands, type ScriptReader, stringValue } from './reader.ts';

/** `name`: of the variable the object is given to; functions in it are named after it. */
export function readObject(r: ScriptReader, node: PlainNode, name: string | undefined): Var {
  const { b } = r;
  const to = b.container('object');
  const outer = { holder: r.holder };
  if (name !== undefined) r.holder = b.pathOf(name, r.holder);
  for (const item of operands(node)) readItem(r, item, to);
  r.holder = outer.holder;
  return to;
}

function readItem(r: ScriptReader, item: PlainNode, to: Var): void {
  const { b } = r;
  switch (item.type) {
    case 'pair': {
      const key = childOf(item, 'key');
      const value = childOf(item, 'value');
      if (key === undefined || value === undefined) return;
      if (key.type === 'computed_property_name') {
        const inner = operands(key)[0];
        const keyVar = inner && readKey(r, inner);
        b.setItem(to, keyVar, r.evaluate(value), item);
        return;
      }
      const name = stringValue(r, key) ?? b.text(key);
      if (key.type === 'number') b.setKey(to, Number(name), r.evaluate(value), item);
      else {
        const isMethod = value.type === 'function_expression';
        const given = isMethod
          ? readFunction(r, value, name, { owner: -1, isStatic: false, object: to })
          : r.evaluate(value, name);
        b.set(to, name, given, item);
      }
      return;
    }
    case 'method_definition': {
      const key = childOf(item, 'name');
      const name = key === undefined ? '' : (stringValue(r, key) ?? b.text(key));
      const method = readFunction(r, item, name, { owner: -1, isStatic: false, object: to });
      // A getter is put there as what a key holds: to assign it would run the setter beside it.
      if (hasWord(item, 'get')) b.setItem(to, b.constant(name), accessor(r, method, item), item);
      else b.set(to, hasWord(item, 'set') ? `set ${name}` : name, method, item);
      return;
    }
    case 'shorthand_property_identifier':
      b.set(to, b.text(item), r.evaluate(item), item);
      return;
    case 'spread_element': {
      const inner = operands(item)[0];
      // The members of another object, under their own names.
      if (inner) b.copy(to, r.evaluate(inner));
      return;
    }
  }
}
