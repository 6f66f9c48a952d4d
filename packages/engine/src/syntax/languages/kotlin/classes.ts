/** Classes, objects and properties of Kotlin. */
import type { Var } from '../../../model/code-facts.ts';
import type { PlainNode } from '../../references/plain-tree.ts';
import {
  accessor,
  addConstructible,
  holderPath,
  inClass,
  keyOf,
  type OpenClass,
} from '../../references/typed-classes.ts';
import {
  argumentCounts,
  countsOf,
  readArguments,
  readExtension,
  readFunction,
  receiverType,
} from './functions.ts';
import { bindLocal, hasModifier, type KotlinReader, nameOf, operands, partOf } from './reader.ts';
import { addDeclaredType, declareTypeParameters, isType, typeOf } from './types.ts';

export const typeDeclaration = /^(class|object)_declaration$/;

export function declareNames(r: KotlinReader, nodes: readonly PlainNode[]): void {
  for (const node of nodes) {
    if (!/^(class_declaration|object_declaration|function_declaration|type_alias)$/.test(node.type)) continue;
    if (node.type === 'function_declaration' && receiverType(node) !== undefined) continue;
    const name = nameOf(node);
    if (name) r.b.declare(r.b.text(name)).isOrdered = false;
  }
}

interface Heading {
  readonly path: string;
  readonly isObject: boolean;
}

/** A class, interface, enum or object, bound in the scope around. */
export function readType(r: KotlinReader, node: PlainNode, inside?: OpenClass): Var {
  const { b } = r;
  const isObject = node.type !== 'class_declaration';
  const name = nameOf(node);
  const text = name === undefined ? 'Companion' : b.text(name);
  const path = b.pathOf(text, inside?.path ?? holderPath(r));
  const type = b.variable();
  let value = type;
  if (isObject) {
    value = b.variable();
    b.copy(value, type);
    b.add({ op: 'instance', to: value, type, isMade: true });
  }
  if (node.type !== 'companion_object') b.assign(b.lookUp(text) ?? b.declare(text), value);
  readBody(r, node, { path, isObject }, type);
  return value;
}

/** `object : T() { … }`. */
export function readObject(r: KotlinReader, node: PlainNode): Var {
  const { b } = r;
  const type = b.variable();
  readBody(r, node, { path: b.anonymousPath(node.line, holderPath(r)), isObject: true }, type);
  const made = b.variable();
  b.add({ op: 'instance', to: made, type, isMade: true });
  return made;
}

function basesOf(r: KotlinReader, node: PlainNode): { bases: Var[]; lines: number[]; calls: PlainNode[] } {
  const bases: Var[] = [];
  const lines: number[] = [];
  const calls: PlainNode[] = [];
  for (const specifier of partOf(node, 'delegation_specifiers')?.children ?? []) {
    const [inner] = operands(specifier);
    if (inner === undefined) continue;
    const type = isType(inner) ? inner : inner.children.find((part) => isType(part));
    const names = type?.children.filter((part) => part.type === 'identifier') ?? [];
    const [only] = names;
    if (type === undefined || only === undefined) continue;
    bases.push(names.length === 1 ? typeOf(r, only) : typeOf(r, type));
    lines.push(specifier.line);
    if (inner.type === 'constructor_invocation') calls.push(inner);
  }
  return { bases, lines, calls };
}

function readBody(r: KotlinReader, node: PlainNode, { path, isObject }: Heading, type: Var): void {
  const { b } = r;
  b.pushScope();
  declareTypeParameters(r, node);
  const { bases, lines, calls } = basesOf(r, node);
  const body = partOf(node, 'class_body') ?? partOf(node, 'enum_class_body');
  const members = body === undefined ? [] : operands(body);
  const companion = members.find((member) => member.type === 'companion_object');
  const inCompanion = companion === undefined ? [] : operands(partOf(companion, 'class_body') ?? companion);
  const parameters = operands(
    partOf(partOf(node, 'primary_constructor') ?? node, 'class_parameters') ?? anyNode,
  );
  const fields = new Set<string>();
  const methods = new Set<string>();
  for (const member of [...members, ...inCompanion]) {
    const name = nameOf(partOf(member, 'variable_declaration') ?? member);
    if (name === undefined) continue;
    if (member.type === 'function_declaration') methods.add(b.text(name));
    else if (/^(property_declaration|enum_entry)$/.test(member.type)) fields.add(b.text(name));
  }
  for (const part of parameters) if (isProperty(part)) fields.add(b.text(nameOf(part) ?? part));
  declareNames(
    r,
    members.filter((member) => typeDeclaration.test(member.type)),
  );
  const isEnum = hasModifier(node, 'enum');
  const components: Var[] | undefined = parameters.length > 0 ? [] : undefined;
  const shape = {
    path,
    node,
    fields,
    methods,
    bases: [...bases, b.importOf('java.lang', isEnum ? 'Enum' : 'Object')],
    baseLines: [...lines, node.line],
    inherits: bases.length > 0,
    isInterface: node.children.some((child) => child.type === 'interface'),
    ...(components && { components }),
  };
  inClass(r, shape, type, (cls) => {
    for (const [at, part] of parameters.entries())
      components?.push(readClassParameter(r, cls, part, hasModifier(node, 'data') ? at + 1 : 0));
    for (const call of calls) readBaseCall(r, cls, call);
    if (isEnum) addEnumMethods(r, cls, members);
    if (companion) addCompanion(r, cls, companion, inCompanion);
    for (const member of members) if (typeDeclaration.test(member.type)) addNested(r, cls, member);
    for (const member of members)
      if (!typeDeclaration.test(member.type) && member.type !== 'companion_object')
        readMember(r, cls, member, isObject);
    addImplicit(cls);
  });
  b.popScope();
}

const anyNode: PlainNode = { type: '', field: null, start: 0, end: 0, line: 1, endLine: 1, children: [] };
const isProperty = (part: PlainNode) => part.children.some(({ type }) => type === 'val' || type === 'var');

function readClassParameter(r: KotlinReader, cls: OpenClass, part: PlainNode, component: number): Var {
  const { b } = r;
  const value = b.variable();
  const name = nameOf(part);
  addDeclaredType(
    r,
    part.children.find((child) => isType(child)),
    value,
  );
  if (name === undefined) return value;
  if (isProperty(part)) cls.members.push([b.text(name), value]);
  // Initializers see it by its name.
  else b.assign(b.declare(b.text(name)), value);
  if (component > 0) cls.members.push([`component${component}(0)`, accessor(r, value)]);
  return value;
}

function readBaseCall(r: KotlinReader, cls: OpenClass, call: PlainNode): void {
  const { b } = r;
  const list = partOf(call, 'value_arguments');
  const args = list === undefined ? [] : readArguments(r, list);
  const parent = b.variable();
  b.add({ op: 'super', to: parent, owner: cls.index, receiver: cls.self });
  b.call(b.get(parent, keyOf('<init>', args.length), call), args, call, {
    text: 'super',
    implicit: 'operator',
  });
}

/** What a loop calls, and a call of the object itself. */
function addImplicit({ overloads, members }: OpenClass): void {
  const names = new Map([
    ['iterator', '__iter__'],
    ['next', '__next__'],
    ['invoke', '__call__'],
  ]);
  for (const { name, value } of overloads) {
    const called = names.get(name);
    if (called !== undefined) members.push([called, value]);
  }
}

function addEnumMethods(r: KotlinReader, cls: OpenClass, members: readonly PlainNode[]): void {
  const { b } = r;
  const all = b.container('kotlin.Array');
  for (const member of members) {
    const name = member.type === 'enum_entry' ? nameOf(member) : undefined;
    if (name) b.setItem(all, undefined, b.get(cls.type, b.text(name), member), member);
  }
  cls.members.push(['values(0)', accessor(r, all)], ['entries', all]);
}

function addNested(r: KotlinReader, cls: OpenClass, node: PlainNode): void {
  const name = nameOf(node);
  const { self } = cls;
  cls.self = cls.selves;
  const value = readType(r, node);
  cls.self = self;
  if (name === undefined) return;
  cls.members.push([r.b.text(name), value]);
  if (node.type === 'class_declaration') addConstructible(cls, r.b.text(name), value);
}

/** What stands in the companion is seen through the class as well. */
function addCompanion(r: KotlinReader, cls: OpenClass, node: PlainNode, members: readonly PlainNode[]): void {
  const { b } = r;
  const value = readType(r, node, cls);
  cls.members.push([b.text(nameOf(node) ?? { ...anyNode }) || 'Companion', value]);
  const seen = new Set<string>();
  for (const member of members) {
    const name = nameOf(partOf(member, 'variable_declaration') ?? member);
    if (name === undefined) continue;
    const counts = member.type === 'function_declaration' ? argumentCounts(member) : [-1];
    for (const count of counts) {
      const key = count < 0 ? b.text(name) : keyOf(b.text(name), count);
      if (!seen.has(key)) cls.members.push([key, b.get(value, key, member)]);
      seen.add(key);
    }
  }
}

function readMember(r: KotlinReader, cls: OpenClass, member: PlainNode, isObject: boolean): void {
  const { b } = r;
  switch (member.type) {
    case 'function_declaration': {
      if (receiverType(member) !== undefined) {
        readExtension(r, member);
        return;
      }
      const name = nameOf(member);
      const value = readFunction(r, member, { cls });
      if (name)
        cls.overloads.push({
          name: b.text(name),
          value,
          ...countsOf(partOf(member, 'function_value_parameters')),
        });
      return;
    }
    case 'secondary_constructor':
      cls.overloads.push({
        name: '<init>',
        value: readFunction(r, member, { cls, name: 'constructor' }),
        ...countsOf(partOf(member, 'function_value_parameters')),
      });
      return;
    case 'property_declaration':
      readProperty(r, member, cls);
      return;
    case 'anonymous_initializer':
      r.block(partOf(member, 'block'));
      return;
    case 'enum_entry': {
      const name = nameOf(member);
      const list = partOf(member, 'value_arguments');
      const args = list === undefined ? [] : readArguments(r, list);
      let type = cls.type;
      const body = partOf(member, 'class_body');
      if (body) {
        type = b.variable();
        const own = b.anonymousPath(body.line, holderPath(r));
        readBody(r, { ...member, children: [body] }, { path: own, isObject: true }, type);
        (b.classes.find(({ path }) => path === own) as { bases: readonly Var[] }).bases = [cls.type];
      }
      const made = b.call(type, args, member, {
        text: name ? b.text(name) : '',
        isNew: true,
        implicit: 'operator',
      });
      if (name) cls.members.push([b.text(name), made]);
      return;
    }
    default:
      if (!isObject || member.children.length > 0) r.statement(member);
  }
}

/** A property of a class, or of the file: a value, what computes it, or what it is left to. */
export function readProperty(r: KotlinReader, node: PlainNode, cls?: OpenClass): void {
  const { b } = r;
  const several = partOf(node, 'multi_variable_declaration');
  const declaration = partOf(node, 'variable_declaration');
  const delegate = partOf(node, 'property_delegate');
  const skipped =
    /^(val|var|variable_declaration|multi_variable_declaration|getter|setter|property_delegate|type_parameters|type_constraints)$/;
  const given = operands(node).find((part) => !skipped.test(part.type) && !isType(part));
  const value = b.variable();
  const name = declaration && nameOf(declaration);
  if (declaration)
    addDeclaredType(
      r,
      declaration.children.find((part) => isType(part)),
      value,
    );
  if (name && cls) cls.members.push([b.text(name), value]);
  if (given) b.copy(value, r.evaluate(given));
  if (delegate) b.copy(value, readDelegate(r, delegate));
  const getter = partOf(node, 'getter');
  if (getter && name && partOf(getter, 'function_body')) {
    const fn = readFunction(r, getter, { name: b.text(name), ...(cls && { cls }) });
    b.copy(
      value,
      b.call(b.readAny('%getter'), [{ value: fn }], getter, { text: 'get', implicit: 'decorator' }),
    );
  }
  const setter = partOf(node, 'setter');
  if (setter && name && partOf(setter, 'function_body')) {
    const fn = readFunction(r, setter, { name: b.text(name), ...(cls && { cls }) });
    cls?.overloads.push({ name: `set_${b.text(name)}`, value: fn, least: 1, most: 1, hasRest: false });
  }
  if (several) {
    for (const [at, part] of several.children
      .filter(({ type }) => type === 'variable_declaration')
      .entries()) {
      const one = b.variable();
      addDeclaredType(
        r,
        part.children.find((child) => isType(child)),
        one,
      );
      b.copy(one, b.getItem(value, b.constant(at), part));
      bindLocal(r, nameOf(part), one);
    }
  } else if (!cls) bindLocal(r, name, value);
}

/** `by lazy { … }` is what the block gives. */
function readDelegate(r: KotlinReader, delegate: PlainNode): Var {
  const { b } = r;
  const [given] = operands(delegate);
  if (given === undefined) return b.variable();
  const held = r.evaluate(given);
  return b.union([b.get(held, 'value', delegate), b.each(held, delegate)]);
}
