/** What the parts of the Python reader share: the builder, and the class and method they are in. */
import type { Var } from '../../../model/code-facts.ts';
import type { FactsBuilder } from '../../references/facts-builder.ts';
import type { PlainNode } from '../../references/plain-tree.ts';

export interface PythonReader {
  readonly b: FactsBuilder;
  /** Number of the class whose body or method is being read, -1 outside. */
  owner: number;
  /** Path of the class whose body is being read, undefined in functions. */
  classPath: string | undefined;
  /** That class declares what others implement. */
  isProtocol: boolean;
  /** First parameter of the method being read. */
  self: Var | undefined;
  /** What attributes are known to be where a condition holds: reading them may call all the same. */
  readonly narrowed: Set<Var>;
  /** Names bound in one function and assigned in another inside it. */
  readonly assignedFromInside: ReadonlySet<string>;
  /** The parts call each other through these: a lambda is a definition in an expression, a default an expression in a definition. */
  evaluate(node: PlainNode): Var;
  statement(node: PlainNode): void;
}

export function isComment(node: PlainNode): boolean {
  return node.type === 'comment' || node.type === 'line_continuation';
}

export function operands(node: PlainNode): readonly PlainNode[] {
  return node.children.filter((child) => !isComment(child));
}
