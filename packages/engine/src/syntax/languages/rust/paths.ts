/** Paths of Rust: `a::b`, `crate::a`, `super::a`, `Self::a`, `<T as Trait>::a`. */
import type { Var } from '../../../model/code-facts.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { operands, type RustReader } from './reader.ts';

/** What a path names: a module, a type, a function, a value. */
export function readPath(r: RustReader, node: PlainNode): Var {
  const up = stepsUp(node);
  if (up >= 0) return moduleAbove(r, up);
  switch (node.type) {
    case 'crate':
      return r.b.importOf('crate');
    case 'scoped_identifier':
    case 'scoped_type_identifier':
      return readScoped(r, node);
    case 'generic_type':
    case 'generic_type_with_turbofish':
    case 'generic_function': {
      const head = childOf(node, 'type') ?? childOf(node, 'function');
      return head === undefined ? r.b.variable() : readPath(r, head);
    }
    case 'bracketed_type': {
      const inner = operands(node)[0];
      if (inner === undefined) return r.b.variable();
      return inner.type === 'qualified_type' ? readQualified(r, inner) : readPath(r, inner);
    }
    case 'identifier':
    case 'type_identifier':
      return r.b.readTypeAt(node);
    case 'primitive_type':
    case 'metavariable':
      return r.b.readAny(r.b.text(node));
    default:
      return r.type(node);
  }
}

/** `<T as Trait>`: of the type, and of the trait where the type is a parameter. */
function readQualified(r: RustReader, node: PlainNode): Var {
  const type = childOf(node, 'type');
  const alias = childOf(node, 'alias');
  const isParameter = type !== undefined && r.parameters.has(r.b.text(type));
  const parts = [type, isParameter ? alias : undefined].filter((part) => part !== undefined);
  return r.b.union([r.b.variable(), ...parts.map((part) => r.type(part))]);
}

function readScoped(r: RustReader, node: PlainNode): Var {
  const { b } = r;
  const name = childOf(node, 'name');
  const path = childOf(node, 'path');
  if (name === undefined) return b.variable();
  if (path === undefined) return b.importOf(`::${b.text(name)}`);
  const isFirst = path.type === 'identifier' || path.type === 'type_identifier';
  return b.get(isFirst ? firstOfPath(r, path, false) : readPath(r, path), b.text(name), node);
}

/** The first name of a path may be a crate. `isUse`: what stands in `use` must be bound or a crate. */
export function firstOfPath(r: RustReader, node: PlainNode, isUse: boolean, bound?: string): Var {
  const { b } = r;
  const name = b.text(node);
  // `use log;` does not name itself.
  const isOwn = b.lookUp(name) !== undefined && (bound !== name || r.defined.has(name));
  const read = () => (isUse ? b.readAny(name) : b.readTypeAt(node, name));
  if (isOwn) return read();
  if (/^[A-Z]/.test(name) && !isUse) return read();
  const crate = b.importOf(isUse || !r.hasGlobs ? `::${name}` : `::${name}?`);
  return isUse && !r.hasGlobs ? crate : b.union([crate, b.readAny(name)]);
}

/** Levels of `super` from here, 0 for `self`, -1 for anything else. */
function stepsUp(node: PlainNode): number {
  if (node.type === 'self') return 0;
  if (node.type === 'super') return 1;
  if (node.type !== 'scoped_identifier') return -1;
  const path = childOf(node, 'path');
  const name = childOf(node, 'name');
  if (path === undefined || name?.type !== 'super') return -1;
  const below = stepsUp(path);
  return below < 0 ? -1 : below + 1;
}

export function moduleAbove(r: RustReader, steps: number): Var {
  const depth = r.modules.length - steps;
  if (depth > 0) return r.modules[depth - 1] as Var;
  return r.b.importOf(depth === 0 ? 'self' : Array(-depth).fill('super').join('::'));
}

export function lastName(r: RustReader, node: PlainNode): string {
  const inner = childOf(node, 'name') ?? childOf(node, 'type') ?? childOf(node, 'function');
  return inner === undefined ? r.b.text(node) : lastName(r, inner);
}
