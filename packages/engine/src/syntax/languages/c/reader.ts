/** What the parts of the reader of C and C++ share: the builder, and the namespaces and classes they are in. */
import type { Var } from '../../../model/code-facts.ts';
import type { LanguageId } from '../../../model/file.ts';
import type { FactsBuilder } from '../../references/facts-builder.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';

export interface CReader {
  readonly b: FactsBuilder;
  readonly language: LanguageId;
  /** Namespaces and classes around, e.g. `a::b::Foo`. */
  space: string;
  /** Classes around, as ids have them; undefined inside a function. */
  holder: string | undefined;
  /** `this` here. */
  self: Var | undefined;
  /** Number of the class around, -1 outside. */
  owner: number;
  /** What `using` made visible, and other names of namespaces. */
  readonly usings: Set<string>;
  readonly aliases: Map<string, string>;
  /** What other files see, by kind and full name. */
  readonly exports: [string, Var][];
  /** The parts call each other through these: definitions stand in bodies, and expressions in definitions. */
  evaluate(node: PlainNode): Var;
  statement(node: PlainNode): void;
  type(node: PlainNode): Var;
  define(node: PlainNode): void;
}

const silent = new Set([
  'comment',
  'access_specifier',
  'type_qualifier',
  'storage_class_specifier',
  'attribute_specifier',
  'attribute_declaration',
  'ms_declspec_modifier',
  'preproc_directive',
  'noexcept',
  'virtual_specifier',
  'lambda_capture_specifier',
]);
const keywords = new Set(
  `if else for while do switch case default return break continue goto struct class union enum typedef template typename using namespace new
  delete throw try catch public private protected virtual static inline extern const sizeof operator explicit friend co_return co_await
  co_yield constexpr noexcept volatile register final override requires concept alignof decltype static_assert asm signed unsigned long short mutable`
    .trim()
    .split(/\s+/),
);

/** Children that mean something: no words, comments or qualifiers. */
export function operands(node: PlainNode): readonly PlainNode[] {
  return node.children.filter(
    (child) => !silent.has(child.type) && !(child.children.length === 0 && keywords.has(child.type)),
  );
}

/** The name as written, without spaces and arguments of templates. */
export function nameText(r: CReader, node: PlainNode): string {
  switch (node.type) {
    case 'qualified_identifier': {
      const scope = childOf(node, 'scope');
      const name = childOf(node, 'name');
      return `${scope === undefined ? '' : nameText(r, scope)}::${name === undefined ? '' : nameText(r, name)}`;
    }
    case 'template_function':
    case 'template_type':
    case 'template_method':
    case 'dependent_name': {
      const name = childOf(node, 'name') ?? operands(node)[0];
      return name === undefined ? '' : nameText(r, name);
    }
    default:
      return r.b.text(node).replace(/\s+/g, node.type === 'operator_name' ? '' : ' ');
  }
}

/** What a name means that no scope of the file binds: found when all files are known. `kind`: `type`, `value` or `call` and a number. */
export function linked(r: CReader, kind: string, name: string): Var {
  const [head = '', ...rest] = name.split('::');
  const alias = rest.length > 0 ? r.aliases.get(head) : undefined;
  const full = alias === undefined ? name : [alias, ...rest].join('::');
  const receiver = r.self === undefined || kind === 'type' ? '' : '^';
  return r.b.readAny(`${kind}${receiver} ${[r.space, ...r.usings].join(',')} ${full}`);
}

/** Keys under which a function is found: by each number of arguments it takes. */
export function callKeys(name: string, least: number, most: number): string[] {
  if (most > maxArguments) return [`${name}(*)`];
  return Array.from({ length: most - least + 1 }, (_, at) => `${name}(${least + at})`);
}

const maxArguments = 24;

export function inSpace(r: CReader, name: string): string {
  return r.space === '' ? name : `${r.space}::${name}`;
}
