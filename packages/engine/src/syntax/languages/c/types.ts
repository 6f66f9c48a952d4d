/** Types and declarators of C and C++: of which class a name is, and what pointers and containers hold. */
import type { Var } from '../../../model/code-facts.ts';
import { textTable } from '../../../model/text-table.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { type CReader, linked, nameText, operands } from './reader.ts';

/** Types that act as what they hold. */
const transparent = new Set(
  `unique_ptr shared_ptr weak_ptr optional reference_wrapper atomic scoped_ptr intrusive_ptr StatusOr observer_ptr not_null auto_ptr
  scoped_refptr future shared_future promise lock_guard`
    .trim()
    .split(/\s+/),
);
/** Which of their arguments containers hold. */
const holders = textTable<number>({
  ...Object.fromEntries(
    'vector list deque set unordered_set multiset array span initializer_list queue stack priority_queue forward_list flat_hash_set InlinedVector Span'
      .split(' ')
      .map((name) => [name, 0]),
  ),
  ...Object.fromEntries(
    'map unordered_map multimap flat_hash_map btree_map pair'.split(' ').map((name) => [name, 1]),
  ),
});

const functions = new Set(
  'function function_ref FunctionRef AnyInvocable move_only_function copyable_function'.split(' '),
);

/** The classes that a type may be, and the containers it makes: what `instance` takes. */
export function typeOf(r: CReader, node: PlainNode): Var {
  const { b } = r;
  switch (node.type) {
    case 'type_identifier':
    case 'namespace_identifier':
    case 'identifier': {
      const name = b.text(node);
      return b.mention(b.lookUp(name) === undefined ? linked(r, 'type', name) : b.readAny(name), node);
    }
    case 'qualified_identifier': {
      let last: PlainNode = node;
      while (last.type === 'qualified_identifier') last = childOf(last, 'name') ?? { ...last, type: '' };
      const known = last.type === 'template_type' ? templateType(r, last, nameText(r, node)) : undefined;
      return known ?? b.mention(linked(r, 'type', nameText(r, node)), last);
    }
    case 'template_type':
      return templateType(r, node, nameText(r, node));
    case 'struct_specifier':
    case 'class_specifier':
    case 'union_specifier':
    case 'enum_specifier': {
      const name = childOf(node, 'name');
      const isKnown = name === undefined && b.lookUp(`%type ${node.start}`) !== undefined;
      if (childOf(node, 'body') !== undefined && !isKnown) r.define(node);
      return name === undefined ? b.readAny(`%type ${node.start}`) : typeOf(r, name);
    }
    case 'type_descriptor':
    case 'dependent_type': {
      const inner = childOf(node, 'type') ?? operands(node)[0];
      return inner === undefined ? b.variable() : typeOf(r, inner);
    }
    default:
      return b.variable();
  }
}

function templateType(r: CReader, node: PlainNode, full: string): Var {
  const { b } = r;
  const name = full.split('::').at(-1) ?? full;
  const list = childOf(node, 'arguments');
  const args = list === undefined ? [] : operands(list);
  if (transparent.has(name) && args[0] !== undefined) return typeOf(r, args[0]);
  const at = holders[name];
  const held = at === undefined ? undefined : (args[at] ?? args[0]);
  if (held !== undefined) return containerOf(r, typeOf(r, held), node, name);
  if (functions.has(name)) return b.builtin('Function');
  return b.mention(linked(r, 'type', full), childOf(node, 'name') ?? node);
}

function containerOf(r: CReader, type: Var, node: PlainNode, name: string): Var {
  const { b } = r;
  const held = b.container(name);
  const item = b.variable();
  b.add({ op: 'instance', to: item, type });
  // The type counts only where nothing is known to have been put in.
  b.copy(item, b.getItem(held, undefined, node));
  b.setItem(held, undefined, item, node);
  return held;
}

export interface Declarator {
  readonly name: PlainNode | undefined;
  /** Of a function; undefined for anything else, also a pointer to one. */
  readonly parameters: PlainNode | undefined;
  readonly isPointer: boolean;
  readonly isArray: boolean;
  readonly function: PlainNode | undefined;
  /** `(*f)(int)`. */
  readonly isFunctionPointer: boolean;
}

/** Takes a declarator apart down to its name. */
export function readDeclarator(node: PlainNode | undefined): Declarator {
  let isPointer = false;
  let isArray = false;
  let isFunctionPointer = false;
  let fn: PlainNode | undefined;
  let at = node;
  while (at !== undefined && !isName(at)) {
    if (/(pointer|reference)_declarator$/.test(at.type)) {
      if (fn === undefined) isPointer = true;
      else isFunctionPointer = true;
      // `(*f)(int)`: a pointer, not a function.
      fn = undefined;
    } else if (/array_declarator$/.test(at.type)) isArray = true;
    else if (/function_declarator$/.test(at.type)) fn = at;
    at =
      childOf(at, 'declarator') ??
      operands(at).find(({ type }) => /declarator$|identifier$|_name$/.test(type));
  }
  const parameters = fn && childOf(fn, 'parameters');
  return { name: at, parameters, isPointer, isArray, function: fn, isFunctionPointer };
}

function isName({ type }: PlainNode): boolean {
  return !/^(.*(pointer|reference|array|function|parenthesized|init|attributed)_declarator|bitfield_clause)$/.test(
    type,
  );
}

/** Adds to `to` what a name declared so can be; an array is taken for its elements, a pointer for what it points to. */
export function addDeclared(r: CReader, type: PlainNode | undefined, declarator: Declarator, to: Var): void {
  const { b } = r;
  if (type === undefined || type.type === 'placeholder_type_specifier') return;
  if (declarator.isFunctionPointer) {
    b.add({ op: 'instance', to, type: b.builtin('Function'), isOnly: true });
    return;
  }
  if (isNumber(r, type)) {
    if (b.text(type) !== 'void') b.add({ op: 'instance', to, type: b.builtin('int'), isOnly: true });
    return;
  }
  const of = r.type(type);
  // In C nothing is below a struct: one instance stands for all.
  const isMade = r.language === 'c' || !declarator.isPointer;
  b.add({ op: 'instance', to, type: of, isOnly: true, ...(isMade && { isMade: true }) });
  if (isMade && r.language === 'c') return;
  // Containers are known by their types, whatever was put in.
  b.add({ op: 'instance', to, type: of });
}

const numbers =
  /^(u?int(_?(least|fast))?\d*_t|u?intptr_t|s?size_t|ssize_t|ptrdiff_t|time_t|off_t|pid_t|mode_t|uint|ulong|uchar|u_char|va_list|socklen_t)$/;

/** Numbers, and texts of C. */
export function isNumber(r: CReader, type: PlainNode): boolean {
  return (
    /^(primitive_type|sized_type_specifier)$/.test(type.type) ||
    (type.type === 'type_identifier' && numbers.test(r.b.text(type)))
  );
}

/** Parameters of a template: names of types that may be anything. */
export function declareParameters(r: CReader, node: PlainNode): void {
  const { b } = r;
  for (const parameter of childOf(node, 'parameters')?.children ?? []) {
    const name = parameter.children.find(({ type }) => type === 'type_identifier');
    if (name && parameter.type.endsWith('type_parameter_declaration'))
      b.copy(b.declare(b.text(name)).all, b.builtin('%parameter'));
  }
}
