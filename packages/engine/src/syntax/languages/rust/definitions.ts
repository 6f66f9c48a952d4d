/** Functions, closures, structs, enums, traits and implementations of Rust. */
import type { ClassFacts, Parameter, Var } from '../../../model/code-facts.ts';
import type { FunctionDraft } from '../../references/facts-builder.ts';
import { childOf, hasWord, type PlainNode } from '../../references/plain-tree.ts';
import { lastName } from './paths.ts';
import { bindPattern } from './patterns.ts';
import { operands, type RustReader } from './reader.ts';
import { addDeclared, declareParameters, typeOf } from './types.ts';

export function readFunction(r: RustReader, node: PlainNode): Var {
  const { b } = r;
  const name = childOf(node, 'name');
  const body = childOf(node, 'body');
  const list = childOf(node, 'parameters');
  const path = b.pathOf(name === undefined ? `<anonymous:${node.line}>` : b.text(name), r.holder);
  return inFunction(r, node, path, (draft) => {
    declareParameters(r, node);
    draft.parameters = list === undefined ? [] : readParameters(r, list);
    draft.owner = r.owner;
    if (draft.owner >= 0 && draft.parameters[0]?.name !== 'self') draft.isStatic = true;
    if (body === undefined) draft.signature = true;
    const result = childOf(node, 'return_type');
    if (result) addDeclared(r, result, draft.result);
    r.owner = -1;
    if (body) b.copy(draft.result, r.evaluate(body));
  });
}

export function readClosure(r: RustReader, node: PlainNode): Var {
  const { b } = r;
  const list = childOf(node, 'parameters');
  const body = childOf(node, 'body');
  const self = r.self;
  return inFunction(r, node, b.anonymousPath(node.line, r.holder), (draft) => {
    r.self = self;
    r.owner = -1;
    draft.parameters = list === undefined ? [] : readParameters(r, list);
    const result = childOf(node, 'return_type');
    if (result) addDeclared(r, result, draft.result);
    if (body) b.copy(draft.result, r.evaluate(body));
  });
}

function inFunction(r: RustReader, node: PlainNode, path: string, read: (draft: FunctionDraft) => void): Var {
  const { b } = r;
  const outer = { holder: r.holder, self: r.self, owner: r.owner, parameters: r.parameters };
  const draft: FunctionDraft = b.draftOf(path, node);
  const index = b.inFunction(draft, () => {
    r.holder = undefined;
    r.self = undefined;
    read(draft);
  });
  Object.assign(r, outer);
  return b.functionValue(index);
}

function readParameters(r: RustReader, list: PlainNode): Parameter[] {
  const { b } = r;
  const found: Parameter[] = [];
  for (const node of operands(list)) {
    const value = b.variable();
    const pattern = node.type === 'parameter' ? childOf(node, 'pattern') : node;
    const type = childOf(node, 'type');
    if (node.type === 'variadic_parameter' || pattern === undefined) continue;
    if (node.type === 'self_parameter' || pattern.type === 'self') {
      const own = b.lookUp('Self');
      if (own) b.add({ op: 'instance', to: value, type: own.all });
      r.self = value;
      found.push({ name: 'self', value });
      continue;
    }
    if (type) addDeclared(r, type, value);
    bindPattern(r, pattern, value);
    found.push({ name: pattern.type === 'identifier' ? b.text(pattern) : '_', value });
  }
  return found;
}

/** A struct, union or variant: its fields are `.name`, those without a name `.0`, `.1`. */
export function readStructure(r: RustReader, node: PlainNode, name: string, bases: readonly Var[]): Var {
  const { b } = r;
  b.pushScope();
  const parameters = r.parameters;
  declareParameters(r, node);
  const members: (readonly [string, Var])[] = [];
  const body = childOf(node, 'body');
  const fieldOf = (field: string, type: PlainNode) => {
    const value = b.variable();
    addDeclared(r, type, value);
    members.push([field, value]);
  };
  let index = 0;
  for (const child of body?.children ?? []) {
    const type = childOf(child, 'type');
    const field = childOf(child, 'name');
    if (child.type === 'field_declaration' && field && type) fieldOf(`.${b.text(field)}`, type);
    else if (child.field === 'type') fieldOf(`.${index++}`, child);
  }
  r.parameters = parameters;
  b.popScope();
  const isVariant = bases.length > 0 && { isVariant: true };
  return classOf(r, node, { path: b.pathOf(name, r.holder), bases, members, ...isVariant });
}

type ClassParts = Pick<ClassFacts, 'path' | 'bases' | 'members' | 'isInterface' | 'isVariant'>;

function classOf(r: RustReader, node: PlainNode, parts: ClassParts): Var {
  const index = r.b.classes.length;
  r.b.classes.push({ start: node.line, end: node.endLine, ...parts });
  const to = r.b.variable();
  r.b.add({ op: 'class', to, index });
  return to;
}

/** Each variant is a class below the enum; one without fields is a value. */
export function readEnum(r: RustReader, node: PlainNode, name: string): Var {
  const { b } = r;
  const members: (readonly [string, Var])[] = [];
  const cls = classOf(r, node, { path: b.pathOf(name, r.holder), bases: [], members });
  const holder = r.holder;
  r.holder = b.pathOf(name, r.holder);
  b.pushScope();
  const parameters = r.parameters;
  declareParameters(r, node);
  for (const variant of childOf(node, 'body')?.children ?? []) {
    const own = childOf(variant, 'name');
    if (variant.type !== 'enum_variant' || own === undefined) continue;
    const made = readStructure(r, variant, b.text(own), [cls]);
    const isUnit = childOf(variant, 'body') === undefined;
    members.push([b.text(own), isUnit ? b.instanceOf(made) : made]);
  }
  b.popScope();
  r.parameters = parameters;
  r.holder = holder;
  return cls;
}

export function readTrait(r: RustReader, node: PlainNode, name: string): Var {
  const { b } = r;
  const members: (readonly [string, Var])[] = [];
  const bases: Var[] = [];
  const index = b.classes.length;
  const cls = classOf(r, node, { path: b.pathOf(name, r.holder), bases, members, isInterface: true });
  inType(r, node, name, cls, () => {
    r.owner = index;
    const above = childOf(node, 'bounds');
    for (const bound of above === undefined ? [] : operands(above)) bases.push(typeOf(r, bound));
    members.push(...readMembers(r, node));
  });
  return cls;
}

/** Adds methods and bases to a type that may be of another file, or of the language. */
export function readImplementation(r: RustReader, node: PlainNode): void {
  const { b } = r;
  const type = childOf(node, 'type');
  if (type === undefined) return;
  const trait = childOf(node, 'trait');
  const name = typeName(r, type);
  const own = b.variable();
  inType(r, node, name, own, () => {
    b.copy(own, typeOf(r, type));
    r.owner = -1;
    const isForAll = r.parameters.has(name);
    const members = readMembers(r, node);
    const above = trait === undefined || hasWord(node, '!') ? undefined : typeOf(r, trait);
    // `impl<T> Trait for T`: what the trait has for everything.
    const holders = isForAll && above !== undefined ? [own, above] : [own];
    for (const on of holders)
      for (const [member, value] of members)
        b.add({ op: 'set', on, name: member, from: value, isDefinition: true, at: b.at, line: node.line });
    if (above !== undefined) {
      b.add({ op: 'base', on: own, base: above });
      if (isForAll) b.add({ op: 'base', on: b.readAny('%any'), base: above });
    }
    const target = members.find(([member]) => member === 'Target');
    if (target && trait && /^Deref(Mut)?$/.test(lastName(r, trait)))
      b.add({ op: 'base', on: own, base: target[1] });
  });
}

function inType(r: RustReader, node: PlainNode, name: string, own: Var, read: () => void): void {
  const { b } = r;
  const outer = { holder: r.holder, owner: r.owner, parameters: r.parameters };
  r.holder = b.pathOf(name, r.holder);
  b.pushScope();
  const self = b.declare('Self');
  self.isOrdered = false;
  b.copy(self.all, own);
  declareParameters(r, node);
  read();
  b.popScope();
  Object.assign(r, outer);
}

/** Methods, constants and associated types of a trait or an `impl`. */
function readMembers(r: RustReader, node: PlainNode): (readonly [string, Var])[] {
  const { b } = r;
  const found: (readonly [string, Var])[] = [];
  for (const item of childOf(node, 'body')?.children ?? []) {
    const name = childOf(item, 'name');
    if (name === undefined) continue;
    const add = (value: Var) => found.push([b.text(name), value]);
    const type = childOf(item, 'type');
    if (item.type === 'function_item' || item.type === 'function_signature_item') add(readFunction(r, item));
    else if (item.type === 'type_item' && type) add(typeOf(r, type));
    else if (item.type === 'associated_type') {
      const bounds = childOf(item, 'bounds');
      add(bounds === undefined ? b.variable() : typeOf(r, bounds));
    } else if (item.type === 'const_item') add(readConstant(r, item));
  }
  return found;
}

export function readConstant(r: RustReader, node: PlainNode): Var {
  const to = r.b.variable();
  const type = childOf(node, 'type');
  const value = childOf(node, 'value');
  if (type) addDeclared(r, type, to);
  if (value) r.b.copy(to, r.evaluate(value));
  return to;
}

function typeName(r: RustReader, type: PlainNode): string {
  if (/^(reference_type|pointer_type)$/.test(type.type)) {
    const inner = childOf(type, 'type');
    return inner === undefined ? r.b.text(type) : typeName(r, inner);
  }
  if (/^(dynamic_type|abstract_type)$/.test(type.type)) {
    const inner = childOf(type, 'trait');
    return inner === undefined ? r.b.text(type) : typeName(r, inner);
  }
  const name = /type|identifier/.test(type.type) ? lastName(r, type) : r.b.text(type);
  return name.replace(/[^\w]+/g, '_').slice(0, 60);
}
