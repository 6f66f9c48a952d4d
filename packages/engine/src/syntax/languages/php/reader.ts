/** What the parts of the reader of PHP share: the builder, the namespace and what `use` made of names, and the class around. */
import type { Var } from '../../../model/code-facts.ts';
import type { FactsBuilder } from '../../references/facts-builder.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import type { Scope } from '../../references/scoped-names.ts';

export interface PhpClass {
  readonly index: number;
  readonly path: string;
  readonly type: Var;
  readonly members: [string, Var][];
}

export interface PhpReader {
  readonly b: FactsBuilder;
  /** `App::Http`: namespaces are kept with `::`. */
  space: string;
  /** What `use` calls a class or a namespace, by its name here in small letters; the same for functions. */
  readonly classes: Map<string, string>;
  readonly functions: Map<string, string>;
  readonly exports: [string, Var][];
  cls: PhpClass | undefined;
  /** `$this`, or the class in a static method. */
  self: Var | undefined;
  /** Names of the function being read; an arrow function sees those around it, too. */
  locals: Scope;
  seesAround: boolean;
  /** The parts call each other through these: definitions stand in bodies, and expressions in definitions. */
  evaluate(node: PlainNode): Var;
  statement(node: PlainNode): void;
  define(node: PlainNode): void;
}

const keywords = new Set(
  `abstract as break callable case catch class clone const continue declare default do echo else elseif enddeclare endfor endforeach endif
  endswitch endwhile enum extends final finally fn for foreach from function global goto if implements include insteadof instanceof interface
  match namespace new print private protected public readonly require return static switch throw trait try unset use var while yield
  comment php_tag php_end_tag text attribute_list visibility_modifier static_modifier abstract_modifier final_modifier readonly_modifier
  var_modifier`
    .trim()
    .split(/\s+/),
);

/** Children that mean something: no words, comments or modifiers. */
export function operands(node: PlainNode): readonly PlainNode[] {
  return node.children.filter(({ type }) => !keywords.has(type));
}

export const textOf = (r: PhpReader, node: PlainNode): string => r.b.text(node).replace(/\s+/g, '');

/** A class as a value, by its name as written. */
export function classNamed(r: PhpReader, node: PlainNode): Var {
  return mentionClass(r, textOf(r, node), node);
}

/** `name`: as written at the node, or as the comment there says. */
export function mentionClass(r: PhpReader, name: string, node: PlainNode): Var {
  return r.b.mention(classOf(r, name), node.children.at(-1) ?? node);
}

export function classOf(r: PhpReader, name: string): Var {
  return r.b.readAny(`type^  ${fullClass(r, name)}`);
}

function fullClass(r: PhpReader, name: string): string {
  if (name.startsWith('\\')) return joined(name.slice(1));
  if (/^namespace\\/i.test(name)) return withSpace(r, joined(name.slice(10)));
  const [head = '', ...rest] = name.split('\\');
  const used = r.classes.get(head.toLowerCase());
  if (used !== undefined) return [used, ...rest].join('::');
  return withSpace(r, joined(name));
}

const joined = (name: string): string => name.replaceAll('\\', '::');
const withSpace = ({ space }: PhpReader, name: string): string => (space === '' ? name : `${space}::${name}`);

/** Full name of a definition; classes and functions are found whatever the case of their letters. */
export const inSpace = (r: PhpReader, name: string): string => withSpace(r, name).toLowerCase();

/** A function by its name as written: of this namespace, else of none. `kind`: `call`, or `value` for one that is not called. */
export function functionNamed(r: PhpReader, kind: 'call' | 'value', name: string): Var {
  const used = name.includes('\\') ? undefined : r.functions.get(name.toLowerCase());
  if (used !== undefined) return r.b.readAny(`${kind}  ::${used}`);
  if (name.startsWith('\\')) return r.b.readAny(`${kind}  ::${joined(name.slice(1))}`);
  if (name.includes('\\')) return r.b.readAny(`${kind}  ::${fullClass(r, name)}`);
  return r.b.readAny(`${kind} ${r.space} ${name}`);
}

/** Methods are told apart from fields; letters of another case than those of the definition are rare. */
export const methodKey = (name: string): string => `${name}()`;

/** `$x` without its sign. */
export function variableName(r: PhpReader, node: PlainNode): string | undefined {
  if (node.type !== 'variable_name') return undefined;
  return r.b.text(node).slice(1);
}

export function readVariable(r: PhpReader, name: string): Var {
  const { b } = r;
  const binding = r.locals.names.get(name) ?? (r.seesAround ? b.lookUp(name) : undefined);
  return b.current(binding ?? b.declare(name, r.locals));
}

export function assignVariable(r: PhpReader, name: string, value: Var): void {
  r.b.assign(r.b.declare(name, r.locals), value);
}

export function evaluateField(r: PhpReader, node: PlainNode, field: string): Var | undefined {
  const part = childOf(node, field);
  return part && r.evaluate(part);
}
