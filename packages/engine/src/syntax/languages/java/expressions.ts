/** Java expressions: from a node to the variable of its value, with the operations on the way. */
import type { Argument, Var } from '../../../model/code-facts.ts';
import { atLine, childOf, childrenOf, type PlainNode } from '../../references/plain-tree.ts';
import { enclosing, fieldsOf, keyOf, memberOfAround, methodsOf } from '../../references/typed-classes.ts';
import { readLambda, readMethodReference } from './definitions.ts';
import { operatorOf, readNarrowed } from './narrowing.ts';
import { assignTo, bindPattern } from './patterns.ts';
import { bindLocal, type JavaReader, operands } from './reader.ts';
import { addDeclaredType, qualified, typeOf } from './types.ts';

const maxKeyLength = 64;

export function evaluate(r: JavaReader, node: PlainNode): Var {
  const { b } = r;
  switch (node.type) {
    case 'identifier':
      return readName(r, node);
    case 'this':
      return r.cls?.self ?? b.variable();
    case 'super':
      return readSuper(r);
    case 'field_access':
      return readField(r, node);
    case 'method_invocation':
      return readCall(r, node);
    case 'object_creation_expression':
      return readCreation(r, node);
    case 'explicit_constructor_invocation':
      return readDelegation(r, node);
    case 'lambda_expression':
      return readLambda(r, node);
    case 'method_reference':
      return readMethodReference(r, node);
    case 'cast_expression': {
      const to = b.variable();
      addDeclaredType(r, childOf(node, 'type'), to);
      b.copy(to, evaluateField(r, node, 'value'));
      return to;
    }
    case 'ternary_expression': {
      evaluateField(r, node, 'condition');
      const consequence = b.variable();
      readNarrowed(r, childOf(node, 'condition'), () =>
        b.copy(consequence, evaluateField(r, node, 'consequence')),
      );
      return b.union([consequence, evaluateField(r, node, 'alternative')]);
    }
    case 'assignment_expression': {
      const value = evaluateField(r, node, 'right');
      const left = childOf(node, 'left');
      if (left) assignTo(r, left, value);
      return value;
    }
    case 'instanceof_expression':
      return readInstanceOf(r, node);
    case 'switch_expression':
      return readSwitch(r, node);
    default:
      return evaluateRarer(r, node);
  }
}

function evaluateRarer(r: JavaReader, node: PlainNode): Var {
  const { b } = r;
  switch (node.type) {
    case 'array_access': {
      const from = evaluateField(r, node, 'array');
      const index = childOf(node, 'index');
      return b.getItem(from, index && evaluate(r, index), node);
    }
    case 'array_creation_expression': {
      const value = childOf(node, 'value');
      for (const part of childrenOf(node, 'dimensions')) for (const size of operands(part)) evaluate(r, size);
      return value === undefined ? b.container('array') : evaluate(r, value);
    }
    case 'array_initializer': {
      const to = b.container('array');
      for (const [at, part] of operands(node).entries()) b.setKey(to, at, evaluate(r, part), part);
      return to;
    }
    case 'string_literal':
      return node.end - node.start <= maxKeyLength
        ? b.constant(b.text(node).slice(1, -1))
        : b.builtin('java.lang.String');
    case 'decimal_integer_literal': {
      const value = Number(b.text(node).replaceAll('_', ''));
      return Number.isSafeInteger(value) ? b.constant(value) : b.builtin('long');
    }
    case 'decimal_floating_point_literal':
      return b.builtin('double');
    case 'true':
    case 'false':
      return b.builtin('boolean');
    case 'character_literal':
      return b.builtin('char');
    case 'parenthesized_expression': {
      const [inner] = operands(node);
      return inner === undefined ? b.variable() : evaluate(r, inner);
    }
    case 'class_literal':
      return b.importOf('java.lang', 'Class');
    case 'null_literal':
      return b.variable();
    case 'binary_expression': {
      const left = childOf(node, 'left');
      const right = childOf(node, 'right');
      if (left) evaluate(r, left);
      const isBoth = operatorOf(r, node) === '&&';
      if (right) readNarrowed(r, isBoth ? left : undefined, () => evaluate(r, right));
      const isText =
        /^(string_literal|binary_expression)$/.test(left?.type ?? '') || right?.type === 'string_literal';
      return isText && operatorOf(r, node) === '+' ? b.builtin('java.lang.String') : b.variable();
    }
    default:
      for (const child of operands(node)) evaluate(r, child);
      return b.variable();
  }
}

export function evaluateField(r: JavaReader, node: PlainNode, field: string): Var {
  const child = childOf(node, field);
  return child === undefined ? r.b.variable() : evaluate(r, child);
}

/** A local, a field of a class around, a static import, or a type. */
function readName(r: JavaReader, node: PlainNode): Var {
  const { b } = r;
  const name = b.text(node);
  if (b.lookUp(name) !== undefined) return b.readAt(node, name);
  const imported = r.statics.get(name);
  if (imported !== undefined) return b.union(imported.map((type) => b.get(type, name, node)));
  const isType = /^[A-Z]/.test(name) && !enclosing(r).some(({ fields }) => fields.has(name));
  const member = memberOfAround(r, name, fieldsOf, name, node);
  const others = (r.statics.get('*') ?? []).map((type) => b.get(type, name, node));
  if (member !== undefined && !isType) return b.union([member, ...others]);
  return b.union([b.readAt(node, name), ...(member === undefined ? [] : [member]), ...others]);
}

function readSuper(r: JavaReader): Var {
  const to = r.b.variable();
  if (r.cls) r.b.add({ op: 'super', to, owner: r.cls.index, receiver: r.cls.self });
  return to;
}

/** `this(…)`: what a subclass has does not count. */
function readOwn(r: JavaReader): Var {
  const to = r.b.variable();
  if (r.cls) r.b.add({ op: 'super', to, owner: r.cls.index, receiver: r.cls.self, isOwn: true });
  return to;
}

function readField(r: JavaReader, node: PlainNode): Var {
  const { b } = r;
  const field = childOf(node, 'field');
  const object = childOf(node, 'object');
  if (field === undefined || object === undefined) return b.variable();
  if (field.type === 'this') return thisOf(r, b.text(object));
  const parts = b.text(node).replace(/\s+/g, '').split('.');
  // `java.util.List`: nothing here is called `java`.
  const isPath = parts.every((part) => /^[\w$]+$/.test(part)) && /^[a-z]/.test(parts[0] ?? '');
  if (isPath && parts.some((part) => /^[A-Z]/.test(part)) && !isValue(r, parts[0] as string))
    return qualified(r, parts, node);
  return b.get(evaluate(r, object), b.text(field), atLine(node, field));
}

function isValue(r: JavaReader, name: string): boolean {
  if (name === 'this' || name === 'super' || r.b.lookUp(name) !== undefined || r.statics.has(name))
    return true;
  return enclosing(r).some(({ fields }) => fields.has(name));
}

function thisOf(r: JavaReader, name: string): Var {
  const found = enclosing(r).find(({ path }) => path === name || path.endsWith(`.${name}`));
  return found?.self ?? r.b.variable();
}

// Calls

function readCall(r: JavaReader, node: PlainNode): Var {
  const { b } = r;
  const name = childOf(node, 'name');
  const list = childOf(node, 'arguments');
  const object = childOf(node, 'object');
  if (name === undefined) return b.variable();
  const isSuper = object?.type !== 'super' && node.children.some(({ type }) => type === 'super');
  const on = isSuper ? undefined : object && evaluate(r, object);
  const args = list === undefined ? [] : readArguments(r, list);
  const key = keyOf(b.text(name), args.length);
  const at = atLine(node, name);
  const callee = isSuper
    ? superOf(r, object, key, at)
    : on === undefined
      ? bareMethod(r, b.text(name), key, at)
      : b.get(on, key, at);
  const text = object === undefined ? b.text(name) : `${b.shortText(object)}.${b.text(name)}`;
  return b.call(callee, args, at, { text });
}

/** `A.super.m()`: of an interface or of a class around. */
function superOf(r: JavaReader, object: PlainNode | undefined, key: string, node: PlainNode): Var {
  const { b } = r;
  if (object === undefined) return b.get(readSuper(r), key, node);
  const around = enclosing(r).find(({ path }) => path.endsWith(b.text(object)));
  if (around === undefined) return b.get(typeOf(r, { ...object, type: 'type_identifier' }), key, node);
  const to = b.variable();
  b.add({ op: 'super', to, owner: around.index, receiver: around.self });
  return b.get(to, key, node);
}

function bareMethod(r: JavaReader, name: string, key: string, node: PlainNode): Var {
  const { b } = r;
  const isOwn = enclosing(r).some(({ methods }) => methods.has(name));
  const imported = isOwn ? undefined : r.statics.get(name);
  if (imported !== undefined) return b.union(imported.map((type) => b.get(type, key, node)));
  const member = memberOfAround(r, name, methodsOf, key, node);
  if (isOwn && member !== undefined) return member;
  const others = (r.statics.get('*') ?? []).map((type) => b.get(type, key, node));
  return b.union([...(member === undefined ? [] : [member]), ...others, b.variable()]);
}

export function readArguments(r: JavaReader, list: PlainNode): readonly Argument[] {
  return operands(list).map((part) => ({ value: evaluate(r, part) }));
}

function readCreation(r: JavaReader, node: PlainNode): Var {
  const { b } = r;
  const type = childOf(node, 'type');
  const list = childOf(node, 'arguments');
  const body = node.children.find((child) => child.type === 'class_body');
  const [outer] = operands(node);
  if (type === undefined) return b.variable();
  const bare = type.type === 'generic_type' ? (operands(type)[0] ?? type) : type;
  const inside =
    outer !== undefined &&
    outer !== type &&
    outer.field === null &&
    outer.type !== 'class_body' &&
    outer.type !== 'type_arguments';
  const cls = inside ? b.get(evaluate(r, outer), b.text(bare), node) : typeOf(r, bare);
  const args = list === undefined ? [] : readArguments(r, list);
  const made = body === undefined ? cls : r.classBody(body, cls);
  return b.call(made, args, node, { text: b.shortText(bare), isNew: true });
}

/** `this(…)` and `super(…)` in a constructor. */
function readDelegation(r: JavaReader, node: PlainNode): Var {
  const { b } = r;
  const list = childOf(node, 'arguments');
  const args = list === undefined ? [] : readArguments(r, list);
  const called = childOf(node, 'constructor');
  const key = keyOf('<init>', args.length);
  const isThis = called?.type === 'this';
  const callee = b.get(isThis ? readOwn(r) : readSuper(r), key, node);
  // A class that has no constructor of its own, or a foreign one, has nothing to resolve.
  return b.call(callee, args, node, { text: isThis ? 'this' : 'super', implicit: 'operator' });
}

function readInstanceOf(r: JavaReader, node: PlainNode): Var {
  const { b } = r;
  const value = evaluateField(r, node, 'left');
  const type = childOf(node, 'right');
  const name = childOf(node, 'name');
  if (name) {
    const to = b.variable();
    addDeclaredType(r, type, to);
    b.copy(to, value);
    bindLocal(r, name, to);
  }
  const pattern = childOf(node, 'pattern') ?? node.children.find((child) => child.type === 'record_pattern');
  if (pattern) bindPattern(r, pattern, value);
  return b.builtin('boolean');
}

// Switch

/** As a statement and as an expression: each arm from the same beginning; groups of statements may run into the next. */
export function readSwitch(r: JavaReader, node: PlainNode): Var {
  const { b } = r;
  const value = evaluateField(r, node, 'condition');
  const result = b.variable();
  const outer = r.switchResult;
  r.switchResult = result;
  const body = childOf(node, 'body');
  const arms = body === undefined ? [] : operands(body);
  const readArm = (arm: PlainNode): void => {
    b.pushScope();
    for (const part of operands(arm)) {
      if (part.type === 'switch_label') readLabel(r, part, value);
      else if (arm.type === 'switch_rule' && part.type === 'expression_statement') {
        const [inner] = operands(part);
        if (inner) b.copy(result, evaluate(r, inner));
      } else r.statement(part);
    }
    b.popScope();
  };
  if (arms.some(({ type }) => type === 'switch_rule'))
    b.branches([...arms.map((arm) => () => readArm(arm)), () => {}]);
  else
    b.loop(() => {
      for (const arm of arms) b.branches([() => readArm(arm), () => {}]);
    });
  r.switchResult = outer;
  return result;
}

function readLabel(r: JavaReader, label: PlainNode, value: Var): void {
  for (const part of operands(label)) {
    if (part.type === 'pattern') bindPattern(r, part, value);
    else if (part.type === 'guard') for (const inner of operands(part)) evaluate(r, inner);
    else if (part.type !== 'identifier') evaluate(r, part);
  }
}
