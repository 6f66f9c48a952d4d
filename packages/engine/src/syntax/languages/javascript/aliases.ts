/** What `type X<T> = …` names, where type arguments say more than the type that is given them. */
import type { Var } from '../../../model/code-facts.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { operands, type ScriptReader } from './reader.ts';
import { genericHead, typeOf } from './types.ts';

export function aliasedType(r: ScriptReader, alias: PlainNode, value: PlainNode): Var {
  if (value.type !== 'intersection_type') return withArguments(r, value);
  const parts = partsOf(value);
  const names = (childOf(alias, 'type_parameters')?.children ?? []).flatMap((one) => {
    const name = childOf(one, 'name');
    return name === undefined ? [] : [r.b.text(name)];
  });
  const numberOf = (part: PlainNode) =>
    part.type === 'type_identifier' ? names.indexOf(r.b.text(part)) : -1;
  const openParameters = parts.map(numberOf).filter((number) => number >= 0);
  if (openParameters.length === 0)
    return r.b.union([r.b.variable(), ...parts.map((part) => withArguments(r, part))]);
  const rest = parts.filter((part) => numberOf(part) < 0);
  return openType(r, alias, rest, openParameters);
}

/** `A & B & C` is a pair with a pair in it. */
function partsOf(node: PlainNode): readonly PlainNode[] {
  return operands(node).flatMap((part) => (part.type === 'intersection_type' ? partsOf(part) : [part]));
}

/** A type with members of its own, and those of whatever it is given. */
function openType(
  r: ScriptReader,
  alias: PlainNode,
  parts: readonly PlainNode[],
  openParameters: readonly number[],
): Var {
  const { b } = r;
  const name = childOf(alias, 'name');
  const bases = parts.map((part) => typeOf(r, part));
  const index = b.classes.length;
  b.classes.push({
    path: b.pathOf(name === undefined ? '' : b.text(name), r.holder),
    start: alias.line,
    end: alias.endLine,
    bases,
    members: [],
    isInterface: true,
    isCallable: true,
    openParameters,
  });
  const to = b.variable();
  b.add({ op: 'class', to, index });
  return to;
}

function withArguments(r: ScriptReader, node: PlainNode): Var {
  const { b } = r;
  const type = typeOf(r, node);
  const head = genericHead(r, node);
  const given = childOf(node, 'type_arguments');
  if (head === undefined || given === undefined) return type;
  const to = b.variable();
  const args = operands(given).map((arg) =>
    /^(literal_type|union_type)$/.test(arg.type) ? b.variable() : typeOf(r, arg),
  );
  b.add({ op: 'typeArguments', to, of: type, args });
  return b.union([type, to]);
}
