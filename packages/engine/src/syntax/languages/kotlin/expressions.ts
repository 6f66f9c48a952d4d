/** Kotlin expressions: from a node to the variable of its value, with the operations on the way. */
import type { Argument, Var } from '../../../model/code-facts.ts';
import { atLine, childOf, type PlainNode } from '../../references/plain-tree.ts';
import {
  enclosing,
  fieldsOf,
  keyOf,
  memberOfAround,
  methodsOf,
  referenceKey,
} from '../../references/typed-classes.ts';
import { narrowed, readIf, readTry, readWhen } from './branches.ts';
import { readArguments, readFunction, readLambda } from './functions.ts';
import { readBinary, readIn, readIndexed, readInfix, readUnary } from './operators.ts';
import { type KotlinReader, operands, partOf } from './reader.ts';
import { isType, qualified, typeOf } from './types.ts';

/** Functions of every value that call a block with it, and what they give. */
const scopeFunctions: Readonly<
  Record<string, { readonly isReceiver: boolean; readonly givesItself: boolean }>
> = {
  let: { isReceiver: false, givesItself: false },
  also: { isReceiver: false, givesItself: true },
  run: { isReceiver: true, givesItself: false },
  apply: { isReceiver: true, givesItself: true },
  with: { isReceiver: true, givesItself: false },
  use: { isReceiver: false, givesItself: false },
  takeIf: { isReceiver: false, givesItself: true },
};

export function evaluate(r: KotlinReader, node: PlainNode): Var {
  const { b } = r;
  switch (node.type) {
    case 'identifier':
      return readName(r, node);
    case 'this_expression':
      return readThis(r, node);
    case 'super_expression':
      return readSuper(r);
    case 'navigation_expression':
      return readNavigation(r, node);
    case 'call_expression':
      return readCall(r, node);
    case 'lambda_literal':
    case 'annotated_lambda': {
      const lambda = node.type === 'lambda_literal' ? node : partOf(node, 'lambda_literal');
      return lambda === undefined ? b.variable() : readLambda(r, lambda);
    }
    case 'anonymous_function':
      return readFunction(r, node);
    case 'object_literal':
      return r.objectLiteral(node);
    case 'callable_reference':
      return readReference(r, node);
    case 'as_expression':
      return narrowed(r, evaluateField(r, node, 'left'), childOf(node, 'right'));
    case 'if_expression':
      return readIf(r, node);
    case 'when_expression':
      return readWhen(r, node);
    case 'try_expression':
      return readTry(r, node);
    case 'block':
      return r.block(node);
    default:
      return evaluateRarer(r, node);
  }
}

function evaluateRarer(r: KotlinReader, node: PlainNode): Var {
  const { b } = r;
  switch (node.type) {
    case 'index_expression':
      return readIndexed(r, node);
    case 'string_literal':
      for (const part of node.children)
        if (part.type === 'interpolation') for (const child of operands(part)) evaluate(r, child);
      return b.builtin('kotlin.String');
    case 'number_literal':
      return b.constant(Number(b.text(node).replaceAll('_', '')) || 0);
    case 'parenthesized_expression':
    case 'annotated_expression':
    case 'labeled_expression': {
      const inner = operands(node).at(-1);
      return inner === undefined ? b.variable() : evaluate(r, inner);
    }
    case 'unary_expression':
      return readUnary(r, node);
    case 'binary_expression':
      return readBinary(r, node);
    case 'in_expression':
      return readIn(r, node);
    case 'infix_expression':
      return readInfix(r, node);
    case 'null_literal':
    case 'null':
    case 'boolean_literal':
      return b.variable();
    case 'property_declaration':
    case 'assignment':
    case 'for_statement':
    case 'while_statement':
    case 'do_while_statement':
    case 'return_expression':
    case 'throw_expression':
    case 'function_declaration':
    case 'class_declaration':
    case 'object_declaration':
      r.statement(node);
      return b.variable();
    default:
      for (const child of operands(node)) if (!isType(child)) evaluate(r, child);
      return b.variable();
  }
}

export function evaluateField(r: KotlinReader, node: PlainNode, field: string): Var {
  const child = childOf(node, field);
  return child === undefined ? r.b.variable() : evaluate(r, child);
}

// Names

function readName(r: KotlinReader, node: PlainNode): Var {
  const { b } = r;
  const name = b.text(node);
  if (b.lookUp(name) !== undefined) return b.readAt(node, name);
  const member = memberOfAround(r, name, fieldsOf, name, node);
  const isOwn = enclosing(r).some(({ fields }) => fields.has(name));
  if (isOwn && member !== undefined) return member;
  return b.union([b.readAt(node, name), ...(member === undefined ? [] : [member])]);
}

function readThis(r: KotlinReader, node: PlainNode): Var {
  const label = partOf(node, 'identifier');
  if (label === undefined) return r.cls?.self ?? r.b.variable();
  const name = r.b.text(label);
  const found = enclosing(r).find(({ path }) => path === name || path.endsWith(`.${name}`));
  return found?.self ?? r.b.variable();
}

function readSuper(r: KotlinReader): Var {
  const to = r.b.variable();
  const cls = enclosing(r).find(({ at }) => at >= 0);
  if (cls) r.b.add({ op: 'super', to, owner: cls.index, receiver: cls.self });
  return to;
}

/** What is before the last name of `a.b`, and that name. */
function partsOf(node: PlainNode): {
  readonly on: PlainNode | undefined;
  readonly name: PlainNode | undefined;
} {
  const parts = operands(node);
  const name = parts.at(-1);
  return {
    on: parts.length > 1 ? parts[0] : undefined,
    name: name?.type === 'identifier' ? name : undefined,
  };
}

function readNavigation(r: KotlinReader, node: PlainNode): Var {
  const { b } = r;
  const { on, name } = partsOf(node);
  if (on === undefined || name === undefined) return b.variable();
  const text = b.text(node);
  // `Shape::area` is read as a path.
  if (b.text({ ...node, start: on.end, end: name.start }).includes('::'))
    return b.text(name) === 'class'
      ? b.importOf('java.lang', 'Class')
      : b.get(evaluate(r, on), referenceKey(b.text(name)), node);
  const parts = text.split('.');
  const isPath = parts.every((part) => /^\w+$/.test(part)) && /^[a-z]/.test(text);
  const isKnown =
    b.lookUp(parts[0] as string) !== undefined ||
    enclosing(r).some(({ fields }) => fields.has(parts[0] as string));
  if (isPath && !isKnown && parts.some((part) => /^[A-Z]/.test(part))) return qualified(r, parts, node);
  return b.get(evaluate(r, on), b.text(name), atLine(node, name));
}

/** `::f`, `T::f`. */
function readReference(r: KotlinReader, node: PlainNode): Var {
  const { b } = r;
  const parts = operands(node);
  const name = parts.at(-1);
  if (name === undefined) return b.variable();
  const on = parts.length > 1 ? parts[0] : undefined;
  if (on) return b.get(isType(on) ? typeOf(r, on) : evaluate(r, on), referenceKey(b.text(name)), node);
  if (b.lookUp(b.text(name)) !== undefined) return b.readAt(name);
  const member = memberOfAround(r, b.text(name), methodsOf, referenceKey(b.text(name)), node);
  return b.union([b.readAt(name), ...(member === undefined ? [] : [member])]);
}

// Calls

interface Call {
  readonly callee: PlainNode;
  readonly lists: readonly PlainNode[];
  readonly lambda: PlainNode | undefined;
}

/** `f(a) { … }` is a call of a call: one with the block as last argument. */
function callOf(node: PlainNode): Call | undefined {
  const [callee, ...rest] = operands(node);
  if (callee === undefined) return undefined;
  const lists = rest.filter(({ type }) => type === 'value_arguments');
  const trailing = rest.find(({ type }) => type === 'annotated_lambda' || type === 'lambda_literal');
  const lambda = trailing?.type === 'annotated_lambda' ? partOf(trailing, 'lambda_literal') : trailing;
  if (callee.type === 'call_expression' && lists.length === 0 && lambda !== undefined) {
    const inner = callOf(callee);
    if (inner && inner.lambda === undefined) return { ...inner, lambda };
  }
  return { callee, lists, lambda };
}

function readCall(r: KotlinReader, node: PlainNode): Var {
  const { b } = r;
  const call = callOf(node);
  if (call === undefined) return b.variable();
  const { callee, lambda } = call;
  const { on, name } =
    callee.type === 'navigation_expression' ? partsOf(callee) : { on: undefined, name: callee };
  const text = name?.type === 'identifier' ? b.text(name) : '';
  const isScope = lambda !== undefined && Object.hasOwn(scopeFunctions, text) && b.lookUp(text) === undefined;
  if (isScope && (on !== undefined || text === 'with' || text === 'run'))
    return readScope(r, node, call, text, on);
  const receiver = on && evaluate(r, on);
  const args: Argument[] = call.lists.flatMap((list) => readArguments(r, list));
  if (lambda) args.push({ value: readLambda(r, lambda) });
  const at = atLine(node, name);
  const more = { text: b.shortText(callee) };
  if (receiver !== undefined && name)
    return b.call(memberOrQualified(r, callee, receiver, keyOf(text, args.length), at), args, at, more);
  if (callee.type !== 'identifier') return b.call(evaluate(r, callee), args, at, more);
  return b.call(bareFunction(r, callee, args.length), args, at, more);
}

/** `a.b.C.f()` begins with a package where nothing is called `a`. */
function memberOrQualified(
  r: KotlinReader,
  callee: PlainNode,
  receiver: Var,
  key: string,
  at: PlainNode,
): Var {
  const { b } = r;
  const parts = b.text(callee).split('.');
  const [first = ''] = parts;
  const isPackage =
    parts.length > 2 && parts.every((part) => /^[a-z]\w*$/.test(part)) && b.lookUp(first) === undefined;
  const member = b.get(receiver, key, at);
  if (!isPackage || enclosing(r).some(({ fields }) => fields.has(first))) return member;
  return b.union([member, b.importOf(parts.slice(0, -1).join('.'), parts.at(-1), at)]);
}

/** A local, a member of what is around, else a function or class of the file, the package or an import. */
function bareFunction(r: KotlinReader, name: PlainNode, count: number): Var {
  const { b } = r;
  const text = b.text(name);
  const isOwn = enclosing(r).some(({ methods }) => methods.has(text));
  const binding = b.lookUp(text);
  if (!isOwn && binding !== undefined && (binding.home !== 0 || !enclosing(r).some(({ at }) => at < 0))) {
    const value = b.readAt(name);
    const member = enclosing(r).some(({ inherits }) => inherits) && binding.home === 0 && /^[a-z]/.test(text);
    return member
      ? b.union([value, memberOfAround(r, text, methodsOf, keyOf(text, count), name) ?? value])
      : value;
  }
  const member = memberOfAround(r, text, methodsOf, keyOf(text, count), name);
  if (isOwn && member !== undefined) return member;
  // A field that holds a function.
  const field = enclosing(r).some(({ fields }) => fields.has(text))
    ? memberOfAround(r, text, fieldsOf, text, name)
    : undefined;
  if (field !== undefined) return field;
  return b.union([b.readAt(name), ...(member === undefined ? [] : [member])]);
}

/** `x.apply { … }`, `with(x) { … }`: the block runs here, with x. */
function readScope(
  r: KotlinReader,
  node: PlainNode,
  call: Call,
  name: string,
  on: PlainNode | undefined,
): Var {
  const { b } = r;
  const given = call.lists.flatMap((list) => readArguments(r, list));
  const receiver = on === undefined ? given[0]?.value : evaluate(r, on);
  const { isReceiver = false, givesItself = false } = scopeFunctions[name] ?? {};
  b.call(b.importOf('kotlin', name), [], node, { text: name });
  const block = readLambda(r, call.lambda as PlainNode, isReceiver ? receiver : undefined);
  const args = receiver === undefined ? [] : [{ value: receiver }];
  const result = b.call(block, args, node, { text: name, implicit: 'operator' });
  return givesItself && receiver !== undefined ? receiver : result;
}
