/** Expressions of C and C++: what they may give, and the calls in them. */
import type { Argument, Var } from '../../../model/code-facts.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { readLambda } from './functions.ts';
import { type CReader, linked, nameText, operands } from './reader.ts';
import { isNumber } from './types.ts';

/** Functions of templates that make a value of the type they are given. */
const makers = new Set([
  'make_unique',
  'make_shared',
  'make_optional',
  'WrapUnique',
  'MakeUnique',
  'in_place',
]);

export function evaluate(r: CReader, node: PlainNode): Var {
  const { b } = r;
  switch (node.type) {
    case 'identifier':
    case 'qualified_identifier':
    case 'template_function':
    case 'field_identifier':
      return readName(r, node);
    case 'this':
      return r.self ?? b.variable();
    case 'string_literal':
    case 'concatenated_string':
    case 'raw_string_literal':
      return b.builtin('string');
    case 'call_expression':
      return readCall(r, node);
    case 'new_expression':
      return construct(r, childOf(node, 'type'), childOf(node, 'arguments'), node, false);
    case 'field_expression':
      return readField(r, node);
    case 'subscript_expression':
      return readIndex(r, node);
    case 'pointer_expression':
      return readPointer(r, node);
    case 'assignment_expression':
      return readAssignment(r, node);
    case 'binary_expression':
    case 'unary_expression':
    case 'update_expression':
      return readOperator(r, node);
    case 'lambda_expression':
      return readLambda(r, node);
    case 'initializer_list':
      return readList(r, node);
    case 'conditional_expression': {
      const condition = childOf(node, 'condition');
      if (condition) evaluate(r, condition);
      const parts = [childOf(node, 'consequence'), childOf(node, 'alternative')].filter(
        (part) => part !== undefined,
      );
      return b.union([b.variable(), ...parts.map((part) => evaluate(r, part))]);
    }
    case 'cast_expression':
    case 'compound_literal_expression':
      return readTyped(r, node);
    case 'delete_expression':
      return readDelete(r, node);
    case 'declaration':
      r.statement(node);
      return b.variable();
    default:
      return readOther(r, node);
  }
}

function readOther(r: CReader, node: PlainNode): Var {
  const parts = operands(node).filter((part) => !/^(type_descriptor|primitive_type)$/.test(part.type));
  let last = r.b.variable();
  for (const part of parts) last = evaluate(r, part);
  return parts.length === 1 || node.type === 'comma_expression' ? last : r.b.variable();
}

/** A local, a field of the class around, or what another file defines. */
function readName(r: CReader, node: PlainNode): Var {
  const { b } = r;
  const name = nameText(r, node);
  if (!name.includes('::') && b.lookUp(name) !== undefined) return b.read(name);
  const found = linked(r, 'value', name);
  if (r.self === undefined || name.includes('::')) return found;
  return b.union([b.get(r.self, name, node), found]);
}

export function readArguments(r: CReader, list: PlainNode | undefined): Argument[] {
  if (list === undefined) return [];
  return operands(list).map((arg) => ({ value: evaluate(r, arg) }));
}

function readCall(r: CReader, node: PlainNode): Var {
  const { b } = r;
  let callee = childOf(node, 'function');
  if (callee === undefined) return b.variable();
  while (callee.type === 'parenthesized_expression' && operands(callee).length === 1)
    callee = operands(callee)[0] as PlainNode;
  const list = childOf(node, 'arguments');
  const isMember = callee.type === 'field_expression' && operatorOf(r, callee).endsWith('*');
  if (isMember) return callMember(r, callee, list, node);
  if (isConversion(r, callee)) {
    readArguments(r, list);
    return b.variable();
  }
  const typed = callee.type === 'primitive_type' ? undefined : typeArgument(callee);
  const name = /identifier$|^template_function$/.test(callee.type) ? nameText(r, callee) : undefined;
  if (name !== undefined && typed !== undefined) {
    const bare = name.split('::').at(-1) ?? '';
    if (makers.has(bare)) return construct(r, typed, list, node, false);
    if (/_cast$/.test(bare)) return cast(r, typed, list);
  }
  const count = list === undefined ? 0 : operands(list).length;
  const target = readCallee(r, callee, name, count);
  return b.call(
    target,
    readArguments(r, list),
    { ...node, line: lastLine(callee) },
    { text: b.shortText(callee) },
  );
}

function operatorOf(r: CReader, field: PlainNode): string {
  const [on, name] = [childOf(field, 'argument'), childOf(field, 'field')];
  return on && name ? r.b.text({ ...field, start: on.end, end: name.start }).trim() : '';
}

/** `(s.*m)(x)`: what `m` holds, with `s` as its receiver. */
function callMember(r: CReader, callee: PlainNode, list: PlainNode | undefined, node: PlainNode): Var {
  const [on, name] = [childOf(callee, 'argument'), childOf(callee, 'field')];
  const receiver = on === undefined ? r.b.variable() : evaluate(r, on);
  const method = name === undefined ? r.b.variable() : readName(r, name);
  const args = [{ value: receiver }, ...readArguments(r, list)];
  return r.b.call(method, args, node, { text: r.b.shortText(callee) });
}

/** `int(x)`, `noexcept(f())`. */
function isConversion(r: CReader, callee: PlainNode): boolean {
  return (
    isNumber(r, { ...callee, type: callee.type === 'identifier' ? 'type_identifier' : callee.type }) ||
    r.b.text(callee) === 'noexcept'
  );
}

/** The line of the name that is called, in a chain over several lines. */
function lastLine(callee: PlainNode): number {
  return (childOf(callee, 'field') ?? callee).line;
}

function typeArgument(callee: PlainNode): PlainNode | undefined {
  let at: PlainNode | undefined = callee;
  while (at?.type === 'qualified_identifier') at = childOf(at, 'name');
  const list = at?.type === 'template_function' ? childOf(at, 'arguments') : undefined;
  return list && operands(list)[0];
}

function readCallee(r: CReader, callee: PlainNode, name: string | undefined, count: number): Var {
  const { b } = r;
  if (callee.type === 'field_expression') return readMethod(r, callee, count);
  if (name === undefined) return evaluate(r, callee);
  if (!name.includes('::') && b.lookUp(name) !== undefined) return b.read(name);
  const found = linked(r, `call${count}`, name);
  if (r.self === undefined || name.includes('::')) return found;
  return b.union([b.get(r.self, `${name}(${count})`, callee), b.get(r.self, name, callee), found]);
}

/** A method by its number of arguments, or a pointer in a field. */
function readMethod(r: CReader, node: PlainNode, count: number): Var {
  const { b } = r;
  const on = childOf(node, 'argument');
  const field = childOf(node, 'field');
  if (on === undefined || field === undefined) return b.variable();
  const receiver = receiverOf(r, node, on);
  const name = nameText(r, field).split('::').at(-1) ?? '';
  const plain = b.get(receiver, name, field);
  if (r.language === 'c') return plain;
  return b.union([plain, b.get(receiver, `${name}(${count})`, field)]);
}

/** `a->b`: of what `a` points to, which may be an element. */
function receiverOf(r: CReader, node: PlainNode, on: PlainNode): Var {
  const value = evaluate(r, on);
  if (r.language === 'c') return value;
  const isArrow = r.b
    .text({ ...node, start: on.end, end: node.end })
    .trimStart()
    .startsWith('->');
  if (!isArrow || on.type === 'this') return value;
  return r.b.union([value, r.b.getItem(value, undefined, on), r.b.implicit(value, 'operator->(0)', [], on)]);
}

function readField(r: CReader, node: PlainNode): Var {
  const { b } = r;
  const on = childOf(node, 'argument');
  const field = childOf(node, 'field');
  if (on === undefined || field === undefined) return b.variable();
  const receiver = receiverOf(r, node, on);
  const name = nameText(r, field);
  const found = b.get(receiver, name, field);
  // The value of a pair of a map, of which only values are followed.
  return name === 'second' ? b.union([found, receiver, b.getItem(receiver, undefined, field)]) : found;
}

function readIndex(r: CReader, node: PlainNode): Var {
  const { b } = r;
  const on = childOf(node, 'argument');
  const indices = childOf(node, 'indices') ?? childOf(node, 'index');
  if (on === undefined) return b.variable();
  const value = evaluate(r, on);
  const key = indices === undefined ? b.variable() : evaluate(r, indices);
  if (r.language === 'c') return value;
  const item = b.getItem(value, undefined, node);
  return b.union([item, value, b.implicit(value, 'operator[](1)', [key], node)]);
}

/** `*p` is `p`, or an element of a container or what an operator gives; `&x` is `x`. */
function readPointer(r: CReader, node: PlainNode): Var {
  const { b } = r;
  const inner = childOf(node, 'argument');
  if (inner === undefined) return b.variable();
  if (b.text(node).startsWith('&')) {
    const name = inner.type === 'qualified_identifier' ? nameText(r, inner) : '';
    return name === '' ? evaluate(r, inner) : b.union([evaluate(r, inner), linked(r, 'method', name)]);
  }
  const value = evaluate(r, inner);
  if (r.language === 'c') return value;
  const item = b.getItem(value, undefined, node);
  return b.union([value, item, b.implicit(value, 'operator*(0)', [], node)]);
}

function readAssignment(r: CReader, node: PlainNode): Var {
  const { b } = r;
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  if (left === undefined || right === undefined) return b.variable();
  const value = evaluate(r, right);
  const pointer = functionPointer(left);
  if (pointer !== undefined) {
    b.assign(b.declare(b.text(pointer)), value);
    return value;
  }
  const sign = b.text({ ...left, start: left.end, end: right.start }).trim();
  if (sign !== '=') {
    if (r.language !== 'c') b.implicit(evaluate(r, left), `operator${sign}(1)`, [value], node);
    return value;
  }
  assign(r, left, value);
  return value;
}

/** `void (*f)() = x;` and `void (S::*f)() = x;` read as calls that are assigned to: the name that they declare. */
function functionPointer(left: PlainNode): PlainNode | undefined {
  const outer = left.type === 'call_expression' ? childOf(left, 'function') : undefined;
  const list = outer?.type === 'call_expression' ? childOf(outer, 'arguments') : undefined;
  const only = list && operands(list)[0];
  if (only?.type === 'pointer_expression') return childOf(only, 'argument');
  const last = only?.type === 'qualified_identifier' ? childOf(only, 'name') : undefined;
  return last?.type === 'pointer_type_declarator' ? childOf(last, 'declarator') : undefined;
}

/** `isPart`: what was there stays, as in `x[i] = value`. */
function assign(r: CReader, target: PlainNode, value: Var, isPart = false): void {
  const { b } = r;
  const name = target.type === 'identifier' ? b.text(target) : undefined;
  const binding = name === undefined ? undefined : b.lookUp(name);
  if (binding !== undefined) b.assign(binding, isPart ? b.union([b.current(binding), value]) : value);
  else if (name !== undefined) {
    if (r.self !== undefined) b.set(r.self, name, value, target);
    b.copy(linked(r, 'value', name), value);
  } else if (target.type === 'field_expression') {
    const on = childOf(target, 'argument');
    const field = childOf(target, 'field');
    if (on && field) b.set(receiverOf(r, target, on), b.text(field), value, target);
  } else if (/^(subscript|pointer)_expression$/.test(target.type)) {
    const on = childOf(target, 'argument');
    if (on && r.language !== 'c') {
      const held = evaluate(r, on);
      b.setItem(held, undefined, value, target);
      if (target.type === 'subscript_expression') b.implicit(held, 'operator[](1)', [b.variable()], target);
    }
    if (on) assign(r, on, value, true);
  } else if (target.type === 'parenthesized_expression' && operands(target)[0])
    assign(r, operands(target)[0] as PlainNode, value, isPart);
  else evaluate(r, target);
}

function readOperator(r: CReader, node: PlainNode): Var {
  const { b } = r;
  const left = childOf(node, 'left') ?? childOf(node, 'argument');
  const right = childOf(node, 'right');
  if (left === undefined) return b.variable();
  const value = evaluate(r, left);
  const others = right === undefined ? [] : [evaluate(r, right)];
  if (r.language === 'c' || /literal$/.test(left.type)) return b.variable();
  const sign =
    right === undefined
      ? b.text({ ...node, end: left.start }).trim()
      : b.text({ ...left, start: left.end, end: right.start }).trim();
  const result = b.implicit(value, `operator${sign}(${others.length})`, others, node);
  // Streams give themselves.
  return sign === '<<' || node.type === 'update_expression' ? b.union([result, value]) : result;
}

/** `{a, .b = c}`: by position and by name; what it is of is said by what it is assigned to. */
function readList(r: CReader, node: PlainNode): Var {
  const { b } = r;
  const made = b.container('array');
  for (const [index, item] of operands(node).entries()) {
    if (item.type !== 'initializer_pair') {
      b.setItem(made, b.constant(index), evaluate(r, item), item);
      continue;
    }
    const value = childOf(item, 'value');
    const field = item.children.find(({ type }) => type === 'field_designator');
    const given = value === undefined ? b.variable() : evaluate(r, value);
    const name = field && operands(field)[0];
    if (name) b.set(made, b.text(name), given, item);
    else b.setItem(made, undefined, given, item);
  }
  return made;
}

function readTyped(r: CReader, node: PlainNode): Var {
  const { b } = r;
  const type = childOf(node, 'type');
  const value = childOf(node, 'value');
  const given = value === undefined ? b.variable() : evaluate(r, value);
  if (type === undefined) return given;
  const made = b.variable();
  b.add({ op: 'instance', to: made, type: r.type(type), isMade: true });
  if (value?.type !== 'initializer_list') return b.union([made, given]);
  b.add({ op: 'fill', on: made, from: given });
  return made;
}

function cast(r: CReader, type: PlainNode, list: PlainNode | undefined): Var {
  const { b } = r;
  const given = b.union([b.variable(), ...readArguments(r, list).map(({ value }) => value)]);
  return b.union([given, b.instanceOf(r.type(type))]);
}

/** `T(…)`, `new T(…)`, `T x(…)`. */
export function construct(
  r: CReader,
  type: PlainNode | undefined,
  list: PlainNode | undefined,
  node: PlainNode,
  isImplicit: boolean,
): Var {
  const { b } = r;
  const args = readArguments(r, list);
  if (type === undefined || /^(primitive_type|sized_type_specifier)$/.test(type.type)) return b.variable();
  const text = b.shortText(type);
  const of = r.type(type);
  return b.call(of, args, node, { text, isNew: true, ...(isImplicit && { implicit: 'operator' as const }) });
}

function readDelete(r: CReader, node: PlainNode): Var {
  const inner = operands(node)[0];
  if (inner !== undefined) r.b.implicit(evaluate(r, inner), '%delete', [], node);
  return r.b.variable();
}
