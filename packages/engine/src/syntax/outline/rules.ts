/**
 * Which nodes of a grammar are definitions, as data: the shape of the tables in `languages/<id>/outline.ts`.
 * What tables cannot say (several names in one node, a name inside a declarator) is a `DefinitionReader`.
 */
import type { Node } from 'web-tree-sitter';
import type { SymbolKind } from '../../model/parsed-file.ts';

export interface OutlineRules {
  /**
   * Node types to look inside. All others are passed over with everything they hold: that is what makes the walk
   * cost a fraction of the parse. Types under `definitions` must be listed here too when their inside counts.
   */
  readonly descend: readonly string[];
  /**
   * Of `descend`, those looked into only when their text holds a `{`: statements and arguments that cannot hold a
   * definition without one. One text search is cheaper than stepping through their children. For wrappers this holds
   * inside functions only.
   */
  readonly descendOnBrace?: readonly string[];
  readonly definitions: Readonly<Record<string, DefinitionRule | DefinitionReader>>;
  /** Nodes before a definition, beside it in the tree, that belong to it: attributes and decorators. */
  readonly prefixes?: readonly string[];
  /** Nodes around definitions whose first line is that of the first of them: `export`, `template <>`, `const`. */
  readonly wrappers?: readonly string[];
  /** Nodes that open a local scope without being definitions: closures. What is `nonLocal` is not listed inside. */
  readonly closures?: readonly string[];
  readonly comments: readonly string[];
  /** Members with these names get the kind `constructor`. */
  readonly constructors?: readonly string[];
  /** True where a string that opens a body documents it (Python). */
  readonly docstrings?: boolean;
}

/** Names of fields; a name the grammar has no field for is taken as the type of a child. First one present wins. */
export type ChildNames = string | readonly string[];

export interface DefinitionRule {
  readonly kind: SymbolKind;
  /** Kind when the nearest enclosing definition is a type, or a block that adds to one. */
  readonly memberKind?: SymbolKind;
  /** Default `name`. */
  readonly name?: ChildNames;
  /** What comes after the header. Default `body`. */
  readonly body?: ChildNames;
  /** Not listed inside functions: local variables are not what anybody looks for. */
  readonly nonLocal?: boolean;
}

/** What a reader is told about the place of a node. */
export interface Place {
  readonly source: string;
  /** Offset of the innermost wrapper the node is directly in, else -1: its keyword says what is defined. */
  readonly wrapperStart: number;
  /** Inside a function or closure. */
  readonly local: boolean;
  /** Kind of the nearest enclosing definition. */
  readonly parentKind: SymbolKind | undefined;
}

export interface Definition {
  readonly kind: SymbolKind;
  readonly name: string;
  readonly nameNode: Node;
  readonly body?: Node | null | undefined;
  /** Nothing inside is looked for: the body of a single test holds no definition that anybody asks for. */
  readonly closed?: boolean;
  /** The part of the node that is this definition, when the node holds several. */
  readonly node?: Node;
}

/** Reads the definitions of a node; undefined or empty when there are none here. */
export type DefinitionReader = (node: Node, place: Place) => Definition | readonly Definition[] | undefined;

/** Kinds whose functions are methods. */
export const typeKinds: ReadonlySet<SymbolKind> = new Set([
  'class',
  'interface',
  'struct',
  'enum',
  'trait',
  'implementation',
]);

/** Kinds whose inside is local. */
export const functionKinds: ReadonlySet<SymbolKind> = new Set(['function', 'method', 'constructor']);
