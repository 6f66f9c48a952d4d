/** Python expressions: from a node to the variable of its value, with the operations on the way. */
import type { Argument, Var } from '../../../model/code-facts.ts';
import { textTable } from '../../../model/text-table.ts';
import { atLine, childOf, childrenOf, hasWord, type PlainNode } from '../../references/plain-tree.ts';
import { readLambda } from './definitions.ts';
import { constantKey, evaluateField, readArguments, readKey, slotPath, stringContent } from './keys.ts';
import { operands, type PythonReader } from './reader.ts';
import { assignTo } from './targets.ts';

const maxKeyLength = 64;

const operators = textTable<string>({
  '+': '__add__',
  '-': '__sub__',
  '*': '__mul__',
  '/': '__truediv__',
  '//': '__floordiv__',
  '%': '__mod__',
  '**': '__pow__',
  '@': '__matmul__',
  '&': '__and__',
  '|': '__or__',
  '^': '__xor__',
  '<<': '__lshift__',
  '>>': '__rshift__',
  '==': '__eq__',
  '!=': '__ne__',
  '<': '__lt__',
  '>': '__gt__',
  '<=': '__le__',
  '>=': '__ge__',
});
const unaryOperators = textTable<string>({
  '-': '__neg__',
  '+': '__pos__',
  '~': '__invert__',
});

export function evaluate(r: PythonReader, node: PlainNode): Var {
  const { b } = r;
  switch (node.type) {
    case 'identifier':
      return b.readAt(node);
    case 'attribute':
      return readAttribute(r, node);
    case 'subscript':
      return readSubscript(r, node);
    case 'call':
      return readCall(r, node);
    case 'string':
    case 'concatenated_string':
      return readString(r, node);
    case 'integer': {
      const value = Number(b.text(node).replaceAll('_', ''));
      return Number.isSafeInteger(value) ? b.constant(value) : b.builtin('int');
    }
    case 'float':
      return b.builtin('float');
    case 'tuple':
    case 'expression_list':
    case 'list':
    case 'set':
      return readSequence(r, node);
    case 'dictionary':
      return readDictionary(r, node);
    case 'list_comprehension':
    case 'set_comprehension':
    case 'generator_expression':
    case 'dictionary_comprehension':
      return readComprehension(r, node);
    case 'ERROR':
    case 'assignment':
    case 'augmented_assignment':
      r.statement(node);
      return b.variable();
    case 'as_pattern':
      return evaluate(r, node.children[0] as PlainNode);
    default:
      return evaluateRarer(r, node);
  }
}

function evaluateRarer(r: PythonReader, node: PlainNode): Var {
  const { b } = r;
  switch (node.type) {
    case 'lambda':
      return readLambda(r, node);
    case 'parenthesized_expression': {
      const inner = operands(node)[0];
      return inner === undefined ? b.variable() : evaluate(r, inner);
    }
    case 'conditional_expression':
      return readConditional(r, node);
    case 'boolean_operator':
      return b.union(
        operands(node)
          .filter((child) => child.field !== null && child.field !== 'operator')
          .map((child) => evaluate(r, child)),
      );
    case 'binary_operator':
    case 'comparison_operator':
      return readOperator(r, node);
    case 'unary_operator':
      return readUnary(r, node);
    case 'named_expression': {
      const value = evaluateField(r, node, 'value');
      assignTo(r, childOf(node, 'name'), value);
      return value;
    }
    case 'await': {
      const inner = operands(node).find((child) => child.type !== 'await');
      const value = inner === undefined ? b.variable() : evaluate(r, inner);
      b.forgetSlots();
      return value;
    }
    case 'yield':
      return readYield(r, node);
    default:
      for (const child of operands(node)) evaluate(r, child);
      return b.variable();
  }
}

function readAttribute(r: PythonReader, node: PlainNode): Var {
  const { b } = r;
  const object = childOf(node, 'object');
  const attribute = childOf(node, 'attribute');
  if (object === undefined || attribute === undefined) return b.variable();
  const name = b.text(attribute);
  const at = atLine(node, attribute);
  const known = b.readSlot(slotPath(r, node));
  if (known !== undefined && r.narrowed.has(known)) b.get(evaluate(r, object), name, at);
  if (known !== undefined) return known;
  return b.get(evaluate(r, object), name, at);
}

function readSubscript(r: PythonReader, node: PlainNode): Var {
  const { b } = r;
  const object = childOf(node, 'value');
  const [key, ...more] = childrenOf(node, 'subscript');
  if (object === undefined || key === undefined) return b.variable();
  const from = evaluate(r, object);
  if (key.type === 'slice' && more.length === 0) return readSlice(r, from, key);
  const known = b.readSlot(slotPath(r, node));
  if (known !== undefined) return known;
  const keyVar = readKey(r, key);
  for (const other of more) evaluate(r, other);
  return b.getItem(from, more.length > 0 ? undefined : keyVar, node);
}

function readSlice(r: PythonReader, from: Var, slice: PlainNode): Var {
  const to = r.b.variable();
  for (const part of operands(slice)) evaluate(r, part);
  const text = r.b.text(slice);
  const start = /^\s*(\d+)?\s*:[^:]*$/.exec(text);
  r.b.add({ op: 'slice', to, from, start: start === null ? -1 : Number(start[1] ?? 0) });
  return to;
}

function readCall(r: PythonReader, node: PlainNode): Var {
  const { b } = r;
  const callee = childOf(node, 'function');
  const given = childOf(node, 'arguments');
  if (callee === undefined || given === undefined) return b.variable();
  const text = b.shortText(callee);
  const target = evaluate(r, callee);
  const args = given.type === 'argument_list' ? readArguments(r, given) : [{ value: evaluate(r, given) }];
  const name = callee.type === 'attribute' ? childOf(callee, 'attribute') : callee;
  const result = b.call(target, args, atLine(node, name), { text });
  if (text === 'super' && r.owner >= 0 && b.lookUp('super') === undefined) return readSuper(r, args, result);
  if (callee.type === 'attribute' && text.endsWith('.update')) noteUpdate(r, callee, given);
  return result;
}

function readSuper(r: PythonReader, args: readonly Argument[], otherwise: Var): Var {
  const receiver = args[1]?.value ?? r.self;
  if (receiver === undefined) return otherwise;
  const to = r.b.variable();
  r.b.add({ op: 'super', to, owner: r.owner, receiver });
  return to;
}

/** `d.update({'a': x})` gives `d['a']` a known value, as an assignment does. */
function noteUpdate(r: PythonReader, callee: PlainNode, given: PlainNode): void {
  const { b } = r;
  const object = childOf(callee, 'object');
  const [literal] = operands(given);
  if (object?.type !== 'identifier' || literal?.type !== 'dictionary') return;
  for (const pair of literal.children) {
    const key = childOf(pair, 'key');
    const value = childOf(pair, 'value');
    const constant = key && constantKey(r, key);
    if (constant === undefined || value?.type !== 'identifier') continue;
    b.writeSlot(b.slotOf(b.text(object), constant), constant, evaluate(r, value));
  }
}

function readString(r: PythonReader, node: PlainNode): Var {
  const { b } = r;
  let isPlain = node.type === 'string';
  const visit = (part: PlainNode): void => {
    if (part.type === 'interpolation') {
      isPlain = false;
      for (const child of operands(part)) if (child.type !== 'format_specifier') evaluate(r, child);
    } else part.children.forEach(visit);
  };
  visit(node);
  const content = isPlain && node.end - node.start <= maxKeyLength ? stringContent(r, node) : undefined;
  if (content === undefined) return b.builtin('str');
  return /^[a-zA-Z]*b/i.test(b.text(node).slice(0, 3).split(/['"]/)[0] ?? '')
    ? b.builtin('bytes')
    : b.constant(content);
}

function readSequence(r: PythonReader, node: PlainNode): Var {
  const { b } = r;
  const to = b.container(node.type === 'expression_list' ? 'tuple' : node.type);
  let isAligned = node.type !== 'set';
  operands(node).forEach((item, index) => {
    if (item.type === 'list_splat') {
      isAligned = false;
      const inner = operands(item)[0];
      if (inner) b.setItem(to, undefined, b.each(evaluate(r, inner), item), item);
      return;
    }
    const value = evaluate(r, item);
    if (isAligned) b.setKey(to, index, value, item);
    else b.setItem(to, undefined, value, item);
  });
  return to;
}

function readDictionary(r: PythonReader, node: PlainNode): Var {
  const { b } = r;
  const to = b.container('dict');
  for (const item of operands(node)) {
    if (item.type === 'pair') {
      const key = childOf(item, 'key');
      const value = evaluateField(r, item, 'value');
      b.setItem(to, key && readKey(r, key), value, item);
    } else if (item.type === 'dictionary_splat') {
      // The elements of another dictionary, under their own keys as far as they are known.
      const inner = operands(item)[0];
      if (inner) b.copy(to, evaluate(r, inner));
    } else evaluate(r, item);
  }
  return to;
}

function readComprehension(r: PythonReader, node: PlainNode): Var {
  const { b } = r;
  b.pushScope();
  const clauses = operands(node).filter((child) => child.field !== 'body');
  for (const clause of clauses) {
    if (clause.type === 'for_in_clause') {
      const items = b.each(evaluateField(r, clause, 'right'), clause, hasWord(clause, 'async'));
      assignTo(r, childOf(clause, 'left'), items, { declare: true });
    } else evaluate(r, clause);
  }
  const body = childOf(node, 'body');
  const to = b.container(node.type === 'dictionary_comprehension' ? 'dict' : 'list');
  if (body?.type === 'pair') {
    const key = childOf(body, 'key');
    b.setItem(to, key && readKey(r, key), evaluateField(r, body, 'value'), body);
  } else if (body) b.setItem(to, undefined, evaluate(r, body), body);
  b.popScope();
  return to;
}

function readConditional(r: PythonReader, node: PlainNode): Var {
  const parts = operands(node).filter((child) => child.type !== 'if' && child.type !== 'else');
  const [whenTrue, condition, whenFalse] = parts;
  if (condition) evaluate(r, condition);
  const values = [whenTrue, whenFalse].filter((part) => part !== undefined);
  return values.length === 0 ? r.b.variable() : r.b.union(values.map((part) => evaluate(r, part)));
}

function readOperator(r: PythonReader, node: PlainNode): Var {
  const { b } = r;
  const parts = operands(node).filter(
    (child) => child.children.length > 0 || !/^(in|not|is|and|or)$/.test(child.type),
  );
  const values = parts.map((part) => evaluate(r, part));
  const [left, right] = parts;
  if (!left || !right || values.length !== 2) return b.variable();
  const between = b.text({ ...left, start: left.end, end: right.start }).trim();
  const isLiteral = /^(string|integer|float|none|true|false|concatenated_string)$/.test(left.type);
  const method = /^(in|not\s+in)$/.test(between) ? '__contains__' : operators[between];
  if (method === undefined) return b.variable();
  const [on, other] = method === '__contains__' ? [values[1], values[0]] : values;
  if (method !== '__contains__' && isLiteral) return b.builtin(left.type === 'string' ? 'str' : 'int');
  return b.implicit(on as Var, method, [other as Var], node);
}

function readUnary(r: PythonReader, node: PlainNode): Var {
  const { b } = r;
  const argument = childOf(node, 'argument');
  if (argument === undefined) return b.variable();
  const value = evaluate(r, argument);
  const method = unaryOperators[b.text({ ...node, end: argument.start }).trim()];
  if (method === undefined || argument.type === 'integer' || argument.type === 'float')
    return b.builtin('int');
  return b.implicit(value, method, [], node);
}

function readYield(r: PythonReader, node: PlainNode): Var {
  const { b } = r;
  const draft = b.functions[b.at];
  const value = operands(node).find((child) => child.type !== 'yield' && child.type !== 'from');
  const given = value === undefined ? b.variable() : evaluate(r, value);
  if (draft !== undefined) {
    draft.yields ??= b.variable();
    b.copy(draft.yields, node.children.some((child) => child.type === 'from') ? b.each(given, node) : given);
  }
  b.forgetSlots();
  return b.variable();
}
