/** Operators of Kotlin, which are methods by fixed names, and what is assigned. */
import type { Var } from '../../../model/code-facts.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { holderOfField, keyOf } from '../../references/typed-classes.ts';
import { type KotlinReader, operands } from './reader.ts';

const binary: ReadonlyMap<string, string> = new Map([
  ['+', 'plus'],
  ['-', 'minus'],
  ['*', 'times'],
  ['/', 'div'],
  ['%', 'rem'],
  ['..', 'rangeTo'],
  ['==', 'equals'],
  ['!=', 'equals'],
  ...['<', '>', '<=', '>='].map((sign) => [sign, 'compareTo'] as const),
]);
const unary: ReadonlyMap<string, string> = new Map([
  ['-', 'unaryMinus'],
  ['+', 'unaryPlus'],
  ['!', 'not'],
  ['++', 'inc'],
  ['--', 'dec'],
]);

/** What an operator gives, where a class of the workspace has it. */
function operate(r: KotlinReader, name: string | undefined, given: readonly Var[], node: PlainNode): Var {
  const [on, ...args] = given;
  if (name === undefined || on === undefined) return r.b.variable();
  return r.b.implicit(on, keyOf(name, args.length), args, node);
}

const isLiteral = (node: PlainNode) => /literal$/.test(node.type);

export function readBinary(r: KotlinReader, node: PlainNode): Var {
  const { b } = r;
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  if (left === undefined || right === undefined) return b.variable();
  const values = [r.evaluate(left), r.evaluate(right)];
  const sign = b.text({ ...node, start: left.end, end: right.start }).trim();
  if (sign === '?:') return b.union([...values, b.variable()]);
  return isLiteral(left) ? b.variable() : operate(r, binary.get(sign), values, node);
}

/** `x in y` asks `y`. */
export function readIn(r: KotlinReader, node: PlainNode): Var {
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  const value = left === undefined ? r.b.variable() : r.evaluate(left);
  return right === undefined ? value : operate(r, 'contains', [r.evaluate(right), value], node);
}

/** `a to b`: a method of `a`, or a function with a receiver. */
export function readInfix(r: KotlinReader, node: PlainNode): Var {
  const { b } = r;
  const [left, name, right] = operands(node);
  if (left === undefined || name === undefined || right === undefined) return b.variable();
  const value = r.evaluate(left);
  const args = [{ value: r.evaluate(right) }];
  return b.call(b.get(value, keyOf(b.text(name), 1), node), args, node, { text: b.shortText(node) });
}

export function readUnary(r: KotlinReader, node: PlainNode): Var {
  const argument = childOf(node, 'argument') ?? operands(node).at(-1);
  if (argument === undefined) return r.b.variable();
  const value = r.evaluate(argument);
  const isBefore = argument.start > node.start;
  const sign = r.b
    .text({ ...node, ...(isBefore ? { end: argument.start } : { start: argument.end }) })
    .trim();
  const name = isLiteral(argument) ? undefined : unary.get(sign);
  return name === undefined ? value : r.b.union([value, operate(r, name, [value], node)]);
}

/** `a[i, j]`: an element, or what `get` gives. */
export function readIndexed(r: KotlinReader, node: PlainNode): Var {
  const { b } = r;
  const [on, ...keys] = operands(node);
  const from = on === undefined ? b.variable() : r.evaluate(on);
  const given = keys.map((key) => r.evaluate(key));
  return b.union([b.getItem(from, given[0], node), operate(r, 'get', [from, ...given], node)]);
}

const assigned = /^([-+*/%])=$/;

export function readAssignment(r: KotlinReader, node: PlainNode): void {
  const { b } = r;
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  let value = right === undefined ? b.variable() : r.evaluate(right);
  if (left === undefined) return;
  const sign = right && assigned.exec(b.text({ ...node, start: left.end, end: right.start }).trim())?.[1];
  if (sign !== undefined) {
    const before = r.evaluate(left);
    const name = binary.get(sign) as string;
    operate(r, `${name}Assign`, [before, value], node);
    // Of a collection it becomes an element.
    if (sign === '+') b.setItem(before, undefined, value, node);
    value = operate(r, name, [before, value], node);
  }
  assignTo(r, left, value);
}

function assignTo(r: KotlinReader, left: PlainNode, value: Var): void {
  const { b } = r;
  if (left.type === 'identifier') {
    const name = b.text(left);
    const binding = b.lookUp(name);
    if (binding) {
      b.assign(binding, value);
      return;
    }
    const holder = holderOfField(r, name);
    if (holder) assignMember(r, holder.self, name, value, left);
    return;
  }
  const parts = operands(left);
  const [on, name] = [parts[0], parts.at(-1)];
  if (left.type === 'navigation_expression' && on && name)
    assignMember(r, r.evaluate(on), b.text(name), value, left);
  else if (left.type === 'index_expression' && on) {
    const held = r.evaluate(on);
    const keys = parts.slice(1).map((key) => r.evaluate(key));
    b.setItem(held, keys[0], value, left);
    operate(r, 'set', [held, ...keys, value], left);
  } else r.evaluate(left);
}

/** A property runs its setter. */
function assignMember(r: KotlinReader, on: Var, name: string, value: Var, node: PlainNode): void {
  r.b.set(on, name, value, node);
  r.b.implicit(on, keyOf(`set_${name}`, 1), [value], node);
}
