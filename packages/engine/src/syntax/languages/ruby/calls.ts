/** Calls of Ruby: methods with and without a receiver, blocks, and what the language's macros define. */
import type { Argument, Var } from '../../../model/code-facts.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import type { Scope } from '../../references/scoped-names.ts';
import {
  addAlias,
  addAttribute,
  addMethod,
  blockName,
  namesGiven,
  openClass,
  readBlock,
} from './definitions.ts';
import {
  constantNamed,
  constantText,
  literalName,
  localNamed,
  methodKey,
  operands,
  type RubyClass,
  type RubyReader,
  staticKey,
} from './reader.ts';

export function readCall(r: RubyReader, node: PlainNode): Var {
  const { b } = r;
  const receiver = childOf(node, 'receiver');
  const method = childOf(node, 'method');
  const list = childOf(node, 'arguments');
  if (method?.type === 'super') return readSuper(r, node, list);
  const name = method === undefined ? 'call' : b.text(method);
  if (receiver === undefined) return readMacro(r, node, name, list) ?? callBare(r, node, name, list);
  const made = classMade(r, node, undefined);
  if (made !== undefined) return made;
  const on = r.evaluate(receiver);
  if (name === 'class') return b.get(on, '__class__', node);
  const at = { ...node, line: (method ?? node).line };
  return callMethod(r, at, { on, name, list, receiver });
}

interface MethodCall {
  readonly on: Var;
  readonly name: string;
  readonly list: PlainNode | undefined;
  readonly receiver: PlainNode | undefined;
}

const sends = /^(public_send|send|__send__|method|public_method|instance_method|try)$/;

function callMethod(r: RubyReader, node: PlainNode, { on, name, list, receiver }: MethodCall): Var {
  const { b } = r;
  const [first, ...others] = list === undefined ? [] : operands(list);
  const sent = sends.test(name) ? literalName(r, first) : undefined;
  const callee = b.get(on, methodKey(sent ?? name), node);
  if (sent !== undefined && name.endsWith('method')) return callee;
  const args = sent === undefined ? readArguments(r, list) : others.flatMap((arg) => readArgument(r, arg));
  if (name === 'describe') describe(r, list);
  const text = textOf(r, node);
  const symbol = symbolOf(r, list);
  // `map(&:name)`: the method of each element.
  if (symbol !== undefined) {
    const items = b.union([b.each(on, node)]);
    b.call(b.get(items, methodKey(symbol), node), [], node, { text: `&:${symbol}` });
  }
  const result = b.call(callee, [...args, ...blockOf(r, node)], node, { text });
  // Methods that are added to a class from outside its body.
  if (/^(include|prepend)$/.test(name) && receiver)
    for (const { value } of args) b.add({ op: 'base', on, base: value });
  return result;
}

/** The call as written, without arguments and block. */
function textOf(r: RubyReader, node: PlainNode): string {
  const method = childOf(node, 'method');
  return r.b.shortText(method === undefined ? node : { ...node, end: method.end });
}

function blockOf(r: RubyReader, node: PlainNode): Argument[] {
  const block = childOf(node, 'block');
  return block === undefined ? [] : [{ name: blockName, value: readBlock(r, block) }];
}

function symbolOf(r: RubyReader, list: PlainNode | undefined): string | undefined {
  const last = list === undefined ? undefined : operands(list).at(-1);
  return last?.type === 'block_argument' ? literalName(r, operands(last)[0]) : undefined;
}

export function readArguments(r: RubyReader, list: PlainNode | undefined): Argument[] {
  return (list === undefined ? [] : operands(list)).flatMap((node) => readArgument(r, node));
}

function readArgument(r: RubyReader, node: PlainNode): Argument[] {
  const [inner] = operands(node);
  switch (node.type) {
    case 'splat_argument':
      return [{ value: inner ? r.evaluate(inner) : r.b.variable(), spread: 'star' }];
    case 'hash_splat_argument':
      return [{ value: inner ? r.evaluate(inner) : r.b.variable(), spread: 'keywords' }];
    case 'block_argument':
      if (inner === undefined)
        return r.method === undefined ? [] : [{ name: blockName, value: r.method.block }];
      return literalName(r, inner) === undefined ? [{ name: blockName, value: r.evaluate(inner) }] : [];
    case 'pair': {
      const name = literalName(r, childOf(node, 'key'));
      const value = childOf(node, 'value');
      const given = value ? r.evaluate(value) : name === undefined ? r.b.variable() : readBare(r, node, name);
      return [{ value: given, ...(name !== undefined && { name }) }];
    }
    default:
      return [{ value: r.evaluate(node) }];
  }
}

/** A name alone: a variable, or a method without arguments. */
export function readBare(r: RubyReader, node: PlainNode, name: string): Var {
  const { b } = r;
  const local = localNamed(r, name);
  if (local !== undefined) return b.current(local);
  if (/^(private|public|protected|module_function|private_class_method|binding|__method__)$/.test(name)) {
    if (name === 'module_function' && r.cls) r.cls.methodsAre = 'both';
    else if (r.cls && /^(private|public|protected)$/.test(name)) r.cls.isClosed = name !== 'public';
    return b.variable();
  }
  return callBare(r, node, name, undefined);
}

/** `f(x)`: of `self`, else what the top level of some file defines. */
function callBare(r: RubyReader, node: PlainNode, name: string, list: PlainNode | undefined): Var {
  const { b } = r;
  // `let(:name) { … }` of a test.
  const let_ = b.lookUp(`let ${name}`);
  if (let_ !== undefined) return b.call(let_.all, [], node, { text: name });
  if (name === 'lambda' || name === 'proc') {
    const [block] = blockOf(r, node);
    if (block !== undefined) return block.value;
  }
  const sent = sends.test(name) && list ? literalName(r, operands(list)[0]) : undefined;
  if (r.self !== undefined && sent !== undefined)
    return callMethod(r, node, { on: r.self, name, list, receiver: undefined });
  const isOwn = r.self !== undefined && ofSelf.test(name);
  const found = isOwn ? [] : [b.readAny(`call  ${name}`)];
  const callee = b.union([...(r.self === undefined ? [] : [b.get(r.self, methodKey(name), node)]), ...found]);
  if (name === 'describe') describe(r, list);
  const args = readArguments(r, list);
  if (name === 'raise') return readRaise(r, node, args);
  return b.call(callee, [...args, ...blockOf(r, node)], node, { text: name });
}

/** `describe Foo do`: what tests call the class that they are of. */
function describe(r: RubyReader, list: PlainNode | undefined): void {
  const name = list && operands(list)[0] && constantText(r, operands(list)[0] as PlainNode);
  if (name !== undefined) r.b.copy(r.b.declare('described_class', outermost(r)).all, constantNamed(r, name));
}

function outermost({ b }: RubyReader): Scope {
  let { scope } = b;
  while (scope.parent !== undefined) scope = scope.parent;
  return scope;
}

/** Methods of every object: no file need define them. */
const ofSelf =
  /^(new|allocate|send|public_send|__send__|method|instance_variable_[gs]et|is_a\?|respond_to\?|tap|then|freeze|dup|clone|hash|inspect|to_s|extend|const_get|define_singleton_method|instance_eval|instance_exec|class_eval)$/;

/** `raise Foo, 'text'` makes a Foo. */
function readRaise({ b }: RubyReader, node: PlainNode, args: readonly Argument[]): Var {
  const [first, ...rest] = args;
  if (first) b.call(first.value, rest, node, { text: 'raise', implicit: 'raise', isNew: true });
  return b.variable();
}

/** Methods that every object has, which a class may extend and need not. */
const ofObjects =
  /^(initialize|inherited|included|extended|prepended|method_missing|respond_to_missing\?|to_s|inspect|==|eql\?|hash|method_added)$/;

export function readSuper(r: RubyReader, node: PlainNode, list: PlainNode | undefined, isBare = false): Var {
  const { b, cls, method } = r;
  if (cls === undefined || method === undefined || r.self === undefined) return b.variable();
  const to = b.variable();
  b.add({ op: 'super', to, owner: cls.index, receiver: r.self });
  const args = isBare ? method.given.map((value) => ({ value })) : readArguments(r, list);
  const implicit = ofObjects.test(method.name) ? { implicit: 'operator' as const } : {};
  return b.call(b.get(to, methodKey(method.name), node), [...args, ...blockOf(r, node)], node, {
    text: 'super',
    ...implicit,
  });
}

/** What a class body calls to define something; undefined for any other call. */
function readMacro(
  r: RubyReader,
  node: PlainNode,
  name: string,
  list: PlainNode | undefined,
): Var | undefined {
  const { b, cls } = r;
  switch (name) {
    case 'attr_reader':
    case 'attr_accessor':
    case 'attr_writer':
    case 'attr':
      for (const each of namesGiven(r, list))
        addAttribute(r, each, { isRead: name !== 'attr_writer', isWritten: /writer|accessor/.test(name) });
      return b.variable();
    case 'include':
    case 'prepend':
      // The body has been searched for these.
      return cls === undefined ? undefined : b.variable();
    case 'extend':
      if (cls === undefined) return undefined;
      for (const module of list === undefined ? [] : operands(list)) {
        const of = constantText(r, module);
        if (of !== undefined) b.add({ op: 'star', from: constantNamed(r, of, 'type'), on: cls.type });
      }
      return b.variable();
    case 'alias_method':
      addAlias(r, namesGiven(r, list));
      return b.variable();
    case 'private':
    case 'public':
    case 'protected':
    case 'module_function':
    case 'private_class_method':
    case 'private_constant':
      readVisibility(r, name, list);
      return b.variable();
    case 'define_method':
    case 'define_singleton_method':
      return defineByBlock(r, node, list, name === 'define_singleton_method');
    case 'let':
    case 'let!':
    case 'subject':
      return defineLet(r, node, list, name);
    default:
      return undefined;
  }
}

function readVisibility(r: RubyReader, name: string, list: PlainNode | undefined): void {
  const { cls } = r;
  for (const part of list === undefined ? [] : operands(list))
    if (literalName(r, part) === undefined) r.evaluate(part);
  if (cls === undefined) return;
  if (/^(private|protected)/.test(name)) for (const each of namesGiven(r, list)) closeMethod(r, cls, each);
  if (name !== 'module_function') return;
  for (const each of namesGiven(r, list)) {
    const known = cls.members.findLast(([key]) => key === methodKey(each));
    if (known) cls.members.push([staticKey(each), known[1]]);
  }
}

function closeMethod({ b }: RubyReader, { index, path }: RubyClass, name: string): void {
  const wanted = b.pathOf(name, path);
  const method = b.functions.findLast((one) => one.owner === index && one.path === wanted);
  if (method) method.access = 'closed';
}

function defineByBlock(
  r: RubyReader,
  node: PlainNode,
  list: PlainNode | undefined,
  isStatic: boolean,
): Var | undefined {
  const block = childOf(node, 'block');
  const name = literalName(r, list && operands(list)[0]);
  if (name === undefined || block === undefined || r.cls === undefined) return undefined;
  const { cls } = r;
  addMethod(cls, name, readBlock(r, block, r.b.pathOf(name, cls.path), cls.index), isStatic);
  return r.b.variable();
}

function defineLet(
  r: RubyReader,
  node: PlainNode,
  list: PlainNode | undefined,
  word: string,
): Var | undefined {
  const { b } = r;
  const block = childOf(node, 'block');
  if (block === undefined) return undefined;
  const scope = outermost(r);
  const value = readBlock(r, block);
  for (const name of new Set([
    literalName(r, list && operands(list)[0]),
    word === 'subject' ? 'subject' : undefined,
  ]))
    if (name !== undefined) b.copy(b.declare(`let ${name}`, scope).all, value);
  return b.variable();
}

const makers = /^(Struct\.new|Data\.define|Class\.new|Module\.new)$/;

/** `Struct.new(:a) do … end`, `Class.new(Base) do … end`: a class, named by the constant it is given to. */
export function classMade(r: RubyReader, node: PlainNode, name: string | undefined): Var | undefined {
  const receiver = node.type === 'call' ? childOf(node, 'receiver') : undefined;
  const method = childOf(node, 'method');
  if (receiver === undefined || method === undefined) return undefined;
  const made = `${r.b.text(receiver).replace(/^::/, '')}.${r.b.text(method)}`;
  if (!makers.test(made)) return undefined;
  const list = childOf(node, 'arguments');
  const block = childOf(node, 'block');
  const isRecord = /^(Struct|Data)/.test(made);
  return openClass(r, {
    node,
    name: name ?? r.b.anonymousPath(node.line, ''),
    base: isRecord ? undefined : list && operands(list)[0],
    body: block && childOf(block, 'body'),
    fields: isRecord ? namesGiven(r, list) : [],
    isWritable: made === 'Struct.new',
  });
}
