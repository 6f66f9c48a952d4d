/** What the parts of the reader of JavaScript and TypeScript share: the builder, and the class and receiver they are in. */
import type { Var } from '../../../model/code-facts.ts';
import type { FactsBuilder } from '../../references/facts-builder.ts';
import type { PlainNode } from '../../references/plain-tree.ts';
import type { Scope } from '../../references/scoped-names.ts';
import { blockNames } from './scopes.ts';

export interface ScriptReader {
  readonly b: FactsBuilder;
  /** `this` here. */
  self: Var | undefined;
  /** Number of the class around, -1 outside. */
  owner: number;
  /** Path of the class or named object whose body is being read. */
  holder: string | undefined;
  readonly assignedFromInside: ReadonlySet<string>;
  readonly exports: Map<string, Var>;
  /** CommonJS: variables of `module` and `exports`, made on first use. */
  common: { readonly module: Var; readonly exports: Var } | undefined;
  /** The parts call each other through these: what is in an expression may be a definition, and what is in a definition an expression. */
  evaluate(node: PlainNode, name?: string): Var;
  interfaceBody(body: PlainNode, name: string): Var;
  statement(node: PlainNode): void;
  statements(nodes: readonly PlainNode[]): void;
}

export function operands(node: PlainNode): readonly PlainNode[] {
  return node.children.filter((child) => child.type !== 'comment' && child.type !== 'html_comment');
}

/** Words such as `async` are children too; the others are what is written. */
export function isWord(node: PlainNode): boolean {
  return node.children.length === 0 && node.field === null && keywords.has(node.type);
}

const keywords = new Set(
  'async static get set await yield of in new typeof void delete instanceof function return throw export default import from as const let var class extends implements abstract declare readonly if else for while do switch case try catch finally type interface enum namespace module keyof infer is asserts satisfies override accessor public private protected with using'.split(
    ' ',
  ),
);

export function inBlock(
  r: ScriptReader,
  body: PlainNode,
  isFunction: boolean,
  read: (scope: Scope) => void,
): void {
  const { b } = r;
  const scope = b.pushScope();
  declareAll(r, body, isFunction);
  read(scope);
  b.popScope();
}

export function declareAll(r: ScriptReader, body: PlainNode, isFunction: boolean): void {
  for (const name of blockNames(body, (node) => r.b.text(node), isFunction)) declareName(r, name);
}

export function declareName(r: ScriptReader, name: string) {
  const binding = r.b.declare(name);
  if (r.assignedFromInside.has(name)) binding.isOrdered = false;
  return binding;
}

/** `module` and `exports` of CommonJS. */
export function commonModule(r: ScriptReader): { readonly module: Var; readonly exports: Var } {
  if (r.common === undefined) {
    const module = r.b.container('object');
    const exports = r.b.container('object');
    r.b.add({ op: 'set', on: module, name: 'exports', from: exports, at: 0, line: 1 });
    r.common = { module, exports };
  }
  return r.common;
}

/** The text of a string node. */
export function stringValue(r: ScriptReader, node: PlainNode | undefined): string | undefined {
  if (node?.type !== 'string') return undefined;
  return r.b.text(node).slice(1, -1);
}
