/** `import` and `export` of ES modules and TypeScript. */
import type { Var } from '../../../model/code-facts.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { readClass, readFunction } from './definitions.ts';
import { commonModule, isWord, operands, type ScriptReader, stringValue } from './reader.ts';
import { patternNames } from './scopes.ts';

export function readModuleStatement(r: ScriptReader, node: PlainNode): void {
  if (node.type === 'export_statement') {
    readExport(r, node);
    return;
  }
  readImport(r, node);
}

function bind(r: ScriptReader, name: string, value: Var): void {
  const binding = r.b.lookUp(name) ?? r.b.declare(name);
  r.b.assign(binding, value);
}

function readImport(r: ScriptReader, node: PlainNode): void {
  const { b } = r;
  const required = node.children.find(({ type }) => type === 'import_require_clause');
  if (required) {
    const name = operands(required).find(({ type }) => type === 'identifier');
    const from = stringValue(r, childOf(required, 'source'));
    if (name && from !== undefined) bind(r, b.text(name), b.importOf(from, '=', node));
    return;
  }
  const from = stringValue(r, childOf(node, 'source'));
  const clause = node.children.find(({ type }) => type === 'import_clause');
  if (from === undefined || clause === undefined) return;
  for (const part of operands(clause)) {
    if (part.type === 'identifier') bind(r, b.text(part), b.importOf(from, 'default', part));
    else if (part.type === 'namespace_import') {
      const name = operands(part).find(({ type }) => type === 'identifier');
      if (name) bind(r, b.text(name), b.importOf(from, undefined, part));
    } else if (part.type === 'named_imports') {
      for (const specifier of part.children) {
        const name = childOf(specifier, 'name');
        if (specifier.type !== 'import_specifier' || name === undefined) continue;
        bind(
          r,
          b.text(childOf(specifier, 'alias') ?? name),
          b.importOf(from, stringValue(r, name) ?? b.text(name), specifier),
        );
      }
    }
  }
}

function readExport(r: ScriptReader, node: PlainNode): void {
  const { b } = r;
  const from = stringValue(r, childOf(node, 'source'));
  const declaration = childOf(node, 'declaration');
  const value = childOf(node, 'value');
  const isDefault = node.children.some((child) => isWord(child) && child.type === 'default');
  if (declaration) {
    const isUnnamed = isDefault && childOf(declaration, 'name') === undefined;
    if (isUnnamed) r.exports.set('default', readUnnamed(r, declaration));
    else {
      r.statement(declaration);
      exportDeclared(r, declaration, isDefault);
    }
    return;
  }
  if (value) {
    r.exports.set('default', readUnnamed(r, value));
    return;
  }
  const clause = node.children.find(({ type }) => type === 'export_clause');
  const space = node.children.find(({ type }) => type === 'namespace_export');
  if (clause) exportNames(r, clause, from);
  else if (space && from !== undefined) {
    const name = operands(space).find(({ type }) => type === 'identifier' || type === 'string');
    if (name) r.exports.set(stringValue(r, name) ?? b.text(name), b.importOf(from, undefined, node));
  } else if (from !== undefined) b.star(from, node);
  else {
    // `export = x` of TypeScript is `module.exports = x`.
    const last = operands(node).findLast((child) => !isWord(child));
    if (last) b.set(commonModule(r).module, 'exports', r.evaluate(last), node);
  }
}

function readUnnamed(r: ScriptReader, node: PlainNode): Var {
  if (/^(function|generator_function)/.test(node.type))
    return readFunction(r, node, childOf(node, 'name') ? undefined : 'default');
  if (/class/.test(node.type)) return readClass(r, node, 'default');
  return r.evaluate(node, 'default');
}

function exportDeclared(r: ScriptReader, declaration: PlainNode, isDefault: boolean): void {
  const { b } = r;
  // `export declare class X`
  if (declaration.type === 'ambient_declaration')
    for (const part of operands(declaration)) exportDeclared(r, part, isDefault);
  const names = new Set<string>();
  for (const part of declaration.children)
    if (part.type === 'variable_declarator')
      patternNames(childOf(part, 'name'), (node) => b.text(node), names);
  const own = childOf(declaration, 'name');
  if (own) names.add(b.text(own));
  for (const name of names) {
    // Whoever imports it sees every value it ever has.
    const binding = b.lookUp(name);
    if (binding) r.exports.set(isDefault ? 'default' : name, binding.all);
  }
}

function exportNames(r: ScriptReader, clause: PlainNode, from: string | undefined): void {
  const { b } = r;
  for (const specifier of clause.children) {
    const name = childOf(specifier, 'name');
    if (specifier.type !== 'export_specifier' || name === undefined) continue;
    const inner = stringValue(r, name) ?? b.text(name);
    const alias = childOf(specifier, 'alias');
    const outer = alias === undefined ? inner : (stringValue(r, alias) ?? b.text(alias));
    r.exports.set(
      outer,
      from === undefined ? (b.lookUp(inner)?.all ?? b.variable()) : b.importOf(from, inner, specifier),
    );
  }
}
