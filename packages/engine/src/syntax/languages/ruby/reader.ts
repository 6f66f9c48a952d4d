/** What the parts of the reader of Ruby share: the builder, the modules around, and what `self` is. */
import type { Var } from '../../../model/code-facts.ts';
import type { FactsBuilder } from '../../references/facts-builder.ts';
import type { PlainNode } from '../../references/plain-tree.ts';
import type { Binding, Scope } from '../../references/scoped-names.ts';

export interface RubyClass {
  readonly index: number;
  /** `A.B.C`, as ids and other files have it. */
  readonly path: string;
  readonly type: Var;
  readonly members: [string, Var][];
  /** Methods from here on are those of the class: `class << self`, `extend self`, `module_function`. */
  methodsAre: 'instance' | 'static' | 'both';
  /** Methods from here on are not for everybody: `private`, `protected`. */
  isClosed?: boolean;
}

export interface RubyMethod {
  readonly name: string;
  readonly isStatic: boolean;
  /** What `yield` calls. */
  readonly block: Var;
  /** What a bare `super` passes on. */
  readonly given: readonly Var[];
}

export interface RubyReader {
  readonly b: FactsBuilder;
  readonly exports: [string, Var][];
  cls: RubyClass | undefined;
  self: Var | undefined;
  method: RubyMethod | undefined;
  /** Outermost scope whose variables are seen: a method sees none from outside. */
  floor: Scope;
  /** The parts call each other through these: definitions stand in expressions, and expressions in definitions. */
  evaluate(node: PlainNode): Var;
  define(node: PlainNode): Var | undefined;
}

const keywords = new Set(
  `alias and begin break case class def defined do else elsif end ensure for if in module next not or redo rescue retry return then
  undef unless until when while yield comment heredoc_beginning heredoc_end heredoc_content string_content escape_sequence`
    .trim()
    .split(/\s+/),
);

/** Children that mean something: no words or comments. */
export function operands(node: PlainNode): readonly PlainNode[] {
  return node.children.filter((child) => child.children.length > 0 || !keywords.has(child.type));
}

/** Methods are told apart from constants and variables of an object. */
export const methodKey = (name: string): string => `${name}()`;
export const staticKey = (name: string): string => `static ${name}()`;

/** What a constant means here; `kind` `type` where only a class can stand. */
export function constantNamed(r: RubyReader, name: string, kind: 'type' | 'value' = 'value'): Var {
  const space = r.cls === undefined ? '' : r.cls.path.replaceAll('.', '::');
  return r.b.readAny(`${kind} ${name.startsWith('::') ? '' : space} ${name}`);
}

/** `A::B::C`, or undefined where a part is computed. */
export function constantText(r: RubyReader, node: PlainNode): string | undefined {
  const text = r.b.text(node);
  return /^(::)?[A-Z]\w*(::[A-Z]\w*)*$/.test(text) ? text : undefined;
}

export function localNamed({ b, floor }: RubyReader, name: string): Binding | undefined {
  for (let scope: Scope | undefined = b.scope; scope !== undefined; scope = scope.parent) {
    const found = scope.names.get(name);
    if (found !== undefined || scope === floor) return found;
  }
  return undefined;
}

/** `:name` or `'name'` as written. */
export function literalName(r: RubyReader, node: PlainNode | undefined): string | undefined {
  if (node === undefined || !/^(simple_symbol|string|hash_key_symbol|delimited_symbol)$/.test(node.type))
    return undefined;
  const name = r.b.text(node).replace(/^:|['"]/g, '');
  return /^[@\w]+[?!=]?$/.test(name) ? name : undefined;
}
