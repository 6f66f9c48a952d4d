/** Properties, indexers and events of C#: what reading and writing them runs. */
import type { Var } from '../../../model/code-facts.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import type { OpenClass } from '../../references/typed-classes.ts';
import { readBodyOf } from './functions.ts';
import { bareName, type CSharpReader, hasModifier, operands } from './reader.ts';
import { addDeclaredType } from './types.ts';

interface Accessors {
  readonly get?: Var;
  /** `set`, `init`, `add` and `remove`, each with the value as its parameter. */
  readonly others: readonly { readonly name: string; readonly value: Var }[];
}

/** Those with a body; `=> x` is one that gets. */
function readAccessors(r: CSharpReader, cls: OpenClass, node: PlainNode, name: string): Accessors {
  const isStatic = hasModifier(r, node, 'static');
  const type = childOf(node, 'type');
  const list = childOf(node, 'accessors');
  const arrow = childOf(node, 'value');
  const shared = { name, isStatic, parameters: childOf(node, 'parameters') };
  if (arrow?.type === 'arrow_expression_clause')
    return { get: readBodyOf(r, cls, node, { ...shared, type, body: arrow }).value, others: [] };
  let get: Var | undefined;
  const others: { name: string; value: Var }[] = [];
  for (const accessor of list === undefined ? [] : operands(list)) {
    const body = childOf(accessor, 'body');
    const word = childOf(accessor, 'name');
    if (accessor.type !== 'accessor_declaration' || body === undefined || word === undefined) continue;
    if (r.b.text(word) === 'get') get = readBodyOf(r, cls, accessor, { ...shared, type, body }).value;
    else {
      const { value } = readBodyOf(r, cls, accessor, { ...shared, body, given: type ?? 'none' });
      others.push({ name: r.b.text(word), value });
    }
  }
  return { ...(get !== undefined && { get }), others };
}

function asProperty(r: CSharpReader, getter: Var, node: PlainNode): Var {
  const { b } = r;
  return b.call(b.readAny('%getter'), [{ value: getter }], node, { text: 'get', implicit: 'decorator' });
}

export function readProperty(r: CSharpReader, cls: OpenClass, node: PlainNode): void {
  const { b } = r;
  const nameNode = childOf(node, 'name');
  if (nameNode === undefined) return;
  const name = bareName(r, nameNode);
  const type = childOf(node, 'type');
  const { get, others } = readAccessors(r, cls, node, name);
  const member = b.variable();
  cls.members.push([name, member]);
  if (get !== undefined) b.copy(member, asProperty(r, get, node));
  else {
    const value = b.variable();
    addDeclaredType(r, type, value);
    b.copy(member, value);
    const given = childOf(node, 'value');
    r.expected = type;
    if (given) b.copy(value, r.evaluate(given));
    r.expected = undefined;
  }
  for (const { value } of others) addSetter(cls, `set_${name}`, value);
}

function addSetter(cls: OpenClass, name: string, value: Var): void {
  cls.overloads.push({ name, value, least: 1, most: 1, hasRest: false });
}

export function readIndexer(r: CSharpReader, cls: OpenClass, node: PlainNode): void {
  const { get, others } = readAccessors(r, cls, node, 'this');
  if (get !== undefined) cls.members.push(['__getitem__', get]);
  for (const { value } of others) cls.members.push(['__setitem__', value]);
}

export function readEvent(r: CSharpReader, cls: OpenClass, node: PlainNode): void {
  const nameNode = childOf(node, 'name');
  if (nameNode === undefined) return;
  const name = bareName(r, nameNode);
  cls.members.push([name, r.b.variable()]);
  const { others } = readAccessors(r, cls, node, name);
  for (const { name: word, value } of others) addSetter(cls, `${word}_${name}`, value);
}
