/** Calls of C#: methods, delegates, constructors and what is given to them. */
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
import { assignMember } from './patterns.ts';
import { bareName, bindLocal, type CSharpReader, operands, partOf, typeCount, typeKey } from './reader.ts';
import { addDeclaredType, saysNothing, typeOf } from './types.ts';

/** Methods of tasks; those that give the task again, or what it will hold. */
const ofTasks = /^(ConfigureAwait|ContinueWith|GetAwaiter|GetResult|AsTask|Wait|WaitAsync|Unwrap|Preserve)$/;
const passing = /^(ConfigureAwait|GetAwaiter|GetResult|AsTask|WaitAsync|Unwrap|Preserve)$/;

export function readCall(r: CSharpReader, node: PlainNode): Var {
  const { b } = r;
  const fn = childOf(node, 'function');
  const list = childOf(node, 'arguments');
  if (fn === undefined) return b.variable();
  if (fn.type === 'identifier' && b.text(fn) === 'nameof') return b.importOf('System', 'String');
  if (fn.type === 'conditional_access_expression')
    return whereBound(r, fn, (inner) => callOf(r, node, inner, list));
  return callOf(r, node, fn, list);
}

/** Reads what follows `?.` with what stands before it. */
export function whereBound(r: CSharpReader, node: PlainNode, read: (inner: PlainNode) => Var): Var {
  const condition = childOf(node, 'condition');
  const inner = operands(node).find((child) => child !== condition);
  if (condition === undefined || inner === undefined) return r.b.variable();
  const outer = r.bound;
  r.bound = r.evaluate(condition);
  const value = read(inner);
  r.bound = outer;
  return value;
}

function callOf(r: CSharpReader, node: PlainNode, fn: PlainNode, list: PlainNode | undefined): Var {
  const { b } = r;
  switch (fn.type) {
    case 'identifier':
    case 'generic_name': {
      const args = readArguments(r, list);
      return b.call(bareMethod(r, fn, args.length), args, node, { text: bareName(r, fn) });
    }
    case 'member_access_expression':
    case 'member_binding_expression':
      return callMember(r, node, fn, list);
    default: {
      const callee = r.evaluate(fn);
      return b.call(callee, readArguments(r, list), node, { text: b.shortText(fn) });
    }
  }
}

function callMember(r: CSharpReader, node: PlainNode, fn: PlainNode, list: PlainNode | undefined): Var {
  const { b } = r;
  const name = childOf(fn, 'name');
  const object = childOf(fn, 'expression');
  if (name === undefined) return b.variable();
  const on = object === undefined ? (r.bound ?? b.variable()) : readReceiver(r, object);
  const bound = r.bound;
  r.bound = undefined;
  const args = readArguments(r, list);
  r.bound = bound;
  const at = atLine(node, name);
  const bare = bareName(r, name);
  const text = object === undefined ? bare : `${b.shortText(object)}.${bare}`;
  const found = [b.get(on, keyOf(bare, args.length), at)];
  // What is awaited stands for the task.
  if (ofTasks.test(bare)) found.push(b.get(b.importOf('System.Threading.Tasks', 'Task'), bare, at));
  // The only one that no class can have of its own.
  if (bare === 'GetType' && args.length === 0) found.push(b.get(b.importOf('System', 'Object'), bare, at));
  const result = b.call(b.union(found), args, at, { text });
  return passing.test(bare) ? b.union([on, result]) : result;
}

/** A value, or a type of the language: `string.Join`. */
export function readReceiver(r: CSharpReader, object: PlainNode): Var {
  const isType = /^(predefined_type|alias_qualified_name)$/.test(object.type);
  return isType ? typeOf(r, object) : r.evaluate(object);
}

/** A local, a method of a class around, or a delegate that a field of it holds. */
function bareMethod(r: CSharpReader, fn: PlainNode, count: number): Var {
  const { b } = r;
  const name = bareName(r, fn);
  if (b.lookUp(name) !== undefined) return b.readAt(fn, name);
  const key = keyOf(name, count);
  const around = enclosing(r);
  const isOwn = around.some(({ methods }) => methods.has(name));
  const isField = !isOwn && around.some(({ fields }) => fields.has(name));
  if (isField) return memberOfAround(r, name, fieldsOf, name, fn) ?? b.variable();
  const member = memberOfAround(r, name, methodsOf, key, fn);
  const inherited = isOwn ? undefined : memberOfAround(r, name, fieldsOf, name, fn);
  const others = isOwn ? [] : r.statics.map((type) => b.get(type, key, fn));
  return b.union([member, inherited, ...others, b.variable()].filter((one) => one !== undefined));
}

export function readArguments(r: CSharpReader, list: PlainNode | undefined): readonly Argument[] {
  return (list === undefined ? [] : operands(list)).map((part) => {
    const name = childOf(part, 'name');
    const value = part.type === 'argument' ? operands(part).find((child) => child !== name) : part;
    if (value?.type === 'declaration_expression') return { value: declare(r, value) };
    const given = value === undefined ? r.b.variable() : readGiven(r, value);
    return name === undefined ? { value: given } : { value: given, name: r.b.text(name) };
  });
}

/** `out Foo f`: what it will hold its type says. */
function declare(r: CSharpReader, node: PlainNode): Var {
  const value = r.b.variable();
  addDeclaredType(r, childOf(node, 'type'), value);
  bindLocal(r, childOf(node, 'name'), value);
  return value;
}

/** A value that may be a method by its name: of `x.M` the field or the method. */
export function readGiven(r: CSharpReader, node: PlainNode): Var {
  const { b } = r;
  const outer = r.expected;
  r.expected = undefined;
  let value: Var;
  const object = node.type === 'member_access_expression' ? childOf(node, 'expression') : undefined;
  const name = childOf(node, 'name');
  if (object && name && /^[A-Z]/.test(b.text(name))) {
    const on = r.evaluate(object);
    const bare = bareName(r, name);
    const at = atLine(node, name);
    value = b.union([b.get(on, bare, at), b.get(on, referenceKey(bare), at)]);
  } else value = r.evaluate(node);
  r.expected = outer;
  return value;
}

/** `new T(…) { … }` and `new(…)`. */
export function readCreation(r: CSharpReader, node: PlainNode): Var {
  const { b } = r;
  const asked = r.expected;
  const written = childOf(node, 'type');
  const type = written ?? (asked === undefined ? undefined : madeType(r, asked));
  r.expected = undefined;
  const args = readArguments(r, childOf(node, 'arguments') ?? partOf(node, 'argument_list'));
  const held = type && heldBy(r, type);
  const cls = type === undefined ? b.variable() : typeOf(r, type);
  const isTask = type?.type === 'generic_name' && /^(Value)?Task$/.test(bareName(r, type));
  const callee =
    held !== undefined
      ? b.importOf('System.Collections.Generic', held)
      : isTask
        ? b.importOf('System.Threading.Tasks', bareName(r, type))
        : cls;
  const text = written === undefined ? 'new' : b.shortText(written);
  let made = b.call(callee, args, node, { text, isNew: true });
  if (isTask) made = b.union([made, ...args.map(({ value }) => value)]);
  if (held !== undefined) {
    made = cls;
    for (const { value } of args) b.setItem(made, undefined, b.each(value, node), node);
  }
  const initializer = childOf(node, 'initializer') ?? partOf(node, 'initializer_expression');
  if (initializer) initialize(r, initializer, made);
  r.expected = asked;
  return made;
}

/** What `new()` makes where a type is asked for: `T?` and `Task<T>` ask for a T. */
function madeType(r: CSharpReader, asked: PlainNode): PlainNode | undefined {
  if (saysNothing(r, asked)) return undefined;
  if (asked.type === 'nullable_type') return childOf(asked, 'type') ?? operands(asked)[0];
  const list = asked.type === 'generic_name' ? partOf(asked, 'type_argument_list') : undefined;
  return list && /^(Value)?Task$/.test(bareName(r, asked)) ? operands(list)[0] : asked;
}

/** Name of a collection of the class library; undefined for any other type. */
function heldBy(r: CSharpReader, type: PlainNode): string | undefined {
  if (type.type !== 'generic_name') return undefined;
  const name = bareName(r, type);
  if (r.b.lookUp(typeKey(name, typeCount(type))) !== undefined) return undefined;
  return collectionLike.test(name) ? name : undefined;
}

const collectionLike =
  /^((Sorted|Concurrent|Frozen|Immutable)?(List|Dictionary|Set|Queue|Stack|Bag|Array|HashSet)|HashSet|LinkedList|Collection|ReadOnlyCollection|ObservableCollection|PriorityQueue|BlockingCollection)$/;

/** `{ A = x, ["k"] = y, z }`. */
export function initialize(r: CSharpReader, node: PlainNode, on: Var): void {
  const { b } = r;
  for (const part of operands(node)) {
    if (part.type !== 'assignment_expression') {
      const item = part.type === 'initializer_expression' ? operands(part).at(-1) : part;
      if (item) b.setItem(on, undefined, readGiven(r, item), part);
      continue;
    }
    const left = childOf(part, 'left');
    const right = childOf(part, 'right');
    if (left === undefined || right === undefined) continue;
    if (left.type !== 'identifier') {
      b.setItem(on, undefined, readGiven(r, right), part);
      continue;
    }
    const name = bareName(r, left);
    if (right.type === 'initializer_expression') initialize(r, right, b.get(on, name, part));
    else assignMember(r, on, name, readGiven(r, right), part);
  }
}
