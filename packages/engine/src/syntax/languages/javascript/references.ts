/** JavaScript and TypeScript: from a tree to the facts of a file. Statements; what they are made of is in the files beside it. */
import type { CodeFacts, Var } from '../../../model/code-facts.ts';
import type { LanguageId } from '../../../model/file.ts';
import { FactsBuilder } from '../../references/facts-builder.ts';
import { mentionTypesLeft } from '../../references/left-types.ts';
import { childOf, childrenOf, hasWord, type PlainNode } from '../../references/plain-tree.ts';
import { aliasedType } from './aliases.ts';
import { readClass, readFunction, readInterface, readInterfaceBody } from './definitions.ts';
import { evaluate } from './expressions.ts';
import { readModuleStatement } from './module-statements.ts';
import { assignTo } from './patterns.ts';
import { declareAll, inBlock, isWord, operands, type ScriptReader } from './reader.ts';
import { namesAssignedFromInside } from './scopes.ts';
import { addDeclaredType, declareTypeParameters } from './types.ts';

export function readScript(language: LanguageId) {
  return (root: PlainNode, text: string, errorCount: number): CodeFacts => {
    const b = new FactsBuilder(text, root.endLine);
    const r: ScriptReader = {
      b,
      self: undefined,
      owner: -1,
      holder: undefined,
      assignedFromInside: namesAssignedFromInside(root, (node) => b.text(node)),
      exports: new Map(),
      common: undefined,
      evaluate: (node, name) => evaluate(r, node, name),
      interfaceBody: (body, name) => readInterfaceBody(r, body, name),
      statement: (node) => readStatement(r, node),
      statements: (nodes) => readStatements(r, nodes),
    };
    declareAll(r, root, true);
    readStatements(r, operands(root));
    mentionTypesLeft(b, root, { isName: ({ type }) => type === 'type_identifier' });
    const module = r.common === undefined ? {} : { module: r.common.module };
    const globals = globalsOf(r, root);
    return b.finish({
      language,
      exports: [...r.exports],
      errorCount,
      ...module,
      ...(globals.length > 0 && { globals }),
    });
  };
}

/** What is declared, and neither imported nor exported: a file without imports and exports is no module. */
function globalsOf({ b }: ScriptReader, root: PlainNode): [string, Var][] {
  if (root.children.some(({ type }) => type === 'import_statement' || type === 'export_statement')) return [];
  return root.children
    .filter(({ type }) => type === 'ambient_declaration')
    .flatMap((ambient) => ambient.children)
    .flatMap((declared) => [
      declared,
      ...declared.children.filter(({ type }) => type === 'variable_declarator'),
    ])
    .flatMap((declared) => {
      const name = childOf(declared, 'name');
      const binding = name?.type.endsWith('identifier') ? b.lookUp(b.text(name)) : undefined;
      return binding === undefined ? [] : [[binding.name, binding.all] as [string, Var]];
    });
}

const hoisted = new Set(['function_declaration', 'generator_function_declaration']);

/** Functions first, because they can be called above where they stand. */
function readStatements(r: ScriptReader, nodes: readonly PlainNode[]): void {
  const declarationOf = (node: PlainNode) =>
    node.type === 'export_statement' ? (childOf(node, 'declaration') ?? node) : node;
  const implemented = new Set<string>();
  const first: PlainNode[] = [];
  for (const node of nodes) {
    const declaration = declarationOf(node);
    if (!hoisted.has(declaration.type)) continue;
    first.push(node);
    const name = childOf(declaration, 'name');
    if (name) implemented.add(r.b.text(name));
  }
  for (const node of first) readStatement(r, node);
  for (const node of nodes) {
    if (hoisted.has(declarationOf(node).type)) continue;
    const declaration = declarationOf(node);
    // Overloads say nothing that the definition does not.
    const name = declaration.type === 'function_signature' ? childOf(declaration, 'name') : undefined;
    if (name && implemented.has(r.b.text(name))) continue;
    readStatement(r, node);
  }
}

function readStatement(r: ScriptReader, node: PlainNode): void {
  const { b } = r;
  switch (node.type) {
    case 'lexical_declaration':
    case 'variable_declaration':
      for (const child of node.children) if (child.type === 'variable_declarator') readDeclarator(r, child);
      return;
    case 'import_statement':
    case 'export_statement':
    case 'import_alias':
      readModuleStatement(r, node);
      return;
    case 'ambient_declaration':
    case 'ERROR':
      readStatements(
        r,
        operands(node).filter((child) => !isWord(child)),
      );
      return;
    case 'statement_block':
      inBlock(r, node, false, () => readStatements(r, operands(node)));
      return;
    case 'return_statement':
    case 'throw_statement':
      readReturn(r, node);
      return;
    case 'break_statement':
    case 'continue_statement':
      b.stop();
      return;
    case 'if_statement':
      readIf(r, node);
      return;
    case 'for_statement':
    case 'for_in_statement':
    case 'while_statement':
    case 'do_statement':
      readLoop(r, node);
      return;
    case 'try_statement':
      readTry(r, node);
      return;
    case 'switch_statement':
      readSwitch(r, node);
      return;
    case 'labeled_statement': {
      const body = childOf(node, 'body');
      if (body) readStatement(r, body);
      return;
    }
    default:
      if (!readDeclaration(r, node)) readParts(r, node);
  }
}

function readParts(r: ScriptReader, node: PlainNode): void {
  for (const child of operands(node)) {
    if (isWord(child)) continue;
    if (child.type === 'internal_module') readNamespace(r, child);
    else r.evaluate(child);
  }
}

/** False for anything but a function, a class or a type. */
function readDeclaration(r: ScriptReader, node: PlainNode): boolean {
  const { b } = r;
  switch (node.type) {
    case 'function_declaration':
    case 'generator_function_declaration':
    case 'function_signature':
      bindName(r, node, readFunction(r, node));
      return true;
    case 'class_declaration':
    case 'abstract_class_declaration':
      bindName(r, node, readClass(r, node));
      return true;
    case 'interface_declaration':
      bindName(r, node, readInterface(r, node));
      return true;
    case 'type_alias_declaration':
      readAlias(r, node);
      return true;
    case 'enum_declaration':
      bindName(r, node, b.container('object'));
      return true;
    case 'internal_module':
    case 'module':
      readNamespace(r, node);
      return true;
    default:
      return false;
  }
}

export function bindName(r: ScriptReader, node: PlainNode, value: Var): void {
  const name = childOf(node, 'name');
  if (name === undefined) return;
  const text = r.b.text(name);
  const binding = r.b.lookUp(text) ?? r.b.declare(text);
  // An interface and a class, or two parts of an interface, may share a name.
  const isMerged = /^(interface|type_alias|internal_module|module|function_signature)/.test(node.type);
  if (isMerged) binding.isOrdered = false;
  r.b.assign(binding, value);
}

function readDeclarator(r: ScriptReader, node: PlainNode): void {
  const { b } = r;
  const name = childOf(node, 'name');
  const given = childOf(node, 'value');
  const type = childOf(node, 'type');
  if (name === undefined || (given === undefined && type === undefined)) return;
  const isName = name.type === 'identifier';
  let value = given === undefined ? b.variable() : evaluate(r, given, isName ? b.text(name) : undefined);
  if (type) {
    value = b.union([value, b.variable()]);
    addDeclaredType(r, type, value);
  }
  assignTo(r, name, value);
}

function readAlias(r: ScriptReader, node: PlainNode): void {
  const value = childOf(node, 'value');
  if (value === undefined) return;
  r.b.pushScope();
  declareTypeParameters(r, node);
  const type =
    value.type === 'object_type'
      ? readInterface(r, {
          ...node,
          children: node.children.map((child) => (child === value ? { ...child, field: 'body' } : child)),
        })
      : aliasedType(r, node, value);
  r.b.popScope();
  bindName(r, node, type);
}

/** A namespace is an object whose members are what it exports; here, all it declares. */
function readNamespace(r: ScriptReader, node: PlainNode): void {
  const { b } = r;
  const name = childOf(node, 'name');
  const body = childOf(node, 'body');
  if (name === undefined || body === undefined) return;
  if (name.type === 'string') {
    readStatement(r, body);
    return;
  }
  const object = b.container('object');
  bindName(r, node, object);
  const outer = r.holder;
  const path = b.pathOf(b.text(name), r.holder);
  const exported = new Map(r.exports);
  inBlock(r, body, false, (scope) => {
    r.holder = path;
    readStatements(r, operands(body));
    for (const [member, value] of b.exportsOf(scope)) b.set(object, member, value, node);
  });
  r.holder = outer;
  // What a namespace exports is not exported by the module.
  r.exports.clear();
  for (const [key, value] of exported) r.exports.set(key, value);
}

function readReturn(r: ScriptReader, node: PlainNode): void {
  const { b } = r;
  const value = operands(node).find((child) => !isWord(child));
  const given = value === undefined ? undefined : evaluate(r, value);
  const result = b.functions[b.at]?.result;
  if (node.type === 'return_statement' && given !== undefined && result !== undefined) b.copy(result, given);
  b.stop();
}

function readIf(r: ScriptReader, node: PlainNode): void {
  const condition = childOf(node, 'condition');
  if (condition) evaluate(r, condition);
  const whenTrue = childOf(node, 'consequence');
  const otherwise = childOf(node, 'alternative');
  const last = otherwise && operands(otherwise).find((child) => !isWord(child));
  r.b.branches([() => whenTrue && readStatement(r, whenTrue), () => last && readStatement(r, last)]);
}

function readLoop(r: ScriptReader, node: PlainNode): void {
  const { b } = r;
  b.pushScope();
  declareAll(r, { ...node, children: node.children.filter(({ field }) => field === 'initializer') }, false);
  const initializer = childOf(node, 'initializer');
  if (initializer) readStatement(r, initializer);
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  const items = right && readItems(r, node, right);
  b.loop(() => {
    if (left && items !== undefined) assignTo(r, left, items, childOf(node, 'kind') !== undefined);
    for (const field of ['condition', 'increment']) {
      const part = childOf(node, field);
      if (part) evaluate(r, part);
    }
    const body = childOf(node, 'body');
    if (body) readStatement(r, body);
  });
  b.popScope();
}

/** `for (x of y)`: its elements; `for (x in y)`: its names, of which nothing is known. */
function readItems(r: ScriptReader, node: PlainNode, right: PlainNode): Var {
  const { b } = r;
  const value = evaluate(r, right);
  return hasWord(node, 'of') ? b.each(value, node) : b.builtin('string');
}

function readTry(r: ScriptReader, node: PlainNode): void {
  const body = childOf(node, 'body');
  const handler = childOf(node, 'handler');
  const last = childOf(node, 'finalizer');
  r.b.attempt(
    () => body && readStatement(r, body),
    handler === undefined ? [] : [() => readHandler(r, handler)],
  );
  const block =
    last && (childOf(last, 'body') ?? last.children.find(({ type }) => type === 'statement_block'));
  if (block) readStatement(r, block);
}

function readHandler(r: ScriptReader, node: PlainNode): void {
  const { b } = r;
  b.pushScope();
  const parameter = childOf(node, 'parameter');
  if (parameter) assignTo(r, parameter, b.variable(), true);
  const body = childOf(node, 'body');
  if (body) readStatement(r, body);
  b.popScope();
}

function readSwitch(r: ScriptReader, node: PlainNode): void {
  const value = childOf(node, 'value');
  if (value) evaluate(r, value);
  const body = childOf(node, 'body');
  if (body === undefined) return;
  inBlock(r, body, false, () => {
    // One case may run into the next: any of them, in order, or none.
    r.b.loop(() => {
      for (const part of operands(body)) {
        const tested = childOf(part, 'value');
        if (tested) evaluate(r, tested);
        r.b.branches([() => readStatements(r, childrenOf(part, 'body')), () => {}]);
      }
    });
  });
}
