/** Keys of members: as variables, and as slots of names. */
import type { Var } from '../../../model/code-facts.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { type ScriptReader, stringValue } from './reader.ts';

/** `a.b.c` or `a['b']` as a slot: only where the object is a name of this function. */
export function slotPath(r: ScriptReader, node: PlainNode): string | undefined {
  const object = childOf(node, 'object');
  if (object?.type !== 'identifier') return undefined;
  const property = childOf(node, 'property');
  const index = childOf(node, 'index');
  const name = property
    ? r.b.text(property)
    : (stringValue(r, index) ?? (index?.type === 'number' ? r.b.text(index) : undefined));
  return name === undefined ? undefined : r.b.slotOf(r.b.text(object), name);
}

export function readKey(r: ScriptReader, key: PlainNode): Var | undefined {
  const value = r.evaluate(key);
  return key.type === 'unary_expression' ? undefined : value;
}
