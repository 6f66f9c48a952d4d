/**
 * Which names a file's functions and classes bind, and from what: one look at the tree before facts are taken, because a name
 * is bound in its whole function. Blocks are not told apart: a name bound anywhere in a function is its own everywhere.
 */
import { childOf, childrenOf, type PlainNode } from '../references/plain-tree.ts';
import type { BehaviourLanguage } from './behaviour-language.ts';

/** What a name is known to hold: the value it is given, or its declared type. */
export interface Origin {
  readonly value?: PlainNode;
  readonly type?: PlainNode;
  readonly isParameter?: boolean;
  /** Times the name is given a value. */
  times: number;
  /** Where the names in `value` and `type` are looked up. */
  readonly scope: Scope;
}

export interface Scope {
  readonly parent: Scope | undefined;
  /** The function, or the file. */
  readonly node: PlainNode;
  readonly index: number;
  readonly path: string;
  readonly owner: ClassScope | undefined;
  readonly names: Map<string, Origin>;
  /** Name -> what is outside the file. */
  readonly imports: Map<string, string>;
  /** Names that belong to an outer function or the module although they are assigned here. */
  readonly outer: Set<string>;
  /** Name of the receiver where it is chosen (Go). */
  receiver?: string | undefined;
  /** The receiver is a copy. */
  isCopied?: boolean | undefined;
}

export interface ClassScope {
  readonly path: string;
  readonly node: PlainNode;
  readonly fields: Map<string, Origin>;
}

/** The place of a name: the scope that binds it, or what is imported under it; neither: nothing in the file binds it. */
export function lookUp(
  name: string,
  from: Scope,
): { readonly scope?: Scope; readonly imported?: string; readonly origin?: Origin } {
  for (let scope: Scope | undefined = from; scope; scope = scope.parent) {
    const imported = scope.imports.get(name);
    if (imported !== undefined) return { scope, imported };
    const origin = scope.outer.has(name) ? undefined : scope.names.get(name);
    if (origin !== undefined) return { scope, origin };
  }
  return {};
}

const keywords =
  /^(raise|throw|await|return|yield|from|async|delete|new|const|let|var|in|of|not|typeof|void|ref|mut|go|defer|else)$/;

/** Children without the keywords among them, which a plain tree keeps as leaves. */
export function operands(node: PlainNode): readonly PlainNode[] {
  return node.children.filter((child) => child.children.length > 0 || !keywords.test(child.type));
}

/** Leaves of a pattern that bind a name. */
export function boundNames(language: BehaviourLanguage, pattern: PlainNode, text: string): string[] {
  const found: string[] = [];
  const visit = (node: PlainNode) => {
    if (node.type in language.members || node.type in language.elements || node.type in language.calls)
      return;
    if (node.children.length === 0) {
      if (language.identifiers.has(node.type)) found.push(text.slice(node.start, node.end));
      return;
    }
    for (const child of node.children)
      if (
        !['type', 'right', 'value', 'key'].includes(child.field ?? '') ||
        (child.field === 'value' && node.type === 'pair_pattern')
      )
        visit(child);
  };
  visit(pattern);
  return found;
}

export function parameterNodes(node: PlainNode): readonly PlainNode[] {
  const one = childOf(node, 'parameter');
  const list = childOf(node, 'parameters');
  const receiver = childOf(node, 'receiver');
  return [...(receiver?.children ?? []), ...(list?.children ?? []), ...(one ? [one] : [])];
}

/** `x = f(y)` with one name on each side gives the value; anything else binds the name without one. */
export function onlyValue(node: PlainNode, left: PlainNode): PlainNode | undefined {
  const value = childOf(node, 'value') ?? childOf(node, 'right');
  if (value === undefined) return undefined;
  if (left.children.length > 1 || childrenOf(node, left.field ?? '').length > 1) return undefined;
  return value.type === 'expression_list'
    ? value.children.length === 1
      ? value.children[0]
      : undefined
    : value;
}
