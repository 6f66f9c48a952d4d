/** C#: from a tree to the facts of a file. Namespaces, usings and statements; what they are made of is in the files beside it. */
import type { CodeFacts, Var } from '../../../model/code-facts.ts';
import { FactsBuilder } from '../../references/facts-builder.ts';
import { mentionTypesLeft } from '../../references/left-types.ts';
import { childOf, hasWord, type PlainNode } from '../../references/plain-tree.ts';
import { declareTypes, readType, typeDeclaration } from './classes.ts';
import { evaluate, evaluateField } from './expressions.ts';
import { readLocalFunction } from './functions.ts';
import { bindComponents, bindPattern } from './patterns.ts';
import { bareName, bindLocal, type CSharpReader, operands, partOf } from './reader.ts';
import { addDeclaredType, typeOf } from './types.ts';

const namespaceLike = /^(file_scoped_)?namespace_declaration$/;

const holdsTypes =
  /^(typeof_expression|default_expression|sizeof_expression|type_argument_list|constant_pattern|array_type|nullable_type|base_list)$/;

/** A bare name is a type by where it stands; `nameof(P)` looks like a call. */
function namesType({ b }: CSharpReader, { type, field }: PlainNode, parent: PlainNode): boolean {
  if (type !== 'identifier') return false;
  if (field === 'type' || field === 'returns' || holdsTypes.test(parent.type)) return true;
  if (/^(is|as)_expression$/.test(parent.type)) return field === 'right';
  return parent.type === 'argument' && /^nameof\b/.test(b.text({ ...parent, start: parent.start - 7 }));
}

export function readCSharp(root: PlainNode, text: string, errorCount: number): CodeFacts {
  const b = new FactsBuilder(text, root.endLine);
  const r: CSharpReader = {
    b,
    cls: undefined,
    statics: [],
    likeTheirType: new Set(),
    bound: undefined,
    expected: undefined,
    returns: undefined,
    namespace: '',
    evaluate: (node) => evaluate(r, node),
    statement: (node) => readStatement(r, node),
    block: (node) => readBlock(r, node),
  };
  const namespaces: string[] = [];
  const globalStars: string[] = [];
  const parts = partsOf(r, root, '', namespaces);
  for (const { node } of parts) if (node.type === 'using_directive') readUsing(r, node, globalStars);
  const own = b.pushScope();
  declareTypes(
    r,
    parts.map(({ node }) => node),
  );
  for (const { node, namespace } of parts) {
    r.namespace = namespace;
    if (typeDeclaration.test(node.type)) readType(r, node);
  }
  r.namespace = '';
  for (const { node } of parts)
    if (node.type === 'global_statement')
      for (const statement of operands(node)) declareLocalFunctions(r, [statement]);
  for (const { node } of parts)
    if (!typeDeclaration.test(node.type) && node.type !== 'using_directive') readStatement(r, node);
  const types = new Set(parts.map(({ node }) => childOf(node, 'name')).map((name) => name && b.text(name)));
  const exports = b.exportsOf(own).filter(([name]) => types.has(name.replace(/`\d+$/, '')));
  mentionTypesLeft(b, root, { isName: (node, parent) => namesType(r, node, parent) });
  b.popScope();
  const [namespace = '', ...others] = new Set(namespaces.length === 0 ? [''] : namespaces);
  return {
    ...b.finish({ language: 'c_sharp', exports, errorCount }),
    namespace,
    ...(others.length > 0 && { moreNamespaces: others }),
    ...(globalStars.length > 0 && { globalStars }),
  };
}

interface Part {
  readonly node: PlainNode;
  readonly namespace: string;
}

/** What stands outside of types, whatever namespace it is in. */
function partsOf(r: CSharpReader, node: PlainNode, namespace: string, found: string[]): Part[] {
  let around = namespace;
  const parts: Part[] = [];
  for (const child of operands(node)) {
    if (!namespaceLike.test(child.type)) {
      if (typeDeclaration.test(child.type)) found.push(around);
      parts.push({ node: child, namespace: around });
      continue;
    }
    const name = childOf(child, 'name');
    const inner = [around, name === undefined ? '' : r.b.text(name).replace(/\s+/g, '')]
      .filter((part) => part !== '')
      .join('.');
    const body = childOf(child, 'body');
    // Without braces it holds for all that follows.
    if (body === undefined) around = inner;
    else parts.push(...partsOf(r, body, inner, found));
  }
  return parts;
}

function readUsing(r: CSharpReader, node: PlainNode, globalStars: string[]): void {
  const { b } = r;
  const alias = childOf(node, 'name');
  const target = operands(node).find((child) => child !== alias && child.field !== 'name');
  if (target === undefined) return;
  if (alias !== undefined) {
    const value = /^(identifier|qualified_name|alias_qualified_name)$/.test(target.type)
      ? typeOf(r, target)
      : b.union([typeOf(r, target), b.variable()]);
    b.assign(b.declare(b.text(alias)), value);
    return;
  }
  if (hasWord(node, 'static')) {
    r.statics.push(typeOf(r, target));
    return;
  }
  const name = b
    .text(target)
    .replace(/\s+/g, '')
    .replace(/^global::/, '');
  b.star(name, node);
  if (hasWord(node, 'global')) globalStars.push(name);
}

// Statements

function readStatement(r: CSharpReader, node: PlainNode): void {
  const { b } = r;
  switch (node.type) {
    case 'block':
      readBlock(r, node);
      return;
    case 'local_declaration_statement':
    case 'using_statement':
    case 'fixed_statement':
      readDeclaring(r, node);
      return;
    case 'local_function_statement':
      readLocalFunction(r, node);
      return;
    case 'return_statement':
      readReturn(r, node);
      return;
    case 'yield_statement':
      readYield(r, node);
      return;
    case 'throw_statement':
      for (const child of operands(node)) r.evaluate(child);
      b.stop();
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
    case 'foreach_statement':
    case 'while_statement':
    case 'do_statement':
      readLoop(r, node);
      return;
    case 'switch_statement':
      readSwitch(r, node);
      return;
    case 'try_statement':
      readTry(r, node);
      return;
    case 'expression_statement':
    case 'global_statement':
    case 'lock_statement':
    case 'checked_statement':
    case 'unsafe_statement':
    case 'labeled_statement':
    case 'ERROR':
      for (const child of operands(node)) if (child.type !== 'identifier') readStatement(r, child);
      return;
    case 'empty_statement':
      return;
    default:
      if (typeDeclaration.test(node.type)) {
        declareTypes(r, [node]);
        readType(r, node);
      } else r.evaluate(node);
  }
}

function readReturn(r: CSharpReader, node: PlainNode): void {
  const { b } = r;
  const [value] = operands(node);
  const outer = r.expected;
  r.expected = r.returns;
  const given = value && r.evaluate(value);
  r.expected = outer;
  const result = b.functions[b.at]?.result;
  if (given !== undefined && result !== undefined) b.copy(result, given);
  b.stop();
}

function readYield(r: CSharpReader, node: PlainNode): void {
  const { b } = r;
  const draft = b.functions[b.at];
  const [value] = operands(node);
  const given = value && r.evaluate(value);
  if (draft === undefined) return;
  draft.yields ??= b.variable();
  if (given !== undefined) b.copy(draft.yields, given);
  b.forgetSlots();
}

function readBlock(r: CSharpReader, node: PlainNode | undefined): void {
  if (node === undefined) return;
  r.b.pushScope();
  const statements = operands(node);
  declareLocalFunctions(r, statements);
  for (const child of statements) readStatement(r, child);
  r.b.popScope();
}

/** They are seen before they are written. */
function declareLocalFunctions(r: CSharpReader, statements: readonly PlainNode[]): void {
  for (const statement of statements) {
    const name = statement.type === 'local_function_statement' ? childOf(statement, 'name') : undefined;
    if (name) r.b.declare(r.b.text(name)).isOrdered = false;
  }
}

/** Variables, also those that are disposed of at the end; `using (x)` has an expression instead. */
function readDeclaring(r: CSharpReader, node: PlainNode): void {
  const { b } = r;
  const isUsing = hasWord(node, 'using');
  b.branches([
    () => {
      if (node.type !== 'local_declaration_statement') b.pushScope();
      for (const part of operands(node)) {
        if (part.field === 'body') readStatement(r, part);
        else if (part.type === 'variable_declaration') {
          for (const value of readVariables(r, part)) if (isUsing) dispose(r, value, node);
        } else if (part.type === 'block') readStatement(r, part);
        else {
          const value = r.evaluate(part);
          if (isUsing) dispose(r, value, node);
        }
      }
      if (node.type !== 'local_declaration_statement') b.popScope();
    },
  ]);
}

function dispose(r: CSharpReader, value: Var, node: PlainNode): void {
  r.b.implicit(value, hasWord(node, 'await') ? 'DisposeAsync(0)' : 'Dispose(0)', [], node);
}

/** `Foo a = x, b = y;`, `var (a, b) = x;`. */
export function readVariables(r: CSharpReader, node: PlainNode): Var[] {
  const { b } = r;
  const type = childOf(node, 'type');
  return operands(node)
    .filter((part) => part.type === 'variable_declarator')
    .map((part) => {
      const [name, given] = operands(part);
      const outer = r.expected;
      r.expected = type;
      const written = name === undefined || given === undefined ? undefined : r.evaluate(given);
      r.expected = outer;
      const value = b.variable();
      addDeclaredType(r, type, value);
      if (written !== undefined) b.copy(value, written);
      if (name?.type === 'tuple_pattern') bindPattern(r, name, value);
      else bindLocal(r, name, value);
      return value;
    });
}

function readIf(r: CSharpReader, node: PlainNode): void {
  evaluateField(r, node, 'condition');
  r.b.branches(
    ['consequence', 'alternative'].map((field) => () => {
      const part = childOf(node, field);
      if (part) readStatement(r, part);
    }),
  );
}

function readLoop(r: CSharpReader, node: PlainNode): void {
  const { b } = r;
  b.pushScope();
  const first = childOf(node, 'initializer');
  if (first?.type === 'variable_declaration') readVariables(r, first);
  else if (first) r.evaluate(first);
  const isEach = node.type === 'foreach_statement';
  const items = isEach ? b.each(evaluateField(r, node, 'right'), node, hasWord(node, 'await')) : undefined;
  b.loop(() => {
    if (items === undefined) evaluateField(r, node, 'condition');
    else bindItem(r, node, items);
    const body = childOf(node, 'body');
    if (body) readStatement(r, body);
    for (const part of node.children) if (part.field === 'update') r.evaluate(part);
  });
  b.popScope();
}

function bindItem(r: CSharpReader, node: PlainNode, items: Var): void {
  const left = childOf(node, 'left');
  const item = r.b.variable();
  addDeclaredType(r, childOf(node, 'type'), item);
  r.b.copy(item, items);
  if (left?.type === 'identifier') bindLocal(r, left, item);
  else if (left?.type === 'tuple_pattern') bindComponents(r, left, item, true);
  else if (left) bindPattern(r, left, item);
}

function readSwitch(r: CSharpReader, node: PlainNode): void {
  const { b } = r;
  const value = evaluateField(r, node, 'value');
  const body = childOf(node, 'body');
  const sections = body === undefined ? [] : operands(body);
  b.branches([
    ...sections.map((section) => () => {
      b.pushScope();
      for (const part of operands(section)) {
        if (/_pattern$|^discard$/.test(part.type)) bindPattern(r, part, value);
        else if (part.type === 'when_clause') for (const inner of operands(part)) r.evaluate(inner);
        else readStatement(r, part);
      }
      b.popScope();
    }),
    () => {},
  ]);
}

function readTry(r: CSharpReader, node: PlainNode): void {
  const { b } = r;
  const catches = node.children.filter(({ type }) => type === 'catch_clause');
  b.attempt(
    () => readBlock(r, childOf(node, 'body')),
    catches.map((clause) => () => readCatch(r, clause)),
  );
  const last = partOf(node, 'finally_clause');
  for (const child of last === undefined ? [] : operands(last)) readStatement(r, child);
}

function readCatch(r: CSharpReader, clause: PlainNode): void {
  const { b } = r;
  b.pushScope();
  const declaration = partOf(clause, 'catch_declaration');
  const name = declaration && childOf(declaration, 'name');
  if (name && declaration) {
    const value = b.variable();
    addDeclaredType(r, childOf(declaration, 'type'), value);
    if (bareName(r, name) !== '_') bindLocal(r, name, value);
  }
  const filter = partOf(clause, 'catch_filter_clause');
  for (const part of filter === undefined ? [] : operands(filter)) r.evaluate(part);
  readBlock(r, childOf(clause, 'body'));
  b.popScope();
}
