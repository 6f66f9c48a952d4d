/** Expressions of PHP: what they may give. */
import type { Var } from '../../../model/code-facts.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { literal, readCall, readMethodCall, readNew, readOtherLast, scopeOf } from './calls.ts';
import { readClosure } from './definitions.ts';
import { assignVariable, methodKey, operands, type PhpReader, readVariable, variableName } from './reader.ts';

export function evaluate(r: PhpReader, node: PlainNode): Var {
  const { b } = r;
  switch (node.type) {
    case 'variable_name': {
      const name = variableName(r, node) ?? '';
      return name === 'this' ? (r.self ?? b.variable()) : readVariable(r, name);
    }
    case 'string':
    case 'encapsed_string':
    case 'heredoc':
    case 'nowdoc':
      return readText(r, node);
    case 'integer':
    case 'float':
      return b.builtin('int');
    case 'function_call_expression':
      return readCall(r, node);
    case 'member_call_expression':
    case 'nullsafe_member_call_expression':
      return readMethodCall(r, node, evaluatePart(r, node, 'object'));
    case 'scoped_call_expression':
      return readMethodCall(r, node, scopeOf(r, childOf(node, 'scope')));
    case 'object_creation_expression':
      return readNew(r, node);
    case 'member_access_expression':
    case 'nullsafe_member_access_expression':
      return readMember(r, node, evaluatePart(r, node, 'object'));
    case 'scoped_property_access_expression':
      return readMember(r, node, scopeOf(r, childOf(node, 'scope')));
    case 'class_constant_access_expression':
      return readConstant(r, node);
    case 'subscript_expression':
      return readIndex(r, node);
    case 'array_creation_expression':
      return readArray(r, node);
    case 'assignment_expression':
    case 'reference_assignment_expression':
    case 'augmented_assignment_expression':
      return readAssignment(r, node);
    case 'anonymous_function':
    case 'anonymous_function_creation_expression':
    case 'arrow_function':
      return readClosure(r, node);
    case 'conditional_expression':
    case 'match_expression':
    case 'binary_expression':
      return readChoice(r, node);
    case 'yield_expression':
      return readYield(r, node);
    case 'throw_expression':
      for (const part of operands(node)) evaluate(r, part);
      b.stop();
      return b.variable();
    default:
      return readOther(r, node);
  }
}

function readOther(r: PhpReader, node: PlainNode): Var {
  const { b } = r;
  const parts = operands(node);
  let last = b.variable();
  for (const part of parts) last = evaluate(r, part);
  const isSame =
    /^(parenthesized_expression|clone_expression|argument|by_ref|error_suppression_expression)$/.test(
      node.type,
    );
  return isSame ? last : b.variable();
}

function evaluatePart(r: PhpReader, node: PlainNode, field: string): Var {
  const part = childOf(node, field);
  return part === undefined ? r.b.variable() : evaluate(r, part);
}

function readText(r: PhpReader, node: PlainNode): Var {
  const content = literal(r, node);
  if (content !== undefined) return r.b.constant(content);
  readOther(r, node);
  return r.b.builtin('string');
}

function readMember(r: PhpReader, node: PlainNode, on: Var): Var {
  const name = childOf(node, 'name');
  if (name === undefined) return r.b.variable();
  const key = name.type === 'name' ? r.b.text(name) : variableName(r, name);
  if (
    key === undefined ||
    (name.type === 'variable_name' && node.type !== 'scoped_property_access_expression')
  ) {
    evaluate(r, name);
    return r.b.variable();
  }
  return r.b.get(on, key, node);
}

/** `A::class` is the class; `A::X` a constant or a case. */
function readConstant(r: PhpReader, node: PlainNode): Var {
  const [scope, name] = node.children.filter(({ type }) => type !== 'comment');
  if (scope === undefined || name === undefined) return r.b.variable();
  const of = scopeOf(r, scope);
  const text = r.b.text(name);
  return text === 'class' ? r.b.get(of, '__class__', node) : r.b.get(of, text, node);
}

function readIndex(r: PhpReader, node: PlainNode): Var {
  const [on, key] = operands(node);
  if (on === undefined) return r.b.variable();
  const value = evaluate(r, on);
  return r.b.getItem(value, key === undefined ? undefined : evaluate(r, key), node);
}

/** `[$object, 'method']` may be called, too. */
function readArray(r: PhpReader, node: PlainNode): Var {
  const { b } = r;
  const made = b.container('array');
  const items = operands(node);
  let at = 0;
  let first: Var | undefined;
  for (const item of items) {
    const parts = operands(item);
    if (item.type === 'variadic_unpacking' || parts[0]?.type === 'variadic_unpacking') {
      const given = readOtherLast(r, parts[0]?.type === 'variadic_unpacking' ? parts[0] : item);
      b.setItem(made, undefined, b.each(given, item), item);
      continue;
    }
    const [key, value] = parts.length > 1 ? parts : [undefined, parts[0]];
    if (value === undefined) continue;
    const given = evaluate(r, value);
    first ??= given;
    b.setItem(made, key === undefined ? b.constant(at++) : evaluate(r, key), given, item);
  }
  const method = items.length === 2 ? literal(r, operands(items[1] as PlainNode)[0]) : undefined;
  if (
    method === undefined ||
    first === undefined ||
    !/^\w+$/.test(method) ||
    operands(items[0] as PlainNode).length !== 1
  )
    return made;
  return b.union([made, b.get(first, methodKey(method), node)]);
}

function readAssignment(r: PhpReader, node: PlainNode): Var {
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  if (left === undefined || right === undefined) return r.b.variable();
  if (node.type === 'augmented_assignment_expression') {
    const value = r.b.union([r.b.variable(), evaluate(r, left), evaluate(r, right)]);
    if (/^\s*\?\?=/.test(r.b.text({ ...node, start: left.end, end: right.start }))) assign(r, left, value);
    return value;
  }
  const value = evaluate(r, right);
  assign(r, left, value);
  return value;
}

export function assign(r: PhpReader, target: PlainNode, value: Var): void {
  const { b } = r;
  switch (target.type) {
    case 'variable_name': {
      const name = variableName(r, target);
      if (name !== undefined && name !== 'this') assignVariable(r, name, value);
      return;
    }
    case 'member_access_expression':
    case 'scoped_property_access_expression': {
      const isStatic = target.type === 'scoped_property_access_expression';
      const on = isStatic ? scopeOf(r, childOf(target, 'scope')) : evaluatePart(r, target, 'object');
      const name = childOf(target, 'name');
      const key =
        name && (name.type === 'name' ? b.text(name) : isStatic ? variableName(r, name) : undefined);
      if (key !== undefined) b.set(on, key, value, target);
      return;
    }
    case 'subscript_expression':
      assignItem(r, target, value);
      return;
    case 'list_literal':
    case 'array_creation_expression':
      unpack(r, target, value);
      return;
    case 'by_ref':
      for (const part of operands(target)) assign(r, part, value);
      return;
    default:
      evaluate(r, target);
  }
}

/** `$a[k] = v`: a name that holds nothing yet holds an array from then on. */
function assignItem(r: PhpReader, target: PlainNode, value: Var): void {
  const { b } = r;
  const [on, key] = operands(target);
  if (on === undefined) return;
  const holder = evaluate(r, on);
  const at = key === undefined ? undefined : evaluate(r, key);
  b.setItem(holder, at, value, target);
  if (!/^(variable_name|member_access_expression|scoped_property_access_expression)$/.test(on.type)) return;
  const made = b.container('array');
  b.setItem(made, at, value, target);
  assign(r, on, b.union([holder, made]));
}

function unpack(r: PhpReader, target: PlainNode, value: Var): void {
  const { b } = r;
  const parts = operands(target).map((part) =>
    part.type === 'array_element_initializer' ? operands(part) : [part],
  );
  let at = 0;
  const flat = parts.flat();
  for (let i = 0; i < flat.length; i++) {
    const part = flat[i] as PlainNode;
    const isKey = /^(string|integer|encapsed_string)$/.test(part.type);
    const key = isKey ? evaluate(r, part) : b.constant(at++);
    const to = isKey ? flat[++i] : part;
    if (to) assign(r, to, b.getItem(value, key, part));
  }
}

/** `a ? b : c`, `a ?: c`, `a ?? b`, `match`: what any side gives. */
function readChoice(r: PhpReader, node: PlainNode): Var {
  const { b } = r;
  if (node.type === 'binary_expression') {
    const [left, right] = [childOf(node, 'left'), childOf(node, 'right')];
    const values = [left, right].map((part) =>
      part && !/^(name|qualified_name)$/.test(part.type) ? evaluate(r, part) : b.variable(),
    );
    const sign = left && right ? b.text({ ...node, start: left.end, end: right.start }).trim() : '';
    return sign === '??' ? b.union(values) : b.variable();
  }
  if (node.type === 'conditional_expression') {
    const condition = evaluatePart(r, node, 'condition');
    const body = childOf(node, 'body');
    return b.union([
      body === undefined ? condition : evaluate(r, body),
      evaluatePart(r, node, 'alternative'),
    ]);
  }
  const condition = childOf(node, 'condition');
  if (condition) evaluate(r, condition);
  const values: Var[] = [b.variable()];
  for (const arm of childOf(node, 'body')?.children ?? [])
    for (const part of operands(arm))
      if (part.field === 'return_expression') values.push(evaluate(r, part));
      else evaluate(r, part);
  return b.union(values);
}

function readYield(r: PhpReader, node: PlainNode): Var {
  const { b } = r;
  const draft = b.functions[b.at];
  const [inner] = operands(node);
  if (draft === undefined || inner === undefined) return b.variable();
  draft.yields ??= b.variable();
  if (inner.type === 'array_element_initializer') {
    const parts = operands(inner).map((part) => evaluate(r, part));
    b.copy(draft.yields, parts.at(-1) ?? b.variable());
  } else {
    // `yield from` gives the elements.
    b.copy(draft.yields, b.each(evaluate(r, inner), node));
  }
  return b.variable();
}
