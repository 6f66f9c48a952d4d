/** Classes, interfaces, enums, records, methods and lambdas of Java. */
import type { Parameter, Var } from '../../../model/code-facts.ts';
import type { FunctionDraft } from '../../references/facts-builder.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import {
  accessor,
  holderPath,
  inClass,
  type OpenClass,
  referenceKey,
} from '../../references/typed-classes.ts';
import { bindLocal, hasModifier, type JavaReader, operands } from './reader.ts';
import { addDeclaredType, declareTypeParameters, typeOf } from './types.ts';

export const typeDeclaration = /^(class|interface|enum|record|annotation_type)_declaration$/;
const methodLike = /^(method|constructor|compact_constructor)_declaration$/;

/** The members of a body; constants of an enum stand apart from the others. */
function membersOf(body: PlainNode | undefined): readonly PlainNode[] {
  if (body === undefined) return [];
  return operands(body).flatMap((member) =>
    member.type === 'enum_body_declarations' ? operands(member) : [member],
  );
}

/** Names of types first: they are seen wherever they stand. */
export function declareTypes(r: JavaReader, nodes: readonly PlainNode[]): void {
  for (const node of nodes) {
    const name = typeDeclaration.test(node.type) ? childOf(node, 'name') : undefined;
    if (name) r.b.declare(r.b.text(name));
  }
}

/** A named type, bound in the scope around. */
export function readType(r: JavaReader, node: PlainNode): Var {
  const { b } = r;
  const name = childOf(node, 'name');
  const text = name === undefined ? `<anonymous:${node.line}>` : b.text(name);
  const type = b.variable();
  const binding = b.lookUp(text) ?? b.declare(text);
  b.assign(binding, type);
  b.pushScope();
  declareTypeParameters(r, node);
  const heritage = operands(node).filter(({ type: kind }) => /^superclass$|interfaces$/.test(kind));
  const written = heritage.flatMap((part) =>
    operands(part).flatMap((inner) => (inner.type === 'type_list' ? operands(inner) : [inner])),
  );
  const root = { enum_declaration: 'Enum', record_declaration: 'Record' }[node.type] ?? 'Object';
  const bases = [
    ...written.map((part) => typeOf(r, part.type === 'generic_type' ? (operands(part)[0] ?? part) : part)),
    b.importOf('java.lang', root),
  ];
  const baseLines = [...written, name ?? node].map(({ line }) => line);
  const isInterface = /^(interface|annotation_type)_declaration$/.test(node.type);
  const path = b.pathOf(text, holderPath(r));
  readBody(r, node, { path, type, bases, baseLines, inherits: written.length > 0, isInterface });
  b.popScope();
  return type;
}

/** `new T() { … }`. */
export function readAnonymous(r: JavaReader, body: PlainNode, base: Var): Var {
  const { b } = r;
  const type = b.variable();
  const holder = holderPath(r);
  const path = b.anonymousPath(body.line, holder);
  b.pushScope();
  readBody(
    r,
    { ...body, children: [{ ...body, field: 'body' }] },
    { path, type, bases: [base], baseLines: [body.line], inherits: true },
  );
  b.popScope();
  return type;
}

interface Heading {
  readonly path: string;
  readonly type: Var;
  readonly bases: readonly Var[];
  readonly baseLines: readonly number[];
  readonly inherits: boolean;
  readonly isInterface?: boolean;
}

function readBody(r: JavaReader, node: PlainNode, { type, ...heading }: Heading): void {
  const { b } = r;
  const members = membersOf(childOf(node, 'body'));
  const components = node.type === 'record_declaration' ? operands(childOf(node, 'parameters') ?? node) : [];
  const fields = new Set<string>();
  const methods = new Set<string>();
  const named = (part: PlainNode) => {
    const name = childOf(part, 'name');
    return name === undefined ? '' : b.text(name);
  };
  for (const member of members) {
    if (member.type === 'method_declaration') methods.add(named(member));
    else if (member.type === 'enum_constant') fields.add(named(member));
    for (const part of member.children) if (part.type === 'variable_declarator') fields.add(named(part));
  }
  const written = new Set(methods);
  for (const component of components) {
    fields.add(named(component));
    methods.add(named(component));
  }
  declareTypes(r, members);
  const given: Var[] | undefined = components.length > 0 ? [] : undefined;
  inClass(r, { ...heading, node, fields, methods, ...(given && { components: given }) }, type, (cls) => {
    if (node.type === 'enum_declaration') addEnumMethods(r, cls, members);
    for (const component of components) given?.push(addComponent(r, cls, component, written));
    for (const member of members) if (typeDeclaration.test(member.type)) addNestedType(r, cls, member);
    for (const member of members)
      if (!typeDeclaration.test(member.type)) readMember(r, cls, member, components.length);
  });
}

function addNestedType(r: JavaReader, cls: OpenClass, node: PlainNode): void {
  const name = childOf(node, 'name');
  const self = cls.self;
  cls.self = cls.selves;
  const value = readType(r, node);
  cls.self = self;
  if (name) cls.members.push([r.b.text(name), value]);
}

function addEnumMethods(r: JavaReader, cls: OpenClass, members: readonly PlainNode[]): void {
  const { b } = r;
  const all = b.container('array');
  const one = b.variable();
  for (const member of members) {
    const name = member.type === 'enum_constant' ? childOf(member, 'name') : undefined;
    if (name) b.copy(one, b.get(cls.type, b.text(name), member));
  }
  b.setItem(all, undefined, one, { ...(members[0] ?? anyNode) });
  cls.members.push(['values(0)', accessor(r, all)], ['valueOf(1)', accessor(r, one)]);
}

const anyNode: PlainNode = { type: '', field: null, start: 0, end: 0, line: 1, endLine: 1, children: [] };

/** A component of a record is a field with a method that gives it. */
function addComponent(
  r: JavaReader,
  cls: OpenClass,
  component: PlainNode,
  written: ReadonlySet<string>,
): Var {
  const { b } = r;
  const name = childOf(component, 'name');
  const value = b.variable();
  if (name === undefined) return value;
  addDeclaredType(r, childOf(component, 'type'), value);
  cls.members.push([b.text(name), value]);
  if (!written.has(b.text(name))) cls.members.push([`${b.text(name)}(0)`, accessor(r, value)]);
  return value;
}

function readMember(r: JavaReader, cls: OpenClass, member: PlainNode, components: number): void {
  const { b } = r;
  switch (member.type) {
    case 'field_declaration':
    case 'constant_declaration':
      for (const part of member.children) {
        if (part.type !== 'variable_declarator') continue;
        const name = childOf(part, 'name');
        const given = childOf(part, 'value');
        const value = b.variable();
        addDeclaredType(r, childOf(member, 'type'), value);
        if (name) cls.members.push([b.text(name), value]);
        if (given) b.copy(value, r.evaluate(given));
      }
      return;
    case 'enum_constant':
      readEnumConstant(r, cls, member);
      return;
    case 'block':
      r.block(member);
      return;
    case 'static_initializer':
      for (const child of operands(member)) r.statement(child);
      return;
    default:
      if (methodLike.test(member.type)) readMethod(r, cls, member, components);
  }
}

function readEnumConstant(r: JavaReader, cls: OpenClass, node: PlainNode): void {
  const { b } = r;
  const name = childOf(node, 'name');
  const body = childOf(node, 'body');
  const list = childOf(node, 'arguments');
  if (name === undefined) return;
  const args = list === undefined ? [] : operands(list).map((part) => ({ value: r.evaluate(part) }));
  const type = body === undefined ? cls.type : r.classBody(body, cls.type);
  const made = b.call(type, args, node, { text: b.text(name), isNew: true, implicit: 'operator' });
  cls.members.push([b.text(name), made]);
}

function readMethod(r: JavaReader, cls: OpenClass, node: PlainNode, components: number): void {
  const { b } = r;
  const name = childOf(node, 'name');
  if (name === undefined) return;
  const isConstructor = node.type !== 'method_declaration';
  const isStatic = hasModifier(node, 'static');
  const body = childOf(node, 'body');
  const receiver = isStatic ? undefined : b.variable();
  const draft: FunctionDraft = {
    ...b.draftOf(b.pathOf(b.text(name), cls.path), node, cls.index),
    ...(receiver !== undefined && { receiver }),
    ...(isStatic && { isStatic: true }),
    ...(body === undefined && !hasModifier(node, 'native') && { signature: true }),
  };
  if (receiver !== undefined) b.copy(cls.selves, receiver);
  const outer = cls.self;
  cls.self = receiver ?? cls.type;
  const index = b.inFunction(draft, () => {
    declareTypeParameters(r, node);
    draft.parameters = readParameters(r, childOf(node, 'parameters'));
    if (!isConstructor) addDeclaredType(r, childOf(node, 'type'), draft.result);
    if (body) r.block(body);
  });
  cls.self = outer;
  const value = b.functionValue(index);
  const { parameters } = draft;
  const count = parameters.length;
  const hasRest = parameters.some(({ rest }) => rest !== undefined);
  const called = isConstructor ? '<init>' : b.text(name);
  if (node.type === 'compact_constructor_declaration') {
    cls.overloads.push({ name: called, value, least: components, most: components, hasRest: false });
    return;
  }
  cls.overloads.push({ name: called, value, least: hasRest ? count - 1 : count, most: count, hasRest });
}

export function readParameters(r: JavaReader, list: PlainNode | undefined): readonly Parameter[] {
  const { b } = r;
  const found: Parameter[] = [];
  if (list?.type === 'identifier') return [addParameter(r, list, undefined)];
  for (const part of list === undefined ? [] : operands(list)) {
    if (part.type === 'receiver_parameter') continue;
    if (part.type === 'identifier') found.push(addParameter(r, part, undefined));
    else if (part.type === 'spread_parameter') {
      const declarator = part.children.find(({ type }) => type === 'variable_declarator');
      const name = declarator && childOf(declarator, 'name');
      const value = b.variable();
      bindLocal(r, name, value);
      found.push({ name: name ? b.text(name) : '', value, rest: 'star' });
    } else if (part.type === 'formal_parameter') {
      found.push(addParameter(r, childOf(part, 'name') ?? part, childOf(part, 'type')));
    }
  }
  return found;
}

function addParameter(r: JavaReader, name: PlainNode, type: PlainNode | undefined): Parameter {
  const value = r.b.variable();
  addDeclaredType(r, type, value);
  bindLocal(r, name, value);
  return { name: r.b.text(name), value };
}

export function readLambda(r: JavaReader, node: PlainNode): Var {
  const { b } = r;
  const holder = holderPath(r);
  const draft: FunctionDraft = b.draftOf(b.anonymousPath(node.line, holder), node);
  const index = b.inFunction(draft, () => {
    draft.parameters = readParameters(r, childOf(node, 'parameters'));
    const body = childOf(node, 'body');
    if (body?.type === 'block') r.block(body);
    else if (body) b.copy(draft.result, r.evaluate(body));
  });
  return b.functionValue(index);
}

/** `A::m`, `a::m`, `A::new`. */
export function readMethodReference(r: JavaReader, node: PlainNode): Var {
  const { b } = r;
  const [holder, name] = operands(node);
  const isNew = node.children.some(({ type }) => type === 'new');
  if (holder === undefined) return b.variable();
  const isType = /_type$|^type_identifier$/.test(holder.type);
  const on = isType ? typeOf(r, holder) : r.evaluate(holder);
  if (isNew) return b.get(on, 'new', node);
  return name === undefined ? b.variable() : b.get(on, referenceKey(b.text(name)), node);
}
