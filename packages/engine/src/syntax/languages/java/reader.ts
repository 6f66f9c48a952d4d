/** What the parts of the reader of Java share. */
import type { Var } from '../../../model/code-facts.ts';
import type { PlainNode } from '../../references/plain-tree.ts';
import type { TypedReader } from '../../references/typed-classes.ts';

export interface JavaReader extends TypedReader {
  /** Full names of imported types, by their own. */
  readonly imports: Map<string, string>;
  /** Packages all of whose types are seen. */
  readonly packages: string[];
  /** Types whose static members are seen, by member; under `*` those that give all. */
  readonly statics: Map<string, Var[]>;
  /** What `yield` and the arms of the switch around give. */
  switchResult: Var | undefined;
  evaluate(node: PlainNode): Var;
  statement(node: PlainNode): void;
  block(node: PlainNode | undefined): void;
  classBody(node: PlainNode, base: Var): Var;
}

/** What is written, without words, comments and annotations. */
export function operands(node: PlainNode): readonly PlainNode[] {
  return node.children.filter(({ type, field, children }) => {
    if (/comment$|^annotation$|^marker_annotation$|^modifiers$/.test(type)) return false;
    return field !== null || children.length > 0 || type === 'this' || type === 'super' || !word.test(type);
  });
}

const word =
  /^(new|return|if|else|for|while|do|switch|case|default|try|catch|finally|throw|throws|break|continue|synchronized|instanceof|static|final|extends|implements|import|package|class|enum|interface|record|assert|yield|when|volatile|transient|public|private|protected|abstract|native|strictfp|sealed|permits)$/;

export function hasModifier(node: PlainNode, word: string): boolean {
  const modifiers = node.children.find(({ type }) => type === 'modifiers');
  return modifiers?.children.some(({ type }) => type === word) ?? false;
}

export function bindLocal(r: JavaReader, name: PlainNode | undefined, value: Var): void {
  if (name === undefined) return;
  const text = r.b.text(name);
  if (text !== '_') r.b.assign(r.b.declare(text), value);
}
