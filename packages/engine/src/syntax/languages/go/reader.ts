/** What the parts of the reader of Go share. */
import type { Var } from '../../../model/code-facts.ts';
import type { FactsBuilder } from '../../references/facts-builder.ts';
import type { PlainNode } from '../../references/plain-tree.ts';
import type { Binding } from '../../references/scoped-names.ts';

/** A type of this file, as far as literals of it must know it. */
export interface GoType {
  /** `struct_type`, `slice_type`, … */
  readonly kind: string;
  readonly members: (readonly [string, Var])[];
  readonly node: PlainNode;
}

export interface GoReader {
  readonly b: FactsBuilder;
  readonly types: Map<string, GoType>;
  /** Names that closures assign: no order of values is known for them. */
  readonly assignedFromInside: ReadonlySet<string>;
  /** Results of the function being read, where there are several. */
  results: readonly Var[];
  /** Named results: what a bare `return` gives. */
  namedResults: readonly Binding[];
  /** The parts call each other through these. */
  evaluate(node: PlainNode): Var;
  /** Number of the class of a type without a name. */
  structBody(node: PlainNode): number;
  interfaceBody(node: PlainNode): number;
  statement(node: PlainNode): void;
  block(node: PlainNode | undefined): void;
}

/** What is written, without words and comments. */
export function operands(node: PlainNode): readonly PlainNode[] {
  return node.children.filter(({ type, field, children }) => {
    if (type === 'comment') return false;
    return field !== null || children.length > 0 || !keywords.has(type);
  });
}

const keywords = new Set(
  'func return package import type struct interface map chan go defer if else for range switch case default select break continue goto fallthrough var const'.split(
    ' ',
  ),
);

export function declareName(r: GoReader, name: string): Binding {
  const binding = r.b.declare(name);
  if (r.assignedFromInside.has(name)) binding.isOrdered = false;
  return binding;
}

/** Binds a new name to a value; `_` binds nothing. */
export function bind(r: GoReader, name: PlainNode, value: Var): void {
  const text = r.b.text(name);
  if (text !== '_') r.b.assign(declareName(r, text), value);
}
