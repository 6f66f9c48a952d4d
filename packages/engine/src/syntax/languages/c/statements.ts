/** Statements of C and C++. */
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { construct } from './expressions.ts';
import { type CReader, operands } from './reader.ts';
import { addDeclared, type Declarator, readDeclarator } from './types.ts';

export function readStatement(r: CReader, node: PlainNode): void {
  const { b } = r;
  switch (node.type) {
    case 'compound_statement':
      b.pushScope();
      for (const child of operands(node)) readStatement(r, child);
      b.popScope();
      return;
    case 'declaration':
      readDeclaration(r, node);
      return;
    case 'return_statement':
    case 'co_return_statement':
      readReturn(r, node);
      return;
    case 'break_statement':
    case 'continue_statement':
    case 'goto_statement':
      b.stop();
      return;
    case 'if_statement':
      readIf(r, node);
      return;
    case 'for_statement':
    case 'while_statement':
    case 'do_statement':
      readLoop(r, node);
      return;
    case 'for_range_loop':
      readRange(r, node);
      return;
    case 'switch_statement':
      readSwitch(r, node);
      return;
    case 'try_statement':
      readTry(r, node);
      return;
    case 'labeled_statement':
    case 'case_statement':
    case 'else_clause':
      for (const child of operands(node)) if (child.field !== 'label') readStatement(r, child);
      return;
    case 'expression_statement':
    case 'condition_clause':
      for (const child of operands(node)) readStatement(r, child);
      return;
    default:
      readOther(r, node);
  }
}

function readOther(r: CReader, node: PlainNode): void {
  if (/^preproc_(if|ifdef|else|elif|elifdef)$/.test(node.type)) {
    const isName = (child: PlainNode) => child.field === 'name' || child.field === 'condition';
    // Which branch is built is not known: all are, one after the other.
    r.b.branches([
      () => {
        for (const child of operands(node)) if (!isName(child)) readStatement(r, child);
      },
      () => {},
    ]);
  } else if (
    /_specifier$|^(function_definition|type_definition|using_declaration|alias_declaration|template_declaration|namespace_alias_definition|preproc_)/.test(
      node.type,
    )
  )
    r.define(node);
  else r.evaluate(node);
}

function readReturn(r: CReader, node: PlainNode): void {
  const { b } = r;
  const inner = operands(node)[0];
  const value = inner === undefined ? undefined : r.evaluate(inner);
  const result = b.functions[b.at]?.result;
  if (value !== undefined && result !== undefined) b.copy(result, value);
  b.stop();
}

/** Names of one declaration, in a function. */
export function readDeclaration(r: CReader, node: PlainNode): void {
  const type = childOf(node, 'type');
  if (type !== undefined && /_specifier$/.test(type.type) && childOf(type, 'body')) r.define(type);
  for (const [index, child] of node.children.entries()) {
    if (child.field !== 'declarator') continue;
    const declarator = readDeclarator(child);
    if (
      declarator.function !== undefined &&
      childOf(child, 'value') === undefined &&
      declarator.name?.type === 'identifier'
    ) {
      // A function that is declared here is linked by its name.
      if (isConstructed(r, declarator))
        readConstructed(r, { node: child, type, given: declarator.parameters });
      continue;
    }
    const next = node.children[index + 1];
    const given = childOf(child, 'value') ?? (next?.field === 'value' ? next : undefined);
    const value = declaredValue(r, { node: child, type, given });
    bind(r, declarator.name, value);
  }
}

/** `T x(a);` reads as the declaration of a function. */
function isConstructed(r: CReader, { parameters }: Declarator): boolean {
  const given = parameters?.children ?? [];
  return (
    r.language !== 'c' &&
    given.length > 0 &&
    given.every((child) => r.b.lookUp(r.b.text(child)) !== undefined)
  );
}

function readConstructed(r: CReader, { node, type, given }: Declared): void {
  const { name } = readDeclarator(node);
  const children = (given?.children ?? []).map((child) => ({ ...child, type: 'identifier', children: [] }));
  const list = given && { ...given, type: 'argument_list', children };
  bind(r, name, construct(r, type, list, node, true));
}

function bind(r: CReader, name: PlainNode | undefined, value: number): void {
  const { b } = r;
  if (name?.type === 'structured_binding_declarator') {
    for (const [index, part] of operands(name).entries())
      b.assign(b.declare(b.text(part)), b.union([b.getItem(value, b.constant(index), part), value]));
  } else if (name !== undefined) b.assign(b.declare(b.text(name)), value);
}

interface Declared {
  readonly node: PlainNode;
  readonly type: PlainNode | undefined;
  readonly given: PlainNode | undefined;
}

/** What a declared name holds: by its type, its list, the arguments of its constructor or its value. */
export function declaredValue(r: CReader, { node, type, given }: Declared): number {
  const { b } = r;
  const declarator = readDeclarator(node);
  const to = b.variable();
  addDeclared(r, type, declarator, to);
  const isValue = !declarator.isPointer && !declarator.isArray && type?.type !== 'placeholder_type_specifier';
  if (given === undefined) {
    if (isValue && r.language !== 'c') construct(r, type, undefined, node, true);
    return to;
  }
  if (given.type === 'argument_list') {
    construct(r, type, given, node, true);
    return to;
  }
  if (given.type === 'initializer_list' && isValue && r.language !== 'c')
    construct(r, type, given, node, true);
  if (given.type === 'initializer_list') fillFrom(r, to, given, declarator.isArray);
  else b.copy(to, r.evaluate(given));
  return to;
}

/** A table may have thousands of rows: each fills what it is declared to be, and none is kept. */
function fillFrom(r: CReader, to: number, list: PlainNode, isArray: boolean): void {
  const { b } = r;
  if (!isArray) {
    b.add({ op: 'fill', on: to, from: r.evaluate(list) });
    return;
  }
  for (const item of operands(list)) {
    const value = item.type === 'initializer_pair' ? childOf(item, 'value') : item;
    if (value?.type === 'initializer_list') fillFrom(r, to, value, false);
    else if (value) b.copy(to, r.evaluate(value));
  }
}

function readIf(r: CReader, node: PlainNode): void {
  const { b } = r;
  const condition = childOf(node, 'condition');
  const whenTrue = childOf(node, 'consequence');
  const otherwise = childOf(node, 'alternative');
  b.pushScope();
  if (condition) readStatement(r, condition);
  b.branches([() => whenTrue && readStatement(r, whenTrue), () => otherwise && readStatement(r, otherwise)]);
  b.popScope();
}

function readLoop(r: CReader, node: PlainNode): void {
  const { b } = r;
  b.pushScope();
  const first = childOf(node, 'initializer');
  if (first) readStatement(r, first);
  b.loop(() => {
    for (const field of ['condition', 'body', 'update']) {
      const part = childOf(node, field);
      if (part) readStatement(r, part);
    }
  });
  b.popScope();
}

function readRange(r: CReader, node: PlainNode): void {
  const { b } = r;
  const right = childOf(node, 'right');
  const body = childOf(node, 'body');
  const declarator = readDeclarator(childOf(node, 'declarator'));
  const over = right === undefined ? b.variable() : r.evaluate(right);
  const items = b.each(over, node);
  const value = b.variable();
  addDeclared(r, childOf(node, 'type'), { ...declarator, isPointer: true }, value);
  b.copy(value, items);
  b.loop(() => {
    b.pushScope();
    bind(r, declarator.name, value);
    if (body) readStatement(r, body);
    b.popScope();
  });
}

function readSwitch(r: CReader, node: PlainNode): void {
  const { b } = r;
  const condition = childOf(node, 'condition');
  const body = childOf(node, 'body');
  if (condition) readStatement(r, condition);
  b.pushScope();
  // One case may run into the next: any of them, in order, or none.
  b.loop(() => {
    for (const part of body === undefined ? [] : operands(body))
      b.branches([() => readStatement(r, part), () => {}]);
  });
  b.popScope();
}

function readTry(r: CReader, node: PlainNode): void {
  const { b } = r;
  const body = childOf(node, 'body');
  const handlers = node.children.filter(({ type }) => type === 'catch_clause');
  b.attempt(
    () => body && readStatement(r, body),
    handlers.map((handler) => () => {
      b.pushScope();
      const parameter = childOf(handler, 'parameters')?.children.find(
        ({ type }) => type === 'parameter_declaration',
      );
      const declarator = readDeclarator(parameter && childOf(parameter, 'declarator'));
      const value = b.variable();
      if (parameter) addDeclared(r, childOf(parameter, 'type'), { ...declarator, isPointer: true }, value);
      if (declarator.name) b.assign(b.declare(b.text(declarator.name)), value);
      const inner = childOf(handler, 'body');
      if (inner) readStatement(r, inner);
      b.popScope();
    }),
  );
}
