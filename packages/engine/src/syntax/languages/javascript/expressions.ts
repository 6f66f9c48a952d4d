/** Expressions of JavaScript and TypeScript: from a node to the variable of its value, with the operations on the way. */
import type { Argument, Var } from '../../../model/code-facts.ts';
import { atLine, childOf, type PlainNode } from '../../references/plain-tree.ts';
import { readClass, readFunction } from './definitions.ts';
import { readKey, slotPath } from './keys.ts';
import { readObject } from './objects.ts';
import { assignTo } from './patterns.ts';
import { commonModule, isWord, operands, type ScriptReader, stringValue } from './reader.ts';
import { functionTypes } from './scopes.ts';
import { addDeclaredType, mentionTypes, typeOf } from './types.ts';

const maxKeyLength = 64;

export function evaluate(r: ScriptReader, node: PlainNode, name?: string): Var {
  const { b } = r;
  if (functionTypes.has(node.type)) return readFunction(r, node, name);
  switch (node.type) {
    case 'identifier':
    case 'shorthand_property_identifier':
    case 'jsx_identifier':
      return readName(r, node);
    case 'undefined':
    case 'null':
    case 'regex':
      return node.type === 'regex' ? b.builtin('RegExp') : b.variable();
    case 'this':
      return r.self ?? b.variable();
    case 'super':
      return readSuper(r);
    case 'meta_property':
      return b.readAny(b.text(node));
    case 'member_expression':
    case 'nested_identifier':
    case 'subscript_expression':
      return readMember(r, node);
    case 'call_expression':
      return readCall(r, node);
    case 'new_expression':
      return readNew(r, node);
    case 'string':
    case 'template_string':
      return readText(r, node);
    case 'number': {
      const value = Number(b.text(node).replaceAll('_', ''));
      return Number.isSafeInteger(value) ? b.constant(value) : b.builtin('number');
    }
    case 'ERROR':
      r.statement(node);
      return b.variable();
    case 'type_arguments':
      mentionTypes(r, node);
      return b.variable();
    case 'type_annotation':
    case 'type_parameters':
      return b.variable();
    default:
      return evaluateRarer(r, node, name);
  }
}

function evaluateRarer(r: ScriptReader, node: PlainNode, name: string | undefined): Var {
  const { b } = r;
  switch (node.type) {
    case 'array':
      return readArray(r, node);
    case 'object':
      return readObject(r, node, name);
    case 'class':
      return readClass(r, node, name);
    case 'assignment_expression':
      return readAssignment(r, node);
    case 'augmented_assignment_expression':
      return readAugmented(r, node);
    case 'ternary_expression':
      return readTernary(r, node);
    case 'binary_expression':
      return readBinary(r, node);
    case 'as_expression':
    case 'satisfies_expression':
    case 'type_assertion':
      return readCast(r, node, name);
    case 'parenthesized_expression':
    case 'non_null_expression':
    case 'await_expression':
    case 'instantiation_expression':
      return readInner(r, node, name);
    case 'sequence_expression':
      return (
        operands(node)
          .map((child) => evaluate(r, child))
          .at(-1) ?? b.variable()
      );
    case 'yield_expression':
      return readYield(r, node);
    case 'jsx_element':
    case 'jsx_self_closing_element':
      return readJsx(r, node);
    default:
      for (const child of operands(node)) if (!isWord(child)) evaluate(r, child);
      return b.variable();
  }
}

function readName(r: ScriptReader, node: PlainNode): Var {
  const { b } = r;
  const name = b.text(node);
  if ((name === 'module' || name === 'exports') && b.lookUp(name) === undefined) return commonModule(r)[name];
  return b.readAt(node, name);
}

function readSuper(r: ScriptReader): Var {
  if (r.self === undefined || r.owner < 0) return r.b.variable();
  const to = r.b.variable();
  r.b.add({ op: 'super', to, owner: r.owner, receiver: r.self });
  return to;
}

function readInner(r: ScriptReader, node: PlainNode, name: string | undefined): Var {
  const inner = operands(node).find((child) => !isWord(child));
  const value = inner === undefined ? r.b.variable() : evaluate(r, inner, name);
  if (node.type === 'await_expression') r.b.forgetSlots();
  return value;
}

function readMember(r: ScriptReader, node: PlainNode): Var {
  const { b } = r;
  const object = childOf(node, 'object') ?? node.children[0];
  const property =
    childOf(node, 'property') ?? (node.type === 'nested_identifier' ? node.children.at(-1) : undefined);
  const index = childOf(node, 'index');
  if (object === undefined) return b.variable();
  const known = b.readSlot(slotPath(r, node));
  if (known !== undefined) return known;
  const from = isArithmetic(r, object) ? numberOf(r, object) : evaluate(r, object);
  if (property !== undefined) return b.get(from, b.text(property), atLine(node, property));
  const name = stringValue(r, index);
  if (name !== undefined) return b.get(from, name, node);
  return b.getItem(from, index && readKey(r, index), node);
}

/** `(a / b)`: only where something is read from it, because most sums are asked for nothing. */
function isArithmetic(r: ScriptReader, node: PlainNode): boolean {
  const inner = node.type === 'parenthesized_expression' ? operands(node)[0] : undefined;
  const [left, right] =
    inner?.type === 'binary_expression' ? ['left', 'right'].map((side) => childOf(inner, side)) : [];
  if (inner === undefined || left === undefined || right === undefined) return false;
  return /^(-|\*|\/|%|\*\*)$/.test(r.b.text({ ...inner, start: left.end, end: right.start }).trim());
}

function numberOf(r: ScriptReader, node: PlainNode): Var {
  evaluate(r, node);
  return r.b.builtin('number');
}

function readCall(r: ScriptReader, node: PlainNode): Var {
  const { b } = r;
  const callee = childOf(node, 'function');
  const given = childOf(node, 'arguments');
  if (callee === undefined) return b.variable();
  mentionTypes(r, childOf(node, 'type_arguments'));
  const imported = readModuleCall(r, callee, given);
  if (imported !== undefined) return imported;
  const text = b.shortText(callee);
  const promised = callee.type === 'member_expression' ? promiseMethod(r, callee) : undefined;
  const target = promised?.callee ?? evaluate(r, callee);
  const args = given === undefined ? [] : readArguments(r, given);
  const at = atLine(node, calledName(callee));
  const result = b.call(target, args, at, { text });
  if (promised === undefined) return result;
  const settled = args.map((arg) =>
    b.call(arg.value, [{ value: promised.value }], at, { text, implicit: 'operator' }),
  );
  return b.union([result, promised.value, ...settled]);
}

const calledName = (callee: PlainNode) => childOf(callee, 'property') ?? callee;

/** A promise is taken for what it gives, so that its methods are those of the value, and these. */
function promiseMethod(
  r: ScriptReader,
  callee: PlainNode,
): { readonly callee: Var; readonly value: Var } | undefined {
  const { b } = r;
  const object = childOf(callee, 'object');
  const property = childOf(callee, 'property');
  if (object === undefined || property === undefined) return undefined;
  const name = b.text(property);
  if (name !== 'then' && name !== 'catch' && name !== 'finally') return undefined;
  const value = evaluate(r, object);
  return {
    value,
    callee: b.union([b.readAny(`Promise.${name}`), b.get(value, name, atLine(callee, property))]),
  };
}

/** `require('x')` and `import('x')`. */
function readModuleCall(r: ScriptReader, callee: PlainNode, given: PlainNode | undefined): Var | undefined {
  const { b } = r;
  const isRequire =
    callee.type === 'identifier' && b.text(callee) === 'require' && b.lookUp('require') === undefined;
  const isImport = callee.type === 'import';
  if (!isRequire && !isImport) return undefined;
  const from = stringValue(r, given && operands(given)[0]);
  if (from === undefined) {
    if (!isImport) return undefined;
    // What a computed name leads to is not known; that nothing is called is.
    if (given) readArguments(r, given);
    return b.variable();
  }
  return b.importOf(from, isRequire ? '=' : undefined, callee);
}

export function readArguments(r: ScriptReader, list: PlainNode): readonly Argument[] {
  if (list.type === 'template_string') {
    readText(r, list);
    return [];
  }
  return operands(list).map((arg): Argument => {
    const inner = operands(arg)[0];
    if (arg.type === 'spread_element' && inner) return { value: evaluate(r, inner), spread: 'star' };
    return { value: evaluate(r, arg) };
  });
}

function readNew(r: ScriptReader, node: PlainNode): Var {
  const { b } = r;
  const callee = childOf(node, 'constructor');
  const given = childOf(node, 'arguments');
  if (callee === undefined) return b.variable();
  const text = b.shortText(callee);
  const target = evaluate(r, callee);
  const args = given === undefined ? [] : readArguments(r, given);
  const result = b.call(target, args, atLine(node, calledName(callee)), { text, isNew: true });
  const types = childOf(node, 'type_arguments');
  mentionTypes(r, types);
  if (types && /^(Map|Set|Array|WeakMap)$/.test(text))
    return b.union([result, typeOf(r, { ...node, type: 'generic_type' })]);
  if (types && text === 'Promise') {
    const settled = b.union([result, b.variable()]);
    addDeclaredType(r, operands(types)[0], settled);
    return settled;
  }
  return result;
}

function readText(r: ScriptReader, node: PlainNode): Var {
  const { b } = r;
  let isPlain = true;
  for (const part of node.children) {
    if (part.type !== 'template_substitution') continue;
    isPlain = false;
    for (const child of operands(part)) evaluate(r, child);
  }
  if (!isPlain || node.end - node.start > maxKeyLength) return b.builtin('string');
  return b.constant(b.text(node).slice(1, -1));
}

function readArray(r: ScriptReader, node: PlainNode): Var {
  const { b } = r;
  const to = b.container('array');
  let isAligned = true;
  operands(node).forEach((item, index) => {
    const inner = operands(item)[0];
    if (item.type === 'spread_element' && inner) {
      isAligned = false;
      b.setItem(to, undefined, b.each(evaluate(r, inner), item), item);
      return;
    }
    const value = evaluate(r, item);
    if (isAligned) b.setKey(to, index, value, item);
    else b.setItem(to, undefined, value, item);
  });
  return to;
}

/** What a function that is assigned to a target is called. */
export function nameOfTarget(r: ScriptReader, target: PlainNode): string | undefined {
  const text = r.b.text(target);
  if (!/^[\w$]+(\.[\w$#]+)*$/.test(text)) return undefined;
  const parts = text.split('.').filter((part) => part !== 'prototype');
  if (parts[0] === 'module' || parts[0] === 'exports') {
    const rest = parts.filter((part) => part !== 'module' && part !== 'exports');
    return rest.length === 0 ? undefined : rest.join('.');
  }
  return (parts[0] === 'this' ? parts.slice(1) : parts).join('.') || undefined;
}

function readAssignment(r: ScriptReader, node: PlainNode): Var {
  const { b } = r;
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  if (left === undefined || right === undefined) return b.variable();
  const value = evaluate(r, right, nameOfTarget(r, left));
  assignTo(r, left, value);
  return value;
}

function readAugmented(r: ScriptReader, node: PlainNode): Var {
  const { b } = r;
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  if (left === undefined || right === undefined) return b.variable();
  const value = b.union([evaluate(r, left), evaluate(r, right, nameOfTarget(r, left))]);
  assignTo(r, left, value);
  return value;
}

function readTernary(r: ScriptReader, node: PlainNode): Var {
  const condition = childOf(node, 'condition');
  if (condition) evaluate(r, condition);
  const values = ['consequence', 'alternative'].flatMap((field) => childOf(node, field) ?? []);
  return r.b.union(values.map((part) => evaluate(r, part)));
}

function readBinary(r: ScriptReader, node: PlainNode): Var {
  const { b } = r;
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  if (left === undefined || right === undefined) return b.variable();
  const values = [evaluate(r, left), evaluate(r, right)];
  const between = b.text({ ...node, start: left.end, end: right.start }).trim();
  if (between === '||' || between === '??' || between === '&&') return b.union(values);
  const isText =
    between === '+' && [left, right].some(({ type }) => type === 'string' || type === 'template_string');
  return isText ? b.builtin('string') : b.variable();
}

function readCast(r: ScriptReader, node: PlainNode, name: string | undefined): Var {
  const { b } = r;
  const parts = operands(node).filter((child) => !isWord(child) || child.type === 'this');
  const isAngle = node.type === 'type_assertion';
  const value = isAngle ? parts.at(-1) : parts[0];
  const type = isAngle ? operands(parts[0] ?? node)[0] : parts[1];
  const given = value === undefined ? b.variable() : evaluate(r, value, name);
  if (type === undefined || node.type === 'satisfies_expression' || b.text(type) === 'const') return given;
  const to = b.union([given, b.variable()]);
  addDeclaredType(r, type, to);
  return to;
}

function readYield(r: ScriptReader, node: PlainNode): Var {
  const { b } = r;
  const draft = b.functions[b.at];
  const value = operands(node).find((child) => !isWord(child));
  const given = value === undefined ? b.variable() : evaluate(r, value);
  if (draft !== undefined) {
    draft.yields ??= b.variable();
    const isAll = /^yield\s*\*/.test(b.text(node).slice(0, 20));
    b.copy(draft.yields, isAll ? b.each(given, node) : given);
  }
  b.forgetSlots();
  return b.variable();
}

/** `<Name a={b}>…</Name>` calls the component with its properties. */
function readJsx(r: ScriptReader, node: PlainNode): Var {
  const { b } = r;
  const open = node.type === 'jsx_element' ? childOf(node, 'open_tag') : node;
  const name = open && childOf(open, 'name');
  const properties = b.container('object');
  for (const attribute of open?.children ?? []) {
    if (attribute.type === 'jsx_attribute') {
      const [key, value] = operands(attribute);
      if (key && value) b.set(properties, b.text(key), evaluate(r, value), attribute);
    } else if (attribute.type === 'jsx_expression') evaluate(r, attribute);
  }
  for (const child of node.type === 'jsx_element' ? operands(node) : [])
    if (child !== open && child.field !== 'close_tag') evaluate(r, child);
  const text = name === undefined ? '' : b.text(name);
  // Lower case is an element of the page.
  if (name === undefined || /^[a-z][\w-]*$/.test(text)) return b.variable();
  return b.call(evaluate(r, name), [{ value: properties }], node, { text });
}
