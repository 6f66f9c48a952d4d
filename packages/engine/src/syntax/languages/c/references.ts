/** C and C++: from a tree to the facts of a file. Definitions; what they are made of is in the files beside it. */
import type { CodeFacts, Var } from '../../../model/code-facts.ts';
import type { LanguageId } from '../../../model/file.ts';
import { FactsBuilder } from '../../references/facts-builder.ts';
import { mentionTypesLeft } from '../../references/left-types.ts';
import { childOf, hasWord, type PlainNode } from '../../references/plain-tree.ts';
import { readClass } from './classes.ts';
import { evaluate } from './expressions.ts';
import { isExtern, isStatic, readFunction } from './functions.ts';
import { readMacro } from './macros.ts';
import { memberName } from './member-name.ts';
import { type CReader, callKeys, inSpace, linked, nameText, operands } from './reader.ts';
import { declaredValue, readStatement } from './statements.ts';
import { type Declarator, declareParameters, readDeclarator, typeOf } from './types.ts';

export function readC(language: LanguageId) {
  return (root: PlainNode, text: string, errorCount: number): CodeFacts => {
    const b = new FactsBuilder(text, root.endLine);
    const r: CReader = {
      b,
      language,
      space: '',
      holder: '',
      self: undefined,
      owner: -1,
      usings: new Set(),
      aliases: new Map(),
      exports: [],
      evaluate: (node) => evaluate(r, node),
      statement: (node) => readStatement(r, node),
      type: (node) => typeOf(r, node),
      define: (node) => define(r, node),
    };
    for (const child of operands(root)) define(r, child);
    mentionTypesLeft(b, root, {
      isName: ({ type, field }, parent) =>
        (type === 'type_identifier' && field !== 'declarator') ||
        (type === 'namespace_identifier' && parent.type === 'qualified_identifier'),
      meant: (node) => r.type(node),
    });
    return b.finish({ language, exports: r.exports, errorCount });
  };
}

function define(r: CReader, node: PlainNode): void {
  const { b } = r;
  switch (node.type) {
    case 'function_definition':
      defineFunction(r, node);
      return;
    case 'declaration':
      defineVariables(r, node);
      return;
    case 'struct_specifier':
    case 'class_specifier':
    case 'union_specifier':
      defineClass(r, node, undefined);
      return;
    case 'enum_specifier':
      defineEnum(r, node);
      return;
    case 'type_definition':
    case 'alias_declaration':
      defineAlias(r, node);
      return;
    case 'namespace_definition':
      defineNamespace(r, node);
      return;
    case 'namespace_alias_definition': {
      const name = childOf(node, 'name');
      const target = operands(node).at(-1);
      if (name && target) r.aliases.set(b.text(name), b.text(target).replace(/\s+/g, ''));
      return;
    }
    case 'using_declaration':
      readUsing(r, node);
      return;
    case 'template_declaration':
      inTemplate(r, node);
      return;
    case 'preproc_def':
    case 'preproc_function_def':
      readMacro(r, node);
      return;
    default:
      defineOther(r, node);
  }
}

function defineOther(r: CReader, node: PlainNode): void {
  if (
    /^(preproc_(if|ifdef|else|elif|elifdef)|linkage_specification|declaration_list|ERROR|export_declaration)$/.test(
      node.type,
    )
  ) {
    for (const child of operands(node))
      if (child.field !== 'name' && child.field !== 'condition') define(r, child);
  } else if (/^(expression_statement|.*_statement)$/.test(node.type)) readStatement(r, node);
}

/** `using namespace a`, `using a::b`. */
function readUsing(r: CReader, node: PlainNode): void {
  const target = operands(node)[0];
  if (target === undefined) return;
  const name = nameText(r, target).replace(/^::/, '');
  if (hasWord(node, 'namespace')) r.usings.add(name);
  else if (name.includes('::')) r.usings.add(name.slice(0, name.lastIndexOf('::')));
}

function inTemplate(r: CReader, node: PlainNode): void {
  const { b } = r;
  b.pushScope();
  declareParameters(r, node);
  for (const child of operands(node)) if (child.field !== 'parameters') define(r, child);
  b.popScope();
}

function defineNamespace(r: CReader, node: PlainNode): void {
  const name = childOf(node, 'name');
  const body = childOf(node, 'body');
  const outer = r.space;
  // What is in an inline namespace is in the one around it.
  if (name && !hasWord(node, 'inline')) r.space = inSpace(r, r.b.text(name).replace(/\s+|inline\b/g, ''));
  r.exports.push([`N:${r.space}`, r.b.variable()]);
  if (body) for (const child of operands(body)) define(r, child);
  r.space = outer;
}

/** Whether only this file sees it. */
function isLocal(r: CReader, node: PlainNode): boolean {
  return isStatic(node) && r.holder === '';
}

function exportAs(r: CReader, node: PlainNode, kind: string, keys: readonly string[], value: Var): void {
  const prefix = isLocal(r, node) ? 'static ' : '';
  for (const key of keys) r.exports.push([`${prefix}${kind}:${inSpace(r, key)}`, value]);
}

function defineFunction(r: CReader, node: PlainNode): void {
  const { b } = r;
  const declarator = readDeclarator(childOf(node, 'declarator'));
  if (declarator.name === undefined || declarator.function === undefined) {
    const body = childOf(node, 'body');
    if (body) readStatement(r, body);
    return;
  }
  const name = nameText(r, declarator.name);
  if (childOf(node, 'type') === undefined && isMacroName.test(name)) {
    defineByMacro(r, node, declarator);
    return;
  }
  const bare = name.split('::').at(-1) ?? name;
  const scope = name.includes('::') ? name.slice(0, name.lastIndexOf('::')) : '';
  if (scope !== '') {
    defineMethod(r, node, scope, bare);
    return;
  }
  const { value, least, most } = readFunction(r, node, {
    path: b.pathOf(bare, r.holder),
    declarator,
    type: undefined,
    owner: -1,
  });
  const keys = r.language === 'c' ? [`${bare}(*)`] : callKeys(bare, least, most);
  exportAs(r, node, 'F', keys, value);
  exportAs(r, node, 'R', [bare], value);
}

const isMacroName = /^[A-Z][A-Z0-9_]+$/;

/** `TEST_F(Fixture, Name) {…}`: a function of what the macro makes, on a fixture where there is one. */
function defineByMacro(r: CReader, node: PlainNode, declarator: Declarator): void {
  const names = (declarator.parameters?.children ?? []).slice(0, 4).map((child) => r.b.text(child));
  const path = names.filter((name) => /^\w+$/.test(name)).join('.') || r.b.text(declarator.name as PlainNode);
  const type = names[0] === undefined ? undefined : linked(r, 'type', names[0]);
  const bare = { ...declarator, parameters: undefined };
  readFunction(r, node, { path: r.b.pathOf(path, r.holder), declarator: bare, type, owner: -1 });
}

/** `void Foo::bar() {…}`: given to the class, or a function of a namespace. */
function defineMethod(r: CReader, node: PlainNode, scope: string, bare: string): void {
  const { b } = r;
  const declarator = readDeclarator(childOf(node, 'declarator'));
  const type = linked(r, 'type', scope);
  const outer = { space: r.space, holder: r.holder };
  const ownName = scope.split('::').at(-1) ?? '';
  const path = b.pathOf(`${scope.split('::').at(-1)}.${bare}`, r.holder);
  const made = b.variable();
  b.copy(made, type);
  r.space = inSpace(r, scope);
  const { value, least, most } = readFunction(r, node, { path, declarator, type: made, owner: -1 });
  Object.assign(r, outer);
  const name = memberName(bare, ownName);
  const at = { at: 0, line: node.line };
  for (const key of [...callKeys(name, least, most), `&${bare}`])
    b.add({ op: 'set', on: type, name: key, from: value, isDefinition: true, ...at });
  for (const key of callKeys(bare, least, most))
    r.exports.push([`F:${inSpace(r, `${scope}::${key}`)}`, value]);
}

function defineClass(r: CReader, node: PlainNode, alias: string | undefined): void {
  const name = childOf(node, 'name');
  if (childOf(node, 'body') === undefined) return;
  const bare = name === undefined ? (alias ?? `<anonymous:${node.line}>`) : nameText(r, name);
  const value = readClass(r, node, bare);
  if (name === undefined) r.b.copy(r.b.declare(`%type ${node.start}`).all, value);
  else r.exports.push([`T:${inSpace(r, bare)}`, value]);
}

function defineEnum(r: CReader, node: PlainNode): void {
  const { b } = r;
  const name = childOf(node, 'name');
  const value = b.builtin('enum');
  if (name) r.exports.push([`T:${inSpace(r, b.text(name))}`, value]);
  for (const item of childOf(node, 'body')?.children ?? []) {
    const own = childOf(item, 'name');
    if (own) r.exports.push([`V:${inSpace(r, b.text(own))}`, value]);
  }
}

/** `typedef struct {…} name;`, `using name = type;`. */
function defineAlias(r: CReader, node: PlainNode): void {
  const type = childOf(node, 'type');
  if (type === undefined) return;
  const names = node.children.filter(({ field }) => field === 'declarator' || field === 'name');
  const first = readDeclarator(names[0]);
  const alias = first.name === undefined ? undefined : r.b.text(first.name);
  if (/^(struct|class|union)_specifier$/.test(type.type) && childOf(type, 'body'))
    defineClass(r, type, alias);
  else if (type.type === 'enum_specifier') defineEnum(r, type);
  for (const node of names) {
    const { name, function: fn, isFunctionPointer } = readDeclarator(node);
    if (name === undefined) continue;
    const isFunction = fn !== undefined || isFunctionPointer || isFunctionType(type);
    const value = isFunction ? r.b.builtin('Function') : typeOf(r, withoutBody(type));
    r.exports.push([`T:${inSpace(r, r.b.text(name))}`, value]);
  }
}

/** `using F = void (*)(int)`. */
function isFunctionType(type: PlainNode): boolean {
  const { function: fn, isFunctionPointer } = readDeclarator(childOf(type, 'declarator'));
  return fn !== undefined || isFunctionPointer;
}

/** A struct that has been read: the name of it, where it has one. */
function withoutBody(type: PlainNode): PlainNode {
  const isNamed = childOf(type, 'name') !== undefined;
  return { ...type, children: type.children.filter(({ field }) => field !== 'body' || !isNamed) };
}

/** Variables of a file or namespace; what is declared as a function is linked by its name. */
function defineVariables(r: CReader, node: PlainNode): void {
  const { b } = r;
  const type = childOf(node, 'type');
  if (type !== undefined && /_specifier$/.test(type.type) && childOf(type, 'body')) define(r, type);
  for (const child of node.children) {
    if (child.field !== 'declarator') continue;
    const declarator = readDeclarator(child);
    if (declarator.name === undefined) continue;
    if (declarator.function !== undefined && childOf(child, 'value') === undefined) {
      r.exports.push([`D:${inSpace(r, nameText(r, declarator.name))}`, b.variable()]);
      continue;
    }
    const bare = {
      ...(type ?? node),
      children: (type ?? node).children.filter(({ field }) => field !== 'body'),
    };
    const value = declaredValue(r, { node: child, type: type && bare, given: childOf(child, 'value') });
    // What is only declared here counts where nothing defines it.
    exportAs(r, node, isExtern(node) ? 'E' : 'V', [nameText(r, declarator.name)], value);
  }
}
