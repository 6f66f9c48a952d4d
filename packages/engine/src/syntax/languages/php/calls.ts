/** Calls of PHP: functions by name, methods, what makes an instance; and names that stand for something that can be called. */
import type { Argument, Var } from '../../../model/code-facts.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { readAnonymousClass } from './definitions.ts';
import { classNamed, functionNamed, methodKey, operands, type PhpReader, textOf } from './reader.ts';

/** Functions of the language that call what they are given, also by name. */
const callers =
  /^\\?(call_user_func(_array)?|array_(map|filter|reduce|walk|walk_recursive|u\w+)|u[ak]?sort|iterator_apply|register_shutdown_function|spl_autoload_register|set_(error|exception)_handler|preg_replace_callback|forward_static_call(_array)?|is_callable|array_any|array_all|array_find)$/i;

/** A text without parts that are computed. */
export function literal(r: PhpReader, node: PlainNode | undefined): string | undefined {
  if (node?.type !== 'string' && node?.type !== 'encapsed_string') return undefined;
  const [only, ...more] = node.children;
  if (only === undefined || more.length > 0 || only.type !== 'string_content') return undefined;
  return only.end - only.start > 200 ? undefined : r.b.text(only);
}

export function readArguments(r: PhpReader, list: PlainNode | undefined, isCaller = false): Argument[] {
  const found: Argument[] = [];
  for (const part of list === undefined ? [] : operands(list)) {
    if (part.type === 'variadic_placeholder') continue;
    const name = childOf(part, 'name');
    const inner = operands(part).find((child) => child !== name) ?? part;
    if (inner.type === 'variadic_unpacking') {
      found.push({ value: readOtherLast(r, inner), spread: 'star' });
      continue;
    }
    const text = isCaller ? literal(r, inner) : undefined;
    const value = text === undefined ? r.evaluate(inner) : named(r, text, inner);
    found.push({ value, ...(name && { name: r.b.text(name) }) });
  }
  return found;
}

/** `'f'` or `'A::m'` given to what calls it. */
function named(r: PhpReader, text: string, node: PlainNode): Var {
  const [, cls, method = ''] = /^([\w\\]+)::(\w+)$/.exec(text) ?? [];
  if (cls !== undefined)
    return r.b.get(
      r.b.readAny(`type^  ${cls.replace(/^\\/, '').replaceAll('\\', '::')}`),
      methodKey(method),
      node,
    );
  return /^\\?[A-Za-z_][\w\\]*$/.test(text)
    ? r.b.readAny(`value  ::${text.replace(/^\\/, '').replaceAll('\\', '::')}`)
    : r.b.constant(text);
}

export function readOtherLast(r: PhpReader, node: PlainNode): Var {
  let last = r.b.variable();
  for (const part of operands(node)) last = r.evaluate(part);
  return last;
}

const isPlaceholder = (list: PlainNode | undefined): boolean =>
  list?.children.some(({ type }) => type === 'variadic_placeholder') === true;

export function readCall(r: PhpReader, node: PlainNode): Var {
  const { b } = r;
  const callee = childOf(node, 'function');
  if (callee === undefined) return b.variable();
  const list = childOf(node, 'arguments');
  const isNamed = /^(name|qualified_name|relative_name)$/.test(callee.type);
  const name = textOf(r, callee);
  // `f(...)`: the function itself.
  if (isPlaceholder(list)) return isNamed ? functionNamed(r, 'value', name) : r.evaluate(callee);
  const target = isNamed ? functionNamed(r, 'call', name) : r.evaluate(callee);
  const args = readArguments(r, list, isNamed && callers.test(name));
  if (isNamed && /^\\?call_user_func(_array)?$/i.test(name))
    return callGiven(r, node, args, name.endsWith('array'));
  return b.call(target, args, node, { text: b.shortText(callee) });
}

/** `call_user_func($f, …)` is a call of its first argument. */
function callGiven(r: PhpReader, node: PlainNode, args: readonly Argument[], isArray: boolean): Var {
  const [first, ...rest] = args;
  if (first === undefined) return r.b.variable();
  const given = isArray ? rest.slice(0, 1).map((arg) => ({ ...arg, spread: 'star' as const })) : rest;
  return r.b.call(first.value, given, node, { text: r.b.shortText(node) });
}

export function readMethodCall(r: PhpReader, node: PlainNode, on: Var): Var {
  const { b } = r;
  const name = childOf(node, 'name');
  const list = childOf(node, 'arguments');
  if (name === undefined) return b.variable();
  const at = { ...node, line: name.line };
  let method: Var;
  if (name.type === 'name') method = b.get(on, methodKey(b.text(name)), at);
  else {
    const key = r.evaluate(name);
    method = b.variable();
    // `$this->$f()`: a method by a name that is computed; `A::$f()`: what a variable holds.
    if (literal(r, name) === undefined) b.copy(method, key);
  }
  if (isPlaceholder(list)) return method;
  const args = readArguments(r, list);
  const text = b.shortText({ ...node, end: list?.start ?? node.end });
  return b.call(method, args, at, { text });
}

/** What stands before `::`. */
export function scopeOf(r: PhpReader, scope: PlainNode | undefined): Var {
  const { b } = r;
  if (scope === undefined) return b.variable();
  switch (textOf(r, scope).toLowerCase()) {
    case 'parent': {
      const to = b.variable();
      if (r.cls) b.add({ op: 'super', to, owner: r.cls.index, receiver: r.self ?? r.cls.type });
      return to;
    }
    case 'self':
      return r.cls?.type ?? b.variable();
    case 'static':
      return r.self ?? r.cls?.type ?? b.variable();
    default:
      return /^(name|qualified_name|relative_name)$/.test(scope.type)
        ? classNamed(r, scope)
        : r.evaluate(scope);
  }
}

export function readNew(r: PhpReader, node: PlainNode): Var {
  const { b } = r;
  const anonymous = node.children.find(({ type }) => type === 'anonymous_class');
  const holder = anonymous ?? node;
  const list = holder.children.find(({ type }) => type === 'arguments');
  const args = readArguments(r, list);
  if (anonymous) return b.call(readAnonymousClass(r, anonymous), args, node, { text: 'class', isNew: true });
  const name = operands(node).find(({ type }) => type !== 'arguments');
  const word = textOf(r, name ?? node.children[1] ?? node).toLowerCase();
  const isStatic = name === undefined || word === 'static';
  if (isStatic || word === 'self' || word === 'parent') {
    const to = isStatic
      ? classOfSelf(r, node)
      : word === 'self'
        ? (r.cls?.type ?? b.variable())
        : parentClass(r, node);
    return b.call(to, args, node, { text: word, isNew: true });
  }
  const isNamed = /^(name|qualified_name|relative_name)$/.test(name.type);
  const type = isNamed ? classNamed(r, name) : classOfValue(r, r.evaluate(name), node);
  return b.call(type, args, node, { text: b.shortText(name), isNew: true });
}

/** `new $x`: of a class, or of that of a value. */
function classOfValue(r: PhpReader, value: Var, node: PlainNode): Var {
  return r.b.get(value, '__class__', node);
}

/** `static`: the class that was called, or that of `$this`. */
function classOfSelf(r: PhpReader, node: PlainNode): Var {
  return r.self === undefined ? (r.cls?.type ?? r.b.variable()) : classOfValue(r, r.self, node);
}

function parentClass(r: PhpReader, node: PlainNode): Var {
  const base = r.cls && r.b.classes[r.cls.index]?.bases.at(0);
  return base === undefined ? r.b.variable() : classOfValue(r, base, node);
}
