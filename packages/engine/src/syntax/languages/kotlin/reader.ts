/** What the parts of the reader of Kotlin share. */
import type { Var } from '../../../model/code-facts.ts';
import type { PlainNode } from '../../references/plain-tree.ts';
import type { TypedReader } from '../../references/typed-classes.ts';

export interface KotlinReader extends TypedReader {
  /** Full names of what is imported, by its own name. */
  readonly imports: Map<string, string>;
  evaluate(node: PlainNode): Var;
  statement(node: PlainNode): void;
  block(node: PlainNode | undefined): Var;
  objectLiteral(node: PlainNode): Var;
}

/** What is written, without words, comments and annotations. */
export function operands(node: PlainNode): readonly PlainNode[] {
  return node.children.filter(({ type, field, children }) => {
    if (/comment$|^annotation$|^modifiers$|^parameter_modifiers$/.test(type)) return false;
    return field !== null || children.length > 0 || !word.test(type);
  });
}

const word =
  /^(fun|val|var|class|object|interface|companion|init|constructor|if|else|when|for|in|while|do|return|throw|try|catch|finally|is|as|by|get|set|import|package|typealias|where|break|continue|super|this|enum|vararg|typeof)$/;

export function partOf(node: PlainNode, type: string): PlainNode | undefined {
  return node.children.find((child) => child.type === type);
}

/** `name` where the grammar names it, else the first bare name. */
export function nameOf(node: PlainNode): PlainNode | undefined {
  return (
    node.children.find(({ field, type }) => field === 'name' && type === 'identifier') ??
    partOf(node, 'identifier')
  );
}

export function hasModifier(node: PlainNode, text: string): boolean {
  const modifiers = partOf(node, 'modifiers');
  return modifiers?.children.some(({ children }) => children.some(({ type }) => type === text)) ?? false;
}

export function bindLocal(r: KotlinReader, name: PlainNode | undefined, value: Var): void {
  if (name === undefined) return;
  const text = r.b.text(name);
  if (text === '_') return;
  const binding = r.b.declare(text);
  // A lambda may change what it captures.
  binding.isOrdered = false;
  r.b.assign(binding, value);
}
