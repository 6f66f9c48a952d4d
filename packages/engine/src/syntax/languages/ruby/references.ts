/** Ruby: from a tree to the facts of a file. Expressions, of which statements are some; calls and definitions are beside it. */
import type { CodeFacts, Var } from '../../../model/code-facts.ts';
import { FactsBuilder } from '../../references/facts-builder.ts';
import { mentionTypesLeft } from '../../references/left-types.ts';
import { childOf, childrenOf, type PlainNode } from '../../references/plain-tree.ts';
import { classMade, readArguments, readBare, readCall, readSuper } from './calls.ts';
import { define, readBlock } from './definitions.ts';
import { constantNamed, constantText, localNamed, methodKey, operands, type RubyReader } from './reader.ts';

export function readRuby(root: PlainNode, text: string, errorCount: number): CodeFacts {
  const b = new FactsBuilder(text, root.endLine);
  const r: RubyReader = {
    b,
    exports: [],
    cls: undefined,
    self: undefined,
    method: undefined,
    floor: b.scope,
    evaluate: (node) => evaluate(r, node),
    define: (node) => define(r, node),
  };
  readBody(r, root);
  mentionTypesLeft(b, root, {
    isName: ({ type }) => type === 'constant',
    meant: (node) => constantAt(r, node),
  });
  return b.finish({ language: 'ruby', exports: r.exports, errorCount });
}

function evaluate(r: RubyReader, node: PlainNode): Var {
  const { b } = r;
  switch (node.type) {
    case 'identifier':
      return readBare(r, node, b.text(node));
    case 'constant':
    case 'scope_resolution':
      return readConstant(r, node);
    case 'self':
      return r.self ?? b.variable();
    case 'instance_variable':
      return r.self === undefined ? b.variable() : b.get(r.self, b.text(node), node);
    case 'class_variable':
      return r.cls === undefined ? b.variable() : b.get(r.cls.type, b.text(node), node);
    case 'string':
    case 'heredoc_body':
    case 'chained_string':
    case 'subshell':
      readBody(r, node);
      return b.builtin('String');
    case 'simple_symbol':
    case 'delimited_symbol':
      return b.builtin('Symbol');
    case 'integer':
    case 'float':
      return b.builtin('Integer');
    case 'array':
    case 'string_array':
    case 'symbol_array':
    case 'hash':
      return readContainer(r, node);
    case 'call':
    case 'method_call':
      return readCall(r, node);
    case 'super':
      return readSuper(r, node, undefined, true);
    case 'yield':
      return readYield(r, node);
    case 'lambda':
    case 'block':
    case 'do_block':
      return readBlock(r, node);
    case 'assignment':
    case 'operator_assignment':
      return readAssignment(r, node);
    case 'binary':
    case 'unary':
      return readOperator(r, node);
    case 'element_reference':
      return readElement(r, node);
    case 'method':
    case 'singleton_method':
    case 'class':
    case 'module':
    case 'singleton_class':
    case 'alias':
      return r.define(node) ?? b.builtin('Symbol');
    default:
      return readControl(r, node);
  }
}

/** What the last part gives. */
function readBody(r: RubyReader, node: PlainNode): Var {
  let last = r.b.variable();
  for (const part of operands(node)) last = evaluate(r, part);
  return last;
}

function readControl(r: RubyReader, node: PlainNode): Var {
  const { b } = r;
  switch (node.type) {
    case 'if':
    case 'elsif':
    case 'unless':
    case 'conditional':
      return readIf(r, node);
    case 'if_modifier':
    case 'unless_modifier':
      return readModifier(r, node);
    case 'while':
    case 'until':
    case 'while_modifier':
    case 'until_modifier':
    case 'for':
      return readLoop(r, node);
    case 'case':
    case 'case_match':
      return readCase(r, node);
    case 'body_statement':
    case 'block_body':
    case 'begin':
    case 'program':
      return readAttempt(r, node);
    case 'return':
    case 'next':
    case 'break':
      return readReturn(r, node);
    case 'hash_key_symbol':
    case 'block_parameters':
      return b.variable();
    default:
      return readBody(r, node);
  }
}

/** Where nothing is evaluated: `rescue E`, `when E`, keys, and the first name of `A::B`. */
function constantAt({ b }: RubyReader, node: PlainNode): Var {
  const around = b.classes.filter(({ start, end }) => start <= node.line && node.line <= end).at(-1);
  return b.readAny(`value ${around?.path.replaceAll('.', '::') ?? ''} ${b.text(node)}`);
}

function readConstant(r: RubyReader, node: PlainNode): Var {
  const { b } = r;
  const name = constantText(r, node);
  if (name !== undefined) return b.mention(constantNamed(r, name), childOf(node, 'name') ?? node);
  const scope = childOf(node, 'scope');
  const own = childOf(node, 'name');
  if (scope === undefined || own === undefined) return b.variable();
  return b.get(evaluate(r, scope), b.text(own), node);
}

function readContainer(r: RubyReader, node: PlainNode): Var {
  const { b } = r;
  const made = b.container(node.type === 'hash' ? 'Hash' : 'Array');
  for (const [at, item] of operands(node).entries()) {
    if (item.type === 'pair') {
      const [key, value] = [childOf(item, 'key'), childOf(item, 'value')];
      const given = value ? evaluate(r, value) : b.variable();
      b.setItem(made, keyOf(r, key), given, item);
    } else if (/splat_argument$/.test(item.type)) {
      const inner = operands(item)[0];
      if (inner) b.setItem(made, undefined, b.each(evaluate(r, inner), item), item);
    } else b.setItem(made, b.constant(at), evaluate(r, item), item);
  }
  return made;
}

/** A symbol or text as a key is what it says. */
function keyOf(r: RubyReader, node: PlainNode | undefined): Var | undefined {
  if (node === undefined) return undefined;
  const text = r.b.text(node);
  if (/^(simple_symbol|hash_key_symbol)$/.test(node.type)) return r.b.constant(text.replace(/^:/, ''));
  if (node.type === 'integer') return r.b.constant(Number(text));
  if (node.type === 'string' && node.children.every(({ type }) => type === 'string_content'))
    return r.b.constant(text);
  evaluate(r, node);
  return undefined;
}

function readElement(r: RubyReader, node: PlainNode): Var {
  const [on, key] = operands(node);
  if (on === undefined) return r.b.variable();
  const value = evaluate(r, on);
  return r.b.getItem(value, keyOf(r, key), node);
}

function readYield(r: RubyReader, node: PlainNode): Var {
  const list = node.children.find(({ type }) => type === 'argument_list');
  const args = readArguments(r, list);
  return r.method === undefined ? r.b.variable() : r.b.call(r.method.block, args, node, { text: 'yield' });
}

function readOperator(r: RubyReader, node: PlainNode): Var {
  const { b } = r;
  const [left, right] = operands(node);
  if (left === undefined) return b.variable();
  const value = evaluate(r, left);
  if (right === undefined) return b.variable();
  const sign = b.text({ ...node, start: left.end, end: right.start }).trim();
  if (/^(&&|\|\||and|or)$/.test(sign)) {
    let other = b.variable();
    b.branches([
      () => {
        other = evaluate(r, right);
      },
      () => {},
    ]);
    return b.union([value, other]);
  }
  const given = evaluate(r, right);
  const result = b.implicit(value, methodKey(sign), [given], node);
  if (sign !== '<<') return result;
  b.setItem(value, undefined, given, node);
  return b.union([result, value]);
}

function readAssignment(r: RubyReader, node: PlainNode): Var {
  const { b } = r;
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  if (left === undefined || right === undefined) return b.variable();
  if (node.type === 'operator_assignment') {
    // A name that is not bound yet is nil here, and no call.
    const isNew = left.type === 'identifier' && localNamed(r, b.text(left)) === undefined;
    const before = isNew ? b.variable() : evaluate(r, left);
    const value = b.union([before, evaluate(r, right)]);
    assign(r, left, value);
    return value;
  }
  const made = left.type === 'constant' ? classMade(r, right, b.text(left)) : undefined;
  if (made !== undefined) return made;
  const value = right.type === 'right_assignment_list' ? readContainer(r, right) : evaluate(r, right);
  assign(r, left, value);
  return value;
}

function assign(r: RubyReader, target: PlainNode, value: Var): void {
  const { b } = r;
  const text = b.text(target);
  switch (target.type) {
    case 'identifier':
      b.assign(localNamed(r, text) ?? b.declare(text), value);
      return;
    case 'constant':
      if (r.cls) r.cls.members.push([text, value]);
      r.exports.push([
        `V:${r.cls === undefined ? '' : `${r.cls.path.replaceAll('.', '::')}::`}${text}`,
        value,
      ]);
      return;
    case 'instance_variable':
      if (r.self !== undefined) b.set(r.self, text, value, target);
      return;
    case 'class_variable':
      if (r.cls) b.set(r.cls.type, text, value, target);
      return;
    case 'call':
      assignAttribute(r, target, value);
      return;
    case 'element_reference': {
      const [on, key] = operands(target);
      if (on) b.setItem(evaluate(r, on), keyOf(r, key), value, target);
      return;
    }
    case 'left_assignment_list':
    case 'destructured_left_assignment':
      for (const [at, part] of operands(target).entries()) {
        const inner = part.type === 'rest_assignment' ? operands(part)[0] : part;
        const given = part === inner ? b.getItem(value, b.constant(at), part) : value;
        if (inner) assign(r, inner, given);
      }
      return;
    default:
      return;
  }
}

/** `x.y = z`: a method `y=`, or the field that `attr_writer` names. */
function assignAttribute(r: RubyReader, target: PlainNode, value: Var): void {
  const { b } = r;
  const receiver = childOf(target, 'receiver');
  const method = childOf(target, 'method');
  if (receiver === undefined || method === undefined) return;
  const on = evaluate(r, receiver);
  const name = b.text(method);
  const at = { ...target, line: method.line };
  const text = `${b.shortText({ ...target, end: method.end })}=`;
  b.call(b.get(on, methodKey(`${name}=`), at), [{ value }], at, { text });
  b.set(on, `@${name}`, value, target);
}

// Control flow, of which each part gives a value

function readIf(r: RubyReader, node: PlainNode): Var {
  const condition = childOf(node, 'condition');
  if (condition) evaluate(r, condition);
  return choose(r, [childOf(node, 'consequence'), childOf(node, 'alternative')]);
}

function choose(r: RubyReader, parts: readonly (PlainNode | undefined)[]): Var {
  const values: Var[] = [r.b.variable()];
  r.b.branches(
    parts.map((part) => () => {
      if (part) values.push(evaluate(r, part));
    }),
  );
  return r.b.union(values);
}

function readModifier(r: RubyReader, node: PlainNode): Var {
  const condition = childOf(node, 'condition');
  if (condition) evaluate(r, condition);
  return choose(r, [childOf(node, 'body'), undefined]);
}

function readLoop(r: RubyReader, node: PlainNode): Var {
  const { b } = r;
  const over = childOf(node, 'value');
  const pattern = childOf(node, 'pattern');
  const list = over === undefined ? undefined : evaluate(r, operands(over)[0] ?? over);
  b.loop(() => {
    if (list !== undefined && pattern) assign(r, pattern, b.each(list, node));
    for (const field of ['condition', 'body']) {
      const part = childOf(node, field);
      if (part) evaluate(r, part);
    }
  });
  return b.variable();
}

function readCase(r: RubyReader, node: PlainNode): Var {
  const value = childOf(node, 'value');
  if (value) evaluate(r, value);
  const arms = node.children.filter(({ type }) => /^(when|in_clause|else)$/.test(type));
  for (const arm of arms) for (const test of childrenOf(arm, 'pattern')) readBody(r, test);
  const hasElse = arms.some(({ type }) => type === 'else');
  const bodies = arms.map((arm) => (arm.type === 'else' ? arm : childOf(arm, 'body')));
  return choose(r, [...bodies, ...(hasElse ? [] : [undefined])]);
}

/** A body with `rescue`, `else` and `ensure` or without. */
function readAttempt(r: RubyReader, node: PlainNode): Var {
  const { b } = r;
  const parts = operands(node);
  const handlers = parts.filter(({ type }) => type === 'rescue');
  const rest = parts.filter(({ type }) => type !== 'rescue' && type !== 'ensure' && type !== 'else');
  let last = b.variable();
  const main = () => {
    for (const part of rest) last = evaluate(r, part);
  };
  if (handlers.length === 0) main();
  const values: Var[] = [];
  if (handlers.length > 0)
    b.attempt(
      main,
      handlers.map((handler) => () => values.push(readRescue(r, handler))),
    );
  for (const part of parts) if (part.type === 'else' || part.type === 'ensure') readBody(r, part);
  return b.union([last, ...values]);
}

function readRescue(r: RubyReader, node: PlainNode): Var {
  const { b } = r;
  const types = childOf(node, 'exceptions');
  const variable = childOf(node, 'variable');
  const value = b.variable();
  for (const type of types === undefined ? [] : operands(types))
    b.add({ op: 'instance', to: value, type: evaluate(r, type) });
  const name = variable && operands(variable)[0];
  if (name) assign(r, name, value);
  const body = childOf(node, 'body');
  return body === undefined ? b.variable() : evaluate(r, body);
}

function readReturn(r: RubyReader, node: PlainNode): Var {
  const { b } = r;
  const list = node.children.find(({ type }) => type === 'argument_list');
  const values = (list === undefined ? [] : operands(list)).map((part) => evaluate(r, part));
  const result = b.functions[b.at]?.result;
  const [only, ...more] = values;
  if (result !== undefined && node.type !== 'break' && only !== undefined) {
    const made = more.length === 0 ? only : b.container('Array');
    if (more.length > 0)
      for (const [at, value] of values.entries()) b.setItem(made, b.constant(at), value, node);
    b.copy(result, made);
  }
  b.stop();
  return b.variable();
}
