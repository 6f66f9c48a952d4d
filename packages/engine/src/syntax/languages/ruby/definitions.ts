/** Methods, blocks, classes and modules of Ruby. A class may be opened again; the resolver joins what has one name. */
import type { Parameter, Var } from '../../../model/code-facts.ts';
import type { FunctionDraft } from '../../references/facts-builder.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import {
  constantNamed,
  constantText,
  literalName,
  methodKey,
  operands,
  type RubyClass,
  type RubyReader,
  staticKey,
} from './reader.ts';

/** Name of the parameter that takes a block, which nobody can write. */
export const blockName = '&';

export function define(r: RubyReader, node: PlainNode): Var | undefined {
  switch (node.type) {
    case 'method':
    case 'singleton_method':
      defineMethod(r, node);
      return undefined;
    case 'class':
    case 'module':
      return defineClass(r, node);
    case 'singleton_class':
      defineSingleton(r, node);
      return undefined;
    case 'alias':
      addAlias(r, operandNames(r, node));
      return undefined;
    default:
      return undefined;
  }
}

const operandNames = (r: RubyReader, node: PlainNode) =>
  operands(node).map((part) => r.b.text(part).replace(/^:/, ''));

function isStaticHere(r: RubyReader, node: PlainNode): boolean {
  return node.type === 'singleton_method' || r.cls?.methodsAre === 'static';
}

function defineMethod(r: RubyReader, node: PlainNode): void {
  const { b } = r;
  const own = childOf(node, 'name');
  if (own === undefined) return;
  const name = b.text(own);
  const isStatic = isStaticHere(r, node);
  const { cls } = r;
  const value = readMethod(r, node, name, isStatic);
  if (cls === undefined) {
    r.exports.push([`F:${name}()`, value], [`R:${name}`, value]);
    return;
  }
  addMethod(cls, name, value, isStatic);
}

export function addMethod(cls: RubyClass, name: string, value: Var, isStatic: boolean): void {
  if (isStatic || cls.methodsAre === 'both') cls.members.push([staticKey(name), value]);
  if (isStatic) return;
  cls.members.push([methodKey(name), value]);
  if (name === '[]') cls.members.push(['__getitem__', value]);
  if (name === '[]=') cls.members.push(['__setitem__', value]);
}

function readMethod(r: RubyReader, node: PlainNode, name: string, isStatic: boolean): Var {
  const { b, cls } = r;
  const draft: FunctionDraft = {
    ...b.draftOf(b.pathOf(name, cls?.path), node, cls?.index ?? -1),
    ...(isStatic && { isStatic: true }),
    ...(cls?.isClosed === true && !isStatic && { access: 'closed' as const }),
  };
  const outer = { self: r.self, method: r.method, floor: r.floor };
  const index = b.inFunction(draft, () => {
    r.floor = b.scope;
    if (cls !== undefined) draft.receiver = b.variable();
    r.self = draft.receiver;
    const block = b.variable();
    const parameters = readParameters(r, childOf(node, 'parameters'), block);
    draft.parameters = [...parameters, { name: blockName, value: block, keywordOnly: true }];
    r.method = { name, isStatic, block, given: parameters.map(({ value }) => value) };
    const body = childOf(node, 'body');
    if (body) b.copy(draft.result, r.evaluate(body));
  });
  Object.assign(r, outer);
  return b.functionValue(index);
}

/** A block is a function that sees the names and the `self` around it; with an owner, a method of its own. */
export function readBlock(
  r: RubyReader,
  node: PlainNode,
  path = r.b.anonymousPath(node.line),
  owner = -1,
): Var {
  const { b } = r;
  const draft: FunctionDraft = b.draftOf(path, node, owner);
  const { self } = r;
  const index = b.inFunction(draft, () => {
    if (owner >= 0) {
      draft.receiver = b.variable();
      r.self = draft.receiver;
    }
    const inner = node.type === 'lambda' ? (childOf(node, 'body') ?? node) : node;
    draft.parameters = readParameters(r, childOf(node, 'parameters'), b.variable());
    for (const name of ['it', '_1']) {
      if (draft.parameters.length > 0) break;
      const value = b.variable();
      b.assign(b.declare(name), value);
      draft.parameters = [{ name, value }];
    }
    const body = childOf(inner, 'body');
    if (body) b.copy(draft.result, r.evaluate(body));
  });
  r.self = self;
  return b.functionValue(index);
}

function readParameters(r: RubyReader, list: PlainNode | undefined, block: Var): Parameter[] {
  const { b } = r;
  const found: Parameter[] = [];
  for (const node of list === undefined ? [] : operands(list)) {
    if (node.type === 'destructured_parameter') {
      const value = b.variable();
      for (const [at, part] of operands(node).entries())
        b.assign(b.declare(b.text(part)), b.getItem(value, b.constant(at), part));
      found.push({ name: '', value });
      continue;
    }
    const own = node.type === 'identifier' ? node : childOf(node, 'name');
    if (own === undefined) continue;
    const name = b.text(own);
    if (node.type === 'block_parameter') {
      b.assign(b.declare(name), block);
      continue;
    }
    const value = b.variable();
    const given = childOf(node, 'value');
    if (given) b.copy(value, r.evaluate(given));
    b.assign(b.declare(name), value);
    found.push({
      name,
      value,
      ...(node.type === 'splat_parameter' && { rest: 'star' as const }),
      ...(node.type === 'hash_splat_parameter' && { rest: 'keywords' as const }),
      ...(node.type === 'keyword_parameter' && { keywordOnly: true }),
    });
  }
  return found;
}

function defineClass(r: RubyReader, node: PlainNode): Var {
  const { b } = r;
  const own = childOf(node, 'name');
  const name = own === undefined ? `<anonymous:${node.line}>` : b.text(own);
  const superclass = childOf(node, 'superclass');
  const base = superclass && operands(superclass)[0];
  return openClass(r, { node, name, base, body: childOf(node, 'body') });
}

interface ClassShape {
  readonly node: PlainNode;
  readonly name: string;
  readonly base: PlainNode | undefined;
  readonly body: PlainNode | undefined;
  /** Fields that the constructor nobody wrote gives its arguments to: `Struct.new(:a, :b)`. */
  readonly fields?: readonly string[];
  /** These may be given something else later: not those of `Data`. */
  readonly isWritable?: boolean;
}

export function openClass(
  r: RubyReader,
  { node, name, base, body, fields = [], isWritable = false }: ClassShape,
): Var {
  const { b } = r;
  const type = b.variable();
  const members: [string, Var][] = [];
  const isGlobal = name.startsWith('::');
  const bare = name.replace(/^::/, '').replaceAll('::', '.');
  const path = r.cls === undefined || isGlobal ? bare : `${r.cls.path}.${bare}`;
  // What is included last is asked first, and all of it before the class that is inherited.
  const mixed = mixins(r, body, 'include').reverse();
  const before = mixins(r, body, 'prepend');
  const bases = [...before, ...mixed, ...(base ? [base] : [])];
  const index = b.classes.length;
  const components: Var[] = [];
  b.classes.push({
    path,
    start: node.line,
    end: node.endLine,
    part: `ruby ${path}`,
    ...(before.length > 0 && { prepended: before.length }),
    bases: bases.map((each) => classValue(r, each)),
    baseLines: bases.map(({ line }) => line),
    members,
    ...(fields.length > 0 && { components }),
  });
  b.add({ op: 'class', to: type, index });
  r.exports.push([`T:${path.replaceAll('.', '::')}`, type]);
  const isSelfExtended = mixins(r, body, 'extend').some(({ type }) => type === 'self');
  const cls: RubyClass = { index, path, type, members, methodsAre: isSelfExtended ? 'both' : 'instance' };
  const outer = { cls: r.cls, self: r.self, method: r.method, floor: r.floor };
  Object.assign(r, { cls, self: type, method: undefined, floor: b.pushScope(true) });
  for (const field of fields)
    components.push(addAttribute(r, field, { isRead: true, isWritten: isWritable }));
  if (body) r.evaluate(body);
  b.popScope();
  Object.assign(r, outer);
  return type;
}

function classValue(r: RubyReader, node: PlainNode): Var {
  const name = constantText(r, node);
  return name === undefined ? r.evaluate(node) : constantNamed(r, name, 'type');
}

/** Modules that a body mixes in by `include A, B`. */
function mixins(r: RubyReader, body: PlainNode | undefined, word: string): PlainNode[] {
  return (body?.children ?? []).flatMap((node) => {
    const method = node.type === 'call' ? childOf(node, 'method') : undefined;
    const list = childOf(node, 'arguments');
    if (method === undefined || list === undefined || r.b.text(method) !== word || childOf(node, 'receiver'))
      return [];
    return operands(list);
  });
}

function defineSingleton(r: RubyReader, node: PlainNode): void {
  const { cls } = r;
  const body = childOf(node, 'body');
  if (body === undefined) return;
  const before = cls?.methodsAre;
  if (cls) cls.methodsAre = 'static';
  r.evaluate(body);
  if (cls && before) cls.methodsAre = before;
}

/** `attr_reader :x` and its like: what `@x` holds, under the names of the methods that read and write it. */
export function addAttribute(
  r: RubyReader,
  name: string,
  { isRead, isWritten }: { readonly isRead: boolean; readonly isWritten: boolean },
): Var {
  const { b, cls } = r;
  const field = b.variable();
  if (cls === undefined) return field;
  const isStatic = cls.methodsAre === 'static';
  if (!isStatic) cls.members.push([`@${name}`, field]);
  const to = b.variable();
  b.add({
    op: 'accessor',
    to,
    from: isStatic ? b.get(cls.type, `@${name}`, { line: 1 } as PlainNode) : field,
  });
  const keyOf = isStatic ? staticKey : methodKey;
  if (isRead) cls.members.push([keyOf(name), to]);
  if (isWritten) cls.members.push([keyOf(`${name}=`), to]);
  return field;
}

/** A second name for a method that stands above. */
export function addAlias({ cls }: RubyReader, [name, old]: readonly (string | undefined)[]): void {
  for (const key of [methodKey, staticKey]) {
    const known = cls?.members.findLast(([member]) => old !== undefined && member === key(old));
    if (known && name !== undefined) cls?.members.push([key(name), known[1]]);
  }
}

/** Names that the arguments of a macro write out. */
export function namesGiven(r: RubyReader, list: PlainNode | undefined): string[] {
  return (list === undefined ? [] : operands(list)).flatMap((node) => literalName(r, node) ?? []);
}
