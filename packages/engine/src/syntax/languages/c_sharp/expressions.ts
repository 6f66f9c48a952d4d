/** C# expressions: from a node to the variable of its value, with the operations on the way. */
import type { Var } from '../../../model/code-facts.ts';
import { atLine, childOf, type PlainNode } from '../../references/plain-tree.ts';
import {
  enclosing,
  fieldsOf,
  keyOf,
  memberOfAround,
  methodsOf,
  referenceKey,
} from '../../references/typed-classes.ts';
import { initialize, readCall, readCreation, readGiven, readReceiver, whereBound } from './calls.ts';
import { readLambda } from './functions.ts';
import { assignMember, assignTo, bindPattern } from './patterns.ts';
import { readQuery } from './queries.ts';
import { bareName, bindLocal, type CSharpReader, operands, typeCount, typeKey } from './reader.ts';
import { addDeclaredType, namesOfTuple, typeOf } from './types.ts';

const maxKeyLength = 64;

export function evaluate(r: CSharpReader, node: PlainNode): Var {
  const { b } = r;
  switch (node.type) {
    case 'identifier':
      return readName(r, node);
    case 'generic_name': {
      const key = typeKey(bareName(r, node), typeCount(node));
      return b.union([typeOf(r, node), methodNamed(r, bareName(r, node), node), b.readAt(node, key)]);
    }
    case 'this':
      return r.cls?.self ?? b.variable();
    case 'base': {
      const to = b.variable();
      if (r.cls) b.add({ op: 'super', to, owner: r.cls.index, receiver: r.cls.self });
      return to;
    }
    case 'member_access_expression':
      return readMember(r, node);
    case 'member_binding_expression': {
      const name = childOf(node, 'name');
      return name === undefined ? b.variable() : b.get(r.bound ?? b.variable(), bareName(r, name), node);
    }
    case 'element_binding_expression':
      return readElement(r, node, r.bound ?? b.variable(), node);
    case 'conditional_access_expression':
      return whereBound(r, node, (inner) => evaluate(r, inner));
    case 'invocation_expression':
      return readCall(r, node);
    case 'object_creation_expression':
    case 'implicit_object_creation_expression':
      return readCreation(r, node);
    case 'lambda_expression':
    case 'anonymous_method_expression':
      return readLambda(r, node);
    case 'assignment_expression':
      return readAssignment(r, node);
    case 'cast_expression':
      return readCast(r, childOf(node, 'type'), childOf(node, 'value'));
    case 'as_expression':
      return readCast(r, childOf(node, 'right'), childOf(node, 'left'));
    case 'is_pattern_expression': {
      const pattern = childOf(node, 'pattern');
      const value = evaluateField(r, node, 'expression');
      if (pattern) bindPattern(r, pattern, value);
      return b.builtin('bool');
    }
    case 'switch_expression':
      return readSwitch(r, node);
    case 'binary_expression':
      return readBinary(r, node);
    case 'conditional_expression': {
      evaluateField(r, node, 'condition');
      return b.union([evaluateField(r, node, 'consequence'), evaluateField(r, node, 'alternative')]);
    }
    default:
      return evaluateRarer(r, node);
  }
}

function evaluateRarer(r: CSharpReader, node: PlainNode): Var {
  const { b } = r;
  switch (node.type) {
    case 'element_access_expression':
      return readElement(r, childOf(node, 'subscript') ?? node, evaluateField(r, node, 'expression'), node);
    case 'parenthesized_expression':
    case 'await_expression':
    case 'ref_expression':
    case 'checked_expression': {
      const [inner] = operands(node);
      return inner === undefined ? b.variable() : evaluate(r, inner);
    }
    case 'prefix_unary_expression':
    case 'postfix_unary_expression':
      return readUnary(r, node);
    case 'declaration_expression': {
      const value = b.variable();
      addDeclaredType(r, childOf(node, 'type'), value);
      bindLocal(r, childOf(node, 'name'), value);
      return value;
    }
    case 'array_creation_expression':
    case 'implicit_array_creation_expression':
    case 'collection_expression':
    case 'initializer_expression':
      return readArray(r, node);
    case 'tuple_expression': {
      const to = b.container('tuple');
      const names = namesOfTuple(r, r.expected);
      for (const [at, part] of operands(node).entries()) {
        const inner = operands(part).at(-1);
        if (inner === undefined) continue;
        const value = readGiven(r, inner);
        b.setKey(to, at, value, part);
        const own = childOf(part, 'name');
        const name = own && own !== inner ? b.text(own) : names[at];
        if (name !== undefined) b.set(to, name, value, part);
      }
      return to;
    }
    case 'with_expression': {
      const [from, ...changes] = operands(node);
      const value = from === undefined ? b.variable() : evaluate(r, from);
      for (const change of changes) {
        const [name, given] = operands(change);
        if (name && given) assignMember(r, value, bareName(r, name), readGiven(r, given), change);
      }
      return value;
    }
    case 'query_expression':
      return readQuery(r, node);
    case 'anonymous_object_creation_expression':
      for (const child of operands(node)) if (child.type !== 'identifier') evaluate(r, child);
      return b.variable();
    case 'typeof_expression': {
      const type = childOf(node, 'type');
      if (type) typeOf(r, type);
      return b.importOf('System', 'Type');
    }
    case 'default_expression':
    case 'sizeof_expression':
    case 'null_literal':
      return b.variable();
    default:
      return readLiteral(r, node);
  }
}

function readLiteral(r: CSharpReader, node: PlainNode): Var {
  const { b } = r;
  switch (node.type) {
    case 'string_literal':
    case 'verbatim_string_literal':
      return node.end - node.start <= maxKeyLength
        ? b.constant(b.text(node).replace(/^@?"|"$/g, ''))
        : b.importOf('System', 'String');
    case 'raw_string_literal':
      return b.importOf('System', 'String');
    case 'interpolated_string_expression':
      for (const part of operands(node))
        if (part.type === 'interpolation')
          for (const inner of operands(part))
            if (!/brace|format|alignment/.test(inner.type)) evaluate(r, inner);
      return b.importOf('System', 'String');
    case 'integer_literal': {
      const value = Number(b.text(node).replaceAll('_', ''));
      return Number.isSafeInteger(value) ? b.constant(value) : b.builtin('long');
    }
    case 'real_literal':
      return b.builtin('double');
    case 'boolean_literal':
      return b.builtin('bool');
    case 'character_literal':
      return b.builtin('char');
    default:
      for (const child of operands(node)) evaluate(r, child);
      return b.variable();
  }
}

export function evaluateField(r: CSharpReader, node: PlainNode, field: string): Var {
  const child = childOf(node, field);
  return child === undefined ? r.b.variable() : evaluate(r, child);
}

/** A local, a field or method of a class around, or a type. */
function readName(r: CSharpReader, node: PlainNode): Var {
  const { b } = r;
  const name = bareName(r, node);
  if (b.lookUp(name) !== undefined) return b.readAt(node, name);
  const isField = enclosing(r).some(({ fields }) => fields.has(name));
  const member = memberOfAround(r, name, fieldsOf, name, node);
  if (isField && member !== undefined) {
    return r.likeTheirType.has(name) ? b.union([member, b.readAt(node, name)]) : member;
  }
  const found = [
    b.readAt(node, name),
    ...(member === undefined ? [] : [member]),
    ...r.statics.map((type) => b.get(type, name, node)),
    methodNamed(r, name, node),
  ];
  return b.union(found);
}

/** A method of a class around that is not called: handed over as a delegate. */
function methodNamed(r: CSharpReader, name: string, node: PlainNode): Var {
  if (!enclosing(r).some(({ methods }) => methods.has(name))) return r.b.variable();
  return memberOfAround(r, name, methodsOf, referenceKey(name), node) ?? r.b.variable();
}

function readMember(r: CSharpReader, node: PlainNode): Var {
  const { b } = r;
  const object = childOf(node, 'expression');
  const name = childOf(node, 'name');
  if (object === undefined || name === undefined) return b.variable();
  const on = readReceiver(r, object);
  const found = b.get(on, typeKey(bareName(r, name), typeCount(name)), atLine(node, name));
  const position = /^Item(\d)$/.exec(b.text(name))?.[1];
  if (position !== undefined)
    return b.union([found, b.getItem(on, b.constant(Number(position) - 1), atLine(node, name))]);
  // What is awaited, or made when it is first asked for, stands for what holds it.
  return /^(Result|Value)$/.test(b.text(name)) ? b.union([found, on]) : found;
}

function readElement(r: CSharpReader, list: PlainNode, on: Var, node: PlainNode): Var {
  const { b } = r;
  const [first, ...more] = operands(list).map((part) => operands(part).at(-1) ?? part);
  if (first === undefined) return b.variable();
  const key = evaluate(r, first);
  for (const other of more) evaluate(r, other);
  return b.getItem(on, more.length > 0 ? undefined : key, node);
}

function readAssignment(r: CSharpReader, node: PlainNode): Var {
  const { b } = r;
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  if (left === undefined || right === undefined) return b.variable();
  const operator = b.text({ ...node, start: left.end, end: right.start }).trim();
  const value = readGiven(r, right);
  if (operator === '=') {
    assignTo(r, left, value);
    return value;
  }
  if (operator === '+=' || operator === '-=') subscribe(r, left, value, operator);
  if (operator === '??=') {
    assignTo(r, left, value);
    return value;
  }
  const made = operate(r, operator.slice(0, -1), [evaluate(r, left), value], node);
  assignTo(r, left, operator === '+=' ? b.union([value, made]) : made);
  return value;
}

/** What an operator of a class of the workspace gives. */
function operate(r: CSharpReader, operator: string, operands: readonly Var[], node: PlainNode): Var {
  const { b } = r;
  const [on] = operands;
  if (on === undefined || !operators.test(operator)) return b.variable();
  const callee = b.get(on, keyOf(`op_${operator}`, operands.length), node);
  const args = operands.map((value) => ({ value }));
  const result = b.variable();
  b.copy(result, b.call(callee, args, node, { text: operator, implicit: 'operator' }));
  return result;
}

/** `-x`, `!x`, `x++`, `x!`. */
function readUnary(r: CSharpReader, node: PlainNode): Var {
  const [inner] = operands(node);
  if (inner === undefined) return r.b.variable();
  const value = evaluate(r, inner);
  const operator = r.b
    .text({ ...node, ...(inner.start > node.start ? { end: inner.start } : { start: inner.end }) })
    .trim();
  if (/literal$/.test(inner.type) || !/^([-+!~]|\+\+|--)$/.test(operator) || operator === '') return value;
  if (operator === '!' && node.type === 'postfix_unary_expression') return value;
  const made = operate(r, operator, [value], node);
  if (operator.length === 2) assignTo(r, inner, r.b.union([value, made]));
  return r.b.union([value, made]);
}

/** An event runs what it does with those who listen. */
function subscribe(r: CSharpReader, left: PlainNode, value: Var, operator: string): void {
  const { b } = r;
  const nameNode = left.type === 'member_access_expression' ? childOf(left, 'name') : left;
  const object = childOf(left, 'expression');
  if (nameNode === undefined || !/^(identifier|member_access_expression)$/.test(left.type)) return;
  const name = bareName(r, nameNode);
  if (!/^[A-Z]/.test(name)) return;
  const on = object === undefined ? r.cls?.self : evaluate(r, object);
  const word = operator === '+=' ? 'add' : 'remove';
  if (on !== undefined) b.implicit(on, keyOf(`${word}_${name}`, 1), [value], left);
}

function readCast(r: CSharpReader, type: PlainNode | undefined, value: PlainNode | undefined): Var {
  const to = r.b.variable();
  addDeclaredType(r, type, to);
  if (value) r.b.copy(to, readGiven(r, value));
  return to;
}

function readSwitch(r: CSharpReader, node: PlainNode): Var {
  const { b } = r;
  const [subject, ...arms] = operands(node);
  const value = subject === undefined ? b.variable() : evaluate(r, subject);
  const result = b.variable();
  b.branches(
    arms.map((arm) => () => {
      b.pushScope();
      const parts = operands(arm);
      const given = parts.at(-1);
      for (const part of parts.slice(0, -1)) {
        if (part.type === 'when_clause') for (const inner of operands(part)) evaluate(r, inner);
        else bindPattern(r, part, value);
      }
      if (given) b.copy(result, readGiven(r, given));
      b.popScope();
    }),
  );
  return result;
}

const operators = /^([+\-*/%&|^!~]|<<|>>|\+\+|--|[=!<>]=|[<>])$/;

function readBinary(r: CSharpReader, node: PlainNode): Var {
  const { b } = r;
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  if (left === undefined || right === undefined) return b.variable();
  const operator = b.text({ ...node, start: left.end, end: right.start }).trim();
  const values = [readGiven(r, left), readGiven(r, right)] as const;
  if (operator === '??') return b.union(values);
  const isLiteral = (part: PlainNode) => /literal$|string_expression$/.test(part.type);
  if (isLiteral(left) || isLiteral(right) || !operators.test(operator))
    return operator === '+' && /string/.test(left.type + right.type)
      ? b.importOf('System', 'String')
      : b.variable();
  return operate(r, operator, values, node);
}

function readArray(r: CSharpReader, node: PlainNode): Var {
  const { b } = r;
  const to = b.container('array');
  const list = node.type.endsWith('array_creation_expression')
    ? operands(node).find(({ type }) => type === 'initializer_expression')
    : node;
  if (list?.type === 'initializer_expression') {
    initialize(r, list, to);
    return to;
  }
  for (const part of list === undefined ? [] : operands(list)) {
    const [element] = operands(part);
    const [inner] = element === undefined ? [] : operands(element);
    if (element?.type === 'spread_element' && inner)
      b.setItem(to, undefined, b.each(evaluate(r, inner), part), part);
    else if (inner ?? element) b.setItem(to, undefined, readGiven(r, (inner ?? element) as PlainNode), part);
  }
  return to;
}
