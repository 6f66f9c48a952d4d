/** Java: from a tree to the facts of a file. Packages, imports and statements; what they are made of is in the files beside it. */
import type { CodeFacts, Var } from '../../../model/code-facts.ts';
import { FactsBuilder } from '../../references/facts-builder.ts';
import { mentionTypesLeft } from '../../references/left-types.ts';
import { childOf, childrenOf, type PlainNode } from '../../references/plain-tree.ts';
import { declareTypes, readAnonymous, readType, typeDeclaration } from './definitions.ts';
import { evaluate, evaluateField } from './expressions.ts';
import { readNarrowed } from './narrowing.ts';
import { bindLocal, type JavaReader, operands } from './reader.ts';
import { addDeclaredType, qualified } from './types.ts';

export function readJava(root: PlainNode, text: string, errorCount: number): CodeFacts {
  const b = new FactsBuilder(text, root.endLine);
  const r: JavaReader = {
    b,
    cls: undefined,
    imports: new Map(),
    packages: [],
    statics: new Map(),
    switchResult: undefined,
    evaluate: (node) => evaluate(r, node),
    statement: (node) => readStatement(r, node),
    block: (node) => readBlock(r, node),
    classBody: (node, base) => readAnonymous(r, node, base),
  };
  const top = operands(root);
  for (const node of top) if (node.type === 'import_declaration') readImport(r, node);
  const own = b.pushScope();
  declareTypes(r, top);
  for (const node of top) if (typeDeclaration.test(node.type)) readType(r, node);
  // A file without a class: methods and statements alone, as in an example.
  for (const node of top)
    if (!/_declaration$|^ERROR$/.test(node.type) || node.type === 'local_variable_declaration')
      readStatement(r, node);
  mentionTypesLeft(b, root, { isName: ({ type }) => type === 'type_identifier' });
  const exports = b.exportsOf(own);
  b.popScope();
  const clause = root.children.find(({ type }) => type === 'package_declaration');
  const name = clause && operands(clause)[0];
  return {
    ...b.finish({ language: 'java', exports, errorCount }),
    namespace: name ? b.text(name).replace(/\s+/g, '') : '',
  };
}

function readImport(r: JavaReader, node: PlainNode): void {
  const { b } = r;
  const path = operands(node).find(({ type }) => /identifier$/.test(type));
  if (path === undefined) return;
  const parts = b.text(path).replace(/\s+/g, '').split('.');
  const isStatic = node.children.some(({ type }) => type === 'static');
  const isAll = node.children.some(({ type }) => type === 'asterisk');
  if (isStatic) {
    const member = isAll ? '*' : (parts.pop() as string);
    const type = qualified(r, parts, node);
    r.statics.set(member, [...(r.statics.get(member) ?? []), type]);
    return;
  }
  if (!isAll) {
    const name = parts.at(-1) as string;
    r.imports.set(name, parts.join('.'));
    b.assign(b.declare(name), qualified(r, parts, node));
    return;
  }
  // `import a.b.C.*`: the types inside a class.
  if (parts.some((part) => /^[A-Z]/.test(part))) {
    const type = qualified(r, parts, node);
    r.statics.set('*', [...(r.statics.get('*') ?? []), type]);
  } else {
    b.star(parts.join('.'), node);
    r.packages.push(parts.join('.'));
  }
}

// Statements

function readStatement(r: JavaReader, node: PlainNode): void {
  const { b } = r;
  switch (node.type) {
    case 'block':
    case 'constructor_body':
      readBlock(r, node);
      return;
    case 'local_variable_declaration':
      readVariables(r, node);
      return;
    case 'return_statement':
      readReturn(r, node);
      return;
    case 'yield_statement': {
      const [value] = operands(node);
      if (value) b.copy(r.switchResult ?? b.variable(), evaluate(r, value));
      b.stop();
      return;
    }
    case 'throw_statement':
      for (const child of operands(node)) evaluate(r, child);
      b.stop();
      return;
    case 'break_statement':
    case 'continue_statement':
      b.stop();
      return;
    case 'if_statement':
      readIf(r, node);
      return;
    case 'for_statement':
    case 'enhanced_for_statement':
    case 'while_statement':
    case 'do_statement':
      readLoop(r, node);
      return;
    case 'try_statement':
    case 'try_with_resources_statement':
      readTry(r, node);
      return;
    case 'labeled_statement': {
      const body = operands(node).at(-1);
      if (body) readStatement(r, body);
      return;
    }
    case 'expression_statement':
    case 'synchronized_statement':
    case 'assert_statement':
    case 'ERROR':
      for (const child of operands(node)) readStatement(r, child);
      return;
    default:
      if (typeDeclaration.test(node.type)) {
        declareTypes(r, [node]);
        readType(r, node);
      } else evaluate(r, node);
  }
}

function readIf(r: JavaReader, node: PlainNode): void {
  evaluateField(r, node, 'condition');
  const read = (field: string) => {
    const part = childOf(node, field);
    if (part) readStatement(r, part);
  };
  r.b.branches([
    () => readNarrowed(r, childOf(node, 'condition'), () => read('consequence')),
    () => read('alternative'),
  ]);
}

function readReturn(r: JavaReader, node: PlainNode): void {
  const { b } = r;
  const [value] = operands(node);
  const given = value && evaluate(r, value);
  const result = b.functions[b.at]?.result;
  if (given !== undefined && result !== undefined) b.copy(result, given);
  b.stop();
}

function readBlock(r: JavaReader, node: PlainNode | undefined): void {
  if (node === undefined) return;
  r.b.pushScope();
  for (const child of operands(node)) readStatement(r, child);
  r.b.popScope();
}

function readVariables(r: JavaReader, node: PlainNode): void {
  for (const part of childrenOf(node, 'declarator')) {
    const given = childOf(part, 'value');
    bindLocal(r, childOf(part, 'name'), declared(r, childOf(node, 'type'), given && evaluate(r, given)));
  }
}

/** A variable of a type, with what it is given at first. */
function declared(r: JavaReader, type: PlainNode | undefined, given: Var | undefined): Var {
  const value = r.b.variable();
  addDeclaredType(r, type, value);
  if (given !== undefined) r.b.copy(value, given);
  return value;
}

function readLoop(r: JavaReader, node: PlainNode): void {
  const { b } = r;
  b.pushScope();
  for (const part of childrenOf(node, 'init')) readStatement(r, part);
  const isEach = node.type === 'enhanced_for_statement';
  const items = isEach ? b.each(evaluateField(r, node, 'value'), node) : undefined;
  b.loop(() => {
    if (items !== undefined) bindLocal(r, childOf(node, 'name'), declared(r, childOf(node, 'type'), items));
    const isDo = node.type === 'do_statement';
    if (!isDo) evaluateField(r, node, 'condition');
    const body = childOf(node, 'body');
    if (body) readStatement(r, body);
    if (isDo) evaluateField(r, node, 'condition');
    for (const part of childrenOf(node, 'update')) evaluate(r, part);
  });
  b.popScope();
}

function readTry(r: JavaReader, node: PlainNode): void {
  const { b } = r;
  b.pushScope();
  const resources = childOf(node, 'resources');
  for (const resource of resources === undefined ? [] : operands(resources)) readResource(r, resource);
  const body = childOf(node, 'body');
  const catches = node.children.filter(({ type }) => type === 'catch_clause');
  b.attempt(
    () => readBlock(r, body),
    catches.map((clause) => () => readCatch(r, clause)),
  );
  const last = node.children.find(({ type }) => type === 'finally_clause');
  for (const child of last === undefined ? [] : operands(last)) readStatement(r, child);
  b.popScope();
}

/** It is closed at the end, which the source does not write. */
function readResource(r: JavaReader, resource: PlainNode): void {
  const { b } = r;
  const given = childOf(resource, 'value');
  const name = childOf(resource, 'name');
  let value: Var;
  if (name) {
    value = declared(r, childOf(resource, 'type'), given && evaluate(r, given));
    bindLocal(r, name, value);
  } else {
    const [inner] = operands(resource);
    value = inner === undefined ? b.variable() : evaluate(r, inner);
  }
  b.implicit(value, 'close(0)', [], resource);
}

function readCatch(r: JavaReader, clause: PlainNode): void {
  const { b } = r;
  b.pushScope();
  const parameter = clause.children.find(({ type }) => type === 'catch_formal_parameter');
  const types = parameter?.children.find(({ type }) => type === 'catch_type');
  const value = b.variable();
  const [only, ...more] = types === undefined ? [] : operands(types);
  if (only && more.length === 0) addDeclaredType(r, only, value);
  bindLocal(r, parameter && childOf(parameter, 'name'), value);
  readBlock(r, childOf(clause, 'body'));
  b.popScope();
}
