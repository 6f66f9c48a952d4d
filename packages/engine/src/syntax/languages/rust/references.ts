/** Rust: from a tree to the facts of a file. Items; what they are made of is in the files beside it. */
import type { CodeFacts, Var } from '../../../model/code-facts.ts';
import { FactsBuilder } from '../../references/facts-builder.ts';
import { mentionTypesLeft } from '../../references/left-types.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import type { Scope } from '../../references/scoped-names.ts';
import { isItem } from './control.ts';
import {
  readConstant,
  readEnum,
  readFunction,
  readImplementation,
  readStructure,
  readTrait,
} from './definitions.ts';
import { evaluate } from './expressions.ts';
import { operands, type RustReader } from './reader.ts';
import { declareParameters, typeOf } from './types.ts';
import { importedNames, readUse } from './uses.ts';

/** `E` in `Vec<E>` and in `E::A` of patterns and arguments of macros. */
const namesType =
  (b: FactsBuilder) =>
  (node: PlainNode, parent: PlainNode): boolean =>
    node.type === 'type_identifier' ||
    (node.type === 'identifier' &&
      (node.field === 'path' || parent.type === 'token_tree') &&
      /^[A-Z]\w*[a-z]|^[A-Z]$/.test(b.text(node)));

export function readRust(root: PlainNode, text: string, errorCount: number): CodeFacts {
  const b = new FactsBuilder(text, root.endLine);
  const { defined, hasGlobs } = survey(root, text);
  const r: RustReader = {
    b,
    holder: '',
    modules: [],
    self: undefined,
    owner: -1,
    parameters: new Set(),
    defined,
    hasGlobs,
    ownTypes: new Set(),
    evaluate: (node) => evaluate(r, node),
    type: (node) => typeOf(r, node),
    items: (nodes) => readItems(r, nodes),
  };
  const scope = b.scope;
  readItems(r, root.children);
  // What an unknown macro left around items reads as statements.
  for (const child of operands(root)) if (!isItem(child)) r.evaluate(child);
  mentionTypesLeft(b, root, { isName: namesType(b) });
  return b.finish({ language: 'rust', exports: b.exportsOf(scope), errorCount });
}

function survey(root: PlainNode, text: string) {
  const defined = new Set<string>();
  let hasGlobs = false;
  const visit = (node: PlainNode, isInside: boolean): void => {
    // `use super::*` of a module in place leads to names that the file binds itself.
    if (node.type === 'use_wildcard')
      hasGlobs ||= !isInside || !/^super::\*/.test(text.slice(node.start, node.end));
    const name = isItem(node) && !node.type.startsWith('use') ? childOf(node, 'name') : undefined;
    if (name) defined.add(text.slice(name.start, name.end));
    for (const child of node.children) visit(child, isInside || node.type === 'mod_item');
  };
  visit(root, false);
  return { defined, hasGlobs };
}

/** Names first: an item is seen above where it stands. */
function readItems(r: RustReader, nodes: readonly PlainNode[]): void {
  const { b } = r;
  for (const node of nodes) {
    if (node.type === 'use_declaration') for (const name of importedNames(r, node)) declare(r, name);
    const name = isItem(node) ? childOf(node, 'name') : undefined;
    if (name) declare(r, node.type === 'macro_definition' ? `${b.text(name)}!` : b.text(name));
  }
  const outer = r.ownTypes;
  const types = nodes.filter(({ type }) => /^(struct|enum|union|trait|type)_item$/.test(type));
  r.ownTypes = new Set(types.map((node) => b.text(childOf(node, 'name') ?? node)));
  let path: string | undefined;
  for (const node of nodes) {
    if (node.type === 'attribute_item') {
      path = /^#\[\s*path\s*=\s*"([^"]+)"/.exec(b.text(node))?.[1] ?? path;
      continue;
    }
    if (isItem(node)) readItem(r, node, path);
    path = undefined;
  }
  r.ownTypes = outer;
}

function declare(r: RustReader, name: string): void {
  r.b.declare(name).isOrdered = false;
}

function readItem(r: RustReader, node: PlainNode, path: string | undefined): void {
  const { b } = r;
  const name = childOf(node, 'name');
  const text = name === undefined ? '' : b.text(name);
  const bind = (value: Var) => {
    const binding = b.lookUp(text);
    if (binding) b.copy(binding.all, value);
  };
  switch (node.type) {
    case 'use_declaration':
      readUse(r, node);
      return;
    case 'extern_crate_declaration': {
      const alias = childOf(node, 'alias');
      const own = alias === undefined ? text : b.text(alias);
      b.copy(b.declare(own).all, b.importOf(text === 'self' ? 'crate' : `::${text}`));
      return;
    }
    case 'mod_item':
      bind(readModule(r, node, text, path));
      return;
    case 'function_item':
      bind(readFunction(r, node));
      return;
    case 'struct_item':
    case 'union_item':
      bind(readStructure(r, node, text, []));
      return;
    case 'enum_item':
      bind(readEnum(r, node, text));
      return;
    case 'trait_item':
      bind(readTrait(r, node, text));
      return;
    case 'impl_item':
      readImplementation(r, node);
      return;
    case 'const_item':
    case 'static_item':
      bind(readConstant(r, node));
      return;
    case 'type_item':
    case 'trait_alias_item':
      bind(readAlias(r, node));
      return;
    case 'foreign_mod_item':
      for (const item of childOf(node, 'body')?.children ?? []) bindForeign(r, item);
      return;
  }
}

/** A function of another language: outside. */
function bindForeign(r: RustReader, item: PlainNode): void {
  const name = childOf(item, 'name');
  if (name === undefined) return;
  r.b.copy(r.b.declare(r.b.text(name)).all, r.b.importOf('::extern', r.b.text(name)));
}

function readAlias(r: RustReader, node: PlainNode): Var {
  const { b } = r;
  const type = childOf(node, 'type');
  if (type === undefined) return b.variable();
  const parameters = r.parameters;
  b.pushScope();
  declareParameters(r, node);
  const value = typeOf(r, type);
  b.popScope();
  r.parameters = parameters;
  return value;
}

/** Another file, or a module in place: a class with nothing but members of its own. */
function readModule(r: RustReader, node: PlainNode, name: string, path: string | undefined): Var {
  const { b } = r;
  const body = childOf(node, 'body');
  const holder = b.pathOf(name, r.holder);
  if (body === undefined)
    return b.importOf(`mod:${holder.replaceAll('.', '/')}${path === undefined ? '' : `#${path}`}`);
  const index = b.classes.length;
  const members: (readonly [string, Var])[] = [];
  b.classes.push({ path: holder, start: node.line, end: node.endLine, bases: [], members });
  const module = b.variable();
  b.add({ op: 'class', to: module, index });
  const outer = { holder: r.holder, modules: r.modules, scope: b.scope };
  const seesOuter = body.children.some(
    (child) => child.type === 'use_declaration' && /super::\*/.test(b.text(child)),
  );
  const scope: Scope = {
    parent: seesOuter ? b.scope : undefined,
    names: new Map(),
    isClass: false,
    home: b.at,
  };
  b.scope = scope;
  r.holder = holder;
  r.modules = [...r.modules, module];
  readItems(r, body.children);
  members.push(...[...scope.names.values()].map(({ name: member, all }) => [member, all] as const));
  b.scope = outer.scope;
  r.holder = outer.holder;
  r.modules = outer.modules;
  return module;
}
