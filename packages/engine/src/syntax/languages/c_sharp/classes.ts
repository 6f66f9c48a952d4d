/** Classes, structs, interfaces, records, enums and delegates of C#. */
import type { Var } from '../../../model/code-facts.ts';
import { textTable } from '../../../model/text-table.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import {
  addConstructible,
  type ClassShape,
  holderPath,
  inClass,
  keyOf,
  type OpenClass,
} from '../../references/typed-classes.ts';
import { readArguments } from './calls.ts';
import { readFunctionMember } from './functions.ts';
import { readEvent, readIndexer, readProperty } from './properties.ts';
import { bareName, type CSharpReader, hasModifier, operands, partOf, typeCount, typeKey } from './reader.ts';
import { addDeclaredType, declareTypeParameters, typeOf } from './types.ts';

export const typeDeclaration = /^(class|struct|interface|enum|record|record_struct|delegate)_declaration$/;
const rootOf = textTable<string>({
  struct_declaration: 'ValueType',
  enum_declaration: 'Enum',
});

/** Names of types first: they are seen wherever they stand. */
export function declareTypes(r: CSharpReader, nodes: readonly PlainNode[]): void {
  for (const node of nodes) if (typeDeclaration.test(node.type)) r.b.declare(keyOfType(r, node));
}

function keyOfType(r: CSharpReader, node: PlainNode): string {
  const name = childOf(node, 'name');
  return typeKey(name === undefined ? '' : bareName(r, name), typeCount(node));
}

/** A named type, bound in the scope around. */
export function readType(r: CSharpReader, node: PlainNode): Var {
  const { b } = r;
  const key = keyOfType(r, node);
  const type = b.variable();
  b.assign(b.lookUp(key) ?? b.declare(key), type);
  b.pushScope();
  declareTypeParameters(r, node);
  const list = partOf(node, 'base_list');
  const written = list === undefined ? [] : operands(list).filter((part) => part.type !== 'argument_list');
  const bases = written.map((part) => typeOf(r, childOf(part, 'type') ?? part));
  const isDelegate = node.type === 'delegate_declaration';
  // What is known of a delegate is what it is given.
  if (!isDelegate) bases.push(b.importOf('System', rootOf[node.type] ?? 'Object'));
  const name = childOf(node, 'name') ?? node;
  const path = b.pathOf(bareName(r, name), holderPath(r));
  const isPartial = hasModifier(r, node, 'partial');
  const part = [r.namespace, path].filter((one) => one !== '').join('.');
  readBody(
    r,
    {
      path,
      node,
      bases,
      baseLines: [...written, name].map(({ line }) => line),
      inherits: written.length > 0 || isPartial,
      isInterface: isDelegate || node.type === 'interface_declaration',
      isCallable: isDelegate,
      ...(isPartial && { part: typeKey(part, typeCount(node)) }),
      ...namesOf(r, node),
    },
    type,
  );
  b.popScope();
  return type;
}

const membersOf = (node: PlainNode): readonly PlainNode[] => {
  const body = childOf(node, 'body');
  return body === undefined ? [] : operands(body);
};

/** Parameters after the name of a type: of its first constructor, seen in all of it. */
const primaryOf = (node: PlainNode): readonly PlainNode[] =>
  (node.type === 'delegate_declaration' ? undefined : partOf(node, 'parameter_list'))?.children.filter(
    ({ type }) => type === 'parameter',
  ) ?? [];

function namesOf(r: CSharpReader, node: PlainNode): Pick<ClassShape, 'fields' | 'methods'> {
  const { b } = r;
  const fields = new Set<string>();
  const methods = new Set<string>();
  for (const part of [...primaryOf(node), ...membersOf(node)]) {
    const name = childOf(part, 'name');
    const type = childOf(part, 'type');
    if (name && type && b.text(type).replace('?', '') === b.text(name)) r.likeTheirType.add(b.text(name));
    if (part.type === 'method_declaration' && name) methods.add(bareName(r, name));
    else if (name && !typeDeclaration.test(part.type)) fields.add(bareName(r, name));
    const variables = partOf(part, 'variable_declaration');
    for (const one of variables === undefined ? [] : operands(variables)) {
      const declared = childOf(one, 'name');
      if (declared) fields.add(bareName(r, declared));
    }
  }
  return { fields, methods };
}

function readBody(r: CSharpReader, shape: Omit<ClassShape, 'components'>, type: Var): void {
  const { node } = shape;
  const members = membersOf(node);
  const primary = primaryOf(node);
  const components: Var[] | undefined = primary.length > 0 ? [] : undefined;
  declareTypes(r, members);
  inClass(r, { ...shape, ...(components && { components }) }, type, (cls) => {
    for (const parameter of primary) components?.push(addComponent(r, cls, parameter));
    callBase(r, cls, node);
    for (const member of members) if (typeDeclaration.test(member.type)) addNestedType(r, cls, member);
    for (const member of members) if (!typeDeclaration.test(member.type)) readMember(r, cls, member);
    addIterator(cls);
  });
}

function addComponent(r: CSharpReader, cls: OpenClass, parameter: PlainNode): Var {
  const { b } = r;
  const value = b.variable();
  const name = childOf(parameter, 'name');
  addDeclaredType(r, childOf(parameter, 'type'), value);
  if (name) cls.members.push([bareName(r, name), value]);
  return value;
}

/** `class A(int x) : B(x)`. */
function callBase(r: CSharpReader, cls: OpenClass, node: PlainNode): void {
  const { b } = r;
  const list = partOf(node, 'base_list');
  const inner = list && (partOf(list, 'primary_constructor_base_type') ?? list);
  const given = inner && partOf(inner, 'argument_list');
  if (given === undefined) return;
  const args = readArguments(r, given);
  const to = b.variable();
  b.add({ op: 'super', to, owner: cls.index, receiver: cls.self });
  b.call(b.get(to, keyOf('<init>', args.length), given), args, given, { text: 'base', implicit: 'operator' });
}

function addNestedType(r: CSharpReader, cls: OpenClass, node: PlainNode): void {
  const self = cls.self;
  cls.self = cls.selves;
  const value = readType(r, node);
  cls.self = self;
  const key = keyOfType(r, node);
  cls.members.push([key, value]);
  addConstructible(cls, key, value);
}

const iterators = textTable<string>({
  GetEnumerator: '__iter__',
  GetAsyncEnumerator: '__aiter__',
  MoveNext: '__next__',
  MoveNextAsync: '__anext__',
});

/** What a loop calls. */
function addIterator({ overloads, members }: OpenClass): void {
  for (const { name, value, least } of overloads) {
    const called = least === 0 ? iterators[name] : undefined;
    if (called !== undefined) members.push([called, value]);
  }
}

function readMember(r: CSharpReader, cls: OpenClass, member: PlainNode): void {
  switch (member.type) {
    case 'field_declaration':
    case 'event_field_declaration':
      readFields(r, cls, member);
      return;
    case 'property_declaration':
      readProperty(r, cls, member);
      return;
    case 'indexer_declaration':
      readIndexer(r, cls, member);
      return;
    case 'event_declaration':
      readEvent(r, cls, member);
      return;
    case 'enum_member_declaration':
      readEnumMember(r, cls, member);
      return;
    default:
      readFunctionMember(r, cls, member);
  }
}

function readFields(r: CSharpReader, cls: OpenClass, member: PlainNode): void {
  const { b } = r;
  const declaration = partOf(member, 'variable_declaration');
  const type = declaration && childOf(declaration, 'type');
  for (const part of declaration === undefined ? [] : operands(declaration)) {
    const name = childOf(part, 'name');
    if (part.type !== 'variable_declarator' || name === undefined) continue;
    const value = b.variable();
    addDeclaredType(r, type, value);
    cls.members.push([bareName(r, name), value]);
    const given = operands(part)[1];
    if (given === undefined) continue;
    r.expected = type;
    b.copy(value, r.evaluate(given));
    r.expected = undefined;
  }
}

function readEnumMember(r: CSharpReader, cls: OpenClass, member: PlainNode): void {
  const { b } = r;
  const name = childOf(member, 'name');
  if (name === undefined) return;
  const value = b.variable();
  b.add({ op: 'instance', to: value, type: cls.type, isMade: true });
  cls.members.push([bareName(r, name), value]);
}
