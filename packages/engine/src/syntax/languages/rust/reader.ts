/** What the parts of the reader of Rust share: the builder, and the modules and types they are in. */
import type { Var } from '../../../model/code-facts.ts';
import type { FactsBuilder } from '../../references/facts-builder.ts';
import type { PlainNode } from '../../references/plain-tree.ts';

export interface RustReader {
  readonly b: FactsBuilder;
  /** Path of the inline modules and the type whose items are being read; undefined inside a function. */
  holder: string | undefined;
  /** Inline modules around, the outermost first. */
  modules: readonly Var[];
  /** `self` here. */
  self: Var | undefined;
  /** Number of the trait around, -1 outside. */
  owner: number;
  /** Type parameters in sight. */
  parameters: ReadonlySet<string>;
  /** Names that the file defines, not only imports. */
  readonly defined: ReadonlySet<string>;
  /** Types of the items being read: what is imported under such a name is a macro or a value. */
  ownTypes: ReadonlySet<string>;
  /** `use a::*` stands somewhere: a name without a binding may come from there. */
  readonly hasGlobs: boolean;
  /** The parts call each other through these: items stand in bodies, and expressions in items. */
  evaluate(node: PlainNode): Var;
  type(node: PlainNode): Var;
  items(nodes: readonly PlainNode[]): void;
}

const keywords = new Set(
  `use mod struct enum union fn impl for dyn async move unsafe match if else in while loop let return break continue await mut as trait
  type where const static pub ref extern default raw yield try gen safe`
    .trim()
    .split(/\s+/),
);
const silent = new Set([
  'line_comment',
  'block_comment',
  'attribute_item',
  'inner_attribute_item',
  'visibility_modifier',
  'mutable_specifier',
  'label',
  'lifetime',
  'empty_statement',
  'function_modifiers',
]);

/** Children that mean something: no words, comments or attributes. */
export function operands(node: PlainNode): readonly PlainNode[] {
  return node.children.filter((child) => !silent.has(child.type) && !isWord(child));
}

function isWord(node: PlainNode): boolean {
  return node.children.length === 0 && keywords.has(node.type);
}

/** In a scope of its own; `parent` undefined: nothing outside is seen. */
export function inScope(r: RustReader, read: () => void): void {
  r.b.pushScope();
  read();
  r.b.popScope();
}
