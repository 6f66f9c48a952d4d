/** Python: from a tree to the facts of a file. Statements; what they are made of is in the files beside it. */
import type { CodeFacts } from '../../../model/code-facts.ts';
import { FactsBuilder } from '../../references/facts-builder.ts';
import { mentionTypesLeft } from '../../references/left-types.ts';
import { childOf, childrenOf, hasWord, type PlainNode } from '../../references/plain-tree.ts';
import { declareBound, readClass, readDecorated, readFunction } from './definitions.ts';
import { evaluate } from './expressions.ts';
import { evaluateField } from './keys.ts';
import { readNarrowed } from './narrowing.ts';
import { operands, type PythonReader } from './reader.ts';
import { namesAssignedFromInside } from './scopes.ts';
import { assignTo, unpackLiteral } from './targets.ts';
import { addDeclaredType, evaluateCalls } from './types.ts';

export function readPython(root: PlainNode, text: string, errorCount: number): CodeFacts {
  const b = new FactsBuilder(text, root.endLine);
  const r: PythonReader = {
    b,
    owner: -1,
    classPath: undefined,
    self: undefined,
    isProtocol: false,
    narrowed: new Set(),
    assignedFromInside: namesAssignedFromInside(root, (node) => b.text(node)),
    evaluate: (node) => evaluate(r, node),
    statement: (node) => readStatement(r, node),
  };
  declareBound(r, root);
  for (const statement of operands(root)) readStatement(r, statement);
  mentionTypesLeft(b, root, {
    isName: ({ type }, parent, above) =>
      type === 'identifier' && parent.type === 'dotted_name' && above?.type === 'class_pattern',
  });
  return b.finish({ language: 'python', exports: b.exportsOf(b.scope), errorCount });
}

function readStatement(r: PythonReader, node: PlainNode): void {
  const { b } = r;
  switch (node.type) {
    case 'function_definition':
      assignTo(r, childOf(node, 'name'), readFunction(r, node));
      return;
    case 'class_definition':
      assignTo(r, childOf(node, 'name'), readClass(r, node));
      return;
    case 'decorated_definition': {
      const definition = childOf(node, 'definition');
      assignTo(r, definition && childOf(definition, 'name'), readDecorated(r, node));
      return;
    }
    case 'assignment':
      readAssignment(r, node);
      return;
    case 'augmented_assignment':
      readAugmented(r, node);
      return;
    case 'return_statement':
      readReturn(r, node);
      return;
    case 'raise_statement':
      readRaise(r, node);
      return;
    case 'break_statement':
    case 'continue_statement':
      b.stop();
      return;
    case 'import_statement':
    case 'import_from_statement':
      readImport(r, node);
      return;
    case 'global_statement':
    case 'nonlocal_statement':
      readElsewhere(r, node);
      return;
    case 'if_statement':
      readIf(r, node);
      return;
    case 'for_statement':
    case 'while_statement':
      readLoop(r, node);
      return;
    case 'try_statement':
      readTry(r, node);
      return;
    case 'with_statement':
      readWith(r, node);
      return;
    case 'match_statement':
      readMatch(r, node);
      return;
    case 'block':
    case 'ERROR':
      for (const child of operands(node)) readStatement(r, child);
      return;
    case 'type_alias_statement':
      return;
    default:
      evaluateParts(r, node);
  }
}

function readReturn(r: PythonReader, node: PlainNode): void {
  const { b } = r;
  const value = operands(node).find((child) => child.type !== 'return');
  const result = b.functions[b.at]?.result;
  if (value && result !== undefined) b.copy(result, r.evaluate(value));
  b.stop();
}

/** An expression statement, `assert`, `del`, and whatever else only evaluates what is in it. */
function evaluateParts(r: PythonReader, node: PlainNode): void {
  for (const child of operands(node)) {
    if (
      child.type === 'ERROR' ||
      child.type === 'assignment' ||
      child.type === 'augmented_assignment' ||
      child.type.endsWith('_statement')
    )
      readStatement(r, child);
    else evaluate(r, child);
  }
}

function readAssignment(r: PythonReader, node: PlainNode): void {
  const { b } = r;
  const targets: PlainNode[] = [];
  let right: PlainNode | undefined = node;
  const types: PlainNode[] = [];
  while (right?.type === 'assignment') {
    const left = childOf(right, 'left');
    const type = childOf(right, 'type');
    if (left) targets.push(left);
    if (type) types.push(type);
    right = childOf(right, 'right');
  }
  const [only, ...more] = targets;
  if (only && more.length === 0 && right && unpackLiteral(r, only, right)) return;
  if (right === undefined && types.length === 0) return;
  let value = right === undefined ? b.variable() : evaluate(r, right);
  if (types.length > 0) {
    value = b.union([value, b.variable()]);
    for (const type of types) {
      evaluateCalls(r, type);
      addDeclaredType(r, type, value);
    }
  }
  for (const target of targets) assignTo(r, target, value);
}

function readAugmented(r: PythonReader, node: PlainNode): void {
  const { b } = r;
  const left = childOf(node, 'left');
  if (left === undefined) return;
  const before = evaluate(r, left);
  const added = evaluateField(r, node, 'right');
  assignTo(r, left, b.union([before, b.implicit(before, '__iadd__', [added], node)]));
}

function readRaise(r: PythonReader, node: PlainNode): void {
  const { b } = r;
  const parts = operands(node).filter((child) => child.type !== 'raise' && child.type !== 'from');
  for (const part of parts) {
    const value = evaluate(r, part);
    // `raise Error` makes an instance as `raise Error()` does.
    if (part.type !== 'call') b.call(value, [], part, { text: b.shortText(part), implicit: 'raise' });
  }
  b.stop();
}

function readImport(r: PythonReader, node: PlainNode): void {
  const { b } = r;
  const source = childOf(node, 'module_name');
  const from = source && b.text(source).replace(/\s+/g, '');
  if (from !== undefined && node.children.some((child) => child.type === 'wildcard_import'))
    b.star(from, node);
  for (const item of childrenOf(node, 'name')) {
    const alias = childOf(item, 'alias');
    const name = b.text(childOf(item, 'name') ?? item).replace(/\s+/g, '');
    const first = name.split('.')[0] as string;
    const value =
      from !== undefined
        ? b.importOf(from, name, item)
        : b.importOf(alias === undefined ? first : name, undefined, item);
    const bound = alias === undefined ? (from === undefined ? first : name) : b.text(alias);
    b.assign(b.lookUp(bound) ?? b.declare(bound), value);
  }
}

/** The names mean those of an outer scope from here on. */
function readElsewhere(r: PythonReader, node: PlainNode): void {
  const { b } = r;
  let outer = node.type === 'global_statement' ? b.scope : b.scope.parent;
  if (node.type === 'global_statement') while (outer?.parent) outer = outer.parent;
  for (const child of node.children) {
    if (child.type !== 'identifier' || outer === undefined) continue;
    const name = b.text(child);
    const binding = b.lookUp(name, outer) ?? b.declare(name, outer);
    binding.isOrdered = false;
    b.scope.names.set(name, binding);
  }
}

function readIf(r: PythonReader, node: PlainNode): void {
  const { b } = r;
  evaluateField(r, node, 'condition');
  const otherwise = childrenOf(node, 'alternative');
  const chain = (index: number): void => {
    const next = otherwise[index];
    if (next === undefined) return;
    if (next.type !== 'elif_clause') {
      readBody(r, next);
      return;
    }
    evaluateField(r, next, 'condition');
    b.branches([
      () => readNarrowed(r, childOf(next, 'condition'), () => readBody(r, next)),
      () => chain(index + 1),
    ]);
  };
  b.branches([() => readNarrowed(r, childOf(node, 'condition'), () => readBody(r, node)), () => chain(0)]);
}

function readBody(r: PythonReader, node: PlainNode): void {
  const body =
    childOf(node, 'consequence') ??
    childOf(node, 'body') ??
    node.children.find((child) => child.type === 'block');
  if (body) readStatement(r, body);
}

function readLoop(r: PythonReader, node: PlainNode): void {
  const { b } = r;
  const isFor = node.type === 'for_statement';
  const isAsync = hasWord(node, 'async');
  const items = isFor ? b.each(evaluateField(r, node, 'right'), node, isAsync) : undefined;
  b.loop(() => {
    if (items === undefined) evaluateField(r, node, 'condition');
    else assignTo(r, childOf(node, 'left'), items);
    readBody(r, node);
  });
  const otherwise = childOf(node, 'alternative');
  if (otherwise) b.branches([() => {}, () => readBody(r, otherwise)]);
}

function readTry(r: PythonReader, node: PlainNode): void {
  const handlers = node.children.filter((child) => /^except_(group_)?clause$/.test(child.type));
  const otherwise = node.children.find((child) => child.type === 'else_clause');
  const last = node.children.find((child) => child.type === 'finally_clause');
  r.b.attempt(
    () => {
      readBody(r, node);
      if (otherwise) readBody(r, otherwise);
    },
    handlers.map((handler) => () => readHandler(r, handler)),
  );
  if (last) readBody(r, last);
}

function readHandler(r: PythonReader, node: PlainNode): void {
  const { b } = r;
  for (const child of operands(node)) {
    if (child.type === 'block') readStatement(r, child);
    else if (child.type === 'as_pattern') {
      const types = evaluate(r, child.children[0] as PlainNode);
      assignTo(r, childOf(child, 'alias'), b.instanceOf(types));
    } else if (child.children.length > 0 || child.type === 'identifier') evaluate(r, child);
  }
}

function readWith(r: PythonReader, node: PlainNode): void {
  const { b } = r;
  const isAsync = hasWord(node, 'async');
  const [enter, exit] = isAsync ? ['__aenter__', '__aexit__'] : ['__enter__', '__exit__'];
  const items = operands(node).flatMap((child) => (child.type === 'with_clause' ? operands(child) : []));
  for (const item of items) {
    const value = childOf(item, 'value') ?? item;
    const manager = evaluate(r, value);
    const entered = b.implicit(manager, enter as string, [], item);
    b.implicit(manager, exit as string, [], item);
    if (value.type === 'as_pattern') assignTo(r, childOf(value, 'alias'), entered);
  }
  readBody(r, node);
}

function readMatch(r: PythonReader, node: PlainNode): void {
  for (const subject of childrenOf(node, 'subject')) evaluate(r, subject);
  const body = childOf(node, 'body') ?? node;
  const cases = body.children.filter((child) => child.type === 'case_clause');
  const read = (clause: PlainNode) => () => {
    const guard = childOf(clause, 'guard');
    if (guard) evaluate(r, guard);
    readBody(r, clause);
  };
  r.b.branches([...cases.map(read), () => {}]);
}
