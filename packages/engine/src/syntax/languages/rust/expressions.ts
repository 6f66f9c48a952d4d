/** Expressions of Rust: what they may give, and the calls in them. */
import type { Argument, Var } from '../../../model/code-facts.ts';
import { textTable } from '../../../model/text-table.ts';
import { childOf, hasWord, type PlainNode } from '../../references/plain-tree.ts';
import { readBlock, readFor, readIf, readMatch, readWhile } from './control.ts';
import { readClosure } from './definitions.ts';
import { lastName, moduleAbove, readPath } from './paths.ts';
import { operands, type RustReader } from './reader.ts';
import { turbofish, typeOf } from './types.ts';

const operators = textTable<string>({
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '%': 'rem',
  '&': 'bitand',
  '|': 'bitor',
  '^': 'bitxor',
  '<<': 'shl',
  '>>': 'shr',
  '==': 'eq',
  '!=': 'eq',
  '<': 'partial_cmp',
  '>': 'partial_cmp',
  '<=': 'partial_cmp',
  '>=': 'partial_cmp',
});
const unary = textTable<string>({ '-': 'neg', '!': 'not', '*': 'deref' });
/** Calls of what stands for the language's own wrappers. */
const wrapping = new Set(['Some', 'Ok', 'Err']);

export function evaluate(r: RustReader, node: PlainNode): Var {
  const { b } = r;
  switch (node.type) {
    case 'identifier':
    case 'scoped_identifier':
      return readValue(r, node);
    case 'generic_function':
      return readPath(r, node);
    case 'self':
      return r.self ?? b.variable();
    case 'string_literal':
    case 'raw_string_literal':
      return b.builtin('str');
    case 'char_literal':
      return b.builtin('char');
    case 'integer_literal':
    case 'float_literal':
      return b.builtin(node.type === 'integer_literal' ? 'i32' : 'f64');
    case 'range_expression': {
      const made = b.container('Range');
      for (const part of operands(node)) b.setItem(made, undefined, evaluate(r, part), node);
      return made;
    }
    case 'boolean_literal':
      return b.builtin('bool');
    case 'call_expression':
      return readCall(r, node);
    case 'macro_invocation':
      return readMacro(r, node);
    case 'field_expression':
      return readField(r, node);
    case 'index_expression':
      return readIndex(r, node);
    case 'struct_expression':
      return readStruct(r, node);
    case 'tuple_expression':
    case 'array_expression':
      return readSequence(r, node);
    case 'binary_expression':
    case 'compound_assignment_expr':
      return readBinary(r, node);
    case 'unary_expression':
      return readUnary(r, node);
    case 'assignment_expression':
      return readAssignment(r, node);
    case 'closure_expression':
      return readClosure(r, node);
    default:
      return evaluateFlow(r, node);
  }
}

function evaluateFlow(r: RustReader, node: PlainNode): Var {
  const { b } = r;
  switch (node.type) {
    case 'block':
    case 'unsafe_block':
    case 'async_block':
    case 'const_block':
    case 'try_block':
    case 'gen_block':
    case 'loop_expression':
      return readBlock(r, node);
    case 'if_expression':
      return readIf(r, node);
    case 'match_expression':
      return readMatch(r, node);
    case 'for_expression':
      return readFor(r, node);
    case 'while_expression':
      return readWhile(r, node);
    case 'return_expression':
    case 'break_expression':
    case 'continue_expression':
      return readJump(r, node);
    case 'try_expression':
      return b.get(evaluateFirst(r, node), '.*', node);
    case 'type_cast_expression': {
      const value = childOf(node, 'value');
      const type = childOf(node, 'type');
      const given = value === undefined ? b.variable() : evaluate(r, value);
      return type === undefined ? given : b.union([given, b.instanceOf(typeOf(r, type))]);
    }
    case 'reference_expression':
    case 'parenthesized_expression':
    case 'await_expression':
    case 'expression_statement':
      return evaluateFirst(r, node);
    default: {
      let last = b.variable();
      for (const child of operands(node)) last = evaluate(r, child);
      return operands(node).length === 1 ? last : b.variable();
    }
  }
}

function evaluateFirst(r: RustReader, node: PlainNode): Var {
  const inner = operands(node).find((child) => child.type !== 'await');
  return inner === undefined ? r.b.variable() : evaluate(r, inner);
}

/** A unit struct or variant is a value of its type. */
function readValue(r: RustReader, node: PlainNode): Var {
  const { b } = r;
  const isName = node.type === 'identifier';
  const name = isName ? b.text(node) : lastName(r, node);
  if (name === 'None' && isName && b.lookUp(name) === undefined) return b.container('Option');
  const found = isName ? b.read(name) : readPath(r, node);
  return /^[A-Z]/.test(name) ? b.union([found, b.instanceOf(found)]) : found;
}

/** Macros in which a pattern follows the value. */
const takesPattern = /^(debug_)?(assert_)?matches!$/;

function readCall(r: RustReader, node: PlainNode): Var {
  const { b } = r;
  const callee = childOf(node, 'function');
  if (callee === undefined) return b.variable();
  const plain = callee.type === 'generic_function' ? (childOf(callee, 'function') ?? callee) : callee;
  const given = childOf(node, 'arguments');
  if (plain.type === 'identifier' && wrapping.has(b.text(plain)) && b.lookUp(b.text(plain)) === undefined)
    return wrap(r, b.text(plain), given, node);
  const isMethod = plain.type === 'field_expression';
  const target = isMethod ? readMethod(r, plain) : readCallee(r, plain);
  const count = takesPattern.test(b.text(plain)) ? 1 : undefined;
  const args = given === undefined ? [] : readArguments(r, given, count);
  const name = isMethod ? (childOf(plain, 'field') ?? plain) : plain;
  const result = b.call(target, args, { ...node, line: name.line }, { text: b.shortText(callee) });
  const typed = callee === plain ? undefined : turbofish(r, callee);
  return typed === undefined ? result : b.union([result, typed]);
}

function readCallee(r: RustReader, node: PlainNode): Var {
  if (node.type === 'identifier') return r.b.read(r.b.text(node));
  return node.type === 'scoped_identifier' ? readPath(r, node) : evaluate(r, node);
}

function readMethod(r: RustReader, node: PlainNode): Var {
  const { b } = r;
  const value = childOf(node, 'value');
  const field = childOf(node, 'field');
  if (value === undefined || field === undefined) return b.variable();
  // A field in parentheses would be called; `a.0(x)` is not written without them.
  return b.get(evaluate(r, value), b.text(field), field);
}

/** `count`: of the first so many alone. */
function readArguments(r: RustReader, list: PlainNode, count?: number): Argument[] {
  return operands(list)
    .slice(0, count)
    .map((arg) => ({ value: evaluate(r, arg) }));
}

function wrap(r: RustReader, name: string, list: PlainNode | undefined, node: PlainNode): Var {
  const { b } = r;
  const made = b.container(name === 'Some' ? 'Option' : 'Result');
  for (const { value } of list === undefined ? [] : readArguments(r, list)) {
    if (name === 'Err') b.set(made, '.err', value, node);
    else b.setItem(made, undefined, value, node);
  }
  return made;
}

/** `name!(…)` as the grammar leaves it: its tokens are not expressions. Those that are were read as calls. */
function readMacro(r: RustReader, node: PlainNode): Var {
  const { b } = r;
  const macro = childOf(node, 'macro');
  if (macro === undefined) return b.variable();
  const name = b.text(macro);
  const tokens = node.children.find(({ type }) => type === 'token_tree');
  const path = childOf(macro, 'path');
  const own = `${lastName(r, macro)}!`;
  // `any(unix, windows)` of `cfg!` is no call.
  if (tokens && own !== 'cfg!') readTokens(r, tokens);
  const callee = path === undefined ? b.readAny(own) : b.get(readPath(r, path), own, macro);
  return b.call(callee, [], node, { text: `${name}!` });
}

/** Calls among raw tokens: a name, or names joined by `::` or `.`, before parentheses. */
function readTokens(r: RustReader, tokens: PlainNode): void {
  const { b } = r;
  const { children } = tokens;
  const between = (left: PlainNode, right: PlainNode) =>
    b.text({ ...left, start: left.end, end: right.start }).trim();
  let chain: PlainNode[] = [];
  for (const [index, child] of children.entries()) {
    if (child.type === 'token_tree') {
      const last = chain.at(-1);
      if (last && b.text(child).startsWith('(') && between(last, child) === '') callTokens(r, chain, child);
      readTokens(r, child);
      chain = [];
      continue;
    }
    if (child.type !== 'identifier' && child.type !== 'self') {
      chain = [];
      continue;
    }
    const before = children[index - 1];
    const joint = before === undefined ? '' : between(before, child);
    if (joint !== '::' && joint !== '.') chain = [];
    // What the name is a member of is no plain name: nothing is known of it.
    else if (chain.length === 0) chain = [before as PlainNode];
    chain = [...chain, child];
  }
}

function callTokens(r: RustReader, chain: readonly PlainNode[], list: PlainNode): void {
  const { b } = r;
  const [first, ...rest] = chain;
  const last = chain.at(-1);
  if (first === undefined || last === undefined) return;
  let callee = b.variable();
  const second = rest[0];
  const isPath = second && b.text({ ...second, start: first.end, end: second.start }).trim() === '::';
  if (first.type === 'self') callee = isPath ? moduleAbove(r, 0) : (r.self ?? callee);
  else if (first.type === 'identifier') callee = b.read(b.text(first));
  let before = first;
  for (const name of rest) {
    const isField = b.text({ ...name, start: before.end, end: name.start }).trim() === '.' && name !== last;
    callee = b.get(callee, isField ? `.${b.text(name)}` : b.text(name), name);
    before = name;
  }
  const text = b.shortText({ ...first, end: last.end });
  b.call(callee, [], { ...list, line: last.line }, { text });
}

function readField(r: RustReader, node: PlainNode): Var {
  const { b } = r;
  const value = childOf(node, 'value');
  const field = childOf(node, 'field');
  if (value === undefined || field === undefined) return b.variable();
  return b.get(evaluate(r, value), `.${b.text(field)}`, field);
}

function readIndex(r: RustReader, node: PlainNode): Var {
  const [value, ...keys] = operands(node);
  if (value === undefined) return r.b.variable();
  const from = evaluate(r, value);
  for (const key of keys) evaluate(r, key);
  // A range gives what is cut out of, element types are the same.
  if (keys[0]?.type === 'range_expression') return from;
  return r.b.getItem(from, undefined, node);
}

function readStruct(r: RustReader, node: PlainNode): Var {
  const { b } = r;
  const name = childOf(node, 'name');
  const body = childOf(node, 'body');
  const made = b.variable();
  if (name !== undefined) b.add({ op: 'instance', to: made, type: readPath(r, name), isMade: true });
  for (const part of body === undefined ? [] : operands(body)) {
    const value = childOf(part, 'value');
    if (part.type === 'shorthand_field_initializer') {
      const field = operands(part)[0];
      if (field) b.set(made, `.${b.text(field)}`, b.read(b.text(field)), part);
      continue;
    }
    const field = childOf(part, 'field');
    if (part.type !== 'field_initializer' || value === undefined || field === undefined) {
      for (const inner of operands(part)) b.copy(made, evaluate(r, inner));
      continue;
    }
    b.set(made, `.${b.text(field)}`, evaluate(r, value), part);
  }
  return made;
}

function readSequence(r: RustReader, node: PlainNode): Var {
  const { b } = r;
  const isTuple = node.type === 'tuple_expression';
  const made = b.container(isTuple ? 'tuple' : 'array');
  for (const [index, item] of operands(node).entries()) {
    const value = evaluate(r, item);
    if (item.field === 'length') continue;
    if (isTuple) b.setKey(made, index, value, item);
    else b.setItem(made, undefined, value, item);
  }
  return made;
}

function readBinary(r: RustReader, node: PlainNode): Var {
  const { b } = r;
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  if (left === undefined || right === undefined) return b.variable();
  const [on, other] = [evaluate(r, left), evaluate(r, right)];
  const between = b.text({ ...left, start: left.end, end: right.start }).trim();
  const isAssigned = node.type === 'compound_assignment_expr';
  const method = operators[isAssigned ? between.slice(0, -1) : between];
  if (method === undefined || /_literal$/.test(left.type)) return b.variable();
  return b.implicit(on, isAssigned ? `${method}_assign` : method, [other], node);
}

function readUnary(r: RustReader, node: PlainNode): Var {
  const { b } = r;
  const inner = operands(node)[0];
  if (inner === undefined) return b.variable();
  const value = evaluate(r, inner);
  const sign = b.text({ ...node, end: inner.start }).trim();
  const method = unary[sign];
  if (method === undefined || /_literal$/.test(inner.type)) return value;
  const result = b.implicit(value, method, [], node);
  // Nearly always a reference or a box; both stand for what they point to.
  return sign === '*' ? b.union([value, result]) : result;
}

function readAssignment(r: RustReader, node: PlainNode): Var {
  const { b } = r;
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  if (left === undefined || right === undefined) return b.variable();
  const value = evaluate(r, right);
  assign(r, left, value);
  return b.variable();
}

function assign(r: RustReader, target: PlainNode, value: Var): void {
  const { b } = r;
  if (target.type === 'identifier') {
    const binding = b.lookUp(b.text(target));
    if (binding !== undefined) b.assign(binding, value);
  } else if (target.type === 'field_expression') {
    const on = childOf(target, 'value');
    const field = childOf(target, 'field');
    if (on && field) b.set(evaluate(r, on), `.${b.text(field)}`, value, target);
  } else if (target.type === 'index_expression') {
    const [on, key] = operands(target);
    if (key) evaluate(r, key);
    if (on) b.setItem(evaluate(r, on), undefined, value, target);
  } else if (target.type === 'tuple_expression') {
    for (const [index, part] of operands(target).entries())
      assign(r, part, b.getItem(value, b.constant(index), part));
  } else {
    const inner = operands(target)[0];
    if (inner !== undefined) b.copy(evaluate(r, inner), value);
  }
}

function readJump(r: RustReader, node: PlainNode): Var {
  const { b } = r;
  const inner = operands(node).find((child) => child.field !== 'label');
  const value = inner === undefined ? b.variable() : evaluate(r, inner);
  const result = b.functions[b.at]?.result;
  if (hasWord(node, 'return') && inner !== undefined && result !== undefined) b.copy(result, value);
  b.stop();
  return value;
}
