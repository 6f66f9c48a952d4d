/** `use` trees of Rust: the names they bind, and what they take everything of. */
import type { Var } from '../../../model/code-facts.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { firstOfPath, moduleAbove, readPath } from './paths.ts';
import { operands, type RustReader } from './reader.ts';

/** Names that a declaration binds. */
export function importedNames(r: RustReader, node: PlainNode): string[] {
  const { b } = r;
  switch (node.type) {
    case 'identifier':
      return [b.text(node), `${b.text(node)}!`];
    case 'scoped_identifier': {
      const name = childOf(node, 'name');
      return name === undefined ? [] : [b.text(name), `${b.text(name)}!`];
    }
    case 'use_as_clause': {
      const alias = childOf(node, 'alias');
      return alias === undefined || b.text(alias) === '_' ? [] : [b.text(alias), `${b.text(alias)}!`];
    }
    case 'scoped_use_list': {
      const path = childOf(node, 'path');
      const list = childOf(node, 'list');
      const own = list?.children.some(({ type }) => type === 'self') && path ? importedNames(r, path) : [];
      return [...own, ...(list === undefined ? [] : importedNames(r, list))];
    }
    case 'use_declaration':
    case 'use_list':
      return operands(node).flatMap((child) => importedNames(r, child));
    default:
      return [];
  }
}

export function readUse(r: RustReader, node: PlainNode): void {
  const argument = childOf(node, 'argument');
  if (argument) readTree(r, argument, undefined);
}

/** `base`: what stands before the braces. */
function readTree(r: RustReader, node: PlainNode, base: Var | undefined): void {
  switch (node.type) {
    case 'use_list':
      for (const child of operands(node)) readTree(r, child, base);
      return;
    case 'scoped_use_list': {
      const path = childOf(node, 'path');
      const list = childOf(node, 'list');
      const found = path === undefined ? undefined : valueAt(r, path, base);
      if (list === undefined) return;
      for (const child of operands(list)) {
        if (child.type === 'self' && path && found !== undefined) bind(r, lastOf(r, path), found);
        else readTree(r, child, found ?? base);
      }
      return;
    }
    case 'use_wildcard': {
      const path = operands(node)[0];
      const from = path === undefined ? base : valueAt(r, path, base);
      if (from !== undefined) r.b.add({ op: 'star', from, ...ownerOf(r) });
      return;
    }
    case 'use_as_clause': {
      const path = childOf(node, 'path');
      const alias = childOf(node, 'alias');
      if (path && alias) bindWithMacro(r, path, base, r.b.text(alias));
      return;
    }
    default:
      bindWithMacro(r, node, base, lastOf(r, node));
  }
}

function ownerOf(r: RustReader): { readonly on?: Var } {
  const module = r.modules.at(-1);
  return module === undefined ? {} : { on: module };
}

/** A macro may have the name too. */
function bindWithMacro(r: RustReader, node: PlainNode, base: Var | undefined, name: string): void {
  if (!r.ownTypes.has(name)) bind(r, name, valueAt(r, node, base, name));
  const path = childOf(node, 'path');
  if (!/^[a-z_]/.test(name)) return;
  const from = node.type === 'scoped_identifier' && path ? valueAt(r, path, base) : base;
  if (from !== undefined) bind(r, `${name}!`, r.b.get(from, `${lastOf(r, node)}!`, node));
}

function bind(r: RustReader, name: string, value: Var): void {
  const binding = r.b.lookUp(name);
  if (binding === undefined) return;
  r.b.markImported(value);
  r.b.copy(binding.all, value);
}

function lastOf(r: RustReader, node: PlainNode): string {
  const name = childOf(node, 'name');
  return r.b.text(name ?? node);
}

function valueAt(r: RustReader, node: PlainNode, base: Var | undefined, bound?: string): Var {
  const { b } = r;
  if (node.type === 'identifier') {
    return base === undefined ? firstOfPath(r, node, true, bound) : b.get(base, b.text(node), node);
  }
  if (node.type === 'self' && base === undefined) return moduleAbove(r, 0);
  if (node.type !== 'scoped_identifier') return readPath(r, node);
  const path = childOf(node, 'path');
  const name = childOf(node, 'name');
  if (path === undefined || name === undefined || name.type === 'super') return readPath(r, node);
  return b.get(valueAt(r, path, base), b.text(name), node);
}
